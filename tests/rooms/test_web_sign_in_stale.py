"""A sign-in is never refused because another screen was quicker, and whoever is out twice is not
taken for home: what fits nothing is kept, and what is still open is named with its button."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.actions import gate, places
from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.people.rules import STATION
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def guard(pages: Pages) -> Client:
    return pages.as_("guard")


def states(mission: Mission) -> dict[str, str]:
    rows = PartyMember.objects.filter(mission=mission).select_related("person")
    return {row.person.callsign: row.state for row in rows}


def ids(world: World, *who: str) -> list[str]:
    return [str(world.people[one]) for one in who]


def test_a_gate_page_older_than_another_screen_still_signs_in(world: World, guard: Client) -> None:
    mission = world.send_out("agent", "mate")
    world.sign_in("agent")
    form = sent(person=ids(world, "agent", "mate"), heads="2", how="SEEN")
    address = reverse("gate-party", args=[world.gate_id, mission.pk])
    said = followed(guard, guard.post(address, form))
    assert "Welcome back, Owl." in said
    assert "Fox was signed in already, at 09:00." in said
    assert states(mission) == {"Fox": "BACK", "Owl": "BACK"}
    assert not Unmatched.objects.exists()


@pytest.mark.parametrize("who", [("agent",), ("agent", "mate")])
def test_when_all_are_in_already_it_is_recorded_all_the_same(
    world: World, guard: Client, pages: Pages, who: tuple[str, ...]
) -> None:
    mission = world.send_out(*who)
    world.sign_in(*who, heads=len(who))
    named = {"person": ids(world, "agent")} if len(who) > 1 else {}
    for client, address, more in (
        (guard, reverse("gate-party", args=[world.gate_id, mission.pk]), {"how": "SEEN"}),
        (pages.as_("agent"), reverse("mission-sign-in", args=[mission.pk]), {"gate": "phone"}),
    ):
        said = followed(client, client.post(address, sent(**named, **more)))
        assert "Fox was signed in already, at 09:00." in said
    assert not Unmatched.objects.exists()
    assert Entry.objects.filter(kind="SIGN_IN_REPEATED").count() == 2


def test_a_party_that_is_older_on_the_mission_page_signs_in_too(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    world.sign_in("mate")
    agent = pages.as_("agent")
    address = reverse("mission-sign-in", args=[mission.pk])
    form = sent(person=ids(world, "agent", "mate"), heads="2", how="SEEN", gate="phone")
    assert "Welcome back, Fox." in followed(agent, agent.post(address, form))
    assert states(mission) == {"Fox": "BACK", "Owl": "BACK"}


def test_heads_are_counted_on_an_older_page_too(world: World, guard: Client) -> None:
    mission = world.send_out("agent", "mate")
    world.sign_in("agent")
    form = sent(person=ids(world, "agent", "mate"), heads="1", how="SEEN")
    address = reverse("gate-party", args=[world.gate_id, mission.pk])
    assert "You counted 1 heads" in text_of(guard.post(address, form))
    assert states(mission) == {"Fox": "BACK", "Owl": "OUT"}


def twice_out(world: World) -> tuple[Mission, Mission]:
    """Fox, out on two missions at once."""
    first = world.send_out("agent")
    second = world.plan("agent", what="Night watch")
    gate.sign_out(
        mission_id=second.pk,
        person_ids=[world.people["agent"]],
        at=gate.AtGate(gate_id=world.gate_id),
        anyway=True,
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    return first, second


def test_whoever_is_out_twice_is_named_with_a_button(world: World, guard: Client) -> None:
    first, second = twice_out(world)
    world.fast_forward(minutes=5)
    pick = reverse("gate-pick", args=[world.gate_id, "in"])
    answer = guard.post(pick, sent(tile=f"{first.pk}/{world.people['agent']}"))
    page = guard.get(answer.headers["Location"])
    assert "Fox is still out on “Night watch”." in text_of(page)
    (tile,) = re.findall(r'name="tile" value="([^"]*)"', page.content.decode())
    assert "Welcome back, Fox." in followed(guard, guard.post(pick, sent(tile=tile)))
    assert states(second) == {"Fox": "BACK"}


def test_the_page_of_the_mission_names_it_to_who_may_know(world: World, pages: Pages) -> None:
    first, second = twice_out(world)
    world.fast_forward(minutes=5)
    gate.sign_in(
        person_ids=[world.people["agent"]],
        mission_id=first.pk,
        at=gate.AtGate(gate_id=world.gate_id),
        by=world.as_("guard"),
        now=world.now,
        tap=new_tap(),
    )
    page = pages.as_("agent").get(reverse("mission", args=[first.pk]))
    assert "Fox is still out on “Night watch”: sign in there too" in text_of(page)
    assert reverse("mission-sign-in", args=[second.pk]) in page.content.decode()
    Mission.objects.filter(pk=first.pk).update(buddy_id=world.people["outsider"])
    buddy = pages.as_("outsider").get(reverse("mission", args=[first.pk]))
    assert "Night watch" not in text_of(buddy)


def test_an_outing_of_today_is_not_named_on_an_older_mission(world: World, pages: Pages) -> None:
    first = world.send_out("agent")
    world.fast_forward(minutes=10)
    world.sign_in("agent")
    world.fast_forward(minutes=10)
    world.send_out("agent", what="Night watch")
    page = pages.as_("head").get(reverse("mission", args=[first.pk]))
    assert "Night watch" not in text_of(page)


def test_who_of_a_late_party_is_back_first_is_asked_why(world: World, pages: Pages) -> None:
    places.add_reason(
        code="river", label="High water", is_trouble=False, by=STATION, now=world.now, tap=new_tap()
    )
    mission = world.send_out("agent", "mate", "outsider")
    world.sign_in("outsider")
    world.fast_forward(minutes=130)
    world.sign_in("agent")
    for who, asked in (("agent", True), ("outsider", False)):
        page = reverse("mission-report", args=[mission.pk, world.people[who]])
        assert ("What delayed you?" in text_of(pages.as_(who).get(page))) is asked
    mission.refresh_from_db()
    assert mission.state == "OUT"
    assert mission.due_at is not None
    assert mission.due_at < world.now - dt.timedelta(minutes=9)
