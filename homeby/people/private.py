"""Opening and sealing private values: addresses of contact points and kin.

Envelope encryption: each person has a data key, wrapped by the station's people key, which lies
outside the database (`keys/people.key`). Every opening names a purpose. Board and gate code must
not import this module; the import contracts enforce it (`DESIGN.md` 6, Keys).
"""

from __future__ import annotations

import base64
import json
import os
import uuid
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from homeby import settings
from homeby.database.asked import AskedOf
from homeby.keys import KeyProblem
from homeby.logbook.reading import ReadKind, opened
from homeby.people.models import ContactPoint, Kin, PersonKey
from homeby.people.rules import Purpose

NONCE_BYTES = 12
#: Of these openings nobody reads anything but a channel, a partner, or the person herself; or
#: nobody at all. What was said of a concern is a look of a kind of its own, noted by its room.
_SHOWN_TO_NOBODY = frozenset(
    {Purpose.DELIVER, Purpose.PARTNER, Purpose.OWN_PAGE, Purpose.KEEP_AWAY, Purpose.CONCERN}
)
_OF_A_LOG_IN = b"secret of a log-in"


class Shredded(Exception):
    """The value cannot be opened: its key was destroyed, or the station has another key."""


@cache
def _station() -> AESGCM:
    return AESGCM(settings.people_key())


def key_is_here() -> bool:
    """Whether the station's people key can be read: without it no address opens, and none is lost
    for good either, for the key may come back."""
    try:
        _station()
    except KeyProblem:
        return False
    return True


def new_wrapped_key(person_id: uuid.UUID) -> bytes:
    """A fresh data key for a person, wrapped for the table."""
    nonce = os.urandom(NONCE_BYTES)
    key = AESGCM.generate_key(bit_length=256)
    return nonce + _station().encrypt(nonce, key, person_id.bytes)


def _data_key(person_id: uuid.UUID, row: PersonKey | None) -> AESGCM:
    if row is None or row.wrapped is None:
        raise Shredded("The key of this person's private data was destroyed.")
    wrapped = bytes(row.wrapped)
    try:
        return AESGCM(
            _station().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], person_id.bytes)
        )
    except (InvalidTag, ValueError) as trouble:
        raise Shredded(
            "keys/people.key is not the key with which this station's private data was sealed. "
            "Put the right key file back."
        ) from trouble


def _key_row(person_id: uuid.UUID) -> PersonKey | None:
    return PersonKey.objects.filter(person_id=person_id).first()


def seal(person_id: uuid.UUID, values: Mapping[str, str]) -> bytes:
    """Seal private values of a person."""
    nonce = os.urandom(NONCE_BYTES)
    text = json.dumps(dict(values), ensure_ascii=False).encode()
    return nonce + _data_key(person_id, _key_row(person_id)).encrypt(nonce, text, person_id.bytes)


def unseal(
    person_id: uuid.UUID,
    sealed: bytes | memoryview,
    *,
    purpose: Purpose,
    kind: ReadKind = ReadKind.PRIVATE,
) -> dict[str, str]:
    """Open private values of a person for a purpose; `kind` says of which kind the look is, where
    somebody sees them. Raises `Shredded` when the key is gone."""
    assert purpose in Purpose, "an opening names its purpose"
    _note(person_id, purpose, kind)
    return _unsealed(person_id, sealed, _key_row(person_id))


def _note(person_id: uuid.UUID, purpose: Purpose, kind: ReadKind) -> None:
    """No page can forget it: whatever is opened to be shown is a look (promise P15)."""
    if purpose not in _SHOWN_TO_NOBODY:
        opened(kind, what=f"person:{person_id}", whose=person_id)


def _unsealed(
    person_id: uuid.UUID, sealed: bytes | memoryview, key: PersonKey | None
) -> dict[str, str]:
    blob = bytes(sealed)
    try:
        text = _data_key(person_id, key).decrypt(
            blob[:NONCE_BYTES], blob[NONCE_BYTES:], person_id.bytes
        )
        found: dict[str, str] = json.loads(text)
    except (InvalidTag, ValueError) as trouble:  # ValueError: cut short, or no sealed value at all
        raise Shredded("This value was sealed under another key, or is damaged.") from trouble
    return found


def seal_log_in_secret(text: str) -> str:
    """Seal a secret of a log-in under the station's people key, as text for a JSON column. It goes
    with its row; the key of the person has no part in it, for allauth names nobody here."""
    nonce = os.urandom(NONCE_BYTES)
    return base64.b64encode(nonce + _station().encrypt(nonce, text.encode(), _OF_A_LOG_IN)).decode()


def open_log_in_secret(sealed: str) -> str:
    """Open what `seal_log_in_secret` sealed, to compare what somebody typed: its one purpose.
    Raises `Shredded` when it cannot be opened."""
    try:
        blob = base64.b64decode(sealed, validate=True)
        opened = _station().decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], _OF_A_LOG_IN)
    except (InvalidTag, ValueError) as trouble:
        raise Shredded("This secret was sealed under another key, or is damaged.") from trouble
    return opened.decode()


_POINTS = AskedOf(lambda keys: ContactPoint.objects.filter(pk__in=keys))
_KIN = AskedOf(lambda keys: Kin.objects.filter(pk__in=keys))
_KEYS = AskedOf(lambda keys: PersonKey.objects.filter(person_id__in=keys))


def addresses(contact_ids: list[uuid.UUID], *, purpose: Purpose) -> dict[uuid.UUID, str]:
    """Addresses of contact points and kin by id; those that cannot be opened (key gone, damaged)
    are left out and stop nobody else's; without the station's own key, all are left out. At most
    three queries, however many."""
    assert purpose in Purpose, "an opening names its purpose"
    sealed: dict[uuid.UUID, tuple[uuid.UUID, bytes | memoryview]] = {}
    for point in _POINTS.rows(contact_ids):
        sealed[point.pk] = (point.person_id, point.address_sealed)
        _note(point.person_id, purpose, ReadKind.CONTACTS)
    if len(sealed) < len(set(contact_ids)):
        for kin in _KIN.rows(contact_ids):
            sealed[kin.pk] = (kin.person_id, kin.sealed)
            _note(kin.person_id, purpose, ReadKind.KIN)
    owners = {person_id for person_id, _ in sealed.values()}
    keys = {row.person_id: row for row in _KEYS.rows(owners)}
    found = {}
    for contact_id, (person_id, value) in sealed.items():
        with suppress(Shredded, KeyError, KeyProblem):
            found[contact_id] = _unsealed(person_id, value, keys.get(person_id))["address"]
    return found


def kin_links(kin_ids: list[uuid.UUID], *, purpose: Purpose) -> dict[uuid.UUID, str]:
    """The secret links of kin by id; who has none, or whose cannot be opened, is left out. At most
    two queries, however many."""
    assert purpose in Purpose, "an opening names its purpose"
    rows = [row for row in _KIN.rows(kin_ids) if row.link_sealed is not None] if kin_ids else []
    for row in rows:
        _note(row.person_id, purpose, ReadKind.KIN)
    keys = (
        {row.person_id: row for row in _KEYS.rows({row.person_id for row in rows})} if rows else {}
    )
    found = {}
    for row in rows:
        with suppress(Shredded, KeyError, KeyProblem):
            values = _unsealed(row.person_id, row.link_sealed, keys.get(row.person_id))
            found[row.pk] = values["link"]
    return found
