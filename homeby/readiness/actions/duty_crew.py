"""Who goes on a duty, who is stood down, who came. Whoever picks gives one reason for all who could
have come and do not: one tap, and no other."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_acts import (
    at_duty,
    keep_decision,
    may_be_on,
    one_by_one,
    plans_it,
    put_on,
    row_of,
)
from homeby.readiness.actions.duty_minors import adults_first
from homeby.readiness.actions.duty_refusals import refused_pick, refused_seat
from homeby.readiness.actions.duty_rest import take_on
from homeby.readiness.actions.duty_starts import started, wait_no_more
from homeby.readiness.actions.duty_words import (
    tell_not_picked,
    tell_on,
    tell_planner,
    tell_stood_down,
)
from homeby.readiness.models import Duty, DutyPerson, DutySeat
from homeby.readiness.queries.duty_pool import fitting, holders_of_all, seats_as_facts
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, NotPicked, StoodDown
from homeby.readiness.rules.duty_seats import needs_key

#: So long before it begins somebody may be there.
EARLY = dt.timedelta(hours=2)


@dataclass(frozen=True, kw_only=True)
class PickFields:
    """Who goes; why the others who said yes do not, for all of them (`not_picked`); and, where the
    rest or the health of somebody speaks against it, the reason for which it is overridden."""

    person_ids: Sequence[uuid.UUID]
    not_picked: NotPicked | None = None
    override: str = ""


@logbook.once
def pick(*, duty_id: uuid.UUID, fields: PickFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Decide who of those who were asked goes, beside those who do already. Raises Refused."""
    not_picked = fields.not_picked
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        rows = {row.person_id: row for row in DutyPerson.objects.filter(duty=duty)}
        keys = dict.fromkeys(fields.person_ids)
        one_by_one(keys)
        wanted = [key for key in keys if key in rows and not rows[key].is_on]
        others = [
            row
            for key, row in rows.items()
            if row.answer == DutyAnswer.YES
            and row.answered_frame == duty.frame
            and key not in wanted
            and row.picked_at is None
            and not row.not_picked
        ]
        if not wanted and not others:
            raise Refused(people=_("Choose who goes: nobody else was asked or said yes."))
        if others and not_picked is None:
            raise Refused(not_picked=_("Say why the others who said yes do not go: one tap."))
        answer = _("Kept: %d more are on it.") % len(wanted)
        page = book.entry(
            rules.DUTY_PICKED,
            subject=duty.ref,
            facts={"picked": wanted, "reason": not_picked},
            tap=tap,
            answer=answer,
        )
        _keep_crew(page, duty, rows, wanted, others, not_picked)
        seats = _seats_for(duty, wanted)
        if fields.override.strip():
            take_on(page, duty, wanted, by=by, reason=fields.override)
        for key in adults_first(wanted, duty):  # a minor is judged beside all who go
            if not may_be_on(duty, key, seat=seats.get(key), now=now) or key in by.apart:
                raise refused_pick(duty, key, by, now)
            put_on(page, duty, key, seat=seats.get(key), said=None)
        tell_on(page, duty, [key for key in wanted if key != by.person_id])
        _not_picked(page, duty, others, not_picked)
    return answer


def _keep_crew(
    page: Page,
    duty: Duty,
    rows: dict[uuid.UUID, DutyPerson],
    wanted: Sequence[uuid.UUID],
    others: Sequence[DutyPerson],
    reason: NotPicked | None,
) -> None:
    facts = {
        "picked": [str(key) for key in wanted],
        "on": [str(key) for key, row in rows.items() if row.is_on],
        "not_picked": [str(row.person_id) for row in others],
        "reason": str(reason or ""),
        "seats": seats_as_facts(duty),
    }
    keep_decision(page, duty, "CREW", facts=facts)


