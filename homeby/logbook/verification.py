"""`homeby verify`: replay the logbook, compare with the state rows, name the first difference."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction

from homeby.logbook import look_tree, queries, rules
from homeby.logbook.actions import image, tracked_columns
from homeby.logbook.comparing import Comparing, Wrong
from homeby.logbook.counting import Checkpoint, Count, Outside
from homeby.logbook.models import Entry, Read, StateRow
from homeby.logbook.notes import PublicKey
from homeby.logbook.tree import Head, head

#: Of the room of people: it takes a person who is erased out of the looks, too.
_PERSON_ERASED = "PERSON_ERASED"
Rebuilt = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the replay found. `difference` is a sentence, None when rows and logbook agree.

    `checkpoint` is `<entries> <last id> <SHA-256 over the ordered leaf hashes>`; `size` and `root`
    are those of the tree over the same entries. `first_wrong` is the index, counted from 0, of the
    first entry that is not as it was, where that can be told. `kept` checkpoints agree.
    """

    entries: int
    rows: int
    erased: int
    checkpoint: str
    difference: str | None
    first_wrong: int | None
    size: int
    root: str
    kept: int
    kept_by_another_key: int


def state_models() -> list[type[models.Model]]:
    """Every table whose rows the logbook must be able to rebuild."""
    return [model for model in apps.get_models() if issubclass(model, StateRow)]


@dataclass
class Stored:
    """An entry and its body as they stand in the database, by the names of their columns; a model
    for each would take longer than all else. `entry_pk` is None where it has lost its body."""

    number: int
    entry_id: uuid.UUID
    kind: str
    subject: str
    person_id: uuid.UUID | None
    actor_id: uuid.UUID | None
    device: str
    device_sequence: int | None
    device_signature: bytes | None
    happened_at: dt.datetime
    recorded_at: dt.datetime
    body_hash: bytes
    entry_pk: int | None
    body: str | None
    salt: bytes | None
    erased_by: uuid.UUID | None


_COLUMNS = tuple(one.name for one in fields(Stored))[:12]


def _body_trouble(entry: Stored, text: str, body: dict[str, Any]) -> str | None:
    what = f"Entry {entry.number} ({entry.kind})"
    salt = bytes(entry.salt or b"")
    found = rules.body_hash(salt=salt, body=text)
    if len(salt) != rules.SALT_BYTES or found != bytes(entry.body_hash):
        return f"{what}: its body is not the one that was recorded."
    told, now = body.get("entry", {}), rules.columns_in_body(entry)
    if told == now:
        return None
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


def told_of_erased(entry: Stored) -> dict[str, Any] | str:
    """What an erased body had set, as its erasure tells; a sentence if no entry erased it."""
    erasure = _erasure(entry.erased_by) if entry.erased_by else None
    rows = None
    if erasure is not None and erasure.subject == f"entry:{entry.number}":
        rows = erasure.facts["rows"]
    elif erasure is not None and str(entry.number) in erasure.facts.get("bodies", {}):
        columns = erasure.facts["columns"]
        told = erasure.facts["bodies"][str(entry.number)]
        rows = [[*row[:3], columns[row[3]]] for row in told]
    if rows is None or erasure is None:
        return f"Entry {entry.number} ({entry.kind}): its body is gone, and no entry erased it."
    held = erasure.facts.get("held", {}).get(str(entry.number))  # not told by earlier releases
    if held not in (None, rules.columns_hash(entry)):
        return f"Entry {entry.number} ({entry.kind}) is not as it was when its body was erased."
    return {"rows": [[*row[:3], dict.fromkeys(row[3], UNKNOWN)] for row in rows]}


def _apply(rebuilt: Rebuilt, entry: Stored, body: dict[str, Any]) -> str | None:
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


def _replay(rebuilt: Rebuilt, entry: Stored) -> str | None:
    """Apply one entry to what was rebuilt so far; a sentence when it is not as it was recorded."""
    if entry.entry_pk is None:
        return f"Entry {entry.number} ({entry.kind}) has no body at all."
    try:
        if not entry.body:
            body = told_of_erased(entry)
            return body if isinstance(body, str) else _apply(rebuilt, entry, body)
        body = json.loads(entry.body)
        return _body_trouble(entry, entry.body, body) or _apply(rebuilt, entry, body)
    except (ValueError, TypeError, KeyError, AttributeError):
        return f"Entry {entry.number} ({entry.kind}): its body cannot be read."


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
            return _emptied_untold() or look_tree.trouble()
    except DatabaseError as trouble:
        return f"The record of looks cannot be read: {_one_line(trouble)}."
    except (ValueError, TypeError, KeyError, AttributeError):
        return "An entry that tells of looks (LOOKS_EMPTIED, LOOKS_COUNTED) cannot be read."


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


