"""A duty goes from one person to another: offered by whoever is on it, taken by whoever wants it.
Both have said so themselves; at a hand-over a note goes with it, and taking it is being there."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.queries.apart import read_as
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_acts import (
    at_duty,
    may_be_on,
    not_possible,
    one_by_one,
    put_on,
    row_of,
)
from homeby.readiness.actions.duty_crew import EARLY, note_attended
from homeby.readiness.actions.duty_starts import wait_no_more
from homeby.readiness.actions.duty_words import tell_offered, tell_planner, tell_settled
from homeby.readiness.models import Duty, DutyPerson, DutySeat, DutySwap
from homeby.readiness.queries.times_taken import taken
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import Against, Attended, DutyAnswer, StoodDown

#: So far before and after a hand-over whoever takes over may have a shift of her own.
NEAR = dt.timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class OfferFields:
    """To whom, for which of her duties (None: for none), and what she should know."""

    to_id: uuid.UUID
    for_duty_id: uuid.UUID | None = None
    is_hand_over: bool = False
    note: str = ""


@logbook.once
def offer(
    *, duty_id: uuid.UUID, fields: OfferFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Offer one's duty to another, for nothing or for one of hers; or hand over while it lasts. It
    changes nothing until she takes it. Raises Refused."""
    with at_duty(duty_id, by, now, plans=False) as (book, duty):
        mine = _on(duty, by.person_id)
        other = people.person(by, fields.to_id)
        if mine is None or duty.ends_at <= now:
            raise Refused(_("You are not on this duty, or it is over."))
        if other is None or fields.to_id == by.person_id:
            raise Refused(to=_("Choose who should take it."))
        if fields.is_hand_over and now < duty.starts_at - EARLY:
            raise Refused(_("It is too early: the duty has not begun."))
        if not fields.is_hand_over and now >= duty.starts_at:
            raise Refused(_("It has begun: hand it over instead."))
        if fields.for_duty_id is not None and not _is_hers(
            fields.for_duty_id, fields.to_id, by, now
        ):
            raise Refused(for_duty=_("She is not on that duty any more."))
        offers = DutySwap.objects.filter(duty=duty, from_person=mine.person_id, ended_at=None)
        if offers.exists():
            raise Refused(_("You have offered it already; take that back first."))
        answer = _("Asked. It stays yours until she takes it.")
        page = book.entry(
            rules.DUTY_OFFERED,
            subject=duty.ref,
            person=fields.to_id,
            facts={"for": fields.for_duty_id, "hand_over": fields.is_hand_over},
            tap=tap,
            answer=answer,
        )
        page.add(
            DutySwap(
                id=tap.entry_id,
                duty=duty,
                from_person_id=mine.person_id,
                to_person_id=fields.to_id,
                for_duty_id=fields.for_duty_id,
                is_hand_over=fields.is_hand_over,
                note=fields.note.strip()[: rules.NOTE_MAX],
                offered_at=now,
            )
        )
        called = read_as([mine.person_id]).to(fields.to_id)[mine.person_id]
        tell_offered(page, duty, fields.to_id, by_name=called, is_hand_over=fields.is_hand_over)
    return answer


def _on(duty: Duty, person_id: uuid.UUID | None) -> DutyPerson | None:
    row = row_of(duty, person_id)
    return row if row is not None and row.is_on else None


def _is_hers(duty_id: uuid.UUID, person_id: uuid.UUID, by: Viewer, now: dt.datetime) -> bool:
    duty = Duty.objects.filter(pk=duty_id, cancelled_at__isnull=True, starts_at__gt=now).first()
    return duty is not None and _on(duty, person_id) is not None


