"""What must be true of everybody who is out, told a second time and simply: the world's own opinion
of who is out, by when they must be heard from, and who took an alarm. It never asks the station.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

from homeby.missions.models import Mission

FUTURE_LIMIT = dt.timedelta(minutes=2)
HOLD = dt.timedelta(minutes=20)
LASTS = dt.timedelta(minutes=20)  # an acknowledgement
ONE_MOMENT = dt.timedelta(seconds=5)
OTHERS_TURN = dt.timedelta(minutes=5)  # when its holder does not answer either


@dataclass(eq=False, kw_only=True)
class Expectation:
    """By when we must have heard, and when help is called. `over_at` is the number of the event in
    which it was met or replaced, `alarm` the alarm that was opened for it."""

    kind: str
    due_at: dt.datetime
    call_out_at: dt.datetime
    over_at: int | None = None
    alarm: str | None = None


@dataclass(eq=False, kw_only=True)
class Outing:
    """One mission as it was planned and as it went."""

    number: int
    mission_id: uuid.UUID
    party: tuple[str, ...]
    due_at: dt.datetime
    grace: dt.timedelta
    check_in_minutes: int | None
    out: set[str] = field(default_factory=set)
    was_out: bool = False
    out_at: dt.datetime | None = None
    heard_at: dt.datetime | None = None
    expectations: list[Expectation] = field(default_factory=list)
    alarm: str | None = None
    alert_from: dt.datetime | None = None
    held_at: dt.datetime | None = None
    held_perhaps: bool = False  # heard in the very event in which the alarm was opened
    taken_at: dt.datetime | None = None
    taken_until: dt.datetime | None = None
    two_must_take: bool = False
    hands: dict[str, dt.datetime] = field(default_factory=dict)
    had: set[str] = field(default_factory=set)
    offered: tuple[str, str] | None = None  # to whom, by whom
    doubtful: bool = False  # who of two has it was a matter of whose clock
    planned_check_ins: list[dt.datetime] = field(default_factory=list)
    checked_in_at: list[dt.datetime] = field(default_factory=list)
    helps: list[dt.datetime] = field(default_factory=list)
    offers: list[dt.datetime] = field(default_factory=list)
    person_ended_at: set[dt.datetime] = field(default_factory=set)

    @property
    def ref(self) -> str:
        """The text by which the watch knows it."""
        return Mission(id=self.mission_id).ref

    @property
    def name(self) -> str:
        """How the story calls it."""
        return f"outing {self.number} ({', '.join(self.party)})"

    @property
    def is_out(self) -> bool:
        """Whether anybody of it is out."""
        return bool(self.out)

    def active(self, kind: str | None = None) -> list[Expectation]:
        """What still must happen."""
        return [e for e in self.expectations if e.over_at is None and kind in (None, e.kind)]

    @property
    def is_finished(self) -> bool:
        """Whether all of it are back."""
        return self.was_out and not self.out

    def missed_so_far(self, now: dt.datetime, *, event: int) -> None:
        """A person stood the alarm down: what was missed until now is answered."""
        for one in self.active():
            if one.due_at <= now:
                one.over_at = event

    def ended(self, since: dt.datetime) -> bool:
        """Whether a person has ended an alarm about it since then."""
        return any(at >= since for at in self.person_ended_at)

    def asked_for_help(self, now: dt.datetime) -> list[dt.datetime]:
        """When HELP was asked for until now, and no alarm was ended since. In the very moment in
        which one is, it opens another."""
        return [at for at in self.helps if at == now or (at < now and not self.ended(at))]

    def met(self, event: int, kind: str | None = None) -> None:
        """Expectations of a kind (or all) are met or replaced."""
        for one in self.active(kind):
            one.over_at = event

    def expect(self, kind: str, due_at: dt.datetime, call_out_at: dt.datetime) -> Expectation:
        """From now on this must happen."""
        one = Expectation(kind=kind, due_at=due_at, call_out_at=call_out_at)
        self.expectations.append(one)
        return one

    def signed_out(
        self, people: list[str], *, happened_at: dt.datetime, now: dt.datetime
    ) -> list[Expectation]:
        """These people left."""
        self.out |= set(people)
        if self.was_out:
            return []
        self.was_out = True
        self.out_at = self.heard_at = bounded(happened_at, now)
        back = self.expect("RETURN", self.due_at, self.due_at + self.grace)
        return [back, *self._next_check_in(now)]

    def _next_check_in(self, now: dt.datetime) -> list[Expectation]:
        if self.check_in_minutes is None or self.heard_at is None:
            return []
        due_at = max(self.heard_at + dt.timedelta(minutes=self.check_in_minutes), now)
        if due_at >= self.due_at:
            return []
        wait = dt.timedelta(minutes=min(30, max(5, self.check_in_minutes // 4)))
        return [self.expect("CHECK_IN", due_at, due_at + wait)]

    def checked_in(
        self, *, happened_at: dt.datetime, now: dt.datetime, event: int, a_step_since: bool
    ) -> list[Expectation]:
        """ "We are fine": news only if it is newer than what we knew; it never moves the return."""
        heard_at = bounded(happened_at, now)
        if not self.out or (self.heard_at is not None and heard_at <= self.heard_at):
            return []
        self.heard_at = heard_at
        self.checked_in_at.append(now)
        self.met(event, "CHECK_IN")
        if a_step_since or self.alarm is None or self.held_at is None or self.held_perhaps:
            self.held_at, self.held_perhaps = now, False
        return self._next_check_in(now)

    def signed_in(
        self, people: list[str], *, happened_at: dt.datetime, now: dt.datetime, event: int
    ) -> bool:
        """These people are back; says whether now nobody of it is missing."""
        self.out -= set(people)
        back_at = max(bounded(happened_at, now), self.out_at or now)
        if self.out:
            self.heard_at = max(back_at, self.heard_at or back_at)
            return False
        self.met(event)
        self.over(now)
        return True

    def more_time(
        self, due_at: dt.datetime, *, asked_at: dt.datetime, now: dt.datetime, event: int
    ) -> list[Expectation]:
        """A person granted more time."""
        self.due_at = due_at
        self.met(event, "RETURN")
        back = self.expect("RETURN", due_at, due_at + self.grace)
        self.heard_at = max(self.heard_at or asked_at, asked_at)
        following = self._next_check_in(now)
        if following:
            for old in self.active("CHECK_IN")[:-1]:
                old.over_at = event
        return [back, *following]

    def asked_for_time(self, *, now: dt.datetime, event: int) -> list[Expectation]:
        """Whoever asks for more time was heard: the next check-in counts from there. No step is
        held by it, and the return stands."""
        if not self.out or (self.heard_at is not None and now <= self.heard_at):
            return []
        self.heard_at = now
        following = self._next_check_in(now)
        if following:
            for old in self.active("CHECK_IN")[:-1]:
                old.over_at = event
        return following

    def over(self, now: dt.datetime) -> None:
        """A person ended the alarm, if there was one."""
        self.person_ended_at.add(now)
        self.alarm_begins(None, since=None)

    def alarm_begins(self, alarm: str | None, *, since: dt.datetime | None) -> None:
        """A new alarm, and nobody who has it yet, unless somebody was quick since then; None: there
        is no alarm any more."""
        self.alarm, self.alert_from, self.doubtful = alarm, None, False
        if since is None or self.held_at is None or self.held_at < since:
            self.held_at = None
        self.held_perhaps = self.held_at is not None
        if since is None or self.taken_at is None or self.taken_at < since:
            self.untaken()

    def untaken(self) -> None:
        """Nobody has its alarm any more."""
        self.taken_at = self.taken_until = None
        self.hands.clear()

    def rises(self, at: dt.datetime) -> None:
        """It has become an alert: whoever took an uncertainty has not taken that. Whoever took it
        in this very moment may have."""
        self.doubtful |= any(at - (until - LASTS) <= ONE_MOMENT for until in self.hands.values())
        self.untaken()

    def taken(self, who: str, *, now: dt.datetime, until: dt.datetime, skew: dt.timedelta) -> bool:
        """Somebody takes its alarm; whether it counts as taken now. Of two who must, each has it
        for a time of their own; a third takes the place of whoever offered it, or else of whoever
        would be silent first. Who had it before gets no more time than was left."""
        if any(now - skew < at <= now + skew for at in self.hands.values()):
            self.offers.append(now)  # whose time is over is a matter of the clock
            self.doubtful = True
        live = {one: at for one, at in self.hands.items() if at - skew > now}
        if not self.doubtful and not any(at + skew > now for at in self.hands.values()):
            self.had.clear()
        others = {one: at for one, at in live.items() if one != who}
        to, giver = self.offered or ("", "")
        gone = [giver] if to == who and giver in others and who not in live else []
        in_turn = sorted((one for one in others if one not in gone), key=lambda one: others[one])
        gone += in_turn[: max(0, len(others) - len(gone) - self.two_must_take)]
        if gone and who in self.had:
            until = min(until, others[gone[0]])
        self.hands = {one: at for one, at in others.items() if one not in gone} | {who: until}
        self.had.add(who)
        self.offered = None
        self.counts_hands(now)
        return self.taken_at is not None

    def moved(self, since: dt.datetime, until: dt.datetime) -> bool:
        """Whether something happened meanwhile for which people are rung all the same."""
        moments = [one.due_at for one in self.expectations]
        moments += [one.call_out_at for one in self.expectations] + self.helps + self.offers
        moments += [heard_at + HOLD for heard_at in self.checked_in_at]
        return any(since <= moment <= until for moment in moments)

    def counts_hands(self, now: dt.datetime) -> None:
        """Whether those who have it are enough."""
        enough = len(self.hands) > self.two_must_take
        self.taken_at = now if enough else None
        self.taken_until = min(self.hands.values()) if enough else None


def bounded(happened_at: dt.datetime, now: dt.datetime) -> dt.datetime:
    """What a device claims; a claim too far ahead is a wrong clock, and now counts."""
    return now if happened_at > now + FUTURE_LIMIT else happened_at
