"""How much there was of late: missions and duties of the last thirty days. Pure.

Whoever approves an examination or a place asks for it (`STORY.md` row 77); nothing is made of it
but a sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from homeby.readiness.rules.duties import merged
from homeby.readiness.rules.sleep import Span
from homeby.sentences import gettext as _

LATELY = dt.timedelta(days=30)


def of_late(spans: Sequence[Span], *, now: dt.datetime) -> tuple[int, dt.timedelta]:
    """How many of these duties touch the last thirty days, and how long they were there together;
    two at a time count once."""
    since = now - LATELY
    recent = [
        (max(begins, since), min(ends, now))
        for begins, ends in spans
        if begins < now and ends > since
    ]
    length = sum((ends - begins for begins, ends in merged(recent)), dt.timedelta(0))
    return len(recent), length


def said_of_late(spans: Sequence[Span], *, now: dt.datetime) -> str:
    """The same in a sentence."""
    count, length = of_late(spans, now=now)
    if not count:
        return _("No mission and no duty in the last {days} days.").format(days=LATELY.days)
    return _("In the last {days} days: missions and duties {count}, together {hours} h.").format(
        days=LATELY.days, count=count, hours=round(length / dt.timedelta(hours=1))
    )
