"""Turning the cells of one row into a record; TimeProblem and RowProblem say why it cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Protocol

from homeby.instants import zone_info
from homeby.people.rules import ChannelName, Role
from homeby.readiness.rules.past_records import RecordKind
from homeby.sentences import gettext as _
from homeby.station.importing import calendar_days, moments
from homeby.station.importing.columns import Columns, Take, splitting
from homeby.station.importing.durations import parse_due, parse_duration
from homeby.station.importing.mapping import (
    KEY_OUT,
    KEY_SUBJECTS,
    Column,
    Key,
    Known,
    Mapping,
    Missions,
    People,
    Records,
    Results,
    Roles,
    Several,
)
from homeby.station.importing.records import MissionRecord, PersonRecord, Record, SkillRecord
from homeby.station.importing.tables import LIST_MARK
from homeby.station.importing.wording import quoted

SUBJECTS_MAX = 100
SUBJECT_CHARACTERS_MAX = 200
KEY_CHARACTERS_MAX = 200
HOURS_MAX = 100_000


class RowProblem(ValueError):
    """Why a row cannot be taken; its text is the reason."""


class RowReader(Protocol):
    """Reads rows of one kind of map."""

    def key(self, cells: list[str]) -> str: ...

    def record(self, line: int, cells: list[str]) -> Record: ...


def row_reader(*, mapping: Mapping, columns: Columns) -> RowReader:
    """The reader for what the map describes: missions, people or records."""
    if mapping.missions is not None:
        return MissionReader(mapping.name, mapping.missions, columns)
    if mapping.records is not None:
        return SkillReader(mapping.name, mapping.records, columns)
    assert mapping.people is not None, "a map holds missions, people or records"
    return PersonReader(mapping.name, mapping.people, columns)


class MissionReader:
    """Reads rows of missions."""

    def __init__(self, source: str, missions: Missions, columns: Columns) -> None:
        self._map = missions
        self._subjects_text = columns.taking(missions.subjects.column)
        self._split = splitting(
            separators=missions.subjects.separators, pattern=missions.subjects.pattern
        )
        self._out = moments.reading(moment=missions.out, zone=missions.zone, columns=columns)
        self._back = moments.reading(moment=missions.back, zone=missions.zone, columns=columns)
        self._due = moments.reading(moment=missions.due, zone=missions.zone, columns=columns)
        self._sets_out = moments.reading(
            moment=missions.sets_out, zone=missions.zone, columns=columns
        )
        self._due_after = parse_due(text=missions.due_after) if missions.due_after else None
        self._duration = columns.taking(missions.duration.column if missions.duration else None)
        self._what, self._where, self._kind, self._note, self._debrief = (
            _text(columns, column)
            for column in (
                missions.what,
                missions.where,
                missions.kind,
                missions.note,
                missions.debrief,
            )
        )
        special: dict[str, Take] = {KEY_OUT: self._key_out, KEY_SUBJECTS: self._key_subjects}
        self.key = _keying(source, missions.key, columns, special)

    def record(self, line: int, cells: list[str]) -> MissionRecord:
        """The mission in this row."""
        out = self._out(cells)
        if out is None:
            raise RowProblem(_("it does not say when they went out"))
        back_at, back_typed = self._came_back(out, cells)
        due_at, due_typed = self._were_due(out, cells)
        sets_out = self._meant_to_go(due_at, cells)
        return MissionRecord(
            line=line,
            key=self.key(cells),
            subjects=self._who(cells),
            subject_kind=self._map.subjects.person_kind,
            subjects_are_callsigns=self._map.subjects.are_callsigns,
            out_at=out.instant,
            back_at=back_at,
            due_at=due_at,
            zone=self._map.zone,
            out_typed=out.typed,
            back_typed=back_typed,
            due_typed=due_typed,
            what=self._what(cells),
            where=self._where(cells),
            note=self._note(cells),
            debrief=self._debrief(cells),
            kind=self._kind(cells),
            sets_out_at=sets_out.instant if sets_out else None,
            sets_out_typed=sets_out.typed if sets_out else "",
        )

    def _meant_to_go(self, due_at: dt.datetime | None, cells: list[str]) -> moments.Read | None:
        """When they meant to set out, before or after they did; never after they were due."""
        read = self._sets_out(cells)
        if read is not None and due_at is not None and read.instant >= due_at:
            raise RowProblem(
                _("{time}, when they were to set out, is not before they were due").format(
                    time=quoted(read.typed)
                )
            )
        return read

    def _who(self, cells: list[str]) -> tuple[str, ...]:
        subjects = self._split(self._subjects_text(cells))
        if not subjects:
            raise RowProblem(_("it does not say who went out"))
        if len(subjects) > SUBJECTS_MAX:
            raise RowProblem(_("it names more than {number} people").format(number=SUBJECTS_MAX))
        for subject in subjects:
            if len(subject) > SUBJECT_CHARACTERS_MAX:
                raise RowProblem(_("{name} is too long for a name").format(name=quoted(subject)))
        return tuple(subjects)

    def _came_back(self, out: moments.Read, cells: list[str]) -> tuple[dt.datetime | None, str]:
        back = self._back(cells)
        duration = self._duration(cells)
        if back is not None:
            return self._not_before_out(_("back"), back, out), back.typed
        if duration and self._map.duration is not None:
            lasted = parse_duration(text=duration, form=self._map.duration.format)
            return out.instant + lasted, duration
        if self._map.missing_back == "reject":
            raise RowProblem(
                _("it does not say when they were back, or for how long they were out")
            )
        return None, ""

    def _not_before_out(self, word: str, read: moments.Read, out: moments.Read) -> dt.datetime:
        """A return or due time; of two readings the later, if the earlier lies before out."""
        for instant in (read.instant, read.later):
            if instant >= out.instant:
                return instant
        if self._map.back_before_out == "next_day":
            next_day = read.next_day(self._map.zone)
            if next_day >= out.instant:
                return next_day
        raise RowProblem(
            _("{word} {time} is before out {out}").format(
                word=word, time=quoted(read.typed), out=quoted(out.typed)
            )
        )

    def _were_due(self, out: moments.Read, cells: list[str]) -> tuple[dt.datetime | None, str]:
        if self._due_after is not None:
            return out.instant + self._due_after, self._map.due_after or ""
        due = self._due(cells)
        if due is None:
            return None, ""
        return self._not_before_out(_("due"), due, out), due.typed

    def _key_out(self, cells: list[str]) -> str:
        out = self._out(cells)
        return f"{out.instant:%Y-%m-%dT%H:%M:%SZ}" if out else ""

    def _key_subjects(self, cells: list[str]) -> str:
        return "+".join(self._split(self._subjects_text(cells)))


class PersonReader:
    """Reads rows of people or units."""

    def __init__(self, source: str, people: People, columns: Columns) -> None:
        self._map = people
        self._name, self._callsign, self._language, self._zone = (
            _text(columns, column)
            for column in (people.name, people.callsign, people.language, people.zone)
        )
        self._roles = _several(columns, people.roles)
        self._teams = _several(columns, people.teams)
        self._channels = [
            (channel.channel, columns.taking(channel.column)) for channel in people.channels
        ]
        self.key = _keying(source, people.key, columns, {})

    def record(self, line: int, cells: list[str]) -> PersonRecord:
        """The person in this row."""
        name, callsign, zone = self._name(cells), self._callsign(cells), self._zone(cells)
        if not name and not callsign:
            raise RowProblem(_("it gives neither a name nor a callsign"))
        for text in (name, callsign):
            if len(text) > SUBJECT_CHARACTERS_MAX:
                raise RowProblem(_("{name} is too long for a name").format(name=quoted(text)))
        if zone:
            zone_info(zone)
        return PersonRecord(
            line=line,
            key=self.key(cells),
            kind=self._map.person_kind,
            name=name or callsign,
            callsign=callsign,
            language=self._language(cells),
            zone=zone,
            roles=self._held(self._roles(cells)),
            teams=tuple(self._teams(cells)),
            channels=self._addresses(cells),
        )

    def _held(self, words: list[str]) -> tuple[Role, ...]:
        declared = self._map.roles or Roles(column=("-",))
        known = {role.value.replace("_", " ").casefold(): role for role in Role}
        known |= {word.casefold(): role for word, role in declared.values.items()}
        roles = []
        for word in words:
            role = known.get(word.replace("_", " ").casefold())
            if role is None:
                raise RowProblem(
                    _("{word} is not a role; say in the map which role it stands for").format(
                        word=quoted(word)
                    )
                )
            roles.append(role)
        return tuple(dict.fromkeys(roles))

    def _addresses(self, cells: list[str]) -> tuple[tuple[ChannelName, str], ...]:
        addresses = []
        for channel, take in self._channels:
            address = take(cells)
            if not address:
                continue
            if channel is ChannelName.EMAIL and not _looks_like_email(address):
                raise RowProblem(_("{text} is not an e-mail address").format(text=quoted(address)))
            addresses.append((channel, address))
        return tuple(addresses)


class SkillReader:
    """Reads rows of what people hold, of task books and examinations."""

    def __init__(self, source: str, records: Records, columns: Columns) -> None:
        self._map = records
        self._person, self._by = _known(columns, records.person), _known(columns, records.by)
        self._what, self._kind, self._paper, self._task, self._mission = (
            _text(columns, column)
            for column in (
                records.what,
                records.kind,
                records.paper,
                records.task,
                records.mission,
            )
        )
        self._result, self._hours = _text(columns, records.result), _text(columns, records.hours)
        self._day = calendar_days.reading(day=records.day, columns=columns)
        self._until = calendar_days.reading(day=records.until, columns=columns)
        self._whats = {" ".join(k.split()).casefold(): v for k, v in records.what.values.items()}
        self.key = _keying(source, records.key, columns, {})

    def record(self, line: int, cells: list[str]) -> SkillRecord:
        """What this row records."""
        day, person, what = self._day(cells), self._person(cells), self._what(cells)
        if not person:
            raise RowProblem(_("it does not say whose it is"))
        if not what:
            raise RowProblem(_("it does not say which qualification"))
        if day is None:
            raise RowProblem(_("it does not say from which day on"))
        kind = self._kind_of(self._kind(cells))
        by = self._by(cells)
        return SkillRecord(
            line=line,
            key=self.key(cells),
            kind=kind,
            person=person,
            person_given_as=self._map.person.given_as,
            what=self._whats.get(" ".join(what.split()).casefold(), what),
            day=day,
            until=self._until(cells),
            paper=self._paper(cells),
            by=by,
            by_given_as=self._map.by.given_as if self._map.by else "",
            task=self._task(cells) if kind is RecordKind.SHOWN else "",
            mission=self._mission(cells),
            passed=self._passed(self._result(cells)) if kind is RecordKind.EXAMINED else None,
            hours=_hours(self._hours(cells)) if kind is RecordKind.DONE else None,
        )

    def _kind_of(self, word: str) -> RecordKind:
        known = {kind.value.casefold(): kind for kind in RecordKind}
        known |= {word.casefold(): kind for word, kind in self._map.kind.values.items()}
        found = known.get(word.casefold())
        if found is None:
            raise RowProblem(
                _("{word} is no kind of record; say in the map which it stands for").format(
                    word=quoted(word)
                )
            )
        return found

    def _passed(self, word: str) -> bool | None:
        results = self._map.result or Results(default="-")
        for words, passed in ((results.passed, True), (results.failed, False)):
            if word.casefold() in [one.casefold() for one in words]:
                return passed
        if not word:
            return None
        raise RowProblem(_("{word} is no result; say it in the map").format(word=quoted(word)))


def _hours(text: str) -> float | None:
    try:
        found = float(text) if text else None
    except ValueError:
        found = -1.0
    if found is not None and not 0 <= found < HOURS_MAX:
        raise RowProblem(_("{text} is no number of hours").format(text=quoted(text)))
    return found


def _known(columns: Columns, known: Known | None) -> Take:
    """A function that takes how somebody is called; by key, as that import made it."""
    take = columns.taking(known.column if known else None)
    if known is None or known.given_as != "key":
        return lambda cells: " ".join(take(cells).split())
    return lambda cells: f"{known.source}:{text}" if (text := take(cells)) else ""


def _looks_like_email(address: str) -> bool:
    before, at, after = address.rpartition("@")
    return bool(before and at and "." in after) and not any(c.isspace() for c in address)


def _text(columns: Columns, column: Column | None) -> Take:
    if column is None:
        return lambda _cells: ""
    take = columns.taking(column.column, default=column.default)
    return lambda cells: take(cells).replace(LIST_MARK, ", ")


def _several(columns: Columns, several: Several | None) -> Callable[[list[str]], list[str]]:
    if several is None:
        return lambda _cells: []
    take = columns.taking(several.column)
    split = splitting(separators=several.separators, pattern=several.pattern)
    return lambda cells: split(take(cells))


def _keying(source: str, key: Key, columns: Columns, special: dict[str, Take]) -> Take:
    """A function that makes the natural key of a row: the columns, or else the fallback."""

    def part(column: Column) -> Take:
        return special.get("".join(column.column)) or columns.taking(column.column)

    first = [part(column) for column in key.columns]
    fallback = [part(column) for column in key.fallback]

    def make(cells: list[str]) -> str:
        for parts in (first, fallback):
            values = [" ".join(take(cells).split()) for take in parts]
            if any(values):
                joined = "|".join(value.replace("|", "||") for value in values)
                if len(joined) > KEY_CHARACTERS_MAX:
                    raise RowProblem(_("{key} is too long for a key").format(key=quoted(joined)))
                return f"{source}:{joined}"
        raise RowProblem(_("it has no key: every column of the key is empty"))

    return make
