"""Changing a plan: what is left as it stood keeps its time and what was typed; conditions may move
the call-out time earlier, and taken back they give what was typed, never later."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from homeby.missions.models import Mission
from tests.rooms.pages import Pages, followed, sent
from tests.world import World

PLAN = "/plan/"


@pytest.fixture
def head(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    return Pages(world, monkeypatch).as_("head")


def planned(world: World, head: Client, **fields: Any) -> Mission:
    """Fox and Owl, planned as typed."""
    form = sent(
        leader=str(world.people["agent"]),
        members=[str(world.people["mate"])],
        what="Ridge patrol",
        where="North ridge",
        **fields,
    )
    followed(head, head.post(PLAN, form))
    return Mission.objects.get(pk=form["entry_id"])


def changed(world: World, head: Client, mission: Mission, **fields: Any) -> Mission:
    """Sent again as the form shows it, but for these fields."""
    address = reverse("mission-plan-change", args=[mission.pk])
    page = head.get(address).content.decode()
    shown: dict[str, Any] = {"conditions": mission.conditions}
    for name in ("expected_back", "call_out"):
        found = re.findall(rf'name="{name}" value="([^"]*)"', page)
        shown[name] = found[0] if found else ""
    form = sent(
        leader=str(world.people["agent"]),
        members=[str(world.people["mate"])],
        what="Ridge patrol",
        where="North ridge",
        **(shown | fields),
    )
    followed(head, head.post(address, form))
    mission.refresh_from_db()
    return mission


def times(world: World, mission: Mission) -> tuple[float, float]:
    assert mission.due_at is not None
    assert mission.call_out_at is not None
    return world.minutes(mission.due_at), world.minutes(mission.call_out_at)


def test_conditions_taken_back_give_what_was_typed_and_never_later(
    world: World, head: Client
) -> None:
    """The world begins at 09:00 in Zurich."""
    mission = planned(world, head, expected_back="18:00", call_out="18:10", conditions="SEVERE")
    assert times(world, mission) == (540, 540)
    address = reverse("mission-plan-change", args=[mission.pk])
    assert "2026-11-20 18:10" in head.get(address).content.decode()
    assert times(world, changed(world, head, mission)) == (540, 540)
    assert (mission.due_typed, mission.call_out_typed) == ("18:00", "18:10")
    assert times(world, changed(world, head, mission, conditions="NORMAL")) == (540, 550)
    assert times(world, changed(world, head, mission, conditions="DEMANDING")) == (540, 540)
    assert mission.call_out_typed == "18:10"


def test_what_was_typed_stays_with_what_it_meant(world: World, head: Client) -> None:
    world.now += dt.timedelta(seconds=42)
    mission = planned(world, head, expected_back="+7h30", call_out="+45 min")
    before = (mission.due_at, mission.call_out_at)
    world.now += dt.timedelta(minutes=20)
    changed(world, head, mission, vehicle="Van")
    assert (mission.due_at, mission.call_out_at) == before
    assert (mission.due_typed, mission.call_out_typed) == ("+7h30", "+45 min")
    assert mission.vehicle == "Van"


def test_a_time_that_is_typed_anew_is_what_was_typed(world: World, head: Client) -> None:
    mission = planned(world, head, expected_back="18:00", call_out="+1h")
    changed(world, head, mission, expected_back="17:30")
    assert times(world, mission) == (510, 600)
    assert (mission.due_typed, mission.call_out_typed) == ("17:30", "2026-11-20 19:00")
    changed(world, head, mission, call_out="+20 min")
    assert times(world, mission) == (510, 530)
    assert (mission.due_typed, mission.call_out_typed) == ("17:30", "+20 min")
    changed(world, head, mission, call_out="")
    assert times(world, mission) == (510, 570)
    assert mission.call_out_typed == ""


def test_a_time_that_happens_twice_keeps_its_reading(world: World, head: Client) -> None:
    world.now = dt.datetime(2027, 10, 30, 20, 0, tzinfo=dt.UTC)
    mission = planned(world, head, expected_back="+5h30")  # the second 02:30 of that night
    before = mission.due_at
    changed(world, head, mission)
    assert mission.due_at == before == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)
