"""Promise 1: a person who is out and not heard from by the call-out time reaches a human, even if
they never checked in once."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.rules import Tap, new_tap
from homeby.missions.actions import gate, plan
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.actions import teams
from homeby.people.models import RoleHeld
from homeby.people.rules import STATION, Role
from homeby.watch.actions import bill
from homeby.watch.models import Alarm, BillRow
from homeby.watch.rules import AlarmKind, Phase
from tests.promises.acts import alarm_of, pass_time, plan_watch, recorded, times_told
from tests.world import ZONE, World


def test_somebody_who_never_checked_in_once_is_missed_on_time(world: World) -> None:
    world.send_out("agent", due_minutes=120)
    pass_time(world, minutes=120)
    alarm = world.alarm()
    assert (alarm.kind, alarm.phase) == (AlarmKind.OVERDUE, Phase.UNCERTAINTY)
    assert world.minutes(alarm.opened_at) == 120
    assert [world.minutes(one.at) for one in world.phone("agent")] == [105, 120]
    pass_time(world, minutes=5)
    assert times_told(world, "head") == [125]
    pass_time(world, minutes=55)
    assert times_told(world, "head") == [125, 180]
    assert world.alarm().phase == Phase.ALERT


def test_the_message_says_who_where_since_when_and_what_has_passed(world: World) -> None:
    world.send_out("agent", due_minutes=120)
    pass_time(world, minutes=180)
    last = world.phone("head")[-1]
    assert last.subject == f"ALERT A-{world.alarm().number}: Fox"
    for words in ("Fox is not back", "expected 11:00", "North woods", "12:00 has passed"):
        assert words in last.outgoing.text
    assert "by name" not in last.outgoing.text  # callsigns only
    assert last.outgoing.urgent


def test_nobody_is_told_before_the_due_time_and_nobody_of_those_who_are_back(world: World) -> None:
    world.send_out("agent", due_minutes=120)
    pass_time(world, minutes=119)
    assert not Alarm.objects.exists()
    assert not world.phone("head")
    world.sign_in("agent")
    pass_time(world, minutes=24 * 60)
    assert not Alarm.objects.exists()


def test_without_any_grace_the_call_out_comes_at_the_due_time(world: World) -> None:
    due_at = world.now + dt.timedelta(minutes=60)
    world.send_out("agent", times=PlanTimes(due_at=due_at, call_out_at=due_at))
    pass_time(world, minutes=60)
    assert world.alarm().phase == Phase.ALERT
    assert times_told(world, "head") == [60]


def test_signed_out_late_and_overdue_already_it_is_told_at_once(world: World) -> None:
    """The gate keeper enters in the evening who left in the morning."""
    mission = world.plan("agent", due_minutes=60)
    left_at = world.now + dt.timedelta(minutes=1)
    world.now += dt.timedelta(minutes=300)
    tap = Tap(entry_id=new_tap().entry_id, happened_at=left_at)
    world.sign_out(mission, "agent", tap=tap)
    world.look()
    assert world.alarm().phase == Phase.ALERT
    assert times_told(world, "head") == [300]


def test_after_an_outage_everybody_overdue_is_told_at_the_first_look(world: World) -> None:
    for index in range(6):
        world.add(f"walker{index}", callsign=f"Walker {index}")
        world.send_out(f"walker{index}", due_minutes=60 + index)
    world.now += dt.timedelta(hours=10)  # nobody looked
    world.look()
    told = "\n".join(one.outgoing.text for one in world.phone("head"))
    assert all(f"Walker {index}" in told for index in range(6)), "in one list or one by one"
    assert all(alarm.phase == Phase.ALERT for alarm in Alarm.objects.all())


def nobody_on_watch() -> None:
    """Empty the watch bill."""
    for row in BillRow.objects.all():
        bill.remove_watch(row_id=row.pk, by=STATION, now=row.from_at, tap=new_tap())


def end_roles(world: World, role: Role) -> None:
    """Nobody holds this role any more."""
    for held in RoleHeld.objects.filter(role=role):
        teams.end_role(role_held_id=held.pk, by=STATION, now=world.now, tap=new_tap())


def planned_by_the_gate_keeper(world: World) -> Mission:
    """A plan that needs no leader to be there."""
    tap = new_tap()
    due_at = world.now + dt.timedelta(minutes=60)
    fields = plan.PlanFields(
        party=(world.people["agent"], world.people["mate"]),
        leader_id=world.people["agent"],
        what="Patrol",
        zone=ZONE,
        times=PlanTimes(due_at=due_at),
    )
    plan.plan(fields=fields, by=world.as_("guard"), now=world.now, tap=tap)
    return Mission.objects.get(pk=tap.entry_id)


def told_at_call_out(world: World) -> set[str]:
    """Who is told at the call-out time that somebody is missing."""
    mission = planned_by_the_gate_keeper(world)
    world.sign_out(mission, "agent", "mate")
    pass_time(world, minutes=120)
    return {one.person for one in world.received if one.code}


def test_the_fixed_watch_goes_before_the_standing_one(world: World) -> None:
    plan_watch(world, "deputy", "head")
    assert told_at_call_out(world) == {"deputy"}


def test_a_gap_in_the_bill_falls_back_to_the_standing_watch(world: World) -> None:
    plan_watch(world, "deputy", "guard", hours=0.5)  # over before anybody is missed
    assert told_at_call_out(world) == {"head"}


def test_without_any_watch_every_duty_officer_is_told(world: World) -> None:
    nobody_on_watch()
    world.add("officer", Role.DUTY_OFFICER)
    assert told_at_call_out(world) == {"head", "officer"}


def test_without_any_duty_officer_every_leader_is_told(world: World) -> None:
    nobody_on_watch()
    end_roles(world, Role.DUTY_OFFICER)
    assert told_at_call_out(world) == {"head", "deputy"}


def test_without_any_leader_the_administrators_are_told(world: World) -> None:
    nobody_on_watch()
    end_roles(world, Role.DUTY_OFFICER)
    end_roles(world, Role.LEADER)
    assert told_at_call_out(world) == {"admin"}


def test_whoever_has_a_role_for_two_teams_is_told_once(world: World) -> None:
    nobody_on_watch()
    teams.give_role(
        person_id=world.people["head"],
        role=Role.DUTY_OFFICER,
        term=teams.Term(team_id=world.team_id),
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    assert told_at_call_out(world) == {"head"}
    assert len(times_told(world, "head")) == 2


@pytest.mark.parametrize("party", [("head",), ("head", "agent")])
def test_a_duty_officer_who_is_out_herself_is_not_the_one_who_is_asked(
    world: World, party: tuple[str, ...]
) -> None:
    world.send_out(*party, due_minutes=60)
    pass_time(world, minutes=120)
    assert times_told(world, "head") == []
    assert times_told(world, "deputy")


def test_help_is_told_at_once_and_stays_help_when_the_return_is_missed_too(world: World) -> None:
    mission = world.send_out("agent", due_minutes=60)
    gate.ask_for_help(
        mission_id=mission.pk, why="Leg", by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    world.look()
    assert world.phone("head")[-1].subject.startswith("DISTRESS")
    pass_time(world, minutes=70)
    alarm = alarm_of(mission)
    assert (alarm.kind, alarm.phase) == (AlarmKind.HELP, Phase.DISTRESS)
    assert recorded("ALARM_JOINED")
    assert "Also missed now: the return" in world.phone("head")[-1].outgoing.text
