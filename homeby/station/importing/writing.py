"""`homeby import`: from the records of a file to rows, and what is said about it.

The file is looked through once before the first row is written, so that one that is cut in half or
not the right one changes nothing. Then rows are taken in by chunks, each one transaction: whatever
interrupts an import, the same command again brings the rest, for what is here is known by its key.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from django.db import DatabaseError

from homeby.database import trouble
from homeby.missions.actions.history import MissionTaker, PastMission
from homeby.people.actions.history.listing import ListedPerson, PeopleTaker
from homeby.people.actions.history.taking import Fate, Origin, Outcome, folded
from homeby.readiness.actions.past_records import PastRecord, RecordTaker
from homeby.sentences import gettext as _
from homeby.settings import current
from homeby.station.importing import loading, reading
from homeby.station.importing.mapping import Mapping
from homeby.station.importing.records import (
    FileProblem,
    MissionRecord,
    PersonRecord,
    Record,
    Reject,
    Repeat,
)
from homeby.station.importing.rejects import RejectsFile, problem_with_place

CHUNK_ROWS = 250  # on SQLite the gate waits while a chunk is written
SAY_EVERY_SECONDS = 1.0
REJECTS_SHOWN = 10

DONE, NOT_ALL, NOTHING = 0, 1, 2

Say = Callable[[str], None]
T = TypeVar("T")
Take = Callable[[list[Record]], list[Outcome]]
Taken = Record | Repeat | Reject


def run(  # noqa: PLR0913 - the words of the command
    path: Path,
    map_name: str,
    *,
    dry_run: bool,
    rejects: Path | None,
    keep_good_rows: bool = False,
    now: dt.datetime,
    say: Say,
) -> int:
    """Import a file. 0: every row is here; 1: not all of them; 2: nothing was done.

    `rejects` names the file for rejected rows (else beside `path`; none on a dry run). With
    `keep_good_rows` a file that cannot be read to its end gives the rows before that.
    """
    try:
        mapping = loading.load(path=Path(map_name))
    except loading.MapProblem as wrong:
        return _nothing(say, *str(wrong).splitlines())
    if problem := _problem_with_paths(path, rejects):
        return _nothing(say, problem)
    try:
        found = _look_through(path, mapping, _Pace(say=say))
    except KeyboardInterrupt:
        return _nothing(say, _("Interrupted."))
    if found.problem is not None:
        say(_printable(found.problem.sentence))
        if not keep_good_rows or not found.readable:
            return _nothing(say, *_how_to_keep(found.readable))
    if not found.rows:
        say(_("The file holds no row below its heading."))
    origin = Origin(file=path.name, map_name=mapping.name, now=now)
    importing = _Importing(
        take=_taker(mapping, origin, found, dry_run),
        pace=_Pace(say=say, total=found.rows),
        kept=RejectsFile(path, mapping, rejects, current().home)
        if rejects is not None or not dry_run
        else None,
    )
    whole = importing.through(reading.records(path, mapping), say)
    importing.tally.show(dry_run=dry_run, place=importing.kept.finish() if importing.kept else None)
    if importing.kept and importing.kept.trouble:
        say(importing.kept.trouble)
    return DONE if whole and not importing.tally.rejected else NOT_ALL


def _nothing(say: Say, *sentences: str) -> int:
    for sentence in sentences:
        say(_printable(sentence))
    say(_("Nothing was imported."))
    return NOTHING


def _printable(text: str) -> str:
    """The text without anything that a terminal obeys."""
    return "".join(c if c.isprintable() else "�" for c in text)


def _problem_with_paths(path: Path, rejects: Path | None) -> str:
    if path.exists() and not path.is_file() and not path.is_dir():
        unfit = _("{file} is no file that can be read twice; save it as one first.")
        return unfit.format(file=path)
    return problem_with_place(wanted=rejects, source=path) if rejects is not None else ""


def _how_to_keep(readable: int) -> list[str]:
    if not readable:
        return []
    sentence = _("{number} rows can be read; --keep-good-rows imports them.")
    return [sentence.format(number=f"{readable:,}")]


# --- looking through ----------------------------------------------------------------------------


@dataclass
class _Pace:
    """Says how far we are, about once a second."""

    say: Say
    total: int | None = None
    began: float = field(default_factory=time.monotonic)
    _told: float = field(default_factory=time.monotonic)

    def at(self, rows: int) -> None:
        """So many rows are done."""
        now = time.monotonic()
        if now - self._told < SAY_EVERY_SECONDS:
            return
        self._told = now
        if self.total is None:
            self.say(_("looking through the file: {rows} rows").format(rows=f"{rows:,}"))
            return
        self.say(
            _("{rows} of {total} rows, {speed} rows/s").format(
                rows=f"{rows:,}", total=f"{self.total:,}", speed=f"{rows / (now - self.began):,.0f}"
            )
        )

    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.began


@dataclass
class _Found:
    """What a file holds, before anything is written. `names` counts the names of people."""

    rows: int = 0
    readable: int = 0
    names: Counter[str] = field(default_factory=Counter)
    problem: FileProblem | None = None


def _look_through(path: Path, mapping: Mapping, pace: _Pace) -> _Found:
    found = _Found()
    for one in reading.records(path, mapping):
        if isinstance(one, FileProblem):
            found.problem = one
            break
        found.rows += 1
        found.readable += not isinstance(one, Reject)
        if isinstance(one, PersonRecord):
            found.names[folded(one.name)] += 1
        pace.at(found.rows)
    return found


# --- taking in ----------------------------------------------------------------------------------


def _taker(mapping: Mapping, origin: Origin, found: _Found, dry_run: bool) -> Take:
    """What takes the records of this map in."""
    if mapping.missions is not None:
        missions = MissionTaker(origin=origin, dry_run=dry_run)
        return lambda records: missions.take([_as(PastMission, one) for one in records])
    if mapping.records is not None:
        held = RecordTaker(origin=origin, dry_run=dry_run)
        return lambda records: held.take([_as(PastRecord, one) for one in records])
    people = PeopleTaker(origin=origin, names=found.names, dry_run=dry_run)
    return lambda records: people.take([_as(ListedPerson, one) for one in records])


def _as(kind: type[T], record: Record) -> T:
    """The same facts, as the room that takes them calls them."""
    names = [one.name for one in dataclasses.fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: getattr(record, name) for name in names})


@dataclass
class _Tally:
    """What became of the rows so far."""

    added: int = 0
    already_there: int = 0
    rejected: int = 0
    still_open: int = 0
    seconds: float = 0.0
    first_rejects: list[tuple[int, str]] = field(default_factory=list)

    @property
    def read(self) -> int:
        """Every row has one fate."""
        return self.added + self.already_there + self.rejected

    def show(self, *, dry_run: bool, place: Path | None) -> None:
        """The closing table, and the first rejects."""
        added = _("would be added") if dry_run else _("added")
        lines = [
            (_("read"), self.read),
            (added, self.added),
            (_("already there"), self.already_there),
            (_("rejected"), self.rejected),
        ]
        width = max(len(word) for word, _number in lines)
        for word, number in lines:
            print(f"{word:<{width}}  {number:>9,}")
        speed = self.read / self.seconds if self.seconds else 0
        took = _("in {seconds} s, {speed} rows/s")
        print(took.format(seconds=f"{self.seconds:.1f}", speed=f"{speed:,.0f}"))
        if self.still_open:
            words = _(
                "Without a return: {number}. Nobody is watched or told because of that until a "
                "person confirms them on the list “out, unconfirmed”."
            )
            print(words.format(number=f"{self.still_open:,}"))
        self._show_rejects(place)

    def _show_rejects(self, place: Path | None) -> None:
        for line, reason in self.first_rejects:
            print(_("line {line}: {reason}").format(line=line, reason=_printable(reason)))
        more = self.rejected - len(self.first_rejects)
        if more:
            print(_("and {number} more").format(number=f"{more:,}"))
        if place is not None:
            print(
                _("The rejected rows are in {file}; mend them there and import that file.").format(
                    file=place
                )
            )


@dataclass
class _Importing:
    """One pass over the file that takes its rows in."""

    take: Take
    pace: _Pace
    kept: RejectsFile | None
    tally: _Tally = field(default_factory=_Tally)
    _not_taken: set[int] = field(default_factory=set)

    def through(self, rows: Iterable[reading.Read], say: Say) -> bool:
        """Take every row in; whether the end of the file was reached."""
        again = _("Give the same command again: it goes on where this one stopped.")
        try:
            problem = self._all(rows)
        except KeyboardInterrupt:
            say(_("Interrupted.") + " " + again)
            return False
        except DatabaseError as error:
            known = trouble.recognise(error=error)
            why = str(known.sentence) if known else str(error).strip().splitlines()[0]
            say(_("The import stopped.") + f" {why} {again}")
            return False
        finally:
            self.tally.seconds = self.pace.seconds()
        return problem is None

    def _all(self, rows: Iterable[reading.Read]) -> FileProblem | None:
        chunk: list[Taken] = []
        problem = None
        for row in rows:
            if isinstance(row, FileProblem):
                problem = row
                break
            chunk.append(row)
            if len(chunk) == CHUNK_ROWS:
                self._chunk(chunk)
                chunk = []
        self._chunk(chunk)
        return problem

    def _chunk(self, chunk: list[Taken]) -> None:
        records = [one for one in chunk if isinstance(one, Record)]
        outcomes = iter(self.take(records) if records else [])
        for one in chunk:
            match one:
                case Reject():
                    self._reject(one.line, one.reason)
                case Repeat():
                    self._repeat(one)
                case _:
                    self._outcome(one, next(outcomes))
        self.pace.at(self.tally.read)

    def _outcome(self, record: Record, outcome: Outcome) -> None:
        match outcome.fate:
            case Fate.ADDED:
                self.tally.added += 1
                is_open = isinstance(record, MissionRecord) and record.back_at is None
                self.tally.still_open += is_open
            case Fate.ALREADY_THERE:
                self.tally.already_there += 1
            case Fate.REJECTED:
                self._not_taken.add(record.line)
                self._reject(record.line, outcome.reason)

    def _repeat(self, repeat: Repeat) -> None:
        if repeat.first_line in self._not_taken:
            said = _("line {line} says the same and was rejected").format(line=repeat.first_line)
            self._reject(repeat.line, said)
        else:
            self.tally.already_there += 1

    def _reject(self, line: int, reason: str) -> None:
        self.tally.rejected += 1
        if len(self.tally.first_rejects) < REJECTS_SHOWN:
            self.tally.first_rejects.append((line, reason))
        if self.kept is not None:
            self.kept.add(line=line, reason=reason)
