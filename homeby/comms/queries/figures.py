"""Counts of the outbox, for whoever operates the station: numbers, nobody's name or address."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Min

from homeby.comms.models import Delivery
from homeby.comms.queries import failing
from homeby.comms.rules import DeliveryState, MessageKind
from homeby.logbook.queries import private_subjects
from homeby.people.rules import Viewer

LATELY = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class OutboxFigures:
    """`waiting` deliveries, the oldest of which is due since `waiting_since`; contact points that
    fail, by channel; deliveries of the last hour's messages, by channel and state."""

    waiting: int
    waiting_since: dt.datetime | None
    failing: dict[str, int]
    lately: dict[tuple[str, str], int]


def outbox_figures(viewer: Viewer | None, *, now: dt.datetime) -> OutboxFigures:
    """The counts at `now`, in the station's time; for the station alone, others find none. What
    lies under a limit or waits for its next try counts as waiting; only what is due makes it old.
    Four queries at most, each by an index."""
    found = Delivery.objects.exclude(message__kind=MessageKind.CANARY).order_by()
    found = found.exclude(private_subjects("message__about"))  # nor that one is cared for
    if viewer is None or not viewer.is_station:
        found = found.none()
    queued = found.filter(state=DeliveryState.QUEUED)
    due = queued.filter(next_try_at__lte=now).aggregate(first=Min("message__created_at"))
    since = found.filter(message__created_at__gt=now - LATELY)
    counted = since.values_list("channel", "state").annotate(number=Count("pk"))
    return OutboxFigures(
        waiting=queued.count(),
        waiting_since=due["first"],
        failing=dict(Counter(one.channel for one in failing(viewer, now=now))),
        lately={(channel, state): number for channel, state, number in counted},
    )
