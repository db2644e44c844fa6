"""Rows as they stood at a past moment, made from the entries alone: as known then (recorded by
then), or as it was (happened by then) by what is known now.

The rows that are kept now are not asked: what an entry says is all there is. What was erased since
is unknown; nothing erased comes back by a look at the past.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import Entry, StateRow
from homeby.logbook.rules import KINDS
from homeby.logbook.verification import UNKNOWN, Stored, stored, told_of_erased

_Row = TypeVar("_Row", bound=StateRow)
Values = dict[str, Any]
Rows = dict[str, dict[str, Values]]


class Way(StrEnum):
    """Which entries make a past moment."""

    KNOWN = "known"  # recorded by then
    TRUE = "true"  # happened by then, whenever it was recorded


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A past instant, and by which entries it is told."""

    at: dt.datetime
    way: Way

    def holds(self, *, happened_at: dt.datetime, recorded_at: dt.datetime) -> bool:
        """Whether what happened and was recorded at these instants is told."""
        return (recorded_at if self.way is Way.KNOWN else happened_at) <= self.at


@dataclass(frozen=True, kw_only=True)
class Past:
    """Rows by the label of their table and their key: `then` by the entries of the moment, `since`
    by all that are known now (empty where nobody asks what was learned later)."""

    then: Rows = field(default_factory=dict)
    since: Rows = field(default_factory=dict)

    def of(self, table: type[models.Model], *, since: bool = False) -> dict[str, Values]:
        """The rows of a table."""
        return (self.since if since else self.then).get(table._meta.label_lower, {})

    def values(self, table: type[models.Model], key: str) -> Values:
        """What was so of a row; where nothing had been recorded by then of what was so, what is
        known since."""
        return self.of(table, since=True).get(key, {}) | self.of(table).get(key, {})


def about(subjects: Collection[str], key: uuid.UUID) -> Q:
    """The entries about these subjects, and those that name this id."""
    return Q(subject__in=subjects) | Q(content__body__contains=str(key))


def touching(tables: Collection[type[models.Model]]) -> Q:
    """The entries that changed a row of these tables, and all whose body was erased: what these
    changed is told by their erasure."""
    found = Q(content__body__isnull=True)
    for table in tables:
        found |= Q(content__body__contains=f'"{table._meta.label_lower}"')
    return found


def rows_at(moment: Moment, wanted: Q, tables: Collection[type[models.Model]]) -> Past:
    """The rows of these tables at a past moment, by the entries that are `wanted`. One query for
    each two thousand of them, one more for each batch of erased ones."""
    labels = {table._meta.label_lower for table in tables}
    found = Entry.objects.filter(wanted, content__isnull=False)
    if moment.way is Way.KNOWN:
        found = found.filter(recorded_at__lte=moment.at)
    past = Past()
    for entry in stored(found):
        changes = list(_changes(entry, labels))
        if moment.way is Way.TRUE:
            _apply(past.since, changes)
        if moment.holds(happened_at=entry.happened_at, recorded_at=entry.recorded_at):
            _apply(past.then, changes)
    return past


_Change = tuple[str, str, str, Values]


def _changes(entry: Stored, labels: Collection[str]) -> Iterator[_Change]:
    body = json.loads(entry.body) if entry.body else told_of_erased(entry)
    if isinstance(body, str):  # no entry tells what it was; `homeby verify` says so
        return
    for change, table, key, values in body["rows"]:
        if table in labels:
            yield change, table, key, values
    for table, key, values in body.get("restated", ()):
        if table in labels:
            yield "change", table, key, values


def _apply(rows: Rows, changes: Collection[_Change]) -> None:
    """Entries that were recorded late may change a row that was added after that moment."""
    for change, table, key, values in changes:
        held = rows.setdefault(table, {})
        if change == "remove":
            held.pop(key, None)
        else:
            held.setdefault(key, {}).update(values)


def is_by(values: Mapping[str, Any], name: str, at: dt.datetime) -> bool:
    """Whether the instant in this column is known and not later than another one."""
    text = values.get(name)
    return isinstance(text, str) and dt.datetime.fromisoformat(text) <= at


def erased_in(values: Mapping[str, Any]) -> frozenset[str]:
    """The columns that were erased."""
    return frozenset(name for name, value in values.items() if value is UNKNOWN)


def made(table: type[_Row], key: str, values: Mapping[str, Any]) -> _Row:
    """A row of these values, to be shown and never to be kept; what is not known of it holds what
    a new row would."""
    row = table(pk=uuid.UUID(key))
    for column in table._meta.concrete_fields:
        value = values.get(column.attname, UNKNOWN)
        if value is not UNKNOWN and not column.primary_key:
            setattr(row, column.attname, column.to_python(value))
    return row


def mission_changes(
    *, since: dt.datetime, until: dt.datetime
) -> list[tuple[dt.datetime, str, str]]:
    """What was recorded of missions between two instants, in order: when, of which, and what in a
    word. One query. No viewer: the room above has to leave out what is not for hers."""
    kinds = [kind.name for kind in KINDS.values() if kind.seen_by == "MISSION"]
    rows = Entry.objects.filter(kind__in=kinds, subject__startswith="mission:")
    rows = rows.filter(recorded_at__gte=since, recorded_at__lte=until).order_by("number")
    return [
        (at, subject, KINDS[kind].said)
        for at, subject, kind in rows.values_list("recorded_at", "subject", "kind")
    ]
