"""A disk that is full: `python -m tests.kills.full_disk` with HOMEBY_HOME on a small disk.

A watchkeeper is awake when the last byte of the disk is written. A check-in at the gate is refused
with a sentence, and nothing of it stands; the party becomes overdue; the watchkeeper lives on. As
soon as there is room again, the alarm is told, and the same check-in is recorded once. Prints one
line of JSON.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from pathlib import Path
from typing import Any

from tests.kills.frozen import until
from tests.kills.nursery import fork
from tests.kills.provider import DurableProvider, durable_provider

DUE_SECONDS = 3.0
FULL_SECONDS = 2.0
MISSIONS = 2
DISK = "16m"
FILLER_BYTES = 65_536


def absent() -> str:
    """What this machine lacks for it; empty when nothing."""
    with tempfile.TemporaryDirectory(prefix="homeby-full-") as folder:
        tried = subprocess.run([*on_small_disk(Path(folder)), "true"], capture_output=True)
    if tried.returncode:
        return "a small disk cannot be made here: this machine allows no mounts of our own"
    return ""


def on_small_disk(folder: Path) -> list[str]:
    """The command that runs another with a small disk at this folder, which only that one sees."""
    apart = ["unshare", "-m"] if os.getuid() == 0 else ["unshare", "-rm"]
    mount = f'mount -t tmpfs -o size={DISK} tmpfs "$0" && exec "$@"'
    return [*apart, "sh", "-c", mount, str(folder)]


def fill(path: Path) -> None:
    """Write until not one byte more fits."""
    with path.open("wb", buffering=0) as file:
        for size in (FILLER_BYTES, 512, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass


def sign_in(mission: dict[str, str]) -> str:
    """A tap at the gate; empty, or the sentence with which it was refused."""
    from homeby import clock
    from homeby.database import trouble
    from homeby.logbook.rules import Tap
    from homeby.missions.actions import gate
    from homeby.people.queries import viewer_for

    now = clock.now()
    try:
        gate.sign_in(
            person_ids=[uuid.UUID(mission["unit"])],
            at=gate.AtGate(gate_id=uuid.UUID(mission["gate"])),
            by=viewer_for(uuid.UUID(mission["officer"]), now=now),
            now=now,
            tap=Tap(entry_id=uuid.uuid5(uuid.UUID(mission["mission"]), "sign in")),
        )
    except Exception as error:
        found = trouble.recognise(error=error)
        if found is None:
            raise
        return str(found.sentence)
    return ""


def story(missions: list[dict[str, str]], provider: DurableProvider) -> dict[str, Any]:
    """Fill the disk, tap, wait until somebody is overdue, make room."""
    from homeby.logbook.models import Entry
    from homeby.watch import watchkeeper
    from homeby.watch.models import Alarm, Watchkeeper

    filler = Path(os.environ["HOMEBY_HOME"]) / "filler"
    keeper = fork(lambda: watchkeeper.run(watchkeeper.Keeper(name="on a full disk")))
    try:
        until(Watchkeeper.objects.exists, "the watchkeeper looks")
        fill(filler)
        entries = Entry.objects.count()
        refused = sign_in(missions[1])
        due_at = dt.datetime.fromisoformat(missions[0]["due_at"])
        seconds = (due_at - dt.datetime.now(dt.UTC)).total_seconds()
        threading.Event().wait(max(0.0, seconds) + FULL_SECONDS)
        lives = os.waitpid(keeper, os.WNOHANG) == (0, 0)
        while_full = Alarm.objects.count(), Entry.objects.count() - entries
        filler.unlink()
        told = until(lambda: {"U000"} <= _names(provider), "the officer is told")
        return {
            "refused": refused,
            "lives": lives,
            "alarms_while_full": while_full[0],
            "entries_while_full": while_full[1],
            "told_after_seconds": round(told, 2),
            "signed_in_again": sign_in(missions[1]),
        }
    finally:
        os.kill(keeper, signal.SIGKILL)
        os.waitpid(keeper, 0)


def _names(provider: DurableProvider) -> set[str]:
    return {name for receipt in provider.receipts() for name in receipt.names}


def main() -> None:
    """Two missions; one becomes overdue, of the other somebody comes home."""
    from tests.promises import killing

    with tempfile.TemporaryDirectory(prefix="homeby-full-") as folder:
        path = Path(folder) / "receipts.jsonl"
        provider = DurableProvider(path=path, chance=random.Random(1), faulty=0.0)
        with durable_provider(provider):
            made = killing.build(
                provider.url, MISSIONS, first_due_in_seconds=DUE_SECONDS, apart_seconds=3600
            )
            sys.stdout.write(json.dumps(story(made, provider)) + "\n")


if __name__ == "__main__":
    import django

    django.setup()
    main()
