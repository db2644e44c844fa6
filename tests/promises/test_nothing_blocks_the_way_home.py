"""Promise 12: Homeby never blocks a way home. What goes out is judged; what comes home is recorded
first and judged after, and an override is kept with who did it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

import pytest

from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate
from homeby.missions.actions import plan as planning
from homeby.missions.actions.unmatched import thanks
from homeby.missions.models import Mission, Unmatched
from homeby.missions.rules import Conditions, MissionState, PlanTimes
from homeby.people.actions import persons
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION
from homeby.watch.actions import bill, plans
from homeby.watch.models import BillRow, EscalationPlan, Subject
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import ask_more_time, pass_time, recorded
from tests.world import START, World


def deactivated(world: World, mission: Mission) -> None:
    """She left the organisation while she was out."""
    persons.change_person(
        person_id=world.people["agent"],
        values={"is_active": False},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


def long_overdue(world: World, mission: Mission) -> None:
    """Three days overdue."""
    world.now += dt.timedelta(days=3)
    world.look()


def no_watch(world: World, mission: Mission) -> None:
    """An alarm is open, and the watch bill is empty."""
    pass_time(world, minutes=66)
    for row in BillRow.objects.all():
        bill.remove_watch(row_id=row.pk, by=STATION, now=world.now, tap=new_tap())


def damaged_phone(world: World, mission: Mission) -> None:
    """Whoever is to hear the good news cannot be written to."""
    pass_time(world, minutes=66)
    ContactPoint.objects.update(address_sealed=b"x")


def unknown_zone_of_a_contact(world: World, mission: Mission) -> None:
    """A contact point has hours in a zone that nobody knows."""
    pass_time(world, minutes=66)
    ContactPoint.objects.update(zone="Mars/Olympus", from_time=dt.time(8), to_time=dt.time(9))


def waiting_extension(world: World, mission: Mission) -> None:
    """A request for more time is still open."""
    ask_more_time(world, mission, minutes=120)


def watch_knows_nothing(world: World, mission: Mission) -> None:
    """The watch's own word on the party is lost."""
    Subject.objects.filter(ref=mission.ref).update(party=[], title="")


TROUBLES: list[Callable[[World, Mission], None]] = [
    deactivated,
    long_overdue,
    no_watch,
    damaged_phone,
    unknown_zone_of_a_contact,
    waiting_extension,
    watch_knows_nothing,
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("by", ["guard", "agent", "outsider"])
def test_whatever_is_wrong_she_signs_in(
    world: World, trouble: Callable[[World, Mission], None], by: str
) -> None:
    mission = world.send_out("agent", due_minutes=60)
    viewer = world.as_(by)
    trouble(world, mission)
    answer = gate.sign_in(
        person_ids=[world.people["agent"]],
        at=gate.AtGate(gate_id=None),
        by=viewer,
        now=world.now,
        tap=new_tap(),
    )
    assert answer == (thanks() if by == "outsider" else "Welcome back, Fox.")
    mission.refresh_from_db()
    assert mission.state == MissionState.BACK
    world.look()
    assert not Subject.objects.filter(alarms__state="OPEN").exists()


@pytest.mark.parametrize("who", ["planned only", "never heard of", "unknown id"])
def test_whoever_was_not_out_is_recorded_all_the_same(world: World, who: str) -> None:
    person = world.people["agent"]
    if who == "planned only":
        world.plan("agent")
    if who == "unknown id":
        person = uuid.uuid4()
    answer = gate.sign_in(
        person_ids=[person],
        at=gate.AtGate(gate_id=world.gate_id),
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    assert "Recorded" in answer
    assert Unmatched.objects.get().person_id == person


def test_whoever_is_in_already_is_recorded_once_more(world: World) -> None:
    world.send_out("agent")
    world.sign_in("agent")
    assert world.sign_in("agent") == "Fox was signed in already, at 09:00."
    assert len(recorded("SIGN_IN_REPEATED")) == 1
    assert not Unmatched.objects.exists()


@pytest.mark.parametrize("state", ["PLANNED", "BACK", "CANCELLED"])
def test_a_check_in_is_never_refused(world: World, state: str) -> None:
    mission = world.plan("agent", due_minutes=60)
    if state == "BACK":
        world.sign_out(mission, "agent")
        world.sign_in("agent")
    if state == "CANCELLED":
        planning.cancel(mission_id=mission.pk, by=STATION, now=world.now, tap=new_tap())
    assert "Recorded" in world.check_in(mission)
    assert len(recorded("ENTRY_UNMATCHED")) == 1


@pytest.mark.parametrize("minutes", [-(10**6), -600, 0, 5, 10**6])
def test_no_clock_of_a_device_blocks_a_sign_in(world: World, minutes: int) -> None:
    mission = world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=30)
    claimed = START + dt.timedelta(minutes=minutes)
    world.sign_in("agent", tap=Tap(entry_id=uuid.uuid4(), happened_at=claimed))
    mission.refresh_from_db()
    assert mission.state == MissionState.BACK
    assert mission.out_at is not None
    assert mission.back_at is not None
    assert mission.out_at <= mission.back_at <= world.now + dt.timedelta(minutes=2)
    assert verify().difference is None


def test_help_is_heard_whatever_the_mission(world: World) -> None:
    mission = world.plan("agent")
    gate.ask_for_help(mission_id=mission.pk, by=world.as_("mate"), now=world.now, tap=new_tap())
    world.look()
    assert world.phone("head")


def test_going_out_is_judged_and_each_refusal_says_what_to_do(world: World) -> None:
    alone = world.plan("agent", is_solo=True, device="radio")
    with pytest.raises(Refused, match="tick “anyway”"):
        world.sign_out(alone, "agent")
    late = world.plan("agent", due_minutes=10)
    world.now += dt.timedelta(minutes=11)
    with pytest.raises(Refused, match="Change the plan first"):
        world.sign_out(late, "agent")
    with pytest.raises(Refused, match="Tick who is leaving"):
        world.sign_out(late, "mate")


def test_nobody_leaves_where_nobody_would_be_told(world: World) -> None:
    mission = world.plan("agent")
    for row in EscalationPlan.objects.all():
        row.steps.all().delete()
        row.delete()
    with pytest.raises(Refused, match="nobody would be told"):
        world.sign_out(mission, "agent")


def test_a_plan_in_a_zone_that_nobody_knows_is_refused_before_anybody_leaves(
    world: World,
) -> None:
    with pytest.raises(Refused) as refusal:
        world.plan("agent", zone="Mars/Olympus")
    assert "is not a time zone" in refusal.value.problems["zone"]


@pytest.mark.parametrize("conditions", list(Conditions))
def test_conditions_advise_and_only_bring_help_earlier(
    world: World, conditions: Conditions
) -> None:
    due_at = world.now + dt.timedelta(minutes=60)
    mission = world.send_out("agent", times=PlanTimes(due_at=due_at), conditions=conditions)
    assert mission.call_out_at is not None
    assert mission.due_at is not None
    assert dt.timedelta(0) <= mission.call_out_at - mission.due_at <= dt.timedelta(minutes=60)


def test_a_plan_of_steps_that_would_tell_nobody_in_time_is_not_taken(world: World) -> None:
    fields = plans.PlanFields(name="Quiet", kind=DeadlineKind.RETURN, steps=())
    with pytest.raises(Refused, match="at least one step"):
        plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())
