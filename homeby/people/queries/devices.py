"""Devices: which one a key belongs to, and the list that the office sees."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models.functions import Cast

from homeby.database.asked import AskedOf
from homeby.people.models import Device
from homeby.people.queries import VISIBLE, names
from homeby.people.rules import Act, DeviceFacts, DeviceKind, Viewer


def devices_of_keys(key_hashes: Iterable[str]) -> dict[str, DeviceFacts]:
    """The devices of these keys by the hash of the key, whether they work or not. Asked in the very
    transaction that records what the device says, and kept nowhere: a revoked key stops working
    with the commit that revoked it, in every process. One query."""
    return {row[0]: _facts(*row[1:]) for row in _OF_KEYS.rows(dict.fromkeys(key_hashes))}


def sign_keys() -> dict[uuid.UUID, str]:
    """By which key each device signs that does."""
    return dict(Device.objects.exclude(sign_key="").values_list("pk", "sign_key"))


def _of_keys(keys: Sequence[str]) -> models.QuerySet[Any, Any]:
    return Device.objects.filter(key_hash__in=keys).values_list(
        "key_hash", "pk", "kind", Cast("acts", models.TextField()), "person_id", "gate_id",
        "revoked_at", "person__is_active", "person__language", "person__pin__asks_on_phone",
    )  # fmt: skip


_OF_KEYS = AskedOf(_of_keys, of_texts=True)


@lru_cache(maxsize=1024)  # of what was read just now: only the reading of it is kept
def _facts(  # noqa: PLR0913 - the columns of one row
    key: uuid.UUID,
    kind: str,
    acts: str,
    person_id: uuid.UUID | None,
    gate_id: uuid.UUID | None,
    revoked_at: dt.datetime | None,
    is_active: bool | None,
    language: str | None,
    asks_pin: bool | None,
) -> DeviceFacts:
    return DeviceFacts(
        id=key,
        kind=DeviceKind(kind),
        acts=frozenset(Act(word) for word in json.loads(acts)),
        person_id=person_id,
        gate_id=gate_id,
        language=language or "",
        works=revoked_at is None and is_active is not False,
        asks_pin=asks_pin is True,
    )


@dataclass(frozen=True, kw_only=True)
class DeviceLine:
    """A device as the list shows it: never its key, nor the key's hash."""

    id: uuid.UUID
    kind: DeviceKind
    name: str
    person: str
    gate_id: uuid.UUID | None
    acts: tuple[Act, ...]
    added_at: dt.datetime
    added_by: str
    revoked_at: dt.datetime | None
    revoked_by: str


def devices(viewer: Viewer | None, *, person_id: uuid.UUID | None = None) -> list[DeviceLine]:
    """The devices that the viewer may see (of one person, where one is named), those in use first,
    the newest first among them. Two queries."""
    rows = VISIBLE[Device](viewer).select_related("person").order_by("-added_at", "pk")
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    found = sorted(rows, key=lambda row: row.revoked_at is not None)
    by = names((key for row in found for key in (row.added_by_id, row.revoked_by_id)), to=viewer)
    return [
        DeviceLine(
            id=row.pk,
            kind=DeviceKind(row.kind),
            name=row.name,
            person=row.person.shown_as if row.person else "",
            gate_id=row.gate_id,
            acts=tuple(act for act in Act if act in row.acts),
            added_at=row.added_at,
            added_by=by.get(row.added_by_id, ""),
            revoked_at=row.revoked_at,
            revoked_by=by.get(row.revoked_by_id, ""),
        )
        for row in found
    ]
