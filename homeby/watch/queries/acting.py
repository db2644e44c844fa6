"""When the watch must look next."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

from homeby.database.asked import Asked
from homeby.watch import rules
from homeby.watch.models import Alarm, Deadline, Pause
from homeby.watch.rules import AlarmState, DeadlineState, PauseState

_PAUSED = Asked(lambda: Pause.objects.filter(state=PauseState.PAUSED).values_list("pk")[:1])
_FIRST_DEADLINE = Asked(lambda: _first_act(Deadline.objects.filter(state=DeadlineState.OPEN)))
_FIRST_UNPAUSED = Asked(
    lambda: _first_act(
        Deadline.objects.filter(state=DeadlineState.OPEN, kind__in=sorted(rules.NEVER_PAUSED))
    )
)
_FIRST_ALARM = Asked(lambda: _first_act(Alarm.objects.filter(state=AlarmState.OPEN)))


def _first_act(rows: models.QuerySet[Any]) -> models.QuerySet[Any, Any]:
    return rows.order_by("act_at").values_list("act_at")[:1]


def next_act_at() -> dt.datetime | None:
    """The next moment at which an open deadline or alarm asks for something. Three index look-ups.
    While the watch is paused what is due stays due, and nobody looks at it twenty times a second.
    """
    first = _FIRST_UNPAUSED if _PAUSED.any() else _FIRST_DEADLINE
    both = (first.instant(), _FIRST_ALARM.instant())
    return min((at for at in both if at is not None), default=None)


def is_nearer(act_at: dt.datetime, *, now: dt.datetime) -> bool:
    """Whether a time about to be written is nearer than the one a watchkeeper sleeps towards, so
    that it must be woken. It never sleeps over `rules.NEAR`: what is further off costs no query."""
    if act_at > now + rules.NEAR:
        return False
    next_at = next_act_at()
    return next_at is None or act_at < next_at
