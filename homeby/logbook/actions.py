"""The only way in: one transaction, its changed rows, and the entries that explain them.

A `Book` is open for one tap or one batch. Rows are written as they are named; entries are written
last, in the same transaction, each with the images of the rows it changed. So an entry without its
change, or a change without its entry, cannot exist (rules 6 and 8 of the house).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, models, transaction

from homeby.database.made import made
from homeby.logbook import queries, rows, rules
from homeby.logbook.models import Auditor, Entry, EntryBody, Read, StateRow, Station
from homeby.logbook.reading import ONCE_SECONDS, Look, ReaderHere

P = ParamSpec("P")
T = TypeVar("T")


@cache
def tracked_columns(model: type[models.Model]) -> tuple[str, ...]:
    """The columns of a state row that the logbook keeps, by their database attribute names."""
    excluded: frozenset[str] = getattr(model, "logbook_excluded", frozenset())
    return tuple(f.attname for f in model._meta.concrete_fields if f.attname not in excluded)


@cache
def _tracked(model: type[models.Model], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of these columns that the logbook keeps."""
    return tuple(name for name in names if name in tracked_columns(model))


@cache
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(names))


@cache
def _label(model: type[models.Model]) -> str:
    return str(model._meta.label_lower)


def image(row: models.Model, columns: Iterable[str]) -> dict[str, Any]:
    """The plain values of some columns of a row. What the row holds is taken from it without the
    way through its descriptors; a column it did not fetch is fetched."""
    held, plain = row.__dict__, rules.plain
    return {name: plain(held[name] if name in held else getattr(row, name)) for name in columns}


