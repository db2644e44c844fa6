"""What an activity says of each member: whether each decision about it went well for her, and how
likely that was by an even hand. In the order of the decisions: time, invitation, telling, crew.
Pure. Source: `LEFTOUT.md` 2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from homeby.welfare.rules import chances
from homeby.welfare.rules.activities import Candidate, ClosedActivity, Who
from homeby.welfare.rules.chances import Frame, Lottery, Seats, Told
from homeby.welfare.rules.evidence import Channel
from homeby.welfare.rules.memory import Memory, Slot, Week, slot_of


@dataclass(frozen=True, kw_only=True)
class Fact:
    """A fact of one member: whether it went well, the fair chance of that, and the same as her own
    past makes it (`usual`). `even`: the chance without habits, by which the past is kept."""

    channel: Channel
    well: bool
    fair: float
    usual: float
    even: float


Facts = dict[Who, list[Fact]]


def facts_of(activity: ClosedActivity, memory: Memory, *, at: dt.datetime) -> Facts:
    """The facts of each member of the team, in the order of the decisions."""
    concerned = [one for one in activity.candidates if activity.concerns(one.who)]
    members = [one for one in concerned if one.is_member]
    found: Facts = {}
    for told in _of_frames(activity, members, memory):
        _add(found, Channel.FRAME, told)
    _add(found, Channel.INVITED, _invited(activity, members))
    _add(found, Channel.IN_TIME, _in_time(activity, members))
    _add_picked(found, activity, concerned, memory, at)
    return found


def _add(found: Facts, channel: Channel, told: Mapping[Who, Told]) -> None:
    for who, (well, fair) in told.items():
        fact = Fact(channel=channel, well=well, fair=fair, usual=fair, even=fair)
        found.setdefault(who, []).append(fact)


def _of_frames(
    activity: ClosedActivity, members: list[Candidate], memory: Memory
) -> Iterator[dict[Who, Told]]:
    """For each time it was given: whom that left able to come."""
    pool = [one.who for one in members if not one.away]
    for frame in activity.frames:
        week = Week(frame, pool)
        laid: dict[Slot, list[bool]] = {}
        real = [
            one and who not in frame.unable
            for one, who in zip(week.leaves(slot_of(frame)), pool, strict=True)
        ]
        usual: dict[dt.datetime | None, dict[Slot, int]] = {}
        told: dict[Who, Told] = {}
        for number, who in enumerate(pool):
            since = memory.usual_from.get(who)
            if since not in usual:
                usual[since] = memory.usual_frames(activity.kind, begins=frame.begins, since=since)
            for slot in usual[since]:
                if slot not in laid:
                    laid[slot] = week.leaves(slot)
            fact = _of_frame(real, number, [(laid[one], n) for one, n in usual[since].items()])
            if fact is not None:
                told[who] = fact
        yield told


def _of_frame(real: list[bool], number: int, laid: list[tuple[list[bool], int]]) -> Told | None:
    """Whether a time left one of the pool able to come, against the usual ones, each so often."""
    others, kept, clashes = len(real) - 1, 0, 0
    for free, times in laid:
        one = Frame(sum(free) - free[number], others, leaves_her=free[number])
        kept += times * one.is_of_the_team
        clashes += times * (one.is_of_the_team and not one.leaves_her)
    return chances.frame_of(
        real=Frame(sum(real) - real[number], others, leaves_her=real[number]),
        looked_at=sum(times for _free, times in laid),
        kept=kept,
        clashes=clashes,
    )


def _is_invited(one: Candidate, activity: ClosedActivity) -> bool:
    return one.invited_at is not None and one.invited_at < activity.begins


def _may_be_invited(one: Candidate, activity: ClosedActivity) -> bool:
    """Whether she could have come and had not said no. Whoever invites is not invited, nor is who
    is there without it: by her office, or because she signed up herself."""
    is_there_anyway = one.left and one.invited_at is None
    is_able = one.fits and not one.away and not one.has_else and not one.refused
    return is_able and one.who not in activity.planned_by and not is_there_anyway


def _invited(activity: ClosedActivity, members: list[Candidate]) -> dict[Who, Told]:
    pool = [one for one in members if _may_be_invited(one, activity)]
    invited = sum(_is_invited(one, activity) for one in pool)
    if not 0 < invited < len(pool):
        return {}
    fair = chances.even_share(taken=invited, pool=len(pool))
    return {one.who: (_is_invited(one, activity), fair) for one in pool}


def _in_time(activity: ClosedActivity, members: list[Candidate]) -> dict[Who, Told]:
    leads = {}
    for one in members:
        if one.invited_at is not None and not one.is_reserve:
            leads[one.who] = (activity.begins - one.invited_at).total_seconds() / 3600
    return chances.told_in_time(leads)


def _add_picked(
    found: Facts,
    activity: ClosedActivity,
    concerned: list[Candidate],
    memory: Memory,
    at: dt.datetime,
) -> None:
    """The lotteries of a choice of people. What repeats by habit, and what is usual for her, is
    taken off what an even hand would give."""
    members = {one.who for one in concerned if one.is_member}
    drawn = [one for one in draws(activity) if one.is_choice]
    if not drawn:
        return
    habit = memory.habit(at=at)
    regulars = memory.regulars(one.who for one in concerned)
    for lottery in drawn:
        told = chances.drawn_apart(lottery, regulars)
        for who in sorted(members & told.keys()):
            well, even = told[who]
            usual = memory.usual_of(who, at=at).usual(even)
            fair, usual = (
                chances.after_habit(one, habit=habit, was_in_last_crew=who in memory.last_crew)
                for one in (even, usual)
            )
            fact = Fact(channel=Channel.PICKED, well=well, fair=fair, usual=usual, even=even)
            found.setdefault(who, []).append(fact)


def draws(activity: ClosedActivity) -> list[Lottery]:
    """The lotteries of an activity over those who were available, held what an open seat needs and
    neither refused nor chose. Whoever went and was in no pool has taken her seat out with her."""
    choice = activity.choice
    if choice is None:
        return []
    out = choice.fixed | choice.not_drawn
    pool = {
        one.who
        for one in activity.candidates
        if activity.concerns(one.who) and one.who not in out and _is_drawn(one)
    }
    crew = {one.who for one in activity.candidates if one.left} - choice.fixed
    everybody = frozenset(one.who for one in activity.candidates)
    seats: dict[str, Seats] = {}
    for seat in sorted(choice.seats, key=lambda one: one.needs):
        before = seats.get(seat.needs, Seats(0, frozenset()))
        eligible = everybody if seat.eligible is None else seat.eligible & everybody
        seats[seat.needs] = Seats(before.count + 1, before.eligible | eligible)
    if not seats:
        seats[""] = Seats(len(crew), everybody)
    return [
        Lottery(pool=one.pool & pool, taken=one.taken & pool)
        for one in chances.lotteries(seats=list(seats.values()), crew=crew)
    ]


def _is_drawn(one: Candidate) -> bool:
    """Whether she was there to be chosen; of whom nothing was said nobody knows that."""
    return one.available is True and one.fits and not (one.away or one.refused or one.excused)
