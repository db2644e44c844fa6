"""Alarms at a past moment, by the logbook."""

from __future__ import annotations

from homeby.logbook.then import Moment, Past, is_by, made
from homeby.watch.models import Alarm, Subject
from homeby.watch.rules import AlarmState

#: What `open_alarms_then` reads.
TABLES = (Subject, Alarm)


def open_alarms_then(past: Past, moment: Moment) -> dict[str, Alarm]:
    """The alarms that were open, by what they are about, to be shown and never to be kept. No
    viewer: the room above names none but those of what hers may see."""
    refs = past.of(Subject, since=True) | past.of(Subject)
    found: dict[str, Alarm] = {}
    for key, then in past.of(Alarm).items():
        ended = is_by(past.of(Alarm, since=True).get(key, {}), "ended_at", moment.at)
        values = past.values(Alarm, key)
        ref = refs.get(str(values.get("subject_id")), {}).get("ref")
        if then.get("state") == AlarmState.OPEN and not ended and isinstance(ref, str):
            found[ref] = made(Alarm, key, values)
    return found
