"""Evidence that decisions go against one member, and when it is enough to say so. Pure.

Each decision gives facts: whether it went well for her, and the fair chance of that, fixed before.
A question keeps one weight for each of its components (which channels, how strong a leaning), all
mixed: a sum of Shiryaev-Roberts e-detectors with `promise * years` as their rate. However long one
watches, and whoever is watched, at most `promise` false signals a member-year are to be expected.

Source: `LEFTOUT.md` 3; Shin, Ramdas, Rinaldo (2023), E-detectors, NEJSDS; Herbster, Warmuth (1998),
Tracking the best expert (the fixed share between components).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: No single activity decides: the most that one fact multiplies by.
MOST_OF_A_FACT = 8.0
#: So much of the weight is shared out anew at each activity: who left her out of trainings may go
#: on with missions.
SHARED = 0.01
#: A pause longer than this earns no more allowance.
YEARS_MOST = 0.25
SIGNAL_FROM = 1.0


class Channel(StrEnum):
    """What was decided about her: the frame (time, skills) left her able to come; she was invited;
    she was told in time; she was picked. The letters are those of the reference rows."""

    FRAME = "A"
    INVITED = "T"
    IN_TIME = "L"
    PICKED = "M"


_ALL = tuple(Channel)


@dataclass(frozen=True)
class Question:
    """What is asked of the facts. Fair is what lies within `tolerance` of the fair odds; against it
    stand odds multiplied by each of `strengths`, on each set of `channels`."""

    name: str
    tolerance: float
    strengths: tuple[float, ...]
    channels: tuple[frozenset[Channel], ...]

    @property
    def components(self) -> int:
        """How many weights its state holds."""
        return len(self.channels) * len(self.strengths)

    @cached_property
    def _places(self) -> dict[Channel, list[int]]:
        """Which sets of channels a channel stands in."""
        return {one: [n for n, held in enumerate(self.channels) if one in held] for one in _ALL}

    def at_rest(self, members: int) -> Numbers:
        """The state of members of whom nothing is known: one row each."""
        return np.zeros((members, self.components))

    def evidence(self, facts: Sequence[Facts]) -> Numbers:
        """What the facts of one activity multiply each component by: one row a member."""
        assert facts, "an activity without facts says nothing"
        members = len(facts[0].fair)
        product = np.ones((members, len(self.channels), len(self.strengths)))
        for one in facts:
            ratios = self._ratios(one)[:, None, :]
            for place in self._places[one.channel]:
                product[:, place : place + 1, :] *= ratios
        return product.reshape(members, self.components)

    def _ratios(self, facts: Facts) -> Numbers:
        """How much likelier these outcomes are under each strength than at the tolerance."""
        fair, w0 = facts.fair[:, None], self.tolerance
        w = np.array(self.strengths)
        # A chance of 1 leaves nothing to choose; where there is no fact it stands for that, too.
        told = facts.given[:, None] & (fair < 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = (1.0 - fair + w0 * fair) / (1.0 - fair + w * fair)
            ratio = np.where(facts.well[:, None], (w / w0) * ratio, ratio)
        found: Numbers = np.where(told, np.minimum(MOST_OF_A_FACT, ratio), 1.0)
        return found

    def after(
        self, state: Numbers, evidence: Numbers, *, years: Numbers, promise: float
    ) -> tuple[Numbers, Numbers, Flags]:
        """The state after an activity, one row a member; the sum of its weights before any signal
        set it to nothing; and who has a signal. `years` since her last activity in this team."""
        allowed = promise * np.minimum(years, YEARS_MOST)
        whole = state.sum(axis=1)
        shared = (SHARED * whole + allowed) / self.components
        grown = ((1.0 - SHARED) * state + shared[:, None]) * evidence
        reached = grown.sum(axis=1)
        signal = reached >= SIGNAL_FROM
        return np.where(signal[:, None], 0.0, grown), reached, signal


@dataclass(frozen=True)
class Facts:
    """One fact for each of several members, of one channel: whether it went well for her, and the
    fair chance of that; `given` is false for whom there is none."""

    channel: Channel
    well: Flags
    fair: Numbers
    given: Flags

    def __post_init__(self) -> None:
        held = self.fair[self.given]
        assert ((held >= 0.0) & (held <= 1.0)).all(), "a chance lies between 0 and 1"

    @classmethod
    def of(cls, channel: Channel, told: Sequence[tuple[bool, float] | None]) -> Facts:
        """From pairs (went well, fair chance), None for whom there is no fact."""
        return cls(
            channel=channel,
            well=np.array([one is not None and one[0] for one in told], dtype=bool),
            fair=np.array([1.0 if one is None else one[1] for one in told], dtype=float),
            given=np.array([one is not None for one in told], dtype=bool),
        )


def _sets(*words: str) -> tuple[frozenset[Channel], ...]:
    return tuple(frozenset(Channel(letter) for letter in word) for word in words)


LESS_THAN_BEFORE = Question(
    name="less than before",
    tolerance=0.8,
    strengths=(0.0, 0.1, 0.25, 0.5),
    channels=_sets("A", "T", "L", "M", "TM", "ATL", "ATLM"),
)
FAR_BELOW_EVEN = Question(
    name="far below an even share",
    tolerance=0.5,
    strengths=(0.0, 0.05, 0.1, 0.25),
    channels=_sets("T", "M", "TM"),
)
#: Each gets half of the promise.
QUESTIONS = (LESS_THAN_BEFORE, FAR_BELOW_EVEN)
