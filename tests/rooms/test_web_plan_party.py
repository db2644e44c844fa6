"""Who may be planned in, and how few answers a plan needs."""

from __future__ import annotations

import pytest
from django.test import Client

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.people.actions import persons
from homeby.people.models import Person
from homeby.people.rules import STATION, PersonKind
from tests.rooms.pages import Pages, sent
from tests.rooms.test_web_missions_plan import PLAN, beside, planned, typed
from tests.world import World


@pytest.fixture
def head(world: World, monkeypatch: pytest.MonkeyPatch) -> Client:
    return Pages(world, monkeypatch).as_("head")


def test_whoever_has_left_the_organisation_is_planned_in_nowhere(
    world: World, head: Client
) -> None:
    Person.objects.filter(pk=world.people["mate"]).update(is_active=False)
    page = head.post(PLAN, typed(world, "agent", "mate")).content.decode()
    assert "Owl is not available; choose somebody else." in beside(page, "members")
    page = head.post(PLAN, typed(world, buddy=str(world.people["mate"]))).content.decode()
    assert "Owl is not available" in beside(page, "buddy")
    assert not Mission.objects.exists()


def test_three_answers_are_enough_for_a_party_and_a_unit(world: World, head: Client) -> None:
    for party in (("agent", "mate"), ("cart",)):
        if "cart" in party:
            tap = new_tap()
            persons.add_person(
                name="Cart 1", kind=PersonKind.UNIT, by=STATION, now=world.now, tap=tap
            )
            world.people["cart"] = tap.entry_id
        leader, *others = (str(world.people[who]) for who in party)
        answers = {"leader": leader, "members": others, "where": "Lake", "expected_back": "18:30"}
        mission = planned(head, sent(**answers))
        assert (mission.what, mission.place) == ("Mission", "Lake")
        without = head.post(PLAN, sent(**answers | {"where": ""})).content.decode()
        assert "Say where they go" in beside(without, "where")
