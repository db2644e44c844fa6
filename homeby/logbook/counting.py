"""Counting the leaves of a logbook: its checkpoints, from which number on they may be made, and
what somebody outside holds of it."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from homeby.logbook import notes, queries, rules
from homeby.logbook.models import Entry
from homeby.logbook.notes import NoNote, Note
from homeby.logbook.tree import Tree


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A checkpoint in three words, as stations signed it before there was a tree: so many entries,
    the last of them, and the SHA-256 over their leaf hashes in order."""

    entries: int
    last: str
    digest: str

    def __str__(self) -> str:
        return f"{self.entries} {self.last} {self.digest}"


def checkpoint(text: str) -> Checkpoint:
    """Read a checkpoint in three words. Raises ValueError with a sentence."""
    words = text.split()
    if len(words) != 3 or not words[0].isdecimal() or len(words[2]) != 64:
        raise ValueError(
            "A checkpoint is three words: the number of entries, the id of the last, and 64 "
            "hexadecimal digits, as `homeby verify` prints them."
        )
    return Checkpoint(entries=int(words[0]), last=words[1], digest=words[2].lower())


Outside = Checkpoint | Note
#: Origin, size and root, and the signatures behind them, wherever they stand in a text.
_IN_A_MESSAGE = re.compile(
    r"homeby/[0-9a-f-]{36}\s+[0-9]{1,16}\s+[A-Za-z0-9+/]{43}=(\s+\u2014 \S+ [A-Za-z0-9+/=]+)*"
)


def outside(text: str) -> Outside:
    """Read what somebody outside holds: a signed checkpoint, its first three lines, or three words
    of before; the first two also in the midst of a message. Raises ValueError with a sentence."""
    words = text.split()
    if len(words) == 3 and words[0].isdecimal():
        return checkpoint(text)
    try:
        return notes.read(text)
    except NoNote as problem:
        inside = _IN_A_MESSAGE.search(re.sub(r"^[>\s]+", "", text, flags=re.MULTILINE))
        if inside:
            return notes.read(inside.group())
        raise ValueError(
            f"This is no checkpoint. {problem} `homeby verify` prints one; give it whole."
        ) from None


def size_of(held: Outside) -> int:
    """How many entries it covers."""
    return held.entries if isinstance(held, Checkpoint) else held.head.size


def leaves(
    *, after: int | None = None, until: int | None = None, limit: int | None = None
) -> Iterator[tuple[int, uuid.UUID, bytes]]:
    """Number, id and leaf hash of every entry behind one number (None: from the first, whatever
    number it was given), up to another (None: to the last), in order; of the first of them where
    there is a limit. To be read to its end."""
    rows = Entry.objects.all()
    if until is not None:
        rows = rows.filter(number__lte=until)
    if after is not None:
        rows = rows.filter(number__gt=after)
    found = rows.order_by("number")[:limit].values_list(
        "number", "entry_id", "kind", "recorded_at", "body_hash"
    )
    for number, entry_id, kind, at, body in found.iterator(chunk_size=2000):
        leaf = rules.leaf_hash(entry_id=entry_id, kind=kind, recorded_at=at, body=bytes(body))
        yield number, entry_id, leaf


@dataclass
class Count:
    """What was counted so far, as either kind of checkpoint says it."""

    number: int | None = None
    last: str = "-"
    tree: Tree = field(default_factory=Tree)
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, number: int, entry_id: uuid.UUID, leaf: bytes) -> None:
        """The next entry."""
        self.number, self.last = number, str(entry_id)
        self.tree.add(leaf)
        self._digest.update(leaf)

    @property
    def entries(self) -> int:
        """How many they are."""
        return self.tree.size

    def point(self) -> Checkpoint:
        """The checkpoint in three words."""
        return Checkpoint(entries=self.entries, last=self.last, digest=self._digest.hexdigest())

    def is_that_of(self, held: Outside) -> bool:
        """Whether this is what was held, counted."""
        if isinstance(held, Checkpoint):
            return self.point() == held
        return (self.entries, self.tree.root()) == (held.head.size, held.head.root)


LEAVES_KEPT = 20


@dataclass
class Tally:
    """The checkpoint of a logbook that grows, counted on from one look to the next, so that a
    minute costs a minute's entries. It begins anew when an entry it has counted is no longer there,
    or is another one: what was rolled back is never counted on."""

    _count: Count = field(default_factory=Count)
    _lately: dict[int, Checkpoint] = field(default_factory=dict)

    def up_to(self, number: int) -> Checkpoint:
        """The checkpoint of all entries up to this number; of none, the one of an empty logbook."""
        count = self._count
        if count.number is not None and str(queries.id_of(count.number)) != count.last:
            self.begin_anew()
            count = self._count
        for found, entry_id, leaf in leaves(after=count.number, until=number):
            count.add(found, entry_id, leaf)
        here = count.point()
        self._lately[here.entries] = here
        for old in sorted(self._lately)[:-LEAVES_KEPT]:
            del self._lately[old]
        return here

    def begin_anew(self) -> None:
        """Forget what was counted: the next look reads every entry again."""
        self._count, self._lately = Count(), {}

    def at(self, entries: int) -> Checkpoint | None:
        """What the checkpoint was when so many entries were counted; None where there are fewer."""
        if entries > self._count.entries:
            return None
        if entries in self._lately:
            return self._lately[entries]
        earlier = Count()
        until = self._count.number or 0
        for number, entry_id, leaf in leaves(after=None, until=until, limit=entries):
            earlier.add(number, entry_id, leaf)
        return earlier.point()


def _writers(table: type[models.Model]) -> frozenset[str]:
    """The other transactions that have taken a number for a row and have not ended. PostgreSQL
    locks a sequence before it gives a number, and until the end of that transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND relation ="
            " pg_get_serial_sequence(%s, 'number')::regclass AND pid IS DISTINCT FROM"
            " pg_backend_pid() AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())",
            [table._meta.db_table],
        )
        return frozenset(found for (found,) in cursor.fetchall())


@dataclass
class Horizon:
    """Up to which number no entry can appear any more (docs/decisions/0024). On SQLite numbers are
    given in the order of commits; on PostgreSQL a transaction that began earlier may still bring a
    lower number, so a number is settled once all that wrote when it was seen have ended. The same
    for another table whose rows are numbered."""

    table: type[models.Model] = Entry
    settled: int | None = None
    _seen: int | None = None
    _waits_for: frozenset[str] = frozenset()

    def look(self) -> int | None:
        """Look again; None while nothing is settled yet."""
        if connection.vendor != "postgresql":
            self.settled = self._last()
            return self.settled
        if self._seen is None:  # first what is there, and then who may still bring a lower number
            self._seen = self._last()
            self._waits_for = _writers(self.table)
        else:
            self._waits_for &= _writers(self.table)
        if not self._waits_for:
            self.settled, self._seen = self._seen, None
        return self.settled

    def _last(self) -> int:
        if self.table is Entry:
            return queries.last_number()
        found = self.table._default_manager.aggregate(last=models.Max("number"))
        return found["last"] or 0
