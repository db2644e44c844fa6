"""A secret unit is known to its members and to those who were named, in no page, count, search,
message, logbook or file of anybody else; a return gives nothing back (`STORY.md` 78, 83)."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client

from homeby.archive.gathering import rows
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.models import Membership, RoleHeld
from homeby.people.rules import STATION, Role
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.queries import VISIBLE
from tests.promises.apart import keep_away
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

SECRET = ("Nightjar", "Shade-1")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def found(client: Client, **more: Any) -> str:
    said = {"name": SECRET[0], "callsign": SECRET[1], "is_secret": "on", "requires": ["RADIO"]}
    assert "Founded." in followed(
        client, client.post("/special-units/", sent(act="found", **(said | more)))
    )
    return f"/special-units/{SpecialUnit.objects.latest('founded_at').pk}/"


def ask(world: World, keeper: Client, at: str, who: str, **more: Any) -> None:
    said = {"place": "MEMBER", "reason": "NEEDED", "callsign": "Crow", "spoken": "on"}
    said |= {"why": "She learns the radio first."} | more
    response = keeper.post(at, sent(act="ask", person=world.people[who], **said))
    assert "Asked." in followed(keeper, response)


@pytest.mark.looks
def test_nobody_else_finds_it_anywhere(world: World, pages: Pages) -> None:
    keeper = pages.as_("deputy")
    at = found(keeper)
    for who in ("agent", "mate"):
        ask(world, keeper, at, who)
        client = pages.as_(who)
        assert SECRET[0] in text_of(client.get("/me/path/"))
        assert text_of(client.get(at)).count("Crow") == 1, "whoever is only asked sees nobody"
        place = SpecialUnitPlace.objects.get(person_id=world.people[who])
        yes = client.post(at, sent(act=f"yes-{place.pk}"))
        assert "You have the place" in followed(client, yes)
        world.now += dt.timedelta(minutes=1)
    keep_away(world, "mate", "agent")
    agent = pages.as_("agent")
    assert text_of(agent.get(at)).count("Crow") == 2, (
        "herself, and as a place to end; she reads nothing of whom she is kept from"
    )
    assert "missing" in text_of(agent.get(at)), "and what she lacks herself"
    world.look()
    for one in world.received:
        said = f"{one.subject} {one.outgoing.text}"
        assert not any(word in said for word in SECRET)
    names = ("head", "admin", "guard", "outsider")
    looked = ["/special-units/", "/me/path/", "/me/", "/office/", "/office/people/?q=Nightj",
              "/office/logbook/", "/office/messages/", "/office/list/teams/", "/team-changes/",
              "/office/list/units/", f"/office/people/{world.people['agent']}/",
              "/office/logbook/file/json/", "/office/logbook/?show=looks"]  # fmt: skip
    for who in names:
        client = pages.as_(who)
        assert client.get(at).status_code == 404
        for address in looked:
            answer = client.get(address)
            text = b"".join(answer).decode()
            assert not any(word in text for word in (*SECRET, "special-unit:")), (who, address)
        viewer = world.as_(who)
        assert not visible_entries(viewer).filter(kind__startswith="SPECIAL_UNIT").exists()
        assert not VISIBLE[SpecialUnit](viewer).exists()
        assert not VISIBLE[SpecialUnitPlace](viewer).exists()
        assert SECRET[0] not in json.dumps(rows(viewer, now=world.now))
    assert SECRET[0] in json.dumps(rows(world.as_("agent"), now=world.now))
    other = pages.as_("head")
    assert found(other) != at, "nobody learns by a name that is taken that there is one"


def test_leaving_ends_it_at_once_and_coming_back_restores_nothing(
    world: World, pages: Pages
) -> None:
    keeper, agent = pages.as_("deputy"), pages.as_("agent")
    at = found(keeper)
    for place in ("MEMBER", "KEEPER"):
        ask(world, keeper, at, "agent", place=place)
        row = SpecialUnitPlace.objects.get(person_id=world.people["agent"], place=place)
        followed(agent, agent.post(at, sent(act=f"yes-{row.pk}")))
        again = agent.post(at, sent(act=f"yes-{row.pk}"))
        assert "It stands differently by now" in followed(agent, again)
    twice = keeper.post(at, sent(act="ask", person=world.people["agent"], place="MEMBER",
                                 reason="RETURN", callsign=""))  # fmt: skip
    assert "She stands there already" in text_of(twice)
    mine = SpecialUnitPlace.objects.filter(person_id=world.people["agent"])
    for row in mine:
        left = keeper.post(at, sent(act="leave", place=row.pk, reason="REST"))
        assert "The place has ended." in followed(keeper, left)
    assert agent.get(at).status_code == 404
    own = text_of(agent.get("/me/path/"))
    assert "rest (Deputy)" in own, "she keeps her history, with its reason and who decided"
    last = SpecialUnitPlace.objects.get(person_id=world.people["deputy"])
    stuck = keeper.post(at, sent(act="leave", place=last.pk, reason="REST"))
    assert "Somebody must keep the unit" in text_of(stuck)
    world.now += dt.timedelta(days=40)
    ask(world, keeper, at, "agent", reason="RETURN", callsign="")
    row = mine.get(to_at__isnull=True)
    followed(agent, agent.post(at, sent(act=f"yes-{row.pk}")))
    assert mine.all().count() == 3, "the gap stays"
    row.refresh_from_db()
    assert (row.place, row.callsign) == ("MEMBER", "")
    assert "Ask somebody" not in text_of(agent.get(at)), "she kept the unit; she keeps it no more"


def test_a_team_gives_no_role_back_either(world: World) -> None:
    person, team = world.people["agent"], world.team_id

    def join() -> None:
        teams.join_team(person_id=person, team_id=team, by=STATION, now=world.now, tap=new_tap())

    join()
    term = teams.Term(team_id=team)
    teams.give_role(
        person_id=person, role=Role.LEADER, term=term, by=STATION, now=world.now, tap=new_tap()
    )
    assert world.as_("agent").teams(Role.LEADER)
    row = Membership.objects.get(person_id=person)
    teams.leave_team(membership_id=row.pk, by=STATION, now=world.now, tap=new_tap())
    assert not world.as_("agent").teams(Role.LEADER)
    world.now += dt.timedelta(days=1)
    join()
    assert not world.as_("agent").teams(Role.LEADER)
    assert RoleHeld.objects.filter(person_id=person).count() == 1
