"""HELP of somebody whom nobody knows: it is about no mission, and rings until a person ends it.

In a third of the worlds. Judged like an outing of nobody: told within a minute, but a stranger who
asks again after a person ended it rings once in ten minutes; opened for a reason alone; ended by a
person alone, and never silent until then.
"""

from __future__ import annotations

import datetime as dt
import uuid
from random import Random
from typing import TYPE_CHECKING

from django.db import DatabaseError

from homeby.logbook.rules import Refused, Tap
from homeby.missions.actions.intake import UNKNOWN, Batch, take
from homeby.missions.actions.unmatched import stand_help_down
from homeby.missions.rules.intake import Claim
from homeby.people.rules import Act
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmState
from homeby.watch.rules.unplaced import help_ref
from tests.simulation.devices import Devices, minutes
from tests.simulation.outings import Outing

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation

ONCE_IN = dt.timedelta(minutes=10)


class Stranger(Outing):
    """All who are unknown, together: out while their alarm is open."""

    rings_from: dt.datetime | None = None

    @property
    def ref(self) -> str:
        """The text by which the watch knows them."""
        return help_ref("unknown")

    @property
    def name(self) -> str:
        """How the story calls them."""
        return "a stranger"

    def asked_for_help(self, now: dt.datetime) -> list[dt.datetime]:
        """When it must ring for what was asked until now and no person ended since."""
        asked = super().asked_for_help(now)
        return [max(asked[0], self.rings_from or asked[0])] if asked else []

    def over(self, now: dt.datetime) -> None:
        """A person ended the alarm: nobody is looked for by it."""
        super().over(now)
        self.out.clear()


class Strangers:
    """Whoever is unknown in one world."""

    def __init__(self, world: Simulation, devices: Devices) -> None:
        self._world, self._devices = world, devices
        self._lots = Random(f"strangers of {world.seed}")
        self._one = Stranger(
            number=0,
            mission_id=uuid.UUID(int=0),
            party=("?",),
            due_at=world.now,
            grace=dt.timedelta(0),
            check_in_minutes=None,
            two_must_take=world.two_must_take,
        )

    def begins(self) -> None:
        """From now on they ask, in a third of the worlds."""
        if self._world.seed % 3 == 0:
            self._world.by_ref[self._one.ref] = self._one
            self._later()

    def _later(self) -> None:
        hours = self._lots.choice((0.05, 0.2, 3, 20))  # soon after the last, too
        at = self._world.now + dt.timedelta(hours=self._lots.uniform(0.1, 2) * hours)
        if at < self._world.ends_at:
            self._devices.later(at, self._asks)

    def _asks(self) -> None:
        said = Claim(entry_id=uuid.uuid4(), act=Act.HELP)

        def act(_tap: Tap) -> None:
            (answers,) = take(
                [Batch(claims=(said,), key_hash="", language="en", now=self._world.now)]
            )
            if not isinstance(answers, list):
                raise DatabaseError(str(answers))

        self._devices.tap(
            "a stranger asks for HELP",
            act,
            lambda now, _: self._asked(now),
            stands_as=uuid.uuid5(UNKNOWN, f"{said.entry_id}/"),
        )
        self._later()

    def _asked(self, now: dt.datetime) -> None:
        world, one = self._world, self._one
        one.helps.append(now)
        if one.is_out:  # it joins the alarm that is open, which goes on as it does
            return
        one.out.add("?")
        rings_at = max(now, one.rings_from or now)
        one.rings_from = now + ONCE_IN
        world.checkers.after_a_look()
        one.alert_from = rings_at
        world.later(
            rings_at + dt.timedelta(seconds=62) + world.skew,
            lambda: world.checkers.help_is_heard(one, rings_at),
        )
        self._devices.later(now + minutes(self._lots.uniform(2, 240)), self._judged)

    def _judged(self) -> None:
        """Somebody found out what it was; unless another ended it before."""

        def act(tap: Tap) -> None:
            found = Alarm.objects.filter(subject__ref=self._one.ref, state=AlarmState.OPEN).first()
            if found is None:
                raise Refused("It is over already.")
            stand_help_down(
                alarm_id=found.pk, reason="A boy with a radio.",
                by=self._devices.viewer("head"), now=self._world.now, tap=tap,
            )  # fmt: skip

        if self._one.is_out:
            self._devices.tap(
                "the stranger's HELP is judged", act, lambda now, _: self._one.over(now)
            )
