"""Promise 11, at the door: what somebody says there is sealed in her browser to the welfare
officers who would read it and to the archive; the station keeps the sealed file, and no more."""

from __future__ import annotations

import base64
import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pyrage
import pytest

from homeby.logbook.models import EntryBody
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import sealed as rules
from homeby.people import private
from homeby.people.actions import apart, teams
from homeby.people.models import RoleHeld
from homeby.people.rules import STATION, Purpose, Role
from homeby.retention import left_out
from homeby.retention.persons import erase_person
from homeby.station import sealed_text
from homeby.welfare.actions import concerns, door
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.actions.door import Closed, Spoken
from homeby.welfare.models import Concern, ConcernNote
from homeby.welfare.rules.concerns import ConcernKind, Outcome
from homeby.welfare.rules.door import STEPS
from tests.promises import sealing
from tests.promises.caring import give, with_officers
from tests.world import World

PHRASE = "nobody asked me to come along"


@pytest.fixture
def keys(world: World) -> sealing.Keys:
    """Two welfare officers outside the team with keys, one inside with a key, an archive."""
    with_officers(world)
    give(world, "guard", Role.WELFARE_OFFICER)
    archive = sealing.make_archive(world)
    own = {who: sealing.make_key(world, who) for who in ("carer", "guard", "mate")}
    return sealing.Keys(archive=archive, own=own)


def sealed(to: list[str], *, steps: int = STEPS, text: str = PHRASE) -> bytes:
    whole = {"format": sealed_text.FORMAT, "report": json.dumps({"text": text})}
    clear = json.dumps(whole).encode().ljust(steps * rules.STEP_BYTES)
    return sealing.sealed_by_hand(clear, to)


def closed(keys: sealing.Keys, *who: str, **how: Any) -> Closed:
    to = [keys.public(one) for one in who]
    archive = keys.archive.public
    return Closed(content=sealed([*to, archive], **how), readers=to, archive=archive)


def spoken(world: World, made: Closed, kind: ConcernKind = ConcernKind.OWN_WORD) -> Spoken:
    return Spoken(kind=kind, person_id=world.people["agent"], closed=made)


def say(world: World, said: Spoken, *, by: str = "agent") -> Concern:
    door.speak(spoken=said, by=world.as_(by), now=world.now, tap=new_tap())
    return Concern.objects.get()


def kept(concern: Concern) -> dict[str, str]:
    note = ConcernNote.objects.get(concern=concern)
    assert note.sealed is not None
    return private.unseal(concern.person_id, note.sealed, purpose=Purpose.CONCERN)


def test_the_station_keeps_the_sealed_file_alone_and_the_officers_open_it(
    world: World, keys: sealing.Keys
) -> None:
    made = closed(keys, "carer", "guard")
    row = say(world, spoken(world, made))
    assert row.answer_by is not None
    assert row.owner_id is None
    said = kept(row)
    assert set(said) == {"age", "keys"}
    content = base64.b64decode(said["age"])
    assert content == made.content
    for who in ("carer", "guard"):
        opened = sealed_text.open_sealed(content, [keys.own[who]])
        assert opened.report["text"] == PHRASE
    with pytest.raises(sealed_text.CannotOpen):
        sealed_text.open_sealed(content, [keys.own["mate"]])
    assert not EntryBody.objects.filter(body__contains=PHRASE).exists()
    world.look()
    told = world.phone("carer")[-1].outgoing
    assert "welfare desk" in told.text
    assert PHRASE not in told.text
    assert verify().difference is None


def test_every_word_has_the_same_size_and_nothing_else_is_taken(
    world: World, keys: sealing.Keys
) -> None:
    made = closed(keys, "carer", "guard")
    longest = closed(keys, "carer", "guard", text="\u0001" * 4000)
    assert rules.steps_of(longest.content) == rules.steps_of(made.content) == STEPS
    stranger = str(pyrage.x25519.Identity.generate().to_public())
    for wrong in (
        replace(made, content=PHRASE.encode()),
        replace(made, content=made.content[:-9]),
        replace(made, content=made.content[:40] + b"\xff" + made.content[41:]),
        replace(made, content=b"x" * 200_000),
        closed(keys, "carer", "guard", steps=STEPS - 1),
        closed(keys, "carer", "guard", steps=STEPS + 1),
        closed(keys, "carer"),  # one of them is left out
        closed(keys, "carer", "guard", "mate"),  # of her own team
        replace(made, readers=[*made.readers[:1], stranger]),
        replace(made, archive=stranger),
        replace(made, readers=[]),
    ):
        with pytest.raises(Refused):
            say(world, spoken(world, wrong))
    assert not Concern.objects.exists()
    # A flipped byte within is not seen here, for nothing is opened; whoever opens it sees it.
    flipped = made.content[:-5] + bytes([made.content[-5] ^ 1]) + made.content[-4:]
    said = kept(say(world, spoken(world, replace(made, content=flipped))))
    with pytest.raises(sealed_text.CannotOpen):
        sealed_text.open_sealed(base64.b64decode(said["age"]), [keys.own["carer"]])


