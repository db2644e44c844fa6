"""The rules of retention, applied by the station itself, once a day; it is seen when they are not.

A rule that nobody applies is a promise that nobody keeps. Whoever runs this is no part of the watch
(the supervisor starts a process of its own for it), and rests between its commits.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from homeby import instants
from homeby.database import trouble
from homeby.findings import Finding, amber, green
from homeby.logbook.queries import is_quarantined
from homeby.people.actions.retention import note_failed
from homeby.people.queries.retention import Applied, applied
from homeby.people.rules import STATION
from homeby.retention.applying import retain
from homeby.sentences import gettext as _

log = logging.getLogger("homeby.retention")

RETENTION = "retention"
#: A little less than a day, so that a run that began late does not move the hour from day to day.
EVERY = dt.timedelta(hours=23)
#: After so long it is no longer chance: a machine that was off for a night catches up by itself.
LATE = dt.timedelta(days=2)


def is_due(found: Applied, *, now: dt.datetime) -> bool:
    """Whether the rules wait to be applied; a clock that was set back makes them due."""
    last = found.done_at
    return found.since_at is not None and (last is None or not dt.timedelta() <= now - last < EVERY)


def apply_if_due(*, now: dt.datetime, rest: Callable[[], None]) -> bool:
    """Apply the rules unless that was done today; says whether all is well. A copy erases nothing:
    its logbook is another station's. What fails is recorded, and is due again at once."""
    if is_quarantined() or not is_due(applied(STATION), now=now):
        return True
    try:
        done = retain(by=None, now=now, rest=rest)
    except Exception as error:
        log.exception("what is no longer kept could not be erased; it is tried again")
        known = trouble.recognise(error=error)
        note_failed(why=known.kind.value if known is not None else type(error).__name__, now=now)
        return False
    log.info("what is no longer kept was erased: %(count)d", {"count": sum(done.values())})
    return True


def finding(*, now: dt.datetime) -> Finding | None:
    """When the rules were last applied, as a line of doctor and of "Is the watch awake?"; nothing
    where everything is kept for ever."""
    found = applied(STATION)
    if found.since_at is None:
        return None
    last, failed = found.done_at, found.failed_at
    if failed is not None and (last is None or failed > last):
        said = _("What is no longer kept could not be erased %s ago.") % _ago(failed, now)
        return amber(RETENTION, said, _what_to_do())
    since = last if last is not None else found.since_at
    said = _("What is no longer kept is erased once a day; not yet since the rule was set.")
    if last is not None:
        said = _("What is no longer kept was last erased %s ago.") % _ago(last, now)
    return amber(RETENTION, said, _what_to_do()) if now - since > LATE else green(RETENTION, said)


def _ago(at: dt.datetime, now: dt.datetime) -> str:
    return instants.span(max(0.0, (now - at).total_seconds()))


def _what_to_do() -> str:
    return _("Run: homeby retain. It does the same at once, and says what stands in its way.")
