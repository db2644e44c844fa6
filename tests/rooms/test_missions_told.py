"""A plan is never made or moved behind somebody's back, and each of a party answers for herself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import assignment, plan
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import PlanTimes
from homeby.people.models import ContactPoint
from tests.rooms.pages import Pages, text_of
from tests.world import ZONE, World


def do(world: World, act: Callable[..., str], who: str, **said: Any) -> str:
    """One act of somebody, and the phones ring."""
    answer = act(by=world.as_(who), now=world.now, tap=new_tap(), **said)
    world.look()
    return answer


def fields(world: World, *party: str, minutes: int = 120, **more: Any) -> plan.PlanFields:
    """A plan for these people."""
    values: dict[str, Any] = {
        "party": tuple(world.people[who] for who in party),
        "leader_id": world.people[party[0]],
        "what": "Patrol",
        "place": "Ridge",
        "zone": ZONE,
        "device": "radio",
        "times": PlanTimes(due_at=world.now + dt.timedelta(minutes=minutes)),
    }
    return plan.PlanFields(**(values | more))


def planned(world: World, *party: str, by: str = "head", **more: Any) -> Mission:
    """A plan, and whoever hears of it has heard."""
    tap = new_tap()
    plan.plan(fields=fields(world, *party, **more), by=world.as_(by), now=world.now, tap=tap)
    world.look()
    return Mission.objects.get(pk=tap.entry_id)


def change(world: World, mission: Mission, who: str, *party: str, **more: Any) -> None:
    world.received.clear()
    do(world, plan.change_plan, who, mission_id=mission.pk, fields=fields(world, *party, **more))


def heard(world: World) -> dict[str, list[str]]:
    """Subject lines by phone."""
    found: dict[str, list[str]] = {}
    for one in world.received:
        found.setdefault(one.person, []).append(one.subject)
    return found


def answers(mission: Mission) -> dict[str, str]:
    rows = PartyMember.objects.filter(mission=mission).select_related("person")
    return {row.person.callsign: row.acceptance for row in rows}


def test_whoever_is_planned_in_hears_of_it_but_not_of_her_own_plan(world: World) -> None:
    planned(world, "agent", "mate", by="agent")
    assert heard(world) == {"mate": ["You are planned on a mission: Patrol"]}


def test_a_moved_time_is_told_to_the_party_and_what_it_was(world: World) -> None:
    mission = planned(world, "agent", "mate")
    change(world, mission, "head", "agent", "mate", minutes=300)
    assert set(heard(world)) == {"agent", "mate"}
    text = world.phone("agent")[-1].outgoing.text
    assert "expected back 14:00" in text
    assert "Before the change it was 11:00" in text
    assert "Help is called at 15:00" in text


def test_a_change_that_moves_nobody_is_quiet(world: World) -> None:
    mission = planned(world, "agent", "mate")
    change(world, mission, "head", "agent", "mate", kit="Rope")
    assert not world.received


def test_whoever_is_left_out_or_put_in_hears_of_it(world: World) -> None:
    mission = planned(world, "agent", "mate")
    change(world, mission, "agent", "agent", "outsider")
    assert heard(world) == {
        "mate": ["You are no longer planned on: Patrol"],
        "outsider": ["You are planned on a mission: Patrol"],
    }
    world.received.clear()
    do(world, plan.cancel, "agent", mission_id=mission.pk)
    assert heard(world) == {"outsider": ["The plan was taken back: Patrol"]}


def test_a_notice_about_a_plan_waits_for_the_hours_of_a_contact_point(world: World) -> None:
    own = ContactPoint.objects.filter(person_id=world.people["mate"])
    own.update(from_time=dt.time(12), to_time=dt.time(13), zone="UTC")
    planned(world, "agent", "mate", minutes=600)
    assert not world.phone("mate")
    world.fast_forward(minutes=239)
    assert not world.phone("mate")
    world.fast_forward(minutes=1)
    assert world.minutes(world.phone("mate")[0].at) == 240


@pytest.fixture
def assigned(world: World) -> Mission:
    """Head has assigned the two of them."""
    return planned(world, "agent", "mate", assigned_by_id=world.people["head"])


def test_everybody_who_was_assigned_is_asked(world: World, assigned: Mission) -> None:
    assert answers(assigned) == {"Fox": "ASKED", "Owl": "ASKED"}
    for who in ("agent", "mate"):
        assert "refusing is a normal answer" in world.phone(who)[0].outgoing.text


def test_each_answers_for_herself_and_whoever_assigned_it_hears(
    world: World, assigned: Mission
) -> None:
    do(world, assignment.answer, "agent", mission_id=assigned.pk, accept=False, note="Ill.")
    assert answers(assigned) == {"Fox": "REFUSED", "Owl": "ASKED"}
    assert world.phone("head")[-1].subject == "Fox refuses: Patrol"
    assert "Ill." in world.phone("head")[-1].outgoing.text
    do(world, assignment.answer, "mate", mission_id=assigned.pk, accept=True)
    assert answers(assigned) == {"Fox": "REFUSED", "Owl": "ACCEPTED"}
    assert world.phone("head")[-1].subject == "Owl accepts: Patrol"
    assigned.refresh_from_db()
    assert assigned.acceptance == "REFUSED"
    do(world, assignment.answer, "agent", mission_id=assigned.pk, accept=True)
    assigned.refresh_from_db()
    assert assigned.acceptance == "ACCEPTED"
    assert verify().difference is None


def test_a_new_party_is_asked_anew(world: World, assigned: Mission) -> None:
    do(world, assignment.answer, "agent", mission_id=assigned.pk, accept=False)
    more = {"assigned_by_id": world.people["head"]}
    change(world, assigned, "head", "outsider", "mate", **more)
    assert answers(assigned) == {"Stranger": "ASKED", "Owl": "ASKED"}
    assigned.refresh_from_db()
    assert assigned.acceptance == "ASKED"
    do(world, assignment.answer, "outsider", mission_id=assigned.pk, accept=True)
    do(world, assignment.answer, "mate", mission_id=assigned.pk, accept=True)
    change(world, assigned, "head", "outsider", "mate", kit="Rope", **more)
    assert answers(assigned) == {"Stranger": "ACCEPTED", "Owl": "ACCEPTED"}, "nothing moved"
    change(world, assigned, "head", "outsider", "mate", minutes=400, **more)
    assert answers(assigned) == {"Stranger": "ASKED", "Owl": "ASKED"}


def test_once_they_have_left_there_is_nothing_to_answer_or_approve(
    world: World, assigned: Mission
) -> None:
    world.sign_out(assigned, "agent", "mate")
    with pytest.raises(Refused, match="nothing to answer"):
        do(world, assignment.answer, "agent", mission_id=assigned.pk, accept=False)
    world.sign_in("agent", "mate", heads=2)
    with pytest.raises(Refused, match="nothing to approve"):
        do(world, plan.approve, "deputy", mission_id=assigned.pk)


def test_nobody_answers_who_was_not_asked(world: World) -> None:
    mission = planned(world, "agent", "mate")
    with pytest.raises(Refused, match="Nobody asked you"):
        do(world, assignment.answer, "agent", mission_id=mission.pk, accept=True)


def test_the_pages_show_each_answer_and_the_gate_says_who_refused(
    world: World, assigned: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(world, monkeypatch)
    do(world, assignment.answer, "agent", mission_id=assigned.pk, accept=False)
    own = pages.as_("mate").get(reverse("mission", args=[assigned.pk]))
    assert ">Accept<" in own.content.decode()
    assert "Fox leads accepted: no, and that is a normal answer" in text_of(own)
    address = reverse("gate-confirm", args=[world.gate_id, "out", assigned.pk])
    said = text_of(pages.as_("guard").get(address))
    assert "Fox has refused this assignment; that is a normal answer." in said


def test_a_waiting_approval_stands_on_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(world, monkeypatch)
    mission = world.plan("agent", is_solo=True)
    assert "waits for approval" in text_of(pages.as_("deputy").get(reverse("missions")))
    world.approve(mission)
    assert "waits for approval" not in text_of(pages.as_("deputy").get(reverse("missions")))
