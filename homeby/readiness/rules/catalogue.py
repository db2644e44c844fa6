"""A catalogue of qualifications in files, read strictly: every fault with file, line and field.
Pure.

A file has a table `[catalogue]`, and `[[course]]`, `[[skill]]`, `[[position]]` and `[[rank]]` for
the qualifications. Several files are read as one, so that an organisation adds its own to ours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from homeby.readiness.rules.entries_of_files import KEY_MAX, Entry, Fault, Sheet, opened, twice
from homeby.readiness.rules.prerequisites import circle_said, circles
from homeby.readiness.rules.qualifications import (
    Evaluator,
    Needs,
    Qualification,
    QualificationKind,
    Qualifications,
    Task,
    Where,
)
from homeby.sentences import gettext as _

#: The head of a table, and what stands under it.
HEADS = {kind.lower(): kind for kind in QualificationKind}
MONTHS_MAX, HOURS_MAX = 600, 20_000


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Every qualification of the files, by key, and where each comes from."""

    qualifications: Mapping[str, Qualification]
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A qualification and the entry that says it, for faults that show only in company."""

    one: Qualification
    entry: Entry


def read_catalogue(
    files: Sequence[tuple[str, str]], *, beside: Qualifications = MappingProxyType({})
) -> Catalogue | list[Fault]:
    """The catalogue in these files (name, text), or a sentence for each thing that is wrong. They
    may name what stands `beside` them already, and take the place of it by its key."""
    faults: list[Fault] = []
    read: dict[str, _Read] = {}
    sources = []
    sheets = []
    for name, text in files:
        sheet = opened(text, file=name)
        sheets.append(sheet)
        if not sheet.faults:
            sources.append(_one_file(sheet, read))
    _company(read, beside)
    for sheet in sheets:
        faults += sheet.faults
    if faults:
        return faults
    known = {key: found.one for key, found in read.items()}
    return Catalogue(qualifications=known, sources=tuple(sources))


def _one_file(sheet: Sheet, read: dict[str, _Read]) -> str:
    sheet.only("catalogue", *HEADS)
    head = sheet.single("catalogue")
    head.text("name", needed=True)
    source = head.text("source", needed=True)
    head.date("dated", needed=True)
    head.done()
    for name, kind in HEADS.items():
        for entry in sheet.many(name):
            one = _qualification(entry, kind)
            if not _stands_already(one.key, entry, read):
                read[one.key] = _Read(one=one, entry=entry)
    return source


def _stands_already(key: str, entry: Entry, read: Mapping[str, _Read]) -> bool:
    """Whether this key was read before, in this file or in another; then with its fault."""
    if key not in read or not key:
        return not key
    before = read[key].entry
    if before.sheet is entry.sheet:
        return twice({key: before.line}, entry, key)
    sentence = _("{where}: “{key}” stands in {other} already, at line {first}.")
    entry.fault("key", sentence, key=key, other=before.sheet.file, first=before.line)
    return True


def _qualification(entry: Entry, kind: QualificationKind) -> Qualification:
    one = Qualification(
        key=entry.named(),
        name=entry.text("name", needed=True),
        kind=kind,
        family=entry.text("family", most=KEY_MAX),
        needs=Needs(
            all_of=entry.texts("needs"),
            one_of=_groups(entry),
            hours=_hours(entry),
            held_months=_held(entry),
            least_age=entry.whole("least_age", least=6, most=99),
        ),
        tasks=tuple(_task(inner) for inner in entry.inner("tasks")),
        valid_months=entry.whole("valid_months", least=1, most=MONTHS_MAX),
        current_months=entry.whole("current_months", least=1, most=MONTHS_MAX),
        equivalents=entry.texts("equivalents"),
    )
    entry.done()
    return one


def _groups(entry: Entry) -> tuple[tuple[str, ...], ...]:
    """`one_of`: lists of at least two keys."""
    value = entry.take("one_of")
    if value is None:
        return ()
    fits = isinstance(value, list) and all(
        isinstance(group, list) and len(group) > 1 and all(isinstance(one, str) for one in group)
        for group in value
    )
    if not fits:
        entry.fault("one_of", _("{where}: “{field}” must be a list of lists of two texts or more."))
        return ()
    return tuple(tuple(group) for group in value)


def _hours(entry: Entry) -> tuple[tuple[str, float], ...]:
    found = []
    for inner in entry.inner("hours"):
        kind = inner.text("kind", most=KEY_MAX)
        number = inner.number("hours", least=0.5, most=HOURS_MAX, needed=True)
        inner.done()
        found.append((kind, number or 0.0))
    return tuple(found)


def _held(entry: Entry) -> tuple[tuple[str, int], ...]:
    found = []
    for inner in entry.inner("held"):
        key = inner.text("key", needed=True, most=KEY_MAX)
        months = inner.whole("months", least=1, most=MONTHS_MAX, needed=True)
        inner.done()
        found.append((key, months or 0))
    return tuple(found)


def _task(inner: Entry) -> Task:
    task = Task(
        what=inner.text("what", needed=True),
        where=inner.choice("where", Where) or Where.EXERCISE_OK,
        evaluated_by=inner.choice("evaluated_by", Evaluator) or Evaluator.HOLDER,
    )
    inner.done()
    return task


def _company(read: Mapping[str, _Read], beside: Qualifications) -> None:
    """Complain of keys that nobody explains, of equivalents to itself, and of circles."""
    for key, found in read.items():
        needs = found.one.needs
        named = {
            "needs": needs.all_of,
            "one_of": tuple(one for group in needs.one_of for one in group),
            "held": tuple(one for one, _months in needs.held_months),
            "equivalents": found.one.equivalents,
        }
        for name, keys in named.items():
            for one in keys:
                if one not in read and one not in beside:
                    sentence = _("{where}: “{field}” names “{key}”, which stands nowhere.")
                    found.entry.fault(name, sentence, key=one[:KEY_MAX])
        if key in found.one.equivalents:
            found.entry.fault("equivalents", _("{where}: “{field}” names itself."))
    for way in circles({**beside, **{key: found.one for key, found in read.items()}}):
        mine = next((key for key in way if key in read), None)
        if mine is not None:  # a circle that stood there before is not of these files
            said = circle_said(way)
            read[mine].entry.fault("needs", "{where}, “{field}”: {circle}", circle=said)
