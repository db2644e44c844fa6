"""Promise 1 for one alone: solo is decided by who really is out, whatever was planned, and from
then on the stricter terms hold. Promise 12: nothing of it stops anybody at the gate."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate, plan
from homeby.missions.actions.take_back import take_back_sign_in
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import expected, pass_time, recorded
from tests.world import World


@pytest.fixture
def strict(world: World) -> World:
    """A village in which one alone has half an hour of grace and checks in every two hours."""
    world.strict_alone()
    return world


def grace(mission: Mission) -> float:
    """Minutes from expected back to call-out; plan and deadline agree."""
    mission.refresh_from_db()
    (back,) = expected(mission)
    assert (back.due_at, back.call_out_at) == (mission.due_at, mission.call_out_at)
    return (back.call_out_at - back.due_at).total_seconds() / 60


def check_in_due(world: World, mission: Mission) -> float | None:
    """When the next check-in is expected, in minutes."""
    found = expected(mission, DeadlineKind.CHECK_IN)
    return world.minutes(found[0].due_at) if found else None


def sign_out_anyway(world: World, mission: Mission, who: str) -> str:
    return gate.sign_out(
        mission_id=mission.pk,
        person_ids=[world.people[who]],
        at=gate.AtGate(gate_id=world.gate_id),
        anyway=True,
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )


def test_a_party_of_one_is_solo_whatever_the_form_says(strict: World) -> None:
    mission = strict.plan("agent", is_solo=False, due_minutes=600)
    assert mission.is_solo
    assert mission.check_in_minutes == 120
    with pytest.raises(Refused) as refusal:
        strict.plan("agent", is_solo=False, device="")
    assert "name a buddy" in refusal.value.problems["device"]


def test_of_two_planned_one_leaves_and_is_watched_as_one_alone(strict: World) -> None:
    world = strict
    mission = world.plan("agent", "mate", due_minutes=600)
    answer = world.sign_out(mission, "agent")
    assert "You are alone. Check in by 11:00" in answer
    assert grace(mission) == 30
    assert check_in_due(world, mission) == 120
    pass_time(world, minutes=9)
    assert not world.received, "the others may still follow"
    pass_time(world, minutes=2)
    (told,) = world.phone("head")
    assert told.subject == "Fox is out alone: Patrol"
    assert "a check-in every 2 h" in told.outgoing.text
    assert "No second person has approved that" in told.outgoing.text
    assert world.phone("agent")[0].subject == "You are alone out there now"
    facts = json.loads(recorded("MISSION_SIGNED_OUT")[0].content.body or "")["facts"]
    assert (facts["alone"], facts["unapproved"]) == (True, True)
    assert verify().difference is None


def test_who_leave_one_after_the_other_are_a_party_and_nobody_is_told(strict: World) -> None:
    world = strict
    mission = world.plan("agent", "mate", due_minutes=600)
    world.sign_out(mission, "agent")
    pass_time(world, minutes=3)
    world.sign_out(mission, "mate")
    assert grace(mission) == 60
    assert check_in_due(world, mission) is None
    assert not mission.is_solo
    pass_time(world, minutes=60)
    assert not world.received
    assert verify().difference is None


def test_a_call_out_time_once_promised_to_one_alone_is_not_moved_later(strict: World) -> None:
    world = strict
    mission = world.plan("agent", "mate", due_minutes=600)
    world.sign_out(mission, "agent")
    pass_time(world, minutes=60)
    world.sign_out(mission, "mate")
    assert grace(mission) == 30
    assert not mission.is_solo


def test_the_last_one_out_is_alone_from_the_moment_the_others_are_back(strict: World) -> None:
    world = strict
    mission = world.send_out("agent", "mate", due_minutes=600)
    assert (grace(mission), check_in_due(world, mission)) == (60, None)
    pass_time(world, minutes=100)
    world.sign_in("mate")
    assert grace(mission) == 30
    assert check_in_due(world, mission) == 220
    pass_time(world, minutes=11)
    assert [one.subject for one in world.phone("head")] == ["Fox is out alone: Patrol"]
    pass_time(world, minutes=120)
    assert world.alarm().kind == "MISSED_CHECK_IN"
    assert verify().difference is None


def test_who_come_home_one_after_the_other_make_no_noise(strict: World) -> None:
    world = strict
    world.send_out("agent", "mate", due_minutes=600)
    world.sign_in("mate")
    pass_time(world, minutes=2)
    world.sign_in("agent")
    pass_time(world, minutes=700)
    assert not world.received
    assert verify().difference is None


def test_after_the_due_time_the_alarm_runs_by_the_times_that_stood(strict: World) -> None:
    world = strict
    mission = world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=95)
    alarm = world.alarm()
    world.sign_in("mate")
    mission.refresh_from_db()
    assert mission.is_solo
    assert mission.call_out_at == alarm.call_out_at
    assert world.alarm().call_out_at == alarm.call_out_at


def test_signed_in_by_mistake_and_out_again_they_are_two_again(strict: World) -> None:
    world = strict
    mission = world.send_out("agent", "mate", due_minutes=600)
    world.sign_in("mate")
    take_back_sign_in(
        mission_id=mission.pk,
        person_id=world.people["mate"],
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    assert grace(mission) == 60
    assert check_in_due(world, mission) is None


def test_the_terms_of_a_plan_that_is_stricter_already_stay(strict: World) -> None:
    world = strict
    due_at = world.now + dt.timedelta(minutes=600)
    times = PlanTimes(
        due_at=due_at, call_out_at=due_at + dt.timedelta(minutes=10), check_in_minutes=45
    )
    mission = world.plan("agent", "mate", times=times)
    world.sign_out(mission, "agent")
    assert (grace(mission), check_in_due(world, mission)) == (10, 45)


def test_whoever_may_approve_hears_that_an_approval_waits(world: World) -> None:
    tap = new_tap()
    fields = plan.PlanFields(
        party=(world.people["agent"],),
        leader_id=world.people["agent"],
        what="Errand",
        zone="Europe/Zurich",
        device="radio",
        times=PlanTimes(due_at=world.now + dt.timedelta(hours=2)),
    )
    plan.plan(fields=fields, by=world.as_("agent"), now=world.now, tap=tap)
    world.look()
    assert [one.subject for one in world.phone("head")] == ["Fox, alone, waits for approval"]
    assert not world.phone("outsider")
    tap = new_tap()
    plan.plan(fields=fields, by=world.as_("head"), now=world.now, tap=tap)
    world.look()
    assert world.phone("deputy")[-1].subject == "Fox, alone, waits for approval"
    assert len(world.phone("head")) == 1, "she planned it and may not approve it"


def test_without_approval_she_leaves_all_the_same_and_it_is_told(world: World) -> None:
    mission = world.plan("agent", is_solo=True)
    with pytest.raises(Refused) as refusal:
        world.sign_out(mission, "agent")
    assert "it is recorded, and they are told" in refusal.value.problems["anyway"]
    sign_out_anyway(world, mission, "agent")
    mission.refresh_from_db()
    assert mission.state == "OUT"
    world.look()
    assert world.phone("deputy")[-1].subject == "Fox left alone without approval"
    facts = json.loads(recorded("MISSION_SIGNED_OUT")[0].content.body or "")["facts"]
    assert facts["unapproved"] is True
    world.approve(mission)


def test_a_buddy_is_another_person_and_hears_of_it(world: World) -> None:
    with pytest.raises(Refused) as refusal:
        world.plan("agent", buddy_id=world.people["agent"], device="")
    assert "somebody who does not go" in refusal.value.problems["buddy"]
    mission = world.plan("agent", buddy_id=world.people["outsider"], device="", due_minutes=60)
    world.sign_out(mission, "agent")
    world.look()
    (told,) = world.phone("outsider")
    assert told.subject == "You are the buddy of Fox"
    assert "Expected back 10:00" in told.outgoing.text
    pass_time(world, minutes=61)
    assert world.phone("outsider")[-1].subject == "Fox: you are the buddy"
    assert world.minutes(world.phone("outsider")[-1].at) == world.minutes(
        world.phone("agent")[-1].at
    )
    world.sign_in("agent")
    world.look()
    assert world.phone("outsider")[-1].subject.startswith("BACK: Fox")


def test_a_buddy_who_has_the_watch_is_told_once(world: World) -> None:
    mission = world.plan("agent", buddy_id=world.people["head"], device="", due_minutes=60)
    world.sign_out(mission, "agent")
    pass_time(world, minutes=64)
    assert [one.subject for one in world.phone("head")][1:] == ["Fox: you are the buddy"]
