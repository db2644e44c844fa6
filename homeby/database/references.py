"""Rows that are about something, by the references under which it is known."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Left
from django.db.models.lookups import In


def about_any(what: str, refs: Iterable[str]) -> Q:
    """Whose column `what` is one of these references, or one matter of it (`<ref>/approval`): one
    comparison for each length, however many there are. References end in an id: none of them
    begins another."""
    by_length: dict[int, list[str]] = {}
    for ref in refs:
        by_length.setdefault(len(ref), []).append(ref)
    found = Q(pk__in=[])
    for length, several in sorted(by_length.items()):
        found |= Q(In(Left(what, length), several))
    return found
