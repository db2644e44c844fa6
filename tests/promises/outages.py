"""A village whose watchkeeper can be stopped, its machine suspended, its clock moved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import pytest

from homeby import clock, settings, steady
from homeby.comms.actions.deliver import deliver
from homeby.people.rules import STATION
from homeby.watch import watchkeeper
from homeby.watch.models import Outage
from homeby.watch.queries.outages import visible_outages
from homeby.watch.watchkeeper import Keeper
from tests.world import World

EVERY = dt.timedelta(seconds=15)
MOST_LOOKS = 40


@dataclass
class Station:
    """One machine with a watchkeeper, at the village's time. `ahead` is how far its wall clock is
    from the truth; `machine` names its switching-on."""

    world: World
    machine: str = "first"
    ahead: dt.timedelta = dt.timedelta(0)
    booted_at: dt.datetime = field(init=False)
    keeper: Keeper = field(init=False)

    def __post_init__(self) -> None:
        self.booted_at = self.world.now - dt.timedelta(hours=1)
        clock.trust(zero_at=self.clocks().zero_at)
        self.keeper = Keeper(name="one")

    def clocks(self) -> steady.Clocks:
        """What the machine shows."""
        count = (self.world.now - self.booted_at).total_seconds()
        wall_at = self.world.now + self.ahead
        return steady.Clocks(wall_at=wall_at, boot_seconds=count, machine=self.machine)

    def real_now(self) -> dt.datetime:
        """The time that the processes go by."""
        return steady.time_at(self.clocks(), clock.trusted())

    def look(self) -> None:
        """Both loops, until nothing is left to do at this instant."""
        for _ in range(MOST_LOOKS):
            more = self.keeper.look()
            if not (self.keeper.hand_out() or more or self._handed_lately()):
                return
        raise AssertionError("the watch never comes to rest")

    def _handed_lately(self) -> bool:
        before, self._count = getattr(self, "_count", -1), len(self.world.received)
        return before != self._count

    def watch(self, *, minutes: float) -> None:
        """Time passes, and the watchkeeper looks every fifteen seconds."""
        end = self.world.now + dt.timedelta(minutes=minutes)
        self.look()
        while self.world.now < end:
            self.world.now = min(self.world.now + EVERY, end)
            self.look()

    def look_until_gathered(self) -> None:
        """Look, and again three seconds later: after an outage the first words gather for two."""
        self.look()
        self.world.now += dt.timedelta(seconds=3)
        self.look()

    def passes(self, *, hours: float) -> None:
        """Time passes, and nobody watches; the processes are the same after it (suspended)."""
        self.world.now += dt.timedelta(hours=hours)

    def starts(self, name: str = "two") -> None:
        """Another process, with nothing but the database."""
        self.keeper = Keeper(name=name)

    def is_switched_on(self, *, clock_ahead: dt.timedelta = dt.timedelta(0)) -> None:
        """The machine was off, and is switched on with such a clock."""
        self.machine, self.booted_at, self.ahead = "second", self.world.now, clock_ahead
        clock.trust(zero_at=self.clocks().zero_at)
        self.starts()

    def outages(self) -> list[Outage]:
        """What has been noted, the oldest first."""
        return list(visible_outages(STATION).order_by("to_at"))


@pytest.fixture
def station(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Station]:
    """The station, which has looked once. Its phones are phones: three messages in five minutes."""
    told = settings.current().model_copy(update={"message_limits": ("CONSOLE 3/5",)})
    monkeypatch.setattr(settings, "current", lambda: told)
    kept = clock.trusted()
    made = Station(world)
    monkeypatch.setattr(clock, "clocks", made.clocks)
    monkeypatch.setattr(clock, "boot_seconds", lambda: made.clocks().boot_seconds)
    monkeypatch.setattr(clock, "real_now", made.real_now)
    monkeypatch.setattr(clock, "now", made.real_now)
    monkeypatch.setattr(watchkeeper, "deliver", partial(deliver, send=world._send))
    clock.trust(zero_at=made.clocks().zero_at)
    made.starts("one")
    made.look()
    yield made
    clock.trust(zero_at=kept)
