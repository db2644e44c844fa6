"""Missions and the board at a past moment: as known then and as it was, by the logbook alone, for
whoever may see them now; what was erased stays erased."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse

from homeby.logbook import actions as logbook
from homeby.logbook.models import Entry, Read
from homeby.logbook.reading import ReadKind
from homeby.logbook.rules import Tap, new_tap
from homeby.logbook.then import Moment, Way
from homeby.missions import queries as missions
from homeby.missions.actions import take_back
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries.then import PastMission, mission_then, out_then
from homeby.people.actions import persons
from homeby.people.actions.teams import Term, end_role, give_role
from homeby.people.rules import STATION, Role
from tests.promises.acts import ask_more_time, pass_time, take
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def happened(world: World, *, minutes_ago: float) -> Tap:
    return replace(new_tap(), happened_at=world.now - dt.timedelta(minutes=minutes_ago))


def at(world: World, mission: Mission, moment: dt.datetime, way: Way) -> PastMission:
    found = mission_then(world.as_("head"), mission.pk, Moment(at=moment, way=way), now=world.now)
    assert found is not None
    return found


def states(found: PastMission) -> dict[str, str]:
    return {found.called(one.person_id): one.state for one in found.party}


def picture(board: list[Any]) -> list[tuple[Any, ...]]:
    """What a board shows, in the order of keys."""
    return sorted(
        (
            *(str(one.mission_id), one.title, one.due_at, one.call_out_at, one.heard_at, one.place),
            *(one.phase, one.taken_by, one.second_missing, one.asked_due_at),
        )
        for one in board
    )


def picture_then(found: list[PastMission]) -> list[tuple[Any, ...]]:
    """The same of a board of the past."""
    return sorted(
        (
            *(str(one.mission.pk), missions.party_title(names_out(one)), one.mission.due_at),
            *(one.mission.call_out_at, one.mission.heard_at, one.where.shown),
            *_alarm(one),
            one.asked[0].due_at if one.asked else None,
        )
        for one in found
    )


def names_out(found: PastMission) -> list[str]:
    return [found.called(one.person_id) for one in found.out()]


def _alarm(found: PastMission) -> tuple[str, str, bool]:
    alarm = found.alarm
    if alarm is None:
        return "", "", False
    return alarm.phase, alarm.taken_by(found.names), alarm.second_missing


def test_each_board_of_the_past_is_the_one_that_was_there(world: World) -> None:
    head, seen = world.as_("head"), {}

    def look() -> None:
        seen[world.now] = picture(missions.board(head, now=world.now))
        world.now += dt.timedelta(minutes=1)

    look()
    mission = world.send_out("agent", "mate", due_minutes=60)
    look()
    world.send_out("guard", due_minutes=300)
    look()
    pass_time(world, minutes=20)
    world.check_in(mission)
    look()
    ask_more_time(world, mission, minutes=90)
    look()
    pass_time(world, minutes=110)
    look()
    take(world, "head")
    look()
    world.sign_in("agent")
    look()
    world.sign_in("mate")
    look()
    assert len({str(one) for one in seen.values()}) >= 7, "the day has to change the board"
    for moment, board in seen.items():
        then = out_then(head, Moment(at=moment, way=Way.KNOWN), now=world.now)
        assert picture_then(then) == board, moment


def test_what_was_recorded_late_was_so_and_was_not_known(world: World) -> None:
    mission = world.send_out("agent", "mate")
    world.now += dt.timedelta(minutes=60)
    world.sign_in("agent", tap=happened(world, minutes_ago=30))
    between = world.now - dt.timedelta(minutes=20)
    assert states(at(world, mission, between, Way.KNOWN)) == {"Fox": "OUT", "Owl": "OUT"}
    assert states(at(world, mission, between, Way.TRUE)) == {"Fox": "BACK", "Owl": "OUT"}
    before = world.now - dt.timedelta(minutes=40)
    assert states(at(world, mission, before, Way.TRUE)) == {"Fox": "OUT", "Owl": "OUT"}


def test_who_was_signed_in_by_mistake_was_out(world: World) -> None:
    mission = world.send_out("agent", "mate")
    world.now += dt.timedelta(minutes=10)
    world.sign_in("agent", "mate", heads=2)
    between = world.now + dt.timedelta(minutes=5)
    world.now += dt.timedelta(minutes=10)
    take_back.take_back_sign_in(
        mission_id=mission.pk,
        person_id=world.people["agent"],
        by=world.as_("head"),
        now=world.now,
        tap=new_tap(),
    )
    assert at(world, mission, between, Way.KNOWN).mission.state == "BACK"
    true = at(world, mission, between, Way.TRUE)
    assert true.mission.state == "OUT"
    assert states(true) == {"Fox": "OUT", "Owl": "BACK"}


def test_the_past_asks_no_row_that_is_kept_now(world: World) -> None:
    mission = world.send_out("agent", vehicle="Blue van")
    moment, world.now = world.now, world.now + dt.timedelta(minutes=5)
    Mission.objects.update(vehicle="none at all", due_at=None, state="PLANNED", out_at=None)
    PartyMember.objects.update(state="PLANNED")
    for way in Way:
        found = at(world, mission, moment, way)
        assert (found.mission.vehicle, found.mission.state) == ("Blue van", "OUT")
        assert states(found) == {"Fox": "OUT"}
        assert len(out_then(world.as_("head"), Moment(at=moment, way=way), now=world.now)) == 1


def test_what_was_erased_stays_erased(world: World, pages: Pages) -> None:
    mission = world.plan("agent", vehicle="Blue van")
    moment, world.now = world.now, world.now + dt.timedelta(minutes=5)
    planned = Entry.objects.get(kind="MISSION_PLANNED")
    page = reverse("mission-then", args=[mission.pk]) + f"?at={moment:%Y-%m-%dT%H:%MZ}"
    assert "Blue van" in text_of(pages.as_("head").get(page))
    logbook.erase(
        number=planned.number, reason="Asked for", by=world.people["admin"], now=world.now
    )
    said = text_of(pages.as_("head").get(page))
    assert "Blue van" not in said
    assert "has been erased" in said
    assert "The words of this line were erased." in said


def test_whoever_may_not_see_it_now_does_not_see_it_then(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    world.now += dt.timedelta(minutes=5)
    page = reverse("mission-then", args=[mission.pk])
    for who in ("head", "guard"):
        assert pages.as_(who).get(page).status_code == 200
    for who in ("mate", "outsider"):  # to one of the party it would say who else is back
        assert pages.as_(who).get(page).status_code == 404
        assert pages.as_(who).get(reverse("board-then")).status_code == 404
    assert page not in pages.as_("mate").get(reverse("mission", args=[mission.pk])).content.decode()
    world.add("seven", callsign="Seven")
    give_role(
        person_id=world.people["seven"], role=Role.LEADER, term=Term(team_id=world.team_id),
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    other = pages.as_("seven")
    assert other.get(page).status_code == 404
    assert "Fox" not in text_of(other.get(reverse("board-then")))
    assert "Fox" in text_of(pages.as_("guard").get(reverse("board-then")))


def test_a_look_at_the_past_is_a_look(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    moment, world.now = world.now, world.now + dt.timedelta(minutes=90)
    world.sign_in("agent", "mate", heads=2)
    head = pages.as_("head")
    for page in (reverse("board-then"), reverse("mission-then", args=[mission.pk])):
        world.now += dt.timedelta(minutes=30)
        assert "Fox" in text_of(head.get(f"{page}?at={moment:%Y-%m-%dT%H:%MZ}"))
        looks = Read.objects.filter(kind=ReadKind.STATUS, what=mission.ref, at=world.now)
        assert looks.filter(viewer_id=world.people["head"]).exists(), page


def test_the_page_says_that_it_is_the_past_and_leads_on(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    world.now += dt.timedelta(minutes=60)
    world.sign_in("agent", tap=happened(world, minutes_ago=30))
    between = world.now - dt.timedelta(minutes=20)
    head, page = pages.as_("head"), reverse("mission-then", args=[mission.pk])
    assert page in head.get(reverse("mission", args=[mission.pk])).content.decode()
    known = text_of(head.get(f"{page}?at={between:%Y-%m-%dT%H:%MZ}"))
    assert "As known at" in known
    assert "Had happened, and was not known yet" in known
    true = text_of(head.get(f"{page}?at={between:%Y-%m-%dT%H:%MZ}&way=true"))
    assert "by what we know now" in true
    assert "not known yet" not in true
    newest = head.get(page)  # without a moment: the newest change, and so the way back
    assert f"?at={between:%Y-%m-%dT}" in newest.content.decode()
    assert "Change before" in text_of(newest)
    assert "Next change" not in text_of(newest)
    typed = {"day": "2100-01-01", "time": "05:12", "way": "known"}
    ahead = head.get(page, typed)
    assert "still to come" in text_of(ahead)
    for rubbish in ("?at=soon", "?day=x&time=y&way=z", "?day=0001-01-01&time=00:00&way=true"):
        assert head.get(page + rubbish).status_code == 200
        assert head.get(reverse("board-then") + rubbish).status_code == 200


def test_a_person_of_the_past(world: World, pages: Pages) -> None:
    world.add("late", callsign="Heron", reachable=False)
    begun, key = world.now, world.people["late"]
    world.now += dt.timedelta(minutes=10)
    given = new_tap()
    give_role(person_id=key, role=Role.GATE_KEEPER, by=STATION, now=world.now, tap=given)
    persons.change_person(
        person_id=key, values={"callsign": "Crane"}, by=STATION, now=world.now, tap=new_tap()
    )
    with_role = world.now
    world.now += dt.timedelta(minutes=10)
    end_role(role_held_id=given.entry_id, by=STATION, now=world.now, tap=new_tap())
    world.give_phone("late", verified=False)
    page = reverse("person-then", args=[key])
    assert page in pages.as_("admin").get(reverse("office-person", args=[key])).content.decode()

    def said(who: str, moment: dt.datetime, way: str = "known") -> str:
        return text_of(pages.as_(who).get(f"{page}?at={moment:%Y-%m-%dT%H:%MZ}&way={way}"))

    for way in Way:
        first, second = said("admin", begun, way), said("admin", with_role, way)
        third = said("admin", world.now, way)
        assert ("Heron" in first, "Crane" in first, "Crane" in second) == (True, False, True)
        assert "None; a member like everybody." in first
        assert "gate keeper" in second.partition("From the logbook")[0]
        assert "None; a member like everybody." in third
        assert "Nothing was entered." in second
        assert "not verified" in third
    assert "not verified" not in said("guard", world.now)  # her ways are the office's to read
    assert Read.objects.filter(kind=ReadKind.PERSON, whose=key).exists()
    earlier = said("admin", begun - dt.timedelta(days=1))
    assert "were not known here yet" in earlier
    for who in ("agent", "outsider"):
        assert pages.as_(who).get(page).status_code == 404
