"""Rows that are about something, by the references under which it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Concat, Left
from django.db.models.lookups import In

_KEY_LENGTH = 36


class _KeyText(Func):
    """An id as it stands in a reference: with its dashes."""

    output_field = models.CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Which keeps ids as 32 hexadecimal digits."""
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        cut = (f"substr(%(expressions)s, {begin}, {length})" for begin, length in parts)
        return super().as_sql(compiler, connection, template=" || '-' || ".join(cut))

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Which writes them so itself."""
        return super().as_sql(compiler, connection, template="(%(expressions)s)::text")


@dataclass(frozen=True, eq=False)
class RefsOf:
    """The references (`<noun>:<key>`) of rows that the database finds when it is asked what is
    about them: however many there are, none is fetched."""

    noun: str
    rows: models.QuerySet[Any, Any]
    is_about_subject: bool = False

    @property
    def length(self) -> int:
        """How long each of them is."""
        return len(self.noun) + 1 + _KEY_LENGTH

    def found(self) -> models.QuerySet[Any, Any]:
        """Them, as a question within a question."""
        text = Concat(Value(f"{self.noun}:"), _KeyText(F("pk")), output_field=models.CharField())
        found: models.QuerySet[Any, Any] = self.rows.order_by().annotate(as_ref=text)
        return found.values("as_ref")


def about_any(what: str, refs: Iterable[object]) -> Q:
    """Whose column `what` is one of these references, or one matter of it (`<ref>/approval`): one
    comparison for each length, however many there are. References end in an id: none of them
    begins another."""
    by_length: dict[int, list[str]] = {}
    found = Q(pk__in=[])
    for ref in refs:
        if isinstance(ref, RefsOf):
            found |= Q(In(Left(what, ref.length), ref.found().query))
        else:
            assert isinstance(ref, str), "a reference, or how they are found"
            by_length.setdefault(len(ref), []).append(ref)
    for length, several in sorted(by_length.items()):
        found |= Q(In(Left(what, length), several))
    return found


@dataclass(frozen=True, eq=False)
class Away:
    """What is kept from somebody: what the references are about that `find` gives once they are
    asked for, but for what the database finds by one of those in `but`."""

    find: Callable[[], Iterable[object]]
    but: frozenset[str] = frozenset()

    @cached_property
    def refs(self) -> tuple[object, ...]:
        """These references."""
        return tuple(self.find())

    def about(self, what: str, *, of_subjects: bool = False) -> Q:
        """Whose column `what` is about any of it; `of_subjects` where it is what a subject is
        known by, and so nothing that is about one."""
        asked = [one for one in self.refs if isinstance(one, RefsOf)]
        if of_subjects:
            asked = [one for one in asked if not one.is_about_subject]
        found = about_any(what, asked)
        if self.but:
            found &= ~about_any(what, self.but)
        named = {one for one in self.refs if isinstance(one, str)}
        return found | about_any(what, named - self.but)

    def any(self) -> bool:
        """Whether there is anything. A query for each kind that has nothing."""
        return any(not isinstance(one, RefsOf) or one.rows.exists() for one in self.refs)

    def and_also(self, find: Callable[[], Iterable[object]]) -> Away:
        """This, and what these are about."""
        return Away(find=lambda: (*self.refs, *find()), but=self.but)