@dataclass
class Page:
    """One entry being written, and the row changes that belong to it."""

    book: Book
    entry: Entry
    body: dict[str, Any]

    def add(self, row: StateRow) -> None:
        """Insert a state row."""
        self._note("add", row, image(row, tracked_columns(type(row))))
        if self.book.bulk:
            self.book.added.setdefault(type(row), []).append(row)
        else:
            rows.insert([row])

    def change(self, row: StateRow, **values: Any) -> None:
        """Set columns of a state row (by attribute name, `person_id` for a foreign key)."""
        assert values, "a change names at least one column"
        for name, value in values.items():
            setattr(row, name, value)
        names = tuple(values)
        if kept := _tracked(type(row), names):
            self._note("change", row, image(row, kept))
        if self.book.bulk:
            self.book.changed.setdefault((type(row), _in_order(names)), []).append(row)
        else:
            rows.update([row], _in_order(names))

    def remove(self, row: StateRow) -> None:
        """Delete a state row; its last image stays in the logbook."""
        self._note("remove", row, {})
        row.delete()

    def refuse(self, **problems: str) -> rules.Refused:
        """Let this entry be the record of a refusal; gives it, to be raised after the commit. The
        device that repeats its act gets the same sentences and nothing counts twice."""
        self.body["refused"] = problems
        return rules.Refused(**problems)

    def state(self, **facts: Any) -> None:
        """Add facts learned while the entry was being written."""
        self.body["facts"].update(rules.plain(facts))

    def _note(self, change: str, row: StateRow, values: dict[str, Any]) -> None:
        self.body["rows"].append([change, _label(type(row)), str(row.id), values])


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How much a bulk book had collected at some point."""

    pages: int
    added: dict[type[StateRow], int]
    changed: dict[tuple[type[StateRow], tuple[str, ...]], int]


@dataclass
class Book:
    """The open logbook of one transaction. `bulk` collects rows and writes them together, new ones
    first; or changed ones, where a new row takes the place of one that is closed."""

    now: dt.datetime
    by: uuid.UUID | None
    device: str
    bulk: bool = False
    changes_first: bool = False
    pages: list[Page] = field(default_factory=list)
    added: dict[type[StateRow], list[StateRow]] = field(default_factory=dict)
    changed: dict[tuple[type[StateRow], tuple[str, ...]], list[StateRow]] = field(
        default_factory=dict
    )
    at_close: list[Callable[[], None]] = field(default_factory=list)
    _scratch: dict[str, Any] = field(default_factory=dict)

    def entry(
        self,
        kind: str,
        *,
        subject: str,
        person: uuid.UUID | None = None,
        facts: Mapping[str, Any] | None = None,
        tap: rules.Tap | None = None,
        answer: str | None = None,
    ) -> Page:
        """Begin an entry. With a `tap` the id is the device's own, so repeating it changes nothing;
        `answer` is what the device is told, and told again if it repeats itself."""
        assert kind in rules.KINDS, f"entry kind {kind} is not declared"
        happened_at = rules.bounded_happened_at(tap.happened_at if tap else None, now=self.now)
        body: dict[str, Any] = {"facts": rules.plain(dict(facts or {})), "rows": []}
        if answer is not None:
            body["answer"] = answer
        claimed_at = (tap.claimed_at or tap.happened_at) if tap else None
        if claimed_at and claimed_at != happened_at:
            body["claimed_happened_at"] = rules.plain(claimed_at)
        signed = tap.signed if tap else None
        if signed is not None:
            body["signed"] = signed.text
        entry = made(
            Entry,
            number=None,
            entry_id=tap.entry_id if tap else uuid.uuid4(),
            kind=kind,
            subject=subject,
            person_id=person,
            actor_id=self.by,
            device=tap.device if tap else self.device,
            device_sequence=tap.device_sequence if tap else None,
            device_signature=signed.signature if signed else None,
            happened_at=happened_at,
            recorded_at=self.now,
            body_hash=b"",
        )
        page = Page(book=self, entry=entry, body=body)
        self.pages.append(page)
        return page

    def scratch(self, name: str, make: Callable[[], T]) -> T:
        """Something made once for this transaction (a locked counter, a cache)."""
        if name not in self._scratch:
            self._scratch[name] = make()
        found: T = self._scratch[name]
        return found

    def mark(self) -> Mark:
        """Where a bulk book stands, to come back to if the next judgement fails."""
        assert self.bulk, "only a bulk book has written nothing yet"
        return Mark(
            pages=len(self.pages),
            added={model: len(found) for model, found in self.added.items()},
            changed={key: len(found) for key, found in self.changed.items()},
        )

    def back_to(self, mark: Mark) -> None:
        """Forget what was collected since the mark."""
        del self.pages[mark.pages :]
        for model, added in self.added.items():
            del added[mark.added.get(model, 0) :]
        for key, changed in self.changed.items():
            del changed[mark.changed.get(key, 0) :]

    def close(self) -> None:
        """Write what was collected: rows first, then entries in the order in which they began.
        `at_close` holds what else this transaction must write, once."""
        for write in self.at_close:
            write()
        if self.changes_first:
            self._write_changed(but={id(row) for added in self.added.values() for row in added})
        for added in self.added.values():
            rows.insert(added)
        if not self.changes_first:
            self._write_changed()
        contents: list[EntryBody] = []
        salts = os.urandom(16 * len(self.pages))
        for index, page in enumerate(self.pages):
            page.body["entry"] = rules.columns_in_body(page.entry)
            text = rules.canonical(page.body)
            salt = salts[16 * index : 16 * index + 16]
            page.entry.body_hash = rules.body_hash(salt=salt, body=text)
            contents.append(made(EntryBody, entry_id=None, body=text, salt=salt, erased_by=None))
        rows.insert_numbered([page.entry for page in self.pages])
        for content, page in zip(contents, self.pages, strict=True):
            content.entry_id = page.entry.number
        if contents:
            rows.insert(contents)
        self.pages, self.added, self.changed = [], {}, {}

    def _write_changed(self, *, but: Collection[int] = ()) -> None:
        """Rows that are still to be inserted are not changed before: they are written as they have
        become."""
        for (_model, names), changed in self.changed.items():
            rows.update([row for row in changed if id(row) not in but], names)


def once(action: Callable[P, str]) -> Callable[P, str]:
    """Make an act with a `tap` count once: a repeated entry id gets the first answer again.

    Two copies that arrive in the same instant meet at the unique index, or the second one finds
    its act already done and refuses; either way the loser reads the winner's answer.
    """

    @wraps(action)
    def counted(*args: P.args, **kwargs: P.kwargs) -> str:
        tap = kwargs["tap"]
        assert isinstance(tap, rules.Tap)
        told = queries.answer_given(tap.entry_id)
        if told is not None:
            return told
        try:
            return action(*args, **kwargs)
        except (IntegrityError, rules.Refused):
            told = queries.answer_given(tap.entry_id)
            if told is None:
                raise
            return told

    return counted


@contextmanager
def writing(
    *,
    now: dt.datetime,
    by: uuid.UUID | None,
    device: str = "station",
    bulk: bool = False,
    alone: bool = True,
) -> Iterator[Book]:
    """Open the logbook for one transaction; leaving it commits rows and entries together. One that
    is not `alone` shares the transaction around it for better and worse, without a savepoint."""
    with transaction.atomic(savepoint=alone):
        book = Book(now=now, by=by, device=device, bulk=bulk)
        yield book
        book.close()


def judged(*, agrees: bool, sentences: list[str], now: dt.datetime) -> None:
    """Write down that the auditor's verdict has changed, and why."""
    kind = rules.AUDIT_AGREED if agrees else rules.AUDIT_DISAGREED
    with writing(now=now, by=None, device="auditor") as book:
        book.entry(kind, subject="audit", facts={"sentences": sentences})


