"""Planning on the page: sentences beside fields, everything kept, changes of the clocks."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.people.actions import persons
from homeby.people.rules import STATION, PersonKind
from tests.rooms.pages import Pages, entries, followed, sent, text_of
from tests.world import World

GPX = b'<gpx version="1.1"><wpt lat="46.4" lon="13.7"><name>Hut</name></wpt></gpx>'
PLAN = "/plan/"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def head(pages: Pages) -> Client:
    return pages.as_("head")


def typed(world: World, leader: str = "agent", *others: str, **fields: Any) -> dict[str, Any]:
    """A plan as somebody types it."""
    usual = {
        "leader": str(world.people[leader]) if leader else "",
        "members": [str(world.people[who]) for who in others],
        "what": "Ridge patrol",
        "where": "North ridge",
        "expected_back": "18:30",
        "device": "beacon",
        "conditions": "NORMAL",
    }
    return sent(**(usual | fields))


def planned(client: Client, form: dict[str, Any]) -> Mission:
    """The mission that came of a form."""
    followed(client, client.post(PLAN, form))
    return Mission.objects.get(pk=form["entry_id"])


def beside(page: str, name: str) -> str:
    """What stands beside a field: the sentences of its list of errors."""
    found = re.search(rf'<ul class="errorlist" id="id_{name}_error">(.*?)</ul>', page, re.S)
    return re.sub(r"<[^>]*>", "", found[1]) if found else ""


def test_a_plan_is_kept_as_it_was_typed_and_promises(world: World, head: Client) -> None:
    form = typed(world, "agent", "mate", call_out="19:15", vehicle="Van", coordinates="46.4 13.7")
    said = followed(head, head.post(PLAN, form))
    assert "Planned." in said
    assert "If they are not back" in said
    assert "Sign out" in said
    row = Mission.objects.get(pk=form["entry_id"])
    assert row.due_at == dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
    assert row.call_out_at == dt.datetime(2026, 11, 20, 18, 15, tzinfo=dt.UTC)
    assert (row.due_typed, row.call_out_typed, row.zone) == ("18:30", "19:15", "Europe/Zurich")
    assert (row.latitude, row.longitude, row.vehicle) == (46.4, 13.7, "Van")
    assert not row.is_solo
    assert row.party.count() == 2


def test_a_plan_that_is_sent_twice_is_one_plan(world: World, head: Client) -> None:
    form = typed(world, "agent", "mate")
    first, before = head.post(PLAN, form), entries()
    again = head.post(PLAN, form)
    assert again.headers["Location"] == first.headers["Location"]
    assert Mission.objects.count() == 1
    assert entries() == before


def test_looking_at_the_form_changes_nothing(world: World, head: Client) -> None:
    before = entries()
    assert head.get(PLAN).status_code == 200
    look = head.post(PLAN, typed(world, "agent", "mate", what="", look="1"))
    assert look.status_code == 200
    assert "errorlist" not in look.content.decode()
    assert "Fox: looks, clothing, what they carry" in text_of(look)
    assert "Owl: looks, clothing, what they carry" in text_of(look)
    assert entries() == before


def test_what_is_wrong_stands_beside_its_field_and_everything_is_kept(
    world: World, head: Client
) -> None:
    form = typed(
        world,
        "",
        "mate",
        where=" ",
        expected_back="20.11. 07:00",
        coordinates="up there",
        kit="Rope",
    )
    page = head.post(PLAN, form).content.decode()
    assert "Choose a leader" in beside(page, "leader")
    assert "Say where they go" in beside(page, "where")
    assert "lies in the past" in beside(page, "expected_back")
    assert "latitude, then the longitude" in beside(page, "coordinates")
    for kept in ("20.11. 07:00", "up there", "Rope", "Ridge patrol", "beacon"):
        assert kept in page
    ticked = rf'value="{world.people["mate"]}"[^>]*checked'
    assert re.search(ticked, page)
    assert not Mission.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"expected_back": "when it is dark"}, "expected_back", "is not a time"),
        ({"expected_back": ""}, "expected_back", "Say when the party is expected back."),
        ({"expected_back": "20.11.2031 18:00"}, "expected_back", "check the year"),
        ({"call_out": "+6h"}, "call_out", "this organisation allows 4 h"),
        ({"call_out": "20.11.2026 17:00"}, "call_out", "lies before expected back"),
        ({"check_in_minutes": "2"}, "check_in_minutes", "5 minutes to 24 hours apart"),
        ({"what": "x" * 301}, "what", "301 characters were typed; 300 fit."),
        ({"leader": str(uuid.uuid4())}, "leader", "This is not on the list any more"),
        ({"device": ""}, "device", "carry a device or name a buddy"),
    ],
)
def test_each_mistake_has_its_sentence(
    world: World, head: Client, fields: dict[str, str], field: str, sentence: str
) -> None:
    page = head.post(PLAN, typed(world) | fields).content.decode()
    assert sentence in beside(page, field)
    assert not Mission.objects.exists()


def test_one_person_is_solo_by_itself_and_told_what_that_means(world: World, head: Client) -> None:
    world.strict_alone()
    form = typed(world, call_out="20:00")
    said = followed(head, head.post(PLAN, form))
    assert "One person alone: check-ins at least every 120 min" in said
    assert "Help is called at 19:00, earlier than typed" in said
    row = Mission.objects.get(pk=form["entry_id"])
    assert row.is_solo
    assert row.check_in_minutes == 120


def test_a_unit_alone_is_solo_only_when_said(world: World, head: Client) -> None:
    tap = new_tap()
    persons.add_person(
        name="Engine 5", callsign="E05", kind=PersonKind.UNIT, by=STATION, now=world.now, tap=tap
    )
    world.people["engine"] = tap.entry_id
    assert not planned(head, typed(world, "engine", device="")).is_solo
    assert planned(head, typed(world, "engine", solo="on")).is_solo
    page = head.post(PLAN, typed(world, "agent", "mate", solo="on")).content.decode()
    assert "Solo is one person; this party has 2." in beside(page, "solo")


def test_conditions_bring_the_call_out_forward(world: World, head: Client) -> None:
    row = planned(head, typed(world, "agent", "mate", conditions="SEVERE", call_out="19:30"))
    assert row.call_out_at == dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("back", "sentence", "due_at"),
    [
        ("31.10.2027 02:30", "happens twice", dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)),
        ("28.03.2027 02:30", "does not happen", dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC)),
    ],
)
def test_over_a_change_of_the_clocks_the_earlier_reading_is_taken_and_said(
    world: World, head: Client, back: str, sentence: str, due_at: dt.datetime
) -> None:
    world.now = due_at - dt.timedelta(hours=6)
    form = typed(world, "agent", "mate", expected_back=back)
    assert sentence in followed(head, head.post(PLAN, form))
    assert Mission.objects.get(pk=form["entry_id"]).due_at == due_at
    assert sentence in head.get("/time-said/", {"typed": back}).content.decode()


def test_a_typed_time_is_said_back(world: World, head: Client) -> None:
    def said(**asked: str) -> str:
        return head.get("/time-said/", {"zone": "Europe/Zurich"} | asked).content.decode()

    assert said(typed="+7h30") == "in 7 h 30, 16:30"
    assert said(typed="+1h", after="18:30") == "in 10 h 30, 19:30"
    assert "is not a time" in said(typed="later")
    assert "is not a time zone" in said(typed="18:30", zone="Moon/Base")
    assert head.get("/time-said/").headers["Understood"] == "no"


def test_a_member_plans_for_herself_but_not_for_others(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    assert "Owl" not in text_of(agent.get(PLAN))
    page = agent.post(PLAN, typed(world, "mate")).content.decode()
    assert "This is not on the list any more" in beside(page, "leader")
    assert planned(agent, typed(world)).planned_by_id == world.people["agent"]


def test_with_many_people_they_are_found_by_callsign(world: World, head: Client) -> None:
    for number in range(70):
        world.add(f"extra{number:02}", reachable=False)
    page = text_of(head.get(PLAN))
    assert "Find by callsign" in page
    assert "extra69" not in page
    found = head.post(PLAN, typed(world, "agent", "mate", find="extra69", look="1"))
    assert "extra69" in text_of(found)
    assert re.search(rf'value="{world.people["mate"]}"[^>]*checked', found.content.decode())
    row = planned(head, typed(world, "agent", "extra69"))
    assert row.party.count() == 2


def test_a_route_is_kept_while_something_else_is_mended(world: World, head: Client) -> None:
    route = SimpleUploadedFile("hut.gpx", GPX)
    page = head.post(PLAN, typed(world, "agent", "mate", where="", route=route)).content.decode()
    assert "hut.gpx is kept" in page
    carried = re.search(r'name="route_kept" value="([^"]+)"', page)
    assert carried
    row = planned(head, typed(world, "agent", "mate", route_kept=carried[1]))
    assert "Hut" in row.route_gpx
    answer = head.get(reverse("mission-route", args=[row.pk]))
    assert answer.headers["Content-Type"] == "application/gpx+xml"
    assert "attachment" in answer.headers["Content-Disposition"]
    none = planned(head, typed(world, "agent", "mate"))
    assert head.get(reverse("mission-route", args=[none.pk])).status_code == 404


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"route": SimpleUploadedFile("a.gpx", b"<!DOCTYPE gpx [<!ENTITY a 'b'>]><gpx/>")}, "enti"),
        ({"route": SimpleUploadedFile("a.gpx", b"")}, "no GPX file"),
        ({"route_kept": "rubbish!"}, "lost on the way"),
        ({"route_kept": "eJw="}, "no GPX file"),
    ],
)
def test_a_bad_route_is_refused_beside_its_field(
    world: World, head: Client, fields: dict[str, Any], sentence: str
) -> None:
    page = head.post(PLAN, typed(world, "agent", "mate", **fields)).content.decode()
    assert sentence in beside(page, "route")
    assert not Mission.objects.exists()


def test_whoever_is_assigned_by_another_is_asked(world: World, head: Client) -> None:
    row = planned(head, typed(world, "agent", "mate", assigned_by=str(world.people["head"])))
    assert row.acceptance == "ASKED"


def test_a_plan_kept_unchanged_stays_the_same(world: World, head: Client) -> None:
    form = typed(world, "agent", "mate", call_out="19:30", conditions="DEMANDING", kit="Rope")
    row = planned(head, form | {"route": SimpleUploadedFile("hut.gpx", GPX)})
    address = reverse("mission-plan-change", args=[row.pk])
    page = head.get(address)
    shown = page.context["form"].initial | {"entry_id": str(uuid.uuid4())}
    followed(head, head.post(address, {k: v for k, v in shown.items() if v not in (None, False)}))
    same = Mission.objects.get(pk=row.pk)
    for name in ("due_at", "call_out_at", "kit", "conditions", "route_gpx", "is_solo", "leader_id"):
        assert getattr(same, name) == getattr(row, name), name
    assert same.party.count() == 2


def test_a_plan_is_changed_until_somebody_has_left(world: World, head: Client) -> None:
    row = planned(head, typed(world, "agent", "mate"))
    address = reverse("mission-plan-change", args=[row.pk])
    changed = typed(world, "agent", what="Valley patrol", about_x="", expected_back="20:00")
    changed[f"about_{world.people['agent']}"] = "Red scarf"
    said = followed(head, head.post(address, changed))
    assert "Plan changed." in said
    assert "Red scarf" in said
    row.refresh_from_db()
    assert (row.what, row.is_solo) == ("Valley patrol", True)
    away = world.send_out("mate")
    late = head.get(reverse("mission-plan-change", args=[away.pk]))
    assert "The party has left. Ask for more time instead." in followed(head, late)
