"""The processes that are killed: `python -m tests.kills.nursery build|live ...` (Django is loaded
once, each process is forked from it, so that none loses its short life in starting).

`live` starts watchkeepers and one gate, kills each at random with SIGKILL, freezes one now and then
with SIGSTOP for longer than a lease, and starts it again; after so many kills all live on until
the standard input ends. The gate signs people in and writes what was confirmed beside; other people
sign in by its page, whose server is killed too (`web.py`).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kills.web import Browser, Server, log_in

SHORTEST_SECONDS = 0.02
FROZEN_SECONDS = 40.0
APART_SECONDS = 30.0


@dataclass
class Nursery:
    """All processes of one run."""

    seed: int
    watchkeepers: int
    apart: bool
    longest_seconds: float
    missions: list[dict[str, str]]
    confirmed: Path
    server: Server
    kills: int = 0
    freezes: int = 0
    chance: random.Random = field(default_factory=random.Random)
    living: dict[int, tuple[int, float]] = field(default_factory=dict)
    frozen: dict[int, float] = field(default_factory=dict)

    def live(self, kills: int) -> None:
        """Wait for the first that is due, kill, start again; in the end let all live."""
        self.chance.seed(self.seed)
        parent = os.getppid()
        self._wait_until(dt.datetime.fromisoformat(self.missions[0]["due_at"]))
        while self.kills < kills and os.getppid() == parent:
            for slot in range(self.watchkeepers + 1):
                if slot not in self.living:
                    self._start(slot)
            threading.Event().wait(0.01)
            self._reap(time.monotonic())
            self.server.look(time.monotonic())
        for pid in self.frozen:
            os.kill(pid, signal.SIGCONT)
        for slot in range(self.watchkeepers + 1):
            if slot in self.living:
                _end(self.living[slot][0])
            self._start(slot)
        self.server.end()
        self.server.look(time.monotonic())  # nobody ends it any more

    def _start(self, slot: int) -> None:
        work = self._gate if slot == self.watchkeepers else self._watchkeeper(slot)
        dies_at = time.monotonic() + self.chance.uniform(SHORTEST_SECONDS, self.longest_seconds)
        self.living[slot] = (fork(work), dies_at)

    def _reap(self, now: float) -> None:
        for pid, until in list(self.frozen.items()):
            if now >= until:
                os.kill(pid, signal.SIGCONT)
                del self.frozen[pid]
        for slot, (pid, dies_at) in list(self.living.items()):
            if now < dies_at or pid in self.frozen:
                continue
            others = self.watchkeepers > 1 and not self.frozen and slot < self.watchkeepers
            if others and self.chance.random() < 0.02:
                os.kill(pid, signal.SIGSTOP)
                self.frozen[pid] = now + FROZEN_SECONDS
                self.freezes += 1
                continue
            _end(pid)
            self.kills += 1
            del self.living[slot]

    def end(self) -> None:
        """The end of all."""
        self.server.end()
        for pid, _ in self.living.values():
            _end(pid)

    def _watchkeeper(self, slot: int) -> Callable[[], None]:
        ahead = (slot % 2 - 0.5) * APART_SECONDS if self.apart else 0.0

        def keep_watch() -> None:
            from homeby import clock
            from homeby.watch import watchkeeper

            if ahead:
                door: Any = clock
                door.now = lambda: clock.real_now() + dt.timedelta(seconds=ahead)
            watchkeeper.run(watchkeeper.Keeper(name=f"killed {slot}"))

        return keep_watch

    def _gate(self) -> None:
        """Sign in every third unit shortly before it is due; confirmed is what is written down."""
        done = set(self.confirmed.read_text().split()) if self.confirmed.exists() else set()
        with self.confirmed.open("a", encoding="utf-8") as file:
            for mission in self.missions[::3]:
                if mission["mission"] in done:
                    continue
                due_at = dt.datetime.fromisoformat(mission["due_at"])
                self._wait_until(due_at - dt.timedelta(seconds=APART_SECONDS))
                self._sign_in(mission)
                file.write(f"{mission['mission']} {time.time()}\n")
                file.flush()
                os.fsync(file.fileno())

    @staticmethod
    def _wait_until(at: dt.datetime) -> None:
        from homeby import clock

        seconds = (at - clock.real_now()).total_seconds()
        threading.Event().wait(max(0.0, seconds))

    @staticmethod
    def _sign_in(mission: dict[str, str]) -> None:
        from django.db import DatabaseError, connection

        from homeby import clock
        from homeby.logbook.rules import Tap
        from homeby.missions.actions import gate
        from homeby.people.queries import viewer_for

        tap = Tap(entry_id=uuid.uuid5(uuid.UUID(mission["mission"]), "sign in"))
        while True:  # until it is answered; the same id each time
            now = clock.now()
            try:
                gate.sign_in(
                    person_ids=[uuid.UUID(mission["unit"])],
                    at=gate.AtGate(gate_id=uuid.UUID(mission["gate"])),
                    by=viewer_for(uuid.UUID(mission["officer"]), now=now),
                    now=now,
                    tap=tap,
                )
            except DatabaseError:
                connection.close()
                threading.Event().wait(0.1)
                continue
            return


def fork(work: Callable[[], None]) -> int:
    """A process that does this work, and ends when it is done; its number."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(1)
    return child


def _end(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def _facts() -> dict[str, Any]:
    """What the database says when all is over."""
    from collections import Counter

    from homeby.logbook.models import Entry
    from homeby.logbook.verification import verify
    from homeby.watch.models import Alarm

    alarms = list(Alarm.objects.select_related("subject"))
    taps = Counter(Entry.objects.values_list("entry_id", flat=True))
    return {
        "alarms": {str(a.pk): [a.subject.ref.partition(":")[2], a.opened_at.timestamp()]
                   for a in alarms},
        "signed_in": [str(key) for key in taps],
        "difference": verify().difference,
    }  # fmt: skip


def main(words: list[str]) -> None:
    """`build FILE URL COUNT FIRST APART`, `facts`, or
    `live FILE CONFIRMED SEED WATCHKEEPERS APART KILLS LONGEST`."""
    import django

    django.setup()
    from tests.promises import killing

    if words[0] == "build":
        made = killing.build(
            words[2],
            int(words[3]),
            first_due_in_seconds=float(words[4]),
            apart_seconds=float(words[5]),
        )
        session = log_in(uuid.UUID(made[0]["officer"]))
        known = [one | {"session": session} for one in made]
        Path(words[1]).write_text(json.dumps(known), encoding="utf-8")
    elif words[0] == "facts":
        print(json.dumps(_facts()))
    else:
        missions = json.loads(Path(words[1]).read_text(encoding="utf-8"))
        nursery = Nursery(
            missions=missions,
            confirmed=Path(words[2]),
            server=Server(chance=random.Random(f"web {words[3]}")),
            seed=int(words[3]),
            watchkeepers=int(words[4]),
            apart=words[5] == "apart",
            longest_seconds=float(words[7]),
        )
        browser = Browser(missions=missions[1::6], confirmed=Path(words[2]))
        threading.Thread(target=browser.live, daemon=True).start()
        nursery.live(int(words[6]))
        deaths = {"kills": nursery.kills, "freezes": nursery.freezes}
        print(json.dumps(deaths | {"web_kills": nursery.server.kills}), flush=True)
        sys.stdin.read()
        browser.over.set()
        nursery.end()


if __name__ == "__main__":
    main(sys.argv[1:])
