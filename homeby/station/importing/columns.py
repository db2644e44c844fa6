"""Finding the map's columns in a file's header, and taking cells out of rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from homeby.sentences import gettext as _
from homeby.station.importing.files import Broken
from homeby.station.importing.mapping import KEY_OUT, KEY_SUBJECTS, Mapping
from homeby.station.importing.tables import LIST_MARK
from homeby.station.importing.wording import quoted

NAMES_SHOWN = 40

Take = Callable[[list[str]], str]


def same(name: str) -> str:
    """The name of a column as it is compared: without case, outer blanks and underscores."""
    return " ".join(name.replace("_", " ").replace("\ufeff", "").split()).casefold()


@dataclass(frozen=True, slots=True)
class Columns:
    """The header of one file, and what the map says to replace in it."""

    places: dict[str, int]
    replacing: dict[int, list[tuple[re.Pattern[str], str]]]

    def place(self, names: Iterable[str]) -> int | None:
        """Where the first of the names that the file has stands."""
        return next((self.places[same(name)] for name in names if same(name) in self.places), None)

    def raw(self, names: Iterable[str] | None) -> Take:
        """A function that takes this column's cell out of a row as the file writes it."""
        place = self.place(names or ())
        return lambda cells: "" if place is None else cells[place].strip()

    def taking(self, names: Iterable[str] | None, *, default: str = "") -> Take:
        """A function that takes this column's cell out of a row, cleaned; the default if empty."""
        place = self.place(names or ())
        if place is None:
            return lambda _cells: default
        replacing = self.replacing.get(place, [])

        def take(cells: list[str]) -> str:
            text = cells[place].strip()
            for pattern, replacement in replacing:
                text = pattern.sub(replacement, text)
            return text.strip() or default

        return take


def find(*, header: list[str], mapping: Mapping) -> Columns:
    """Find every column of the map in the header. Raises Broken, naming those it lacks."""
    names = [same(name) for name in header]
    wanted = dict(_wanted(mapping))
    lacking = [
        alternatives
        for alternatives, optional in wanted.items()
        if not optional and not any(same(one) in names for one in alternatives)
    ]
    if lacking:
        raise Broken(_lacks(lacking, header, mapping), line=1)
    for alternatives in wanted:
        for one in alternatives:
            if names.count(same(one)) > 1:
                raise Broken(
                    _("The file has the column {name} twice.").format(name=quoted(one)), line=1
                )
    places = {name: place for place, name in reversed(list(enumerate(names)))}
    columns = Columns(places, {})
    for change in mapping.normalise:
        place = columns.place(change.column)
        if place is not None:
            pattern = re.compile(change.pattern)
            columns.replacing.setdefault(place, []).append((pattern, change.replacement))
    return columns


def _wanted(part: BaseModel) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every column a part of the map names, with whether it may be absent."""
    values = dict(part)
    if "normalise" in values:
        values["normalise"] = ()  # a replacement for a column that is absent replaces nothing
    for name in ("column", "and_column"):
        alternatives = values.get(name)
        if alternatives and alternatives[0] not in (KEY_OUT, KEY_SUBJECTS):
            yield alternatives, values.get("optional", False)
    for value in values.values():
        members = value if isinstance(value, tuple) else (value,)
        for member in members:
            if isinstance(member, BaseModel):
                yield from _wanted(member)


def _lacks(lacking: list[tuple[str, ...]], header: list[str], mapping: Mapping) -> str:
    missing = ", ".join(_(" or ").join(quoted(one) for one in names) for names in lacking)
    has = ", ".join(quoted(name.strip()) for name in header[:NAMES_SHOWN])
    sentence = _("The file lacks the column {missing}. It has {has}.").format(
        missing=missing, has=has
    )
    other = next(
        (sign for sign in ";\t|," if sign != mapping.file.delimiter and sign in header[0]), ""
    )
    if len(header) == 1 and other:
        sentence += " " + _(
            "Its columns seem to be separated by {sign}; say so in the map."
        ).format(sign=_("tabs") if other == "\t" else quoted(other))
    return sentence


def splitting(*, separators: tuple[str, ...], pattern: str | None) -> Callable[[str], list[str]]:
    """A function that splits a cell into its members, without empty ones and repetitions."""
    alternatives = [re.escape(one) for one in separators if one]
    if pattern:
        alternatives.append(f"(?:{pattern})")
    between = re.compile("|".join([LIST_MARK, *alternatives]))

    def split(text: str) -> list[str]:
        members = (" ".join(member.split()) for member in between.split(text) if member)
        return list(dict.fromkeys(member for member in members if member))

    return split
