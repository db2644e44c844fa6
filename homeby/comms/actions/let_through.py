"""A rest was broken: what it held back goes out now, within the hours of whoever rested."""

from __future__ import annotations

import uuid

from homeby.comms.actions.parcels import locked
from homeby.comms.models import Delivery
from homeby.comms.rules import DeliveryState
from homeby.comms.rules.turns import NOT_HANDED
from homeby.logbook.actions import Page
from homeby.people import queries as people


def let_through(page: Page, person_id: uuid.UUID, *, but: str) -> None:
    """Bring forward, as part of an entry, what nobody has tried yet of what was written to her and
    is about nobody in danger. `but`: what has a key that begins so comes at its own hour. What a
    round of deliveries works on just now is left to it."""
    now = page.book.now
    reaches = {
        reach.contact_id: reach
        for one in people.recipients([person_id]).values()
        for reach in one.reaches
        if reach.verified
    }
    waiting = Delivery.objects.filter(
        person_id=person_id,
        message__kin_of__isnull=True,
        message__in_danger=False,
        state=DeliveryState.QUEUED,
        tries=0,
        throttled_at__isnull=True,
        next_try_at__gt=now,
        contact_id__in=reaches,
    )
    for row in locked(waiting.exclude(message__key__startswith=but).order_by("pk")):
        begin = now + (row.place or 0) * NOT_HANDED
        at = reaches[row.contact_id].opens_at(now=begin, in_danger=False)
        if row.next_try_at is not None and at < row.next_try_at:
            page.change(row, next_try_at=at)
