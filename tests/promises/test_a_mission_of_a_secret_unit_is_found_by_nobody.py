"""A mission of a secret unit is known to its party, to whoever keeps the unit, to the duty officers
of the whole organisation, and to whoever an alarm about it came to: nobody else finds it, by no
list, count, search, file, stream, message, program or answer (promise 8; `STORY.md` 78, 83)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from homeby.logbook.models import Read
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission, MissionUnit
from homeby.missions.queries.who import viewer_for
from homeby.people.actions import teams
from homeby.people.models import Person
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import special_units
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.rules.special_units import Reason
from tests.promises.apart import LOOKED_AT
from tests.promises.planning_duties import in_team
from tests.promises.planning_duties import planned as a_duty
from tests.promises.special import found_unit, joined
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

WORDS = ("Nightjar", "Shade-1", "Heron run", "Blackwater")
#: Who has a role, or stands near, and yet no need to know.
OTHERS = ("admin", "guard", "outsider", "second", "chief", "mate", "medic", "welfare", "safe")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    world.add("second", Role.LEADER, callsign="Second")
    world.add("medic", Role.MEDIC, callsign="Doc")
    world.add("welfare", Role.WELFARE_OFFICER, callsign="Ear")
    world.add("safe", Role.SAFEGUARDING_LEAD, callsign="Shield")
    world.add("chief", callsign="Chief")
    world.add("pal", callsign="Pal")
    world.add("officer", Role.DUTY_OFFICER, callsign="Officer")
    term = teams.Term(team_id=world.team_id)
    for role in (Role.LEADER, Role.DUTY_OFFICER):
        teams.give_role(person_id=world.people["chief"], role=role, term=term, by=STATION,
                        now=world.now, tap=new_tap())  # fmt: skip
    return Pages(world, monkeypatch)


def unit_of(world: World, *members: str, is_secret: bool = True) -> uuid.UUID:
    """A unit that the second leader's colleague keeps, with these in it."""
    key = found_unit(world, WORDS[0], callsign=WORDS[1], is_secret=is_secret)
    for who in members:
        joined(world, key, who)
    return key


def planned(client: Client, unit: uuid.UUID, leader: uuid.UUID, **more: Any) -> Mission:
    pal = Person.objects.get(callsign="Pal").pk
    said = {"leader": leader, "unit": unit, "where": f"{WORDS[3]}, pier 3", "what": WORDS[2],
            "expected_back": "+2h", "members": pal} | more  # fmt: skip
    followed(client, client.post("/plan/", sent(**said)))
    return Mission.objects.get(what=WORDS[2])


def out(world: World, pages: Pages) -> Mission:
    """The agent is out for the secret unit."""
    unit = unit_of(world, "agent", "mate")
    mission = planned(pages.as_("deputy"), unit, world.people["agent"])
    world.sign_out(mission, "agent", "pal")
    return mission


def about(mission: Mission) -> list[str]:
    of = f"/missions/{mission.pk}/"
    return [of, *(f"{of}{one}/" for one in ("rows", "plan", "kin", "who-can-go", "positions",
                                            "check-in", "sign-out", "more-time")),
            f"/break-glass/{mission.pk}/"]  # fmt: skip


SEARCHED = ("/missions/?q=lackwate", "/missions/?state=PLANNED", "/missions/?state=OUT&q=Fox",
            "/office/logbook/file/json/", "/search/?q=lackwate", "/calendar/?show=month",
            "/events.ics")  # fmt: skip


def told(world: World, client: Client, address: str) -> str:
    address = address.format(gate=world.gate_id)
    return b"".join(client.get(address, follow=True)).decode()


def nobody_else_finds(world: World, pages: Pages, mission: Mission, others: Any = OTHERS) -> None:
    key = str(mission.pk)
    for who in others:
        client = pages.as_(who)
        for address in (*LOOKED_AT, *SEARCHED):
            text = told(world, client, address)
            assert key not in text, (who, address)
            assert not any(word in text for word in WORDS[2:]), (who, address)
        for address in about(mission):
            assert client.get(address).status_code in (302, 403, 404), (who, address)
        viewer = viewer_for(world.people[who], now=world.now)
        lines = visible_entries(viewer).filter(subject__startswith=mission.ref)
        assert not lines.exists(), who


