"""Somebody who owns the database, its guards and the station's key: changes the past of the logbook
by lot, and makes every hash anew, so that inside all agrees again."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from homeby.logbook import rules
from homeby.logbook.counting import leaves
from homeby.logbook.models import Entry, EntryBody, KeptCheckpoint
from homeby.logbook.notes import Key
from homeby.logbook.tree import Tree, head

_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'logbook_%'"


@contextlib.contextmanager
def without_guards() -> Iterator[None]:
    """The triggers that refuse to change the logbook are off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("logbook_entry", "logbook_entrybody", "logbook_read"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            return
        cursor.execute(_TRIGGERS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        yield


@dataclass(frozen=True, kw_only=True)
class Done:
    """What was done, and the index of the first entry that it changed."""

    what: str
    index: int


@dataclass
class Attacker:
    """By lot; one mutation a call, of entries below `below`."""

    chance: random.Random
    key: Key

    def mutate(self, *, below: int) -> Done:
        """Change the past, and then, in half the cases, also what the station itself has kept."""
        entries = list(Entry.objects.select_related("content").order_by("number"))
        ways = (
            self._edit_words,
            self._edit_words,
            self._edit_column,
            self._edit_column,
            self._new_salt,
            self._empty,
            self._delete,
            self._swap,
            self._truncate,
            self._replace,
            self._put_before,
            self._forge_kept,
        )
        way = self.chance.choice(ways)
        done = way(entries, self.chance.randrange(below))
        if way != self._forge_kept:
            self._deal_with_kept()
        return done

    def _with_body(self, entries: list[Entry], index: int) -> int:
        while entries[index].content.body is None:
            index -= 1
        return index

    def _store(self, entry: Entry, body: dict[str, Any], salt: bytes) -> None:
        """Write a body and, mostly, the hash that fits it."""
        text = rules.canonical(body)
        values: dict[str, Any] = {"body": text, "salt": salt}
        EntryBody.objects.filter(pk=entry.pk).update(**values)
        if self.chance.random() < 0.8:
            made = rules.body_hash(salt=salt, body=text)
            Entry.objects.filter(pk=entry.pk).update(body_hash=made)

    def _edit_words(self, entries: list[Entry], index: int) -> Done:
        index = self._with_body(entries, index)
        entry = entries[index]
        body = json.loads(entry.content.body or "")
        body["facts"]["why"] = f"another, {self.chance.random()}"
        self._store(entry, body, bytes(entry.content.salt or b""))
        return Done(what="words edited", index=index)

    def _edit_column(self, entries: list[Entry], index: int) -> Done:
        entry = entries[index]
        later = dt.timedelta(microseconds=self.chance.randrange(1, 10**9))
        values: dict[str, Any] = {
            "kind": self.chance.choice([k for k in rules.KINDS if k != entry.kind]),
            "subject": f"{entry.subject}x",
            "person_id": uuid.uuid4(),
            "actor_id": uuid.uuid4(),
            "device": f"{entry.device}x",
            "happened_at": entry.happened_at + later,
            "recorded_at": entry.recorded_at - later,
            "entry_id": uuid.uuid4(),
        }
        name = self.chance.choice(sorted(values))
        Entry.objects.filter(pk=entry.pk).update(**{name: values[name]})
        if entry.content.body is not None:
            body = json.loads(entry.content.body)
            if name in body.get("entry", {}):
                body["entry"][name] = rules.plain(values[name])
                self._store(entry, body, bytes(entry.content.salt or b""))
        return Done(what="column edited", index=index)

    def _new_salt(self, entries: list[Entry], index: int) -> Done:
        index = self._with_body(entries, index)
        entry = entries[index]
        self._store(entry, json.loads(entry.content.body or ""), self.chance.randbytes(16))
        return Done(what="salt changed", index=index)

    def _empty(self, entries: list[Entry], index: int) -> Done:
        index = self._with_body(entries, index)
        by = self.chance.choice(entries).entry_id
        content = EntryBody.objects.filter(pk=entries[index].pk)
        content.update(body=None, salt=None, erased_by=by)
        return Done(what="body emptied", index=index)

    def _delete(self, entries: list[Entry], index: int) -> Done:
        self._gone([entries[index]])
        return Done(what="deleted", index=index)

    def _truncate(self, entries: list[Entry], index: int) -> Done:
        self._gone(entries[index:])
        return Done(what="truncated", index=index)

    def _gone(self, entries: list[Entry]) -> None:
        numbers = [entry.pk for entry in entries]
        EntryBody.objects.filter(pk__in=numbers)._raw_delete("default")
        Entry.objects.filter(pk__in=numbers)._raw_delete("default")

    def _swap(self, entries: list[Entry], index: int) -> Done:
        other = self.chance.choice([n for n in range(len(entries)) if n != index])
        first, second = entries[index], entries[other]
        self._gone([first, second])
        numbers = first.number, second.number
        self._put(first, numbers[1])
        self._put(second, numbers[0])
        return Done(what="swapped", index=min(index, other))

    def _put(self, entry: Entry, number: int) -> None:
        content = entry.content
        entry.number = number
        Entry.objects.bulk_create([entry])
        content.entry_id = number
        EntryBody.objects.bulk_create([content])

    def _forged(self, like: Entry) -> Entry:
        body = json.loads(like.content.body or "")
        like.entry_id = uuid.uuid4()
        body["entry"] = rules.columns_in_body(like)
        body["rows"] = []
        like.content.body = rules.canonical(body)
        salt = bytes(like.content.salt or b"")
        like.body_hash = rules.body_hash(salt=salt, body=like.content.body)
        return like

    def _replace(self, entries: list[Entry], index: int) -> Done:
        index = self._with_body(entries, index)
        entry = entries[index]
        number = entry.number
        self._gone([entry])
        self._put(self._forged(entry), number)
        return Done(what="replaced", index=index)

    def _put_before(self, entries: list[Entry], index: int) -> Done:
        first = entries[0].number
        self._put(self._forged(entries[self._with_body(entries, index)]), first - 1)
        return Done(what="put before all", index=0)

    def _forge_kept(self, entries: list[Entry], index: int) -> Done:
        """The station's own checkpoint is forged, the entries are as they were."""
        row = self.chance.choice(list(KeptCheckpoint.objects.all()))
        other = Tree.of([self.chance.randbytes(32)] * row.size)
        note = str(self.key.sign(head(other)))
        if self.chance.random() < 0.5:
            note = row.note.replace(row.note.split()[2], note.split()[2])
        KeptCheckpoint.objects.filter(pk=row.pk).update(note=note, frontier=other.frontier)
        return Done(what="kept checkpoint forged", index=len(entries))

    def _deal_with_kept(self) -> None:
        """Leave what the station has kept, take it away, or sign it anew for what stands here now:
        whoever has the key can do that."""
        way = self.chance.random()
        if way < 0.5:
            return
        sizes = sorted(KeptCheckpoint.objects.values_list("size", flat=True))
        KeptCheckpoint.objects.all().delete()
        if way < 0.75:
            return
        found = list(leaves(after=None, until=2**62))
        for before, size in zip([0, *sizes], sizes, strict=False):
            if size > len(found):
                return
            tree = Tree.of(leaf for _n, _id, leaf in found[:size])
            KeptCheckpoint.objects.create(
                size=size,
                number=found[size - 1][0],
                kept_at=dt.datetime(2026, 11, 20, tzinfo=dt.UTC),
                note=str(self.key.sign(head(tree))),
                frontier=tree.frontier,
                leaves=b"".join(leaf for _n, _id, leaf in found[before:size]),
                is_lasting=True,
            )
