"""The devices of a world: what people tap is sent until it is answered, sometimes twice, sometimes
with a wrong clock; the web process may be killed or meet trouble on the way."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, Tap
from tests.simulation.faults import Killed, forget_connection

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation

Act = Callable[[Tap], object]
#: What the world believes once an act is stored: the instant, and the id of the act.
Stored = Callable[[dt.datetime, uuid.UUID], None]


def minutes(count: float) -> dt.timedelta:
    """So many minutes."""
    return dt.timedelta(minutes=count)


class Devices:
    """All devices of one world."""

    def __init__(self, world: Simulation) -> None:
        self._world = world
        self.chance = world.chance
        self._counted: set[uuid.UUID] = set()

    def viewer(self, who: str) -> Any:
        """Somebody as the station knows them now."""
        self._world.village.now = self._world.now
        return self._world.village.as_(who)

    def maybe(self, probability: float) -> bool:
        """Whether something of this probability comes to pass."""
        return self.chance.random() < probability

    def later(self, at: dt.datetime, what: Callable[[], object]) -> None:
        """People do something at an instant."""
        self._world.later(at, what, by_people=True)

    def claims(self) -> dt.datetime | None:
        """What the clock of a device says; mostly nothing or the truth."""
        if self.maybe(0.7):
            return None
        if self.maybe(0.5):
            return self._world.now
        return self._world.now + minutes(self.chance.choice((-600, -20, -1, 1, 30, 600)))

    def tap(
        self,
        label: str,
        act: Act,
        stored: Stored,
        *,
        claims: dt.datetime | None = None,
        stands_as: uuid.UUID | None = None,
    ) -> None:
        """Send an act, again until it is answered, and sometimes once more. `stands_as`: under
        which id the logbook has it, where that is not the device's own."""
        tap = Tap(entry_id=stands_as or uuid.uuid4(), device="web", happened_at=claims)
        self._world.taps[tap.entry_id] = False
        self._send(label, act, stored, tap)
        if self.maybe(0.15):
            again = self._world.now + minutes(self.chance.expovariate(1 / 60))
            self._world.later(again, lambda: self._send(f"{label}, again", act, stored, tap))

    def _send(self, label: str, act: Act, stored: Stored, tap: Tap) -> None:
        world = self._world
        answered = self._answer(label, act, tap)
        if world.faults.undisturbed(lambda: self._is_new(tap)):
            world.faults.undisturbed(lambda: stored(world.now, tap.entry_id))
        if answered == "confirmed":
            world.taps[tap.entry_id] = True
        elif not answered:
            at = world.now + minutes(self.chance.choice((0.05, 0.5, 5, 60)))
            world.later(at, lambda: self._send(f"{label}, again", act, stored, tap))

    def _answer(self, label: str, act: Act, tap: Tap) -> str:
        """What the device is told; "" when it gets no answer."""
        world = self._world
        world.faults.maybe(kill=0.03, trouble=0.01)
        try:
            act(tap)
        except Refused as refused:
            sentences = "; ".join(str(sentence) for sentence in refused.problems.values())
            world.tell(f"{label}: refused: {sentences[:90]}")
            return "refused"
        except (Killed, DatabaseError) as trouble:
            world.tell(f"{label}: no answer ({trouble})")
            forget_connection()
            return ""
        finally:
            world.faults.maybe(kill=0, trouble=0)
        world.tell(f"{label}: confirmed")
        return "confirmed"

    def _is_new(self, tap: Tap) -> bool:
        """Whether this is the first time that the act is found in the logbook."""
        if tap.entry_id in self._counted:
            return False
        found = Entry.objects.filter(entry_id=tap.entry_id)
        if not found.exclude(kind="CODE_REFUSED").exists():
            return False
        self._counted.add(tap.entry_id)
        return True
