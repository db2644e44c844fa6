"""The day of the organisation: by it certificates end, and what is recorded of somebody counts."""

from __future__ import annotations

import datetime as dt

from homeby import instants
from homeby.people import queries as people


def zone() -> str:
    """The zone of the organisation, in which a day ends. No viewer: it tells of nobody."""
    return people.zone()


def here() -> dt.tzinfo:
    """The same, to reckon by."""
    return instants.zone_info(zone())


def today(*, now: dt.datetime) -> dt.date:
    """Which day it is there."""
    return now.astimezone(here()).date()
