"""Leaders who are fair and do not draw lots, for `bench/leftout.py` (`LEFTOUT.md` 6): they take
turns, repeat crews, have a regular, go on expeditions, need a medic, hear a no."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from homeby.welfare.rules.activities import Candidate, Choice, ClosedActivity, Seat

FROM = dt.datetime(2015, 1, 5, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
A_YEAR = 104
AVAILABLE, MEDICS_NEEDED, EXPEDITION = 0.85, 0.6, 12


@dataclass
class Led:
    """A team, and what its leader goes by."""

    lot: random.Random
    names: list[str]
    waited: dict[str, int] = field(default_factory=dict)
    last: list[str] = field(default_factory=list)

    def even(self, pool: Sequence[str], seats: int) -> list[str]:
        """By lot."""
        return self.lot.sample(pool, min(seats, len(pool)))

    def turns(self, pool: Sequence[str], seats: int) -> list[str]:
        """Whoever has waited longest."""
        return sorted(pool, key=lambda one: self.waited.get(one, -1))[:seats]

    def repeats(self, pool: Sequence[str], seats: int, *, often: float) -> list[str]:
        """Often the last crew again, as far as they can."""
        if self.lot.random() >= often:
            return self.even(pool, seats)
        again = [one for one in self.last if one in pool][:seats]
        others = [one for one in pool if one not in again]
        return again + self.lot.sample(others, min(seats - len(again), len(others)))

    def regular(self, pool: Sequence[str], seats: int) -> list[str]:
        """One of them whenever she can, the others by lot."""
        first = [one for one in pool if one == self.names[0]]
        others = [one for one in pool if one != self.names[0]]
        return first + self.lot.sample(others, min(seats - len(first), len(others)))


Picks = Callable[[Led, Sequence[str], int], list[str]]


def _missions(led: Led, number: int, picks: Picks, refusals: float = 0.0) -> list[ClosedActivity]:
    rates = {one: led.lot.uniform(0.0, refusals) for one in led.names}
    found = []
    for place in range(number):
        could = [one for one in led.names if led.lot.random() < AVAILABLE]
        refused = {one for one in could if led.lot.random() < rates[one]}
        pool = [one for one in could if one not in refused]
        went = picks(led, pool, _seats(led))
        found.append(_mission(led, place, could, went, refused))
        led.last = went
        led.waited |= dict.fromkeys(went, place)
    return found


def _seats(led: Led) -> int:
    return led.lot.randint(*{4: (2, 3), 8: (3, 5)}[len(led.names)])


def _mission(
    led: Led, place: int, could: Sequence[str], went: Sequence[str], refused: set[str]
) -> ClosedActivity:
    begins = FROM + place * dt.timedelta(days=3.5)
    return ClosedActivity(
        key=f"mission:{place:05}",
        kind="MISSION",
        begins=begins,
        closed_at=begins + 3 * DAY,
        candidates=tuple(
            Candidate(
                who=one,
                available=True if one in could else None,
                left=one in went,
                refused=one in refused,
            )
            for one in led.names
        ),
        choice=Choice(),
    )


def _expeditions(led: Led, number: int) -> list[ClosedActivity]:
    found: list[ClosedActivity] = []
    for first in range(0, number, EXPEDITION):
        could = [one for one in led.names if led.lot.random() < AVAILABLE]
        went = led.even(could, _seats(led))
        several = [_mission(led, first + n, could, went, set()) for n in range(EXPEDITION)]
        closes = several[-1].closed_at
        found += [replace(one, group=str(first), group_closes_at=closes) for one in several]
    return found


def _medics(led: Led, number: int) -> list[ClosedActivity]:
    medics = frozenset(led.names[: len(led.names) // 2])
    found = []
    for place in range(number):
        could = [one for one in led.names if led.lot.random() < AVAILABLE]
        seats, went = _seats(led), []
        needed = led.lot.random() < MEDICS_NEEDED
        if needed and (able := [one for one in could if one in medics]):
            went = led.even(able, 1)
        went += led.even([one for one in could if one not in went], seats - len(went))
        open_seats = [Seat()] * (seats - needed)
        if needed:
            open_seats.append(Seat(needs="MEDR", eligible=medics))
        one = _mission(led, place, could, went, set())
        found.append(replace(one, choice=Choice(seats=tuple(open_seats))))
    return found


#: Each by its name, as a maker of so many missions.
LEADERS: dict[str, Callable[[Led, int], list[ClosedActivity]]] = {
    "an even hand": partial(_missions, picks=Led.even),
    "turns": partial(_missions, picks=Led.turns),
    "the last crew again, 30%": partial(_missions, picks=partial(Led.repeats, often=0.3)),
    "the last crew again, 50%": partial(_missions, picks=partial(Led.repeats, often=0.5)),
    "the last crew again, 70%": partial(_missions, picks=partial(Led.repeats, often=0.7)),
    "one always goes": partial(_missions, picks=Led.regular),
    "expeditions of twelve": _expeditions,
    "a medic in 60% of them": _medics,
    "own refusals up to 50%": partial(_missions, picks=Led.even, refusals=0.5),
}


def led(leader: str, *, people: int, years: int, seed: int) -> list[ClosedActivity]:
    """The missions of a team in some years, under a leader."""
    names = [f"m{number:02}" for number in range(people)]
    return LEADERS[leader](Led(lot=random.Random(seed), names=names), A_YEAR * years)
