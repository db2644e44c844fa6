"""What a clock that has been set back since wrote into the outbox: when to try again, since when a
contact point or a webhook fails. Put right, so that no message waits for the length of the jump."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Model, Q, QuerySet

from homeby.comms.actions.parcels import locked
from homeby.comms.models import Delivery, FailingContact, Posting, Webhook
from homeby.comms.rules import DeliveryState
from homeby.comms.rules.postings import PAUSE_MOST, PostingState
from homeby.logbook.actions import Page
from homeby.people import queries as people
from homeby.people.rules import Reach
from homeby.steady import SKEW

#: The pauses between two tries, and the turns of the channels of one message, are all shorter.
RETRIED_WITHIN = dt.timedelta(minutes=5)
MOST = 2000  # rows of a table in one commit; the next look finds the others


def ahead(*, now: dt.datetime) -> Iterator[QuerySet[Model]]:
    """The rows whose instants lie further ahead than they can. One query each when asked."""
    yield _deliveries(now)
    yield _postings(now)
    yield FailingContact.objects.filter(since_at__gt=now + SKEW)
    yield Webhook.objects.filter(failing_since_at__gt=now + SKEW)


def _deliveries(now: dt.datetime) -> QuerySet[Delivery]:
    """What waits for its next try, or for a turn. What waits for the hours of a person, or for a
    window of the limits, is no trouble unless the clock that made it wait was ahead itself."""
    soon = Q(tries__gt=0) | Q(message__in_danger=True)
    fresh = Q(throttled_at__isnull=True) & (soon | Q(message__created_at__gt=now + SKEW))
    held = Q(throttled_at__gt=now + SKEW)
    late = Q(next_try_at__gt=now + RETRIED_WITHIN)
    return Delivery.objects.filter(fresh | held, late, state=DeliveryState.QUEUED)


def _postings(now: dt.datetime) -> QuerySet[Posting]:
    late = now + PAUSE_MOST + SKEW
    return Posting.objects.filter(state=PostingState.QUEUED, next_try_at__gt=late)


def put_right(page: Page) -> int:
    """Put these rows right, in an entry of the caller's; gives how many. A row that somebody else
    holds just now is left to the next look."""
    now = page.book.now
    rows = list(locked(_deliveries(now).select_related("message").order_by("pk"))[:MOST])
    reaches = _reaches(rows)
    for row in rows:
        page.change(row, next_try_at=_again_at(row, reaches.get(row.contact_id), now), **_free(row))
    for posting in _postings(now)[:MOST]:
        page.change(posting, next_try_at=now)
    failing = FailingContact.objects.select_for_update().filter(since_at__gt=now + SKEW)[:MOST]
    for contact in failing:
        page.change(contact, since_at=now)
    broken = Webhook.objects.select_for_update().filter(failing_since_at__gt=now + SKEW)
    for webhook in broken:
        page.change(webhook, failing_since_at=now)
    return len(rows) + len(failing) + len(broken)


def _free(row: Delivery) -> dict[str, None]:
    return {} if row.throttled_at is None else {"throttled_at": None}


def _again_at(row: Delivery, reach: Reach | None, now: dt.datetime) -> dt.datetime:
    """Now; what nobody has tried waits for as long as it was to wait, within the person's hours."""
    message = row.message
    assert row.next_try_at is not None, "it was filtered by it"
    if row.tries or row.throttled_at is not None or message.in_danger or reach is None:
        return now
    span = max(row.next_try_at - message.created_at, dt.timedelta())
    return reach.opens_at(now=now + span, in_danger=False)


def _reaches(rows: list[Delivery]) -> dict[object, Reach]:
    """How the people of these messages can be reached, by contact point."""
    kin = {row.message.person_id for row in rows if row.message.kin_of is not None}
    others = {row.message.person_id for row in rows} - kin
    found = [*people.recipients(others).values(), *people.kin_by_id(kin)] if rows else []
    return {reach.contact_id: reach for one in found for reach in one.reaches}
