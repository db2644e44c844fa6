"""The word by which somebody breaks the rest of another: kept by name, with a reason, and told."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from homeby.comms.actions.let_through import let_through
from homeby.logbook.actions import Book
from homeby.people.actions.rests import end_rest, rests_at
from homeby.people.queries.apart import read_as
from homeby.people.rules import Viewer
from homeby.readiness.models import RestOverride
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.watch.actions.notices import notify_of_hours

#: How the keys of appointments for the debrief begin, which come at their own hour.
DEBRIEF = "debrief:"


def break_rest(
    book: Book,
    person_id: uuid.UUID,
    *,
    by: Viewer,
    reason: str,
    until: dt.datetime | None = None,
    kind: str = kinds.REST_OVERRIDDEN,
    **entry: Any,
) -> None:
    """Keep by whose word what speaks against her counts no more; she hears of it. Messages reach
    her again at once, but where the duty or mission for which it is begins (`until`) after that
    rest. Who plans a mission and goes herself keeps it with her reason, and is told of nothing."""
    assert by.person_id is not None, "it is said by name"
    page = book.entry(
        kind,
        subject=f"person:{person_id}",
        person=person_id,
        facts={"reason": reason},
        **entry,
    )
    if person_id == by.person_id:
        return
    page.add(
        RestOverride(
            id=uuid.uuid4(), person_id=person_id, by_id=by.person_id, at=book.now, reason=reason
        )
    )
    if until is None or rests_at(person_id, until):
        end_rest(page, person_id)
        let_through(page, person_id, but=DEBRIEF)
    name = read_as([by.person_id]).to(person_id)[by.person_id]

    def words() -> tuple[str, str]:
        text = _("By %(who)s: %(why)s. It stands on your page, with the name.")
        planned = kind == kinds.PLAN_OVERRIDDEN
        what = _("You are planned though you rest then") if planned else _("Your rest was broken")
        return what, text % {"who": name, "why": reason}

    key = f"rest:{page.entry.entry_id}"
    notify_of_hours(page, [person_id], words, key=key, about="rest")
