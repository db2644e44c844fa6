"""What is kept of a team's earlier decisions, to know what an even hand would give now. Pure.

Bounded: 56 frames of each kind, and of each member two shares, what is too young for her own past,
and 120 remembered differences. Also when each last did something with the others.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from homeby import instants
from homeby.welfare.rules import chances
from homeby.welfare.rules.activities import FrameSet, Who
from homeby.welfare.rules.chances import FRAMES_MOST, Share

WEEK, DAY = dt.timedelta(weeks=1), dt.timedelta(days=1)
#: What is younger than the second is no measure yet, what is older than the first none any more.
OLDEST, FRAMES_YOUNGEST, FACTS_YOUNGEST = 60 * WEEK, 4 * WEEK, 8 * WEEK
DIFFERENCES_MOST = 120
GAPS_MOST = 120


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A frame by itself, to be laid over any week: from when until when (of the local week), and
    what it asks. To the minute, where `LEFTOUT.md` 2 speaks of four hours: no clash is counted
    that is none; the frame that was chosen and those it is compared with are laid alike."""

    begins: dt.timedelta
    ends: dt.timedelta
    needs: tuple[str, ...] = ()
    rank_place: int | None = None


def _local(at: dt.datetime, zone: str) -> dt.datetime:
    return at.astimezone(instants.zone_info(zone)).replace(tzinfo=None)


def _monday(frame: FrameSet) -> dt.datetime:
    begins = _local(frame.begins, frame.zone)
    return dt.datetime.combine(begins.date() - dt.timedelta(days=begins.weekday()), dt.time())


def slot_of(frame: FrameSet) -> Slot:
    """The slot that a frame is."""
    monday = _monday(frame)
    return Slot(
        begins=_local(frame.begins, frame.zone) - monday,
        ends=_local(frame.ends, frame.zone) - monday,
        needs=frame.needs,
        rank_place=frame.rank_place,
    )


class Week:
    """The calendar of the week of a frame, as it was known when the frame was set."""

    def __init__(self, frame: FrameSet, pool: Sequence[Who]) -> None:
        self._frame, self._pool, monday = frame, pool, _monday(frame)
        self._spans: dict[Who, list[tuple[dt.timedelta, dt.timedelta]]] = {}
        for one in frame.taken:
            if one.known_at <= frame.set_at:
                span = tuple(_local(at, frame.zone) - monday for at in (one.begins, one.ends))
                self._spans.setdefault(one.who, []).append((span[0], span[1]))

    def leaves(self, slot: Slot) -> list[bool]:
        """Whom of the pool a slot leaves able to come, in its order."""
        return [self._fits(who, slot) and self._is_free(who, slot) for who in self._pool]

    def _is_free(self, who: Who, slot: Slot) -> bool:
        spans = self._spans.get(who, ())
        return not any(begins < slot.ends and slot.begins < ends for begins, ends in spans)

    def _fits(self, who: Who, slot: Slot) -> bool:
        if slot.rank_place is not None:
            place = self._frame.ranks.get(who)
            if place is None or place > slot.rank_place:
                return False
        holds = self._frame.holds
        return all(who in holds[need] for need in slot.needs if need in holds)


@dataclass
class OwnPast:
    """What is usual for a member, of facts older than eight weeks; younger ones wait. What came
    while she was doubted for already never becomes usual."""

    share: Share = field(default_factory=Share)
    waiting: deque[tuple[dt.datetime, float, float]] = field(default_factory=deque)

    def at(self, at: dt.datetime) -> Share:
        """Her past as it stands then; what has come of age is taken in."""
        while self.waiting and at - self.waiting[0][0] > FACTS_YOUNGEST:
            _at, well, fair = self.waiting.popleft()
            self.share = self.share.with_fact((well, fair))
        return self.share


def _is_one_too_many(known: deque[tuple[dt.datetime, float]], at: dt.datetime) -> bool:
    """Whether as many as are ever looked at, and one more, are of age."""
    return len(known) > DIFFERENCES_MOST and at - known[DIFFERENCES_MOST][0] >= FACTS_YOUNGEST