def _seats_for(duty: Duty, wanted: Sequence[uuid.UUID]) -> dict[uuid.UUID, DutySeat]:
    """The seats of those who are to go, the scarcest first. Raises Refused for whoever finds
    none."""
    if not DutySeat.objects.filter(duty=duty).exists():
        return {}
    free = DutySeat.objects.filter(duty=duty, taken__isnull=True, is_fixed=False)
    rows = {row.pk: row for row in free}
    needs = {key: needs_key(row.needs) for key, row in rows.items()}
    known = {
        needs_key(row.needs): holders_of_all(
            row.needs, wanted, at=duty.starts_at, until=duty.ends_at
        )
        for row in rows.values()
    }
    fit = fitting(duty, wanted)
    found = rules.seated([key for key in wanted if key in fit], needs, known)
    for key in wanted:
        if key not in found:
            raise refused_seat(key)
    return {key: rows[seat] for key, seat in found.items()}


def _not_picked(
    page: Page, duty: Duty, others: Sequence[DutyPerson], reason: NotPicked | None
) -> None:
    if reason is None:
        return
    for row in others:
        page.change(row, not_picked=reason)
    to = [row.person_id for row in others if row.person_id != page.book.by]
    tell_not_picked(page, duty, to, reason=reason)


@logbook.once
def stand_down(
    *,
    duty_id: uuid.UUID,
    person_id: uuid.UUID,
    why: StoodDown,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Take somebody off a duty, with a reason; she hears of it. Raises Refused."""
    answer = _("She is off it, and is told.")
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        row = _on(duty, person_id, by)
        page = book.entry(
            rules.DUTY_STOOD_DOWN,
            subject=duty.ref,
            person=person_id,
            facts={"why": why},
            tap=tap,
            answer=answer,
        )
        page.change(
            row,
            seat_id=None,
            stood_down_at=now,
            stood_down_by_id=by.person_id,
            stood_down_why=why,
        )
        wait_no_more(page, row)
        if person_id != by.person_id:
            tell_stood_down(page, duty, [person_id], reason=why)
    return answer


@logbook.once
def attend(
    *,
    duty_id: uuid.UUID,
    how: Attended,
    person_id: uuid.UUID | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Record whether somebody is there: herself "I am here", or whoever plans it, or another who is
    on it. Only whoever plans it excuses somebody, or takes back that she came. Raises Refused."""
    who = person_id or by.person_id
    with at_duty(duty_id, by, now, plans=False) as (book, duty):
        row = _on(duty, who, by)
        _may_say(duty, row, how, by=by, now=now)
        answer = _("Kept: you are here.") if who == by.person_id else _("Kept.")
        page = book.entry(
            rules.DUTY_ATTENDED,
            subject=duty.ref,
            person=who,
            facts={"how": how},
            tap=tap,
            answer=answer,
        )
        note_attended(page, row, how)
        if how is Attended.NOT_THERE:
            tell_planner(page, duty)
    return answer


def _may_say(duty: Duty, row: DutyPerson, how: Attended, *, by: Viewer, now: dt.datetime) -> None:
    """Whether somebody may say this of her now. Raises Refused."""
    plans = plans_it(by, duty)
    if row.person_id == by.person_id and how is not Attended.CAME:
        raise Refused(how=_("Of yourself say only that you are here; another says the rest."))
    if row.person_id != by.person_id and not (plans or _is_on(duty, by.person_id)):
        raise Refused(_("Whoever is on the duty says that, or whoever plans it."))
    if not plans and (how is Attended.EXCUSED or Attended.CAME == row.attended != how):
        raise Refused(how=_("Whoever plans the duty says that."))
    if now < duty.starts_at - (dt.timedelta(0) if how is Attended.NOT_THERE else EARLY):
        raise Refused(_("It is too early: the duty has not begun."))


def note_attended(page: Page, row: DutyPerson, how: Attended) -> None:
    """Whether she is there, as far as anybody knows now. That nobody sees her is no sign of her:
    the watch waits on."""
    page.change(row, attended=how, attended_at=page.book.now, attended_by_id=page.book.by)
    if how is not Attended.NOT_THERE:
        started(page, row)


def _is_on(duty: Duty, person_id: uuid.UUID | None) -> bool:
    row = row_of(duty, person_id)
    return row is not None and row.is_on


def _on(duty: Duty, person_id: uuid.UUID | None, by: Viewer) -> DutyPerson:
    row = row_of(duty, person_id)
    if row is None or not row.is_on or person_id in by.apart:
        raise Refused(_("She is not on this duty."))
    return row
