"""What whoever picks a crew reads: who went with whom, who likes to, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.readiness.queries import pairing
from homeby.readiness.queries.duties import PersonLine
from homeby.readiness.rules import pairing as rules
from homeby.web.door import Door


def by_turn(
    door: Door, waiting: Sequence[PersonLine], stands: Callable[[PersonLine], str]
) -> list[tuple[str, str]]:
    """Those who could go as the choices of a field, whoever waited longest first."""
    if not waiting:
        return []
    lines = {one.row.person_id: one for one in waiting}
    last = pairing.together(door.viewer, list(lines), now=door.now).last
    here = instants.zone_info(door.zone)

    def turn(one: PersonLine) -> str:
        at = last.get(one.row.person_id)
        if at is None:
            return _("not out in the last half year")
        return _("last out %s") % instants.day(at.astimezone(here).date())

    return [
        (str(key), f"{lines[key].name}: {stands(lines[key])}, {turn(lines[key])}")
        for key in rules.by_turn(list(lines), last)
    ]


def context(door: Door, there: Sequence[PersonLine]) -> dict[str, Any]:
    """Who went together and who likes to, of those who are on it or were asked, in sentences."""
    found = pairing.together(door.viewer, [one.row.person_id for one in there], now=door.now)
    went, wishes = pairing.said(door.viewer, found)
    return {"went": went, "wishes": wishes}
