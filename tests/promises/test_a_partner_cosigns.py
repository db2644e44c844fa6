"""P13 with a partner station: its checkpoint is cosigned only where it was shown to be the last
one, grown; who shows two partners different histories is noticed, and a person is told."""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from homeby import settings
from homeby.logbook import keeping, notes
from homeby.logbook.cosigning import Cosigner, with_line
from homeby.logbook.notes import Key
from homeby.logbook.tree import Tree, consistency, head
from homeby.people.rules import STATION
from homeby.watch.actions.partners import hearing, signing
from homeby.watch.actions.partners.signing import Signer
from homeby.watch.models import Alarm, PartnerMark
from homeby.watch.queries import partners
from homeby.watch.rules import AlarmKind
from homeby.watch.rules.partners import UNPROVEN_MAX, sentence, written
from tests.promises.partnered import answering, minute
from tests.promises.test_a_partner_may_lie import Liar
from tests.world import World


def leaves(text: str, count: int) -> list[bytes]:
    return [bytes([number]) + text.encode().ljust(31) for number in range(count)]


@dataclass
class Other:
    """A station that holds a key and shows whatever logbook it likes."""

    world: World
    number: int
    sequence: int = 0
    wanted: list[int] = field(default_factory=list)

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(int=self.number)

    @property
    def seed(self) -> bytes:
        return bytes([self.number]) * 32

    def note(self, own: list[bytes]) -> str:
        key = Key(name=notes.origin_of(self.id), seed=self.seed)
        return str(key.sign(head(Tree.of(own))))

    def say(self, own: list[bytes] | None, *, lied: bool = False, **more: Any) -> dict[str, Any]:
        """A minute message a minute later, with a checkpoint of this logbook, and how it grew from
        what we want to be shown; our answer."""
        self.world.fast_forward(minutes=1)
        now = self.world.now
        self.sequence += 1
        said = minute(sender=self.id, name="Other", sequence=self.sequence, now=now)
        text = written(said)
        signature = Signer(self.seed).sign(text, purpose=signing.MESSAGE)
        values: dict[str, Any] = {"sender": str(self.id), "message": text, "signature": signature}
        if own is not None:
            values["checkpoint"] = self.note(own)
            values["proofs"] = {
                str(size): [
                    base64.b64encode(step if not lied else bytes(32)).decode()
                    for step in consistency(Tree.of(own[:size]), own[size:])
                ]
                for size in self.wanted
                if size <= len(own)
            }
        answer: dict[str, Any] = json.loads(hearing.take(values | more, now=now)["message"])
        self.wanted = answer["wanted"]
        self.world.look()
        return answer

    def mark(self) -> PartnerMark:
        return PartnerMark.objects.get(partner__station_id=self.id)


@pytest.fixture
def both(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Other, Other]]:
    """Two partner stations of ours, of which each may be one of the other's, too."""
    found = (Other(world, 7), Other(world, 8))
    with answering(world, monkeypatch) as server:
        way = Liar(world, server)
        for one in found:
            more = {"station": str(one.id), "name": f"Station {one.number}"}
            assert way.request(way.code(), Signer(one.seed), **more)[0] == 200
        world.look()
        yield found


def is_told_of(other: Other) -> bool:
    """Whether there is an alarm about it; the other one falls silent in some of these tests."""
    ref = f"partner:{other.mark().partner_id}"
    return Alarm.objects.filter(kind=AlarmKind.PARTNER, subject__ref=ref).exists()


def test_only_what_was_shown_to_have_grown_is_cosigned(both: tuple[Other, Other]) -> None:
    other, history = both[0], leaves("one", 9)
    answer = other.say(history[:4])
    own = keeping.key_of_station(settings.log_key())
    assert own is not None
    us = Cosigner(name=own.name, raw=own.public.raw)
    note = notes.read(other.note(history[:4]))
    at = us.cosigned_at(with_line(note, answer["cosignature"]))
    assert at == other.world.now.replace(microsecond=0)
    assert at != us.cosigned_at(notes.read(other.note(history[:4]))), "our name stood nowhere"
    assert "cosignature" not in other.say(history[:7], lied=True), "the proof leads elsewhere"
    assert "cosignature" not in other.say(leaves("two", 7)), "a logbook that was written anew"
    other.wanted = []
    assert "cosignature" not in other.say(history), "nothing was shown"
    assert notes.read(other.mark().witnessed).head.size == 4
    assert "cosignature" in other.say(history), "and now it was"
    assert "cosignature" in other.say(history), "each minute anew, though nothing grew"
    assert not is_told_of(other)


def test_a_logbook_that_is_never_shown_to_go_on_calls_a_person(both: tuple[Other, Other]) -> None:
    other = both[0]
    other.say(leaves("one", 4))
    for _message in range(UNPROVEN_MAX):
        assert not is_told_of(other)
        other.say(None)
    assert is_told_of(other)
    assert other.mark().troubles == ["LOGBOOK"]


def test_as_many_entries_and_other_ones_call_a_person_at_once(both: tuple[Other, Other]) -> None:
    other = both[0]
    other.say(leaves("one", 4))
    assert "cosignature" not in other.say(leaves("two", 4))
    assert other.mark().troubles == ["LOGBOOK"]
    assert is_told_of(other)


def test_whoever_shows_two_partners_different_histories_is_noticed(
    both: tuple[Other, Other],
) -> None:
    other, second = both
    told: dict[str, Any] = {
        "others": [other.note(leaves("two", 3)), "nonsense", 7, second.note(leaves("x", 2))]
    }
    other.say(leaves("one", 4))
    second.say(None, **told)
    assert other.mark().told, "kept until it is settled"
    assert not second.mark().told, "nobody tells us of itself this way"
    other.wanted = [3, 4]
    for number in range(4, 4 + UNPROVEN_MAX - 1):
        assert "cosignature" in other.say(leaves("one", number))
        second.say(None)
        assert not other.mark().troubles
    assert "cosignature" not in other.say(leaves("one", 9))
    assert other.mark().troubles == ["SPLIT"]
    assert is_told_of(other)
    assert "another partner station" in sentence("SPLIT")
    (sheet,) = [one for one in partners.sheets(STATION) if one.station_id == other.id]
    assert sheet.troubles == ("SPLIT",)


def test_whoever_shows_both_the_same_is_not_taken_for_that(both: tuple[Other, Other]) -> None:
    """The other partner is ahead of us, or behind, by a minute or two."""
    other, second = both
    history = leaves("one", 12)
    for size in (2, 4, 6, 8):
        assert "cosignature" in other.say(history[:size])
        for ahead in (size - 1, size, size + 1):
            second.say(None, others=[other.note(history[:ahead])])
    assert "cosignature" in other.say(history)
    assert "cosignature" in other.say(history)
    assert not other.mark().told
    assert not other.mark().troubles
    forged = Other(other.world, 9)
    forged.number, seed = 7, bytes(32)
    key = Key(name=notes.origin_of(other.id), seed=seed)
    second.say(None, others=[str(key.sign(head(Tree.of(leaves("two", 5)))))])
    assert not other.mark().told, "only its own signature can accuse it"


def test_a_copy_cosigns_nothing(both: tuple[Other, Other]) -> None:
    from homeby.logbook.actions import quarantine

    other = both[0]
    quarantine(why="a copy", here="there", now=other.world.now + dt.timedelta(seconds=1))
    assert "cosignature" not in other.say(leaves("one", 4))
