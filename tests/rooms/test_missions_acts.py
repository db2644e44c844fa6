"""Planning, approving, answering, taking back; the first report and the trouble flag."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions import queries
from homeby.missions.actions import assignment, gate, places, plan, report
from homeby.missions.models import FirstReport, Mission
from homeby.missions.rules import Acceptance, Hurt, MissionState, PlanTimes
from homeby.people.rules import STATION
from homeby.watch.rules import DeadlineKind
from tests.promises.acts import expected, pass_time
from tests.world import ZONE, World


def fields(world: World, **values: Any) -> plan.PlanFields:
    """A plan for the agent, but for what is said otherwise."""
    agent = world.people["agent"]
    known: dict[str, Any] = {
        "party": (agent,),
        "leader_id": agent,
        "what": "Walk",
        "zone": ZONE,
        "device": "radio",
        "times": PlanTimes(due_at=world.now + dt.timedelta(hours=2)),
    }
    return plan.PlanFields(**(known | values))


def do(world: World, action: Any, by: str, **values: Any) -> str:
    """An act by somebody."""
    answer: str = action(by=world.as_(by), now=world.now, tap=new_tap(), **values)
    return answer


def test_a_member_plans_her_own_outing_and_nobody_elses(world: World) -> None:
    do(world, plan.plan, "agent", fields=fields(world))
    with pytest.raises(Refused, match="not in this party"):
        do(world, plan.plan, "mate", fields=fields(world))
    assert Mission.objects.get().planned_by_id == world.people["agent"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"times": None}, "due"),
        ({"leader_id": None}, "leader"),
        ({"what": ""}, "what"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"place": "x" * 301}, "place"),
        ({"what": "x" * 301}, "what"),
        ({"vehicle": "x" * 301}, "vehicle"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    world: World, values: dict[str, Any], field: str
) -> None:
    before = verify().checkpoint
    with pytest.raises(Refused) as refusal:
        do(world, plan.plan, "head", fields=fields(world, **values))
    assert set(refusal.value.problems) == {field}
    assert verify().checkpoint == before


def test_a_plan_is_changed_until_somebody_has_left(world: World) -> None:
    mission = world.plan("agent", "mate")
    both = (world.people["agent"], world.people["outsider"])
    do(
        world,
        plan.change_plan,
        "head",
        mission_id=mission.pk,
        fields=fields(world, party=both, what="Longer"),
    )
    mission.refresh_from_db()
    assert mission.what == "Longer"
    assert set(mission.party.values_list("person_id", flat=True)) == set(both)
    world.sign_out(mission, "agent")
    with pytest.raises(Refused, match="Ask for more time instead"):
        do(world, plan.change_plan, "head", mission_id=mission.pk, fields=fields(world))
    assert verify().difference is None


def test_alone_it_needs_a_second_person_who_is_neither_planner_nor_party(world: World) -> None:
    world.strict_alone()
    mission = world.plan("agent", is_solo=True, device="inReach")
    for who, says in (
        ("head", "A second person approves"),  # she planned it
        ("agent", "leader or duty officer"),
        ("guard", "leader or duty officer"),
    ):
        with pytest.raises(Refused, match=says):
            do(world, plan.approve, who, mission_id=mission.pk)
    with pytest.raises(Refused, match="no second person has approved"):
        world.sign_out(mission, "agent")
    do(world, plan.approve, "deputy", mission_id=mission.pk)
    world.sign_out(mission, "agent")
    (check_in,) = expected(mission, DeadlineKind.CHECK_IN) or (None,)
    assert check_in is None, "two hours apart, and back after two hours"
    (back,) = expected(mission)
    assert back.call_out_at - back.due_at == dt.timedelta(minutes=30)


def test_a_changed_plan_for_one_alone_needs_its_approval_anew(world: World) -> None:
    mission = world.plan("agent", is_solo=True, device="inReach")
    do(world, plan.approve, "deputy", mission_id=mission.pk)
    do(
        world,
        plan.change_plan,
        "agent",
        mission_id=mission.pk,
        fields=fields(world, is_solo=True, device="inReach"),
    )
    with pytest.raises(Refused, match="no second person has approved"):
        world.sign_out(mission, "agent")


def test_alone_check_ins_are_asked_for_though_none_were_planned(world: World) -> None:
    world.strict_alone()
    mission = world.plan(
        "agent", due_minutes=300, is_solo=True, device="", buddy_id=world.people["mate"]
    )
    do(world, plan.approve, "deputy", mission_id=mission.pk)
    world.sign_out(mission, "agent")
    (check_in,) = expected(mission, DeadlineKind.CHECK_IN)
    assert world.minutes(check_in.due_at) == 120


def test_refusing_an_assignment_is_a_normal_answer(world: World) -> None:
    mission = world.plan("agent", assigned_by_id=world.people["head"])
    with pytest.raises(Refused, match="one of the party"):
        do(world, assignment.answer, "mate", mission_id=mission.pk, accept=True)
    answer = do(world, assignment.answer, "agent", mission_id=mission.pk, accept=False)
    assert "normal answer" in answer
    mission.refresh_from_db()
    assert (mission.acceptance, mission.acceptance_note) == (Acceptance.REFUSED, "")


def test_a_plan_is_taken_back_only_while_nobody_is_out(world: World) -> None:
    mission = world.plan("agent")
    with pytest.raises(Refused):
        do(world, plan.cancel, "outsider", mission_id=mission.pk)
    do(world, plan.cancel, "agent", mission_id=mission.pk)
    with pytest.raises(Refused, match="over or was taken back"):
        world.sign_out(mission, "agent")
    other = world.send_out("mate")
    with pytest.raises(Refused, match="ends by signing in"):
        do(world, plan.cancel, "head", mission_id=other.pk)
    assert expected(other)


def test_the_promise_names_the_hours_and_who_is_told(world: World) -> None:
    answer = world.sign_out(world.plan("agent", due_minutes=120), "agent")
    for words in ("Expected back 11:00", "in 2 h", "tell the duty officer", "at 12:00 help"):
        assert words in answer


REPORT = {"hurt": Hurt.NO}


def give(world: World, mission: Mission, by: str = "agent", **values: Any) -> str:
    """The first report of the agent."""
    return do(
        world,
        report.first_report,
        by,
        mission_id=mission.pk,
        person_id=world.people["agent"],
        fields=report.ReportFields(**(REPORT | values)),
    )


@pytest.fixture
def back(world: World) -> Mission:
    """The agent is back."""
    mission = world.send_out("agent")
    world.sign_in("agent")
    mission.refresh_from_db()
    return mission


def test_not_saying_whether_one_is_hurt_is_kept_as_that_and_never_as_no(
    world: World, back: Mission
) -> None:
    with pytest.raises(Refused) as refusal:
        give(world, back, hurt=None)
    assert set(refusal.value.problems) == {"hurt"}
    give(world, back, hurt=Hurt.WILL_NOT_SAY)
    assert FirstReport.objects.get().hurt == "WILL_NOT_SAY"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"hurt": Hurt.YES}, "a medic is to look after them now"),
        ({"urgent": "Ice on the bridge"}, "Ice on the bridge"),
        ({"still_out": "A man in red"}, "A man in red"),
        ({"danger": "Dogs"}, "Dogs"),
    ],
)
def test_what_is_urgent_travels_at_once(
    world: World, back: Mission, values: dict[str, Any], says: str
) -> None:
    give(world, back, **values)
    world.look()
    assert says in world.phone("head")[-1].outgoing.text


def test_a_quiet_report_wakes_nobody(world: World, back: Mission) -> None:
    give(world, back, kit_missing="A glove", hurt=Hurt.WILL_NOT_SAY)
    world.look()
    assert not world.phone("head")


def test_the_report_is_hers_or_the_gate_keepers_to_give_and_follows_a_sign_in(
    world: World, back: Mission
) -> None:
    with pytest.raises(Refused, match="your own report"):
        give(world, back, "mate")
    other = world.send_out("agent")
    with pytest.raises(Refused, match="follows a sign-in"):
        give(world, other)
    give(world, back, "guard")


def test_trouble_is_cleared_by_somebody_else_with_a_word(world: World, back: Mission) -> None:
    tap = new_tap()
    places.add_reason(
        code="injury", label="Injury", is_trouble=True, by=STATION, now=world.now, tap=tap
    )
    give(world, back, reason_id=tap.entry_id)
    back.refresh_from_db()
    assert back.is_trouble
    assert "TROUBLE" in queries.still_open(world.as_("head"), back)
    for who, note in (("agent", "Fine."), ("head", " ")):
        with pytest.raises(Refused):
            do(world, report.clear_trouble, who, mission_id=back.pk, note=note)
    do(world, report.clear_trouble, "head", mission_id=back.pk, note="Bandaged.")
    back.refresh_from_db()
    assert back.trouble_cleared_by_id == world.people["head"]
    with pytest.raises(Refused, match="no open trouble"):
        do(world, report.clear_trouble, "head", mission_id=back.pk, note="Again.")
    assert verify().difference is None


def test_the_debrief_falls_due_after_rest(world: World, back: Mission) -> None:
    assert back.debrief_due_at == world.now + dt.timedelta(hours=11)


def test_a_mission_that_does_not_exist_gets_a_sentence(world: World) -> None:
    with pytest.raises(Refused, match="There is no such mission"):
        do(world, gate.check_in, "agent", mission_id=uuid.uuid4())


def test_the_figures_of_the_status(world: World) -> None:
    world.send_out("agent", "mate")
    world.sign_in("outsider")
    found = queries.status_figures(STATION)
    assert (found["missions_out"], found["people_out"], found["unmatched_open"]) == (1, 2, 1)
    assert Mission.objects.get().state == MissionState.OUT


def test_the_board_shows_the_most_urgent_first(world: World) -> None:
    world.send_out("agent", due_minutes=300)
    world.send_out("mate", due_minutes=60)
    world.send_out("outsider", due_minutes=200)
    pass_time(world, minutes=70)
    rows = queries.board(world.as_("guard"), now=world.now)
    assert [row.title for row in rows] == ["Owl", "Stranger", "Fox"]
    assert rows[0].phase == "UNCERTAINTY"
    assert queries.board(None, now=world.now) == []
