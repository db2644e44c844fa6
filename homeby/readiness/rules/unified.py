"""The unified model of sleep loss: one night awake and weeks of short nights in one. Pure.

Written from the published equations: P. Rajdev and others, "A unified mathematical model to
quantify performance impairment for both chronic sleep restriction and total sleep deprivation", J
Theor Biol 331 (2013) 66-77; the constants from S. Ramakrishnan and others, Sleep 39 (2016) 249-262.
The circadian harmonics are those of the two-process model (Borbely and Achermann 1999). `ROSTER.md`
4.1 repeats them. What comes out is expected lapses in a ten-minute vigilance test (PVT).
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from homeby.readiness.rules.sleep import History, hours_between

HIGHEST = 24.12
TAU_WAKE, TAU_SLEEP, TAU_DEBT = 40.0, 1.0, 97.44
KAPPA, PHASE = 4.13, 2.02
S_AT_START = DEBT_AT_START = 0.0
HARMONICS = (0.97, 0.22, 0.07, 0.03, 0.0001)
#: Sleep inertia as the reference implementation has it; its help text says -0.4, its code -0.46,
#: and no prediction of lapses contains it. Kept because reference tables hold it.
INERTIA_AT_WAKING, INERTIA_DECAY = 1.14, -0.46


@dataclass(frozen=True)
class Unified:
    """The processes of the unified model at one instant."""

    s: float  # pressure to sleep: rises awake, falls asleep
    debt: float  # L, the lower asymptote: what short nights leave behind
    c: float  # circadian
    w: float  # inertia, in no prediction

    @property
    def lapses(self) -> float:
        """Expected lapses, S + kappa C; more is worse. It may fall a little below nothing."""
        return self.s + KAPPA * self.c


def awake(s: float, debt: float, h: float) -> tuple[float, float]:
    """S and the debt after `h` hours awake."""
    kept, faded = math.exp(-h / TAU_WAKE), math.exp(-h / TAU_DEBT)
    return HIGHEST - (HIGHEST - s) * kept, debt * faded + HIGHEST * (1 - faded)


def asleep(s: float, debt: float, h: float) -> tuple[float, float]:
    """S and the debt after `h` hours asleep."""
    kept, faded = math.exp(-h / TAU_SLEEP), math.exp(-h / TAU_DEBT)
    pull = (debt + 2 * HIGHEST) * TAU_DEBT / (TAU_DEBT - TAU_SLEEP)
    now_s = s * kept - 2 * HIGHEST * (1 - kept) + pull * (faded - kept)
    return now_s, debt * faded - 2 * HIGHEST * (1 - faded)


def circadian(hour: float) -> float:
    """C at this hour of the body's day; positive is worse."""
    angle = 2 * math.pi * (hour + PHASE) / 24
    return sum(
        height * math.sin(number * angle) for number, height in enumerate(HARMONICS, start=1)
    )


class UnifiedModel:
    """A history by the unified model: S and debt at every edge once, then any instant directly."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._at_edges = [(S_AT_START, DEBT_AT_START)]
        for before, after in zip(history.edges, history.edges[1:], strict=False):
            h = hours_between(before.since, after.since)
            step = awake if before.awake else asleep
            self._at_edges.append(step(*self._at_edges[-1], h))

    def at(self, at: dt.datetime, *, hour: float) -> Unified:
        """The processes at an instant; `hour`: the decimal hour of the body's day then."""
        place = self.history.place(at)
        state, (s, debt) = self.history.edges[place], self._at_edges[place]
        h = hours_between(state.since, at)
        now_s, now_debt = (awake if state.awake else asleep)(s, debt, h)
        inertia = INERTIA_AT_WAKING * math.exp(INERTIA_DECAY * h) if state.awake else 0.0
        return Unified(s=now_s, debt=now_debt, c=circadian(hour), w=inertia)
