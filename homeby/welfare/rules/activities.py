"""What a team did, as it was decided: a plain record of each duty or mission that has closed. Pure.

It holds what was known when each decision was taken, and nothing that was learned later. Source:
`LEFTOUT.md` 2.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Who = str


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A span of somebody's time that was taken, and since when that was known."""

    who: Who
    begins: dt.datetime
    ends: dt.datetime
    known_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class FrameSet:
    """A time that was chosen freely, and what it asked of everybody. `taken`: the calendar of its
    week; `holds`: who then held what this frame or an earlier one asks (what is not in it rules
    nobody out); `ranks`: the place of each who has a rank, 1 the highest; `unable`: who was noted
    then as not able to come at this time, whatever the calendar says by now."""

    set_at: dt.datetime
    begins: dt.datetime
    ends: dt.datetime
    zone: str
    needs: tuple[str, ...] = ()
    rank_place: int | None = None
    taken: Sequence[Taken] = ()
    holds: Mapping[str, frozenset[Who]] = field(default_factory=dict)
    ranks: Mapping[Who, int] = field(default_factory=dict)
    unable: frozenset[Who] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody whom the decisions about an activity could concern.

    `is_member`: of the team, `since` when; `fits`: has what is asked of everybody; `away`: on leave
    or injured; `has_else`: had something else, known when the time was set; `available`: None where
    nothing was said; `refused`: by her own account; `left`: was in the crew that left; `excused`:
    taken off it at her own wish, for rest, her health, or what had lapsed."""

    who: Who
    is_member: bool = True
    since: dt.datetime | None = None
    fits: bool = True
    away: bool = False
    has_else: bool = False
    available: bool | None = None
    invited_at: dt.datetime | None = None
    is_reserve: bool = False
    refused: bool = False
    left: bool = False
    excused: bool = False


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A seat that was open: what it needs ("": nothing in particular), and who holds that; None:
    it rules nobody out."""

    needs: str = ""
    eligible: frozenset[Who] | None = None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """People were chosen. `seats`: those that were open (none: as many as left, of anybody);
    `fixed`: who has a seat beside them by her office; `not_drawn`: who chose, or leads, and sits in
    one of them by no lot."""

    seats: tuple[Seat, ...] = ()
    fixed: frozenset[Who] = frozenset()
    not_drawn: frozenset[Who] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ClosedActivity:
    """A duty or mission that has closed. `frames`: each time it was given, in that order; none
    where nobody had a choice. `choice`: None where nobody chose. `planned_by`: who invited.

    `group` is shared by what was decided together, which closes at `group_closes_at`; `mentees`
    are those of the mentor of a one-to-one, None where it is none. Of several records of one
    activity the one of the highest `version` counts."""

    key: str
    kind: str
    begins: dt.datetime
    closed_at: dt.datetime
    candidates: tuple[Candidate, ...]
    frames: tuple[FrameSet, ...] = ()
    choice: Choice | None = None
    planned_by: frozenset[Who] = frozenset()
    group: str = ""
    group_closes_at: dt.datetime | None = None
    mentees: frozenset[Who] | None = None
    version: int = 0

    def __post_init__(self) -> None:
        several = {one.who for one in self.candidates}
        assert len(several) == len(self.candidates), "everybody is there once"

    def concerns(self, who: Who) -> bool:
        """Whether she was one of those between whom there was a choice at all."""
        return self.mentees is None or (len(self.mentees) > 1 and who in self.mentees)


@dataclass(frozen=True)
class Together:
    """What counts as one decision: an activity, or a group of them, in the order in which they
    closed."""

    activities: tuple[ClosedActivity, ...]

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """Its place in time: when the last of it closed, then by name."""
        closes = max(one.group_closes_at or one.closed_at for one in self.activities)
        return closes, self.activities[0].key


@dataclass(frozen=True, kw_only=True)
class CaseClosed:
    """Somebody closed the case about a member: what was known until then counts no more. Where what
    explains it was accepted as lasting, what is usual for her begins anew, too."""

    key: str
    who: Who
    at: dt.datetime
    is_lasting: bool = False

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """Its place in time."""
        return self.at, self.key


@dataclass(frozen=True, kw_only=True)
class Begun:
    """Somebody switched the search on, or chose another promise for it: at most so many false
    signals for each year of one member. Where it was off until then (`is_anew`), what was decided
    before says what is usual, and speaks against nobody."""

    key: str
    at: dt.datetime
    promise: float
    is_anew: bool

    @property
    def order(self) -> tuple[dt.datetime, str]:
        """Its place in time."""
        return self.at, self.key


def decisions(activities: Iterable[ClosedActivity]) -> list[Together]:
    """Activities as decisions in the order in which they closed, whatever order they come in."""
    known: dict[str, ClosedActivity] = {}
    for one in activities:
        if one.key not in known or known[one.key].version < one.version:
            known[one.key] = one
    groups: dict[str, list[ClosedActivity]] = {}
    for one in known.values():
        groups.setdefault(f"group {one.group}" if one.group else one.key, []).append(one)
    found = [
        Together(tuple(sorted(several, key=lambda one: (one.closed_at, one.key))))
        for several in groups.values()
    ]
    return sorted(found, key=lambda one: one.order)
