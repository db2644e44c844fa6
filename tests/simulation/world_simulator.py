"""One seed, one world: a station for some days, with everything that goes wrong with it.

What happens next is the earliest of what people do, what becomes due, and what breaks; time jumps
there. The station is the real one: `tick`, `deliver`, the acts of gate and watch, a real database.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from homeby.watch.models import Alarm
from tests.simulation import chance, kin_hours
from tests.simulation.checkers import Broken, Checkers
from tests.simulation.crowd import Crowd
from tests.simulation.database import FreshStation, two_must_take
from tests.simulation.devices import Devices
from tests.simulation.faults import Faults
from tests.simulation.lists import each_of_list
from tests.simulation.misfortunes import Misfortunes
from tests.simulation.officers import Officers
from tests.simulation.outings import Outing
from tests.simulation.provider import Provider, Receipt
from tests.simulation.strangers import Strangers
from tests.simulation.watchkeepers import SimulatedKeeper, due_at, sending_to
from tests.world import START

APART = dt.timedelta(seconds=15)
#: Hours from one mission to the next, on average: at a busy station, and at a small one.
BUSY, SMALL = (12.0, 48.0, 168.0), (168.0, 336.0, 720.0)
MOST_EVENTS = 200_000
END_OF_STORY = 60


@dataclass(frozen=True, kw_only=True)
class Told:
    """What became of one world. `broken` is the broken promise in a sentence, "" when all held."""

    seed: int
    days: float
    missions: int
    alarms: int
    messages: int
    repeats: int
    kills: int
    troubles: int
    acts: int
    broken: str
    story: tuple[str, ...]


@contextmanager
def _our_own_failures() -> Iterator[None]:
    """What fails here is the simulator; the product would take it for a broken channel."""
    try:
        yield
    except Exception as ours:
        raise SystemExit(f"The simulator itself failed: {ours!r}") from ours


class Simulation:
    """One world."""

    def __init__(
        self, station: FreshStation, *, seed: int, days: float, small: bool = False
    ) -> None:
        self.seed, self.days = seed, days
        self.chance = chance.begin(seed)
        self.station, self.village = station, station.village
        self.now = START + dt.timedelta(hours=1)
        self.ends_at = self.now + dt.timedelta(days=days)
        self.two_must_take = seed % 4 == 3
        self.calm = self.chance.random() < 0.15
        self.hours_apart = self.chance.choice(SMALL if small else BUSY)
        self.event, self.event_at = 0, self.now
        self.story: list[str] = []
        self._coming: list[tuple[dt.datetime, int, Callable[[], object], bool]] = []
        self._order = itertools.count()
        self.outings: list[Outing] = []
        self.by_ref: dict[str, Outing] = {}
        self._by_alarm: dict[str, Outing] = {}
        self.taps: dict[uuid.UUID, bool] = {}
        self.repeats = 0
        self.disturbances: list[tuple[dt.datetime, float]] = []
        self.unwatched: list[tuple[dt.datetime, dt.datetime | None]] = []
        self.faults = Faults(self.chance, calm=self.calm, tell=self.tell)
        self.faults.meanwhile = self._meanwhile
        self.provider = Provider(
            chance=self.chance,
            faults=self.faults,
            now=lambda: self.now,
            passes=self._passes,
            received=self._received,
            listed=lambda receipt: self.faults.undisturbed(partial(each_of_list, receipt)),
        )
        self.checkers = Checkers(self)
        self.misfortunes = Misfortunes(self)
        devices = Devices(self)
        self.crowd = Crowd(self, devices)
        self.officers = Officers(self, devices)
        self.strangers = Strangers(self, devices)
        self.keepers = self._keepers()
        self.skew = max(abs(keeper.ahead) for keeper in self.keepers)
        self.is_over = False

    def _keepers(self) -> list[SimulatedKeeper]:
        count = self.chance.choice((1, 2, 2))
        spread = self.chance.choice((dt.timedelta(0), APART))
        return [
            SimulatedKeeper(
                name=f"watchkeeper {number + 1}",
                ahead=spread if number % 2 else -spread,
                not_before=self.now,
                chance=self.chance,
                faults=self.faults,
                tell=self.tell,
                died=self.misfortunes.keeper_died,
                stumbled=lambda: self.disturbances.append((self.now, 2.0)),
            )
            for number in range(count)
        ]

    # --- what others use ------------------------------------------------------------------------

    def tell(self, text: str) -> None:
        """A line of the story."""
        self.story.append(f"{self.clock_text()}  {text}")

    def clock_text(self) -> str:
        """The true time as the story tells it."""
        return f"day {(self.now - START).days} {self.now:%H:%M:%S.%f}"[:-4]

    def is_anybody_out(self) -> bool:
        """Whether anybody is missing at this moment, late or not."""
        return any(outing.is_out for outing in self.outings)

    def later(
        self, at: dt.datetime, what: Callable[[], object], *, by_people: bool = False
    ) -> None:
        """Let something happen at an instant (at once when that has passed)."""
        heapq.heappush(self._coming, (at, next(self._order), what, by_people))

    def _passes(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)

    def _received(self, receipt: Receipt) -> None:
        self.tell(f"{receipt.address} gets {receipt.outgoing.subject!r}")
        with _our_own_failures():
            self.faults.undisturbed(lambda: self.checkers.received(receipt))
            self.officers.received(receipt)

    # --- the run --------------------------------------------------------------------------------

    def run(self) -> Told:
        """Live it, judge it."""
        broken = ""
        leave = self.faults.watch_connection()
        try:
            with sending_to(self.provider.send):
                self._begin()
                self._live(until=self.ends_at)
                self._everybody_comes_home()
                self._live(until=self.now + dt.timedelta(hours=6))
                self.faults.undisturbed(self.checkers.sweep)
                self.faults.undisturbed(self.checkers.at_the_end)
        except Broken as found:
            broken = str(found)
        finally:
            leave()
        return Told(
            seed=self.seed,
            days=self.days,
            missions=sum(outing.was_out for outing in self.outings),
            alarms=self.checkers.opened,
            messages=len(self.provider.receipts),
            repeats=self.repeats,
            kills=self.faults.kills,
            troubles=self.faults.troubles,
            acts=len(self.taps),
            broken=broken,
            story=tuple(self.story[-END_OF_STORY:]) if broken else (),
        )

    def _begin(self) -> None:
        self.tell(
            f"seed {self.seed}: {len(self.keepers)} watchkeepers, clocks {2 * self.skew.seconds} s "
            f"apart{', nothing fails' if self.calm else ''}"
        )
        if self.two_must_take:
            self.tell("two must take every alarm")
            self.faults.undisturbed(lambda: two_must_take(now=self.now))
        self.crowd.begins()
        self.officers.begins()
        self.strangers.begins()
        self.later(self.now + dt.timedelta(minutes=30), self._sweeps)
        self.misfortunes.begin()

    def after(self, *, hours: float) -> dt.datetime:
        """Some time from now, so many hours on average."""
        return self.now + dt.timedelta(hours=self.chance.expovariate(1 / hours))

    def _live(self, *, until: dt.datetime) -> None:
        for _ in range(MOST_EVENTS):
            at, what = self._next(until)
            self.now = max(self.now, at)
            if what is None:
                return
            self.event, self.event_at = self.event + 1, self.now
            what()
        raise AssertionError("so many events in so short a time")

    def _next(self, until: dt.datetime) -> tuple[dt.datetime, Callable[[], object] | None]:
        """The earliest of what comes."""
        best: tuple[dt.datetime, Callable[[], object] | None] = (until, None)
        if self._coming and self._coming[0][0] < until:
            best = self._coming[0][0], self._take
        next_at = self.faults.undisturbed(due_at)
        for keeper in self.keepers:
            at = keeper.wakes_at(next_at)
            if at is not None and at < best[0]:
                best = at, partial(self._look, keeper)
        return best

    def _take(self) -> None:
        heapq.heappop(self._coming)[2]()

    def _look(self, keeper: SimulatedKeeper) -> None:
        self.faults.undisturbed(self.looks_meanwhile)
        keeper.look(self.now)
        self.faults.undisturbed(self.checkers.after_a_look)

    def looks_meanwhile(self) -> None:
        """Whoever was up has looked every second since; such looks find nothing and are spared."""
        for keeper in self.keepers:
            if keeper.is_up:
                keeper.looked_meanwhile(self.now)

    def outing_of(self, alarm: str) -> Outing:
        """The outing that an alarm is about."""
        if alarm not in self._by_alarm:
            found = Alarm.objects.select_related("subject").get(pk=alarm.partition(":")[2])
            self._by_alarm[alarm] = self.by_ref[found.subject.ref]
        return self._by_alarm[alarm]

    def _meanwhile(self) -> None:
        """Before a transaction or a send of somebody, others are quicker."""
        with _our_own_failures():
            self._others_act()

    def _others_act(self) -> None:
        if self.chance.random() < 0.5:
            others = [k for k in self.keepers if k.is_up and not k.looking]
            if others:
                self.tell(f"meanwhile {others[0].name} looks")
                self._look(others[0])
                return
        soon = self.now + dt.timedelta(minutes=15)
        for entry in sorted(self._coming)[:5]:
            if entry[3] and entry[0] <= soon:
                self._coming.remove(entry)
                heapq.heapify(self._coming)
                self.tell("meanwhile:")
                entry[2]()
                return

    def _sweeps(self) -> None:
        self.faults.undisturbed(self.checkers.sweep_if_any)
        self.faults.undisturbed(lambda: kin_hours.judge(self))
        if not self.is_over:
            self.later(self.after(hours=1), self._sweeps)

    def _everybody_comes_home(self) -> None:
        """The last evening: nothing breaks any more, and all come back."""
        self.is_over = True
        self.tell("the last evening: nothing breaks any more")
        self.faults.calm = True
        self.misfortunes.end()
        self.crowd.comes_home()
