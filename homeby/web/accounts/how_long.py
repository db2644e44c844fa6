"""How long a log-in lasts, by the settings and by what its viewer does, and where that is said."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils.translation import ngettext

from homeby import settings
from homeby.people.rules import Viewer
from homeby.people.rules_log_ins import Lasts, ends_at, is_office_only

#: In the session: since when its days count.
ENTERED = "entered_at"
#: So long before its days are over every page says so.
_SAID_BEFORE = dt.timedelta(hours=24)


def lasts(viewer: Viewer) -> Lasts:
    """How long the log-in of this viewer lasts."""
    chosen = settings.current()
    short, long = chosen.log_in_idle_hours_office, chosen.log_in_idle_hours
    hours = min(short, long) if is_office_only(viewer) else long
    return Lasts(idle=dt.timedelta(hours=hours), most=dt.timedelta(days=chosen.log_in_days))


def end_of(request: HttpRequest, viewer: Viewer, *, zone: str) -> dt.datetime | None:
    """When the days of the log-in that asks are over; None where none end."""
    noted = request.session.get(ENTERED)
    if not noted or settings.current().demonstration:
        return None
    return ends_at(dt.datetime.fromisoformat(noted), lasts=lasts(viewer), zone=zone)


def ends_soon(
    request: HttpRequest, viewer: Viewer, *, zone: str, now: dt.datetime
) -> dt.datetime | None:
    """When the days of the log-in that asks are over, if that is within a day."""
    if viewer.person_id is None:
        return None
    end = end_of(request, viewer, zone=zone)
    return end if end is not None and end - now <= _SAID_BEFORE else None


def said_at_log_in() -> str:
    """On the log-in page: how long a log-in lasts."""
    chosen = settings.current()
    hours, days = chosen.log_in_idle_hours, chosen.log_in_days
    said: str = ngettext(
        "A log-in ends when nobody uses it for %(hours)d hours (for %(office)d in an office that "
        "keeps no watch), and after %(days)d day in any case, but never at night. A board that is "
        "shown stays on.",
        "A log-in ends when nobody uses it for %(hours)d hours (for %(office)d in an office that "
        "keeps no watch), and after %(days)d days in any case, but never at night. A board that is "
        "shown stays on.",
        days,
    )
    office = min(hours, chosen.log_in_idle_hours_office)
    return said % {"hours": hours, "office": office, "days": days}
