"""RELIABILITY.md 11, callsigns: an administrator begins a season, and everybody is called by fresh
words drawn at random. Nobody who is out is called otherwise than the board has it, nobody gets what
another was called, and by an old callsign nobody is found."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions.callsigns import give_due
from homeby.people import rules_callsigns
from homeby.people.actions import persons
from homeby.people.actions.seasons import begin_season
from homeby.people.models import CallsignDue, Person
from homeby.people.queries import seasons
from homeby.people.queries.callsigns import called
from homeby.people.rules import STATION, PersonKind
from homeby.people.rules_callsigns import free_callsigns
from homeby.station import hourly
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.world import World

WHY = "A new year begins."


def begin(world: World, *, with_units: bool = False) -> None:
    begin_season(
        reason=WHY, with_units=with_units, by=world.as_("admin"), now=world.now, tap=new_tap()
    )
    give_due(now=world.now)


def add(world: World, who: str, *, kind: PersonKind = PersonKind.HUMAN, callsign: str = "") -> None:
    tap = new_tap()
    persons.add_person(
        name=who, callsign=callsign, kind=kind, by=world.as_("admin"), now=world.now, tap=tap
    )
    world.people[who] = tap.entry_id


def everybody(world: World) -> dict[str, str]:
    return {who: world.callsign(who) for who in world.people}


def test_everybody_gets_a_fresh_one_and_is_told(world: World) -> None:
    add(world, "crew", kind=PersonKind.UNIT, callsign="Crew 7")
    before = everybody(world)
    begin(world)
    world.look()
    after = everybody(world)
    assert after.pop("crew") == "Crew 7", "units only where they are wished for"
    assert len(set(after.values())) == len(after)
    assert not {one.casefold() for one in after.values()} & {
        one.casefold() for one in before.values()
    }
    for who, callsign in after.items():
        (told,) = [one.outgoing for one in world.phone(who)]
        assert told.subject == f"Your new callsign: {callsign}"
        others = {one for other, one in after.items() if other != who}
        assert not any(one in told.text for one in others), "her own and nobody else's"
    begin(world, with_units=True)
    assert world.callsign("crew") != "Crew 7"
    entry = Entry.objects.filter(kind="CALLSIGN_SEASON_BEGUN").latest("number")
    assert entry.actor_id == world.people["admin"]
    assert verify().difference is None


def test_whoever_is_out_is_called_as_the_board_has_it(world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=60)
    begin(world)
    assert [world.callsign(who) for who in ("agent", "mate")] == ["Fox", "Owl"]
    assert "Fox" not in world.callsign("head")
    world.fast_forward(minutes=125)
    alarm = world.alarm()
    assert alarm.subject.title == "Fox, Owl"
    assert not give_due(now=world.now), "nobody who is missed is called otherwise"
    world.sign_in("agent", heads=1)
    hourly.go_round(now=world.now)
    assert world.callsign("agent") != "Fox"
    assert world.callsign("mate") == "Owl"
    world.sign_in("mate")
    hourly.go_round(now=world.now)
    assert world.callsign("mate") != "Owl"
    assert not CallsignDue.objects.exists()
    mission.refresh_from_db()
    assert mission.state == "BACK"


def test_nobody_is_found_by_an_old_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = Pages(world, monkeypatch)
    assert called("fox") == [world.people["agent"]]
    begin(world)
    assert called("fox") == []
    new = world.callsign("agent")
    assert called(new.lower()) == [world.people["agent"]]
    head = pages.as_("head")
    for address in ("/office/people/", "/board/", "/office/teams/", "/office/list/people/"):
        assert "Fox" not in text_of(head.get(address)), address
    for address in ("/office/people/?q=", "/missions/?q="):
        assert new not in text_of(head.get(f"{address}Fox")), address
    assert new in text_of(head.get(f"/office/people/?q={new}")), "positive control"


def test_nobody_gets_what_another_was_called(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With few words left numbers follow, and in each season all are new to everybody."""
    monkeypatch.setattr(rules_callsigns, "FIRST", ("Amber", "Calm"))
    monkeypatch.setattr(rules_callsigns, "SECOND", ("Heron", "Oak"))
    monkeypatch.setattr(rules_callsigns, "_PAIRS_LEAST", 1)
    had = {one.casefold() for one in everybody(world).values()}
    for _season in range(4):
        begin(world)
        now = {one.casefold() for one in everybody(world).values()}
        assert not now & had
        had |= now


def test_whoever_is_new_is_called_at_random_once_there_are_seasons(world: World) -> None:
    add(world, "early")
    assert Person.objects.get(pk=world.people["early"]).callsign == ""
    begin(world)
    add(world, "late")
    add(world, "typed", callsign="Rex")
    add(world, "cart", kind=PersonKind.UNIT)
    found = {who: Person.objects.get(pk=world.people[who]).callsign for who in world.people}
    assert found["early"]
    assert found["late"].count(" ") == 1
    assert found["late"].casefold() not in {found["early"].casefold(), "fox"}
    assert (found["typed"], found["cart"]) == ("Rex", "")


def test_only_an_administrator_and_only_with_a_reason(world: World) -> None:
    before = everybody(world)
    for who, reason in (("head", WHY), ("agent", WHY), ("admin", ""), ("admin", "so")):
        with pytest.raises(Refused):
            begin_season(
                reason=reason, with_units=False, by=world.as_(who), now=world.now, tap=new_tap()
            )
    give_due(now=world.now)
    assert everybody(world) == before
    assert seasons.season(STATION) is None
    assert seasons.season(world.as_("head")) is None


def test_the_page_asks_who_she_is_and_whether_she_means_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()
    pages, address = Pages(world, monkeypatch), "/office/callsigns/"
    assert pages.as_("head").get(address).status_code == 404
    admin = pages.long_in("admin")
    again = admin.get(address).headers["Location"]
    assert again.startswith("/log-in/again/")
    assert admin.post(address, sent(reason=WHY, is_sure="on")).status_code == 302
    assert world.callsign("agent") == "Fox"
    admin.post(again, {"password": PASSWORD})
    refused = admin.post(address, sent(reason=WHY))
    assert refused.status_code == 422
    assert "Tick this: it cannot be taken back." in text_of(refused)
    assert WHY in refused.content.decode(), "nothing typed is lost"
    refused = admin.post(address, sent(reason="so", is_sure="on"))
    assert "Say why in a sentence" in text_of(refused)
    assert world.callsign("agent") == "Fox"
    world.send_out("mate", due_minutes=60)
    form = sent(reason=WHY, is_sure="on")
    for _ in range(2):  # sent twice, it is one
        admin.post(address, form)
    assert world.callsign("agent") != "Fox"
    page = text_of(admin.get(address))
    assert "Season 1, since" in page
    assert "1 is out and gets hers within an hour of coming home." in page


def test_an_erased_person_waits_for_nothing(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    begin(world)
    assert CallsignDue.objects.filter(person_id=world.people["agent"]).exists()
    free = free_callsigns(seasons.taken())
    assert "Fox" not in free
    world.sign_in("agent")
    persons.change_person(
        person_id=world.people["agent"], values={"is_active": False}, by=STATION,
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert give_due(now=world.now) == 0
