"""What waits for a person on a mission's page: approval, more time, help, reports, trouble."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from homeby.logbook.rules import new_tap
from homeby.missions.actions import places
from homeby.missions.models import DelayReason, Extension, FirstReport, Mission
from homeby.people.rules import STATION
from homeby.watch.models import Alarm
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def agent(pages: Pages) -> Client:
    return pages.as_("agent")


@pytest.fixture
def head(pages: Pages) -> Client:
    return pages.as_("head")


def of(name: str, mission: Mission, *more: object) -> str:
    return reverse(name, args=[mission.pk, *more])


def act(client: Client, mission: Mission, wanted: str, **fields: object) -> str:
    """One act on the mission's page; the text of the page that follows."""
    answer = client.post(of("mission-act", mission), sent(act=wanted, **fields))
    return followed(client, answer)


def test_a_second_person_approves_and_not_the_planner(
    world: World, pages: Pages, agent: Client, head: Client
) -> None:
    mission = world.plan("agent", is_solo=True, device="beacon")
    Mission.objects.filter(pk=mission.pk).update(planned_by_id=world.people["agent"])
    page = text_of(agent.get(of("mission", mission)))
    assert "One person alone: a second person, a leader or duty officer, approves." in page
    assert ">Approve<" not in agent.get(of("mission", mission)).content.decode()
    assert "A leader or duty officer approves" in act(agent, mission, "approve")
    assert ">Approve<" in head.get(of("mission", mission)).content.decode()
    assert "Approved." in act(head, mission, "approve")
    assert "approved by Head" in text_of(agent.get(of("mission", mission)))


def test_refusing_an_assignment_is_a_normal_answer(world: World, agent: Client) -> None:
    mission = world.plan("agent", assigned_by_id=world.people["head"], what="Night watch")
    assert ">Accept<" in agent.get(of("mission", mission)).content.decode()
    assert "That is a normal answer" in act(agent, mission, "refuse")
    mission.refresh_from_db()
    assert mission.acceptance == "REFUSED"
    assert ">Refuse<" not in agent.get(of("mission", mission)).content.decode()


def test_more_time_counts_once_somebody_agrees(world: World, agent: Client, head: Client) -> None:
    mission = world.send_out("agent")
    page = text_of(agent.get(of("mission-extend", mission)))
    assert "until then 11:00 stands" in page
    assert "Heard by" not in page
    wrong = agent.post(of("mission-extend", mission), sent(expected_back="soon", reason="mist"))
    assert "is not a time" in text_of(wrong)
    assert "mist" in wrong.content.decode()
    answer = agent.post(of("mission-extend", mission), sent(expected_back="13:00", reason="mist"))
    assert "The old time, 11:00, stands" in followed(agent, answer)
    mission.refresh_from_db()
    assert mission.due_at == dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.UTC)
    waits = text_of(head.get(of("mission", mission)))
    assert "More time is asked for: expected back 13:00. mist" in waits
    key = str(Extension.objects.get().pk)
    assert "does not grant it to herself" in act(agent, mission, "acknowledge", ask=key)
    assert "Granted." in act(head, mission, "acknowledge", ask=key)
    mission.refresh_from_db()
    assert mission.due_at == dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
    assert "was decided already" in act(head, mission, "decline", ask=key)


def test_who_must_agree_depends_on_the_hour(world: World, agent: Client) -> None:
    mission = world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=70)
    assert "the duty officer decides" in text_of(agent.get(of("mission-extend", mission)))
    world.now += dt.timedelta(minutes=60)
    assert "two people must agree" in text_of(agent.get(of("mission-extend", mission)))


def test_help_opens_an_alarm_in_distress(world: World, agent: Client) -> None:
    mission = world.send_out("agent")
    assert "HELP is noted" in act(agent, mission, "help", note="broken leg")
    assert Alarm.objects.get().phase == "DISTRESS"
    page = text_of(agent.get(of("mission", mission)))
    assert "An alarm is open and nobody has taken it yet." in page


def test_an_alarm_is_linked_for_those_who_may_open_it(
    world: World, pages: Pages, head: Client
) -> None:
    mission = world.send_out("agent", "mate", due_minutes=10)
    world.fast_forward(minutes=20)
    link = reverse("alarm", args=[world.alarm().pk])
    assert link in head.get(of("mission", mission)).content.decode()
    other = pages.as_("mate").get(of("mission", mission))
    assert "An alarm is open" in text_of(other)
    assert link not in other.content.decode()


def test_a_plan_is_taken_back_before_anybody_left(world: World, agent: Client) -> None:
    mission = world.plan("agent")
    assert "Taken back." in act(agent, mission, "cancel")
    mission.refresh_from_db()
    assert mission.state == "CANCELLED"
    out = world.send_out("mate")
    assert "take the plan back" not in text_of(agent.get(reverse("missions"))).lower()
    assert Mission.objects.get(pk=out.pk).state == "OUT"


def test_back_says_what_is_open_and_reports_are_read_by_few(
    world: World, pages: Pages, agent: Client, head: Client
) -> None:
    mission = world.send_out("agent", "mate")
    world.sign_in("agent", "mate", heads=2)
    page = text_of(agent.get(of("mission", mission)))
    assert "First report of Fox, one minute" in page
    assert "Debrief of Fox: after rest" in page
    own = of("mission-report", mission, world.people["agent"])
    assert own in agent.get(of("mission", mission)).content.decode()
    assert of("mission-report", mission, world.people["mate"]) not in page
    assert "Rest now" in followed(agent, agent.post(own, sent(hurt="YES", danger="loose rocks")))
    assert FirstReport.objects.get().hurt == "YES"
    assert "danger to others: loose rocks" in text_of(head.get(of("mission", mission)))
    for who in ("mate", "guard"):
        assert "loose rocks" not in text_of(pages.as_(who).get(of("mission", mission)))


def test_somebody_elses_report_is_not_hers_to_give(world: World, agent: Client) -> None:
    mission = world.send_out("agent", "mate")
    world.sign_in("agent", "mate", heads=2)
    other = of("mission-report", mission, world.people["mate"])
    assert "You can give your own report" in text_of(agent.post(other, sent(hurt="NO")))
    assert agent.get(of("mission-report", mission, uuid.uuid4())).status_code == 404


def test_trouble_is_cleared_by_a_named_person_with_a_reason(
    world: World, agent: Client, head: Client
) -> None:
    places.add_reason(
        code="T",
        label="ran into trouble",
        is_trouble=True,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    mission = world.send_out("agent", due_minutes=20)
    world.fast_forward(minutes=30)
    world.sign_in("agent")
    own = of("mission-report", mission, world.people["agent"])
    assert "What delayed you?" in text_of(agent.get(own))
    agent.post(own, sent(hurt="NO", delay_reason=str(DelayReason.objects.get().pk)))
    assert "Clear the flag" not in text_of(agent.get(of("mission", mission)))
    assert "Clear the flag" in text_of(head.get(of("mission", mission)))
    assert "Say in a few words" in act(head, mission, "clear_trouble", note=" ")
    assert "Cleared." in act(head, mission, "clear_trouble", note="She met a friend.")
    assert Mission.objects.get(pk=mission.pk).trouble_cleared_by_id == world.people["head"]
