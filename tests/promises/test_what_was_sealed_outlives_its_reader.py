"""Promise 9, over the years: what was sealed to a reader who left, or has a new key, is sealed
again to whoever follows, and its author hears of it."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

import pyrage
import pytest

from homeby.logbook.models import EntryBody
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import reader_keys
from homeby.missions.actions.sealing import come_to
from homeby.missions.models.sealed import SealedDebrief, SealedText
from homeby.missions.queries import sealed as queries
from homeby.missions.queries import sealed_again as again_queries
from homeby.missions.rules import sealed as sealed_rules
from homeby.missions.rules.sealed import SealState
from homeby.station import sealed_text
from tests.promises import sealing as sealed
from tests.world import World

PHRASE = "the heron stood in the wrong field"


def test_who_follows_a_reader_reads_on_and_the_author_hears_of_it(world: World) -> None:
    keys = sealed.with_keys(world, "carer")
    mission = sealed.home(world)
    debriefs = [
        sealed.give(world, mission, sealed.sealing(keys, "carer", text=PHRASE), by=who)
        for who in ("agent", "mate", "agent")
    ]
    was = {row.pk: row.sha256 for row in SealedDebrief.objects.all()}
    sealed.follower(world, keys)
    reader_keys.end_reader_key(by=world.as_("carer"), now=world.now, tap=new_tap())
    (place,) = again_queries.places(world.as_("carer"), now=world.now)
    assert (place.count, place.is_left) == (3, True)
    assert [one.name for one in place.followers] == ["Heir"], "no leader takes her place"
    assert again_queries.waits_for_again(world.as_("carer"), now=world.now) == 3
    assert sealed.seal_again(world, keys, debriefs, old="carer", new="heir", by="carer") == (
        "3 debriefs were sealed again."
    )
    assert {len(queries.to_read(world.as_(who))) for who in ("heir",)} == {3}
    assert queries.to_read(world.as_("carer")) == []
    for key in debriefs:
        assert sealed.opened(key, keys.own["heir"]) == PHRASE
        with pytest.raises(sealed_text.CannotOpen):
            sealed.opened(key, keys.own["carer"])
        row = SealedDebrief.objects.get(pk=key)
        content = bytes(SealedText.objects.get(debrief_id=key).content)
        assert row.sha256 == hashlib.sha256(content).hexdigest() != was[key]
        two = [pyrage.x25519.Identity.from_str(one) for one in keys.archive.shares[:2]]
        (archive,) = sealed_text.open_archive(keys.archive.pairs, two)
        assert sealed.opened(key, archive) == PHRASE
    world.look()
    for who in ("agent", "mate"):
        said = [one for one in world.phone(who) if "sealed again" in one.outgoing.subject]
        assert len(said) == 1, "once, however many"
        kinds = visible_entries(world.as_(who)).filter(kind="DEBRIEF_SEALED_AGAIN")
        assert kinds.count() == (2 if who == "agent" else 1)
    assert [one for one in world.phone("heir") if "sealed again for you" in one.outgoing.subject]
    facts = EntryBody.objects.get(
        entry__kind="DEBRIEF_SEALED_AGAIN", entry__subject=sealed_rules.ref_of(debriefs[1])
    )
    assert was[debriefs[1]] in str(facts.body)
    assert PHRASE not in "\n".join(
        body or "" for body in EntryBody.objects.values_list("body", flat=True)
    )
    for who in ("head", "admin", "outsider"):
        found = visible_entries(world.as_(who)).filter(kind="DEBRIEF_SEALED_AGAIN")
        assert not found.exists()
    assert verify().difference is None


def test_nothing_wrong_is_taken_in_place_of_what_is_there(world: World) -> None:
    keys = sealed.with_keys(world, "carer", "head", "deputy")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "carer", text=PHRASE))
    sealed.follower(world, keys)
    before = bytes(SealedText.objects.get().content)
    filled = sealed.padded(PHRASE)
    both = [keys.public("heir"), keys.archive.public]
    whole = sealed.sealed_by_hand(filled, both)
    cases: dict[str, dict[str, Any]] = {
        "not sealed": {"content": filled},
        "cut short": {"content": whole[:-100]},
        "a byte of its header changed": {"content": whole[:30] + b"\xff" + whole[31:]},
        "to one alone": {"content": sealed.sealed_by_hand(filled, both[:1])},
        "to one more": {"content": sealed.sealed_by_hand(filled, [*both, keys.public("head")])},
        "made of another file": {"was": "0" * 64},
        "to a leader who was passed over": {"new": "head"},
        "by somebody who cannot open it": {"by": "head", "secret": keys.own["carer"]},
        "from a key that it is not sealed to": {"old_public": keys.public("deputy")},
        "by an opening that is none": {"opening_id": uuid.uuid4()},
    }
    for what, case in cases.items():
        named = {"old": "carer", "new": "heir", "by": "carer"} | case
        with pytest.raises(Refused):  # noqa: PT012 - the message says which it was
            sealed.seal_again(world, keys, [key], **named)
            pytest.fail(what)
    assert bytes(SealedText.objects.get().content) == before
    sealed.seal_again(world, keys, [key], old="carer", new="heir", by="carer")
    with pytest.raises(Refused, match="nothing here that you may"):  # a second run finds it done
        sealed.seal_again(
            world, keys, [key], old="carer", new="heir", by="carer", secret=keys.own["heir"]
        )


def test_a_new_key_goes_on_where_the_old_one_was(world: World) -> None:
    keys = sealed.with_keys(world, "carer", "head")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "head", "carer", text=PHRASE))
    come_to(
        debrief_id=key, state=SealState.OPENED, by=world.as_("carer"), now=world.now, tap=new_tap()
    )
    old_public, old_secret = keys.public("carer"), keys.own["carer"]
    reader_keys.end_reader_key(by=world.as_("carer"), now=world.now, tap=new_tap())
    keys.own["carer"] = sealed.make_key(world, "carer")
    sealed.seal_again(
        world, keys, [key], old="carer", new="carer", by="carer",
        secret=old_secret, old_public=old_public,
    )  # fmt: skip
    (row,) = queries.to_read(world.as_("carer"))
    assert queries.state_of(row) is SealState.OPENED
    assert row.rank == 1
    assert sealed.opened(key, keys.own["carer"]) == sealed.opened(key, keys.own["head"]) == PHRASE
    assert len(queries.to_read(world.as_("head"))) == 1


def test_a_new_archive_key_is_put_beside_the_same_readers(world: World) -> None:
    keys = sealed.with_keys(world, "carer")
    key = sealed.give(world, sealed.home(world), sealed.sealing(keys, "carer", text=PHRASE))
    (place,) = again_queries.places(world.as_("carer"), now=world.now)
    assert (place.is_left, list(place.followers)) == (False, [])
    old, keys.archive = keys.archive, sealed.make_archive(world)
    (place,) = again_queries.places(world.as_("carer"), now=world.now)
    assert place.is_left
    assert place.followers[0].key == place.key
    sealed.seal_again(world, keys, [key], old="carer", new="carer", by="carer")
    (secret,) = sealed_text.open_archive(
        keys.archive.pairs, [pyrage.x25519.Identity.from_str(one) for one in keys.archive.shares]
    )
    (before,) = sealed_text.open_archive(
        old.pairs, [pyrage.x25519.Identity.from_str(one) for one in old.shares]
    )
    assert sealed.opened(key, secret) == sealed.opened(key, keys.own["carer"]) == PHRASE
    with pytest.raises(sealed_text.CannotOpen):
        sealed.opened(key, before)
    assert len(queries.to_read(world.as_("carer"))) == 1
    assert again_queries.waits_for_again(world.as_("carer"), now=world.now) == 0
