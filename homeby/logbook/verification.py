"""`homeby verify`: replay the logbook, compare with the state rows, name the first difference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction

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
    found = rules.body_hash(salt=bytes(content.salt), body=content.body)
    if found == bytes(entry.body_hash):
        return None
    return f"Entry {entry.number} ({entry.kind}): its body is not the one that was recorded."


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


def _compare(rebuilt: Rebuilt, model: type[models.Model]) -> tuple[int, str | None]:
    label = model._meta.label_lower
    expected = dict(rebuilt.get(label, {}))
    columns = tracked_columns(model)
    count = 0
    for row in model._default_manager.order_by("pk").iterator(chunk_size=2000):
        count += 1
        told = expected.pop(str(row.pk), None)
        if told is None:
            return count, f"{label} {row.pk} stands in the table, but no entry added it."
        now = image(row, columns)
        for name in columns:
            if told.get(name) != now[name]:
                return count, (
                    f"{label} {row.pk}: the logbook says {name} = {told.get(name)!r}, "
                    f"the table says {now[name]!r}."
                )
    if expected:
        key = min(expected)
        return count, f"{label} {key} is in the logbook, but its row is gone from the table."
    return count, None


def verify(*, progress: Callable[[int], None] | None = None) -> Verdict:
    """Rebuild all state rows from the entries and compare; one consistent reading of the database."""
    with transaction.atomic():
        return _verify(progress)


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
        if difference is None and content.body is not None:
            difference = _apply(rebuilt, entry, json.loads(content.body))
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
