"""Plans and watch bill as data, alarms that join, rise and are numbered."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import PlanTimes
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.watch import queries
from homeby.watch.actions import alarms, bill, plans
from homeby.watch.models import Alarm, BillRow, EscalationPlan
from homeby.watch.rules import AlarmKind, Anchor, DeadlineKind, Phase, Step, Target, Watch
from tests.promises.acts import pass_time, refused, stand_down, take, times_told
from tests.world import RETURN_STEPS, World, step


def set_plan(world: World, by: str = "", plan: Any = None, **values: Any) -> Any:
    """Set a plan; gives its id."""
    tap = new_tap()
    fields = {"name": "Other", "kind": DeadlineKind.RETURN, "steps": RETURN_STEPS} | values
    plans.set_plan(
        plan_id=plan,
        fields=plans.PlanFields(**fields),
        by=world.as_(by) if by else STATION,
        now=world.now,
        tap=tap,
    )
    return plan or tap.entry_id


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "Return"}, "name"),
        ({"steps": ()}, "steps"),
        ({"steps": RETURN_STEPS[:2]}, "steps"),
        ({"repeat_minutes": 0}, "repeat_minutes"),
        ({"repeat_minutes": 241, "repeat_minutes_max": 300}, "repeat_minutes"),
        ({"repeat_minutes": 30, "repeat_minutes_max": 29}, "repeat_minutes_max"),
        ({"repeat_minutes_max": 1441}, "repeat_minutes_max"),
    ],
)
def test_an_unsafe_plan_is_refused_beside_its_field(
    world: World, values: dict[str, Any], field: str
) -> None:
    before = verify().checkpoint
    with pytest.raises(Refused) as refusal:
        set_plan(world, **values)
    assert set(refusal.value.problems) == {field}
    assert verify().checkpoint == before


def test_only_an_administrator_sets_plans(world: World) -> None:
    with pytest.raises(Refused, match="needs the role"):
        set_plan(world, "head")
    set_plan(world, "admin")


def test_there_is_one_default_of_a_kind(world: World) -> None:
    key = set_plan(world, is_default=True)
    found = queries.default_plan(DeadlineKind.RETURN)
    assert found is not None
    assert found.id == key
    assert EscalationPlan.objects.filter(kind=DeadlineKind.RETURN, is_default=True).count() == 1
    assert verify().difference is None


def test_an_open_alarm_goes_on_by_the_plan_as_it_then_stands(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=125)
    plan = EscalationPlan.objects.get(name="Return")
    last = step(Anchor.CALL_OUT, 0, Target.EVERY_LEADER)
    set_plan(world, plan=plan.pk, name="Return", steps=(last,), is_default=True)
    world.received.clear()
    pass_time(world, minutes=30)
    assert times_told(world, "deputy"), "a shorter plan repeats its last step"
    assert verify().difference is None


def test_named_people_are_told(world: World) -> None:
    named = Step(
        anchor=Anchor.CALL_OUT,
        offset_minutes=0,
        targets=(Target.NAMED, Target.DUTY_OFFICER),
        people=(world.people["outsider"],),
    )
    set_plan(world, steps=(named,), is_default=True)
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=120)
    assert times_told(world, "outsider") == [120]
    take(world, "outsider")
    assert world.alarm().holder_id == world.people["outsider"]


def test_team_leaders_are_those_of_the_team_that_is_out(world: World) -> None:
    world.add("chief", reachable=True)
    teams.give_role(
        person_id=world.people["chief"],
        role=Role.LEADER,
        term=teams.Term(team_id=world.team_id),
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    leaders = step(Anchor.CALL_OUT, 0, Target.TEAM_LEADERS, Target.DUTY_OFFICER)
    set_plan(world, steps=(leaders,), is_default=True)
    world.send_out("agent", due_minutes=60, team_id=world.team_id)
    pass_time(world, minutes=120)
    assert times_told(world, "chief") == [120]


def watch(world: World, **values: Any) -> Watch:
    """A watch of the head from now on, but for what is said otherwise."""
    rows: dict[str, Any] = {
        "person_id": world.people["head"],
        "deputy_id": world.people["deputy"],
        "from_at": world.now,
        "to_at": world.now + dt.timedelta(hours=8),
    }
    return Watch(**(rows | values))


def test_every_watch_has_a_deputy_who_is_another_and_an_end_after_its_beginning(
    world: World,
) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"deputy_id": None}, "deputy"),
        ({"deputy_id": world.people["head"]}, "deputy"),
        ({"to_at": world.now}, "to_at"),
    ]
    for values, field in wrong:
        with pytest.raises(Refused) as refusal:
            bill.plan_watch(watch=watch(world, **values), by=STATION, now=world.now, tap=new_tap())
        assert set(refusal.value.problems) == {field}
    with pytest.raises(Refused, match="needs the role"):
        bill.plan_watch(watch=watch(world), by=world.as_("guard"), now=world.now, tap=new_tap())


def test_whoever_is_taken_from_the_bill_hears_of_it(world: World) -> None:
    row = BillRow.objects.get()
    with pytest.raises(Refused, match="needs the role"):
        bill.remove_watch(row_id=row.pk, by=world.as_("deputy"), now=world.now, tap=new_tap())
    bill.remove_watch(row_id=row.pk, by=world.as_("admin"), now=world.now, tap=new_tap())
    world.look()
    for who in ("head", "deputy"):
        assert "taken from the watch bill" in world.phone(who)[-1].subject
    assert verify().difference is None


def test_raising_to_distress_needs_somebody_on_watch_and_a_reason(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=70)
    take(world, "head")
    key = world.alarm().pk
    for who, why in (("agent", "Smoke"), ("head", "  ")):
        with pytest.raises(Refused):
            alarms.raise_to_distress(
                alarm_id=key, why=why, by=world.as_(who), now=world.now, tap=new_tap()
            )
    alarms.raise_to_distress(
        alarm_id=key, why="Smoke", by=world.as_("guard"), now=world.now, tap=new_tap()
    )
    world.look()
    alarm = world.alarm()
    assert (alarm.phase, alarm.kind, alarm.holder_id) == (Phase.DISTRESS, "OVERDUE", None)
    assert world.phone("head")[-1].subject.startswith("DISTRESS")
    pass_time(world, minutes=10)
    assert times_told(world, "deputy"), "and every further step comes without waiting for its hour"


def test_alarms_are_numbered_one_after_the_other(world: World) -> None:
    for index in range(4):
        world.add(f"walker{index}")
        world.send_out(f"walker{index}", due_minutes=60)
    pass_time(world, minutes=60)
    numbers = sorted(Alarm.objects.values_list("number", flat=True))
    assert numbers == list(range(1000, 1004))


def test_one_subject_has_one_open_alarm_whatever_it_misses(world: World) -> None:
    times = PlanTimes(due_at=world.now + dt.timedelta(minutes=100), check_in_minutes=30)
    world.send_out("agent", times=times)
    pass_time(world, minutes=99)
    assert world.alarm().kind == AlarmKind.MISSED_CHECK_IN
    pass_time(world, minutes=100)
    alarm = world.alarm()
    assert (alarm.kind, Alarm.objects.count()) == (AlarmKind.OVERDUE, 1)
    stand_down(world)
    pass_time(world, minutes=60)
    assert Alarm.objects.count() == 2


@pytest.mark.parametrize("act", ["acknowledge", "hand over", "stand down", "raise"])
def test_an_alarm_that_does_not_exist_gets_a_sentence(world: World, act: str) -> None:
    values: dict[str, Any] = {
        "alarm_id": uuid.uuid4(),
        "by": world.as_("head"),
        "now": world.now,
        "tap": new_tap(),
    }
    acts = {
        "acknowledge": lambda: alarms.acknowledge(**values),
        "hand over": lambda: alarms.hand_over(to=world.people["mate"], **values),
        "stand down": lambda: alarms.stand_down(reason="So it is.", **values),
        "raise": lambda: alarms.raise_to_distress(why="So it is.", **values),
    }
    with pytest.raises(Refused) as refusal:
        acts[act]()
    assert refused(refusal.value) == "There is no such alarm."