def verify(
    *,
    progress: Callable[[int], None] | None = None,
    against: Outside | None = None,
    key: PublicKey | None = None,
    until: int | None = None,
) -> Verdict:
    """Rebuild all state rows from the entries and compare; one consistent reading of the database,
    which keeps nobody from writing meanwhile. The logbook must also be the one that each kept
    checkpoint was made from, which must bear the signature of `key`, and one that somebody outside
    holds (`against`). `until`: the last number that a new checkpoint may cover
    (`counting.Horizon`); None: whatever is there."""
    _erasure.cache_clear()
    with one_reading():
        return _verify(progress, against, key, until)


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


def stored(found: models.QuerySet[Entry] | None = None, *, chunk: int = 2000) -> Iterator[Stored]:
    """Every entry, or each of those found, with its body in order of number."""
    names = (*_COLUMNS, "content__pk", "content__body", "content__salt", "content__erased_by")
    found = Entry.objects.all() if found is None else found
    rows = found.order_by("number").values_list(*names)
    ahead = rows  # from the first, whatever number it was given
    while True:
        batch = list(ahead[:chunk])
        if not batch:
            return
        yield from itertools.starmap(Stored, batch)
        ahead = rows.filter(number__gt=batch[-1][0])


@dataclass
class _Pass:
    """One pass over the entries."""

    comparing: Comparing
    rebuilt: Rebuilt = field(default_factory=dict)
    count: Count = field(default_factory=Count)
    erased: int = 0
    wrong: Wrong | None = None
    covered: tuple[Checkpoint, Head] | None = None  # up to the last number that is settled

    def take(self, entry: Stored) -> None:
        """The next entry."""
        leaf = rules.leaf_hash(
            entry_id=entry.entry_id,
            kind=entry.kind,
            recorded_at=entry.recorded_at,
            body=bytes(entry.body_hash),
        )
        self.count.add(entry.number, entry.entry_id, leaf)
        self.comparing.after(self.count)
        self.erased += entry.entry_pk is not None and entry.body is None
        if self.wrong is None and (trouble := _replay(self.rebuilt, entry)):
            self.wrong = Wrong(sentence=trouble, index=self.count.entries - 1)

    def cover(self) -> tuple[Checkpoint, Head]:
        """What a checkpoint says here."""
        return self.count.point(), head(self.count.tree)


def _verify(
    progress: Callable[[int], None] | None,
    against: Outside | None,
    key: PublicKey | None,
    until: int | None,
) -> Verdict:
    done = _Pass(comparing=Comparing(key=key, held=against))
    for entry in stored():
        if done.covered is None and until is not None and entry.number > until:
            done.covered = done.cover()
        done.take(entry)
        if progress and done.count.entries % 2000 == 0:
            progress(done.count.entries)
    rows, difference = _tables(done.rebuilt)
    point, tree = done.covered or done.cover()
    wrong = done.wrong or (Wrong(sentence=difference) if difference else None)
    other = done.comparing.found(entries=done.count.entries)
    found = [one for one in (other, wrong) if one is not None]
    return Verdict(
        entries=done.count.entries,
        rows=rows,
        erased=done.erased,
        checkpoint=str(point),
        difference=found[0].sentence if found else None,
        first_wrong=min((one.index for one in found if one.index is not None), default=None),
        size=tree.size,
        root=tree.root.hex(),
        kept=done.comparing.agreed,
        kept_by_another_key=done.comparing.foreign,
    )


def _tables(rebuilt: Rebuilt) -> tuple[int, str | None]:
    """How many rows all tables have, and the first that is not as the entries tell."""
    rows, difference = 0, None
    tables = state_models()
    held = _held(tables)
    for model in tables:
        if model._meta.label_lower not in held and not rebuilt.get(model._meta.label_lower):
            continue
        count, trouble = _compare(rebuilt, model)
        rows += count
        difference = difference or trouble
    return rows, difference or _looks_trouble()
