"""More time that the party asks for: the watch is told, so that whoever hears of an alarm hears of
the request too. Nothing moves by it: the old time stands until a person has granted the new one."""

from __future__ import annotations

import datetime as dt

from homeby.logbook.actions import Page
from homeby.watch.models import Alarm, Subject
from homeby.watch.rules import AlarmState


def note_request(page: Page, ref: str, *, until_at: dt.datetime | None) -> Subject:
    """Note the return that is asked for and not decided yet, aware UTC; None once it is decided."""
    subject = Subject.objects.select_for_update(no_key=True).get(ref=ref)
    if subject.asked_until_at != until_at:
        page.change(subject, asked_until_at=until_at)
    return subject


def note_heard(page: Page, subject: Subject, *, heard_at: dt.datetime) -> None:
    """Whoever asks was heard, and an open alarm says so. It holds no step: that is a check-in's."""
    alarm = (
        Alarm.objects.select_for_update(of=("self",))
        .filter(subject=subject, state=AlarmState.OPEN)
        .first()
    )
    if alarm is not None and (alarm.heard_at is None or alarm.heard_at < heard_at):
        page.change(alarm, heard_at=heard_at)
