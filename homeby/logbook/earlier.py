"""What a row held before an entry, and how many entries there were by an instant, as the entries
themselves say it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.db import models

from homeby.logbook.models import Entry


def before_change(
    row: models.Model, *, subject: str, to: models.Model, state: str
) -> dict[str, Any]:
    """The columns of `row` that entries about `subject` changed since `to` last came into `state`,
    as they were before, by attribute name. Empty where no entry says so any more. One query."""
    held: dict[str, Any] = {}  # by now
    since: dict[str, Any] = {}  # what the changed columns held
    found = Entry.objects.filter(subject=subject, content__body__isnull=False).order_by("number")
    came = False
    for text in found.values_list("content__body", flat=True):
        rows = json.loads(text or "{}")["rows"]
        if any(_names(one, to) and one[3].get("state") == state for one in rows):
            came, since = True, {}
        for one in rows:
            if _names(one, row):
                if came:
                    since = {name: held[name] for name in one[3] if name in held} | since
                held |= one[3]
    return {name: _as_held(row, name, value) for name, value in since.items()}


def last_held(row: models.Model, column: str, *, subject: str, but: str) -> Any:
    """What a column of `row` was last set to by an entry about `subject` of another kind than
    `but`; None where none says so. One query."""
    found = Entry.objects.filter(subject=subject, content__body__isnull=False).exclude(kind=but)
    for text in found.order_by("-number").values_list("content__body", flat=True):
        for one in reversed(json.loads(text or "{}")["rows"]):
            if _names(one, row) and column in one[3]:
                return _as_held(row, column, one[3][column])
    return None


def _as_held(row: models.Model, column: str, value: Any) -> Any:
    field = row._meta.get_field(column)
    assert isinstance(field, models.Field), "a column of its own table"
    return field.to_python(value)


def _names(change: list[Any], row: models.Model) -> bool:
    return change[1:3] == [row._meta.label_lower, str(row.pk)] and change[0] != "remove"


def recorded_until(at: dt.datetime) -> tuple[int, int]:
    """How many entries were recorded up to an instant, and the number of the last of them. Reads
    the whole table: asked only when entries are missing."""
    rows = Entry.objects.filter(recorded_at__lte=at)
    found = rows.aggregate(count=models.Count("number"), last=models.Max("number"))
    return found["count"], found["last"] or 0
