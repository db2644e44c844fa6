"""Who looked at me: everybody who did, by day, with the reason; not what she must not know."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache

from homeby.logbook.models import Read
from homeby.logbook.rules import new_tap
from homeby.people.actions import proofs, teams
from homeby.people.rules import STATION, Act, MayKnow, Role, hash_of
from homeby.watch import queries as watch
from homeby.watch.actions import alarms
from homeby.web import reads
from homeby.web.intake.proving import prove
from tests.promises.acts import stand_down
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import Pages, text_of
from tests.world import World

PAGE = "/me/looks/"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr(reads, "WAITING", reads.Waiting())
    return Pages(world, monkeypatch)


def test_she_sees_who_what_when_and_why(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate")
    pages.as_("head").get(f"/missions/{mission.pk}/")
    pages.as_("admin").get(f"/office/people/{world.people['agent']}/")
    for who in ("agent", "mate"):
        page = text_of(pages.as_(who).get(PAGE))
        assert "Head as duty officer how it stands with a party: Patrol 09:00" in page
        assert ("Office as administrator how one is reached" in page) is (who == "agent")
    assert "Nobody looked at you" in text_of(pages.as_("outsider").get(PAGE))
    assert Read.objects.filter(viewer_id=world.people["agent"]).count() == 0


def test_a_board_concerns_whoever_was_out_then(pages: Pages, world: World) -> None:
    guard = pages.as_("guard")
    guard.get("/board/")
    world.now += dt.timedelta(minutes=10)
    world.send_out("agent")
    for _ in range(3):
        guard.get("/board/")
        world.now += dt.timedelta(minutes=10)
    world.sign_in("agent")
    world.now += dt.timedelta(minutes=10)
    guard.get("/board/")
    page = text_of(pages.as_("agent").get(PAGE))
    assert "Gate 1 as gate keeper the board 3 times 09:10" in page
    assert "09:30" in page
    assert "the board" not in text_of(pages.as_("outsider").get(PAGE))


def test_a_board_of_a_team_concerns_whom_it_shows(pages: Pages, world: World) -> None:
    world.add("chief", callsign="Chief")
    term = teams.Term(team_id=world.team_id)
    give = {"person_id": world.people["chief"], "role": Role.DUTY_OFFICER, "term": term}
    teams.give_role(**give, by=STATION, now=world.now, tap=new_tap())  # type: ignore[arg-type]
    world.send_out("agent", team_id=world.team_id, due_minutes=5)
    world.send_out("mate", due_minutes=5)
    chief, lists = pages.as_("chief"), ("/board/", "/board/cards/", "/missions/", "/alarms/")

    def read_of(who: str) -> str:
        for address in lists:
            assert chief.get(address).status_code == 200
        return text_of(pages.as_(who).get(PAGE))

    said = read_of("agent")
    for one in ("the board", "the T-cards", "the list of missions", "the list of alarms"):
        assert f"Chief as duty officer {one}" in said
    assert "Nobody looked at you" in read_of("mate"), "she stood on none of them"
    world.fast_forward(minutes=15)
    by_ref = {one.subject.title: one for one in watch.open_alarms(STATION)}
    alarms.hand_over(
        alarm_id=by_ref["Owl"].pk, to=world.people["chief"], by=world.as_("head"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert "Chief as duty officer a list of who is out" in read_of("mate"), "now she does"
    assert "Nobody looked at you" in text_of(pages.as_("outsider").get(PAGE))


def test_days_are_paged_by_thirty(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", due_minutes=100 * 24 * 60)
    pages.as_("head").get(f"/missions/{mission.pk}/")
    began = world.now.date()
    world.now += dt.timedelta(days=45)
    agent = pages.as_("agent")
    page = agent.get(PAGE)
    assert "Nobody looked at you" in text_of(page)
    older = world.now.date() - dt.timedelta(days=30)
    assert f"?until={older}" in page.content.decode()
    before = text_of(agent.get(PAGE, {"until": str(older)}))
    assert "Head as duty officer" in before
    assert "Newer" in before
    for rubbish in ("x", "0001-01-01", "9999-12-31", "2026-02-30"):
        assert agent.get(PAGE, {"until": rubbish}).status_code == 200
    assert str(began) < str(older)


def test_what_her_kin_ask_and_who_speaks_to_them_is_not_there(pages: Pages, world: World) -> None:
    world.give_kin("agent", "mother", MayKnow.OUT_AND_DUE)
    mission = world.send_out("agent")
    world.fast_forward(minutes=1)
    pages.as_("head").get(f"/missions/{mission.pk}/kin/")
    page = text_of(pages.as_("agent").get(PAGE))
    assert "kin 0" not in page
    assert set(Read.objects.values_list("kind", flat=True)) == {"STATUS"}


def test_while_she_may_be_forced_nobody_seems_to_look(pages: Pages, world: World) -> None:
    cache.clear()
    agent = world.as_("agent")
    proofs.set_pin(pin="4711", duress="9027", by=agent, now=world.now, tap=new_tap())
    mission = world.send_out("agent")
    pages.as_("head").get("/board/")
    world.now += dt.timedelta(minutes=10)
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    said = claim(Act.SIGN_IN, pin="9027", callsign="Fox")
    tablet.send(*prove((said,), hash_of(tablet.key)))
    world.now += dt.timedelta(minutes=10)
    pages.as_("head").get(f"/missions/{mission.pk}/")
    page = text_of(pages.as_("agent").get(PAGE))
    assert "Head as duty officer the board" in page
    assert "how it stands with a party" not in page
    stand_down(world, "head")
    assert "how it stands with a party" in text_of(pages.as_("agent").get(PAGE))