@logbook.once
def settle(*, swap_id: uuid.UUID, takes: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take what another offers, or not; whoever offered it takes it back the same way. What stands
    against a seat is judged now. Raises Refused."""
    found = DutySwap.objects.filter(pk=swap_id, ended_at__isnull=True).first()
    me = by.person_id
    if found is None or me is None or me not in (found.from_person_id, found.to_person_id):
        raise Refused(_("This offer is no longer open."))
    if takes and me != found.to_person_id:
        raise Refused(_("Whoever it is offered to takes it."))
    # Two swaps that cross would each wait for the duty of the other: both are locked in one order.
    also = [found.for_duty_id] if takes and found.for_duty_id is not None else []
    with at_duty(found.duty_id, by, now, plans=False, also=also) as (book, duty):
        row = DutySwap.objects.select_for_update().filter(pk=swap_id, ended_at=None).first()
        if row is None:
            raise Refused(_("This offer is no longer open."))
        if takes:
            one_by_one([row.from_person_id, row.to_person_id])
        answer = _("It is yours now.") if takes else _("Kept: it stays as it was.")
        page = book.entry(
            rules.DUTY_PASSED if takes else rules.DUTY_KEPT,
            subject=duty.ref,
            person=row.from_person_id,
            tap=tap,
            answer=answer,
        )
        if takes:
            _pass(page, duty, row)
        page.change(row, ended_at=now, is_taken=takes)
        other = row.from_person_id if me == row.to_person_id else row.to_person_id
        if takes or me == row.to_person_id:
            tell_settled(page, duty, other, is_taken=takes)
        if takes and not row.is_hand_over:
            tell_planner(page, duty)
    return answer


def _pass(page: Page, duty: Duty, swap: DutySwap) -> None:
    """Carry out what both want. Raises Refused."""
    giver = _on(duty, swap.from_person_id)
    if giver is None or duty.ends_at <= page.book.now:
        raise not_possible()
    if swap.is_hand_over:
        _take_over(page, duty, giver, swap.to_person_id)
        return
    wanted = swap.for_duty_id
    other = Duty.objects.select_for_update().filter(pk=wanted).first() if wanted else None
    theirs = _on(other, swap.to_person_id) if other is not None else None
    if swap.for_duty_id is not None and (
        other is None or theirs is None or other.cancelled_at or other.starts_at <= page.book.now
    ):
        raise not_possible()
    seat = _leave(page, giver)
    back = _leave(page, theirs) if theirs is not None else None
    _join(page, duty, swap.to_person_id, seat)
    if other is not None:
        _join(page, other, swap.from_person_id, back)


def _leave(page: Page, row: DutyPerson) -> DutySeat | None:
    seat = row.seat
    page.change(
        row,
        seat_id=None,
        stood_down_at=page.book.now,
        stood_down_by_id=row.person_id,
        stood_down_why=StoodDown.OWN_WISH,
    )
    wait_no_more(page, row)
    return seat


def _join(page: Page, duty: Duty, person_id: uuid.UUID, seat: DutySeat | None) -> None:
    """Put her into the seat of another, if nothing stands against it: all is said alike."""
    found = taken([person_id], begins=duty.starts_at, ends=duty.ends_at).get(person_id, ())
    has_else = any(one.what in (Against.DUTY, Against.MISSION) for one in found)
    if has_else:
        raise not_possible()
    put_on(page, duty, person_id, seat=seat, said=DutyAnswer.YES)


def _take_over(page: Page, duty: Duty, giver: DutyPerson, person_id: uuid.UUID) -> None:
    """At a hand-over the one has been there, and the other is: on a shift of her own, or on what
    is left of this one."""
    note_attended(page, giver, Attended.CAME)
    now = page.book.now
    own = DutyPerson.objects.filter(
        person_id=person_id,
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__starts_at__range=(now - NEAR, now + NEAR),
        duty__ends_at__gt=now,
    )
    row = own.order_by("duty__starts_at").first()
    if row is None:
        if not may_be_on(duty, person_id, seat=giver.seat, now=now):
            raise not_possible()
        row = put_on(page, duty, person_id, seat=None, said=DutyAnswer.YES)
    note_attended(page, row, Attended.CAME)