@pytest.mark.looks  # pages say the same on either database; the other tests here run on both
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_it_on_any_page(world: World, pages: Pages, who: str) -> None:
    mission = out(world, pages)
    nobody_else_finds(world, pages, mission, [who])
    assert not any(WORDS[2] in one.outgoing.text for one in world.phone(who))


@pytest.mark.looks
@pytest.mark.parametrize("who", ["guard", "second"])
def test_nor_while_it_is_planned_or_when_they_are_home(
    world: World, pages: Pages, who: str
) -> None:
    unit = unit_of(world, "agent", "mate")
    mission = planned(pages.as_("deputy"), unit, world.people["agent"])
    nobody_else_finds(world, pages, mission, [who])
    world.sign_out(mission, "agent", "pal")
    for one in ("agent", "pal"):
        world.sign_in(one)
    nobody_else_finds(world, pages, mission, [who])


def test_who_needs_to_know_sees_it_by_its_callsign(world: World, pages: Pages) -> None:
    mission = out(world, pages)
    for who in ("agent", "deputy", "head", "officer"):
        page = text_of(pages.as_(who).get(f"/missions/{mission.pk}/"))
        assert "Blackwater" in page, who
        assert "Shade-1" in page, who
        assert "Nightjar" not in page, "its name is for whoever stands in it, on its page"
    for who in ("head", "officer", "deputy"):
        board = text_of(pages.as_(who).get("/board/"))
        assert "Shade-1, Heron run, Blackwater" in board, who
    assert "Shade-1" not in text_of(pages.as_("guard").get("/board/"))
    assert "Shade-1" in text_of(pages.as_("head").get("/board/")), "whoever looked before"


