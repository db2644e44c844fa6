"""Whoever hears of an alarm: they take it, renew it, hand it over, stand it down, mistype the code,
go off watch, or sleep."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

from homeby.logbook.rules import Tap
from homeby.people.rules import STATION
from homeby.watch.actions import alarms, bill
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import DeadlineState, Watch
from tests.simulation.database import WATCHERS
from tests.simulation.devices import Devices, minutes
from tests.simulation.outings import LASTS, Outing
from tests.simulation.provider import Receipt

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation


class Officers:
    """The watchers of one world."""

    def __init__(self, world: Simulation, devices: Devices) -> None:
        self._world, self._devices = world, devices

    def begins(self) -> None:
        """From time to time the watch changes."""
        self._devices.later(self._world.now + dt.timedelta(hours=10), self._watch_changes)

    def received(self, receipt: Receipt) -> None:
        """A phone rings; somebody may act on it some minutes later."""
        who = receipt.address.removesuffix("+mail")
        if receipt.dropped or not (receipt.alarm and receipt.code) or who not in WATCHERS:
            return
        if self._devices.maybe(0.5):
            return
        acts = {
            self._takes_by_code: 10,
            self._takes: 4,
            self._mistypes: 2,
            self._stands_down: 3,
            self._hands_over: 1,
            self._not_fit: 1,
        }
        act = self._devices.chance.choices(list(acts), weights=list(acts.values()))[0]
        at = self._world.now + minutes(self._devices.chance.uniform(0.2, 15))
        self._devices.later(at, lambda: act(who, receipt))

    def _alarm_id(self, receipt: Receipt) -> uuid.UUID:
        return uuid.UUID(receipt.alarm.partition(":")[2])

    def _takes_by_code(self, who: str, receipt: Receipt) -> None:
        token = receipt.outgoing.link.rsplit("/", 1)[-1]

        def act(tap: Tap) -> None:
            now = self._world.now
            alarms.acknowledge_by_code(token=token, code=receipt.code, now=now, tap=tap)

        self._devices.tap(
            f"{who} takes it by code", act, lambda now, _: self._taken(who, receipt, now)
        )

    def _takes(self, who: str, receipt: Receipt) -> None:
        def act(tap: Tap) -> None:
            alarms.acknowledge(
                alarm_id=self._alarm_id(receipt),
                by=self._devices.viewer(who),
                now=self._world.now,
                tap=tap,
            )

        self._devices.tap(f"{who} takes it", act, lambda now, _: self._taken(who, receipt, now))

    def _taken(self, who: str, receipt: Receipt, now: dt.datetime) -> None:
        outing = self._world.outing_of(receipt.alarm)
        if outing.taken(who, now=now, until=now + LASTS, skew=self._world.skew):
            check = (outing.taken_until or now) + minutes(1) + self._world.skew
            self._world.later(check, lambda: self._world.checkers.lapses(outing, now))
        if self._devices.maybe(0.4):  # renews it in time; else falls asleep
            at = now + minutes(self._devices.chance.uniform(5, 19))
            self._devices.later(at, lambda: self._takes(who, receipt))

    def _mistypes(self, who: str, receipt: Receipt) -> None:
        token = receipt.outgoing.link.rsplit("/", 1)[-1]
        wrong = f"{(int(receipt.code) + 1) % 1_000_000:06d}"

        def act(tap: Tap) -> None:
            alarms.acknowledge_by_code(token=token, code=wrong, now=self._world.now, tap=tap)

        self._devices.tap(
            f"{who} mistypes the code", act, lambda _now, _: self._never("a wrong code took it")
        )

    def _never(self, sentence: str) -> None:
        self._world.checkers.broken("P4", sentence)

    def _stands_down(self, who: str, receipt: Receipt) -> None:
        def act(tap: Tap) -> None:
            alarms.stand_down(
                alarm_id=self._alarm_id(receipt),
                reason="Seen, all well.",
                by=self._devices.viewer(who),
                now=self._world.now,
                tap=tap,
            )

        self._devices.tap(
            f"{who} stands it down", act, lambda now, _: self._stood_down(receipt, now)
        )

    def _stood_down(self, receipt: Receipt, now: dt.datetime) -> None:
        """It asks again within a day for whoever is still out; by when, the station says."""
        world = self._world
        outing = world.outing_of(receipt.alarm)
        world.tell(f"the alarm of {outing.name} is stood down")
        outing.over(now)
        outing.missed_so_far(now + world.skew, event=world.event)
        waiting = Deadline.objects.filter(subject__ref=outing.ref, state=DeadlineState.OPEN)
        self._new_deadlines(outing, list(waiting.exclude(kind="KIN")))  # a word, no missed hour

    def _new_deadlines(self, outing: Outing, waiting: list[Deadline]) -> None:
        known = {(one.kind, one.due_at) for one in outing.active()}
        for row in waiting:
            if (row.kind, row.due_at) not in known:
                new = outing.expect(row.kind, row.due_at, row.call_out_at)
                self._world.checkers.expect(outing, [new])

    def _hands_over(self, who: str, receipt: Receipt) -> None:
        to = next(one for one in WATCHERS if one != who)

        def act(tap: Tap) -> None:
            alarms.hand_over(
                alarm_id=self._alarm_id(receipt),
                to=self._world.village.people[to],
                by=self._devices.viewer(who),
                now=self._world.now,
                tap=tap,
            )

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            outing = self._world.outing_of(receipt.alarm)
            outing.offers.append(now)
            outing.offered = (to, who) if who in outing.hands else (to, "")

        self._devices.tap(f"{who} hands it over to {to}", act, stored)

    def _not_fit(self, who: str, receipt: Receipt) -> None:
        def act(tap: Tap) -> None:
            bill.not_fit(by=self._devices.viewer(who), now=self._world.now, tap=tap)

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            for outing in self._world.by_ref.values():  # whatever they held is with others now
                if outing.two_must_take and outing.hands:
                    outing.offers.append(now)
                    outing.hands.pop(who, None)
                    outing.counts_hands(now)
                elif outing.taken_at is not None:
                    outing.offers.append(now)
                    outing.taken_until = self._until(outing)
                    outing.taken_at = outing.taken_at if outing.taken_until else None
                    if who in outing.hands:
                        outing.hands = {who: outing.taken_until} if outing.taken_until else {}

        self._devices.tap(f"{who} is not fit to watch", act, stored)

    @staticmethod
    def _until(outing: Outing) -> dt.datetime | None:
        alarm = Alarm.objects.filter(pk=(outing.alarm or "").partition(":")[2]).first()
        return alarm.expires_at if alarm is not None else None

    def _watch_changes(self) -> None:
        people = self._world.village.people
        who, deputy = self._devices.chance.sample(WATCHERS, 2)
        now = self._world.now
        row = Watch(
            person_id=people[who],
            deputy_id=people[deputy],
            from_at=now,
            to_at=now + dt.timedelta(hours=self._devices.chance.uniform(4, 14)),
        )

        def act(tap: Tap) -> None:
            bill.plan_watch(watch=row, by=STATION, now=self._world.now, tap=tap)

        self._devices.tap(f"{who} has the watch, {deputy} stands in", act, lambda now, _: None)
        if now < self._world.ends_at:
            self._devices.later(now + dt.timedelta(hours=12), self._watch_changes)
