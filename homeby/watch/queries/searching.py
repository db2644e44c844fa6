"""Who leads the search of an alarm."""

from __future__ import annotations

import datetime as dt

from homeby.people.rules import Role, Viewer
from homeby.watch.models import Alarm
from homeby.watch.queries import holds_watch
from homeby.watch.rules import AlarmState, Phase

PHASES = (Phase.ALERT, Phase.DISTRESS)


def may_search(viewer: Viewer, alarm: Alarm, *, now: dt.datetime) -> bool:
    """Whether the viewer leads the search of this alarm: a duty officer, or whoever holds the watch
    now; and whether it is one. Whoever is missed herself is no searcher. One query at most."""
    is_search = alarm.state == AlarmState.OPEN and alarm.phase in PHASES
    is_search = is_search and not alarm.subject.wanted  # nobody is missing
    if not is_search or str(viewer.person_id) in alarm.subject.party:
        return False
    return viewer.has(Role.DUTY_OFFICER) or holds_watch(viewer, now=now)
