"""The bar of a paused watch, over every page."""

from __future__ import annotations

import datetime as dt

from homeby.people.rules import STATION, Viewer
from homeby.watch import pause_texts
from homeby.watch.queries import pauses


def bar(viewer: Viewer, *, now: dt.datetime) -> tuple[str, str]:
    """What the bar says, and who paused the watch and why; both "" while it is not paused. Whoever
    is not logged in reads neither who nor why."""
    for one in pauses.pause_sheets(STATION, now=now, to=viewer):
        if one.holds:
            by = pause_texts.and_said([one.asked_by, one.agreed_by]) if viewer.person_id else ""
            return pause_texts.bar(until_at=one.facts.until_at, by=by, reason=one.reason, now=now)
    return "", ""
