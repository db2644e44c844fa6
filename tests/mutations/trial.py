"""Trying mutations and benign operations, one after the other, on a station that has lived."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook import keeping, notes, queries, rules
from homeby.logbook.models import Entry
from homeby.logbook.notes import Key, Note
from homeby.logbook.verification import Verdict, verify
from tests.mutations.attacker import Attacker, without_guards
from tests.promises.acts import pass_time, take
from tests.world import World


@dataclass
class Trial:
    """What was tried, and what was found of it."""

    world: World
    chance: random.Random
    held: list[Note] = field(default_factory=list)
    of_the_future: list[Note] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    named: int = 0

    def live(self) -> None:
        """Something happens; a checkpoint is taken outside after each bit of it. Two bodies are
        erased, and of two states that lie ahead a checkpoint is taken, too."""
        if queries.station() is None:
            logbook.found_station(place="here", now=self.world.now)
        self._hold()
        self.world.send_out("agent", "mate", due_minutes=60)
        self._hold()
        pass_time(self.world, minutes=125)
        take(self.world, "head")
        self._hold()
        for kind in ("MISSION_PLANNED", "MISSION_SIGNED_OUT"):
            self._erase(Entry.objects.filter(kind=kind).latest("number"))
        self.world.sign_in("agent")
        self._hold()
        for who in ("mate", "agent"):
            with transaction.atomic():
                self.world.sign_in(who)
                self.of_the_future.append(self._checkpoint())
                transaction.set_rollback(True)

    @property
    def key(self) -> Key:
        """The station's."""
        found = keeping.key_of_station(settings.log_key())
        assert found is not None
        return found

    def _checkpoint(self) -> Note:
        until = queries.last_number()
        kept = keeping.keep(until=until, key=self.key, now=self.world.now)
        assert kept is not None
        return notes.read(kept.note)

    def _hold(self) -> None:
        self.held.append(self._checkpoint())

    def _verdict(self, held: Note) -> Verdict:
        return verify(against=held, key=self.key.public)

    def mutate(self, count: int) -> None:
        """Each is undone; whatever the checkpoint outside does not find is written down."""
        attacker = Attacker(chance=self.chance, key=self.key)
        with transaction.atomic(), without_guards():
            for _ in range(count):
                self._one(attacker)
            transaction.set_rollback(True)

    def _one(self, attacker: Attacker) -> None:
        if self.chance.random() < 1 / 20:
            found = self._verdict(self.chance.choice(self.of_the_future))
            self._judge("old copy", found, index=found.entries)
            return
        held = self.chance.choice(self.held)
        with transaction.atomic():
            done = attacker.mutate(below=held.head.size)
            found = self._verdict(held)
            self._judge(done.what, found, index=done.index)
            transaction.set_rollback(True)

    def _judge(self, what: str, found: Verdict, *, index: int) -> None:
        self.done[what] += 1
        if found.difference is None:
            self.missed.append(
                f"{what} at index {index}, the {sum(self.done.values())}. of this seed"
            )
        elif found.first_wrong == index:
            self.named += 1

    def live_on(self, count: int) -> None:
        """What may be done to a logbook: none of it may be taken for a change of the past."""
        for number in range(count):
            what = self._benign()
            self.done[what] += 1
            for held in self.chance.sample(self.held, 2) if number % 5 else self.held[-6:]:
                said = self._verdict(held).difference
                if said is not None:
                    self.false.append(f"{what}: {said}")

    def _benign(self) -> str:
        way = self.chance.choice(("entries", "erasure", "checkpoint", "days later"))
        if way == "entries":
            for _ in range(self.chance.randrange(1, 4)):
                with logbook.writing(now=self.world.now, by=None) as book:
                    book.entry(rules.AUDIT_AGREED, subject="audit", facts={"sentences": []})
        elif way == "erasure":
            rows = Entry.objects.filter(content__body__isnull=False)
            rows = rows.exclude(
                kind__in=(rules.ENTRY_ERASED, rules.ENTRIES_ERASED, rules.CARE_ERASED)
            )
            self._erase(self.chance.choice(list(rows)))
        elif way == "checkpoint":
            self._hold()
        else:
            self.world.now += dt.timedelta(days=self.chance.randrange(1, 9))
            self._hold()
        return way

    def _erase(self, entry: Entry) -> None:
        by: uuid.UUID = self.world.people["admin"]
        logbook.erase(number=entry.number, reason="She asked.", by=by, now=self.world.now)
