"""Qualifications as data of the organisation, and what is recorded of one person. Pure.

Shaped after the NWCG's position task books (`FIELD.md` 6): prerequisites, tasks that are shown, a
final evaluation by a holder, a certification by another person, currency by doing it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class QualificationKind(StrEnum):
    """What a qualification is; the rules treat all alike."""

    COURSE = "COURSE"
    SKILL = "SKILL"
    POSITION = "POSITION"  # what one does on a mission
    RANK = "RANK"


class Where(StrEnum):
    """Where a task may be shown."""

    REAL_ONLY = "REAL_ONLY"
    EXERCISE_OK = "EXERCISE_OK"
    EXERCISE_ONLY = "EXERCISE_ONLY"


class Evaluator(StrEnum):
    """Who may evaluate a task. The final evaluation is a holder's in any case."""

    HOLDER = "HOLDER"
    SUPERVISOR = "SUPERVISOR"  # or whoever led the learner on that mission


class Stage(StrEnum):
    """The stages of a task book, in their order."""

    INITIATE = "INITIATE"
    EVALUATE = "EVALUATE"
    FINAL = "FINAL"
    CERTIFY = "CERTIFY"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One thing to be shown."""

    what: str
    where: Where = Where.EXERCISE_OK
    evaluated_by: Evaluator = Evaluator.HOLDER


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What must be there first. `one_of`: of each group one; `hours` on missions of a kind ("" for
    any); `held_months`: how long something must have been held."""

    all_of: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    hours: tuple[tuple[str, float], ...] = ()
    held_months: tuple[tuple[str, int], ...] = ()
    least_age: int | None = None

    def keys(self) -> Iterator[str]:
        """Every qualification that is named."""
        yield from self.all_of
        for group in self.one_of:
            yield from group
        yield from (key for key, _ in self.held_months)


@dataclass(frozen=True, kw_only=True)
class Qualification:
    """One qualification. `valid_months`: it ends so long after it began, whatever is done;
    `current_months`: it lapses so long after it was last done; `equivalents`: doing these keeps it
    current, too."""

    key: str
    name: str
    kind: QualificationKind
    family: str = ""
    needs: Needs = field(default_factory=Needs)
    tasks: tuple[Task, ...] = ()
    valid_months: int | None = None
    current_months: int | None = None
    equivalents: tuple[str, ...] = ()


Qualifications = Mapping[str, Qualification]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """Certified from a day on. `expires_date` is the last day, where a paper says one;
    `withdrawn_date` the first day on which it counts no more."""

    key: str
    from_date: dt.date
    expires_date: dt.date | None = None
    withdrawn_date: dt.date | None = None


@dataclass(frozen=True, kw_only=True)
class Performed:
    """A qualification used on a mission, from the logbook: on its last day, local, and since its
    first (None: not kept). Of one mission there are as many as she had positions on it; each says
    how long the mission was."""

    key: str
    on_date: dt.date
    hours: float = 0.0
    mission_kind: str = ""
    real: bool = True
    as_trainee: bool = False
    mission_id: uuid.UUID | None = None
    from_date: dt.date | None = None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """Its first day and its last."""
        return self.from_date or self.on_date, self.on_date


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """A stage signed in a task book; `task` is its number in the qualification, for EVALUATE."""

    key: str
    stage: Stage
    by: uuid.UUID
    learner: uuid.UUID
    on_date: dt.date
    task: int | None = None
    real: bool = False
    led_her: bool = False  # the signer led the learner on that mission


@dataclass(frozen=True, kw_only=True)
class Record:
    """What is recorded of one person."""

    person_id: uuid.UUID
    holdings: tuple[Holding, ...] = ()
    performed: tuple[Performed, ...] = ()
    signed: tuple[SignOff, ...] = ()
    born: dt.date | None = None
