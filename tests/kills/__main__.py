"""`make kill ARGS="--kills 5000 --seed 1 --out FILE"`: kill everything, lose nothing.

Watchkeepers and the gate (and PostgreSQL itself) are killed at random while mission after mission
becomes overdue; a provider on the loopback keeps durable receipts and fails as often as `--faulty`
says. Then all live on, and the accounts are made up: every mission that was not signed in is told
at least once (lost 0), none that was signed in in time (false 0), every confirmed sign-in is stored
(P10), and the logbook replays. `--calm 20` kills nothing and fails nothing for 20 s: then a repeat
counts as a failure too (P5). `--planted NAME` does all this on a copy with that break, and expects
the accounts to show it. Run it again with another seed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests import pgplugin
from tests.kills.accounts import Accounts
from tests.kills.postgresql import killable_server
from tests.kills.provider import DurableProvider, durable_provider
from tests.kills.run import Run
from tests.planted import __main__ as breaks

DATABASES = ("sqlite", "postgresql")
FAULTY = 0.2
CALM_SLOW_SECONDS = 0.3  # as long as a provider takes to answer, so that others may meet it


def _words(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="how many, over all databases")
    parser.add_argument("--calm", type=float, help="so many seconds without any kill or fault")
    parser.add_argument("--rest", type=float, default=35.0, help="seconds that all live at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--watchkeepers", type=int, choices=range(1, 5), default=2)
    parser.add_argument("--together", action="store_true", help="clocks agree, not 30 s apart")
    parser.add_argument("--faulty", type=float, default=FAULTY, help="share of tries that fail")
    parser.add_argument("--database", choices=(*DATABASES, "both"), default="both")
    parser.add_argument("--planted", metavar="NAME", help="on a copy with this break of ours")
    parser.add_argument("--out", type=Path, help="write the accounts to this JSON file")
    words = parser.parse_args(args)
    if words.calm is not None:
        words.kills, words.faulty = 0, 0.0
    return words


def one_run(words: argparse.Namespace, database: str, kills: int) -> Accounts:
    """Build, kill, make up the accounts."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="homeby-kills-")))
        server, url = None, ""
        if database == "postgresql":
            server = stack.enter_context(killable_server())
            url = pgplugin.create_database(url=server.url, name="kills")
        provider = DurableProvider(
            path=folder / "receipts.jsonl",
            chance=random.Random(words.seed),
            faulty=words.faulty,
            slow_seconds=CALM_SLOW_SECONDS if words.calm else 0.0,
        )
        stack.enter_context(durable_provider(provider))
        run = Run(words, folder, database, url, kills)
        run.build(provider)
        living, deaths = run.live(server)
        try:
            deaths["database_kills"] = server.kills if server else 0
            return run.accounts(provider, deaths)
        finally:
            living.communicate("")


def figures(accounts: Accounts, words: argparse.Namespace, database: str) -> dict[str, Any]:
    """One run for the JSON file."""
    asked = {
        "database": database,
        "seed": words.seed,
        "watchkeepers": words.watchkeepers,
        "clocks_apart_seconds": 0 if words.together else 30,
        "faulty_share": words.faulty,
        "calm": words.calm is not None,
    }
    return asked | accounts.as_json()


def planted(words: argparse.Namespace, args: list[str]) -> int:
    """The same on a copy with a break: 0 when the accounts show it."""
    path = breaks.FOLDER / f"{words.planted}.patch"
    if not path.exists():
        print(f"There is no tests/planted/{path.name}.")
        return 2
    at = args.index("--planted")
    with tempfile.TemporaryDirectory(prefix="homeby-kills-") as folder:
        tree = Path(folder) / "tree"
        breaks.copy_tree(breaks.ROOT, tree)
        if problem := breaks.apply(tree, path):
            print(problem)
            return 2
        command = [sys.executable, "-m", "tests.kills", *args[:at], *args[at + 2 :]]
        code = subprocess.run(command, cwd=tree, check=False).returncode
    print(f"{words.planted}: {'the accounts show it' if code == 1 else 'NOT SHOWN'}")
    return 0 if code == 1 else 1


def main(args: list[str]) -> int:
    """Run, print the accounts, say whether nothing was lost."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that nothing is left behind
    words = _words(args)
    if words.planted:
        return planted(words, args)
    chosen = DATABASES if words.database == "both" else (words.database,)
    told, bad = [], False
    for database in chosen:
        accounts = one_run(words, database, words.kills // len(chosen))
        accounts.calm = words.calm is not None
        print(accounts.text(database), flush=True)
        told.append(figures(accounts, words, database))
        bad = bad or accounts.bad
    if words.out is not None:
        words.out.write_text(json.dumps({"runs": told}, indent=1), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
