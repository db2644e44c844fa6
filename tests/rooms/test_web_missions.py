"""A mission's pages: who sees them, what may be done there, what is promised and what waits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.missions.models import Mission, PartyMember
from tests.rooms.pages import Pages, entries, followed, sent, text_of
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


LOOKED_AT = (
    "mission",
    "mission-rows",
    "mission-extend",
    "mission-check-in",
    "mission-sign-in",
)


def of(name: str, mission: Mission, *more: object) -> str:
    return reverse(name, args=[mission.pk, *more])


@pytest.mark.parametrize(
    "name",
    [*LOOKED_AT, "mission-plan-change", "mission-sign-out"],
)
def test_a_mission_is_there_for_its_party_and_the_watch_only(
    world: World, pages: Pages, name: str
) -> None:
    mission = world.plan("agent")
    for who in ("agent", "head", "guard"):
        assert pages.as_(who).get(of(name, mission)).status_code == 200
    assert pages.as_("outsider").get(of(name, mission)).status_code == 404
    assert pages.nobody().get(of(name, mission)).status_code == 302


def test_no_act_of_a_stranger_reaches_a_mission(world: World, pages: Pages) -> None:
    mission = world.send_out("agent")
    stranger, before = pages.as_("outsider"), entries()
    for wanted in ("check_in", "help", "approve", "cancel", "clear_trouble"):
        answer = stranger.post(of("mission-act", mission), sent(act=wanted))
        assert answer.status_code == 404
    assert stranger.post(of("mission-sign-in", mission), sent(gate="phone")).status_code == 404
    assert entries() == before


def test_looking_changes_nothing(world: World, pages: Pages, agent: Client) -> None:
    mission = world.send_out("agent", "mate")
    before = entries()
    for name in (
        "mission",
        "mission-rows",
        "mission-extend",
        "mission-check-in",
        "mission-sign-in",
    ):
        assert agent.get(of(name, mission)).status_code == 200
    assert agent.get(reverse("missions")).status_code == 200
    assert agent.get(of("mission-act", mission)).status_code == 405
    assert entries() == before


def test_the_page_promises_and_tells_the_logbook(world: World, agent: Client) -> None:
    mission = world.send_out("agent", "mate", vehicle="Blue van", kit="Rope")
    said = text_of(agent.get(of("mission", mission)))
    assert "Fox, Owl" in said
    assert "in 2 h" in said
    assert "12:00 Call-out time: help is called." in said
    assert "told again and again, until a person takes it" in said
    assert "Blue van" in said
    assert "Signed out : Fox, Owl" in said


def test_a_check_in_is_one_tap_and_counts_once(world: World, agent: Client) -> None:
    mission = world.send_out("agent")
    world.now += dt.timedelta(minutes=30)
    form = sent(act="check_in")
    assert "Noted: fine at 09:30" in followed(agent, agent.post(of("mission-act", mission), form))
    before = entries()
    assert "Noted: fine at 09:30" in followed(agent, agent.post(of("mission-act", mission), form))
    assert entries() == before
    assert '"link":"OWN_DEVICE"' in str(Entry.objects.get(kind="MISSION_CHECKED_IN").content.body)


def test_the_radio_operator_enters_a_check_in_with_its_time_and_link(
    world: World, pages: Pages
) -> None:
    mission = world.send_out("agent")
    world.now += dt.timedelta(minutes=60)
    operator = pages.as_("guard")
    wrong = operator.post(
        of("mission-check-in", mission), sent(link="RADIO", happened="half past", note="by the hut")
    )
    assert "is not a time" in text_of(wrong)
    assert "by the hut" in wrong.content.decode()
    answer = operator.post(
        of("mission-check-in", mission), sent(link="RADIO", happened="09:20", note="by the hut")
    )
    assert "Noted: fine at 09:20" in followed(operator, answer)
    mission.refresh_from_db()
    assert mission.heard_at == dt.datetime(2026, 11, 20, 8, 20, tzinfo=dt.UTC)


def test_a_member_signs_out_and_in_from_her_own_phone(world: World, agent: Client) -> None:
    mission = world.plan("agent")
    page = agent.get(of("mission-sign-out", mission))
    assert "You are expected back 11:00" in text_of(page)
    assert "How do you know" not in text_of(page)
    agent.post(of("mission-sign-out", mission), sent(gate=str(world.gate_id)))
    row = PartyMember.objects.get(mission=mission)
    assert (row.state, row.out_how, row.out_gate_id) == ("OUT", "DEVICE", world.gate_id)
    answer = agent.post(of("mission-sign-in", mission), sent(gate="phone"))
    assert "Welcome back, Fox." in followed(agent, answer)
    row.refresh_from_db()
    assert (row.state, row.back_how, row.back_gate_id) == ("BACK", "DEVICE", None)


def test_a_member_signs_in_her_party_only_when_heads_and_names_agree(
    world: World, agent: Client
) -> None:
    mission = world.send_out("agent", "mate")
    both = [str(world.people["agent"]), str(world.people["mate"])]
    form = {"gate": "phone", "how": "SEEN", "person": both}
    wrong = agent.post(of("mission-sign-in", mission), sent(**form, heads="3"))
    assert "You counted 3 heads, but 2 of 2 names are ticked" in text_of(wrong)
    agent.post(of("mission-sign-in", mission), sent(**form, heads="2"))
    mission.refresh_from_db()
    assert mission.state == "BACK"


def test_the_list_shows_and_finds_what_one_may_see(
    world: World, pages: Pages, agent: Client, head: Client
) -> None:
    world.send_out("agent", place="Quarry")
    world.plan("mate")
    everything = text_of(head.get(reverse("missions")))
    assert "Fox" in everything
    assert "Owl" in everything
    own = text_of(agent.get(reverse("missions")))
    assert "Fox" in own
    assert "Owl" not in own
    found = text_of(head.get(reverse("missions"), {"q": "quarry", "show": "all"}))
    assert "Fox" in found
    assert "Owl" not in found
    assert "No mission fits" in text_of(head.get(reverse("missions"), {"q": "moon"}))
    assert "No mission stands here." in text_of(pages.as_("outsider").get(reverse("missions")))
    assert "Owl" not in text_of(head.get(reverse("missions"), {"show": "out"}))
    assert head.get(reverse("missions"), {"page": "x", "show": "y"}).status_code == 200


def test_pages_take_few_queries_however_many_there_are(world: World, head: Client) -> None:
    def queries(address: str) -> int:
        head.get(address)  # who looked is written down once in ten minutes
        with CaptureQueriesContext(connection) as caught:
            assert head.get(address).status_code == 200
        return len(caught)

    world.send_out("agent", "mate")
    world.sign_in("agent", "mate", heads=2)  # as the others below: they may be released
    mission = world.send_out("agent", "mate")
    queries(reverse("missions"))  # the first page of a log-in puts it on the list of log-ins
    small = queries(reverse("missions")), queries(of("mission", mission))
    for number in range(5):
        world.add(f"extra{number}", reachable=False)
    extras = [f"extra{number}" for number in range(5)]
    for who in extras:
        world.send_out(who)
        world.sign_in(who)
        world.plan(who)
    large = world.send_out(*extras)
    assert (queries(reverse("missions")), queries(of("mission", large))) == small
