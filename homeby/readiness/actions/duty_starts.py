"""The start of a shift is a deadline of the watch: whoever is on it taps that she is there, or
takes over; else whoever plans it hears of it, and then the watch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeby.logbook.actions import Page
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.readiness.models import Duty, DutyPerson
from homeby.readiness.rules.duty_planning import Attended, DutyType
from homeby.watch.actions.acts import (
    LONGEST,
    ActDue,
    act_done,
    await_act,
    drop_act,
    name_responsible,
)

WANTED = gettext_noop("%(who)s begins a shift: she says under My duties that she is there.")
#: So long after its start the watch hears of a shift that nobody has begun.
GRACE = dt.timedelta(minutes=30)


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What another room does about a start: `begins` waits for her to be looked for, `over` no
    more (True: it is known where she is). Both are called within the entry of the change."""

    begins: Callable[[Page, Duty, DutyPerson], None]
    over: Callable[[Page, uuid.UUID, bool], None]


_looking: list[Looking] = []


def look_by(looking: Looking) -> None:
    """Have these called from now on; of a process that starts."""
    _looking.append(looking)


def _over(page: Page, row: DutyPerson, *, is_known: bool = False) -> None:
    for one in _looking:
        one.over(page, row.pk, is_known)


def _ref(row: DutyPerson) -> str:
    return f"duty:{row.pk}"


def _by(page: Page, row: DutyPerson) -> uuid.UUID:
    return page.book.by or row.person_id


def await_start(page: Page, duty: Duty, row: DutyPerson) -> None:
    """Wait for her from now on, or by the new time; only a shift that is still to come is."""
    now = page.book.now
    if duty.kind != DutyType.SHIFT or row.attended in (Attended.CAME, Attended.EXCUSED):
        return
    if not now < duty.starts_at <= now + LONGEST:
        drop_act(page, _ref(row), by=_by(page, row), why=_("The shift has another time."))
        _over(page, row)
        return
    act = ActDue(
        ref=_ref(row),
        person_id=row.person_id,
        title=people.names([row.person_id]).get(row.person_id, "?"),
        wanted=WANTED,
        due_at=duty.starts_at,
        responsible=[duty.planned_by_id or Role.DUTY_OFFICER],
        zone=duty.zone,
        grace=GRACE,
        team_id=duty.team_id,
    )
    await_act(page, act, by=_by(page, row), why=_("The shift has another time."))
    for one in _looking:
        one.begins(page, duty, row)


def planned_by(page: Page, row: DutyPerson, who: uuid.UUID) -> None:
    """Somebody else plans her shift from now on, and hears where she does not begin it."""
    name_responsible(page, _ref(row), [who])


def started(page: Page, row: DutyPerson) -> None:
    """Whether she is there is known: nothing is waited for any more."""
    act_done(page.book, _ref(row), by=_by(page, row), how=_("It is known who is there."))
    _over(page, row, is_known=True)


def wait_no_more(page: Page, row: DutyPerson) -> None:
    """She is off it, or it was called off."""
    drop_act(page, _ref(row), by=_by(page, row), why=_("She is no longer on this shift."))
    _over(page, row)
