"""A watchkeeper that freezes in the middle of sending: `python -m tests.kills.frozen`.

It is stopped (SIGSTOP) when the provider has its messages and before it hears the answer. Another
takes over when the lease has run out; then the first goes on (SIGCONT) and comes with a result that
is nobody's any more: it is refused by its token, while the other is still sending. Prints one line
of JSON. Leases are shortened, the rest is the product.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kills.nursery import fork
from tests.kills.provider import DurableProvider, durable_provider

LEASE_SECONDS = 2
PATIENCE_SECONDS = 30.0
TO_ARRIVE_SECONDS = 0.3
TO_WRITE_SECONDS = 1.0


@dataclass
class HoldingProvider(DurableProvider):
    """Takes every message, and lets the sender wait for the answer: its first copy until
    `answers[0]` is set, its second until `answers[1]`."""

    answers: tuple[threading.Event, threading.Event] = field(
        default_factory=lambda: (threading.Event(), threading.Event())
    )

    def copies(self, key: str) -> int:
        """How often it has this message."""
        return sum(receipt.key == key for receipt in self.receipts())

    def keep(self, path: str, body: dict[str, str]) -> None:
        """A receipt, and a wait."""
        super().keep(path, body)
        self.answers[min(self.copies(body["key"]), 2) - 1].wait(PATIENCE_SECONDS)


def until(happened: Callable[[], bool], what: str) -> float:
    """Wait for it; how many seconds it took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() > began + PATIENCE_SECONDS:
            raise SystemExit(f"It did not happen: {what}.")
        threading.Event().wait(0.05)
    return time.monotonic() - began


def _keeps_watch(name: str) -> Callable[[], None]:
    from homeby.comms.rules import outbox
    from homeby.watch import watchkeeper

    def keep_watch() -> None:
        door: Any = outbox
        door.LEASE_SECONDS = LEASE_SECONDS
        watchkeeper.run(watchkeeper.Keeper(name=name))

    return keep_watch


def _freeze(pid: int) -> bool:
    """Stop it. On SQLite whoever is stopped inside a commit holds up every other writer until it
    goes on (they say so, and wait): that is another story, and it goes on here."""
    from django.db import connection

    os.kill(pid, signal.SIGSTOP)
    if connection.vendor != "sqlite":
        return True
    try:
        with contextlib.closing(
            sqlite3.connect(
                connection.get_connection_params()["database"], timeout=0.2, isolation_level=None
            )
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
    except sqlite3.OperationalError:
        os.kill(pid, signal.SIGCONT)
        return False
    return True


def _states(keys: set[str]) -> list[tuple[str, int]]:
    from homeby.comms.models import Delivery

    rows = Delivery.objects.select_related("message").order_by("pk")
    own = [row for row in rows if f"{row.message.key}/{row.contact_id}" in keys]
    return [(row.state, row.tries) for row in own]


def story(provider: HoldingProvider) -> dict[str, Any]:
    """Freeze the first, let the second take over, let the first go on."""
    keepers = [fork(_keeps_watch("first"))]
    try:
        until(lambda: bool(provider.receipts()), "the first sends")
        until(lambda: _freeze(keepers[0]), "it is stopped outside a commit")
        threading.Event().wait(TO_ARRIVE_SECONDS)
        keys = {receipt.key for receipt in provider.receipts()}
        keepers.append(fork(_keeps_watch("second")))
        taken_over = until(
            lambda: all(provider.copies(key) == 2 for key in keys), "the second sends them"
        )
        provider.answers[0].set()
        os.kill(keepers[0], signal.SIGCONT)
        threading.Event().wait(TO_WRITE_SECONDS)
        after_the_stale = _states(keys)
        provider.answers[1].set()
        until(lambda: all(one == "HANDED" for one, _ in _states(keys)), "the second is heard")
    finally:
        for pid in keepers:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return {
        "messages": len(keys),
        "taken_over_after_seconds": round(taken_over, 2),
        "after_the_stale_result": after_the_stale,
        "at_the_end": _states(keys),
    }


def main() -> None:
    """One mission is overdue; its two messages freeze."""
    from tests.promises import killing

    with tempfile.TemporaryDirectory(prefix="homeby-frozen-") as folder:
        provider = HoldingProvider(
            path=Path(folder) / "receipts.jsonl", chance=random.Random(1), faulty=0.0
        )
        with durable_provider(provider):
            killing.build(provider.url, 1)
            sys.stdout.write(json.dumps(story(provider)) + "\n")


if __name__ == "__main__":
    import django

    django.setup()
    main()
