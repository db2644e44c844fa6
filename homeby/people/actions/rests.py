"""Somebody is let rest: handed down from readiness, as part of its entry."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.actions import Page
from homeby.people.models import Rest


def let_rest(page: Page, person_id: uuid.UUID, *, until_at: dt.datetime) -> None:
    """Nothing but what is about safety reaches her from now until `until_at`."""
    now = page.book.now
    assert until_at >= now, "a rest lasts"
    row = Rest.objects.select_for_update().filter(person_id=person_id).first()
    if row is None:
        page.add(Rest(id=uuid.uuid4(), person_id=person_id, from_at=now, until_at=until_at))
    else:
        page.change(row, from_at=now, until_at=until_at)


def end_rest(page: Page, person_id: uuid.UUID) -> None:
    """Her rest is over, or was broken: she is reached as before."""
    now = page.book.now
    for row in Rest.objects.select_for_update().filter(person_id=person_id, until_at__gt=now):
        page.change(row, until_at=max(now, row.from_at))


def rests_at(person_id: uuid.UUID, at: dt.datetime) -> bool:
    """Whether she would still be let rest at an instant."""
    return Rest.objects.filter(person_id=person_id, until_at__gt=at).exists()
