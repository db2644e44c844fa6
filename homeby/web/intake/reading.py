"""From the bytes a device sent to claims: whatever is wrong with them gets a sentence.

The format, version 1: `{"sent_at": time, "entries": [{"id", "act", ...}]}`; `sent_at` is what the
device's clock says while it sends. A device that kept an entry adds what it knows of its clock:
`clock_offset_ms`, `not_before`, `since_ms`. One that signs what it says adds `signature`. The last
two, and the count by which it signed, stand outside of what is sealed.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from homeby.logbook.signed import SIGNATURE_BYTES, TEXT_MAX, Signed, text_of
from homeby.missions.rules.intake import Claim, Steady, in_our_time
from homeby.people.rules import Act
from homeby.web.intake import sealed

ENTRIES_MAX = 200
NOTE_MAX = 500
CALLSIGN_MAX = 100
PEOPLE_MAX = 60
#: Longer than any PIN or code of ours, so that a longer one is not cut to one that fits.
PIN_MAX = 20
CODE_MAX = 250
_SEQUENCE_MAX = 2**63
_HEADS_MAX = 10_000
_OUTSIDE = ("since_ms", "sequence", "signature")
_SIGNATURE_LETTERS = 86  # base64url of its 64 bytes, without what fills up
_MILLISECONDS_MAX = 300 * 365 * 24 * 3600 * 1000


class Unreadable(Exception):
    """The whole body says nothing we can use; the text is the sentence for whoever sent it."""


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """One entry that says nothing we can use: its id as it was sent, and why, in a sentence."""

    entry_id: str
    sentence: str


class Sealed(Exception):
    """There is a sealed entry, and whoever reads opens none."""


class _Problem(Exception):
    """One field of an entry; the text is the sentence."""


def read(body: bytes, *, now: dt.datetime, opens: bool = True) -> list[Claim | Wrong]:
    """The entries of a body, in their order. Raises Unreadable, and Sealed where there is something
    to open and it `opens` nothing: that costs time."""
    try:
        found = _JSON.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except (ValueError, RecursionError):
        raise Unreadable(
            _("This is no JSON, or only a part of it arrived. Send it again as it was.")
        ) from None
    if not isinstance(found, dict) or not isinstance(found.get("entries"), list):
        raise Unreadable(_("Send one object with a list “entries”."))
    entries = found["entries"]
    if not entries or len(entries) > ENTRIES_MAX:
        raise Unreadable(_("Send at least one entry and at most %s at once.") % ENTRIES_MAX)
    try:
        sent_at = _instant(found, "sent_at")
    except _Problem as problem:
        raise Unreadable(str(problem)) from None
    if not opens and any(isinstance(one, dict) and sealed.is_sealed(one) for one in entries):
        raise Sealed
    return [_claim_or_wrong(entry, sent_at=sent_at, now=now) for entry in entries]


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_number)  # `json.loads` would make one for each body


def _claim_or_wrong(
    entry: object, *, sent_at: dt.datetime | None, now: dt.datetime
) -> Claim | Wrong:
    if not isinstance(entry, dict):
        return Wrong(entry_id="", sentence=_("An entry is an object with an id and an act."))
    try:
        if sealed.is_sealed(entry):
            outside = {name: entry[name] for name in _OUTSIDE if name in entry}
            entry = sealed.opened(entry) | outside
        return _claim(entry, sent_at=sent_at, now=now)
    except sealed.Closed:
        sentence = _("Nobody can open this: it was sealed for another station, or is damaged.")
    except _Problem as problem:
        sentence = str(problem)
    sent = entry.get("id")
    shown = sent[:36] if isinstance(sent, str) and _is_whole(sent) else ""
    return Wrong(entry_id=shown, sentence=sentence)


def _claim(entry: Mapping[str, Any], *, sent_at: dt.datetime | None, now: dt.datetime) -> Claim:
    entry_id = _id(entry, "id")
    if entry_id is None:
        raise _Problem(_("An entry needs an id of its own, made by the device."))
    claimed_at = _instant(entry, "happened_at")
    known = _steady(entry)
    in_ours = claimed_at and in_our_time(claimed_at, sent_at=sent_at, now=now, steady=known)
    return Claim(
        entry_id=entry_id,
        act=_act(entry),
        mission_id=_id(entry, "mission"),
        person_ids=_people(entry),
        callsign=_text(entry, "callsign", CALLSIGN_MAX),
        gate_id=_hint(entry, "gate"),
        happened_at=in_ours,
        claimed_at=claimed_at,
        sequence=_number(entry, "sequence", _SEQUENCE_MAX),
        note=_text(entry, "note", NOTE_MAX),
        heads=_number(entry, "heads", _HEADS_MAX),
        due_at=_instant(entry, "due_at"),
        anyway=entry.get("anyway") is True,
        pin=_text(entry, "pin", PIN_MAX),
        code=_text(entry, "code", CODE_MAX),
        signed=_signed(entry) if "signature" in entry else None,
    )


def _signed(entry: Mapping[str, Any]) -> Signed | None:
    """What the device has signed of it. What cannot be a signature refuses nothing."""
    sent = entry["signature"]
    if not isinstance(sent, str) or len(sent) != _SIGNATURE_LETTERS:
        return None
    try:
        signature = base64.urlsafe_b64decode(sent + "==")
    except (binascii.Error, ValueError):
        return None
    text = text_of(entry)
    if len(signature) != SIGNATURE_BYTES or len(text) > TEXT_MAX or not _is_whole(text):
        return None
    return Signed(text=text, signature=signature)


_OF_CLOCKS = frozenset({"clock_offset_ms", "not_before", "since_ms"})


def _steady(entry: Mapping[str, Any]) -> Steady | None:
    """What the device knew of its clock; None where it says nothing of it."""
    if _OF_CLOCKS.isdisjoint(entry):
        return None
    found = Steady(
        ahead=_milliseconds(entry, "clock_offset_ms", least=-_MILLISECONDS_MAX),
        not_before=_instant(entry, "not_before"),
        since=_milliseconds(entry, "since_ms", least=0),
    )
    return None if found == Steady() else found


def _milliseconds(entry: Mapping[str, Any], name: str, *, least: int) -> dt.timedelta | None:
    sent = entry.get(name)
    if sent is None:
        return None
    is_number = isinstance(sent, int) and not isinstance(sent, bool)
    if not is_number or not least <= sent <= _MILLISECONDS_MAX:
        raise _Problem(_("“%s” is a whole number of milliseconds, at most 300 years.") % name)
    return dt.timedelta(milliseconds=sent)


def _act(entry: Mapping[str, Any]) -> Act:
    sent = entry.get("act")
    try:
        return Act(sent.upper() if isinstance(sent, str) else "")
    except ValueError:
        known = ", ".join(act.lower() for act in Act)
        raise _Problem(_("“act” is one of: %s.") % known) from None


def _id(entry: Mapping[str, Any], name: str) -> uuid.UUID | None:
    return None if entry.get(name) is None else _as_id(entry[name], name)


def _hint(entry: Mapping[str, Any], name: str) -> uuid.UUID | None:
    """An id without which the entry is as good: one that is none refuses nothing."""
    try:
        return _id(entry, name)
    except _Problem:
        return None


def _as_id(sent: object, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(sent if isinstance(sent, str) else "")
    except ValueError:
        raise _Problem(_("“%s” is no id: 32 hexadecimal digits, as a UUID has.") % name) from None


def _people(entry: Mapping[str, Any]) -> tuple[uuid.UUID, ...]:
    sent = entry.get("people")
    if sent is None:
        sent = [] if entry.get("person") is None else [entry["person"]]
    if not isinstance(sent, list) or len(sent) > PEOPLE_MAX:
        raise _Problem(_("“people” is a list of at most %s ids.") % PEOPLE_MAX)
    return tuple(_as_id(one, "people") for one in sent)


def _text(entry: Mapping[str, Any], name: str, most: int) -> str:
    """A text, cut where it is too long: what somebody says must not fail by its length."""
    sent = entry.get(name)
    if sent is None:
        return ""
    if not isinstance(sent, str) or not _is_whole(sent):
        raise _Problem(_("“%s” is no text that can be kept.") % name)
    return sent.strip()[:most]


#: What no database holds: NUL, and half of a character.
NOT_WHOLE = re.compile("[\x00\ud800-\udfff]")


def _is_whole(text: str) -> bool:
    """Whether a database can hold it: no NUL, and no half of a character."""
    return NOT_WHOLE.search(text) is None


def _number(entry: Mapping[str, Any], name: str, below: int) -> int | None:
    sent = entry.get(name)
    if sent is None:
        return None
    if not isinstance(sent, int) or isinstance(sent, bool) or not 0 <= sent < below:
        raise _Problem(_("“%s” is a whole number, from 0 on.") % name)
    return sent


def _instant(entry: Mapping[str, Any], name: str) -> dt.datetime | None:
    sent = entry.get(name)
    if sent is None:
        return None
    try:
        found = dt.datetime.fromisoformat(sent if isinstance(sent, str) else "")
        if found.tzinfo is None:
            raise ValueError(name)
        return found.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise _Problem(
            _("“%s” is no time with its zone, such as 2026-11-20T08:00:00Z.") % name
        ) from None
