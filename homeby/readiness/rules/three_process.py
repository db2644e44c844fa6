"""The Three Process Model of alertness. Pure.

Written from the published equations: T. Akerstedt and S. Folkard, "The three-process model of
alertness", Chronobiology International 14 (1997) 115-123; the constants, the linear recovery above
the break and the step to the Karolinska Sleepiness Scale (KSS) from M. Ingre and others,
"Validating and extending the Three Process Model of alertness in airline operations", PLoS ONE 9
(2014) e108679. `ROSTER.md` 4.1 repeats them. `h` is hours since the last waking or falling asleep.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from homeby.readiness.rules.sleep import History, hours_between

LOWEST, HIGHEST, BREAK = 2.4, 14.3, 12.2
S_AT_START, S_AFTER_NIGHT = 7.96, 14.0
DECAY = -0.0353
#: Chosen so that eight hours lead from the start's 7.96 to 14 (Ingre 2014, after Akerstedt 1997).
GROWTH = math.log((HIGHEST - S_AFTER_NIGHT) / (HIGHEST - S_AT_START)) / 8
C_HEIGHT, C_PEAK = 2.5, 16.8
U_MEAN, U_HEIGHT, U_PEAK = -0.5, 0.5, 19.8
W_AT_WAKING, W_DECAY = -5.72, -1.51
KSS_AT_ZERO, KSS_SLOPE = 10.6, -0.6
KSS_LEAST, KSS_MOST = 1.0, 9.0


@dataclass(frozen=True)
class ThreeProcess:
    """The three processes and the inertia after waking, at one instant."""

    s: float  # homeostatic: falls awake, rises asleep
    c: float  # circadian, 24 h
    u: float  # ultradian, 12 h
    w: float  # sleep inertia; nothing while asleep

    @property
    def alertness(self) -> float:
        """S + C + U, about 1 to 16; below 7 is the usual line for sleepy."""
        return self.s + self.c + self.u

    @property
    def kss(self) -> float:
        """Predicted KSS as the equations give it: right after waking it leaves the scale."""
        return KSS_AT_ZERO + KSS_SLOPE * (self.s + self.c + self.u + self.w)

    @property
    def kss_shown(self) -> float:
        """The same within the scale, 1 (very alert) to 9 (fighting sleep)."""
        return min(KSS_MOST, max(KSS_LEAST, self.kss))


def s_awake(s: float, h: float) -> float:
    """S after `h` hours awake: it falls towards its lower asymptote."""
    return LOWEST + (s - LOWEST) * math.exp(DECAY * h)


def s_asleep(s: float, h: float) -> float:
    """S after `h` hours asleep: up a straight line to the break, from there to the asymptote."""
    if s >= BREAK:
        return HIGHEST - (HIGHEST - s) * math.exp(GROWTH * h)
    slope = GROWTH * (BREAK - HIGHEST)
    to_break = (BREAK - s) / slope
    if h <= to_break:
        return s + slope * h
    return HIGHEST - (HIGHEST - BREAK) * math.exp(GROWTH * (h - to_break))


def circadian(hour: float) -> float:
    """C at this hour of the body's day; the afternoon is the best of it."""
    return C_HEIGHT * math.cos(2 * math.pi * (hour - C_PEAK) / 24)


def ultradian(hour: float) -> float:
    """U at this hour of the body's day."""
    return U_MEAN + U_HEIGHT * math.cos(2 * math.pi * (hour - U_PEAK) / 12)


def inertia(h: float) -> float:
    """W after `h` hours awake: heavy at waking, gone after three hours."""
    return W_AT_WAKING * math.exp(W_DECAY * h)


class ThreeProcessModel:
    """A history by the Three Process Model: S at every edge once, then any instant directly."""

    def __init__(self, history: History) -> None:
        self.history = history
        self._at_edges = [S_AT_START]
        for before, after in zip(history.edges, history.edges[1:], strict=False):
            h = hours_between(before.since, after.since)
            step = s_awake if before.awake else s_asleep
            self._at_edges.append(step(self._at_edges[-1], h))

    def at(self, at: dt.datetime, *, hour: float) -> ThreeProcess:
        """The processes at an instant; `hour`: the decimal hour of the body's day then."""
        place = self.history.place(at)
        state, s = self.history.edges[place], self._at_edges[place]
        h = hours_between(state.since, at)
        return ThreeProcess(
            s=s_awake(s, h) if state.awake else s_asleep(s, h),
            c=circadian(hour),
            u=ultradian(hour),
            w=inertia(h) if state.awake else 0.0,
        )
