"""The people of a duty as its page shows them."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from homeby.people import queries as people
from homeby.readiness.queries.duties import DutyLine, PersonLine
from homeby.readiness.queries.duty_rest import said_of
from homeby.readiness.rules.duty_planning import stood_down_as
from homeby.web import words
from homeby.web.door import Door
from homeby.web.duties import said


def _seat(row: Any) -> str:
    """What she is there, and what her seat needs."""
    if row.seat is None:
        return ""
    return ", ".join(part for part in (row.seat.role, " + ".join(row.seat.needs)) if part)


def _approved(approvals: dict[uuid.UUID, Any], one: PersonLine) -> dict[str, str]:
    """By whose word a minor is on it, for whoever plans it."""
    found = approvals.get(one.row.person_id)
    if found is None:
        return {"approved": ""}
    by = people.names([found.by_id]).get(found.by_id, "?")
    return {"approved": _("approved by %(who)s: %(why)s") % {"who": by, "why": found.reason}}


def people_shown(
    door: Door,
    line: DutyLine,
    there: list[PersonLine],
    *,
    plans: bool,
    approvals: dict[uuid.UUID, Any],
) -> list[dict[str, Any]]:
    """Everybody of it; for whoever plans it with what speaks against each one's being on it."""
    is_open = plans and line.duty.cancelled_at is None
    rests = said_of(door.viewer, line.duty, now=door.now) if is_open else {}
    return [
        _person(one) | _approved(approvals, one) | {"rests": rests.get(one.row.person_id, ())}
        for one in there
    ]


def _person(one: PersonLine) -> dict[str, Any]:
    row = one.row
    stood_down = stood_down_as(row.stood_down_why)
    return {
        "line": one,
        "row": row,
        "seat": _seat(row),
        "answer": words.word(said.ANSWERS, one.answer) if one.answer else "",
        "by_other": row.answered_by_id is not None and row.answered_by_id != row.person_id,
        "not_picked": words.word(said.NOT_PICKED, row.not_picked) if row.not_picked else "",
        "stood_down": words.word(said.STOOD_DOWN, stood_down) if stood_down else "",
        "attended": words.word(said.ATTENDED, one.attended) if one.attended else "",
    }
