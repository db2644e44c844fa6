"""A person's own duties, missions and examinations as an iCalendar feed, behind a secret address:
"Duty" and times, and what and where of a duty only where she said so (`FIELD.md`, iCalendar feed).
Of a mission it never says what it is or where: whoever runs the other calendar need not know."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from homeby import clock
from homeby.people.queries import languages_of
from homeby.people.rules import hash_of
from homeby.people.texts import in_language
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.own_feed import Fed, FedKind, fed

#: So far back and ahead a feed reaches.
BACK, AHEAD = dt.timedelta(days=30), dt.timedelta(days=366)


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed; what was called off stays in it as such, so that programs take it away."""
    now = clock.now()
    link = queries.owner_of_link(hash_of(secret))
    if link is None:
        raise Http404
    language = languages_of([link.person_id]).get(link.person_id, "en")
    with in_language(language):
        found = icalendar.Calendar()
        found.add("prodid", "-//Homeby//Duties//EN")
        found.add("version", "2.0")
        found.add("x-wr-calname", _("My duties"))
        found.add("x-published-ttl", "PT1H")
        for line in fed(link, begins=now - BACK, ends=now + AHEAD):
            found.add_component(_event(line, shows_all=link.shows_all))
    answer = HttpResponse(found.to_ical(), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer


def _event(line: Fed, *, shows_all: bool) -> Any:
    one = icalendar.Event()
    one.add("uid", f"{line.key}@homeby")
    one.add("dtstamp", line.changed_at)
    one.add("last-modified", line.changed_at)
    one.add("sequence", line.sequence)
    one.add("dtstart", line.begins)
    if line.ends > line.begins:  # RFC 5545, 3.8.2.2: an end is later, or not there
        one.add("dtend", line.ends)
    one.add("summary", _summary(line) if shows_all else _("Duty"))
    if shows_all and line.place:
        one.add("location", line.place)
    one.add("status", "CONFIRMED" if line.is_on else "CANCELLED")
    return one


def _summary(line: Fed) -> str:
    if line.kind is FedKind.DUTY:
        return line.what
    return _("Mission") if line.kind is FedKind.MISSION else _("Examination")
