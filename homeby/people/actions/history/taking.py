"""What every import of rows needs: what becomes of a row, all of them or each, said before or anew.

A key that is here already is never overwritten: what a row said when it was taken in stands in its
entry, and is compared with what it says now.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from django.db import DataError, IntegrityError
from django.utils.translation import gettext as _

from homeby.logbook import queries as logbook
from homeby.logbook.rules import Refused, plain
from homeby.people.rules import STATION

DEVICE = "import"
KEY_CHARACTERS_MAX = 200

T = TypeVar("T")


class Fate(StrEnum):
    """What becomes of a row."""

    ADDED = "ADDED"
    ALREADY_THERE = "ALREADY_THERE"
    REJECTED = "REJECTED"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a row, and why if it was rejected."""

    fate: Fate
    reason: str = ""


ADDED = Outcome(fate=Fate.ADDED)
ALREADY_THERE = Outcome(fate=Fate.ALREADY_THERE)


def rejected(reason: str) -> Outcome:
    """A row that is not taken, with the reason."""
    return Outcome(fate=Fate.REJECTED, reason=reason)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where rows come from: the file's name (without its folder), the map, and when we learned."""

    file: str
    map_name: str
    now: dt.datetime

    def facts(self, *, line: int) -> dict[str, Any]:
        """What an entry says of where it comes from."""
        return {"file": self.file, "map": self.map_name, "line": line}


def all_or_each(
    rows: Sequence[T], take: Callable[[Sequence[T]], list[Outcome]], *, afresh: Callable[[], None]
) -> list[Outcome]:
    """Take rows in with one transaction; if the database refuses it, each row with its own.

    So one bad row never costs its neighbours. `afresh` forgets what `take` had learned.
    """
    if len(rows) != 1:
        try:
            return take(rows)
        except (IntegrityError, DataError):
            afresh()
    return [_one(row, take, afresh) for row in rows]


def _one(
    row: T, take: Callable[[Sequence[T]], list[Outcome]], afresh: Callable[[], None]
) -> Outcome:
    why = ""
    for _attempt in range(2):  # another import may have brought the same row a moment ago
        try:
            return take([row])[0]
        except (IntegrityError, DataError) as refusal:
            why = str(refusal).splitlines()[0]
            afresh()
    return rejected(_("the database does not take it (%s)") % why)


def said_before(subjects: Iterable[str], kinds: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the newest import entry of each subject says; {} where its body was erased."""
    found: dict[str, dict[str, Any]] = {}
    rows = logbook.visible_entries(STATION).filter(subject__in=list(subjects), kind__in=list(kinds))
    for entry in rows.select_related("content").order_by("number"):
        facts = json.loads(entry.content.body)["facts"] if entry.content.body else {}
        if "said" in facts or not entry.content.body:
            found[entry.subject] = facts
    return found


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The names of what is said otherwise now; what was not asked for before is not compared."""
    said = plain(now)
    return [name for name in before if name in said and before[name] != said[name]]


def folded(text: str) -> str:
    """A name or callsign as it is compared: without case and outer blanks, accents in one form."""
    return unicodedata.normalize("NFC", " ".join(text.split())).casefold()


def fitting_key(key: str) -> str:
    """The key, or a reason to refuse the row, for a key that is cut is another key."""
    if len(key) > KEY_CHARACTERS_MAX:
        problem = _("its key has %(number)d characters; %(most)d fit")
        raise Refused(problem % {"number": len(key), "most": KEY_CHARACTERS_MAX})
    return key
