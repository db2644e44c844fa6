"""`homeby verify`: replay the logbook, compare with the state rows, name the first difference."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction

from homeby.logbook import queries, rules
from homeby.logbook.actions import image, tracked_columns
from homeby.logbook.models import Entry, EntryBody, Read, StateRow

#: Of the room of people: it takes a person who is erased out of the looks, too.
_PERSON_ERASED = "PERSON_ERASED"
Rebuilt = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the replay found. `difference` is a sentence, None when rows and logbook agree.

    `checkpoint` is `<entries> <last id> <SHA-256 over the ordered leaf hashes>`.
    """

    entries: int
    rows: int
    erased: int
    checkpoint: str
    difference: str | None


def state_models() -> list[type[models.Model]]:
    """Every table whose rows the logbook must be able to rebuild."""
    return [model for model in apps.get_models() if issubclass(model, StateRow)]


def _body_trouble(entry: Entry, content: EntryBody) -> str | None:
    if content.body is None or content.salt is None:
        return None
    what = f"Entry {entry.number} ({entry.kind})"
    found = rules.body_hash(salt=bytes(content.salt), body=content.body)
    if found != bytes(entry.body_hash):
        return f"{what}: its body is not the one that was recorded."
    told, now = json.loads(content.body).get("entry", {}), rules.columns_in_body(entry)
    for name in sorted(now):
        kept = name in told or name not in rules.COLUMNS_SINCE
        if kept and told.get(name) != now[name]:
            return f"{what}: it was recorded with {name} = {told.get(name)!r}, not {now[name]!r}."
    return None


class _Unknown:
    """Stands for a value that was erased and not set again since."""


UNKNOWN = _Unknown()


@lru_cache(maxsize=8)
def _erasure(entry_id: uuid.UUID) -> rules.Line | None:
    """The line that erased a body, read once for the many of its batch: no erasure changes."""
    return queries.erasure(entry_id)


def _erased_body(entry: Entry, content: EntryBody) -> dict[str, Any] | str:
    """What an erased body had set, as its erasure tells; a sentence if no entry erased it."""
    erasure = _erasure(content.erased_by) if content.erased_by else None
    rows = None
    if erasure is not None and erasure.subject == f"entry:{entry.number}":
        rows = erasure.facts["rows"]
    elif erasure is not None and str(entry.number) in erasure.facts.get("bodies", {}):
        columns = erasure.facts["columns"]
        told = erasure.facts["bodies"][str(entry.number)]
        rows = [[*row[:3], columns[row[3]]] for row in told]
    if rows is None:
        return f"Entry {entry.number} ({entry.kind}): its body is gone, and no entry erased it."
    return {"rows": [[*row[:3], dict.fromkeys(row[3], UNKNOWN)] for row in rows]}


def _apply(rebuilt: Rebuilt, entry: Entry, body: dict[str, Any]) -> str | None:
    for change, table, key, values in body["rows"]:
        rows = rebuilt.setdefault(table, {})
        if change == "add":
            rows[key] = dict(values)
        elif key not in rows:
            return (
                f"Entry {entry.number} ({entry.kind}) changes {table} {key}, which no entry added."
            )
        elif change == "change":
            rows[key].update(values)
        else:
            del rows[key]
    for table, key, values in body.get("restated", ()):
        if key not in rebuilt.get(table, {}):
            return f"Entry {entry.number} ({entry.kind}) states {table} {key}, which is not there."
        rebuilt[table][key].update(values)
    return None