def test_no_program_finds_it(world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    mission = out(world, pages)
    programs = Programs(world, monkeypatch)
    for who in OTHERS:
        program = programs.of(who)
        for path in ("missions", "alarms", "entries", f"missions/{mission.pk}"):
            text = program.get(path).content.decode()
            assert str(mission.pk) not in text.replace(path, ""), (who, path)
            assert not any(word in text for word in WORDS), (who, path)
    found = programs.of("head").get(f"missions/{mission.pk}").json()
    assert (found["unit"], found["what"]) == ("Shade-1", "Heron run")


@pytest.mark.looks
def test_an_alarm_about_it_is_seen_by_whoever_it_came_to(world: World, pages: Pages) -> None:
    mission = out(world, pages)
    world.fast_forward(minutes=4 * 60)
    alarm = world.alarm()
    others = [who for who in OTHERS if not any("Blackwater" in one.outgoing.text
                                               for one in world.phone(who))]  # fmt: skip
    nobody_else_finds(world, pages, mission, [one for one in others if one != "mate"])
    for who in others:
        assert pages.as_(who).get(f"/alarms/{alarm.pk}/").status_code in (403, 404), who
    assert "second" not in others, "the last steps tell every leader: somebody must look"
    assert "Blackwater" in text_of(pages.as_("second").get(f"/alarms/{alarm.pk}/"))
    assert pages.as_("second").get(f"/missions/{mission.pk}/").status_code == 200
    world.sign_in("agent")
    world.sign_in("pal")
    assert pages.as_("second").get(f"/missions/{mission.pk}/").status_code == 404


def test_nobody_who_does_not_stand_in_it_plans_for_it(world: World, pages: Pages) -> None:
    unit = unit_of(world, "agent")
    for who in ("head", "second", "mate"):
        client = pages.as_(who)
        assert "Nightjar" not in text_of(client.get("/plan/"))
        said = {"leader": world.people[who], "unit": unit, "where": "Hut", "device": "Radio",
                "expected_back": "+2h"}  # fmt: skip
        client.post("/plan/", sent(**said))
        assert not Mission.objects.filter(unit__isnull=False).exists(), who
    mission = planned(pages.as_("deputy"), unit, world.people["agent"])
    head = pages.as_("head")
    page = text_of(head.get(f"/missions/{mission.pk}/plan/"))
    assert "Shade-1" in page
    said = {"leader": world.people["agent"], "where": "Blackwater", "what": "Heron run",
            "expected_back": "+3h", "members": world.people["pal"]}  # fmt: skip
    head.post(f"/missions/{mission.pk}/plan/", sent(**said))
    mission.refresh_from_db()
    assert mission.unit_id == unit, "nobody outside takes it from the unit, which would open it"
    followed(head, head.post(f"/missions/{mission.pk}/plan/", sent(**said, unit=unit)))


@pytest.mark.looks
def test_a_unit_that_becomes_secret_hides_what_it_was_out_on(world: World, pages: Pages) -> None:
    unit = unit_of(world, "agent", is_secret=False)
    mission = planned(pages.as_("deputy"), unit, world.people["agent"])
    world.sign_out(mission, "agent", "pal")
    guard, head = pages.as_("guard"), pages.as_("head")
    assert "Nightjar, Heron run" in text_of(guard.get("/board/")), "an open one by its name"
    fields = special_units.UnitFields(name=WORDS[0], callsign=WORDS[1], is_secret=True)
    special_units.change_unit(unit_id=unit, fields=fields, by=world.as_("deputy"), now=world.now,
                              tap=new_tap())  # fmt: skip
    assert "Heron run" not in text_of(guard.get("/board/"))
    assert "Shade-1, Heron run" in text_of(head.get("/board/"))
    nobody_else_finds(world, pages, mission, ["guard", "second", "admin"])


def test_whoever_plans_something_else_reads_that_she_is_not_available(
    world: World, pages: Pages
) -> None:
    in_team(world, "agent")
    duty = a_duty(world, by="chief", hours=0.5, lasts=1)
    out(world, pages)
    world.now += dt.timedelta(minutes=31)
    chief, me = pages.as_("chief"), Q(viewer_id=world.people["chief"], whose=world.people["agent"])
    page = text_of(chief.get(f"/calendar/{duty.pk}/"))
    assert "Fox: not available" in page
    assert "Are not available then: 1." in page
    assert "on a mission" not in page
    assert Read.objects.filter(me, kind="STATUS").count() == 1, "she reads who looked at her"
    world.now += dt.timedelta(minutes=11)
    typed = {"leader": world.people["agent"], "where": "Hut", "expected_back": "+3h", "look": "1",
             "members": world.people["chief"]}  # fmt: skip
    advice = text_of(chief.post("/plan/", sent(**typed)))
    assert "Fox: is not available then." in advice
    assert "Fox: Not before " in advice, "she may ask for a reason"
    for word in ("another mission", "On duty since", "nobody is on two"):
        assert word not in advice
    assert Read.objects.filter(me, kind="STATUS").count() == 2
    officer = text_of(pages.as_("officer").get(f"/calendar/{duty.pk}/"))
    assert "Fox: on a mission" in officer, "whoever sees the mission reads of it"


@pytest.mark.looks
def test_whoever_no_longer_keeps_it_finds_it_no_more(world: World, pages: Pages) -> None:
    mission = out(world, pages)
    unit = SpecialUnit.objects.get().pk
    joined(world, unit, "head", place="KEEPER")
    assert pages.as_("deputy").get(f"/missions/{mission.pk}/").status_code == 200
    row = SpecialUnitPlace.objects.get(person_id=world.people["deputy"], to_at__isnull=True)
    special_units.leave_unit(place_id=row.pk, reason=Reason.OWN_WISH, by=world.as_("deputy"),
                             now=world.now, tap=new_tap())  # fmt: skip
    nobody_else_finds(world, pages, mission, ["deputy"])
    assert str(world.people["deputy"]) not in MissionUnit.objects.get().members
