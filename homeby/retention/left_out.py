"""A year after a concern that came of a signal has ended, by which decision it came is erased; that
there was a signal, and that somebody looked after her, stays (`LEFTOUT.md` 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from homeby.logbook.forgetting import Forgetting, Reach, forget
from homeby.retention.applying import spared
from homeby.welfare.queries.left_out import some_older_than

KEPT = dt.timedelta(days=365)
_TABLE = "welfare.leftoutsignal"
RULE = Forgetting(
    name="SIGNALS",
    blank={_TABLE: {"key": ""}},
    aged={_TABLE: ("concern__ended_at",)},
    ending=(_TABLE,),
)


def fade(*, now: dt.datetime, rest: Callable[[], None]) -> int:
    """Erase it where its time is over; gives in how many entries. Nothing is looked through where
    there is none. Safe to repeat and to interrupt."""
    before = now - KEPT
    if not some_older_than(before):
        return 0
    how = {"spared": partial(spared, now=now), "rest": rest}
    return forget(RULE, Reach(before=before), by=None, now=now, **how)  # type: ignore[arg-type]
