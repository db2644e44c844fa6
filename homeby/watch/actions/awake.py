"""The sign of life of a watchkeeper. No state row: it says only that somebody looked."""

from __future__ import annotations

import datetime as dt

from homeby.watch.models import Watchkeeper


def looked(*, name: str, real_now: dt.datetime) -> None:
    """Note that this watchkeeper has just finished a look, in the machine's own time."""
    Watchkeeper.objects.update_or_create(
        name=name,
        defaults={"looked_at": real_now},
        create_defaults={"looked_at": real_now, "started_at": real_now},
    )
