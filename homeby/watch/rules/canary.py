"""When the canary falls overdue, and which channel classes it goes through tonight. Pure.

A party of the station itself that is missed every ten minutes by the same rows, rules and outbox as
people are (`RELIABILITY.md` 5, "Canary party"): what it proves is proven for them.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping

from homeby.steady import SKEW

CANARY_REF = "canary:station"
CANARY_EVERY = dt.timedelta(minutes=10)
#: When to look at a round again whose message nobody reported as handed.
CANARY_LOOK_AGAIN = dt.timedelta(minutes=1)
_NIGHT_HOUR = 3


def next_round(due_at: dt.datetime, *, now: dt.datetime) -> dt.datetime:
    """The canary's first due time after `now`, in steps of ten minutes from the last one: rounds
    that an outage has swallowed are not made up for."""
    missed = max(0, (now - due_at) // CANARY_EVERY)
    return due_at + (missed + 1) * CANARY_EVERY


def classes_due(
    classes: Iterable[str], *, tried: Mapping[str, dt.datetime], now: dt.datetime, zone: str
) -> list[str]:
    """The channel classes to try with this round: those not tried since the last 03:00 local time,
    and those never tried, which need not wait for a night to learn that an address is wrong."""
    night = _last_night(now, zone)
    fresh = {name for name, at in tried.items() if night <= at <= now + SKEW}
    return sorted(name for name in classes if name not in fresh)


def _last_night(now: dt.datetime, zone: str) -> dt.datetime:
    try:
        here = zoneinfo.ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        here = zoneinfo.ZoneInfo("UTC")
    local = now.astimezone(here)
    night = local.replace(hour=_NIGHT_HOUR, minute=0, second=0, microsecond=0)
    if night > local:
        night = (night - dt.timedelta(days=1)).replace(hour=_NIGHT_HOUR)
    return night.astimezone(dt.UTC)
