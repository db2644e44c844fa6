"""Emptying looks: of one person who is erased, or of everybody, once their time is over by a rule.

That there was such a look stays: when, of which kind, in which part (docs/decisions/0019). Which
entry emptied it stands in its row, and how many it emptied in that entry; `homeby verify` compares.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Concat

from homeby.logbook import rules
from homeby.logbook.actions import Page, writing
from homeby.logbook.looks import whole
from homeby.logbook.models import LookLeaf, Read
from homeby.logbook.reading import ERASED

PORTION = 500
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class _Nobody(Func):
    """The id that is made of a row's number: two rows stay two, and no person has it."""

    output_field = models.UUIDField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As the database keeps ids: 32 hexadecimal digits."""
        return super().as_sql(compiler, connection, template="printf('%%032x', %(expressions)s)")

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """As an id."""
        template = "lpad(to_hex(%(expressions)s), 32, '0')::uuid"
        return super().as_sql(compiler, connection, template=template)


_NOTHING: dict[str, Any] = {
    "whose": None,
    "what": Concat(Value(ERASED), Cast("number", models.CharField())),
    "why": "",
}
_BY_NOBODY: dict[str, Any] = {"viewer_id": _Nobody(F("number")), "device": ""}


def forget_looks(page: Page, person_id: uuid.UUID) -> None:
    """Take a person who is erased out of the record of looks, as told by this entry: of a look at
    her stays when, of which kind and by whom; of one by her when, at what and why."""
    told: dict[str, Any] = {"erased_by": page.entry.entry_id}
    at_her = Q(whose=person_id) | Q(what__contains=str(person_id))
    by_or_at = list(
        Read.objects.filter(at_her | Q(viewer_id=person_id)).values_list("number", flat=True)
    )
    Read.objects.filter(at_her).update(**_NOTHING, **told)
    Read.objects.filter(viewer_id=person_id).update(**_BY_NOBODY, **told)
    _forget_salts(by_or_at)


Spared = Callable[[], set[str]]


def _old(before: dt.datetime) -> models.QuerySet[Read]:
    return Read.objects.filter(whole(), at__lt=before).order_by("number")


def _is_due(row: tuple[int, str, uuid.UUID | None], spared: set[str]) -> bool:
    """Whether it is a look at nothing, and at nobody, that is still in use."""
    _number, what, whose = row
    return str(whose) not in spared and spared.isdisjoint(_ID.findall(what))


def _portions(before: dt.datetime) -> Iterator[list[tuple[int, str, uuid.UUID | None]]]:
    after = 0
    columns = ("number", "what", "whose")
    while portion := list(_old(before).filter(number__gt=after).values_list(*columns)[:PORTION]):
        yield portion
        after = portion[-1][0]


def count_old(*, before: dt.datetime, spared: Spared) -> int:
    """How many looks would be emptied now. No viewer: a number says nothing of anybody."""
    kept = spared()
    return sum(_is_due(row, kept) for portion in _portions(before) for row in portion)


def empty_old(
    *,
    before: dt.datetime,
    spared: Spared,
    by: uuid.UUID | None,
    now: dt.datetime,
    rest: Callable[[], None],
) -> int:
    """Empty the looks from before an instant, portion by portion, each a commit of its own with an
    entry that says how many; gives how many. What names an id in use stays whole; that is asked
    anew in each portion. `rest` is called between two commits."""
    done, kept = 0, spared()
    for portion in _portions(before):
        due = [row[0] for row in portion if _is_due(row, kept)]
        if not due:
            continue
        with writing(now=now, by=by, device="retention") as book:
            kept = spared()
            rows = _old(before).filter(number__in=due).select_for_update()
            still = list(rows.values_list("number", "what", "whose"))
            keys = [row[0] for row in still if _is_due(row, kept)]
            if keys:
                _empty(book.entry(rules.LOOKS_EMPTIED, subject="looks"), keys)
        done += len(keys)
        rest()
    return done


def _forget_salts(numbers: Sequence[int]) -> None:
    """With its salt the hash of a look would let anybody try who it was."""
    for at in range(0, len(numbers), PORTION):
        LookLeaf.objects.filter(number__in=numbers[at : at + PORTION]).update(salt=b"")


def _empty(page: Page, keys: list[int]) -> None:
    told = {"erased_by": page.entry.entry_id}
    count = Read.objects.filter(number__in=keys).update(**_NOTHING, **_BY_NOBODY, **told)
    _forget_salts(keys)
    page.state(count=count, first=keys[0], last=keys[-1])
