"""`homeby status`: a handful of figures for a person or a program that asks how things stand."""

from __future__ import annotations

import contextlib
import datetime as dt
import json

from django.db import DatabaseError, connection

import homeby
from homeby import clock
from homeby.comms import queries as comms
from homeby.database import trouble, versions
from homeby.logbook import queries as logbook
from homeby.missions import queries as missions
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import wakefulness
from homeby.watch.queries import pauses

Value = str | int | float | bool | None

_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def run(*, as_json: bool) -> int:
    """Print the figures. Returns 0, or 1 when the database does not answer or nobody watches."""
    try:
        figures = read(real_now=clock.real_now())
    except DatabaseError as error:
        figures = {"version": homeby.__version__, "trouble": _why(error)}
    print(json.dumps(figures, ensure_ascii=False, indent=2) if as_json else as_text(figures))
    return 0 if figures.get("watch_is_fresh") else 1


def _why(error: DatabaseError) -> str:
    with contextlib.suppress(DatabaseError):
        if versions.compare().database_is_empty:
            return (
                "There is no station here yet: found one with `homeby init`, or set HOMEBY_HOME to "
                "the folder of yours."
            )
    known = trouble.recognise(error=error)
    return str(known.sentence if known else error)


def read(*, real_now: dt.datetime) -> dict[str, Value]:
    """The figures: version, database, watch, and the counts that each room publishes.

    `real_now` is the machine's own time, for the watch is awake or not in real seconds.
    Raises DatabaseError.
    """
    age_seconds = watch.watch_age_seconds(real_now=real_now)
    return {
        "version": homeby.__version__,
        "database": _DATABASES.get(connection.vendor, connection.vendor),
        "watch_age_seconds": None if age_seconds is None else round(age_seconds, 1),
        "watch_is_fresh": watch.is_fresh(age_seconds),
        **wakefulness.figures(STATION, now=clock.now(), real_now=real_now),
        "clock_is_disputed": bool(watch.open_disputes()),
        "watch_paused_until": _clock(pauses.paused_until(now=clock.now())),
        "is_live": not logbook.is_quarantined(),
        **missions.status_figures(STATION),
        **watch.status_figures(STATION),
        **comms.status_figures(STATION, now=clock.now()),
    }


def _clock(at: dt.datetime | None) -> str:
    return "not paused" if at is None else f"{at:%Y-%m-%d %H:%MZ}"


def as_text(figures: dict[str, Value]) -> str:
    """One figure to a line, in words."""
    return "\n".join(f"{name.replace('_', ' ')}: {_word(value)}" for name, value in figures.items())


def _word(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "never" if value is None else str(value)
