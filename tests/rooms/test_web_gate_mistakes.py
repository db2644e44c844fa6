"""A tap on the wrong tile: it is taken back, the watch goes on, and everybody due learns of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.watch.models import Alarm
from tests.rooms.pages import Pages, entries, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def guard(pages: Pages) -> Client:
    return pages.as_("guard")


def take_back(world: World, mission: Mission, who: str) -> str:
    return reverse("gate-take-back", args=[world.gate_id, mission.pk, world.people[who]])


def signed_in_by_mistake(world: World, guard: Client, mission: Mission) -> str:
    tile = f"{mission.pk}/{world.people['agent']}"
    pick = reverse("gate-pick", args=[world.gate_id, "in"])
    return followed(guard, guard.post(pick, sent(tile=tile)))


def test_the_watch_goes_on_for_whoever_was_signed_in_by_mistake(
    world: World, guard: Client
) -> None:
    mission = world.send_out("agent", due_minutes=30)
    assert "It is not Fox: take it back" in signed_in_by_mistake(world, guard, mission)
    said = followed(guard, guard.post(take_back(world, mission, "agent"), sent()))
    assert "Taken back: Fox is still out, and is missed as before." in said
    mission.refresh_from_db()
    assert (mission.state, mission.back_at, mission.debrief_due_at) == ("OUT", None, None)
    world.fast_forward(minutes=40)
    assert world.alarm().state == "OPEN"
    assert "Fox is not back after all" in [one.subject for one in world.phone("head")]
    assert verify().difference is None


def test_an_alarm_that_a_wrong_tap_ended_is_open_again_at_once(world: World, guard: Client) -> None:
    mission = world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=50)
    signed_in_by_mistake(world, guard, mission)
    assert Alarm.objects.get().state == "ENDED"
    guard.post(take_back(world, mission, "agent"), sent())
    world.look()
    assert world.alarm().state == "OPEN"


def test_in_a_party_the_others_stay_as_they_are(world: World, guard: Client) -> None:
    mission = world.send_out("agent", "mate", due_minutes=60)
    signed_in_by_mistake(world, guard, mission)
    guard.post(take_back(world, mission, "agent"), sent())
    assert set(mission.party.values_list("state", flat=True)) == {"OUT"}
    world.sign_in("mate")
    mission.refresh_from_db()
    assert mission.state == "OUT"


def test_it_counts_once_and_only_for_who_may(world: World, pages: Pages, guard: Client) -> None:
    mission = world.send_out("agent", "mate")
    refused = followed(guard, guard.post(take_back(world, mission, "agent"), sent()))
    assert "no sign-in on this mission to take back" in refused
    signed_in_by_mistake(world, guard, mission)
    assert pages.as_("mate").post(take_back(world, mission, "agent"), sent()).status_code == 404
    form, act = sent(), reverse("mission-act", args=[mission.pk])
    mate = pages.as_("mate")
    wanted = {"act": "take_back", "person": str(world.people["agent"])}
    refused = followed(mate, mate.post(act, sent(**wanted)))
    assert "Ask the gate keeper or the duty officer" in refused, "she is not told who is back"
    guard.post(take_back(world, mission, "agent"), form)
    before = entries()
    guard.post(take_back(world, mission, "agent"), form)
    assert entries() == before
    assert guard.get(take_back(world, mission, "agent")).status_code == 405


def test_a_wrong_line_is_put_right_by_a_new_one(world: World, guard: Client) -> None:
    mission = world.send_out("agent")
    number = Entry.objects.get(kind="MISSION_SIGNED_OUT").number
    page = reverse("mission", args=[mission.pk])
    assert f'<option value="{number}">' in guard.get(page).content.decode()
    act = reverse("mission-act", args=[mission.pk])
    right = sent(act="correct", number=str(number), text="She left by the south gate.")
    assert "She left by the south gate" in followed(guard, guard.post(act, right))
    wrong = sent(act="correct", number="x", text="Nothing.")
    assert "Choose the line that is wrong." in followed(guard, guard.post(act, wrong))
    assert "She left" in text_of(guard.get(page))
