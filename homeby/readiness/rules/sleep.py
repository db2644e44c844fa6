"""When somebody slept: a history that both models of alertness read. Pure.

Times are instants (aware). What nobody told is assumed in a stated way (`ROSTER.md` 4.1): every
night from 23:00 to 07:00 local time, cut by duty with an hour on each side.
"""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.instants import resolve
from homeby.sentences import gettext as _

#: The night that is assumed where nobody told, and what is left free beside a duty.
NIGHT_BEGINS, NIGHT_ENDS = dt.time(23), dt.time(7)
BESIDE_DUTY = dt.timedelta(hours=1)
#: A piece of an assumed night shorter than this is no sleep.
PIECE_LEAST = dt.timedelta(minutes=30)
#: So many days back a history is put together; both models have forgotten most of it by then.
DAYS_BACK = 14

Span = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True, order=True)
class Sleep:
    """Asleep from one instant until another. `told` False: assumed, because nobody said."""

    asleep_at: dt.datetime
    awake_at: dt.datetime
    told: bool = True


class NoHistory(ValueError):
    """Sleeps that are no history; the text is the sentence to show."""


@dataclass(frozen=True)
class State:
    """Awake or asleep since when, at one instant."""

    awake: bool
    since: dt.datetime


class History:
    """Sleeps in order, none over another, from an instant at which she was awake."""

    def __init__(self, *, starts_at: dt.datetime, sleeps: Sequence[Sleep]) -> None:
        """Sorts them, and joins those that touch. Raises NoHistory with a sentence."""
        self.starts_at = starts_at.astimezone(dt.UTC)
        joined: list[Sleep] = []
        for one in sorted(sleeps):
            _reject_nonsense(one, after=self.starts_at)
            if joined and one.asleep_at < joined[-1].awake_at:
                raise NoHistory(
                    _(
                        "Two sleeps overlap: one ends at {ends}, the next begins at {begins}."
                    ).format(ends=_utc(joined[-1].awake_at), begins=_utc(one.asleep_at))
                )
            if joined and one.asleep_at == joined[-1].awake_at:
                both_told = one.told and joined[-1].told
                one = Sleep(joined.pop().asleep_at, one.awake_at, both_told)
            joined.append(one)
        self.sleeps = tuple(joined)
        #: Every change of state: awake from the start, then asleep, awake, asleep ...
        self.edges: tuple[State, ...] = (
            State(awake=True, since=self.starts_at),
            *itertools.chain.from_iterable(
                (State(False, one.asleep_at), State(True, one.awake_at)) for one in self.sleeps
            ),
        )
        self._times = [edge.since for edge in self.edges]

    def place(self, at: dt.datetime) -> int:
        """The number of the state at this instant; an edge belongs to the state it begins."""
        assert at >= self.starts_at, "nothing is known before a history starts"
        return bisect.bisect_right(self._times, at) - 1

    def state(self, at: dt.datetime) -> State:
        """Awake or asleep, and since when."""
        return self.edges[self.place(at)]


def _reject_nonsense(one: Sleep, *, after: dt.datetime) -> None:
    if one.awake_at <= one.asleep_at:
        raise NoHistory(
            _("A sleep ends at {ends}, before or as it begins at {begins}.").format(
                ends=_utc(one.awake_at), begins=_utc(one.asleep_at)
            )
        )
    if one.asleep_at < after:
        raise NoHistory(
            _("A sleep begins at {begins}, before the history does at {starts}.").format(
                begins=_utc(one.asleep_at), starts=_utc(after)
            )
        )


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def hours_between(first: dt.datetime, second: dt.datetime) -> float:
    """Hours from one instant to another."""
    return (second - first).total_seconds() / 3600


def without(span: Span, taken: Sequence[Span]) -> list[Span]:
    """What is left of a span where the taken ones are cut out of it."""
    left = [span]
    for begins, ends in taken:
        left = [
            piece
            for first, last in left
            for piece in ((first, min(last, begins)), (max(first, ends), last))
            if piece[0] < piece[1]
        ]
    return left


def history(
    *, told: Sequence[Sleep], duties: Sequence[Span], zone: str, now: dt.datetime
) -> History:
    """What is known and assumed of the last `DAYS_BACK` days until `now`.

    A night about which she said something is hers: an assumed one is dropped where a told sleep
    touches it. It starts awake, as nights end. Raises NoHistory where told sleeps overlap.
    """
    today = now.astimezone(dt.UTC).date()
    nights = [today + dt.timedelta(days=days) for days in range(-DAYS_BACK - 1, 2)]
    walls = [
        (dt.datetime.combine(day, NIGHT_BEGINS), dt.datetime.combine(day, NIGHT_ENDS))
        for day in nights
    ]
    spans = [
        (resolve(begins, zone).instant, resolve(ends + dt.timedelta(days=1), zone).instant)
        for begins, ends in walls
    ]
    starts_at = spans[0][1]
    kept = [one for one in told if starts_at <= one.asleep_at < now]
    taken = [(begins - BESIDE_DUTY, ends + BESIDE_DUTY) for begins, ends in duties]
    assumed = [
        Sleep(begins, min(ends, now), told=False)
        for night in spans[1:]
        if not any(one.asleep_at < night[1] and night[0] < one.awake_at for one in kept)
        for begins, ends in without(night, taken)
        if ends - begins >= PIECE_LEAST and begins < now
    ]
    return History(starts_at=starts_at, sleeps=[*kept, *assumed])
