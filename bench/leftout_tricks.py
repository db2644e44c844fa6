"""What an organiser who knows the detector may try, and whether it is noticed all the same.

python -m bench.leftout_tricks [--times N]

Each trick is tried again and again by lot, after two fair years, in the worlds of
`bench/leftout_worlds.py`; "never" is said as plainly as a week. How to read it: bench/README.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as a file by itself

from bench.leftout_worlds import DAY, HOUR, TRAINING, Life
from homeby.welfare.rules.activities import Candidate, ClosedActivity, decisions
from homeby.welfare.rules.left_out import Team

FAIR_WEEKS, FOLLOWED_WEEKS = 104, 104
TEAM_SIZES = (3, 8)
PROMISE = 1 / 100
Trick = Callable[[ClosedActivity, str, random.Random], ClosedActivity]


def _told_at(before: dt.timedelta) -> Trick:
    def trick(one: ClosedActivity, her: str, lot: random.Random) -> ClosedActivity:
        if one.choice is not None:
            return one
        return _with(one, her, lambda was: replace(was, invited_at=one.begins - before))

    return trick


def _with(
    one: ClosedActivity, her: str, change: Callable[[Candidate], Candidate]
) -> ClosedActivity:
    told = tuple(change(each) if each.who == her else each for each in one.candidates)
    return replace(one, candidates=told)


def _only_the_dull_ones(one: ClosedActivity, her: str, lot: random.Random) -> ClosedActivity:
    """Every second mission is a dull one: for those she is always taken, for the others never."""
    return _seated(one, her, lot, takes_her=lot.random() < 0.5) if one.choice is not None else one


def _one_in_four(one: ClosedActivity, her: str, lot: random.Random) -> ClosedActivity:
    """A token: she is taken every fourth time."""
    return _seated(one, her, lot, takes_her=lot.random() < 0.25) if one.choice is not None else one


def _seated(
    one: ClosedActivity, her: str, lot: random.Random, *, takes_her: bool
) -> ClosedActivity:
    """The same number of seats, with or without her, as far as there is somebody to change with."""
    could = [each for each in one.candidates if each.available and not each.refused]
    went = {each.who for each in could if each.left}
    if her not in {each.who for each in could} or (her in went) is takes_her:
        return one
    others = sorted(each.who for each in could if each.who != her)
    others = [who for who in others if (who in went) is takes_her]
    if not others:
        return one
    went ^= {her, lot.choice(others)}
    return replace(
        one, candidates=tuple(replace(each, left=each.who in went) for each in one.candidates)
    )


def _a_no_that_another_wrote(one: ClosedActivity, her: str, lot: random.Random) -> ClosedActivity:
    """She is never taken, and it is written down that she did not want to: only what she says
    herself takes her out of a pool, so the pool stays as she left it."""
    return _seated(one, her, lot, takes_her=False) if one.choice is not None else one


def _just_after_her_shift(one: ClosedActivity, her: str, lot: random.Random) -> ClosedActivity:
    """The time is set to the hour when a shift of hers ends: she is free, and tired."""
    if not one.frames:
        return one
    frame = one.frames[-1]
    ends = [each.ends for each in frame.taken if each.who == her]
    if not ends:
        return one
    begins = lot.choice(ends)
    busy = {each.who for each in frame.taken if each.begins < begins + TRAINING < each.ends}
    moved = replace(frame, begins=begins, ends=begins + TRAINING)
    told = tuple(replace(each, has_else=each.who in busy) for each in one.candidates)
    return replace(one, begins=begins, frames=(moved,), candidates=told)


TRICKS: dict[str, Trick] = {
    "always invited, an hour before": _told_at(HOUR),
    "always invited, a little more than half as early as the others": _told_at(7 * DAY),
    "taken for the dull missions only": _only_the_dull_ones,
    "taken every fourth time": _one_in_four,
    "never taken, with a no that another wrote": _a_no_that_another_wrote,
    "trainings the hour her shift ends": _just_after_her_shift,
}


def tried(times: int) -> list[dict[str, Any]]:
    """Each trick so often: in which week of it anybody would be told, at 1/100 a member-year."""
    found = []
    for name, trick in TRICKS.items():
        for size in TEAM_SIZES:
            weeks = sorted(_week_of(trick, size, seed) for seed in range(times))
            row: dict[str, Any] = {"trick": name, "people": size, "times": times}
            row["median"] = statistics.median(weeks)
            row["within a year"] = sum(one <= 52 for one in weeks) / times
            row["within two"] = sum(one <= 104 for one in weeks) / times
            found.append(row)
    return found


def _week_of(trick: Trick, size: int, seed: int) -> float:
    lot = random.Random(seed)
    # `turns` puts her on shifts; it is never reached, so the life itself is fair.
    life = Life(people=size, lot=lot, turns=FAIR_WEEKS + FOLLOWED_WEEKS + 1)
    her, lived = life.names[0], life.lived(FAIR_WEEKS + FOLLOWED_WEEKS)
    fair, begins = lived[: 2 * FAIR_WEEKS], lived[2 * FAIR_WEEKS].begins
    told: Sequence[ClosedActivity] = [
        *fair,
        *(trick(one, her, lot) for one in lived[2 * FAIR_WEEKS :]),
    ]
    team = Team(promise=PROMISE)
    for decided in decisions(told):
        for signal in team.take(decided):
            if signal.who == her and signal.at >= begins:
                return (signal.at - begins).days / 7
    return math.inf


def main() -> int:
    """Print what became of each trick."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=60, help="try each so often, by lot")
    given = parser.parse_args()
    if given.times < 1:
        parser.error("--times is at least 1")
    for row in tried(given.times):
        median = row["median"]
        week = "not in two years" if math.isinf(median) else f"week {median:.0f}"
        print(
            f"{row['trick']}, {row['people']} people: half by {week}; within a year "
            f"{row['within a year']:.0%}, within two {row['within two']:.0%} of {row['times']}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