@dataclass
class Memory:
    """What is remembered of one team."""

    frames: dict[str, deque[tuple[dt.datetime, Slot]]] = field(default_factory=dict)
    shares: dict[Who, Share] = field(default_factory=dict)
    pasts: dict[Who, OwnPast] = field(default_factory=dict)
    differences: dict[Who, deque[tuple[dt.datetime, float]]] = field(default_factory=dict)
    last_crew: frozenset[Who] = frozenset()
    usual_from: dict[Who, dt.datetime] = field(default_factory=dict)
    met: dict[Who, dt.datetime] = field(default_factory=dict)
    gaps: deque[float] = field(default_factory=lambda: deque(maxlen=GAPS_MOST))
    did_at: dt.datetime | None = None

    def usual_frames(
        self, kind: str, *, begins: dt.datetime, since: dt.datetime | None = None
    ) -> dict[Slot, int]:
        """The frames of a kind that this team chose lately (since an instant), each with how often;
        the newest 56."""
        known = sorted(self.frames.get(kind, ()), key=lambda one: one[0])
        lately = [
            slot
            for at, slot in known
            if FRAMES_YOUNGEST <= begins - at <= OLDEST and (since is None or since <= at)
        ]
        found: dict[Slot, int] = {}
        for slot in lately[-FRAMES_MOST:]:
            found[slot] = found.get(slot, 0) + 1
        return found

    def remember_frame(self, kind: str, frame: FrameSet) -> None:
        """One frame more; those that can be of no use any more are forgotten."""
        kept = self.frames.setdefault(kind, deque())
        kept.append((frame.begins, slot_of(frame)))
        while kept and frame.begins - kept[0][0] > OLDEST + FRAMES_YOUNGEST:
            kept.popleft()

    def regulars(self, who: Iterable[Who]) -> frozenset[Who]:
        """Who of these practically always goes."""
        return frozenset(one for one in who if self.shares.get(one, Share()).is_regular)

    def usual_of(self, who: Who, *, at: dt.datetime) -> Share:
        """What is usual for a member."""
        return self.pasts.setdefault(who, OwnPast()).at(at)

    def habit(self, *, at: dt.datetime) -> float:
        """How far the crews of this team repeat."""
        runs = []
        for known in self.differences.values():
            run = [one for when, one in known if FACTS_YOUNGEST <= at - when <= OLDEST]
            runs.append(run[-DIFFERENCES_MOST:])
        return chances.habit(runs)

    def remember_pick(
        self, who: Who, *, at: dt.datetime, well: float, fair: float, is_doubted: bool
    ) -> None:
        """One fact more of a choice of people, by an even hand (with regulars)."""
        self.shares[who] = self.shares.get(who, Share()).with_fact((well, fair))
        known = self.differences.setdefault(who, deque())
        known.append((at, well - fair))
        while at - known[0][0] > OLDEST or _is_one_too_many(known, at):
            known.popleft()
        if not is_doubted:
            self.pasts.setdefault(who, OwnPast()).waiting.append((at, well, fair))

    def remember_together(self, crew: Iterable[Who], *, at: dt.datetime) -> None:
        """Some of them did something together: when each did so last, and after how many days."""
        several = sorted(crew)
        if len(several) < 2:
            return
        self.did_at = at if self.did_at is None else max(self.did_at, at)
        for who in several:
            before = self.met.get(who)
            if before is not None and before < at:
                self.gaps.append((at - before) / DAY)
            self.met[who] = at if before is None else max(before, at)

    def forget(self, who: Who) -> None:
        """She has left the team, or comes back to it: nothing of before counts."""
        for kept in (self.shares, self.pasts, self.differences, self.usual_from, self.met):
            kept.pop(who, None)

    def begin_anew(self, who: Who, *, at: dt.datetime) -> None:
        """What is usual for her begins now."""
        self.pasts.pop(who, None)
        self.usual_from[who] = at