def audited(*, name: str, real_now: dt.datetime, **found: Any) -> None:
    """Note that this auditor has just finished a look, in the machine's own time, and what it found
    (columns of `Auditor`). `started_at` is given with the first look of a process."""
    values = {"looked_at": real_now, **found}
    first = {"started_at": real_now, **values}
    Auditor.objects.update_or_create(name=name, defaults=values, create_defaults=first)


def backed_up(*, facts: Mapping[str, Any], now: dt.datetime) -> None:
    """Note that a backup was made: its file, size, entries, and the keys that it is sealed to."""
    with writing(now=now, by=None, device="command") as book:
        book.entry(rules.BACKUP_MADE, subject="station", facts=facts)


def note_looks(looks: Collection[Look], *, by: ReaderHere) -> int:
    """Write down what somebody looked at; what she has seen in these ten minutes already stays one
    row. Gives how many are new. One query, and one insert where anything is new."""
    tenth = int(by.now.timestamp()) // ONCE_SECONDS
    mine = Read.objects.filter(viewer_id=by.person_id, ten_minutes=tenth)
    here = set(
        mine.filter(what__in={look.what for look in looks}).values_list("kind", "what", "why")
    )
    fresh = [
        Read(
            at=by.now,
            ten_minutes=tenth,
            viewer_id=by.person_id,
            viewed_as=by.as_,
            kind=look.kind,
            what=look.what,
            whose=look.whose,
            why=look.why,
            device=by.device[:80],
        )
        for look in looks
        if (look.kind, look.what, look.why) not in here
    ]
    if fresh:  # in the same instant another request may write the same: then this one has no need
        Read.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def erase(*, number: int, reason: str, by: uuid.UUID, now: dt.datetime) -> None:
    """Erase the body of an entry for good; the leaf and the fact of the erasure stay, and which
    columns of which rows it had set, without their values, so that the replay can go on."""
    with writing(now=now, by=by) as book:
        content = EntryBody.objects.select_for_update(of=("self",)).select_related("entry")
        found = content.filter(pk=number, body__isnull=False).first()
        if found is None or found.entry.kind == rules.ENTRY_ERASED:
            raise rules.Refused("This entry has no body that can be erased.")
        rows = json.loads(str(found.body))["rows"]
        known = [[change, table, key, sorted(values)] for change, table, key, values in rows]
        page = book.entry(
            rules.ENTRY_ERASED,
            subject=f"entry:{number}",
            facts={
                "reason": reason,
                "rows": known,
                "held": {str(number): rules.columns_hash(found.entry)},
            },
        )
        EntryBody.objects.filter(pk=number).update(
            body=None, salt=None, erased_by=page.entry.entry_id
        )


def empty(page: Page, numbers: Collection[int]) -> None:
    """Empty the bodies of these entries for good, as told by this entry (`logbook.forgetting`)."""
    content = EntryBody.objects.filter(pk__in=numbers, body__isnull=False)
    count = content.update(body=None, salt=None, erased_by=page.entry.entry_id)
    assert count == len(numbers), "a body was erased by somebody else meanwhile"


def found_station(*, place: str, now: dt.datetime) -> Station:
    """Give this logbook the identity of a station, once. `place` is where it is the live one."""
    try:
        with writing(now=now, by=None) as book:
            station = Station(id=uuid.uuid4(), place=place)
            page = book.entry(rules.STATION_FOUNDED, subject="station", facts={"place": place})
            page.add(station)
    except IntegrityError:  # another process of the first start was quicker
        station = Station.objects.get()
    return station


def quarantine(
    *, why: str, here: str, now: dt.datetime, beside: Callable[[Page], None] | None = None
) -> None:
    """Note that this is a copy: it sends nothing from now on. `beside` writes what is to be said of
    it in the same commit; it leaves when a person has said that this is the live station."""
    with writing(now=now, by=None) as book:
        station = Station.objects.select_for_update().get()
        if station.quarantined_at is not None:
            return
        facts = {"why": why, "here": here}
        page = book.entry(rules.STATION_QUARANTINED, subject="station", facts=facts)
        page.change(station, quarantined_at=now, why=why)
        if beside is not None:
            beside(page)


def confirm_live(*, here: str, by: uuid.UUID | None, now: dt.datetime) -> None:
    """A person says that this is the live station: from now on it is so at this place. Raises
    Refused when nobody doubts it."""
    with writing(now=now, by=by, device="command") as book:
        station = Station.objects.select_for_update().first()
        if station is None or station.quarantined_at is None:
            raise rules.Refused(
                "This station is the live one already; there is nothing to confirm."
            )
        facts = {"place": here, "was": station.place, "why": station.why}
        page = book.entry(rules.STATION_CONFIRMED, subject="station", person=by, facts=facts)
        page.change(station, place=here, quarantined_at=None, why="")
