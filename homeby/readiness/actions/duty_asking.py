"""People are asked for a duty and answer; being asked is an entry with a receipt: when it was said,
when it was seen, what was answered, and who entered it."""

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
from homeby.readiness.actions.duty_minors import how_lifted
from homeby.readiness.actions.duty_starts import wait_no_more
from homeby.readiness.actions.duty_words import tell_asked, tell_planner
from homeby.readiness.models import Duty, DutyDecision, DutyPerson, DutySeat
from homeby.readiness.queries.duty_pool import holders_of_all
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.queries.special_units import people_of
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import DutyAnswer, StoodDown
from homeby.readiness.rules.duty_seats import needs_key
from homeby.readiness.rules.whose import Whose


@logbook.once
def ask(
    *, duty_id: uuid.UUID, person_ids: Sequence[uuid.UUID], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Ask people whether they come; without anybody named the whole team, but
    for minors whose limits speak against it. Those who were asked
    before are not asked twice; whoever is asked once the crew was picked is a reserve. Raises
    Refused."""
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        if duty.ends_at <= now:
            raise Refused(_("This duty is over."))
        known = people_of(by, duty.whose if duty.unit_id or not person_ids else Whose())
        wanted = [key for key in (person_ids or known) if key in set(known)]
        before = set(DutyPerson.objects.filter(duty=duty).values_list("person_id", flat=True))
        asked = [key for key in dict.fromkeys(wanted) if key not in before][: rules.ASKED_MAX]
        young = against_duty(duty, asked, with_others=False)
        if young and person_ids:
            said = [sentence for several in young.values() for sentence in several]
            raise Refused(people=" ".join([*said, how_lifted()]))
        asked = [key for key in asked if key not in young]  # of a whole team the others are asked
        if not asked:
            raise Refused(people=_("Everybody whom you named was asked already; name others."))
        answer = _("Asked: %d.") % len(asked)
        page = book.entry(
            rules.DUTY_ASKED,
            subject=duty.ref,
            person=asked[0] if len(asked) == 1 else None,
            facts={"asked": asked},
            tap=tap,
            answer=answer,
        )
        picked = DutyDecision.objects.filter(duty=duty, kind="CREW").exists()
        keep_decision(page, duty, "ASKED", facts={"asked": [str(key) for key in asked]})
        for key in asked:
            page.add(
                DutyPerson(
                    id=uuid.uuid4(),
                    duty=duty,
                    person_id=key,
                    asked_at=now,
                    asked_by_id=by.person_id,
                    is_reserve=picked,
                    told_frame=duty.frame,
                    told_at=now,
                )
            )
        tell_asked(page, duty, [key for key in asked if key != by.person_id])
    return answer


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer, and what should be known with it."""

    answer: DutyAnswer
    note: str = ""


@logbook.once
def answer(
    *,
    duty_id: uuid.UUID,
    said: Said,
    person_id: uuid.UUID | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Say whether one comes; or, for whoever plans it, what somebody has told her (`person_id`),
    which is kept as entered by her. It answers for the time that the duty has now. Raises
    Refused."""
    who = person_id or by.person_id
    with at_duty(duty_id, by, now, plans=False) as (book, duty):
        if who != by.person_id and not plans_it(by, duty):
            raise Refused(_("Only she herself answers, or whoever plans the duty for her."))
        one_by_one([who])
        row = row_of(duty, who)
        if row is None or who in by.apart:
            raise Refused(_("She was not asked for this duty."))
        if duty.ends_at <= now:
            raise Refused(_("This duty is over."))
        is_own = who == by.person_id
        can = said.answer is DutyAnswer.YES
        own = _("Kept: you can come.") if can else _("Kept: you cannot come.")
        answer = own if is_own else _("Kept, as entered by you.")
        page = book.entry(
            rules.DUTY_ANSWERED,
            subject=duty.ref,
            person=who,
            facts={"answer": said.answer, "note": said.note.strip()[: rules.NOTE_MAX]},
            tap=tap,
            answer=answer,
        )
        values = {
            "answer": said.answer,
            "answered_at": now,
            "answered_frame": duty.frame,
            "answered_by_id": by.person_id,
            "note": said.note.strip()[: rules.NOTE_MAX],
        }
        if is_own:
            values |= {"seen_frame": duty.frame, "seen_at": now}
        page.change(row, **values)
        _settle(page, duty, row, said.answer, is_own=is_own)
    return answer


def _settle(page: Page, duty: Duty, row: DutyPerson, said: DutyAnswer, *, is_own: bool) -> None:
    """What an answer changes by itself: whoever cannot come is off it; where there are no seats
    to share out, whoever can is on it."""
    if said is DutyAnswer.NO and row.is_on:
        page.change(
            row,
            seat_id=None,
            stood_down_at=page.book.now,
            stood_down_by_id=page.book.by,
            stood_down_why=StoodDown.OWN_WISH if is_own else StoodDown.OTHER,
        )
        wait_no_more(page, row)
        tell_planner(page, duty)
    has_seats = DutySeat.objects.filter(duty=duty).exists()
    joins = said is DutyAnswer.YES and not has_seats and not row.is_on
    if joins and may_be_on(duty, row.person_id, seat=None, now=page.book.now):
        put_on(page, duty, row.person_id, seat=None, said=None)


@logbook.once
def sign_up(*, duty_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Sign up for a duty that is open: whoever fits has a seat at once. Raises Refused."""
    with at_duty(duty_id, by, now, plans=False) as (book, duty):
        if by.person_id is None:
            raise Refused(_("Log in first."))
        if not duty.is_open or duty.starts_at <= now:
            raise Refused(_("Nobody signs up for this duty herself; ask whoever plans it."))
        one_by_one([by.person_id])
        row = DutyPerson.objects.filter(duty=duty, person_id=by.person_id).first()
        if row is not None and row.is_on:
            raise Refused(_("You are on it already."))
        has_room, seat = free_seat(duty, by.person_id)
        if not has_room or not may_be_on(duty, by.person_id, seat=seat, now=now):
            raise Refused(_("No seat here is open for you; ask whoever plans it."))
        answer = _("You are on it. If you cannot come after all, say so here.")
        page = book.entry(
            rules.DUTY_ANSWERED,
            subject=duty.ref,
            person=by.person_id,
            facts={"answer": DutyAnswer.YES, "signed_up": True},
            tap=tap,
            answer=answer,
        )
        put_on(page, duty, by.person_id, seat=seat, said=DutyAnswer.YES)
    return answer


def free_seat(duty: Duty, person_id: uuid.UUID) -> tuple[bool, DutySeat | None]:
    """Whether there is room for her, and the seat, the narrowest first; where there are no seats at
    all there is always room."""
    seats = list(DutySeat.objects.filter(duty=duty).order_by("number"))
    if not seats:
        return True, None
    free = DutySeat.objects.filter(duty=duty, taken__isnull=True, is_fixed=False)
    found = {row.pk: row for row in free.order_by("number")}
    known: dict[str, frozenset[uuid.UUID] | None] = {}
    for row in sorted(found.values(), key=lambda one: -len(one.needs)):
        name = needs_key(row.needs)
        if name not in known:
            known[name] = holders_of_all(
                row.needs, [person_id], at=duty.starts_at, until=duty.ends_at
            )
        who = known[name]
        if who is None or person_id in who:
            return True, row
    return False, None
