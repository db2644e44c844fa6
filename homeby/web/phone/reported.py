"""The first reports of a mission on its page. Whether she is hurt is for her and her medics."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.logbook.reading import ReadKind, opened
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import Hurt
from homeby.readiness.queries.injuries import may_read_of
from homeby.web import words
from homeby.web.door import Door

HURT_WORDS: words.Words = {
    Hurt.YES: gettext_lazy("hurt"),
    Hurt.NO: gettext_lazy("not hurt"),
    Hurt.WILL_NOT_SAY: gettext_lazy("will not say whether hurt"),
}
#: What whoever is no medic of theirs reads of it.
HURT_UNSAID = gettext_lazy("has said whether hurt")


def reports(door: Door, sheet: Sheet) -> list[dict[str, Any]]:
    """The first reports of a mission and what was added to them, each with its lines."""
    names = {m.person_id: m.person.shown_as for m in sheet.party}
    may_read = may_read_of(door.viewer, names)
    found = []
    for one in sheet.reports:
        whose = one.person_id
        opened(ReadKind.REPORT, what=f"{sheet.mission.ref}/{whose}", whose=whose)
        said = [
            (_("urgent"), one.urgent),
            (_("still out there"), one.still_out),
            (_("danger to others"), one.danger),
            (_("kit missing"), one.kit_missing),
        ]
        lines = [f"{label}: {text}" for label, text in said if text]
        hurt = words.word(HURT_WORDS, one.hurt) if whose in may_read else str(HURT_UNSAID)
        found.append(
            {
                "label": names.get(one.person_id, "?"),
                "is_added": one.amends_id is not None,
                "add_url": reverse("mission-report", args=[sheet.mission.pk, one.person_id])
                if one.amends_id is None
                and (
                    door.viewer.watches(sheet.mission.team_id)
                    or one.person_id == door.viewer.person_id
                )
                else "",
                "at": one.given_at,
                "lines": [hurt, *lines],
            }
        )
    return found
