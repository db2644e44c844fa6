"""Promise 1 as it is given: whoever leaves hears of every hour at which somebody will ask for them.
A check-in that does not come calls help hours before the return does."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from homeby.instants import Problem
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.watch.rules import DeadlineKind
from homeby.web.phone import times
from tests.promises.acts import expected, minutes_ahead, pass_time
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import START, ZONE, World


@pytest.fixture
def guard(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The gate keeper's screen."""
    return Pages(world, monkeypatch).as_("guard")


@pytest.fixture
def alone(world: World) -> Mission:
    """Fox goes alone until the evening, and checks in every two hours."""
    world.strict_alone()
    return world.plan("agent", due_minutes=600)


def test_before_and_after_she_leaves_the_gate_names_the_check_in(
    world: World, alone: Mission, guard: Client
) -> None:
    address = reverse("gate-confirm", args=[world.gate_id, "out", alone.pk])
    before = text_of(guard.get(address))
    form = sent(how="SEEN")
    after = followed(guard, guard.post(address, form))
    for page in (before, after):
        assert "Check in by 11:00, in 2 h" in page
        assert "If we hear nothing, we tell: 11:00 the party; 11:05 the duty officer." in page
        assert "Without a word help is called at 11:30." in page
        assert "You are expected back 19:00" in page


def test_over_midnight_each_hour_stands_with_its_own_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.strict_alone()
    world.now += dt.timedelta(hours=8)  # 17:00
    mission = world.plan("agent", due_minutes=600)
    guard = Pages(world, monkeypatch).as_("guard")
    page = text_of(guard.get(reverse("gate-confirm", args=[world.gate_id, "out", mission.pk])))
    assert "You are expected back tomorrow 03:00" in page
    assert "If we hear nothing, we tell: 19:00 the party; 19:05 the duty officer." in page
    assert "Without a word help is called at 19:30. We tell: 19:30" in page
    assert "yesterday" not in page


def test_what_is_promised_is_what_happens(world: World, alone: Mission) -> None:
    answer = world.sign_out(alone, "agent")
    assert (
        "Check in by 11:00; if we hear nothing we ask you, and at 11:30 help is called." in answer
    )
    pass_time(world, minutes=151)
    told = {(world.minutes(one.at), one.person) for one in world.received}
    assert told == {(120, "agent"), (125, "head"), (150, "head"), (150, "deputy")}
    assert world.alarm().phase == "ALERT"


def test_once_checked_in_the_page_names_the_next_one(
    world: World, alone: Mission, guard: Client
) -> None:
    world.sign_out(alone, "agent")
    pass_time(world, minutes=60)
    world.check_in(alone)
    assert "Check in by 12:00" not in text_of(guard.get(reverse("mission", args=[alone.pk])))
    page = text_of(guard.get(reverse("mission", args=[alone.pk])))
    assert "12:00 The next check-in." in page
    assert "12:30 Still no check-in: help is called." in page


def test_without_check_ins_none_is_promised(world: World, guard: Client) -> None:
    mission = world.plan("agent", "mate", due_minutes=600)
    page = text_of(guard.get(reverse("gate-confirm", args=[world.gate_id, "out", mission.pk])))
    assert "check-in" not in page.lower()
    assert "Check in" not in world.sign_out(mission, "agent", "mate")


def check_in_due(world: World, mission: Mission) -> float | None:
    found = expected(mission, DeadlineKind.CHECK_IN)
    return world.minutes(found[0].due_at) if found else None


def test_check_ins_are_expected_at_the_times_that_were_agreed(world: World) -> None:
    planned = PlanTimes(
        due_at=minutes_ahead(world, 600),
        check_ins=(minutes_ahead(world, 240), minutes_ahead(world, 90)),
    )
    mission = world.send_out("agent", "mate", times=planned)
    assert check_in_due(world, mission) == 90
    pass_time(world, minutes=60)
    world.check_in(mission)
    assert check_in_due(world, mission) == 90, "an hour early is not the agreed time"
    pass_time(world, minutes=20)
    world.check_in(mission)
    assert check_in_due(world, mission) == 240, "ten minutes early counts"
    pass_time(world, minutes=160)
    assert world.alarm().kind == "MISSED_CHECK_IN"
    world.check_in(mission)
    assert check_in_due(world, mission) is None


def test_times_beside_an_interval_whichever_comes_first(world: World) -> None:
    planned = PlanTimes(
        due_at=minutes_ahead(world, 600),
        check_in_minutes=120,
        check_ins=(minutes_ahead(world, 90),),
    )
    mission = world.send_out("agent", "mate", times=planned)
    assert check_in_due(world, mission) == 90
    pass_time(world, minutes=90)
    world.check_in(mission)
    assert check_in_due(world, mission) == 210


def test_times_are_typed_in_the_plan_and_come_back_as_they_were(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Pages(world, monkeypatch).as_("head")
    form = sent(
        leader=str(world.people["agent"]),
        members=[str(world.people["mate"])],
        what="Ridge",
        where="North ridge",
        expected_back="18:30",
        check_in_times="11:00, 14:00 and 16:30",
    )
    page = followed(head, head.post(reverse("mission-plan"), form))
    assert "at 11:00, 14:00, 16:30" in page
    row = Mission.objects.get(pk=form["entry_id"])
    hours = [dt.datetime.fromisoformat(one) - START for one in row.check_in_times]
    assert [one.total_seconds() / 3600 for one in hours] == [2, 5, 7.5]
    shown = head.get(reverse("mission-plan-change", args=[row.pk])).context["form"].initial
    assert shown["check_in_times"] == "2026-11-20 11:00, 2026-11-20 14:00, 2026-11-20 16:30"
    late = form | {"entry_id": sent()["entry_id"], "check_in_times": "11:00, 20:00"}
    answer = head.post(reverse("mission-plan"), late)
    assert "Each check-in time lies between now and expected back." in text_of(answer)
    wrong = form | {"entry_id": sent()["entry_id"], "check_in_times": "11:00, tea"}
    assert "is not a time" in text_of(head.post(reverse("mission-plan"), wrong))


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("+2h, +3h", [2, 3]),
        ("11:00; 14:00", [2, 5]),
        ("22:00, 02:00", [13, 17]),
        ("14:00", [5]),
        (" , ", []),
    ],
)
def test_several_times_in_one_field(typed: str, hours: list[float]) -> None:
    found = times.listed(typed, ZONE, now=START)
    assert not isinstance(found, Problem)
    assert [(at - START).total_seconds() / 3600 for at in found] == hours
