"""One run of the kill loop in a folder of its own: the station, its processes, its accounts."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from tests.kills.accounts import Accounts, confirmed
from tests.kills.nursery import SHORTEST_SECONDS
from tests.kills.postgresql import KillableServer
from tests.kills.provider import DurableProvider
from tests.sinks import free_port

LEAD_SECONDS = 3.0
BUILD_SECONDS = 0.09  # a mission
A_MISSION_EACH_SECONDS = 0.5
FEWEST_MISSIONS = 12
FEWEST_CALM = 40  # each party has a notice waiting: several batches, for which all compete
#: How long a process lives at most; long enough to hand something out now and then.
LONGEST_SECONDS = {"sqlite": 0.8, "postgresql": 3.0}
PATIENCE_SECONDS = 240.0
BETWEEN_DATABASE_KILLS = (5.0, 15.0)


class Run:
    """One run; `database` names the kind, `url` the address of a PostgreSQL."""

    def __init__(
        self, words: argparse.Namespace, folder: Path, database: str, url: str, kills: int
    ) -> None:
        self.words, self.folder, self.kills = words, folder, kills
        self.longest = LONGEST_SECONDS[database]
        own = {key: value for key, value in os.environ.items() if not key.startswith("HOMEBY_")}
        own |= {"HOMEBY_HOME": str(folder / "station"), "HOMEBY_TESTS": "1"}
        own |= {"HOMEBY_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1", "HOMEBY_PORT": str(free_port())}
        own |= {"DJANGO_SETTINGS_MODULE": "homeby.django_settings"}
        self.environment = own | ({"HOMEBY_DATABASE_URL": url} if url else {})
        self.missions = folder / "missions.json"
        self.confirmed = folder / "confirmed.txt"
        a_life = (SHORTEST_SECONDS + self.longest) / 2
        self.seconds: float = words.calm or kills * a_life / (words.watchkeepers + 1)
        fewest = FEWEST_CALM if words.calm else FEWEST_MISSIONS
        self.count = max(fewest, int(self.seconds / A_MISSION_EACH_SECONDS))

    def _nursery(self, *words: str, **how: Any) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.kills.nursery", *words]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, text=True, **how
        )

    def _told(self, *words: str) -> str:
        process = self._nursery(*words)
        said, _ = process.communicate(timeout=1800)
        if process.returncode:
            raise SystemExit(f"tests.kills.nursery {words[0]} ended with {process.returncode}.")
        return said

    def build(self, provider: DurableProvider) -> None:
        """Fill the station; the first mission is due when all is built."""
        lead = LEAD_SECONDS + self.count * BUILD_SECONDS
        how = [provider.url, str(self.count), str(lead), str(self.seconds / self.count)]
        self._told("build", str(self.missions), *how)

    def live(self, server: KillableServer | None) -> tuple[subprocess.Popen[str], dict[str, int]]:
        """Kill until it is enough; the living processes, and how many died."""
        words = self.words
        apart = "together" if words.together else "apart"
        how = [str(words.seed), str(words.watchkeepers), apart, str(self.kills), str(self.longest)]
        living = self._nursery(
            "live",
            str(self.missions),
            str(self.confirmed),
            *how,
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        over = threading.Event()
        killer = threading.Thread(target=self._kill_database, args=(server, over))
        killer.start()
        assert living.stdout is not None
        line = living.stdout.readline()
        over.set()
        killer.join()
        if not line:
            raise SystemExit("The nursery ended before its time.")
        return living, json.loads(line)

    def _kill_database(self, server: KillableServer | None, over: threading.Event) -> None:
        chance = random.Random(f"database {self.words.seed}")
        while server is not None and not over.wait(chance.uniform(*BETWEEN_DATABASE_KILLS)):
            server.kill()
            server.start()

    def accounts(self, provider: DurableProvider, deaths: dict[str, int]) -> Accounts:
        """What came of it. Waits until everybody is told, or patience ends."""
        missions = json.loads(self.missions.read_text(encoding="utf-8"))
        last = max(Accounts.seconds(one["due_at"]) for one in missions)
        began = max(time.time(), last)
        while_dying = provider.receipts()
        found = Accounts.of(missions, confirmed(self.confirmed), while_dying, {}, deaths)
        while time.time() < began + PATIENCE_SECONDS:
            signed_in = confirmed(self.confirmed)
            facts = json.loads(self._told("facts"))
            found = Accounts.of(missions, signed_in, provider.receipts(), facts, deaths)
            if time.time() > began + self.words.rest and not found.lost:
                break
            threading.Event().wait(1.0)
        found.told_while_dying = len({name for receipt in while_dying for name in receipt.names})
        return found
