"""What people had in the weeks in which duties were set, and what they held then."""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeby import instants
from homeby.people.queries.in_teams import rank_places
from homeby.readiness.queries import times_taken
from homeby.readiness.queries.decisions import ClosedDuty, Decision
from homeby.readiness.queries.duty_pool import holders
from homeby.readiness.rules.duty_planning import LONGEST, Against
from homeby.readiness.rules.duty_planning import Taken as TakenThen
from homeby.welfare.rules.activities import Taken
from homeby.welfare.rules.memory import OLDEST

_WEEK = dt.timedelta(weeks=1)
Held = Mapping[str, frozenset[str]]
#: A team and a kind of duty; when a time began, and what it asked of everybody.
_Whose = tuple[uuid.UUID | None, str]
_Asked = tuple[dt.datetime, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class WeekThen:
    """The calendar of a week for those a decision could concern, who of them held what, and their
    ranks."""

    taken: tuple[Taken, ...]
    holds: Held
    ranks: Mapping[str, int]


class Calendars:
    """The calendars of everybody whom the times of some duties could concern; asked for once."""

    def __init__(
        self, spans: Mapping[uuid.UUID, Sequence[TakenThen]], asked: Mapping[_Whose, list[_Asked]]
    ) -> None:
        self._asked = asked
        self._spans = {
            key: sorted(several, key=lambda one: (one.begins, one.ref))
            for key, several in spans.items()
        }
        self._begins = {key: [one.begins for one in kept] for key, kept in self._spans.items()}
        self._ranks = rank_places(list(spans))
        self._held: dict[tuple[str, dt.date, frozenset[uuid.UUID]], frozenset[str] | None] = {}

    @classmethod
    def of(cls, duties: Sequence[ClosedDuty]) -> Calendars:
        """Of everybody in the pools of these duties. Six queries."""
        frames = [each for one in duties for each in one.decisions if each.kind == "FRAME"]
        people = sorted({each.person_id for one in frames for each in one.pool})
        if not frames:
            return cls({}, {})
        asked: dict[_Whose, list[_Asked]] = {}
        for one in duties:
            for each in one.decisions:
                if each.kind == "FRAME" and each.needs:
                    asked.setdefault((one.team_id, one.kind), []).append(
                        (each.starts_at, each.needs)
                    )
        begins = min(one.starts_at for one in frames) - _WEEK - LONGEST
        ends = max(one.ends_at for one in frames) + _WEEK + LONGEST
        known = times_taken.taken(people, begins=begins, ends=ends)
        return cls({key: known.get(key, []) for key in people}, asked)

    def week(self, duty: ClosedDuty, frame: Decision) -> WeekThen:
        """What was known of the week of a time when it was set, without the duty itself."""
        local = frame.starts_at.astimezone(instants.zone_info(frame.zone))
        monday = frame.starts_at - dt.timedelta(days=local.weekday() + 1)
        pool = [one.person_id for one in frame.pool]
        taken = [
            one
            for key in pool
            for one in self._taken(key, monday, monday + 2 * _WEEK, set_at=frame.at)
            if one.ref != f"duty:{duty.duty_id}"
        ]
        return WeekThen(
            taken=tuple(
                Taken(
                    who=str(one.person_id),
                    begins=one.begins,
                    ends=one.ends,
                    known_at=one.known_at or frame.at,
                )
                for one in taken
            ),
            holds=self._holds(self._names(duty, frame), frame, pool),
            ranks={str(key): self._ranks[key] for key in pool if key in self._ranks},
        )

    def _taken(
        self, key: uuid.UUID, begins: dt.datetime, ends: dt.datetime, *, set_at: dt.datetime
    ) -> list[TakenThen]:
        """Her spans within a time that were known then; leave is no clash, nothing is longer than
        a month."""
        kept = self._spans.get(key, ())
        starts = self._begins.get(key, [])
        several = kept[bisect_left(starts, begins - LONGEST) : bisect_left(starts, ends)]
        return [
            one
            for one in several
            if one.ends > begins
            and one.what is not Against.LEAVE
            and one.known_at is not None
            and one.known_at <= set_at
        ]

    def _names(self, duty: ClosedDuty, frame: Decision) -> list[str]:
        """What this time asks of everybody, and those that its team chose for the same in the weeks
        with which it is compared: whatever else was read changes nothing."""
        begins = frame.starts_at
        found = set(frame.needs)
        for at, needs in self._asked.get((duty.team_id, duty.kind), ()):
            if begins - OLDEST <= at <= begins:
                found.update(needs)
        return sorted(found)

    def _holds(self, names: Sequence[str], frame: Decision, pool: Sequence[uuid.UUID]) -> Held:
        """Who of the pool held each of these positions."""
        found = {}
        for name in names:
            key = (name, frame.starts_at.date(), frozenset(pool))
            if key not in self._held:
                fits = holders(name, pool, at=frame.starts_at, until=frame.ends_at)
                self._held[key] = None if fits is None else frozenset(map(str, fits))
            if (held := self._held[key]) is not None:
                found[name] = held
        return found
