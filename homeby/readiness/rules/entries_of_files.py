"""Files in which an organisation writes its rules and its catalogue, read strictly. Pure.

TOML, one table an entry. Whatever is wrong gets a sentence with file, line, entry and field, all of
them at once; a file with a fault is not used in part.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from homeby.sentences import gettext as _

CHARACTERS_MAX = 2_000_000
TEXT_MAX = 500
KEY_MAX = 60
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong, and where; `entry` and `name` are empty where the whole file is meant."""

    file: str
    line: int
    entry: str
    name: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


@dataclass
class Sheet:
    """One file: what stands in it, and what was found wrong so far."""

    file: str
    lines: list[str]
    tables: dict[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def single(self, head: str) -> Entry:
        """The table `[head]`; an empty one where there is none."""
        found = self.tables.get(head, {})
        if not isinstance(found, dict):
            self.fault(
                line=self._head(f"[{head}]"),
                sentence=_("{where}: “{field}” must be a table."),
                name=head,
            )
            found = {}
        return Entry(sheet=self, head=f"[{head}]", line=self._head(f"[{head}]"), values=dict(found))

    def many(self, head: str) -> list[Entry]:
        """The tables `[[head]]`, in their order."""
        found = self.tables.get(head, [])
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fault(
                line=1, sentence=_("{where}: “{field}” must be a list of tables."), name=head
            )
            return []
        heads = [
            n for n, line in enumerate(self.lines, 1) if line.strip().startswith(f"[[{head}]]")
        ]
        if len(heads) != len(found):
            heads = [1] * len(found)
        return [
            Entry(sheet=self, head=f"[[{head}]]", line=line, values=dict(values))
            for line, values in zip(heads, found, strict=True)
        ]

    def only(self, *heads: str) -> None:
        """Complain of every table that is none of these."""
        for name in sorted(set(self.tables) - set(heads)):
            stands = re.compile(rf"\s*(\[+\s*)?[\"']?{re.escape(name)}\b")
            line = next((n for n, one in enumerate(self.lines, 1) if stands.match(one)), 1)
            sentence = _("{where}: nobody knows “{field}” here; known are {known}.")
            self.fault(line=line, name=name, sentence=sentence, known=", ".join(heads))

    def fault(
        self, *, line: int, sentence: str, entry: str = "", name: str = "", **said: object
    ) -> None:
        """Keep a fault; `sentence` has a place for `where`, and may have one for `field`."""
        where = _("{file}, line {line}").format(file=self.file, line=line)
        where += f", {entry}" if entry else ""
        text = sentence.format(where=where, field=name, **said)
        self.faults.append(Fault(file=self.file, line=line, entry=entry, name=name, sentence=text))

    def _head(self, head: str) -> int:
        return next((n for n, line in enumerate(self.lines, 1) if line.strip() == head), 1)


def opened(text: str, *, file: str) -> Sheet:
    """The file as a sheet; with a fault, and empty, where it is no TOML at all."""
    sheet = Sheet(file=file, lines=text.splitlines(), tables={})
    if len(text) > CHARACTERS_MAX:
        sheet.fault(
            line=1,
            sentence=_("{where}: the file is longer than {most} characters."),
            most=CHARACTERS_MAX,
        )
        return sheet
    if not text.strip():
        sheet.fault(line=1, sentence=_("{where}: the file is empty."))
        return sheet
    try:
        sheet.tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as wrong:
        found = re.search(r"line (\d+)", str(wrong))
        sheet.fault(
            line=int(found[1]) if found else max(1, len(sheet.lines)),
            sentence=_("{where}: this is not TOML; look at quotes, brackets and equals signs."),
        )
    return sheet


@dataclass
class Entry:
    """One table of a file. Each field is taken once; `done` complains of what nobody took."""

    sheet: Sheet
    head: str
    line: int
    values: dict[str, Any]
    key: str = ""
    taken: set[str] = field(default_factory=set)

    @property
    def place(self) -> str:
        """How sentences name this entry: as its file does."""
        return f"{self.head} {self.key}".strip()

    def line_of(self, name: str) -> int:
        """The line on which a field stands; that of the entry where it is not found."""
        if name not in self.values:
            return self.line
        for number, line in enumerate(self.sheet.lines[self.line :], self.line + 1):
            if re.match(r"\s*\[", line):
                break
            if re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", line):
                return number
        return self.line

    def fault(self, name: str, sentence: str, **said: object) -> None:
        """Keep a fault about one of its fields."""
        line = self.line_of(name)
        self.sheet.fault(line=line, entry=self.place, name=name, sentence=sentence, **said)

    def done(self, known: Collection[str] = ()) -> None:
        """Complain of every field that was not asked for."""
        for name in self.values.keys() - self.taken:
            sentence = _("{where}: nobody knows “{field}” here; known are {known}.")
            self.fault(name, sentence, known=", ".join(sorted(self.taken | set(known))))

    def take(self, name: str, *, needed: bool = False) -> Any:
        """The value as it stands; None where it is missing."""
        self.taken.add(name)
        if needed and name not in self.values:
            self.fault(name, _("{where}: “{field}” is missing; add it."))
        return self.values.get(name)

    def text(self, name: str, *, needed: bool = False, most: int = TEXT_MAX) -> str:
        """A text on one line; empty where it is missing."""
        value = self.take(name, needed=needed)
        if value is None:
            return ""
        if not isinstance(value, str) or not 0 < len(value.strip()) <= most or "\n" in value:
            self.fault(
                name, _("{where}: “{field}” must be a text of 1 to {most} characters."), most=most
            )
            return ""
        return value.strip()

    def named(self) -> str:
        """Its `key`, by which the others name it; sentences about it carry it from here on."""
        key = self.text("key", needed=True, most=KEY_MAX)
        self.key = key
        return key

    def number(self, name: str, *, least: float, most: float, needed: bool = False) -> float | None:
        """A number within limits."""
        value = self.take(name, needed=needed)
        if value is None:
            return None
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        if not plain or not math.isfinite(value) or not least <= value <= most:
            sentence = _("{where}: “{field}” must be a number from {least} to {most}, not {given}.")
            self.fault(name, sentence, least=f"{least:g}", most=f"{most:g}", given=shown(value))
            return None
        return float(value)

    def whole(self, name: str, *, least: int, most: int, needed: bool = False) -> int | None:
        """A whole number within limits."""
        value = self.take(name, needed=needed)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            sentence = _(
                "{where}: “{field}” must be a whole number from {least} to {most}, not {given}."
            )
            self.fault(name, sentence, least=least, most=most, given=shown(value))
            return None
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where it is missing."""
        value = self.take(name)
        if value is not None and not isinstance(value, bool):
            self.fault(name, _("{where}: “{field}” must be true or false, without quotes."))
        return value is True

    def date(self, name: str, *, needed: bool = False) -> dt.date | None:
        """A day."""
        value = self.take(name, needed=needed)
        if value is None:
            return None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self.fault(
                name, _("{where}: “{field}” must be a day such as 2026-02-28, without quotes.")
            )
            return None
        return value

    def time(self, name: str, *, needed: bool = False) -> dt.time | None:
        """A time of the day, local."""
        value = self.take(name, needed=needed)
        if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            return dt.time.fromisoformat(value)
        if value is not None and not isinstance(value, dt.time):
            self.fault(name, _('{where}: “{field}” must be a time such as "23:00".'))
            return None
        return value

    def choice(
        self,
        name: str,
        choices: type[Choice],
        *,
        needed: bool = False,
        default: Choice | None = None,
    ) -> Choice | None:
        """One of the names of an enum."""
        value = self.take(name, needed=needed)
        if value is None:
            return default
        if not isinstance(value, str) or value not in choices.__members__:
            sentence = _("{where}: “{field}” must be one of {choices}, not {given}.")
            self.fault(name, sentence, choices=", ".join(choices), given=shown(value))
            return default
        return choices[value]

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, none twice."""
        value = self.take(name)
        if value is None:
            return ()
        fits = isinstance(value, list) and all(isinstance(one, str) and one for one in value)
        if not fits or len(set(value)) != len(value):
            self.fault(name, _("{where}: “{field}” must be a list of texts, none of them twice."))
            return ()
        return tuple(value)

    def inner(self, name: str) -> list[Entry]:
        """A list of tables within this one, a line each: `name = [` and then `{ ... },`."""
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(name, _("{where}: “{field}” must be a list of tables."))
            return []
        first = self.line_of(name)
        begins = [
            n
            for n, line in enumerate(self.sheet.lines[first - 1 :], first)
            if re.match(r"\s*(\{|[\w\"']+\s*=\s*\[\s*\{)", line)
        ]
        lines = begins[: len(value)] if len(begins) >= len(value) else [first] * len(value)
        return [
            Entry(
                sheet=self.sheet,
                head=self.place,
                line=line,
                values=dict(one),
                key=f"{name} {number}",
            )
            for number, (line, one) in enumerate(zip(lines, value, strict=True), 1)
        ]


def shown(value: object) -> str:
    """A value as a sentence quotes it, never longer than a line."""
    return str(value)[:40]


def twice(entries: Mapping[str, int], entry: Entry, key: str) -> bool:
    """Complain, and say so, where a key stands in this file already (`entries`: key to line)."""
    if key not in entries:
        return False
    sentence = _("{where}: “{key}” stands in this file already, at line {first}.")
    entry.fault("key", sentence, key=key, first=entries[key])
    return True
