"""What those who are out ask for: more time, HELP."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from typing import TYPE_CHECKING

from homeby.logbook.rules import Tap
from homeby.missions.actions import extend, gate
from homeby.missions.models import Mission
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmState
from tests.simulation.devices import Devices, minutes
from tests.simulation.outings import Outing

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation


class Requests:
    """All requests of one world."""

    def __init__(self, world: Simulation, devices: Devices) -> None:
        self._world, self._devices = world, devices

    def help(self, outing: Outing) -> None:
        """HELP, if anybody of it is out."""
        world = self._world
        if not outing.is_out:
            return

        def act(tap: Tap) -> None:
            gate.ask_for_help(
                mission_id=outing.mission_id,
                by=self._devices.viewer(outing.party[0]),
                now=world.now,
                tap=tap,
            )

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            outing.helps.append(now)
            outing.held_at = None
            outing.untaken()
            world.checkers.after_a_look()
            outing.alert_from = min(outing.alert_from or now, now)
            world.later(
                now + dt.timedelta(seconds=62) + world.skew,
                lambda: world.checkers.help_is_heard(outing, now),
            )

        self._devices.tap(f"{outing.name} asks for HELP", act, stored)

    def more_time(self, outing: Outing) -> None:
        """More time, if anybody of it is out; one or two people grant it later."""
        world, asked_at = self._world, self._world.now
        if not outing.is_out:
            return
        due_at = max(outing.due_at, asked_at) + minutes(self._devices.chance.uniform(30, 300))
        wanted = extend.Wanted(due_at=due_at)

        def act(tap: Tap) -> None:
            extend.ask(
                mission_id=outing.mission_id,
                wanted=wanted,
                by=self._devices.viewer(outing.party[0]),
                now=world.now,
                tap=tap,
            )

        def stored(now: dt.datetime, key: uuid.UUID) -> None:
            new = outing.asked_for_time(now=now, event=world.event)
            world.checkers.expect(outing, new)
            for who in ("head", "deputy"):
                at = now + minutes(self._devices.chance.uniform(0.5, 20))
                self._devices.later(at, partial(self._grants, outing, key, due_at, now, who))

        self._devices.tap(f"{outing.name} asks for time until {due_at:%d %H:%M:%S}", act, stored)

    def _grants(
        self, outing: Outing, key: uuid.UUID, due_at: dt.datetime, asked_at: dt.datetime, who: str
    ) -> None:
        world = self._world

        def act(tap: Tap) -> None:
            extend.decide(
                extension_id=key, grant=True, by=self._devices.viewer(who), now=world.now, tap=tap
            )

        def stored(now: dt.datetime, _: uuid.UUID) -> None:
            if Mission.objects.get(pk=outing.mission_id).due_at != due_at:
                return  # it waits for a second person
            new = outing.more_time(due_at, asked_at=asked_at, now=now, event=world.event)
            outing.person_ended_at.add(now)
            if not self._is_open(outing):
                outing.missed_so_far(now, event=world.event)
                outing.over(now)
            world.checkers.expect(outing, new)

        self._devices.tap(f"{who} grants {outing.name} more time", act, stored)

    @staticmethod
    def _is_open(outing: Outing) -> bool:
        return Alarm.objects.filter(subject__ref=outing.ref, state=AlarmState.OPEN).exists()
