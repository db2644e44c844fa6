"""A phone is shown that the newest checkpoint is the one that it remembers, grown."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from homeby import settings
from homeby.logbook import keeping, notes, queries
from homeby.logbook.actions import found_station, writing
from homeby.logbook.growing import proof
from homeby.logbook.models import KeptCheckpoint, Read
from homeby.logbook.rules import AUDIT_AGREED
from homeby.logbook.tree import is_grown
from tests.rooms.pages import Pages
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def keep(world: World, count: int) -> KeptCheckpoint:
    if queries.station() is None:
        found_station(place="here", now=world.now)
    for _ in range(count):
        with writing(now=world.now, by=None) as book:
            book.entry(AUDIT_AGREED, subject="audit")
    key = keeping.key_of_station(settings.log_key())
    assert key is not None
    kept = keeping.keep(until=queries.last_number(), key=key, now=world.now)
    assert kept is not None
    return kept


def test_what_it_remembers_is_shown_to_have_grown(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")

    def ask(remembered: object) -> Any:
        return agent.get(f"/my/checkpoint/?from={remembered}").json()

    assert ask(0)["note"] == "", "none is kept yet"
    kept = [keep(world, count) for count in (3, 1, 2, 7, 1)]
    newest, looks = kept[-1], Read.objects.count()
    for one in kept:
        told = ask(one.size)
        assert told["note"] == newest.note
        key = notes.read(told["note"]).signatures[0]
        assert told["key"].split("+")[:2] == [key.name, key.key_id.hex()]
        steps = [base64.b64decode(step) for step in told["proof"]]
        assert is_grown(notes.read(one.note).head, notes.read(newest.note).head, steps)
    for wrong in (0, -1, newest.size + 1, "x", "", "9" * 40):
        assert ask(wrong)["proof"] is None
    assert Read.objects.count() == looks, "hashes are no look at anybody"
    assert pages.nobody().get("/my/checkpoint/").status_code == 302


def test_a_size_between_two_kept_ones_is_shown_too(world: World) -> None:
    """Of days long past one a day is kept; and two processes side by side may keep twice."""
    kept = [keep(world, count) for count in (3, 4, 5)]
    heads = {one.size: notes.read(one.note).head for one in kept}
    first, second, third = (one.size for one in kept)

    def is_shown(size: int) -> bool:
        steps = proof(size, KeptCheckpoint.objects.get(pk=third))
        return steps is not None and is_grown(heads[size], heads[third], steps)

    twice = bytes(kept[1].leaves)[-64:] + bytes(kept[2].leaves)
    KeptCheckpoint.objects.filter(pk=third).update(leaves=twice)
    assert is_shown(first)
    assert is_shown(second)
    whole = bytes(kept[1].leaves) + bytes(kept[2].leaves)
    KeptCheckpoint.objects.filter(pk=third).update(leaves=whole)
    KeptCheckpoint.objects.filter(pk=second).delete()
    assert is_shown(second)
    KeptCheckpoint.objects.filter(pk=first).update(frontier=b"nonsense")
    assert not is_shown(second)
