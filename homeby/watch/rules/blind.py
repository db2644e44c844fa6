"""The blind periods of the last day, as a line of the page "Is the watch awake?". Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from homeby import instants
from homeby.findings import Finding, amber
from homeby.sentences import gettext as _

BLIND = "blind period"


def blind(
    periods: Iterable[tuple[dt.datetime, dt.datetime, int]], *, zone: str, now: dt.datetime
) -> list[Finding]:
    """A finding for each period (from, to, reminders dropped)."""
    return [
        amber(BLIND, _sentence(from_at, to_at, dropped, zone, now), _what_to_do())
        for from_at, to_at, dropped in periods
    ]


def _sentence(
    from_at: dt.datetime, to_at: dt.datetime, dropped: int, zone: str, now: dt.datetime
) -> str:
    said = _("The watch was blind for %(span)s, from %(from)s to %(to)s.") % {
        "span": instants.span((to_at - from_at).total_seconds()),
        "from": instants.wall(from_at, zone, now),
        "to": instants.wall(to_at, zone, now),
    }
    if not dropped:
        return said
    return f"{said} " + _("Reminders that were too old to be sent: %d.") % dropped


def _what_to_do() -> str:
    return _(
        "Whoever was missed in that time is told late. Find out why it stopped: was the machine "
        "off or asleep?"
    )
