"""A duty that has closed as an activity of its team: each time it was given, who was invited, who
went."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.readiness.queries.decisions import (
    Became,
    ClosedDuty,
    Concerned,
    Decision,
    SeatThen,
)
from homeby.readiness.rules.duty_planning import Against, DutyAnswer, StoodDown
from homeby.welfare.queries.calendars import Calendars
from homeby.welfare.queries.people_then import PeopleThen
from homeby.welfare.rules.activities import Candidate, Choice, ClosedActivity, FrameSet, Seat

_FRAME, _CREW = "FRAME", "CREW"


def duty_as_activity(
    duty: ClosedDuty,
    *,
    people: PeopleThen,
    calendars: Calendars,
    group: str,
    group_closes_at: dt.datetime,
) -> ClosedActivity:
    """One duty by what each decision about it saw, and by what became of whom."""
    frames = [one for one in duty.decisions if one.kind == _FRAME]
    crews = [one for one in duty.decisions if one.kind == _CREW]
    mentees = None
    if duty.mentor_id is not None:
        mentees = people.mentees(duty.mentor_id, at=duty.starts_at)
    planned_by = {duty.planned_by, *(one.by for one in duty.decisions)} - {None}
    return ClosedActivity(
        key=f"duty:{duty.duty_id}",
        kind=duty.kind,
        begins=duty.starts_at,
        closed_at=duty.closed_at,
        candidates=_candidates(duty, frames, crews, people),
        frames=tuple(_frame(duty, one, calendars) for one in frames if one.time_is_free),
        choice=_choice(duty, crews),
        planned_by=frozenset(map(str, planned_by)),
        group=group,
        group_closes_at=group_closes_at,
        mentees=mentees,
    )


def _frame(duty: ClosedDuty, one: Decision, calendars: Calendars) -> FrameSet:
    """A time that was chosen freely. Who could not come by what was noted then is not able,
    whatever was changed since."""
    asks = _asks(one)
    week = calendars.week(duty, one)
    return FrameSet(
        set_at=one.at,
        begins=one.starts_at,
        ends=one.ends_at,
        zone=one.zone,
        needs=one.needs,
        rank_place=one.rank_place,
        taken=week.taken,
        holds=week.holds,
        ranks=week.ranks,
        unable=frozenset(
            str(each.person_id) for each in one.pool if _has_else(each) or (asks and not each.fits)
        ),
    )


def _asks(one: Decision) -> bool:
    """Whether it asks something of everybody: who does not have that is asked nothing less."""
    return bool(one.needs) or one.rank_place is not None


def _has_else(one: Concerned) -> bool:
    return one.against not in ("", Against.LEAVE)


def _candidates(
    duty: ClosedDuty, frames: list[Decision], crews: list[Decision], people: PeopleThen
) -> tuple[Candidate, ...]:
    last = {one.person_id: one for one in frames[-1].pool} if frames else {}
    asks = bool(frames) and _asks(frames[-1])
    became = {one.person_id: one for one in duty.people}
    since = people.members(duty.team_id, at=duty.starts_at)
    found = []
    for key in sorted({*last, *became, *(one.person_id for crew in crews for one in crew.pool)}):
        then, now = last.get(key), became.get(key)
        is_hurt = people.is_hurt(key, begins=duty.starts_at, ends=duty.ends_at)
        is_barred = then is not None and not then.fits and not asks
        found.append(
            Candidate(
                who=str(key),
                is_member=key in since,
                since=since.get(key),
                fits=then is None or then.fits,
                away=is_hurt or is_barred or (then is not None and then.against == Against.LEAVE),
                has_else=then is not None and _has_else(then),
                available=_available(key, now, duty),
                invited_at=now.asked_at if now else None,
                is_reserve=now is not None and now.is_reserve,
                refused=now is not None and _is_own_no(now),
                left=now is not None and now.in_crew,
                excused=now is not None and _is_excused(now),
            )
        )
    return tuple(found)


def _available(key: uuid.UUID, now: Became | None, duty: ClosedDuty) -> bool | None:
    """Whether she could be chosen, by what was noted while a seat was still open. A no that another
    entered for her takes nothing back that she has said herself."""
    others_no = now is not None and now.answer == DutyAnswer.NO and not _is_own_no(now)
    asked = duty.decisions if others_no else [one for one in duty.decisions if _has_open(one)]
    known = [one.available for each in asked for one in each.pool if one.person_id == key]
    if True in known:
        return True
    return False if False in known else None


def _has_open(one: Decision) -> bool:
    return one.kind == _CREW and (not one.seats or any(seat.is_open for seat in one.seats))


def _is_own_no(now: Became) -> bool:
    return now.answer == DutyAnswer.NO and now.answered_by == now.person_id


def _is_excused(now: Became) -> bool:
    """Taken off it for what is no choice of whoever plans: her own wish counts by her own word."""
    if now.stood_down == StoodDown.OWN_WISH:
        return now.stood_down_by == now.person_id
    return now.stood_down in (StoodDown.NOT_BEFORE, StoodDown.LAPSED)


def _choice(duty: ClosedDuty, crews: list[Decision]) -> Choice | None:
    """Who was chosen, for which seats, by whom; None where everybody who wanted came."""
    if not crews:
        return None
    open_seats: dict[int, Seat] = {}
    for crew in crews:
        for seat in crew.seats:
            if seat.is_open:
                open_seats[seat.number] = _seat(seat, open_seats.get(seat.number))
    by_office = {one.number for one in duty.seats if one.is_fixed}
    return Choice(
        seats=tuple(open_seats[number] for number in sorted(open_seats)),
        fixed=frozenset(str(one.person_id) for one in duty.people if one.seat in by_office),
        not_drawn=frozenset(str(one.by) for one in crews if one.by is not None),
    )


def _seat(seat: SeatThen, before: Seat | None) -> Seat:
    """A seat that was open at a pick, and perhaps at one before: whoever held what it needs at one
    of them could have had it."""
    needs = "+".join(one for one in (seat.position, *seat.also) if one)
    if seat.fits is None or (before is not None and before.eligible is None):
        return Seat(needs=needs)
    earlier = frozenset() if before is None else before.eligible or frozenset()
    return Seat(needs=needs, eligible=frozenset(map(str, seat.fits)) | earlier)