def _replay(rebuilt: Rebuilt, entry: Entry, content: EntryBody | None) -> str | None:
    """Apply one entry to what was rebuilt so far; a sentence when it is not as it was recorded."""
    what = f"Entry {entry.number} ({entry.kind})"
    if content is None:
        return f"{what} has no body at all."
    try:
        trouble = _body_trouble(entry, content)
        if trouble is None:
            body = json.loads(content.body) if content.body else _erased_body(entry, content)
            trouble = body if isinstance(body, str) else _apply(rebuilt, entry, body)
    except (ValueError, TypeError, KeyError, AttributeError):
        return f"{what}: its body cannot be read."
    return trouble


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """What a row holds in a column that came with a later release, until an entry sets it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: rules.plain(fields[name].get_default()) for name in tracked_columns(model)}


def _compare(rebuilt: Rebuilt, model: type[models.Model]) -> tuple[int, str | None]:
    """How many rows a table has, and its first difference; a table or a value that cannot be read
    at all is one."""
    label = model._meta.label_lower
    try:
        with transaction.atomic():  # what fails in here leaves the reading usable
            return _compare_rows(rebuilt, model)
    except DatabaseError as trouble:
        return 0, f"{label} cannot be read: {_one_line(trouble)}."
    except (ValueError, TypeError, ValidationError) as trouble:
        return 0, f"A row of {label} holds a value that cannot be: {_one_line(trouble)}."


def _one_line(trouble: Exception) -> str:
    return (" ".join(str(trouble).split()) or type(trouble).__name__)[:200].rstrip(".")


def _held(tables: list[type[models.Model]]) -> set[str]:
    """The tables that hold any row, by one question for all; all of them where one cannot be read,
    which the comparison then names."""
    quote, labels = connection.ops.quote_name, [model._meta.label_lower for model in tables]
    asked = [
        f"SELECT %s WHERE EXISTS (SELECT 1 FROM {quote(model._meta.db_table)})"  # noqa: S608
        for model in tables
    ]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked), labels)
            return {label for (label,) in cursor.fetchall()}
    except DatabaseError:
        return set(labels)


def _compare_rows(rebuilt: Rebuilt, model: type[models.Model]) -> tuple[int, str | None]:
    label = model._meta.label_lower
    expected = dict(rebuilt.get(label, {}))
    columns = tracked_columns(model)
    later = _defaults(model)
    count = 0
    for row in model._default_manager.order_by("pk").iterator(chunk_size=2000):
        count += 1
        told = expected.pop(str(row.pk), None)
        if told is None:
            return count, f"{label} {row.pk} stands in the table, but no entry added it."
        now = image(row, columns)
        for name in columns:
            said = told.get(name, later[name])
            if said not in (now[name], UNKNOWN):
                return count, (
                    f"{label} {row.pk}: the logbook says {name} = {said!r}, "
                    f"the table says {now[name]!r}."
                )
    if expected:
        key = min(expected)
        return count, f"{label} {key} is in the logbook, but its row is gone from the table."
    return count, None


def _looks_trouble() -> str | None:
    """The first thing in which the looks that were emptied are not as entries tell it; None where
    all is well. A look that was emptied keeps its row, so they can be counted."""
    try:
        with transaction.atomic():
            return _emptied_untold()
    except DatabaseError as trouble:
        return f"The record of looks cannot be read: {_one_line(trouble)}."


def _emptied_untold() -> str | None:
    emptied = Read.objects.filter(erased_by__isnull=False).values_list("erased_by")
    found = dict(emptied.annotate(count=models.Count("pk")).order_by("erased_by"))
    rows = Entry.objects.filter(kind=rules.LOOKS_EMPTIED).order_by("number")
    for number, entry_id, text in rows.values_list("number", "entry_id", "content__body"):
        here = found.pop(entry_id, 0)
        said = json.loads(text)["facts"]["count"] if text else here
        if said != here:
            return f"Entry {number} (LOOKS_EMPTIED) tells of {said} looks; {here} name it."
    known = Entry.objects.filter(kind=_PERSON_ERASED).values_list("entry_id", flat=True)
    unsaid = sum(found[key] for key in found.keys() - set(known))
    return f"{unsaid} looks at people were emptied, and no entry tells it." if unsaid else None


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What somebody outside has kept of the logbook: so many entries, the last of them, and the
    SHA-256 over their leaf hashes in order."""

    entries: int
    last: str
    digest: str

    def __str__(self) -> str:
        return f"{self.entries} {self.last} {self.digest}"


def checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint as `homeby verify` prints it. Raises ValueError with a sentence."""
    words = text.split()
    if len(words) != 3 or not words[0].isdecimal() or len(words[2]) != 64:
        raise ValueError(
            "A checkpoint is three words: the number of entries, the id of the last, and 64 "
            "hexadecimal digits, as `homeby verify` prints them."
        )
    return Checkpoint(entries=int(words[0]), last=words[1], digest=words[2].lower())


def verify(
    *, progress: Callable[[int], None] | None = None, against: Checkpoint | None = None
) -> Verdict:
    """Rebuild all state rows from the entries and compare; one consistent reading of the database,
    which keeps nobody from writing meanwhile. With a checkpoint kept outside, the logbook up to
    there must also be the one that it was made from."""
    with one_reading():
        return _verify(progress, against)


@contextmanager
def one_reading() -> Iterator[None]:
    """A transaction that sees the database as it is now: a snapshot on PostgreSQL, and on SQLite a
    reader, not the writer that a transaction of ours is else."""
    connection.ensure_connection()
    wrapper: Any = connection  # of which only SQLite's knows how its transactions begin
    outermost = not connection.in_atomic_block
    mode = getattr(wrapper, "transaction_mode", None)
    if outermost and mode is not None:
        wrapper.transaction_mode = "DEFERRED"
    try:
        with transaction.atomic():
            if outermost and connection.vendor == "postgresql":
                connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    finally:
        if mode is not None:
            wrapper.transaction_mode = mode


def _verify(progress: Callable[[int], None] | None, against: Checkpoint | None) -> Verdict:
    rebuilt: Rebuilt = {}
    digest = hashlib.sha256()
    entries = erased = rows = 0
    last, difference, here = "-", None, None
    for entry, content in queries.stored():
        entries += 1
        last = str(entry.entry_id)
        digest.update(
            rules.leaf_hash(
                entry_id=entry.entry_id,
                kind=entry.kind,
                recorded_at=entry.recorded_at,
                body=bytes(entry.body_hash),
            )
        )
        erased += content is not None and content.body is None
        if against and entries == against.entries:
            here = Checkpoint(entries=entries, last=last, digest=digest.hexdigest())
        difference = difference or _replay(rebuilt, entry, content)
        if progress and entries % 2000 == 0:
            progress(entries)
    tables = state_models()
    held = _held(tables)
    for model in tables:
        if model._meta.label_lower not in held and not rebuilt.get(model._meta.label_lower):
            continue
        count, trouble = _compare(rebuilt, model)
        rows += count
        difference = difference or trouble
    difference = difference or _looks_trouble()
    if against and here != against:
        difference = _not_the_same(against, entries)
    return Verdict(
        entries=entries,
        rows=rows,
        erased=erased,
        checkpoint=str(Checkpoint(entries=entries, last=last, digest=digest.hexdigest())),
        difference=difference,
    )


def _not_the_same(against: Checkpoint, entries: int) -> str:
    if entries < against.entries:
        return (
            f"The checkpoint knows {against.entries} entries, and the logbook has only {entries}: "
            "entries were taken away, or this is an earlier copy."
        )
    return (
        f"The first {against.entries} entries are not those of the checkpoint: something in them "
        "was changed, removed or put in another order since it was made."
    )


LEAVES_KEPT = 20


@dataclass
class Tally:
    """The checkpoint of a logbook that grows, counted on from one look to the next, so that a
    minute costs a minute's entries. It begins anew when an entry it has counted is no longer there,
    or is another one: what was rolled back is never counted on."""

    entries: int = 0
    number: int = 0
    last: str = "-"
    _digest: Any = field(default_factory=hashlib.sha256)
    _lately: dict[int, Checkpoint] = field(default_factory=dict)

    def up_to(self, number: int) -> Checkpoint:
        """The checkpoint of all entries up to this number; of none, the one of an empty logbook."""
        if self.number and str(queries.id_of(self.number)) != self.last:
            self.begin_anew()
        for found, entry_id, leaf in queries.leaves(after=self.number, until=number):
            self.entries, self.number, self.last = self.entries + 1, found, str(entry_id)
            self._digest.update(leaf)
        here = Checkpoint(entries=self.entries, last=self.last, digest=self._digest.hexdigest())
        self._lately[self.entries] = here
        for old in sorted(self._lately)[:-LEAVES_KEPT]:
            del self._lately[old]
        return here

    def begin_anew(self) -> None:
        """Forget what was counted: the next look reads every entry again."""
        self.entries, self.number, self.last = 0, 0, "-"
        self._digest, self._lately = hashlib.sha256(), {}

    def at(self, entries: int) -> Checkpoint | None:
        """What the checkpoint was when so many entries were counted; None where there are fewer."""
        if entries > self.entries:
            return None
        if entries in self._lately:
            return self._lately[entries]
        earlier, last = hashlib.sha256(), "-"
        count = 0
        for _number, entry_id, leaf in queries.leaves(after=0, until=self.number):
            if count == entries:
                break
            count, last = count + 1, str(entry_id)
            earlier.update(leaf)
        return Checkpoint(entries=entries, last=last, digest=earlier.hexdigest())


def _asked_number(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


@dataclass
class Horizon:
    """Up to which number no entry can appear any more. On SQLite numbers are given in the order of
    commits; on PostgreSQL a transaction that began earlier may still bring a lower number, so a
    number is settled once every transaction that ran when it was seen has ended."""

    settled: int | None = None
    _seen: int | None = None
    _until: int | None = None

    def look(self) -> int | None:
        """Look again; None while nothing is settled yet."""
        if connection.vendor != "postgresql":
            self.settled = queries.last_number()
            return self.settled
        if self._seen is None:
            self._seen = queries.last_number()
        elif self._until is None:  # a look later: its number is given before its transaction's
            self._until = _asked_number("SELECT pg_current_xact_id()::text")
        elif _asked_number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text") >= self._until:
            self.settled, self._seen, self._until = self._seen, queries.last_number(), None
        return self.settled
