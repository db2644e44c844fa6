"""The sign of life of a watchkeeper. No state row: it says only that somebody looked."""

from __future__ import annotations

import datetime as dt

from homeby.watch.models import Watchkeeper


def looked(
    *,
    name: str,
    real_now: dt.datetime,
    machine: str = "",
    zero_at: dt.datetime | None = None,
    boot_seconds: float | None = None,
) -> None:
    """Note that this watchkeeper has just finished a look, in the machine's own time, and by which
    clock (`homeby.steady`), for the other processes of the machine and for who comes after it."""
    values = {
        "looked_at": real_now,
        "machine": machine,
        "zero_at": zero_at,
        "boot_seconds": boot_seconds,
    }
    if not Watchkeeper.objects.filter(name=name).update(**values):
        Watchkeeper.objects.create(name=name, started_at=real_now, **values)
