"""Promise 9: a sealed debrief is read by whom its author chose, with the archive behind them; the
station takes nothing that is not sealed, and tells nobody else that there is one."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pyrage
import pytest

from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import reader_keys, sealing
from homeby.missions.models import PartyMember
from homeby.missions.models.sealed import ReaderWrap, SealedDebrief, SealedFor, SealedText
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.missions.rules.sealed import SealState
from homeby.retention.persons import erase_person
from homeby.station import sealed_text
from tests.promises import sealing as sealed
from tests.world import World

PHRASE = "the heron stood in the wrong field"


def entries() -> str:
    return "\n".join(body or "" for body in EntryBody.objects.values_list("body", flat=True))


def test_she_chooses_the_welfare_officer_and_the_leader_learns_only_that_it_was_given(
    world: World,
) -> None:
    keys = sealed.with_keys(world, "head", "carer")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "carer", text=PHRASE))
    member = PartyMember.objects.get(mission=mission, person_id=world.people["agent"])
    assert member.debriefed_at == world.now
    world.look()
    assert "sealed debrief waits" in world.phone("carer")[-1].outgoing.subject
    seers = {who for who in world.people if queries.visible_debriefs(world.as_(who)).exists()}
    assert seers == {"agent", "carer"}
    about = visible_entries(world.as_("head")).filter(subject=rules.ref_of(key))
    assert not about.exists()
    given = visible_entries(world.as_("head")).filter(kind="DEBRIEF_GIVEN")
    assert given.get().subject == mission.ref
    for who in ("head", "admin", "mate", "outsider"):
        assert queries.text_of(world.as_(who), key) is None
        assert not [one for one in world.phone(who) if "sealed debrief" in one.outgoing.subject]
    assert PHRASE not in entries()
    assert verify().difference is None


def test_it_comes_to_its_reader_opens_and_is_answered(world: World, tmp_path: Path) -> None:
    keys = sealed.with_keys(world, "head")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "head", text=PHRASE))
    head = world.as_("head")
    (row,) = queries.to_read(head)
    assert queries.state_of(row) is SealState.SEALED
    with pytest.raises(Refused, match="Open it first"):
        come(world, key, SealState.ANSWERED)
    with pytest.raises(Refused):
        come(world, key, SealState.OPENED, by="deputy")
    content = queries.text_of(head, key)
    assert content is not None
    for state in (SealState.DELIVERED, SealState.OPENED, SealState.ANSWERED):
        world.now += dt.timedelta(minutes=1)
        come(world, key, state)
        (row,) = queries.to_read(head)
        assert queries.state_of(row) is state
    count = Entry.objects.count()
    come(world, key, SealState.OPENED)
    assert Entry.objects.count() == count
    assert sealed_text.open_sealed(content, [keys.own["head"]]).report["text"] == PHRASE
    kinds = visible_entries(world.as_("agent")).filter(subject=rules.ref_of(key))
    assert set(kinds.values_list("kind", flat=True)) == {
        *("DEBRIEF_SEALED", "DEBRIEF_DELIVERED", "DEBRIEF_OPENED", "DEBRIEF_ANSWERED")
    }
    two = [pyrage.x25519.Identity.from_str(one) for one in keys.archive.shares[::2]]
    archive = sealed_text.open_archive(keys.archive.pairs, two)
    assert sealed_text.open_sealed(content, archive).report["text"] == PHRASE
    with pytest.raises(sealed_text.CannotOpen, match="two different envelopes"):
        sealed_text.open_archive(keys.archive.pairs, two[:1])
    assert verify().difference is None


def come(world: World, key: uuid.UUID, state: SealState, *, by: str = "head") -> str:
    return sealing.come_to(
        debrief_id=key, state=state, by=world.as_(by), now=world.now, tap=new_tap()
    )


def test_only_what_is_sealed_to_those_named_is_taken(world: World) -> None:
    keys = sealed.with_keys(world, "head", "carer")
    mission = sealed.home(world)
    good = sealed.sealing(keys, "head")
    both = [keys.public("head"), keys.archive.public]
    filled = sealed.padded(PHRASE)
    bad = {
        "not sealed": PHRASE.encode() * 200,
        "cut short": good.content[:-100],
        "its header alone": good.content[:120],
        "not filled up": sealed.sealed_by_hand(PHRASE.encode(), both),
        "to one alone": sealed.sealed_by_hand(filled, both[:1]),
        "to three": sealed.sealed_by_hand(filled, [*both, keys.public("carer")]),
        "by a password": bytes(pyrage.passphrase.encrypt(filled, "a password")),
        "too large": good.content + b"\0" * rules.MOST_BYTES,
        "nothing": b"",
    }
    for what, content in bad.items():
        made = sealing.Sealing(content=content, readers=good.readers, archive=good.archive)
        with pytest.raises(Refused):  # noqa: PT012 - the message says which it was
            sealed.give(world, mission, made)
            pytest.fail(what)
    assert not SealedText.objects.exists()
    owed = PartyMember.objects.get(mission=mission, person_id=world.people["agent"])
    assert owed.debriefed_at is None
    assert PHRASE not in entries()


def test_nobody_is_its_only_reader_and_nobody_is_made_one(world: World) -> None:
    mission = sealed.home(world)
    world.add("late", callsign="Late")
    fake = sealed_text.make_archive()
    secret = pyrage.x25519.Identity.generate()
    none = sealing.Sealing(
        content=sealed_text.seal({}, to=[str(secret.to_public()), fake.public]),
        readers=[str(secret.to_public())],
        archive=fake.public,
    )
    with pytest.raises(Refused, match="administrator makes it"):
        sealed.give(world, mission, none)
    keys = sealed.with_keys(world, "head", "deputy")
    with pytest.raises(Refused, match="archive key was changed"):
        sealed.give(world, mission, none)
    made = sealed.sealing(keys, "head")
    alone = sealing.Sealing(content=made.content, readers=[], archive=made.archive)
    with pytest.raises(Refused, match="at least one reader"):
        sealed.give(world, mission, alone)
    stranger = sealing.Sealing(
        content=sealed_text.seal({}, to=[str(secret.to_public()), keys.archive.public]),
        readers=[str(secret.to_public())],
        archive=keys.archive.public,
    )
    with pytest.raises(Refused, match="key of a reader was changed"):
        sealed.give(world, mission, stranger)
    with pytest.raises(Refused):  # not of the party
        sealed.give(world, mission, made, by="late")
    reader_keys.end_reader_key(by=world.as_("head"), now=world.now, tap=new_tap())
    with pytest.raises(Refused, match="key of a reader was changed"):
        sealed.give(world, mission, made)
    offered = {
        one.person_id: one for one in queries.readers(world.as_("agent"), mission, now=world.now)
    }
    assert world.people["agent"] not in offered
    assert offered[world.people["head"]].key is None
    assert offered[world.people["carer"]].key is None  # she is told so before she writes
    assert offered[world.people["deputy"]].key is not None


def test_what_lies_unopened_is_asked_for_and_the_next_reader_follows(world: World) -> None:
    keys = sealed.with_keys(world, "head", "carer")
    mission = sealed.home(world)
    key = sealed.give(world, mission, sealed.sealing(keys, "head", "carer"))
    world.look()
    told = {who: len(world.phone(who)) for who in ("head", "carer", "agent")}
    assert sealing.ask_unopened(now=world.now + rules.OPENED_WITHIN - dt.timedelta(seconds=1)) == 0
    world.now += rules.OPENED_WITHIN
    assert sealing.ask_unopened(now=world.now) == 1
    world.look()
    assert len(world.phone("head")) == told["head"] + 1
    assert len(world.phone("carer")) == told["carer"]
    assert "unopened" in world.phone("agent")[-1].outgoing.subject
    assert sealing.ask_unopened(now=world.now) == 0
    world.now += rules.ASKED_AGAIN_AFTER
    assert sealing.ask_unopened(now=world.now) == 1
    world.look()
    assert len(world.phone("carer")) == told["carer"] + 1
    other = sealed.give(world, mission, sealed.sealing(keys, "head", "carer"))
    come(world, other, SealState.OPENED)
    assert not SealedFor.objects.filter(debrief_id=other, ask_at__isnull=False).exists()
    assert SealedDebrief.objects.count() == 2
    assert not SealedFor.objects.filter(debrief_id=key, opened_at__isnull=False).exists()


def test_a_key_is_told_and_comes_sealed_with_a_paper_code(world: World) -> None:
    world.add("carer", callsign="Kind")
    secret = pyrage.x25519.Identity.generate()
    public, (paper, _code) = str(secret.to_public()), sealed.wrap_on_paper(secret)
    passkey = reader_keys.Wrap(wrapped=paper.wrapped, credential="abc", label="Phone")
    clear = reader_keys.Wrap(wrapped=str(secret))

    def make(who: str, *wraps: reader_keys.Wrap, half: str = public) -> str:
        return reader_keys.add_reader_key(
            public=half, wraps=wraps, by=world.as_(who), now=world.now, tap=new_tap()
        )

    for who, wraps, half in (
        ("agent", [paper], public),
        ("head", [clear], public),
        ("head", [passkey], public),
        ("head", [paper], str(secret)),
    ):
        with pytest.raises(Refused):
            make(who, *wraps, half=half)
    make("head", paper, passkey)
    assert str(secret) not in entries()
    assert paper.wrapped not in entries()
    world.look()
    said = world.phone("deputy")[-1].outgoing
    assert rules.fingerprint(public) in said.text
    assert "Head" in said.text
    own = queries.own_key(world.as_("head"))
    assert own is not None
    assert len(queries.wraps_of(world.as_("head"), own)) == 2
    assert not queries.wraps_of(world.as_("deputy"), own)
    with pytest.raises(Refused, match="have a key already"):
        make("head", paper)
    assert verify().difference is None


def test_what_an_erased_person_sealed_is_gone_and_nobody_elses(world: World) -> None:
    keys = sealed.with_keys(world, "head", "carer")
    mission = sealed.home(world)
    hers = sealed.give(world, mission, sealed.sealing(keys, "head"))
    others = sealed.give(world, mission, sealed.sealing(keys, "head"), by="mate")
    for who in ("agent", "carer"):
        erase_person(
            person_id=world.people[who],
            reason="By letter",
            by=world.as_("admin"),
            now=world.now,
            tap=new_tap(),
        )
    head = world.as_("head")
    assert queries.text_of(head, hers) is None
    content = queries.text_of(head, others)
    assert content is not None
    assert sealed_text.open_sealed(content, [keys.own["head"]]).report["text"] == "All went well."
    kept = ReaderWrap.objects.exclude(wrapped="").values_list("key__person_id", flat=True)
    assert set(kept) == {world.people["head"]}
    assert verify().difference is None
