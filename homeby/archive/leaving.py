"""The checkpoint that goes along with whatever is taken out of a station: whoever holds it can have
it checked that nothing before was changed since."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from homeby import settings
from homeby.keys import KeyProblem
from homeby.logbook import keeping
from homeby.logbook import queries as logbook
from homeby.logbook.counting import Horizon
from homeby.logbook.keeping import Contradiction


def checkpoint(*, now: dt.datetime) -> str:
    """The signed checkpoint of the logbook as it leaves; the newest that was kept where somebody is
    writing just now, or where this station signs nothing; "" before the first."""
    settled = Horizon().look()
    kept = keeping.newest()
    if settled is not None and not logbook.is_quarantined():
        with suppress(Contradiction, KeyProblem):  # `homeby verify` and `doctor` say what is wrong
            key = keeping.key_of_station(settings.log_key())
            kept = keeping.keep_all(until=settled, key=key, now=now) if key else kept
    return kept.note if kept is not None else ""


def in_one_line(*, now: dt.datetime) -> str:
    """The same as one line, for a cell or a value; `homeby verify --against` takes the file."""
    return " ".join(checkpoint(now=now).split())
