"""What breaks in a world: watchkeepers, lines, phones, clocks."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from tests.simulation.database import ADDRESSES
from tests.simulation.provider import LINES, TROUBLES, Mode
from tests.simulation.watchkeepers import SimulatedKeeper

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation


class Misfortunes:
    """Everything that breaks in one world."""

    def __init__(self, world: Simulation) -> None:
        self._world = world

    def begin(self) -> None:
        """From now on things break, but in a calm world."""
        world = self._world
        world.later(world.after(hours=72), self._machine_off)
        if not world.calm:
            world.later(world.after(hours=6), self._provider_changes)
            if world.skew:
                world.later(world.after(hours=24), self._clock_steps)

    def end(self) -> None:
        """Everything works again."""
        for of in list(self._world.provider.modes):
            self._set_mode(of, Mode.WORKS)
        for keeper in self._world.keepers:
            if not keeper.is_up:
                self._starts(keeper)

    def keeper_died(self, keeper: SimulatedKeeper, seconds: float) -> None:
        """A watchkeeper is gone; a new one starts after so many seconds."""
        world = self._world
        if world.is_over:
            seconds = min(seconds, 5.0)
        world.disturbances.append((world.now, min(seconds, 60.0)))
        if not any(one.is_up for one in world.keepers):
            world.unwatched.append((world.now, None))
        world.later(world.now + dt.timedelta(seconds=seconds), lambda: self._starts(keeper))

    def _machine_off(self) -> None:
        """Nobody watches for minutes or hours, in a calm world too."""
        world = self._world
        seconds = world.chance.choice((0.3, 1.0, 8.0)) * world.chance.uniform(900, 3600)
        if all(keeper.is_up and not keeper.looking for keeper in world.keepers):
            world.tell(f"the machine is off for {seconds / 60:.0f} min")
            world.faults.undisturbed(world.looks_meanwhile)
            for keeper in world.keepers:
                # As ever, the clock that is ahead comes first: a lease spans no more than that.
                keeper.is_switched_off(seconds + (keeper.ahead < dt.timedelta(0)) * 1.0)
        if not world.is_over:
            world.later(world.after(hours=72), self._machine_off)

    def _starts(self, keeper: SimulatedKeeper) -> None:
        world = self._world
        if world.unwatched and world.unwatched[-1][1] is None:
            world.unwatched[-1] = (world.unwatched[-1][0], world.now)
            world.checkers.outage_ends(world.unwatched[-1][0], world.now)
        keeper.starts(world.now)

    def _provider_changes(self) -> None:
        world = self._world
        choices = [*LINES, *ADDRESSES]
        of, mode = world.chance.choice(choices), world.chance.choice(TROUBLES)
        all_lines = world.chance.random() < 0.1
        for one in LINES if all_lines else (of,):
            self._set_mode(one, mode)
        longest = 5 if mode is Mode.LOSES_REPLY else world.chance.choice((1, 5, 20, 60, 180))
        ends_at = world.now + dt.timedelta(minutes=world.chance.uniform(0.2, 1.0) * longest)
        for one in LINES if all_lines else (of,):
            world.later(ends_at, partial(self._set_mode, one, Mode.WORKS))
        if not world.is_over:
            world.later(world.after(hours=8), self._provider_changes)

    def _set_mode(self, of: str, mode: Mode) -> None:
        world = self._world
        world.provider.set_mode(of, mode)
        world.tell(f"provider: {of} {mode}")

    def _clock_steps(self) -> None:
        world = self._world
        keeper = world.chance.choice(world.keepers)
        keeper.ahead = dt.timedelta(seconds=world.chance.uniform(-15, 15))
        world.tell(f"the clock of {keeper.name} steps to {keeper.ahead.total_seconds():+.1f} s")
        world.later(world.after(hours=24), self._clock_steps)
