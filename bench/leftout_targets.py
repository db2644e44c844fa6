"""The targets of the detector that are exact or quickly measured (`LEFTOUT.md` 8), each beside what
it must be, for `bench/leftout.py`. Those that need years of lots (3, 4) stand there."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.leftout_leaders import A_YEAR, led
from bench.leftout_worlds import Life
from homeby.welfare.rules.activities import ClosedActivity, decisions
from homeby.welfare.rules.chances import Frame, frame, leaning
from homeby.welfare.rules.evidence import QUESTIONS, Channel, Facts, Question
from homeby.welfare.rules.left_out import Record, Team

EXACT = 1e-12
PROMISE = 1 / 500
#: Numbers that a member of a team has: the weights of each question, and two shares of three.
SHARES = 6
MEMBERS, ACTIVITIES, ORDERS = 500, 200, 20


@dataclass(frozen=True)
class Target:
    """What was measured, its limit, and whether it is kept."""

    number: int
    what: str
    value: float
    must: str
    met: bool


def targets() -> Iterator[Target]:
    """Each of them."""
    yield most("enumerated most of E[L] over chances and strengths", _chances())
    yield most("the most of E[L | bag] of frames", _frames())
    differ = sum(not _is_same(seed) for seed in range(ORDERS))
    yield Target(
        7, f"of {ORDERS} logs in another order, those that differ", differ, "0", not differ
    )
    fast = _vectorised()
    yield Target(6, "member-activities a second, 500 at once", fast, ">= 50,000", fast >= 50_000)
    slow, seconds = _one_by_one()
    yield Target(6, "the same, a team of 8 by itself", slow, ">= 5,000", slow >= 5_000)
    yield Target(6, "500 members over ten years, seconds", seconds, "<= 60", seconds <= 60)
    held = 8 * (sum(one.components for one in QUESTIONS) + SHARES)
    yield Target(6, "bytes of state of a member and team", held, "<= 1,024", held <= 1024)


def most(what: str, value: float) -> Target:
    """A mean that is one at most."""
    return Target(1, what, value, "<= 1 + 1e-12", value <= 1 + EXACT)


def _ratio(question: Question, *, well: bool, fair: float) -> np.ndarray:
    channel = next(iter(question.channels[-1]))
    found: np.ndarray = question.evidence([Facts.of(channel, [(well, fair)])])[0]
    return found


def _chances() -> float:
    found = 0.0
    for question in QUESTIONS:
        for fair in np.linspace(0.001, 0.999, 999):
            went = _ratio(question, well=True, fair=fair)
            not_went = _ratio(question, well=False, fair=fair)
            for true in np.linspace(leaning(fair, question.tolerance), 1.0, 9):
                found = max(found, float((true * went + (1 - true) * not_went).max()))
    return found


def _frames() -> float:
    clash, fits = Frame(2, 3, leaves_her=False), Frame(2, 3, leaves_her=True)
    found = 0.0
    for question in QUESTIONS:
        for frames in (12, 20, 56):
            for clashes in range(frames + 2):
                bag = [clash] * clashes + [fits] * (frames + 1 - clashes)
                mean: Any = 0.0
                for chosen in range(frames + 1):
                    told = frame(real=bag[chosen], usual=bag[:chosen] + bag[chosen + 1 :])
                    assert told is not None, "there are enough of them"
                    mean = mean + _ratio(question, well=told[0], fair=told[1]) / (frames + 1)
                found = max(found, float(mean.max()))
    return found


def _is_same(seed: int) -> bool:
    """Whether a team that lived by lot is known alike, to the last bit, in another order."""
    log = Life(people=4, lot=random.Random(seed), turns=30).lived(60)
    whole = Record(promise=PROMISE)
    whole.arrive(log)
    lot, record = random.Random(seed + 1), Record(promise=PROMISE)
    coming = [*log, *lot.choices(log, k=5)]
    lot.shuffle(coming)
    while coming:
        size = lot.randint(10, 60)
        record.arrive(coming[:size])
        del coming[:size]
    return held(record) == held(whole)


def held(record: Record) -> tuple[Any, ...]:
    """All that is kept of a team, its numbers as they stand in memory."""
    states = {
        who: [one.states[question.name].tobytes() for question in QUESTIONS]
        for who, one in record.team.members.items()
    }
    return states, record.team.memory, record.found


def _vectorised() -> float:
    luck = np.random.default_rng(7)
    facts = [
        Facts(one, luck.random(MEMBERS) < 0.5, luck.random(MEMBERS), np.ones(MEMBERS, bool))
        for one in Channel
    ]
    states, years = {one: one.at_rest(MEMBERS) for one in QUESTIONS}, np.full(MEMBERS, 1 / A_YEAR)
    begun = time.process_time()
    for _activity in range(ACTIVITIES):
        for question in QUESTIONS:
            states[question], _reached, _signal = question.after(
                states[question], question.evidence(facts), years=years, promise=PROMISE / 2
            )
    return MEMBERS * ACTIVITIES / (time.process_time() - begun)


def _one_by_one() -> tuple[float, float]:
    lives: Sequence[list[ClosedActivity]] = [
        led("an even hand", people=8, years=2, seed=seed) for seed in range(4)
    ]
    begun = time.process_time()
    for told in lives:
        team = Team(promise=PROMISE)
        for decided in decisions(told):
            team.take(decided)
    took = time.process_time() - begun
    count = sum(map(len, lives)) * 8
    return count / took, 500 * 10 * A_YEAR * took / count
