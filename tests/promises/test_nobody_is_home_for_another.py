"""Promise 6: nobody is counted home because somebody else is. Each of a party signs in, and heads
are counted against names; then everybody who worried is told."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules import How, MemberState, MissionState
from homeby.people.rules import MayKnow
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmState, DeadlineState, Ending
from tests.promises.acts import alarm_of, expected, pass_time, recorded, refused, times_told
from tests.world import World

PARTY = ("agent", "mate", "third")


@pytest.fixture
def mission(world: World) -> Mission:
    """A party of three, due after an hour; kin of two of them wait."""
    world.add("third", callsign="Wolf")
    world.give_kin("agent", "mother", MayKnow.BACK_OR_LATE)
    world.give_kin("mate", "father", MayKnow.UNIT)
    world.give_kin("third", "nobody", MayKnow.NOTHING)
    return world.send_out(*PARTY, due_minutes=60)


def states(mission: Mission) -> dict[str, str]:
    """Where each of the party stands, by callsign."""
    rows = PartyMember.objects.filter(mission=mission).select_related("person")
    return {row.person.callsign: row.state for row in rows}


def test_two_of_three_sign_in_and_the_alarm_stays(world: World, mission: Mission) -> None:
    pass_time(world, minutes=70)
    world.sign_in("agent", "mate", heads=2)
    mission.refresh_from_db()
    assert mission.state == MissionState.OUT
    assert states(mission) == {"Fox": "BACK", "Owl": "BACK", "Wolf": "OUT"}
    alarm = world.alarm()
    assert alarm.state == AlarmState.OPEN
    assert alarm.subject.party == [str(world.people["third"])]
    world.received.clear()
    pass_time(world, minutes=50)
    assert world.phone("head")[-1].subject == f"ALERT A-{alarm.number}: Wolf"
    assert not world.phone("mate"), "whoever is back is asked no more"
    (asked,) = world.phone("agent")  # but she led the party, and may know where Wolf is
    assert asked.code


def test_two_of_three_in_time_and_the_third_is_still_missed(world: World, mission: Mission) -> None:
    pass_time(world, minutes=50)
    world.sign_in("agent")
    world.sign_in("mate")
    (still,) = expected(mission)
    assert still.due_at == mission.due_at
    pass_time(world, minutes=70)
    assert world.alarm().subject.title == "Wolf"


@pytest.mark.parametrize(
    ("who", "heads"),
    [
        (("agent", "mate"), None),  # together only with a headcount
        (("agent", "mate"), 3),
        (("agent", "mate"), 1),
        (PARTY, 2),
        (PARTY, 4),
        (("agent",), 2),
        (("agent",), 0),
    ],
)
def test_a_headcount_that_disagrees_with_the_names_is_refused(
    world: World, mission: Mission, who: tuple[str, ...], heads: int | None
) -> None:
    with pytest.raises(Refused) as refusal:
        world.sign_in(*who, heads=heads)
    assert "Count again" in refused(refusal.value)
    assert set(states(mission).values()) == {MemberState.OUT}
    assert not recorded("MISSION_SIGNED_IN")


def test_the_last_one_home_ends_it_and_everybody_who_worried_is_told(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=131)
    assert {one.person for one in world.received} == {
        "agent", "mate", "third", "head", "deputy", "mother", "father",
    }  # fmt: skip
    world.received.clear()
    world.sign_in("agent", "mate", heads=2)
    world.look()
    told = {one.person: one for one in world.received}
    assert set(told) == {"mother", "father"}, "whose own is home: nobody else is in before all are"
    assert told["mother"].outgoing.text == "The person who named you is back."
    assert "/m/" not in told["mother"].outgoing.link, "no page of ours but their own"
    world.received.clear()
    world.sign_in("third")
    world.look()
    told |= {one.person: one for one in world.received}
    assert {one.person for one in world.received} == {"agent", "mate", "third", "head", "deputy"}
    assert "BACK" in told["deputy"].subject
    for words in ("North woods", "Wolf", "Owl", "A-1"):
        assert words not in told["father"].subject + told["father"].outgoing.text
    alarm = alarm_of(mission)
    assert (alarm.state, alarm.ending) == (AlarmState.ENDED, Ending.SIGNED_IN)
    assert alarm.ended_by_id == world.people["guard"]
    mission.refresh_from_db()
    assert mission.state == MissionState.BACK
    assert not Deadline.objects.filter(state=DeadlineState.OPEN).exists()
    assert verify().difference is None


def test_kin_hear_only_what_was_agreed(world: World, mission: Mission) -> None:
    pass_time(world, minutes=131)
    mother, father = world.phone("mother")[0].outgoing, world.phone("father")[0].outgoing
    assert "later than expected" in mother.text
    for words in ("North woods", "10:00", "Fox", "A-1", "Team"):
        assert words not in mother.subject + mother.text
    assert "Area: North woods" in father.text
    assert "Expected back: 10:00" in father.text
    assert not world.phone("nobody")
    assert mother.link != father.link
    assert "/k/" in mother.link, "each a page of their own"


def test_nobody_who_was_not_told_of_the_worry_is_told_of_its_end(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=66)
    world.received.clear()
    world.sign_in(*PARTY, heads=3)
    world.look()
    assert {one.person for one in world.received} == {*PARTY, "head"}


def test_everybody_back_in_time_is_quiet(world: World, mission: Mission) -> None:
    pass_time(world, minutes=50)
    world.received.clear()
    world.sign_in(*PARTY, heads=3)
    pass_time(world, minutes=24 * 60)
    assert not world.received
    assert not Alarm.objects.exists()


def test_whoever_stays_behind_at_the_gate_is_not_missed(world: World) -> None:
    mission = world.plan("agent", "mate", due_minutes=60)
    world.sign_out(mission, "agent")
    pass_time(world, minutes=30)
    world.sign_in("agent")
    mission.refresh_from_db()
    assert mission.state == MissionState.BACK
    assert states(mission) == {"Fox": "BACK", "Owl": "STAYED"}


def test_whoever_follows_later_is_missed_like_the_others(world: World) -> None:
    mission = world.plan("agent", "mate", due_minutes=60)
    world.sign_out(mission, "agent")
    pass_time(world, minutes=10)
    world.sign_out(mission, "mate")
    world.sign_in("agent")
    pass_time(world, minutes=60)
    assert world.alarm().subject.title == "Owl"


def test_a_sign_in_entered_afterwards_keeps_its_time_and_ends_the_alarm_now(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=131)
    came_at = world.now - dt.timedelta(minutes=75)
    tap = Tap(entry_id=new_tap().entry_id, happened_at=came_at)
    world.sign_in(*PARTY, heads=3, tap=tap)
    mission.refresh_from_db()
    assert mission.back_at == came_at
    assert alarm_of(mission).ended_at == world.now


def test_a_sign_in_of_somebody_who_is_not_out_is_kept_as_unmatched(
    world: World, mission: Mission
) -> None:
    answer = world.sign_in("outsider")
    assert "Recorded, though Stranger was not signed out" in answer
    (kept,) = Unmatched.objects.all()
    assert (kept.person_id, kept.settled_at) == (world.people["outsider"], None)
    assert recorded("ENTRY_UNMATCHED")[0].person_id == world.people["outsider"]


def test_one_of_the_ticked_who_was_not_out_does_not_stop_the_others(
    world: World, mission: Mission
) -> None:
    answer = world.sign_in("agent", "outsider", heads=2)
    assert "Welcome back, Fox" in answer
    assert "Stranger was not signed out" in answer
    assert states(mission)["Fox"] == "BACK"
    assert Unmatched.objects.count() == 1


def test_a_second_sign_out_of_somebody_already_out_gets_a_sentence(
    world: World, mission: Mission
) -> None:
    with pytest.raises(Refused, match="signed out on this mission already"):
        world.sign_out(mission, "agent")
    other = world.plan("agent", due_minutes=300)
    with pytest.raises(Refused) as refusal:
        world.sign_out(other, "agent")
    assert 'Fox is still out on "Patrol" since 09:00' in refusal.value.problems["anyway"]
    assert len(expected(mission)) == 1


def test_signed_out_again_anyway_she_comes_home_from_both(world: World, mission: Mission) -> None:
    other = world.plan("agent", due_minutes=300)
    gate.sign_out(
        mission_id=other.pk,
        person_ids=[world.people["agent"]],
        at=gate.AtGate(gate_id=world.gate_id),
        anyway=True,
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    assert '"anyway":true' in (recorded("MISSION_SIGNED_OUT")[-1].content.body or "")
    world.sign_in("agent")
    other.refresh_from_db()
    mission.refresh_from_db()
    assert (mission.state, other.state) == (MissionState.OUT, MissionState.BACK)
    assert states(mission)["Fox"] == "BACK"


def test_who_signed_them_in_where_and_how_is_kept(world: World, mission: Mission) -> None:
    gate.sign_in(
        person_ids=[world.people["agent"]],
        at=gate.AtGate(gate_id=world.gate_id, how=How.TOLD),
        by=world.as_("mate"),
        now=world.now,
        tap=new_tap(),
    )
    row = PartyMember.objects.get(mission=mission, person_id=world.people["agent"])
    assert (row.back_by_id, row.back_gate_id, row.back_how) == (
        world.people["mate"],
        world.gate_id,
        "TOLD",
    )


def test_while_nobody_signs_in_the_alarm_rings_on_whatever_else_is_said(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=131)
    world.check_in(mission)
    pass_time(world, minutes=300)
    assert world.alarm().state == AlarmState.OPEN
    assert len(times_told(world, "deputy")) > 3
