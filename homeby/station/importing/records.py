"""What comes out of a file: records, repeats, rejects, what is wrong with the file itself. Pure.

Each carries the line it began in, so that a person can find it again; of a JSON list, which has no
lines to speak of, the how-manieth record it is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

from homeby.people.rules import ChannelName, PersonKind, Role
from homeby.readiness.rules.past_records import RecordKind


@dataclass(frozen=True, kw_only=True, slots=True)
class MissionRecord:
    """One mission of the past: who, out when, back when (None: never, as far as the record says).

    `sets_out_at` is when they meant to go. Instants are aware UTC; `*_typed` is what the file says,
    `zone` the zone it was read in.
    `subjects` are callsigns or names, as `subjects_are_callsigns` says; never empty.
    """

    line: int
    key: str
    subjects: tuple[str, ...]
    subject_kind: PersonKind
    subjects_are_callsigns: bool
    out_at: dt.datetime
    back_at: dt.datetime | None
    due_at: dt.datetime | None
    zone: str
    out_typed: str
    back_typed: str
    due_typed: str
    what: str
    where: str
    note: str
    debrief: str
    kind: str = ""
    sets_out_at: dt.datetime | None = None
    sets_out_typed: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRecord:
    """One person or unit. `channels` holds (channel, address) in the order of the map."""

    line: int
    key: str
    kind: PersonKind
    name: str
    callsign: str
    language: str
    zone: str
    roles: tuple[Role, ...]
    teams: tuple[str, ...]
    channels: tuple[tuple[ChannelName, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillRecord:
    """What somebody holds, a signature in her task book, or an examination."""

    line: int
    key: str
    kind: RecordKind
    person: str
    person_given_as: str
    what: str
    day: dt.date
    until: dt.date | None
    paper: str
    by: str
    by_given_as: str
    task: str
    mission: str
    passed: bool | None
    hours: float | None


Record = MissionRecord | PersonRecord | SkillRecord


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """A row that says again what an earlier row of the same file said: already there."""

    line: int
    key: str
    first_line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reject:
    """A row that cannot be taken, with the reason; `text` is the row as CSV, to mend and retry."""

    line: int
    reason: str
    text: str
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileProblem:
    """What is wrong with the whole file. Always the last thing read; nothing follows it.

    `line` is where reading stopped, None if the file could not be read at all.
    """

    sentence: str
    line: int | None = None


def facts(record: Record) -> tuple[object, ...]:
    """What a record means: all of it but its line and how times were typed.

    Two records of one key with equal facts are the same row, be it of one file or of two that write
    it differently.
    """
    return tuple(
        getattr(record, field.name)
        for field in fields(record)
        if field.name != "line" and not field.name.endswith("_typed")
    )
