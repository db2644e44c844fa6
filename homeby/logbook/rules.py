"""What an entry is: kinds, canonical bodies, leaf hashes. Pure.

Keeps promise 10 (whoever changes the past leaves a trace): an entry's leaf is fixed by
SHA-256(salt || canonical body), so that erasing a body leaves the proof intact
(`RELIABILITY.md` 10, RFC 6962 leaf prefix).
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, Protocol

from homeby.logbook.signed import Signed
from homeby.sentences import gettext

#: Under this id the station's own key stands in the logbook, where else a person stands: the
#: canary's party is of the station itself, and no human has this id.
STATION_KEY_ID = uuid.UUID("57a71015-0000-4000-8000-0000000000ca")


class Audience(StrEnum):
    """Who may read an entry of a kind, beside the person it is about."""

    MISSION = "MISSION"  # whoever may see the mission it belongs to
    WATCH = "WATCH"  # duty officers, leaders, gate keepers
    OFFICE = "OFFICE"  # leaders and administrators
    ADMINISTRATOR = "ADMINISTRATOR"
    PERSON = "PERSON"  # nobody else, an administrator neither


#: So begin the subjects of which no list of entries tells, whoever asks, and no program is posted
#: to: what was done by a duress PIN is read on the alarm's own page alone.
SILENT_SUBJECT = "duress:"

#: So begin those about what somebody's kin asked, before her id: she herself is never told of it.
WORRY_SUBJECT = "worry:"

#: So begin those of a concern about somebody, and of a sealed debrief: no list tells of one but to
#: whom it is about, where she knows of it, and to whoever acted.
PRIVATE_SUBJECT = "concern:"
SEALED_SUBJECT = "sealed:"


class Erasure(StrEnum):
    """How personal data in an entry's body is erased when the law or the person asks."""

    NOTHING_PERSONAL = "NOTHING_PERSONAL"  # the body holds ids, codes and times only
    ERASE_BODY = "ERASE_BODY"  # body and salt are removed, the leaf stays
    SHRED_KEY = "SHRED_KEY"  # personal values are cipher text; the person's key is destroyed


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of entry, declared once by the room that writes it."""

    name: str
    label: str
    seen_by: Audience
    erase: Erasure

    @property
    def said(self) -> str:
        """The label in the reader's language."""
        return gettext(self.label)


KINDS: dict[str, Kind] = {}


def declare(name: str, label: str, *, seen_by: Audience, erase: Erasure) -> str:
    """Declare a kind and give its name back; declaring a name twice is a mistake in the code."""
    assert name not in KINDS, f"entry kind {name} is declared twice"
    KINDS[name] = Kind(name=name, label=label, seen_by=seen_by, erase=erase)
    return name


def _without_names(name: str, label: str, *, seen_by: Audience = Audience.ADMINISTRATOR) -> str:
    return declare(name, label, seen_by=seen_by, erase=Erasure.NOTHING_PERSONAL)


ENTRY_ERASED = _without_names("ENTRY_ERASED", "An entry's body was erased")
ENTRIES_ERASED = _without_names(
    "ENTRIES_ERASED", "Words were erased by a rule, or for a person who asked"
)
CARE_ERASED = _without_names(
    "CARE_ERASED", "What was said of a concern was erased", seen_by=Audience.PERSON
)
LOOKS_COUNTED = _without_names("LOOKS_COUNTED", "The looks at people were counted")
LOOKS_EMPTIED = _without_names("LOOKS_EMPTIED", "Old looks at people were emptied by a rule")
ENTRY_CORRECTED = declare(
    "ENTRY_CORRECTED",
    "An earlier entry was corrected",
    seen_by=Audience.MISSION,
    erase=Erasure.ERASE_BODY,
)


