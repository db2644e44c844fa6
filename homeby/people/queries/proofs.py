"""By what somebody shows at a kiosk who they are: PINs and badges."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from homeby.people.models import Badge, Pin
from homeby.people.queries import VISIBLE
from homeby.people.rules import Viewer


def have_pins(person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of these people, whoever has a PIN: without it their sign-in at a kiosk proves nothing. One
    query."""
    rows = Pin.objects.filter(person_id__in=list(person_ids)).exclude(pin_hash="")
    return set(rows.values_list("person_id", flat=True))


def pin_hashes_of(person_id: uuid.UUID) -> tuple[str, str]:
    """The hashes of a person's PIN and duress PIN, "" for whoever has none or is no longer with us.
    One query."""
    rows = Pin.objects.filter(person_id=person_id, person__is_active=True)
    return rows.values_list("pin_hash", "duress_hash").first() or ("", "")


def pin_asked_on_phone(viewer: Viewer | None, *, person_id: uuid.UUID) -> bool:
    """Whether a person's own phones ask for her PIN. One query."""
    found: bool = VISIBLE[Pin](viewer).filter(person_id=person_id, asks_on_phone=True).exists()
    return found


def holder_of_badge(code_hash: str) -> tuple[uuid.UUID, bool] | None:
    """Whose badge it is, and whether she printed it herself; None where nobody's or of somebody who
    has left. One query."""
    rows = Badge.objects.filter(code_hash=code_hash, removed_at=None, person__is_active=True)
    return rows.values_list("person_id", "is_printed").first()


@dataclass(frozen=True, kw_only=True)
class BadgeLine:
    """A badge as the office lists it: never what it says, nor the hash of it."""

    id: uuid.UUID
    name: str
    added_at: dt.datetime


def badges(viewer: Viewer | None, *, person_id: uuid.UUID) -> list[BadgeLine]:
    """The badges that a person carries, the newest first. One query."""
    rows = VISIBLE[Badge](viewer).filter(person_id=person_id, removed_at=None)
    return [
        BadgeLine(id=row.pk, name=row.name, added_at=row.added_at)
        for row in rows.order_by("-added_at", "pk")
    ]


def printed_badge(viewer: Viewer | None, *, person_id: uuid.UUID) -> BadgeLine | None:
    """The badge that a person printed, while it says something. One query."""
    rows = VISIBLE[Badge](viewer).filter(person_id=person_id, removed_at=None, is_printed=True)
    row = rows.first()
    return row and BadgeLine(id=row.pk, name=row.name, added_at=row.added_at)


def pin_set_at(viewer: Viewer | None, *, person_id: uuid.UUID) -> dt.datetime | None:
    """Since when a person has the present PIN; None for whoever has none. One query."""
    rows = VISIBLE[Pin](viewer).filter(person_id=person_id).exclude(pin_hash="")
    found: dt.datetime | None = rows.values_list("set_at", flat=True).first()
    return found
