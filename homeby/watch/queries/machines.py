"""What is known of the machines that keep the watch: their looks, their clocks, the canary's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import F, Max

from homeby import steady
from homeby.database.asked import Asked
from homeby.steady import Clocks
from homeby.watch import rules
from homeby.watch.models import Alarm, ClockDispute, Watchkeeper
from homeby.watch.rules import AlarmState

FRESH_SECONDS = 60
AHEAD_SECONDS_MAX = -5  # two processes read the time one after the other


def watch_age_seconds(*, real_now: dt.datetime) -> float | None:
    """Real seconds since any watchkeeper last finished a look; None when none ever did."""
    return age_of(looks().values(), real_now=real_now)


def age_of(looked: Iterable[dt.datetime], *, real_now: dt.datetime) -> float | None:
    """Real seconds since the last of these looks. One that lies ahead counts only where there is no
    other: a watchkeeper that died before the clock was set back hides none that is awake."""
    ages = [(real_now - at).total_seconds() for at in looked]
    been = [age for age in ages if age >= AHEAD_SECONDS_MAX]
    return min(been, default=max(ages, default=None))


def canary_ended_at() -> dt.datetime | None:
    """When the canary's last round ended; None when none ever did. One query."""
    rounds = Alarm.objects.filter(kind=rules.AlarmKind.CANARY, state=AlarmState.ENDED)
    found: dt.datetime | None = rounds.aggregate(last=Max("ended_at"))["last"]
    return found


def looks() -> dict[str, dt.datetime]:
    """When each watchkeeper last finished a look, in the machine's own time. One query."""
    return dict(_LOOKS.rows())


_LOOKS = Asked(lambda: Watchkeeper.objects.values_list("name", "looked_at"))


def open_disputes() -> list[ClockDispute]:
    """Every machine whose wall clock is not believed now. One query, of a partial index."""
    return _DISPUTES.rows()


_DISPUTES = Asked(lambda: ClockDispute.objects.filter(ended_at__isnull=True))


def settled_as(seen: Clocks) -> bool:
    """Whether the last dispute about this machine's clock ended with what it shows now: another
    process, or a person, has already judged it. One query."""
    ended = ClockDispute.objects.filter(machine=seen.machine, ended_at__isnull=False)
    last = ended.order_by("-boot_seconds", "-ended_at")  # the count is never set back
    zero_at = last.values_list("settled_zero_at", flat=True).first()
    return zero_at is not None and steady.agree(seen, zero_at)


def zero_noted(seen: Clocks) -> dt.datetime | None:
    """What the processes of this machine trust, where one of them noted it since it was switched
    on: an open dispute counts first, then the last look of a watchkeeper. At most three queries."""
    for row in open_disputes():
        if row.machine == seen.machine:
            return row.zero_at
    if settled_as(seen):
        return seen.zero_at
    looks = Watchkeeper.objects.filter(machine=seen.machine, zero_at__isnull=False)
    newest = looks.order_by(F("boot_seconds").desc(nulls_last=True), "-looked_at")
    return newest.values_list("zero_at", flat=True).first()


def is_fresh(age_seconds: float | None) -> bool:
    """Whether the watch is awake: it looked within the last minute (promise 7). A look that lies
    ahead proves nothing: the clock was set back since, and the watch may have died before."""
    return age_seconds is not None and AHEAD_SECONDS_MAX <= age_seconds <= FRESH_SECONDS
