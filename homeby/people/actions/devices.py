"""Devices: a key of its own for each, with narrow rights, shown once, stored as a hash, revocable.

Whoever makes the key keeps it: it goes to the device and into no row and no entry. This room is
given its hash.
"""

from __future__ import annotations

import datetime as dt
import re
import secrets
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules, signing_keys
from homeby.people.actions.organisation import require
from homeby.people.models import Device, Person
from homeby.people.rules import KIOSK_ACTS, Act, DeviceKind, Role, Viewer

#: So that a key which somebody finds in a note or a backup says what it is.
KEY_PREFIX = "homeby-device-"
NAME_MAX = 100
#: Devices in use of one person; more are a mistake, or somebody who hoards keys.
PHONES_MAX = 10
_IS_HASH = re.compile(r"[0-9a-f]{64}")


def new_key() -> str:
    """A fresh key: 256 random bits behind a prefix."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class DeviceFields:
    """A device to add: `person_id` for a phone, `gate_id` for a kiosk, what it may say, and by
    which key it signs that (`signing_keys`; "" where it signs nothing)."""

    kind: DeviceKind
    name: str
    acts: tuple[Act, ...]
    person_id: uuid.UUID | None = None
    gate_id: uuid.UUID | None = None
    sign_key: str = ""


@logbook.once
def add_device(
    *, fields: DeviceFields, key_hash: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Let a device in by its key, of which this is the hash (`hash_of`). A person adds phones of
    their own; an administrator adds any. The device's id is the tap's."""
    own = fields.kind is DeviceKind.PHONE and fields.person_id == by.person_id is not None
    if not own:
        require(by, Role.ADMINISTRATOR)
    _check(fields)
    with logbook.writing(now=now, by=by.person_id) as book:
        if fields.person_id is not None:
            _check_owner(fields.person_id)
        answer = _("The device may now send entries.")
        page = book.entry(
            rules.DEVICE_ADDED,
            subject=f"device:{tap.entry_id}",
            person=fields.person_id,
            tap=tap,
            answer=answer,
        )
        page.add(
            Device(
                id=tap.entry_id,
                kind=fields.kind,
                name=fields.name.strip(),
                person_id=fields.person_id,
                gate_id=fields.gate_id,
                acts=[str(act) for act in Act if act in fields.acts],
                key_hash=key_hash,
                sign_key=fields.sign_key,
                added_at=now,
                added_by_id=by.person_id,
            )
        )
    return answer


def _check(fields: DeviceFields) -> None:
    name = fields.name.strip()
    if not name or len(name) > NAME_MAX:
        raise Refused(name=_("Give the device a name of at most %s characters.") % NAME_MAX)
    if fields.sign_key and not signing_keys.is_key(fields.sign_key):
        raise Refused(sign_key=_("This is no public key of the kind that signs (P-256)."))
    if not fields.acts:
        raise Refused(acts=_("Tick what the device may say; without anything it is of no use."))
    if fields.kind is DeviceKind.PHONE:
        if fields.person_id is None:
            raise Refused(person=_("Choose whose phone it is."))
        return
    if fields.gate_id is None:
        raise Refused(gate=_("Choose the gate at which it stands."))
    if set(fields.acts) - set(KIOSK_ACTS):
        raise Refused(acts=_("A kiosk cannot ask for more time."))


def _check_owner(person_id: uuid.UUID) -> None:
    """Locked, so that two keys added at once cannot pass the limit together."""
    owner = Person.objects.select_for_update().filter(pk=person_id, is_active=True).first()
    if owner is None:
        raise Refused(person=_("This person is no longer with us."))
    if Device.objects.filter(person_id=person_id, revoked_at=None).count() >= PHONES_MAX:
        raise Refused(
            person=_("There are %s devices in use already. Revoke those that are gone first.")
            % PHONES_MAX
        )


@logbook.once
def take_key(*, key_hash: str, own_hash: str, now: dt.datetime, tap: Tap) -> str:
    """A kiosk puts a key that it made itself, of which `own_hash` is the hash, in the place of the
    one by which it was opened: what stood on the administrator's screen opens nothing afterwards.
    Raises Refused."""
    if not _IS_HASH.fullmatch(own_hash):
        raise Refused(_("This is no hash of a key."))
    with logbook.writing(now=now, by=None, device="kiosk") as book:
        row = (
            Device.objects.select_for_update()
            .filter(key_hash=key_hash, kind=DeviceKind.KIOSK, revoked_at=None)
            .first()
        )
        if row is None or Device.objects.filter(key_hash=own_hash).exists():
            raise Refused(_("This key opens no kiosk: it was used already, or revoked."))
        answer = _("The kiosk has a key of its own now.")
        page = book.entry(
            rules.DEVICE_KEY_TAKEN, subject=f"device:{row.pk}", tap=tap, answer=answer
        )
        page.change(row, key_hash=own_hash)
    return answer


@logbook.once
def revoke_device(*, device_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From this commit on the key opens nothing. Whoever keeps the watch may do it, for a tablet is
    stolen at night, too; and everybody for a phone of their own."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Device.objects.select_for_update().filter(pk=device_id).first()
        own = row is not None and row.person_id is not None and row.person_id == by.person_id
        if row is None or not (by.keeps_watch or by.has(Role.ADMINISTRATOR) or own):
            raise Refused(_("There is no such device, or it is not yours."))
        answer = _("Revoked. What it sends from now on changes nothing; it is shown to the watch.")
        page = book.entry(
            rules.DEVICE_REVOKED,
            subject=f"device:{device_id}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        if row.revoked_at is None:
            page.change(row, revoked_at=now, revoked_by_id=by.person_id)
    return answer
