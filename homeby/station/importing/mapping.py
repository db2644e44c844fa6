"""The map: which column of somebody's file is what, and how it is written. Documented in
`docs/guide/importing.md`; two ready maps lie in `homeby/station/maps/`.

A map is TOML. A key it does not know, a pattern that does not compile, a date format that means
nothing: each gets a sentence before the first row is read.
"""

from __future__ import annotations

import codecs
import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from homeby import instants
from homeby.people.rules import ChannelName, PersonKind, Role
from homeby.readiness.rules.past_records import RecordKind
from homeby.sentences import gettext as _
from homeby.station.importing.durations import DurationForm, parse_due

COLUMN_MAX = 50
PARTS_MAX = 20
KEY_OUT, KEY_SUBJECTS = "@out", "@subjects"
ISO, UNIX = "iso", "unix"
_CLOCK_DIRECTIVES = ("%H", "%I", "%c", "%X")
_ENCODING_REFUSED = ("utf_16", "utf_32", "utf_7")  # their line ends are not one byte


def _one_or_many(value: object) -> object:
    """A column is a name, a list of names (the first found counts), or a table with more."""
    if isinstance(value, str):
        return {"column": [value]}
    return {"column": value} if isinstance(value, list | tuple) else value


def _many(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as wrong:
        raise ValueError(_("this pattern does not compile: {why}").format(why=wrong)) from wrong
    return value


def _zone(value: str) -> str:
    instants.zone_info(value)
    return value


def _date_format(value: str) -> str:
    if value in (ISO, UNIX):
        return value
    sample = dt.datetime(2001, 2, 3, 4, 5, 6, tzinfo=dt.UTC)
    try:
        dt.datetime.strptime(sample.strftime(value), value)  # noqa: DTZ007 - only tried out
    except ValueError as wrong:
        raise ValueError(_("this is not a date format: {why}").format(why=wrong)) from wrong
    if "%" not in value:
        raise ValueError(_("a date format has directives such as %d.%m.%Y, or is iso or unix"))
    return value


def _word(value: object) -> object:
    """The organisation may write "duty officer" for DUTY_OFFICER."""
    return "_".join(value.upper().split()) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(_many), Field(min_length=1)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Zone = Annotated[str, AfterValidator(_zone)]
DateFormat = Annotated[str, AfterValidator(_date_format)]
ARole = Annotated[Role, BeforeValidator(_word)]
AChannelName = Annotated[ChannelName, BeforeValidator(_word)]
ARecordKind = Annotated[RecordKind, BeforeValidator(_word)]


class _Part(BaseModel):
    """A part of the map: unchangeable, and closed to keys it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """A column by the names it may have; compared without case, outer blanks and underscores."""

    column: Annotated[tuple[str, ...], BeforeValidator(_many)] = ()
    optional: bool = False
    default: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Column:
        if not self.column and not self.default:
            raise ValueError(_("say a column, or a default that holds for every row"))
        return self


AColumn = Annotated[Column, BeforeValidator(_one_or_many)]


class FileShape(_Part):
    """How the file is written. Gzip is seen by its content."""

    kind: Literal["auto", "csv", "json", "jsonl"] = "auto"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', max_length=1)
    encoding: str = "utf-8-sig"
    fallback_encoding: str = ""

    @field_validator("encoding", "fallback_encoding")
    @classmethod
    def _known(cls, value: str) -> str:
        if not value:
            return value
        try:
            name = codecs.lookup(value).name
        except LookupError as unknown:
            raise ValueError(_("nobody knows this encoding; write utf-8 or cp1252")) from unknown
        if name.replace("-", "_").startswith(_ENCODING_REFUSED) or not _is_text(name):
            raise ValueError(_("this encoding cannot be read line by line; save as UTF-8"))
        return value


def _is_text(encoding: str) -> bool:
    """Whether the encoding turns bytes into text with plain line ends (rot13 and hex do not)."""
    try:
        return b"\n,a".decode(encoding) == "\n,a"
    except (LookupError, ValueError):
        return False


class Normalise(_Part):
    """Replace a pattern in a column before it is read."""

    column: Names
    pattern: Pattern
    replacement: str

    @model_validator(mode="after")
    def _replaces(self) -> Normalise:
        try:
            re.compile(self.pattern).sub(self.replacement, "")
        except (re.error, IndexError) as wrong:
            raise ValueError(_("this replacement does not fit: {why}").format(why=wrong)) from wrong
        return self


class Key(_Part):
    """The natural key: the same key is the same row, today and at the next import."""

    columns: tuple[AColumn, ...] = Field(min_length=1, max_length=PARTS_MAX)
    fallback: tuple[AColumn, ...] = Field(default=(), max_length=PARTS_MAX)

    @field_validator("columns", "fallback", mode="before")
    @classmethod
    def _one_part(cls, value: object) -> object:
        return _many(value)


def without_specials(value: Key) -> Key:
    """The key of what is no mission. Raises ValueError."""
    parts = (*value.columns, *value.fallback)
    if any(part.column[:1] in ((KEY_OUT,), (KEY_SUBJECTS,)) for part in parts):
        raise ValueError(_("@out and @subjects are for missions"))
    return value


class Subjects(_Part):
    """Who is on the mission: one cell, split at separators or at a pattern."""

    column: Names
    separators: tuple[str, ...] = ()
    pattern: Pattern | None = None
    kind: Literal["person", "unit"] = "person"
    given_as: Literal["name", "callsign"] | None = None

    @property
    def person_kind(self) -> PersonKind:
        """What the people room calls it."""
        return PersonKind.UNIT if self.kind == "unit" else PersonKind.HUMAN

    @property
    def are_callsigns(self) -> bool:
        """Whether the cell holds callsigns: units do, unless said otherwise."""
        return (self.given_as or ("callsign" if self.kind == "unit" else "name")) == "callsign"


class Moment(_Part):
    """A local time: a column (or two, the second with the time of day) and its formats."""

    column: Names
    and_column: Names | None = None
    formats: tuple[DateFormat, ...] = Field(min_length=1, max_length=PARTS_MAX)
    time_of_day: dt.time | None = None
    incomplete: Literal["reject", "first"] = "reject"
    incomplete_formats: tuple[DateFormat, ...] = Field(default=(), max_length=PARTS_MAX)

    @model_validator(mode="after")
    def _has_a_clock(self) -> Moment:
        if self.time_of_day is not None and self.time_of_day.tzinfo is not None:
            raise ValueError(_("time_of_day is local; the zone is said once, for all"))
        dates = [one for one in (*self.formats, *self.incomplete_formats) if not has_clock(one)]
        if dates and self.time_of_day is None:
            raise ValueError(
                _('{form} has no time of day; say which, time_of_day = "00:00" for one').format(
                    form=dates[0]
                )
            )
        return self


def has_clock(date_format: str) -> bool:
    """Whether the format holds a time of day itself."""
    return date_format in (ISO, UNIX) or any(one in date_format for one in _CLOCK_DIRECTIVES)


class Duration(_Part):
    """How long they were out."""

    column: Names
    format: DurationForm = DurationForm.CLOCK


class Missions(_Part):
    """The map of a file of missions."""

    zone: Zone
    key: Key
    subjects: Subjects
    out: Moment
    back: Moment | None = None
    duration: Duration | None = None
    missing_back: Literal["still_out", "reject"] = "still_out"
    back_before_out: Literal["reject", "next_day"] = "reject"
    due: Moment | None = None
    due_after: str | None = None
    sets_out: Moment | None = None
    what: AColumn | None = None
    where: AColumn | None = None
    kind: AColumn | None = None
    note: AColumn | None = None
    debrief: AColumn | None = None

    @field_validator("due_after")
    @classmethod
    def _a_rule(cls, value: str | None) -> str | None:
        if value is not None:
            parse_due(text=value)
        return value

    @model_validator(mode="after")
    def _knows_when_they_were_back(self) -> Missions:
        if self.back is None and self.duration is None:
            raise ValueError(_("say [missions.back] or [missions.duration]: how they came back"))
        if self.due is not None and self.due_after is not None:
            raise ValueError(_("say either [missions.due] or due_after, not both"))
        return self


class Several(_Part):
    """A cell with several values."""

    column: Names
    separators: tuple[str, ...] = ()
    pattern: Pattern | None = None
    optional: bool = False


class Roles(Several):
    """Roles, with the organisation's words for them."""

    values: dict[str, ARole] = Field(default_factory=dict)


class Channel(_Part):
    """A column with addresses of one channel."""

    channel: AChannelName
    column: Names
    optional: bool = True


class People(_Part):
    """The map of a file of people or units."""

    key: Key
    kind: Literal["person", "unit"] = "person"
    name: AColumn
    callsign: AColumn | None = None
    language: AColumn | None = None
    zone: AColumn | None = None
    roles: Roles | None = None
    teams: Several | None = None
    channels: tuple[Channel, ...] = Field(default=(), max_length=PARTS_MAX)

    @field_validator("key")
    @classmethod
    def _of_columns(cls, value: Key) -> Key:
        return without_specials(value)

    @property
    def person_kind(self) -> PersonKind:
        """What the people room calls it."""
        return PersonKind.UNIT if self.kind == "unit" else PersonKind.HUMAN


class Day(_Part):
    """A day of the calendar."""

    column: Names
    formats: tuple[DateFormat, ...] = Field(default=(ISO,), min_length=1, max_length=PARTS_MAX)
    optional: bool = False


class Known(_Part):
    """Somebody who is here already. `source` is the name of the map that brought them in."""

    column: Names
    given_as: Literal["callsign", "name", "key"] = "callsign"
    source: str = Field(default="", max_length=COLUMN_MAX)
    optional: bool = False

    @model_validator(mode="after")
    def _has_a_source(self) -> Known:
        if (self.given_as == "key") != bool(self.source):
            raise ValueError(_('given_as = "key" and source, the name of that map, go together'))
        return self


class Worded(Column):
    """A column with the organisation's words for what stands in it."""

    values: dict[str, str] = Field(default_factory=dict)


class Kinds(Column):
    """What a row records, with the organisation's words for it."""

    default: str = RecordKind.HELD.value.lower()
    values: dict[str, ARecordKind] = Field(default_factory=dict)


class Results(Column):
    """How an examination went."""

    passed: tuple[str, ...] = ("passed",)
    failed: tuple[str, ...] = ("failed",)


class Records(_Part):
    """The map of a file of what people hold, of task books and examinations."""

    key: Key
    person: Known
    what: Annotated[Worded, BeforeValidator(_one_or_many)]
    day: Day
    kind: Annotated[Kinds, BeforeValidator(_one_or_many)] = Kinds()
    until: Day | None = None
    paper: AColumn | None = None
    by: Known | None = None
    task: AColumn | None = None
    mission: AColumn | None = None
    result: Annotated[Results | None, BeforeValidator(_one_or_many)] = None
    hours: AColumn | None = None

    @field_validator("key")
    @classmethod
    def _of_columns(cls, value: Key) -> Key:
        return without_specials(value)


class Mapping(_Part):
    """A whole map. `name` begins every natural key, so that two sources never collide."""

    name: str = Field(min_length=1, max_length=COLUMN_MAX, pattern=r"^[a-z0-9][a-z0-9._-]*$")
    file: FileShape = FileShape()
    normalise: tuple[Normalise, ...] = Field(default=(), max_length=COLUMN_MAX)
    missions: Missions | None = None
    people: People | None = None
    records: Records | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Mapping:
        if [self.missions, self.people, self.records].count(None) != 2:
            raise ValueError(_("a map holds one of [missions], [people] and [records]"))
        return self
