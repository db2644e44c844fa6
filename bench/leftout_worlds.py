"""Teams that live for years by lot, for `bench/leftout.py`: fair ones, and the story's, in which
one member is left out step by step. In ordinary life: shifts, leave, own refusals, other times.

Made after `LEFTOUT.md` 6; the worlds of its own tables were thrown away, so figures may differ.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from homeby.welfare.rules.activities import Candidate, Choice, ClosedActivity, FrameSet, Taken

MONDAY = dt.datetime(2015, 1, 5, tzinfo=dt.UTC)
HOUR, DAY, WEEK = dt.timedelta(hours=1), dt.timedelta(days=1), dt.timedelta(weeks=1)
#: When the story takes its steps, in weeks from its begin: trainings on her shifts or too late;
#: missions without her.
STEPS = (0, 10)
TRAINING = 2 * HOUR
HOURS = (9, 14, 19)
SHIFTS = ((6, 14), (14, 22), (20, 30))


@dataclass(frozen=True)
class Way:
    """How somebody is left out: how often a time is set against her, or else she is told too late
    or not at all, and they go without her; `step`: in which step of the story that begins."""

    against: float = 0.0
    late: float = 0.0
    without: float = 0.0
    step: int = 1


STORY = "staged as in the story"
WAYS = {
    STORY: Way(against=0.8, late=0.8, without=0.8, step=2),
    "trainings on her shifts only": Way(against=0.8),
    "told late only": Way(late=0.8),
    "missions only": Way(without=0.8),
    "everything, mildly": Way(against=0.4, late=0.4, without=0.4),
}


@dataclass
class Life:
    """A team of `people` who can be picked, beside its leader. `turns`: the week from which on the
    first of them is left out, in which `way`; None: a fair hand throughout."""

    people: int
    lot: random.Random
    turns: int | None = None
    way: Way = WAYS[STORY]
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.names = [f"m{number:02}" for number in range(self.people)]
        on_shifts = {one for one in self.names if self.lot.random() < 0.3}
        if self.turns is not None:
            on_shifts.add(self.names[0])
        self._shifts = {one: self.lot.randrange(21) for one in sorted(on_shifts)}
        self._refuses = {one: self.lot.uniform(0.0, 0.3) for one in self.names}
        self._slots = [(self.lot.randrange(7), hour) for hour in self.lot.choices(HOURS, k=3)]

    def lived(self, weeks: int) -> list[ClosedActivity]:
        """A training and a mission each week."""
        found = []
        for week in range(weeks):
            away = {one for one in self.names if self.lot.random() < 0.07}
            found += [self._training(week, away), self._mission(week, away)]
        return found

    def _step(self, week: int) -> int:
        """How far the story is; 0: it has not begun."""
        if self.turns is None:
            return 0
        return sum(week - self.turns >= one for one in STEPS)

    def _taken(self, week: int) -> list[Taken]:
        """The shifts of a week, four in a row, early, late and by night in turn."""
        monday, found = MONDAY + week * WEEK, []
        for who, offset in self._shifts.items():
            first, last = SHIFTS[(week + offset) % 3]
            for day in range(7):
                if (day + 2 * week + offset) % 7 < 4:
                    at = monday + day * DAY
                    span = {"begins": at + first * HOUR, "ends": at + last * HOUR}
                    found.append(Taken(who=who, known_at=monday - 6 * WEEK, **span))
        return found

    def _training(self, week: int, away: set[str]) -> ClosedActivity:
        taken, step = self._taken(week), self._step(week)
        hers = self.names[0] if step and self.lot.random() < self.way.against else None
        begins = self._time(week, taken, against=hers)
        set_at = begins - 2 * WEEK
        clash = {one.who for one in taken if _meets(one, begins)}
        several = []
        for who in self.names:
            told: dt.datetime | None = set_at + DAY
            left = step and who == self.names[0] and hers is None
            if left and self.lot.random() < self.way.late:
                told = self.lot.choice([None, begins - 2 * HOUR, begins - HOUR])
            several.append(
                Candidate(
                    who=who,
                    away=who in away,
                    has_else=who in clash,
                    invited_at=told,
                    refused=who not in clash and self.lot.random() < self._refuses[who],
                )
            )
        frame = FrameSet(
            set_at=set_at, begins=begins, ends=begins + TRAINING, zone="UTC", taken=taken
        )
        return ClosedActivity(
            key=f"training:{week:05}",
            kind="TRAINING",
            begins=begins,
            closed_at=begins + TRAINING + 3 * DAY,
            candidates=tuple(several),
            frames=(frame,),
        )

    def _time(self, week: int, taken: list[Taken], against: str | None) -> dt.datetime:
        """One of the team's usual times, where half of them can come; or one against her."""
        monday = MONDAY + week * WEEK
        usual = self.lot.sample(self._slots, k=3)
        every = [(day, hour) for day in range(7) for hour in HOURS]
        self.lot.shuffle(every)
        for day, hour in every if against else [*usual, *every]:
            begins = monday + day * DAY + hour * HOUR
            busy = {one.who for one in taken if _meets(one, begins)}
            others_free = 2 * len(busy - {against}) <= self.people - 1
            if others_free and (against is None or against in busy):
                return begins
        return monday + usual[0][0] * DAY + usual[0][1] * HOUR

    def _mission(self, week: int, away: set[str]) -> ClosedActivity:
        begins = MONDAY + week * WEEK + 5 * DAY + 4 * HOUR
        could = [one for one in self.names if one not in away and self.lot.random() < 0.85]
        refused = {one for one in could if self.lot.random() < self._refuses[one]}
        pool = [one for one in could if one not in refused]
        seats = self.lot.randint(max(1, self.people // 3), max(1, 2 * self.people // 3))
        if self._step(week) >= self.way.step and self.lot.random() < self.way.without:
            pool = [one for one in pool if one != self.names[0]]
        went = set(self.lot.sample(pool, min(seats, len(pool))))
        return ClosedActivity(
            key=f"mission:{week:05}",
            kind="MISSION",
            begins=begins,
            closed_at=begins + 4 * DAY,
            candidates=tuple(
                Candidate(
                    who=one,
                    away=one in away,
                    available=True if one in could else None,
                    refused=one in refused,
                    left=one in went,
                )
                for one in self.names
            ),
            choice=Choice(),
        )


def _meets(taken: Taken, begins: dt.datetime) -> bool:
    return taken.begins < begins + TRAINING and begins < taken.ends