AUDIT_AGREED = declare(
    "AUDIT_AGREED",
    "The auditor agrees with the watch",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
AUDIT_DISAGREED = declare(
    "AUDIT_DISAGREED",
    "The auditor disagrees with the watch",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
STATION_FOUNDED = declare(
    "STATION_FOUNDED",
    "The station was given its identity",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.NOTHING_PERSONAL,
)
STATION_QUARANTINED = declare(
    "STATION_QUARANTINED",
    "The station found itself to be a copy: it sends nothing",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
STATION_CONFIRMED = declare(
    "STATION_CONFIRMED",
    "A person said that this station is the live one",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
BACKUP_MADE = declare(
    "BACKUP_MADE",
    "A backup was made",
    seen_by=Audience.ADMINISTRATOR,
    erase=Erasure.NOTHING_PERSONAL,
)


class Matters(Protocol):
    """What is kept from somebody, as the database finds it (`database.references`)."""

    def about(self, what: str, *, of_subjects: bool = False) -> Any:
        """The condition that a column is about any of it."""

    def any(self) -> bool:
        """Whether there is anything."""

    def and_also(self, find: Callable[[], Iterable[object]]) -> Matters:
        """This, and what these are about."""


class Reader(Protocol):
    """Whoever reads: `people.rules.Viewer` fits; the logbook itself knows no people."""

    @property
    def person_id(self) -> uuid.UUID | None: ...

    @property
    def is_station(self) -> bool: ...

    @property
    def apart(self) -> frozenset[uuid.UUID]: ...

    @property
    def apart_refs(self) -> Matters | None: ...

    @property
    def closed_refs(self) -> Matters | None: ...

    @property
    def silent(self) -> tuple[tuple[str, dt.datetime], ...]: ...

    def may_read(self, audience: str) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Tap:
    """What a device sends with every act: the entry's id, made there, and when it was so.

    `happened_at` is None when the device leaves it to the station ("now"). `claimed_at` is what its
    clock said, where that was put right before. `signed`: by the device, where it signs.
    """

    entry_id: uuid.UUID
    device: str = "web"
    happened_at: dt.datetime | None = None
    device_sequence: int | None = None
    claimed_at: dt.datetime | None = None
    signed: Signed | None = None


def new_tap(device: str = "station") -> Tap:
    """A tap for an act that begins here, in a process or a command."""
    return Tap(entry_id=uuid.uuid4(), device=device)


FUTURE_LIMIT = dt.timedelta(minutes=2)
#: No clock of ours was there before: an earlier time could not be said in every zone.
EARLIEST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def bounded_happened_at(claimed: dt.datetime | None, *, now: dt.datetime) -> dt.datetime:
    """When it was so. A claim more than 2 min ahead of us is a wrong device clock: `now` counts
    (the raw claim stays in the body; `FIELD.md` section 4 rule 8). None lies before `EARLIEST`."""
    if claimed is None or claimed > now + FUTURE_LIMIT:
        return now
    return max(claimed, EARLIEST)


@lru_cache(maxsize=1024)  # the moments of a tap stand in its entry and in all that it changes
def _in_utc(at: dt.datetime) -> str:
    assert at.tzinfo is not None, "an instant must be aware"
    return (at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)).isoformat()


_AS_IT_IS: set[type] = {type(None), bool, int, float, str}  # and what derives from one, as it comes
#: What most values are, by their very type; a value of a type that derives from one goes on below.
_SHORT_WAYS: dict[type, Callable[[Any], str]] = {uuid.UUID: str, dt.datetime: _in_utc}
_LIKE_THEM = (int, float, str)
_LISTS = (list, tuple, set, frozenset)


def plain(value: Any) -> Any:
    """A value as canonical JSON knows it. Instants become UTC ISO text, bytes base64."""
    if (kind := type(value)) in _AS_IT_IS:
        return value
    if short := _SHORT_WAYS.get(kind):
        return short(value)
    return _long_way(value)


def _long_way(value: Any) -> Any:
    if isinstance(value, _LIKE_THEM):
        _AS_IT_IS.add(type(value))
        return value
    if isinstance(value, dt.datetime):
        return _in_utc(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, _LISTS):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [plain(item) for item in items]
    assert isinstance(value, uuid.UUID | Decimal | StrEnum), f"no canonical form for {value!r}"
    return str(value)


class Columns(Protocol):
    """The columns of an entry beside its body."""

    entry_id: Any
    kind: Any
    subject: Any
    person_id: Any
    actor_id: Any
    device: Any
    device_sequence: Any
    device_signature: Any
    happened_at: Any
    recorded_at: Any


#: Columns that bodies of release 0.1.0's first stations do not repeat.
COLUMNS_SINCE = frozenset({"entry_id", "kind", "device_signature", "recorded_at"})


_COLUMNS = (
    "entry_id",
    "kind",
    "subject",
    "person_id",
    "actor_id",
    "device",
    "device_sequence",
    "device_signature",
    "happened_at",
    "recorded_at",
)


def columns_in_body(entry: Columns) -> dict[str, Any]:
    """What stands in an entry's columns, to stand in its body too: so the leaf fixes all of it."""
    held = vars(entry)
    return {name: plain(held[name]) for name in _COLUMNS}


def columns_hash(entry: Columns) -> str:
    """SHA-256 over an entry's columns, for the entry that erases its body: what stood in both
    stands in the columns alone from then on, and goes on being fixed."""
    return hashlib.sha256(canonical(columns_in_body(entry)).encode()).hexdigest()


_WRITER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=plain)


def canonical(body: Mapping[str, Any]) -> str:
    """The one spelling of a body: sorted keys, no spaces, UTF-8 (RFC 8785 for the values used).
    Its keys are text; what is not plain yet becomes so on the way."""
    return _WRITER.encode(body)


SALT_BYTES = 16  # as long in every entry: so nothing passes from the body to the salt or back


def body_hash(*, salt: bytes, body: str) -> bytes:
    """SHA-256(salt || canonical body), kept on the entry for ever."""
    return hashlib.sha256(salt + body.encode()).digest()


def leaf_hash(*, entry_id: uuid.UUID, kind: str, recorded_at: dt.datetime, body: bytes) -> bytes:
    """The leaf of an entry: SHA-256(0x00 || id || kind || recorded_at || body hash)."""
    text = f"{entry_id}|{kind}|{plain(recorded_at)}|".encode()
    return hashlib.sha256(b"\x00" + text + body).digest()


class Refused(Exception):
    """An act that cannot be done, with a sentence for each field it concerns ("" = the whole act).

    Raised inside the transaction, so nothing is written; the door shows the sentences beside the
    fields and keeps what was entered.
    """

    def __init__(self, sentence: str = "", /, **problems: str) -> None:
        self.problems = {"": sentence} if sentence else {}
        self.problems.update(problems)
        super().__init__(" ".join(self.problems.values()))


@dataclass(frozen=True, kw_only=True)
class Line:
    """An entry as it is read: what, about whom, by whom, when it was so, when we learned it."""

    number: int
    entry_id: uuid.UUID
    kind: str
    label: str
    subject: str
    person_id: uuid.UUID | None
    actor_id: uuid.UUID | None
    device: str
    happened_at: dt.datetime
    recorded_at: dt.datetime
    facts: Mapping[str, Any]
    erased: bool


@dataclass(frozen=True, kw_only=True)
class Newest:
    """The newest entry at some moment: its number and its id."""

    number: int
    entry_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """What tells the live station from a copy. `place`: where the logbook says that it is live;
    `here`: where it lies. `remembered`: the newest entry that this folder has seen of this station
    (None: it has seen none); `there`: the id of the entry that has this number in the logbook
    now; `newest`: the number of the newest entry there."""

    place: str
    here: str
    remembered: Newest | None = None
    there: uuid.UUID | None = None
    newest: int = 0


def why_a_copy(found: Whereabouts) -> str:
    """Why this logbook may be a copy, in a sentence; empty when it is the live one (P18): it lies
    elsewhere, or it is older than what was seen here, or it has gone another way since."""
    moved = found.place != found.here
    lies = f"It was live as {found.place}; this is {found.here}." if moved else ""
    return " ".join(part for part in (lies, why_lost(found)) if part)


def why_lost(found: Whereabouts) -> str:
    """Which entries were recorded here and are not in this logbook, in a sentence; empty when none
    is known to be missing."""
    seen = found.remembered
    if seen is None or found.there == seen.entry_id:
        return ""
    if found.there is not None:
        return f"Entry {seen.number} is not the one that was recorded here: another history."
    gone = f"Entry {seen.number} was recorded here and is missing now: an earlier state."
    if found.newest >= seen.number:
        return gone
    count, first = seen.number - found.newest, found.newest + 1
    return f"{gone} Missing entries: {count}, from entry {first} on."
