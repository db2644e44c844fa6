"""Every query finds nothing without a viewer; each role sees what it needs, a stranger nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import models

from homeby.comms import queries as comms
from homeby.logbook import queries as logbook
from homeby.missions import queries as missions
from homeby.missions.rules import PlanTimes
from homeby.people import queries as people
from homeby.people.rules import NOBODY, STATION, Role
from homeby.readiness import queries as readiness
from homeby.watch import queries as watch
from tests.promises.acts import ask_more_time, pass_time
from tests.world import World

ROOMS = {
    "logbook": logbook,
    "people": people,
    "comms": comms,
    "watch": watch,
    "missions": missions,
    "readiness": readiness,
}
VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    model: visible for room in ROOMS.values() for model, visible in room.VISIBLE.items()
}
#: What belongs to an outing or to the worry about it.
OUTINGS = [
    model
    for room in (comms, watch, missions)
    for model in room.VISIBLE
    if model.__name__
    in {
        "Message",
        "Delivery",
        "Subject",
        "Deadline",
        "Alarm",
        "Mission",
        "PartyMember",
        "Extension",
    }
]


@pytest.fixture
def lived(world: World) -> World:
    """A village where every kind of row has come into being that a mission makes."""
    world.give_kin("agent", "mother")
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=1), check_in_minutes=30)
    mission = world.send_out("agent", "mate", times=times)
    pass_time(world, minutes=20)
    ask_more_time(world, mission, minutes=120)
    world.sign_in("deputy")
    pass_time(world, minutes=125)
    return world


def test_without_a_viewer_there_is_nothing_and_the_station_sees_all(lived: World) -> None:
    for model, visible in VISIBLE.items():
        for nobody in (None, NOBODY):
            assert not visible(nobody).exists(), model
        assert visible(STATION).count() == model._default_manager.count(), model


def seen(world: World, who: str, model: type[models.Model]) -> int:
    """How many rows somebody sees."""
    return len(set(VISIBLE[model](world.as_(who)).values_list("pk", flat=True)))


def test_an_outing_is_seen_by_the_watch_and_not_by_a_stranger(lived: World) -> None:
    for model in OUTINGS:
        assert model._default_manager.exists(), f"there is no {model.__name__} to see"
        assert seen(lived, "outsider", model) == 0, model
        assert seen(lived, "head", model) == model._default_manager.count(), model


def test_a_member_sees_her_own_outing_and_messages_and_nobody_elses(lived: World) -> None:
    lived.send_out("outsider")
    by_name = {model.__name__: model for model in OUTINGS}
    assert seen(lived, "agent", by_name["Mission"]) == 1
    assert seen(lived, "agent", by_name["PartyMember"]) == 2
    own = VISIBLE[by_name["Message"]](lived.as_("agent"))
    assert set(own.values_list("person_id", flat=True)) == {lived.people["agent"]}


def test_contact_points_and_kin_are_for_the_person_and_the_office(lived: World) -> None:
    for visible in (people.visible_contacts, people.visible_kin):
        rows = visible(lived.as_("agent"))
        assert set(rows.values_list("person_id", flat=True)) == {lived.people["agent"]}
        assert visible(lived.as_("guard")).exclude(person_id=lived.people["guard"]).count() == 0
        assert visible(lived.as_("admin")).count() == visible(STATION).count()


def test_roles_end_with_their_time(world: World) -> None:
    leaders = people.holders(Role.LEADER, now=world.now)
    assert sorted(leaders) == sorted([world.people["head"], world.people["deputy"]])
    assert people.holders(Role.LEADER, now=world.now.replace(year=2020)) == []
    nobody = people.viewer_for(world.people["head"], now=world.now.replace(year=2020))
    assert nobody.roles == {Role.MEMBER}
