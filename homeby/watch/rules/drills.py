"""Exercises: what a drill follows, how long it lasts, what stops it, and how it went. Pure.

A drill is an overdue party that does not exist, told by the real steps to the real people on the
real channels, marked before anything else (`RELIABILITY.md` 5, "Who watches the watcher"; CAP calls
it the status Exercise, `FIELD.md`). Real alarms come first, always.
"""

from __future__ import annotations

import datetime as dt
import statistics
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from homeby.sentences import gettext as _
from homeby.watch.rules.plans import Plan, Times, ladder
from homeby.watch.rules.words import EXERCISES, AlarmKind, Phase, Target

EXERCISE_REF = "exercise:"  # how the references of all exercises begin
DRILL_REF = f"{EXERCISE_REF}drill"
#: Numbers of exercises are counted by themselves, from here: X-1, X-2, ...
EXERCISE_NUMBERS = 1_000_000_000
MINUTES_LEAST, MINUTES_USUAL, MINUTES_MOST = 5, 60, 240
#: Whom an exercise never tells: the party and its kin do not exist, nor its leader, nor its team.
_NOBODY = frozenset({Target.PARTY, Target.LEADER, Target.TEAM_LEADERS, Target.KIN})


def drill_times(*, began_at: dt.datetime, within_minutes: int, grace_minutes: int) -> Times:
    """The times of an exercise party: overdue at once; help is called after the usual grace, but
    when a third of the drill's time has passed at the latest, so that the steps of the call-out
    have their turn within it."""
    grace = dt.timedelta(minutes=min(grace_minutes, within_minutes // 3))
    return Times(due_at=began_at, call_out_at=began_at + grace)


def drill_plan(plan: Plan, times: Times, *, steps: int | None) -> tuple[Plan, tuple[Target, ...]]:
    """The plan that a drill follows: the steps of the real one that tell somebody who exists, at
    most so many; and whom it leaves out. A plan of which nothing is left has no steps."""
    left_out: list[Target] = []
    kept = []
    for step in ladder(plan, times):
        left_out += [target for target in step.targets if target in _NOBODY]
        targets = tuple(target for target in step.targets if target not in _NOBODY)
        if targets:
            kept.append(replace(step, targets=targets))
    return replace(plan, steps=tuple(kept[:steps])), tuple(dict.fromkeys(left_out))


def problem_with_drill(*, steps: int | None, within_minutes: int) -> dict[str, str]:
    """What is wrong with the wishes for a drill, a sentence each, by field name."""
    problems = {}
    if steps is not None and steps < 1:
        problems["steps"] = _("Run at least one step.")
    if not MINUTES_LEAST <= within_minutes <= MINUTES_MOST:
        sentence = _("A drill takes %(least)d to %(most)d minutes.")
        problems["within"] = sentence % {"least": MINUTES_LEAST, "most": MINUTES_MOST}
    return problems


def forbids_drill(phase: Phase, kind: AlarmKind) -> bool:
    """Whether an open alarm of this phase is a reason not to begin a drill."""
    return kind not in EXERCISES and kind is not AlarmKind.CANARY and phase is not Phase.UNCERTAINTY


def stops_exercise(
    phase: Phase, kind: AlarmKind, opened_at: dt.datetime, *, began_at: dt.datetime
) -> bool:
    """Whether an open alarm stops an exercise that began then: one that has opened since, or for
    which help is called."""
    if kind in EXERCISES or kind is AlarmKind.CANARY:
        return False
    return opened_at >= began_at or forbids_drill(phase, kind)


# --- how it went ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ChannelReached:
    """One exercise message on one channel; seconds count from when the step wrote it, None where it
    has not come so far."""

    channel: str
    handed_seconds: float | None
    received_seconds: float | None
    trouble: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonReached:
    """One person in a drill. `taken_seconds`: until she took it; `why_not`: why nothing reached
    her, "" where something did."""

    person_id: uuid.UUID
    name: str
    asked_at: dt.datetime
    messages: int
    channels: tuple[ChannelReached, ...]
    taken_seconds: float | None
    why_not: str = ""

    @property
    def handed_seconds(self) -> float | None:
        """How long the fastest channel took."""
        return min(_known(one.handed_seconds for one in self.channels), default=None)

    @property
    def received_seconds(self) -> float | None:
        """How long it took until a device had it, as far as providers say so."""
        return min(_known(one.received_seconds for one in self.channels), default=None)


@dataclass(frozen=True, kw_only=True)
class DrillFigures:
    """A drill in figures, to compare it with the one before."""

    asked: int
    reached: int
    taken: int
    handed_median_seconds: float | None
    handed_slowest_seconds: float | None
    taken_median_seconds: float | None
    taken_slowest_seconds: float | None


def figures(people: Sequence[PersonReached]) -> DrillFigures:
    """How many were asked, reached and took it, and how fast: the median and the slowest."""
    handed = _known(one.handed_seconds for one in people)
    taken = _known(one.taken_seconds for one in people)
    return DrillFigures(
        asked=len(people),
        reached=len(handed),
        taken=len(taken),
        handed_median_seconds=statistics.median(handed) if handed else None,
        handed_slowest_seconds=max(handed, default=None),
        taken_median_seconds=statistics.median(taken) if taken else None,
        taken_slowest_seconds=max(taken, default=None),
    )


def _known(found: Iterable[float | None]) -> list[float]:
    return [one for one in found if one is not None]
