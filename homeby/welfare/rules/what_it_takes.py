"""How many missions in a row somebody misses until anybody is told: what a promise costs. Pure.

For the settings, where the promise is chosen: this is what a person must live through before
(`LEFTOUT.md` 6). Two missions a week, each with the same fair chance, and no habit of crews.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from homeby.welfare.rules.chances import Share
from homeby.welfare.rules.evidence import LESS_THAN_BEFORE, QUESTIONS, Channel, Facts

WEEKS_A_YEAR = 52
MISSIONS_A_WEEK = 2
#: What is younger than this is not her past yet.
WEEKS_OF_NOW = 8
MISSED_MOST = 10_000


#: So many facts say what is usual for somebody who had her share for years.
FACTS_OF_YEARS = 100.0


def even_past(chance: float) -> Share:
    """The past of somebody who had her share for years."""
    went = FACTS_OF_YEARS * chance
    return Share(well=went, fair=went, count=FACTS_OF_YEARS)


def missed_in_a_row(chance: float, *, promise: float, past: Share) -> int:
    """So many missions missed one after the other lead to a signal, by either question. `promise`:
    false signals a member-year; `past`: her own facts until then."""
    assert 0.0 < chance < 1.0, "there is something to choose"
    budget, years = promise / len(QUESTIONS), 1.0 / (WEEKS_A_YEAR * MISSIONS_A_WEEK)
    states = {one: one.at_rest(1) for one in QUESTIONS}
    recent: deque[bool] = deque()
    for missed in range(1, MISSED_MOST + 1):
        if len(recent) > WEEKS_OF_NOW * MISSIONS_A_WEEK and recent.popleft():
            past = past.with_fact((False, chance))
        # What comes while she is doubted for already never becomes what is usual for her.
        recent.append(float(states[LESS_THAN_BEFORE].sum()) <= budget)
        for question, state in states.items():
            fair = past.usual(chance) if question is LESS_THAN_BEFORE else chance
            evidence = question.evidence([Facts.of(Channel.PICKED, [(False, fair)])])
            states[question], _reached, signal = question.after(
                state, evidence, years=np.array([years]), promise=budget
            )
            if signal[0]:
                return missed
    raise AssertionError("somebody who is always left out is noticed")
