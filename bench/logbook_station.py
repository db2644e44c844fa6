"""A station with a long logbook, written by the Book; its entries rebuild rows of the watch."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from bench import seed
from homeby import clock, settings
from homeby.logbook import actions as logbook
from homeby.logbook import growing, keeping, notes, queries
from homeby.logbook.counting import leaves
from homeby.logbook.models import Entry
from homeby.logbook.proving import prove
from homeby.logbook.tree import Tree
from homeby.logbook.verification import verify
from homeby.missions.rules import MISSION_CHECKED_IN
from homeby.watch.models import Subject

AT_ONCE = 1_000
A_MINUTE = 60


def filled(*, entries: int) -> dict[str, Any]:
    """Found the station and write so many entries, each of which changes a row."""
    now, began = clock.now(), time.perf_counter()
    seed.found(people=5, hook="http://127.0.0.1:9", now=now)
    if queries.station() is None:
        logbook.found_station(place="bench", now=now)
    _write(entries - Entry.objects.count())
    seed.settle()
    return {"seconds": time.perf_counter() - began, "entries": Entry.objects.count()}


def _write(count: int) -> None:
    """In batches; each begins with a subject of its own that the others change."""
    while count > 0:
        with logbook.writing(now=clock.now(), by=None, bulk=True) as book:
            subject = Subject(id=uuid.uuid4(), ref=f"mission:{uuid.uuid4()}", title="Patrol 0")
            for number in range(min(AT_ONCE, count)):
                facts = {"how": "DEVICE", "place": "The hut below the north ridge", "note": ""}
                page = book.entry(MISSION_CHECKED_IN, subject=subject.ref, facts=facts)
                if number:
                    page.change(subject, title=f"Patrol {number}")
                else:
                    page.add(subject)
        count -= AT_ONCE


def checked(*, rounds: int) -> dict[str, Any]:
    """The time of each look in seconds, and the size of a proof."""
    key = keeping.key_of_station(settings.log_key())
    assert key is not None
    wall: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}

    def timed(name: str, act: Callable[[], Any]) -> Any:
        began, worked = time.perf_counter(), time.process_time()
        done = act()
        wall.setdefault(name, []).append(time.perf_counter() - began)
        processor.setdefault(name, []).append(time.process_time() - worked)
        return done

    def keep() -> Any:
        return keeping.keep(until=queries.last_number(), key=key, now=clock.now())

    while keep().number < queries.last_number():
        pass
    largest = 0
    for _ in range(rounds):
        _write(A_MINUTE)
        kept = timed("keep the checkpoint of a minute with 60 entries", keep)
        found = timed("verify", lambda: verify(key=key.public))
        assert found.difference is None, found.difference
        timed("rebuild the tree from its leaves", _rebuilt)
        note = notes.read(kept.note)
        entry = Entry.objects.select_related("content").order_by("number")[found.entries // 2]
        proof = timed("prove one entry", partial(prove, entry, note=note))
        long_ago = found.entries // 2
        grown = timed("show that half of it has grown", partial(growing.proof, long_ago, kept))
        assert grown is not None, "what is kept leads there"
        largest = max(largest, len(proof.text.encode()))
    return {"wall": wall, "processor": processor, "proof_bytes": largest}


def _rebuilt() -> None:
    Tree.of(leaf for _n, _id, leaf in leaves(after=None, until=queries.last_number())).root()
