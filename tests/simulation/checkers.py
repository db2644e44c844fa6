"""The promises as checkers. Each judges by the world's own opinion (`outings.py`) and by what the
provider took, and says what is wrong in a sentence with the instant.

"Within 60 s" is stretched by what the promises allow: a kill adds its restart and 10 s, a time in
which no watchkeeper ran or no phone of anybody could be reached ends first, and a line that failed
is tried again after 132 s at most. What every provider refused for good is not tried again: the
alarm rings with the next repetition of its last step, an hour later at most.
"""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmState, DeadlineState
from tests.simulation import outages
from tests.simulation.database import is_quiet
from tests.simulation.last_words import last_words
from tests.simulation.outings import HOLD, LASTS, OTHERS_TURN, Expectation, Outing
from tests.simulation.provider import Receipt

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation

SOON = dt.timedelta(seconds=60)
AFTER_A_KILL = dt.timedelta(seconds=10)
LONGEST_BACKOFF = dt.timedelta(seconds=150)
LONGEST_PAUSE = dt.timedelta(minutes=62)
STOPS_WITHIN = dt.timedelta(seconds=5)
LATER = dt.timedelta(minutes=10)


class Broken(BaseException):
    """A promise was broken, and how. No handler of the product may see it."""


class Checkers:
    """All checkers of one world."""

    def __init__(self, world: Simulation) -> None:
        self._world = world
        self._newest = 0
        self._ended: set[uuid.UUID] = set()
        self.opened = 0

    def broken(self, promise: str, sentence: str) -> NoReturn:
        """Say which promise is broken, and end the world."""
        raise Broken(f"{promise}: at {self._world.clock_text()} {sentence}")

    # --- how long things may take ---------------------------------------------------------------

    def settled_by(self, since: dt.datetime, outing: Outing | None = None) -> dt.datetime | None:
        """Until when something that was due at `since` must have happened; None while that cannot
        be said yet, for nobody watches or nobody can be reached."""
        until = since + SOON + self._world.skew
        for _ in range(50):
            was = until
            after_all = self._after_the_dark(since, self._after_disturbances(since, until))
            if after_all is None:
                return None
            until = after_all
            if outing is not None and outing.held_at is not None:
                until = max(until, outing.held_at + HOLD + SOON + self._world.skew)
            if until == was:
                return until
        return None

    def _after_disturbances(self, since: dt.datetime, until: dt.datetime) -> dt.datetime:
        world = self._world
        for at, seconds in world.disturbances:
            if since - SOON <= at <= until:
                until = max(until, since + SOON + world.skew + AFTER_A_KILL)
                until = max(until, at + dt.timedelta(seconds=seconds) + outages.LEASE)
        for at in world.provider.changes:
            if since - SOON <= at <= until:
                until = max(until, at + LONGEST_BACKOFF)
        return until

    def _after_the_dark(self, since: dt.datetime, until: dt.datetime) -> dt.datetime | None:
        provider = self._world.provider
        for began, ended in [*self._world.unwatched, *provider.dark]:
            if began > until or (ended is not None and ended < since - SOON):
                continue
            if ended is None:
                return None
            for_good = ended in provider.refused_for_good
            until = max(until, ended + (LONGEST_PAUSE if for_good else LONGEST_BACKOFF))
        return until

    def _when_settled(
        self, since: dt.datetime, outing: Outing, again: object, *words: object
    ) -> bool:
        """Whether it can be judged now; if not, `again` is called when it can."""
        until = self.settled_by(since, outing)
        now = self._world.now
        if until is not None and until < now:
            return True
        at = until + dt.timedelta(seconds=1) if until is not None else now + LATER
        self._world.later(at, lambda: again(*words))  # type: ignore[operator]
        return False

    # --- P1, P6: overdue reaches a human, and nobody else does ----------------------------------

    def expect(self, outing: Outing, expectations: list[Expectation]) -> None:
        """Judge these when their times come."""
        for one in expectations:
            for at, check in ((one.due_at, self.opened_in_time), (one.call_out_at, self.told)):
                by = at + SOON + self._world.skew + dt.timedelta(seconds=1)
                self._world.later(by, partial(check, outing, one))

    def opened_in_time(self, outing: Outing, one: Expectation) -> None:
        """P1, first half: whoever is overdue has an open alarm."""
        if one.over_at is not None or not outing.is_out:
            return
        if not self._when_settled(one.due_at, outing, self.opened_in_time, outing, one):
            return
        if not self._open_alarm(outing):
            self.broken(
                "P1", f"{outing.name} is overdue since {one.due_at:%H:%M:%S} and no alarm is open."
            )

    def told(self, outing: Outing, one: Expectation) -> None:
        """P1: from the call-out time on a human has been told within a minute."""
        going_on = one.alarm is not None and one.alarm == outing.alarm
        if not outing.is_out or (one.over_at is not None and not going_on):
            return
        first = min(one.call_out_at, outing.alert_from or one.call_out_at)
        outing.alert_from = first
        if self._was_told(outing, first):
            return
        if self._when_settled(one.call_out_at, outing, self.told, outing, one):
            self.broken(
                "P1",
                f"nobody has been told about {outing.name}, whose call-out time was "
                f"{one.call_out_at:%H:%M:%S}: lost.",
            )

    def _was_told(self, outing: Outing, since: dt.datetime) -> bool:
        since -= self._world.skew + dt.timedelta(seconds=5)
        taken = [until - LASTS for until in outing.hands.values()]  # one alone of two knows, too
        if any(at >= since for at in (*taken, *filter(None, [outing.taken_at]))):
            return True
        told = self._world.provider.told.get(outing.alarm or "", [])
        return any(receipt.at >= since for receipt in told)

    def help_is_heard(self, outing: Outing, asked_at: dt.datetime) -> None:
        """HELP is told within a minute."""
        if not outing.is_out or outing.ended(asked_at):
            return
        if self._was_told(outing, asked_at):
            return
        if self._when_settled(asked_at, outing, self.help_is_heard, outing, asked_at):
            self.broken("P1", f"{outing.name} asked for HELP and nobody has been told.")

    def after_a_look(self) -> None:
        """P6: every alarm that has been opened has a reason; P3: none has ended by itself."""
        world = self._world
        rows = Alarm.objects.filter(number__gt=self._newest).select_related("subject")
        for alarm in rows.order_by("number"):
            self._newest = alarm.number
            self.opened += 1
            outing = world.by_ref[alarm.subject.ref]
            is_open = alarm.state == AlarmState.OPEN  # somebody may have been quick
            if is_open:
                outing.alarm_begins(f"alarm:{alarm.pk}", since=world.event_at)
            world.tell(f"{alarm} is opened for {outing.name}")
            reasons = self._reasons(outing, alarm.opened_at)
            for one in reasons:
                one.alarm = f"alarm:{alarm.pk}"
            times = [one.call_out_at for one in reasons] + outing.asked_for_help(alarm.opened_at)
            outing.alert_from = min(times, default=None) if is_open else None
            if not times:
                self.broken(
                    "P6", f"{alarm} was opened for {outing.name}, of whom nothing was due: false."
                )

    def _reasons(self, outing: Outing, opened_at: dt.datetime) -> list[Expectation]:
        """What was due by the clock that opened the alarm: not met yet, or else met in this very
        event, by somebody who was quick."""
        due = [one for one in outing.expectations if one.due_at <= opened_at and one.alarm is None]
        waiting = [one for one in due if one.over_at is None]
        return waiting or [one for one in due if one.over_at == self._world.event]

    # --- P3: an alarm ends by people only, and never falls silent -------------------------------

    def sweep_if_any(self) -> None:
        """`sweep`, but at once while nobody is out, nothing is open and nothing has ended since."""
        if self._world.is_anybody_out() or not is_quiet(ended=len(self._ended)):
            self.sweep()

    def sweep(self) -> None:
        """What must hold of every open alarm and of everybody who is out, at any moment."""
        world = self._world
        open_ones = {a.subject.ref: a for a in self._alarms(AlarmState.OPEN)}
        rows = Deadline.objects.filter(state=DeadlineState.OPEN).exclude(kind="KIN")
        waiting = set(rows.values_list("subject__ref", flat=True))
        for outing in world.outings:
            if outing.is_out and outing.ref not in open_ones and outing.ref not in waiting:
                self.broken("P1", f"{outing.name} is out without a deadline and without an alarm.")
        for ref, alarm in open_ones.items():
            self._keeps_ringing(world.by_ref[ref], alarm)
        for alarm in self._alarms(AlarmState.ENDED):
            if alarm.pk not in self._ended:
                self._ended.add(alarm.pk)
                if alarm.ended_at not in world.by_ref[alarm.subject.ref].person_ended_at:
                    self.broken("P3", f"{alarm} has ended, and no person ended it.")

    def _alarms(self, state: AlarmState) -> list[Alarm]:
        rows = Alarm.objects.filter(state=state).exclude(pk__in=self._ended)
        return list(rows.select_related("subject").order_by("number"))

    def _keeps_ringing(self, outing: Outing, alarm: Alarm) -> None:
        world = self._world
        if not outing.is_out:
            self.broken("P3", f"{alarm} is open, and everybody of {outing.name} is back.")
        if alarm.act_at is None or alarm.act_at > max(world.now, alarm.call_out_at) + LONGEST_PAUSE:
            self.broken("P3", f"{alarm} has no next act in the near future ({alarm.act_at}).")
        if outing.alert_from is None or world.now < outing.alert_from:
            return
        told = world.provider.told.get(outing.alarm or "", [])
        since = max([outing.alert_from, *([told[-1].at] if told else [])])
        since = max(since, outing.taken_until or since, (outing.held_at or since) + HOLD)
        until = self.settled_by(since + LONGEST_PAUSE, outing)
        if until is not None and until < world.now:
            self.broken("P3", f"{alarm} is open and has been silent since {since:%d %H:%M:%S}.")

    def lapses(self, outing: Outing, taken_at: dt.datetime) -> None:
        """P3: an acknowledgement that is not renewed expires, and the alarm comes back."""
        until = outing.taken_until
        if outing.taken_at != taken_at or until is None or not outing.is_out or outing.doubtful:
            return
        told = self._world.provider.told.get(outing.alarm or "", [])
        since = min(taken_at + STOPS_WITHIN, until - self._world.skew)
        if any(receipt.at >= since for receipt in told):
            return
        hears = self._world.provider.takes_for(set(outing.hands), since=until - SOON)
        turns = (until, until) if hears else (until, until + OTHERS_TURN)
        if all(self._when_settled(at, outing, self.lapses, outing, taken_at) for at in turns):
            self.broken(
                "P3", f"{outing.name} was taken until {until:%H:%M:%S}; it never came back."
            )

    # --- P5: repeats, and calls after somebody took it ------------------------------------------

    def received(self, receipt: Receipt) -> None:
        """A message arrives: was it still to be sent?"""
        if not receipt.alarm or not receipt.code:
            return
        outing = self._world.outing_of(receipt.alarm)
        if self._world.provider.rises(receipt):
            outing.rises(receipt.at)
        if outing.taken_at is None:
            self._spares_the_first(outing, receipt)
            return
        skew, at = self._world.skew, receipt.at
        assert outing.taken_until is not None, "taken means taken until"
        if not outing.taken_at + STOPS_WITHIN < at < outing.taken_until - skew:
            return
        since = outages.seen_until(self._world, outing.taken_at) - skew
        if not outing.moved(since, at + skew) and not outages.comes_again(self._world, receipt):
            self.broken("P5", f"{receipt.address} is rung though {outing.name} was taken.")

    def _spares_the_first(self, outing: Outing, receipt: Receipt) -> None:
        """Of two who must take it one has: others are rung, she is not."""
        who, skew = receipt.address.removesuffix("+mail"), self._world.skew
        until, text = outing.hands.get(who), receipt.outgoing.text
        if until is None or "could not be judged" in text or "reached nobody" in text:
            return
        taken_at = until - LASTS
        if len(outing.hands) > 1 or not taken_at + STOPS_WITHIN < receipt.at < until - skew:
            return
        if not outing.moved(outages.seen_until(self._world, taken_at) - skew, receipt.at + skew):
            self.broken("P5", f"{who} is rung though {outing.name} waits for a second person only.")

    # --- P7: after an outage --------------------------------------------------------------------

    def outage_ends(self, began: dt.datetime, ended: dt.datetime) -> None:
        """Nobody watched for a while; judge what follows when it should be done."""
        if ended - began > outages.SHORTEST_OUTAGE + 2 * self._world.skew:
            judge = partial(self._after_an_outage, began, ended)
            self._world.later(ended + outages.CATCH_UP, judge)

    def _after_an_outage(self, began: dt.datetime, ended: dt.datetime) -> None:
        for sentence in outages.after_an_outage(self._world, began, ended):
            self.broken("P7", sentence)

    # --- at the end -----------------------------------------------------------------------------

    def at_the_end(self) -> None:
        """Nobody worries about anybody any more, and the database says what the world says."""
        if still := self._alarms(AlarmState.OPEN):
            self.broken("P3", f"{still[0]} is open, and everybody is back.")
        for promise, sentence in last_words(self._world):
            self.broken(promise, sentence)

    def _open_alarm(self, outing: Outing) -> bool:
        return Alarm.objects.filter(subject__ref=outing.ref, state=AlarmState.OPEN).exists()