def test_an_officer_who_lost_the_role_meanwhile_is_sealed_to_no_more(
    world: World, keys: sealing.Keys
) -> None:
    made = closed(keys, "carer", "guard")
    row = say(world, spoken(world, made))
    assert door.queries.concern(world.as_("guard"), row.pk) is not None
    end_role(world, "guard")
    assert door.queries.concern(world.as_("guard"), row.pk) is None
    with pytest.raises(Refused, match="changed meanwhile"):
        say(world, spoken(world, made))
    again = spoken(world, closed(keys, "carer"))
    said = door.speak(spoken=again, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert "Sealed in your browser" in said


def end_role(world: World, who: str) -> None:
    held = RoleHeld.objects.get(person_id=world.people[who], role=Role.WELFARE_OFFICER)
    teams.end_role(role_held_id=held.pk, by=STATION, now=world.now, tap=new_tap())


def test_to_whom_a_worry_is_sealed_tells_not_from_whom_she_is_kept_away(
    world: World, keys: sealing.Keys
) -> None:
    worry = spoken(world, closed(keys), ConcernKind.WORRY_ABOUT)
    mate = world.as_("mate")

    def to() -> list[str]:
        return [one.public for one in door.sealed_to(worry, mate, now=world.now)]

    before = to()
    assert set(before) == {keys.public("carer"), keys.public("guard")}
    apart.file_stay_away(
        person_id=world.people["agent"], callsign=world.callsign("guard"),
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert to() == before
    row = say(world, replace(worry, closed=closed(keys, "carer", "guard")), by="mate")
    assert door.queries.concern(world.as_("guard"), row.pk) is None
    assert door.queries.concern(world.as_("carer"), row.pk) is not None
    own = spoken(world, closed(keys))
    assert [one.public for one in door.sealed_to(own, world.as_("agent"), now=world.now)] == [
        keys.public("carer")
    ]


def test_without_a_key_among_those_who_would_read_it_goes_as_before(world: World) -> None:
    with_officers(world)
    sealing.make_archive(world)
    sealing.make_key(world, "mate")  # of her own team
    said = Spoken(kind=ConcernKind.OWN_WORD, person_id=world.people["agent"], words=PHRASE)
    assert door.sealed_to(said, world.as_("agent"), now=world.now) == []
    assert kept(say(world, said)) == {"words": PHRASE}


def test_nobody_else_learns_that_a_key_signed_it(world: World, keys: sealing.Keys) -> None:
    readers = ("head", "admin", "mate", "outsider")
    before = {who: visible_entries(world.as_(who)).count() for who in readers}
    say(world, spoken(world, closed(keys, "carer", "guard")))
    assert before == {who: visible_entries(world.as_(who)).count() for who in readers}


def test_it_goes_with_her_and_with_its_time(world: World, keys: sealing.Keys) -> None:
    row = say(world, spoken(world, closed(keys, "carer", "guard")))
    carer = world.as_("carer")
    ending = Ending(outcome=Outcome.RECORD_WRONG, words="Talked", next_at=None)
    concerns.end(concern_id=row.pk, ending=ending, by=carer, now=world.now, tap=new_tap())
    world.look()
    opened = EntryBody.objects.filter(entry__kind="CONCERN_OPENED", body__isnull=False).count
    world.now += left_out.WORDS_KEPT - dt.timedelta(days=1)
    left_out.fade(now=world.now, rest=lambda: None)
    assert opened() == 1
    world.now += dt.timedelta(days=2)
    left_out.fade(now=world.now, rest=lambda: None)
    assert not ConcernNote.objects.filter(sealed__isnull=False).exists()
    assert opened() == 0
    assert verify().difference is None


def test_what_is_left_of_an_erased_person_opens_nothing(world: World, keys: sealing.Keys) -> None:
    row = say(world, spoken(world, closed(keys, "carer", "guard")))
    note = ConcernNote.objects.get()
    assert note.sealed is not None
    erase_person(
        person_id=row.person_id, reason="By letter",
        by=world.as_("admin"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert not ConcernNote.objects.exists()
    with pytest.raises(private.Shredded):  # what a body or a backup still holds
        private.unseal(row.person_id, note.sealed, purpose=Purpose.CONCERN)
    assert verify().difference is None
