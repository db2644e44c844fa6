"""`homeby verify`: replay the logbook, compare with the state rows, name the first difference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from homeby.logbook import queries, rules
from homeby.logbook.actions import image, tracked_columns
from homeby.logbook.models import Entry, EntryBody, StateRow

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
        if told.get(name) != now[name]:
            return f"{what}: it was recorded with {name} = {told.get(name)!r}, not {now[name]!r}."
    return None


class _Unknown:
    """Stands for a value that was erased and not set again since."""


UNKNOWN = _Unknown()


def _erased_body(entry: Entry, content: EntryBody) -> dict[str, Any] | str:
    """What an erased body had set, as its erasure tells; a sentence if no entry erased it."""
    erasure = queries.erasure(content.erased_by) if content.erased_by else None
    if erasure is None or erasure.subject != f"entry:{entry.number}":
        return f"Entry {entry.number} ({entry.kind}): its body is gone, and no entry erased it."
    rows = erasure.facts["rows"]
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
    return None


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    """What a row holds in a column that came with a later release, until an entry sets it."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: rules.plain(fields[name].get_default()) for name in tracked_columns(model)}


def _compare(rebuilt: Rebuilt, model: type[models.Model]) -> tuple[int, str | None]:
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


def verify(*, progress: Callable[[int], None] | None = None) -> Verdict:
    """Rebuild all state rows from the entries and compare; one consistent reading of the database,
    which keeps nobody from writing meanwhile."""
    with _one_reading():
        return _verify(progress)


@contextmanager
def _one_reading() -> Iterator[None]:
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


def _verify(progress: Callable[[int], None] | None) -> Verdict:
    rebuilt: Rebuilt = {}
    digest = hashlib.sha256()
    entries = erased = rows = 0
    last, difference = "-", None
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
        erased += content.body is None
        difference = difference or _body_trouble(entry, content)
        if difference is None:
            body = json.loads(content.body) if content.body else _erased_body(entry, content)
            difference = body if isinstance(body, str) else _apply(rebuilt, entry, body)
        if progress and entries % 2000 == 0:
            progress(entries)
    for model in state_models():
        count, trouble = _compare(rebuilt, model)
        rows += count
        difference = difference or trouble
    return Verdict(
        entries=entries,
        rows=rows,
        erased=erased,
        checkpoint=f"{entries} {last} {digest.hexdigest()}",
        difference=difference,
    )
