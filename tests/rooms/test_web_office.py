"""The office: people and what stands about them, teams, places, and what waits to be looked at."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby.logbook.models import Read
from homeby.missions.models import DelayReason, Gate, Site, Unmatched
from homeby.people.models import Account, Membership, Organisation, Person, RoleHeld, Team
from homeby.people.rules import MayKnow
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def person_page(world: World, who: str) -> str:
    return f"/office/people/{world.people[who]}/"


ADDRESSES = [
    "/office/",
    "/office/people/",
    "/office/plans/",
    "/office/watch-bill/",
    "/office/list/teams/",
    "/office/list/sites/",
    "/office/list/gates/",
    "/office/list/reasons/",
    "/office/list/units/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_office_is_for_the_office(pages: Pages, address: str) -> None:
    before = entries()
    for who in ("admin", "head", "deputy"):
        assert pages.as_(who).get(address).status_code == 200
    for who in ("guard", "agent"):
        assert pages.as_(who).get(address).status_code == 404
    assert pages.nobody().get(address).status_code == 302
    assert entries() == before


@pytest.mark.parametrize(
    "address",
    [
        "/office/form/organisation/settings/",
        "/office/form/teams/new/",
        "/office/form/sites/new/",
        "/office/plans/new/",
    ],
)
def test_only_an_administrator_enters_what_all_depend_on(pages: Pages, address: str) -> None:
    assert pages.as_("admin").get(address).status_code == 200
    assert pages.as_("head").get(address).status_code == 404
    assert pages.as_("agent").post(address, sent()).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/office/list/nothing/",
        "/office/form/nothing/new/",
        "/office/form/teams/nothing/",
        f"/office/form/unmatched/{uuid.uuid4()}/",
        f"/office/form/roles/new/?person={uuid.uuid4()}",
        "/office/form/roles/new/",
        "/office/form/sites/1/",
        f"/office/people/{uuid.uuid4()}/",
        "/office/plans/1/",
    ],
)
def test_what_is_not_there_is_a_page_that_says_so(pages: Pages, address: str) -> None:
    page = pages.as_("admin").get(address)
    assert page.status_code == 404
    assert "Homeby" in text_of(page)


def test_people_are_listed_and_found(pages: Pages, world: World) -> None:
    world.add("lost", callsign="Lost", reachable=False)
    world.send_out("agent")
    page = text_of(pages.as_("admin").get("/office/people/"))
    assert "Fox Out" in text_of(pages.as_("head").get("/office/people/"))
    assert "Fox Out" not in page, "who is out is none of an administrator's affairs"
    assert "Head duty officer, leader yes" in page
    assert "by name" not in page
    assert "no verified contact point" in page
    found = text_of(pages.as_("admin").get("/office/people/?q=fo"))
    assert "Fox" in found
    assert "Head" not in found
    assert not Read.objects.filter(kind="CALLSIGN").exists()
    assert "Fox" in text_of(pages.as_("admin").get("/office/people/?q=agent+by"))
    by_name = Read.objects.get(kind="CALLSIGN")
    assert (by_name.whose, by_name.why) == (world.people["agent"], "BY_NAME")
    assert "Nobody fits." in text_of(pages.as_("admin").get("/office/people/?q=zzz"))
    assert pages.as_("admin").get("/office/people/?q=%01&page=zz").status_code == 200


def test_a_list_of_people_asks_a_fixed_number_of_queries(pages: Pages, world: World) -> None:
    client = pages.as_("admin")
    client.get("/office/people/")
    with CaptureQueriesContext(connection) as few:
        client.get("/office/people/")
    for number in range(8):
        world.add(f"walker {number}")
    with CaptureQueriesContext(connection) as many:
        client.get("/office/people/")
    assert len(many) == len(few)


def test_a_person_is_added_and_changed(pages: Pages) -> None:
    client = pages.as_("admin")
    page = client.post(
        "/office/form/people/new/", sent(name="", callsign="Wren", kind="HUMAN"), follow=True
    )
    assert 'value="Wren"' in page.content.decode()
    fields = sent(name="Willa", callsign="Wren", kind="HUMAN")
    page = client.post("/office/form/people/new/", fields, follow=True)
    assert "Wren is added." in text_of(page)
    client.post("/office/form/people/new/", fields)
    assert Person.objects.filter(callsign="Wren").count() == 1
    wren = Person.objects.get(callsign="Wren")
    client.post(f"/office/people/{wren.pk}/", sent(name="Willa", callsign="Robin"))
    wren.refresh_from_db()
    assert wren.callsign == "Robin"


def test_the_office_sees_addresses_masked_and_of_kin_only_what_they_may_be_told(
    pages: Pages, world: World
) -> None:
    world.give_kin("agent", "Flatmate", MayKnow.AREA)
    for who in ("admin", "deputy", "head"):
        page = pages.as_(who).get(person_page(world, "agent")).content.decode()
        assert "a…" in page
        assert ">agent<" not in page
        assert "Flatmate" not in page
        assert "also the area" in page


def test_roles_are_given_and_ended_but_never_the_last_administrator_s(
    pages: Pages, world: World
) -> None:
    client, agent = pages.as_("admin"), world.people["agent"]
    address = f"/office/form/roles/new/?person={agent}"
    for typed, sentence in (
        ("yesterday 14:00", "This time is over already. Leave it empty, or write a later one."),
        ("2026-11-19 14:00", "This time is over already."),
        ("at dusk", "at dusk"),
    ):
        refused = client.post(address, sent(role="LEADER", team=str(world.team_id), to_at=typed))
        assert refused.status_code == 422, typed
        assert sentence in text_of(refused), typed
        assert f'value="{typed}"' in refused.content.decode(), "nothing typed is lost"
        assert f'value="{world.team_id}" selected' in refused.content.decode()
    assert not RoleHeld.objects.filter(person_id=agent).exists()
    page = client.post(address, sent(role="GATE_KEEPER", team=""), follow=True)
    assert "Role given." in text_of(page)
    held = RoleHeld.objects.get(person_id=agent)
    page = client.post(f"/office/act/roles/{held.pk}/", sent(act="end", back="/office/people/"))
    assert page.headers["Location"] == "/office/people/"
    held.refresh_from_db()
    assert held.to_at is not None
    last = RoleHeld.objects.get(role="ADMINISTRATOR")
    page = client.post(f"/office/act/roles/{last.pk}/", sent(act="end"), follow=True)
    assert "This is the last administrator" in text_of(page)
    page = client.post(f"/office/act/people/{last.person_id}/", sent(act="deactivate"), follow=True)
    assert "This is the last administrator" in text_of(page)
    assert (
        pages.as_("head").post(f"/office/act/roles/{last.pk}/", sent(act="end")).status_code == 404
    )


def test_teams_are_joined_left_and_renamed(pages: Pages, world: World) -> None:
    client, agent = pages.as_("admin"), world.people["agent"]
    client.post(f"/office/form/memberships/new/?person={agent}", sent(team=str(world.team_id)))
    assert "Fox" in text_of(client.get("/office/list/teams/"))
    row = Membership.objects.get()
    client.post(f"/office/act/memberships/{row.pk}/", sent(act="leave"))
    row.refresh_from_db()
    assert row.to_at is not None
    client.post(f"/office/form/teams/{world.team_id}/", sent(name="Team 8", callsign="Eight"))
    assert Team.objects.get(pk=world.team_id).name == "Team 8"


def test_an_account_is_opened_and_its_password_set_anew(pages: Pages, world: World) -> None:
    client, agent = pages.as_("admin"), world.people["agent"]
    address = f"/office/form/accounts/new/?person={agent}"
    page = client.post(address, sent(login="fox", password="short"))
    assert "at least 10 characters" in text_of(page)
    assert 'value="fox"' in page.content.decode()
    client.post(address, sent(login="fox", password="a long walk out"))
    assert Account.objects.get(login="fox").check_password("a long walk out")
    client.post(f"/office/form/passwords/new/?person={agent}", sent(password="a long walk back"))
    assert Account.objects.get(login="fox").check_password("a long walk back")


def test_places_and_reasons_are_entered_as_data(pages: Pages) -> None:
    client = pages.as_("admin")
    page = client.post("/office/form/sites/new/", sent(name="Hut", zone="Mars/Olympus"))
    assert "is not a time zone" in text_of(page)
    client.post("/office/form/sites/new/", sent(name="Hut", zone="Europe/Rome"))
    site = Site.objects.get(name="Hut")
    client.post("/office/form/gates/new/", sent(site=str(site.pk), name="Door", is_by_phone="on"))
    assert Gate.objects.get(site=site).is_by_phone
    client.post("/office/form/reasons/new/", sent(label="Bog", code="bog", is_trouble="on"))
    assert DelayReason.objects.get(code="bog").is_trouble
    assert "Door Hut yes" in text_of(client.get("/office/list/gates/"))
    assert "Bog bog yes" in text_of(client.get("/office/list/reasons/"))


def test_the_organisation_s_limits_are_checked_and_kept(pages: Pages) -> None:
    client = pages.as_("admin")
    fields = {
        "name": "The village",
        "zone": "Europe/Zurich",
        "grace_minutes": 300,
        "grace_minutes_solo": 30,
        "grace_minutes_max": 240,
        "check_in_minutes_solo": 120,
        "acknowledge_minutes": 20,
        "rest_hours": 11,
    }
    page = client.post("/office/form/organisation/settings/", sent(**fields))
    assert "This is more than the longest grace, 240 min." in text_of(page)
    client.post("/office/form/organisation/settings/", sent(**(fields | {"grace_minutes": 45})))
    assert Organisation.objects.get().grace_minutes == 45


def test_what_fits_nothing_is_settled_in_words(pages: Pages, world: World) -> None:
    world.sign_in("outsider")
    row = Unmatched.objects.get()
    client = pages.as_("guard")
    assert "Stranger was not signed out." in text_of(client.get("/office/list/unmatched/"))
    address = f"/office/form/unmatched/{row.pk}/"
    assert client.post(address, sent(how="")).status_code == 422
    client.post(address, sent(how="Came by the back door yesterday"))
    row.refresh_from_db()
    assert row.settled_by_id == world.people["guard"]
    assert "Every entry fits." in text_of(client.get("/office/list/unmatched/"))
    assert pages.as_("agent").get("/office/list/unmatched/").status_code == 404


def test_a_button_leads_back_to_pages_of_ours_only(pages: Pages, world: World) -> None:
    address = f"/office/act/people/{world.people['mate']}/"
    fields = sent(act="deactivate", back="//example.org/")
    assert pages.as_("admin").post(address, fields).headers["Location"] == "/office/"
    assert not Person.objects.get(pk=world.people["mate"]).is_active
    assert pages.as_("admin").post(address, sent(act="nothing")).status_code == 404
    assert pages.as_("agent").post(address, sent(act="activate")).status_code == 404
    gone = f"/office/act/memberships/{uuid.uuid4()}/"
    page = pages.as_("admin").post(gone, sent(act="leave"), follow=True)
    assert "This is here no more." in text_of(page)
