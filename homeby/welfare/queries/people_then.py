"""Who was in a team, was hurt, learned from whom, at the time of a decision."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence

from homeby.people.queries.in_teams import TimeInTeam
from homeby.readiness.queries import days

Hurt = tuple[uuid.UUID, dt.datetime, dt.datetime | None]
Taught = tuple[uuid.UUID, uuid.UUID, dt.date, dt.date | None]


class PeopleThen:
    """What is known of people over time."""

    def __init__(
        self,
        *,
        times: Mapping[uuid.UUID, Sequence[TimeInTeam]],
        hurt: Iterable[Hurt],
        taught: Collection[Taught],
    ) -> None:
        self._times, self._taught, self._here = times, taught, days.here()
        self._hurt: dict[uuid.UUID, list[tuple[dt.datetime, dt.datetime | None]]] = {}
        for who, from_at, to_at in hurt:
            self._hurt.setdefault(who, []).append((from_at, to_at))

    def members(
        self, team_id: uuid.UUID | None, *, at: dt.datetime
    ) -> dict[uuid.UUID, dt.datetime]:
        """Who was in a team at an instant, each since when."""
        spans = self._times.get(team_id, ()) if team_id is not None else ()
        return {
            one.person_id: one.from_at
            for one in spans
            if one.from_at <= at and (one.to_at is None or at < one.to_at)
        }

    def is_hurt(self, who: uuid.UUID, *, begins: dt.datetime, ends: dt.datetime) -> bool:
        """Whether she was hurt within a time."""
        return any(
            from_at < ends and (to_at is None or begins < to_at)
            for from_at, to_at in self._hurt.get(who, ())
        )

    def mentees(self, mentor_id: uuid.UUID, *, at: dt.datetime) -> frozenset[str]:
        """Whom a mentor taught at an instant."""
        day = at.astimezone(self._here).date()
        return frozenset(
            str(learner)
            for mentor, learner, from_date, to_date in self._taught
            if mentor == mentor_id and from_date <= day and (to_date is None or day <= to_date)
        )
