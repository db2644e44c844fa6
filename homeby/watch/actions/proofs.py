"""Who has proved that an alarm reaches her: whoever takes one, a drill or a test that had been
handed to her. Used by every way of taking an alarm, in its entry."""

from __future__ import annotations

import uuid

from homeby.comms import queries as comms
from homeby.logbook.actions import Page
from homeby.watch.actions.stepping import about
from homeby.watch.models import Alarm, DutyPhone


def note(page: Page, alarm: Alarm, person_id: uuid.UUID) -> None:
    """Somebody has taken an alarm. It proves her duty phone if a channel had handed it to her: who
    only saw it on a page has shown nothing of her phone. Of a whole list, one alarm is enough."""
    done: list[bool] = page.book.scratch(f"proof of {person_id}", list)
    if done:
        return
    phone = DutyPhone.objects.select_for_update().filter(person_id=person_id).first()
    if phone is None:
        done.append(False)
        return
    channels = comms.channels_that_handed(about(alarm), person_id)
    if channels:
        done.append(True)
        page.change(phone, proven_at=page.book.now, proven_by=alarm.kind, channels=channels)
