"""Pauses of the watch, as the logbook alone shows them: a second opinion on "is it paused".

A pause counts here only if two people stand behind it, each by an entry of their own, or if its
notice was in the logbook a day before it began; and never for longer than any setting allows. What
does not count excuses nobody: then missed deadlines are missed, and the heartbeat says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

TABLE = "watch.pause"
_NOTICE = dt.timedelta(hours=24)
_LONGEST = dt.timedelta(hours=72)
_SKEW = dt.timedelta(minutes=1)
_KEPT = 50


@dataclass
class Seen:
    """One pause: its row, and which entries of whom brought it so far."""

    row: dict[str, Any]
    asked_by: str | None
    asked_at: dt.datetime
    began_by: str | None = None
    began_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None

    @property
    def counts(self) -> bool:
        """Whether enough people stand behind it."""
        if self.began_at is None or self.asked_by is None or self._lasts() > _LONGEST:
            return False
        if self.began_by is not None:
            return self.began_by != self.asked_by
        return self.began_at - self.asked_at >= _NOTICE

    def _lasts(self) -> dt.timedelta:
        assert self.began_at is not None, "it has begun"
        return self.until_at - self.began_at

    @property
    def until_at(self) -> dt.datetime:
        """When it ends by itself."""
        return dt.datetime.fromisoformat(str(self.row["until_at"]))

    @property
    def over_at(self) -> dt.datetime:
        """When it ended, or will."""
        return min(self.until_at, self.ended_at or self.until_at)

    def covers(self, at: dt.datetime) -> bool:
        """Whether the watch was paused then."""
        if self.began_at is None or not self.counts:
            return False
        return self.began_at - _SKEW <= at < self.over_at


@dataclass
class Pauses:
    """All pauses of late."""

    seen: dict[str, Seen] = field(default_factory=dict)

    def note(self, key: str, values: Mapping[str, Any], actor: str | None, at: dt.datetime) -> None:
        """Take in what an entry says of a pause. `actor` is whose entry it is, None where it is no
        person's."""
        one = self.seen.get(key)
        if one is None:
            one = self.seen[key] = Seen(row=dict(values), asked_by=actor, asked_at=at)
            self._let_go()
        one.row.update(values)
        if values.get("state") == "PAUSED":
            one.began_by, one.began_at = actor, at
        elif values.get("state") == "OVER":
            one.ended_at = at

    def _let_go(self) -> None:
        while len(self.seen) > _KEPT:
            del self.seen[next(iter(self.seen))]

    def now(self, at: dt.datetime) -> Seen | None:
        """The pause that holds at an instant."""
        return next((one for one in self.seen.values() if one.covers(at)), None)

    def stretches(self) -> Iterator[tuple[dt.datetime, dt.datetime]]:
        """From when until when the watch was paused, each time."""
        for one in self.seen.values():
            if one.began_at is not None and one.counts:
                yield one.began_at, one.over_at

    def due_since(self, due_at: dt.datetime) -> dt.datetime:
        """Since when a deadline of this hour had to be judged: of one that fell into a pause, since
        the pause was over."""
        for began_at, over_at in sorted(self.stretches()):
            if began_at - _SKEW <= due_at < over_at:
                due_at = over_at
        return due_at
