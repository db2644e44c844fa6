"""Which looks at people a request takes (promise P15): queries note here what they open, and the
door writes it down before the page leaves. Pure memory: no table, no clock.

Outside a request nothing is open and a note is nothing: the watch, the outbox and commands show
nobody anything.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum


class ReadKind(StrEnum):
    """What was looked at. Of everybody who is out: BOARD. Of everybody: PEOPLE, LOGBOOK, MESSAGES.
    Of one party or one person: the others."""

    BOARD = "BOARD"  # any list of who is out, or missing
    PEOPLE = "PEOPLE"  # the list of people
    LOGBOOK = "LOGBOOK"  # lines of the logbook, or of who looked
    MESSAGES = "MESSAGES"  # what people received
    STATUS = "STATUS"  # one party: out or back, when, where to
    PLACE = "PLACE"  # its coordinates, its route
    REPORT = "REPORT"  # what somebody reported
    PERSON = "PERSON"  # somebody's page
    CALLSIGN = "CALLSIGN"  # the name behind a callsign
    CONTACTS = "CONTACTS"
    KIN = "KIN"
    HOME = "HOME"
    HEALTH = "HEALTH"
    PRIVATE = "PRIVATE"  # a sealed value of which nobody said what it is
    CONCERN = "CONCERN"  # what was said of a concern: known to the reader, and to whom it is about


def of_team(what: str, team_id: uuid.UUID | str) -> str:
    """The name of a list on which only one team's parties stand."""
    return f"{what}{_OF_TEAM}{team_id}"


def list_of(what: str) -> str:
    """Which list it is, whosever parties stand on it."""
    return what.partition(_OF_TEAM)[0]


_OF_TEAM = "/team:"


#: What stands for the thing of a look that was emptied, before the row's number.
ERASED = "erased:"
#: Ids below are a row's number, and no person's.
FIRST_PERSON = uuid.UUID(int=1 << 63)


def is_erased(reader_id: uuid.UUID) -> bool:
    """Whether whoever looked was erased: such an id is the row's number, and no person's."""
    return reader_id < FIRST_PERSON


#: Without a record of who reads them these are not shown; the others are shown whatever happens.
CLOSED = frozenset(
    {
        ReadKind.CALLSIGN,
        ReadKind.CONTACTS,
        ReadKind.KIN,
        ReadKind.HOME,
        ReadKind.HEALTH,
        ReadKind.PRIVATE,
        ReadKind.CONCERN,
    }
)
#: What stands on such a list is of nobody in particular.
OF_EVERYBODY = frozenset({ReadKind.PEOPLE, ReadKind.LOGBOOK, ReadKind.MESSAGES})

#: Within so many seconds of the clock the same look by the same reader is one row.
ONCE_SECONDS = 600


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look. `what` names the thing (`mission:<id>`, `person:<id>`, `board`), `whose` the person
    it is about where it is one, `why` a reason that was typed; "" where the reader's part says."""

    kind: ReadKind
    what: str
    whose: uuid.UUID | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class ReaderHere:
    """Who looks: a person, in which part (`as_`, such as DUTY_OFFICER), by which device, when."""

    person_id: uuid.UUID
    as_: str
    device: str
    now: dt.datetime


@dataclass
class Ledger:
    """What one request has opened so far, each look once, and who looks: None while nobody is
    known, whom nothing is shown but by a secret link."""

    reader: ReaderHere | None = None
    why: str = ""
    looks: dict[Look, None] = field(default_factory=dict)
    is_handed_over: bool = False


_OPEN: ContextVar[Ledger | None] = ContextVar("ledger", default=None)


@contextmanager
def ledger() -> Iterator[Ledger]:
    """Keep account of what is opened until it is left."""
    found = Ledger()
    before = _OPEN.set(found)
    try:
        yield found
    finally:
        _OPEN.reset(before)


def read_by(reader: ReaderHere) -> None:
    """Say who reads in this request; the first one stands."""
    found = _OPEN.get()
    if found is not None and found.reader is None:
        found.reader = reader


def because(reason: str) -> None:
    """Whatever is opened from here on in this request is opened for this reason."""
    found = _OPEN.get()
    if found is not None:
        found.why = reason


def opened(
    kind: ReadKind,
    *,
    what: str,
    whose: uuid.UUID | None = None,
    party: Collection[uuid.UUID] = (),
    why: str = "",
) -> None:
    """Note a look. What is about the reader herself, or about a party she is one of, is her own and
    no look at anybody."""
    found = _OPEN.get()
    if found is None:
        return
    own = found.reader.person_id if found.reader is not None else None
    if own is not None and (own == whose or own in party):
        return
    found.looks[Look(kind=kind, what=what, whose=whose, why=why or found.why)] = None


def handed_over() -> None:
    """Say that the answer to this request gives away what was opened, although a script sent it as
    an act. Of other such acts only what was done is answered."""
    found = _OPEN.get()
    if found is not None:
        found.is_handed_over = True
