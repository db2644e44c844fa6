"""Promise 8: home, health and "where I would be" are read by the person herself, by her medic, and
in a search for her; they stand on no page of anybody else, in no list, message, log or table."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from homeby.logbook.models import Entry
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import kept, proofs, teams
from homeby.people.actions.persons import change_person
from homeby.people.models import Membership, PersonKey
from homeby.people.rules import STATION, Act, MayKnow, Role, hash_of
from homeby.people.rules_private import Kept
from homeby.watch.actions.searching import open_for_search
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmKind
from homeby.web.intake.proving import prove
from tests.promises.kin_pages import link_of, wait_at_home
from tests.rooms.api_client import Programs
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

#: What she wrote down; each must be found where it may be, and nowhere else.
WRITTEN = {
    Kept.HOME: {"address": "Kanarienweg 4711", "way_in": "key under the zorbstone"},
    Kept.HEALTH: {"conditions": "quaxitis", "medication": "blorbamol", "allergies": "grimnut"},
    Kept.WHERE: {"note": "the flumhut above the lake"},
}
TOKENS = [text for one in WRITTEN.values() for text in one.values()]
OTHERS = ("admin", "head", "guard", "mate")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def write(world: World, who: str = "agent") -> None:
    for one, values in WRITTEN.items():
        kept.write_down(kept=one, values=values, by=world.as_(who), now=world.now, tap=new_tap())


def found_in(text: str) -> list[str]:
    return [token for token in TOKENS if token in text]


def make_medic(world: World, who: str = "mate", *, team: Any = None) -> None:
    teams.give_role(
        person_id=world.people[who], role=Role.MEDIC, term=teams.Term(team_id=team),
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip


def addresses(world: World) -> list[str]:
    """Pages, live parts and files that show or could show something of her."""
    person, mission, alarm = world.people["agent"], world.alarm().subject.ref[8:], world.alarm().pk
    return [
        *("/", "/siren/", "/board/", "/board/cards/", "/gate/", f"/gate/{world.gate_id}/"),
        *("/alarms/", f"/alarms/{alarm}/", f"/alarms/{alarm}/rows/", f"/alarms/{alarm}/search/"),
        *("/missions/", f"/missions/{mission}/", f"/missions/{mission}/route.gpx", "/my/"),
        *(f"/gate/{world.gate_id}/party/{mission}/", "/kiosk/", "/heard/", "/me/programs/"),
        *("/me/", "/me/private/", "/me/private/health/", "/health/", f"/health/{person}/"),
        *("/office/people/", f"/office/people/{person}/", "/office/messages/", "/office/"),
        *("/office/list/unmatched/", f"/office/people/{person}/contacts/"),
    ]


@pytest.mark.looks
def test_nobody_else_finds_a_word_of_it_and_she_finds_all(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kin = link_of(wait_at_home(world, MayKnow.UNIT))
    write(world)
    world.send_out("agent", "mate", due_minutes=5)
    world.fast_forward(minutes=70)
    opened = 0
    for who in OTHERS:
        browser, program = pages.as_(who), Programs(world, monkeypatch).of(who)
        for address in addresses(world):
            page = browser.get(address)
            opened += page.status_code == 200
            assert found_in(page.content.decode()) == [], (who, address)
        for path in ("people", "missions", "alarms", "entries"):
            assert found_in(program.get(path).content.decode()) == [], (who, path)
    assert opened > 40, "pages that nobody may open prove nothing"
    assert found_in(Client().get(kin).content.decode()) == []
    assert found_in(pages.nobody().get("/me/private/").content.decode()) == []
    assert found_in(" ".join(one.outgoing.text for one in world.received)) == []
    assert found_in(caplog.text) == []
    hers = pages.as_("agent").get("/me/private/").content.decode()
    assert found_in(hers) == TOKENS, "positive control: she reads it herself"


def test_no_table_holds_a_word_of_it_and_with_the_key_it_is_gone(
    world: World, pages: Pages
) -> None:
    write(world)
    for table in apps.get_models():
        for row in table._default_manager.values_list():
            assert found_in(str(row)) == [], table
    PersonKey.objects.filter(person_id=world.people["agent"]).update(wrapped=None)
    page = text_of(pages.as_("agent").get("/me/private/"))
    assert found_in(page) == []
    assert page.count("(cannot be opened any more)") == 3
    with pytest.raises(Refused, match="key to your private data was destroyed"):
        write(world)


def test_it_is_written_changed_and_removed_by_herself_only(world: World, pages: Pages) -> None:
    browser = pages.as_("agent")
    form = sent(**WRITTEN[Kept.HOME])
    assert "Kanarienweg" in followed(browser, browser.post("/me/private/home/", form))
    assert browser.post("/me/private/health/", sent(blood_group="C")).status_code == 422
    assert browser.get("/me/private/nothing/").status_code == 404
    removed = browser.post("/me/private/home/", sent(act="remove"))
    assert "Kanarienweg" not in followed(browser, removed)
    assert verify().difference is None
    own = Entry.objects.filter(kind__startswith="PRIVATE_").values_list("person_id", "actor_id")
    assert set(own) == {(world.people["agent"],) * 2}
    office = text_of(pages.as_("admin").get(f"/office/people/{world.people['agent']}/"))
    assert "for a bad day" not in office, "that she wrote something is nobody's business either"


def test_a_medic_opens_health_alone_and_she_reads_who_did(world: World, pages: Pages) -> None:
    write(world)
    make_medic(world)
    address = f"/health/{world.people['agent']}/"
    for who in ("admin", "head", "guard", "outsider"):
        assert pages.as_(who).get(address).status_code == 404
    medic = pages.as_("mate")
    assert "Fox" in text_of(medic.get("/health/"))
    assert found_in(text_of(medic.get(address))) == []
    assert Entry.objects.filter(kind="PRIVATE_OPENED").count() == 0
    seen = text_of(medic.post(address, sent()))
    assert found_in(seen) == list(WRITTEN[Kept.HEALTH].values())
    entry = Entry.objects.get(kind="PRIVATE_OPENED")
    assert (entry.person_id, entry.actor_id) == (world.people["agent"], world.people["mate"])


def test_a_medic_of_a_team_opens_that_of_the_team(world: World, pages: Pages) -> None:
    write(world)
    make_medic(world, team=world.team_id)
    address = f"/health/{world.people['agent']}/"
    assert pages.as_("mate").get(address).status_code == 404
    teams.join_team(
        person_id=world.people["agent"], team_id=world.team_id,
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert pages.as_("mate").get(address).status_code == 200
    membership = Membership.objects.get(person_id=world.people["agent"])
    teams.leave_team(membership_id=membership.pk, by=STATION, now=world.now, tap=new_tap())
    assert pages.as_("mate").get(address).status_code == 404


def test_a_search_opens_it_and_tells_her(world: World, pages: Pages) -> None:
    write(world)
    world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=10)
    officer, address = pages.as_("head"), f"/alarms/{world.alarm().pk}/search/"
    assert world.alarm().phase == "UNCERTAINTY"
    assert officer.get(address).status_code == 404
    assert "for a search" not in text_of(officer.get(f"/alarms/{world.alarm().pk}/"))
    world.fast_forward(minutes=60)
    assert "for a search" in text_of(officer.get(f"/alarms/{world.alarm().pk}/"))
    assert found_in(text_of(officer.get(address))) == []
    for who in ("admin", "guard", "mate", "agent"):
        assert pages.as_(who).get(address).status_code == 404
    seen = text_of(officer.post(address, sent(person=str(world.people["agent"]))))
    assert found_in(seen) == TOKENS
    entry = Entry.objects.get(kind="PRIVATE_OPENED")
    assert (entry.person_id, entry.actor_id) == (world.people["agent"], world.people["head"])
    world.look()
    said = [one.outgoing.text for one in world.phone("agent")]
    assert any("Head opened what you keep" in text for text in said)
    world.sign_in("agent")
    assert officer.get(address).status_code == 404, "the search is over"


def test_a_silent_alarm_opens_it_and_her_phone_says_nothing(world: World, pages: Pages) -> None:
    """Whoever forces her may hold her phone, and read her page over her shoulder."""
    write(world)
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    proofs.set_pin(pin="4711", duress="9027", by=world.as_("agent"), now=world.now, tap=new_tap())
    world.send_out("agent")
    forced = claim(Act.SIGN_IN, pin="9027", callsign="Fox")
    tablet.send(*prove((forced,), hash_of(tablet.key)))
    alarm = Alarm.objects.get(kind=AlarmKind.DURESS)
    world.received.clear()
    form = sent(person=str(world.people["agent"]))
    seen = text_of(pages.as_("head").post(f"/alarms/{alarm.pk}/search/", form))
    assert found_in(seen) == TOKENS
    world.look()
    assert not any("opened" in one.outgoing.text for one in world.phone("agent"))
    kinds = {one.kind for one in visible_entries(world.as_("agent"))}
    assert "PRIVATE_WRITTEN" in kinds, "positive control"
    assert "PRIVATE_OPENED" not in kinds


def test_a_search_opens_nothing_of_others(world: World) -> None:
    write(world, "mate")
    world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=70)
    with pytest.raises(Refused, match="not about that person"):
        open_for_search(
            alarm_id=world.alarm().pk, person_id=world.people["mate"],
            by=world.as_("head"), now=world.now, tap=new_tap(),
        )  # fmt: skip


def test_nobody_gives_herself_a_role_that_opens_it(world: World) -> None:
    admin = world.as_("admin")
    for role in (Role.MEDIC, Role.WELFARE_OFFICER, Role.SAFEGUARDING_LEAD):
        with pytest.raises(Refused, match="another administrator"):
            teams.give_role(
                person_id=world.people["admin"], role=role, by=admin, now=world.now, tap=new_tap()
            )


def test_who_has_left_is_no_medics_business(world: World, pages: Pages) -> None:
    write(world)
    make_medic(world)
    change_person(
        person_id=world.people["agent"], values={"is_active": False},
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert "Fox" not in text_of(pages.as_("mate").get("/health/"))
