"""What many parties say while no device has a line: the plan, the devices, and their entries.

Every act, by phones and by the tablets of two gates; parties of one to four, and people who go out
twice; clocks that are days ahead or behind; a line over which answers get lost. `any_order.py` has
it arrive in order and in any other.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.rules import Act
from tests.rooms.devices import Device, kiosk, phone_of
from tests.world import START, World

MINUTE = dt.timedelta(minutes=1)
#: So long nobody has a line.
OFFLINE_MINUTES = 360
#: What one party says on average.
OF_A_PARTY = 11.7
#: Fewer than the most that may wait to be looked into (`UNVERIFIED_MAX`): more are sent away.
STRANGERS_MAX = 150
CLOCKS = (0, 0, 0, 0, 1, -1, 40, -55, 3 * 24 * 60, -3 * 24 * 60, -125 * 365 * 24 * 60)
KIOSK_ACTS = (Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN, Act.HELP)


@dataclass(frozen=True, kw_only=True)
class Teller:
    """A device: its key (none: a stranger's), and by how many minutes its clock is wrong."""

    key: str
    wrong_minutes: int


@dataclass(frozen=True, kw_only=True)
class Told:
    """One entry, by whom, and the minute at which it truly happened."""

    teller: Teller
    minute: int
    entry: dict[str, Any]


@dataclass
class Arrivals(World):
    """The village with so many parties on its plan, and all that they will have said. `twice` are
    the missions of people who went out twice."""

    parties: int = 30
    seed: int = 1
    told: list[Told] = field(default_factory=list)
    twice: set[str] = field(default_factory=set)

    def build(self) -> World:
        """The village, its parties' plans and devices; and what those say, kept in `told`."""
        super().build()
        self._chance = random.Random(self.seed)
        self._tellers: dict[str, Teller] = {}
        self._kiosks = [self._teller(kiosk(self, acts=KIOSK_ACTS)) for _ in range(2)]
        self._strangers = 0
        for number in range(self.parties):
            self._party(number)
        self.told.sort(key=lambda one: one.minute)
        return self

    @property
    def heard_at(self) -> dt.datetime:
        """When the line is back, and everything arrives."""
        return START + OFFLINE_MINUTES * MINUTE

    def _teller(self, device: Device) -> Teller:
        return Teller(key=device.key, wrong_minutes=self._chance.choice(CLOCKS))

    def _phone(self, who: str) -> Teller:
        if who not in self._tellers:
            self._tellers[who] = self._teller(phone_of(self, who))
        return self._tellers[who]

    def _party(self, number: int) -> None:
        chance = self._chance
        who = [f"p{number}{letter}" for letter in "abcd"[: chance.choice((1, 2, 2, 3, 4))]]
        for one in who:
            self.add(one, callsign=one.upper(), reachable=False)
        first = self._outing(who, f"{number} first", chance.randrange(1, 30), OFFLINE_MINUTES - 130)
        if first and chance.random() < 0.2:  # all of them are back, and one goes again
            self.twice |= {f"{number} first", f"{number} second"}
            again = OFFLINE_MINUTES - chance.randrange(60, 90)
            self._outing(who[:1], f"{number} second", again, OFFLINE_MINUTES - 1)

    def _outing(self, who: list[str], what: str, out: int, until: int) -> bool:
        """One outing, out at a minute, those who come back back by another; whether all did."""
        chance = self._chance
        due_at = START + (OFFLINE_MINUTES + chance.randrange(60, 300)) * MINUTE
        times = PlanTimes(due_at=due_at, check_in_minutes=chance.choice((None, 60, 120)))
        mission = self.plan(*who, times=times, what=what)
        self._leave(who, mission, out)
        for _ in range(chance.randrange(4, 14)):
            self._fine(chance.choice(who), mission, chance.randrange(out + 5, until - 40))
        if chance.random() < 0.05:
            self._say(who[0], Act.HELP, chance.randrange(out + 5, until - 40), mission, note="leg")
        if chance.random() < 0.1:
            later = {"due_at": (due_at + 60 * MINUTE).isoformat()}
            self._say(
                who[0], Act.MORE_TIME, chance.randrange(out + 5, until - 40), mission, **later
            )
        if chance.random() < 0.1 and self._strangers < STRANGERS_MAX:
            self._strangers += 1
            nobody = Teller(key="", wrong_minutes=0)
            self._note(nobody, Act.CHECK_IN, out + 5, mission=str(mission.pk))
        return self._return(who, mission, until)

    def _leave(self, who: list[str], mission: Mission, out: int) -> None:
        if self._chance.random() < 0.6:
            people = [str(self.people[one]) for one in who]
            self._say(who[0], Act.SIGN_OUT, out, mission, people=people)
            return
        for one in who:  # at the gate, one after the other
            self._at_gate(
                one, Act.SIGN_OUT, out + self._chance.randrange(4), mission=str(mission.pk)
            )

    def _fine(self, who: str, mission: Mission, minute: int) -> None:
        if self._chance.random() < 0.9:
            self._say(who, Act.CHECK_IN, minute, mission, note="fine")
        else:
            self._at_gate(who, Act.CHECK_IN, minute)

    def _return(self, who: list[str], mission: Mission, until: int) -> bool:
        chance, back = self._chance, 0
        if len(who) > 1 and chance.random() < 0.2:  # the leader counts heads
            people = [str(self.people[one]) for one in who]
            minute = chance.randrange(until - 39, until)
            self._say(who[0], Act.SIGN_IN, minute, mission, people=people, heads=len(who))
            return True
        for one in who:
            if chance.random() < 0.25:
                continue
            back, minute = back + 1, chance.randrange(until - 39, until)
            if chance.random() < 0.7:
                self._say(one, Act.SIGN_IN, minute, mission)
            else:
                self._at_gate(one, Act.SIGN_IN, minute)
        return back == len(who)

    def _say(self, who: str, act: Act, minute: int, mission: Mission, **more: Any) -> None:
        self._note(self._phone(who), act, minute, mission=str(mission.pk), **more)

    def _at_gate(self, who: str, act: Act, minute: int, **more: Any) -> None:
        self._note(self._chance.choice(self._kiosks), act, minute, callsign=who.upper(), **more)

    def _note(self, teller: Teller, act: Act, minute: int, **more: Any) -> None:
        at = START + (minute + teller.wrong_minutes) * MINUTE
        key = uuid.UUID(int=self._chance.getrandbits(128), version=4)
        entry = {"id": str(key), "act": act.lower(), "happened_at": at.isoformat(), **more}
        self.told.append(Told(teller=teller, minute=minute, entry=entry))


def in_order(told: list[Told]) -> Iterator[tuple[Teller, list[dict[str, Any]]]]:
    """Batch by batch as it happened, one entry each."""
    for one in told:
        yield one.teller, [one.entry]


def shuffled(
    told: list[Told], chance: random.Random
) -> Iterator[tuple[Teller, list[dict[str, Any]]]]:
    """Every entry twice, in any order; what one device sends at once has any size."""
    queues: dict[Teller, list[dict[str, Any]]] = {}
    for one in (*told, *told):
        queues.setdefault(one.teller, []).append(one.entry)
    batches = []
    for teller, queue in queues.items():
        chance.shuffle(queue)
        while queue:
            size = chance.choice((1, 1, 2, 5, 20, 60))
            batches.append((teller, queue[:size]))
            queue = queue[size:]
    chance.shuffle(batches)
    yield from batches
