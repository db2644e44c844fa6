"""`make kill ARGS="--kills 5000 --seed 1 --out FILE"`: kill everything, lose nothing.

Watchkeepers and the gate (and PostgreSQL itself, with `--database postgresql`) are killed at random
while mission after mission becomes overdue; a provider on the loopback keeps durable receipts and
fails as often as `--faulty` says. Then all live on, and the accounts are made up: every mission
that was not signed in is told at least once (lost 0), none that was signed in in time (false 0),
every confirmed sign-in is stored (P10), and the logbook replays. Run it again with another seed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests import pgplugin
from tests.kills.accounts import Accounts
from tests.kills.postgresql import KillableServer, killable_server
from tests.kills.provider import DurableProvider, durable_provider

LEAD_SECONDS = 5.0
KILLS_A_SECOND = 8.0
#: How long a process lives at most; long enough to hand something out now and then.
LONGEST_SECONDS = {"sqlite": 0.5, "postgresql": 1.5}
PATIENCE_SECONDS = 240.0
BETWEEN_DATABASE_KILLS = (3.0, 9.0)


def _words(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="how many processes to kill")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--watchkeepers", type=int, choices=range(1, 5), default=2)
    parser.add_argument("--together", action="store_true", help="clocks agree, not 30 s apart")
    parser.add_argument("--faulty", type=float, default=0.2, help="share of tries that fail")
    parser.add_argument("--missions", type=int, help="how many become overdue (one in 0.5 s)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--out", type=Path, help="write the accounts to this JSON file")
    return parser.parse_args(args)


class Run:
    """One run in a folder of its own."""

    def __init__(self, words: argparse.Namespace, folder: Path, url: str) -> None:
        self.words, self.folder = words, folder
        own = {key: value for key, value in os.environ.items() if not key.startswith("HOMEBY_")}
        own |= {"HOMEBY_HOME": str(folder / "station"), "HOMEBY_TESTS": "1"}
        own |= {"HOMEBY_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
        own |= {"DJANGO_SETTINGS_MODULE": "homeby.django_settings"}
        self.environment = own | ({"HOMEBY_DATABASE_URL": url} if url else {})
        self.missions = folder / "missions.json"
        self.confirmed = folder / "confirmed.txt"
        self.count: int = words.missions or max(20, int(words.kills / KILLS_A_SECOND * 2))

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
        """Fill the station; the first mission is due when all is built and living."""
        lead = LEAD_SECONDS + self.count * 0.08
        apart = self.words.kills / KILLS_A_SECOND / self.count
        self._told(
            "build", str(self.missions), provider.url, str(self.count), str(lead), str(apart)
        )

    def live(self, server: KillableServer | None) -> tuple[subprocess.Popen[str], dict[str, int]]:
        """Kill until it is enough; the living processes, and how many died."""
        words = self.words
        apart = "together" if words.together else "apart"
        how = [str(words.seed), str(words.watchkeepers), apart, str(words.kills)]
        how.append(str(LONGEST_SECONDS[words.database]))
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
        until = max(time.time(), last) + PATIENCE_SECONDS
        while_dying = provider.receipts()
        found = Accounts.of(missions, self.confirmed, while_dying, {}, deaths)
        while time.time() < until:
            facts = json.loads(self._told("facts"))
            found = Accounts.of(missions, self.confirmed, provider.receipts(), facts, deaths)
            if time.time() > last + 30 and not found.lost:
                break
            threading.Event().wait(2.0)
        found.told_while_dying = len({name for receipt in while_dying for name in receipt.names})
        return found


def main(args: list[str]) -> int:
    """Run, print the accounts, say whether nothing was lost."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    words = _words(args)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homeby-kills-")))
        server, url = None, ""
        if words.database == "postgresql":
            server = stack.enter_context(killable_server())
            url = pgplugin.create_database(url=server.url, name="kills")
        provider = stack.enter_context(
            durable_provider(folder / "receipts.jsonl", seed=words.seed, faulty=words.faulty)
        )
        run = Run(words, folder, url)
        run.build(provider)
        living, deaths = run.live(server)
        try:
            deaths["database_kills"] = server.kills if server else 0
            accounts = run.accounts(provider, deaths)
        finally:
            living.communicate("")
    print(accounts.text(words.database))
    if words.out is not None:
        words.out.write_text(json.dumps(accounts.as_json(vars(words)), indent=1), encoding="utf-8")
    return 1 if accounts.bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
