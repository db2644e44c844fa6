"""Which entries bear the signature of the phone that sent them, and whether it is right.

Whoever holds the database can write an entry in the name of a phone; not its signature, for the key
never leaves that phone. What stands in an entry's own columns must be what was signed.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from homeby.logbook import rules as logbook
from homeby.logbook.models import Entry
from homeby.logbook.verification import Stored, stored
from homeby.missions import rules
from homeby.missions.rules.intake import KINDS
from homeby.people import signing_keys
from homeby.people.queries.devices import sign_keys
from homeby.people.rules import Act, DeviceKind

_PHONE = f"{DeviceKind.PHONE.lower()}:"
_KINDS = (*KINDS.values(), rules.ENTRY_UNMATCHED)
_AT_ONCE = 500


@dataclass
class Signatures:
    """Entries that phones sent, counted. `signed`: by the phone's key, and so one by one or as
    those of a party that were said in one. `wrong` and `missing`, by their numbers: a signature
    that is not that of the phone over this entry, and none from a phone that signs. `erased`: what
    was signed is gone with the body. `other`: of phones without such a key."""

    signed: int = 0
    wrong: list[int] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    erased: int = 0
    other: int = 0


def signatures() -> Signatures:
    """All entries of phones. One question for those of phones that do not sign; the others are read
    in the order of their numbers."""
    by_label = {f"{_PHONE}{key}": text for key, text in sign_keys().items()}
    found = Signatures()
    of_phones = Entry.objects.filter(kind__in=_KINDS, device__startswith=_PHONE)
    total = of_phones.count()
    said: dict[tuple[str, dt.datetime], dict[str, Any]] = {}
    labels = sorted(by_label)
    for start in range(0, len(labels), _AT_ONCE):
        ones = of_phones.filter(device__in=labels[start : start + _AT_ONCE])
        for entry in stored(ones):
            total -= 1
            _count(found, entry, by_label[entry.device], said)
    found.other = total
    return found


def _count(
    found: Signatures,
    entry: Stored,
    key: str,
    said: dict[tuple[str, dt.datetime], dict[str, Any]],
) -> None:
    if entry.body is None:
        found.erased += 1
        return
    moment = (entry.device, entry.recorded_at)
    if entry.device_signature is None:
        is_one_of = _names(said.get(moment, {}), entry)
        found.signed += is_one_of
        if not is_one_of:
            found.missing.append(entry.number)
        return
    claim = _right(entry, json.loads(entry.body), key)
    if claim is None:
        found.wrong.append(entry.number)
        return
    said[moment] = claim
    found.signed += 1


def _right(entry: Stored, body: dict[str, Any], key: str) -> dict[str, Any] | None:
    """What the phone signed of this very entry; None where it is another, or no entry at all."""
    try:
        claim = _signed(body, entry, key)
        return claim if claim is not None and _fits(claim, entry, body) else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _signed(body: dict[str, Any], entry: Stored, key: str) -> dict[str, Any] | None:
    """What the phone signed; None where it did not."""
    text = body.get("signed")
    signature = bytes(entry.device_signature or b"")
    if not isinstance(text, str) or not signing_keys.has_signed(text, signature, key=key):
        return None
    claim = json.loads(text)
    return claim if isinstance(claim, dict) else None


def _fits(claim: dict[str, Any], entry: Stored, body: dict[str, Any]) -> bool:
    """Whether the entry is what was signed: its id, or one made of it for each mission or person;
    its kind; its mission; when it was."""
    first = uuid.UUID(str(claim["id"]))
    is_same = entry.entry_id == first or entry.entry_id in {
        uuid.uuid5(first, part) for part in _parts(claim, entry)
    }
    return is_same and _kind_fits(claim, entry) and _time_fits(claim, entry, body)


def _parts(claim: dict[str, Any], entry: Stored) -> Iterator[str]:
    yield str(entry.person_id)
    yield entry.subject.partition(":")[2]
    yield from map(str, claim.get("people") or ())


def _kind_fits(claim: dict[str, Any], entry: Stored) -> bool:
    if entry.kind == rules.ENTRY_UNMATCHED:
        return True
    mission = claim.get("mission")
    is_there = not mission or entry.subject == f"mission:{uuid.UUID(mission)}"
    return is_there and entry.kind == KINDS[Act(str(claim["act"]).upper())]


def _time_fits(claim: dict[str, Any], entry: Stored, body: dict[str, Any]) -> bool:
    if (said := claim.get("happened_at")) is None:
        return True
    held = body.get("claimed_happened_at") or logbook.plain(entry.happened_at)
    return dt.datetime.fromisoformat(said) == dt.datetime.fromisoformat(held)


def _names(claim: dict[str, Any], entry: Stored) -> bool:
    """Whether what was signed a moment before names whom this entry is about, too: one tap of a
    leader signs out a whole party."""
    people = {str(one) for one in claim.get("people") or ()}
    return bool(claim) and str(entry.person_id) in people and _kind_fits(claim, entry)
