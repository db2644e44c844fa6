"""Any member may say of another that they are back, fine, or in need of more time. What she saw or
heard from them counts in full, in her name; by hearsay nobody is home; and nothing is shown of the
person beyond the one answer."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate
from homeby.missions.actions.extend import Wanted
from homeby.missions.actions.heard import Said, heard
from homeby.missions.models import Extension, Mission, PartyMember, Unmatched
from homeby.missions.rules import How, Link, PlanTimes, Word
from homeby.watch.models import Alarm
from homeby.watch.rules import DeadlineKind, Ending
from tests.promises.acts import alarm_of, decide, expected, recorded
from tests.world import World

THANKS = "Recorded. Thank you; whoever keeps the watch sees it."


def say(
    world: World, word: Word, callsign: str = "Fox", *, tap: Tap | None = None, **more: object
) -> str:
    """What the outsider says of somebody."""
    if word is Word.MORE_TIME:
        due_at = world.now + dt.timedelta(hours=5)
        more.setdefault("wanted", Wanted(due_at=due_at, why="Slow snow.", link=Link.RADIO))
    said = Said(word=word, callsign=callsign, **more)  # type: ignore[arg-type]
    return heard(said=said, by=world.as_("outsider"), now=world.now, tap=tap or new_tap())


def test_a_sign_in_by_another_member_is_one_by_a_person(world: World) -> None:
    mission = world.send_out("agent")
    world.fast_forward(minutes=200)
    assert world.alarm().phase == "ALERT"
    at = gate.AtGate(gate_id=world.gate_id, how=How.SEEN)
    assert say(world, Word.BACK, at=at) == THANKS
    row = PartyMember.objects.get(mission=mission)
    assert (row.state, row.back_how, row.back_gate_id) == ("BACK", "SEEN", world.gate_id)
    assert row.back_by_id == world.people["outsider"]
    assert alarm_of(mission).ending == Ending.SIGNED_IN
    world.look()
    assert world.phone("head")[-1].subject.startswith("BACK: Fox")
    assert verify().difference is None


def test_by_hearsay_nobody_is_home_until_a_person_confirms_it(world: World) -> None:
    mission = world.send_out("agent", "mate")
    world.fast_forward(minutes=200)
    told = gate.AtGate(gate_id=None, how=How.TOLD)
    rung = len(world.phone("head"))
    assert say(world, Word.BACK, at=told) == THANKS
    assert say(world, Word.BACK, "Toad", at=told) == THANKS, "nobody out is answered alike"
    world.fast_forward(minutes=200)
    assert len(world.phone("head")) > rung, "the alarm goes on"
    assert alarm_of(mission).ending == ""
    seen = {row.why: row.is_early for row in Unmatched.objects.all()}
    assert seen == {
        "Somebody else says that Fox is back. Ask them, and sign them in.": False,
        "“Toad” is on no list.": False,
    }
    for who in ("mate", "head"):
        said = Said(word=Word.BACK, callsign="Fox" if who == "mate" else "Owl", at=told)
        heard(said=said, by=world.as_(who), now=world.now, tap=new_tap())
    assert alarm_of(mission).ending == Ending.SIGNED_IN, "one of the party, and the watch"
    assert verify().difference is None


@pytest.mark.parametrize("callsign", ["Fox", "fox", "  FOX "])
def test_a_check_in_counts_for_when_it_was_heard(world: World, callsign: str) -> None:
    due_at = world.now + dt.timedelta(minutes=600)
    mission = world.send_out("agent", "mate", times=PlanTimes(due_at=due_at, check_in_minutes=120))
    world.fast_forward(minutes=100)
    tap = Tap(entry_id=uuid.uuid4(), happened_at=world.now - dt.timedelta(minutes=30))
    told = say(world, Word.FINE, callsign, link=Link.RADIO, note="At the hut.", tap=tap)
    assert told == THANKS
    (deadline,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(deadline.due_at) == 190
    (entry,) = recorded("MISSION_CHECKED_IN")
    assert entry.actor_id == world.people["outsider"]
    assert '"link":"RADIO"' in (entry.content.body or "")


def test_more_time_is_asked_for_and_a_person_decides(world: World) -> None:
    mission = world.send_out("agent")
    world.fast_forward(minutes=30)
    assert say(world, Word.MORE_TIME) == THANKS
    asked = Extension.objects.get()
    assert (asked.asked_by_id, asked.link) == (world.people["outsider"], "RADIO")
    world.look()
    assert "Fox asks for more time" in [one.subject for one in world.phone("head")]
    decide(world, asked, "head")
    mission.refresh_from_db()
    assert mission.due_at == asked.due_at


@pytest.mark.parametrize("word", list(Word))
def test_the_answer_is_the_same_whoever_is_named(world: World, word: Word) -> None:
    world.send_out("agent")
    world.add("twin", callsign="Ray")
    world.add("other twin", callsign="Ray")
    assert {say(world, word, name) for name in ("Fox", "Owl", "Nobody", "Ray")} == {THANKS}
    assert sorted(Unmatched.objects.values_list("why", flat=True))[0].startswith("Owl ")
    assert Unmatched.objects.count() == 3
    again = new_tap()
    assert say(world, word, "Fox", tap=again) == say(world, word, "Fox", tap=again) == THANKS


@pytest.mark.parametrize("name", ["Fox", "Owl", "Nobody"])
def test_a_slip_is_told_alike_whether_they_are_out_or_not(world: World, name: str) -> None:
    world.send_out("agent")
    past = Wanted(due_at=world.now - dt.timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        say(world, Word.MORE_TIME, name, wanted=past)
    assert refused.value.problems == {
        "due": "The new time lies in the past; give a time still to come."
    }


@pytest.mark.parametrize(
    ("word", "name", "why"),
    [
        (Word.BACK, "Owl", "Owl was not signed out."),
        (Word.FINE, "Owl", "Owl is not out. At the hut."),
        (Word.MORE_TIME, "Owl", "Owl is not out. They ask for more time, until 14:00. Slow snow."),
        (Word.FINE, "Nobody", "“Nobody” is on no list. At the hut."),
        (Word.BACK, "Ray", "“Ray” could be several people."),
    ],
)
def test_what_fits_nothing_is_kept_with_what_was_said(
    world: World, word: Word, name: str, why: str
) -> None:
    world.add("twin", callsign="Ray")
    world.add("other twin", callsign="Ray")
    say(world, word, name, note="At the hut." if word is Word.FINE else "")
    (row,) = Unmatched.objects.all()
    assert row.why == why
    assert Entry.objects.get(kind="ENTRY_UNMATCHED").actor_id == world.people["outsider"]


def test_of_two_called_alike_the_one_who_is_out_is_meant(world: World) -> None:
    world.add("twin", callsign="Ray")
    world.add("other twin", callsign="Ray")
    mission = world.send_out("other twin")
    say(world, Word.BACK, "Ray")
    mission.refresh_from_db()
    assert mission.state == "BACK"


def test_whoever_is_out_twice_is_fine_on_both_and_home_from_both(world: World) -> None:
    first, second = world.send_out("agent"), world.plan("agent", what="Night watch")
    gate.sign_out(
        mission_id=second.pk,
        person_ids=[world.people["agent"]],
        at=gate.AtGate(gate_id=world.gate_id),
        anyway=True,
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    world.fast_forward(minutes=10)
    tap = new_tap()
    for _ in range(2):
        say(world, Word.FINE, tap=tap)
    assert {entry.subject for entry in recorded("MISSION_CHECKED_IN")} == {first.ref, second.ref}
    assert len(recorded("MISSION_CHECKED_IN")) == 2
    say(world, Word.MORE_TIME)
    assert "Fox is out on several missions" in Unmatched.objects.get().why
    say(world, Word.BACK)
    assert set(Mission.objects.values_list("state", flat=True)) == {"BACK"}


def test_whoever_may_know_is_told_what_became_of_it(world: World) -> None:
    world.send_out("agent", "mate")
    for who in ("mate", "head"):
        said = Said(word=Word.FINE, callsign="Fox")
        answer = heard(said=said, by=world.as_(who), now=world.now, tap=new_tap())
        assert answer.startswith("Noted: fine")
        world.fast_forward(minutes=5)
    assert Alarm.objects.count() == 0
