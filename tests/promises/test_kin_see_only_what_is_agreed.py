"""Promise 8 for kin: their page says the agreed words and nothing else, to nobody who was taken
out, by no link that was withdrawn; opening it changes nothing; while a named person speaks with the
family nothing else does."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.output import Lines, facts_of
from homeby.people.actions import kin_links
from homeby.people.actions.kin import KinFields
from homeby.people.models import Kin, PersonKey
from homeby.people.rules import MayKnow
from homeby.watch.actions import reaching
from homeby.watch.rules.kin import SearchStep
from tests.promises.acts import pass_time
from tests.promises.kin_pages import (
    end_hold,
    flatmate_id,
    hold,
    link_of,
    say_step,
    told,
    wait_at_home,
    watch_looks,
)
from tests.rooms.pages import Pages, entries, sent, source_of, text_of
from tests.world import World

#: What no kin page may ever hold: place, team, callsigns, names, what the mission is, its number.
SECRETS = (
    *("North woods", "Team 7", "Fox", "Owl", "agent", "mate", "by name", "Patrol", "Head"),
    *("A-1000", "mission:", "The village", "dead", "injured", "lost", "ALERT"),
)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    watch_looks()
    return Pages(world, monkeypatch)


def send_out(world: World) -> None:
    """Fox and Owl of Team 7 go out for an hour."""
    world.send_out("agent", "mate", due_minutes=60, team_id=world.team_id)


@pytest.mark.parametrize("may_know", [m for m in MayKnow if m is not MayKnow.NOTHING])
def test_no_page_says_more_than_was_agreed(world: World, pages: Pages, may_know: MayKnow) -> None:
    address = link_of(wait_at_home(world, may_know))
    seen = [Client().get(address)]
    send_out(world)
    seen.append(Client().get(address))
    pass_time(world, minutes=61)
    seen.append(Client().get(address))
    pass_time(world, minutes=70)
    say_step(world, _mission(), SearchStep.SEARCHING)
    seen.append(Client().get(address))
    world.sign_in("agent", "mate", heads=2)
    seen.append(Client().get(address))
    for page in seen:
        assert page.status_code == 200
        for secret in SECRETS:
            assert secret not in source_of(page), secret
    said = [text_of(page) for page in seen]
    assert "A search is under way." in said[3]
    assert "Back." in said[4]
    knows = may_know is not MayKnow.BACK_OR_LATE
    for number in (1, 2, 3):
        assert ("10:00" in said[number]) is knows, "positive control: who may know it reads it"
        assert ("nothing to tell" in said[number]) is (not knows and number < 3)


def _mission() -> Mission:
    return Mission.objects.get()


def test_it_is_kept_by_no_browser_found_by_no_search_and_told_to_no_other_site(
    world: World, pages: Pages
) -> None:
    page = Client().get(link_of(wait_at_home(world)))
    assert "no-store" in page.headers["Cache-Control"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert not page.cookies
    assert "<script" not in page.content.decode()


def test_a_scanner_changes_nothing_by_opening_it_or_by_sending_its_form(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    send_out(world)
    world.look()
    before, count = entries(), len(world.received)
    for _ in range(3):
        assert Client().get(address, headers={"purpose": "prefetch"}).status_code == 200
        assert Client().head(address).status_code == 200
        assert Client().post(address, sent()).status_code == 422, "a form that nobody has ticked"
        assert Client().put(address).status_code == 405
    world.look()
    assert (entries(), len(world.received)) == (before, count)


def test_whoever_is_taken_out_sees_nothing_from_the_next_request_on(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    send_out(world)
    assert Client().get(address).status_code == 200
    reaching.remove_kin(kin_id=flatmate_id(), by=world.as_("agent"), now=world.now, tap=new_tap())
    gone = Client().get(address)
    assert gone.status_code == 404
    assert Client().post(address, sent(worried="on")).status_code == 404
    assert text_of(gone) == text_of(Client().get("/k/no-such-link")), "nothing is hinted at"
    pass_time(world, minutes=180)
    assert not told(world)


def test_whoever_may_be_told_nothing_any_more_has_no_page(world: World, pages: Pages) -> None:
    address = link_of(wait_at_home(world))
    reaching.change_kin(
        kin_id=flatmate_id(),
        values=KinFields(name="flatmate", may_know=MayKnow.NOTHING),
        by=world.as_("agent"),
        now=world.now,
        tap=new_tap(),
    )
    assert Client().get(address).status_code == 404


def test_a_forwarded_link_is_renewed_or_withdrawn_by_the_person_alone(
    world: World, pages: Pages
) -> None:
    key = wait_at_home(world)
    first = link_of(key)
    refused = pages.as_("head").post(f"/office/act/kin/{key}/", sent(act="renew"))
    assert refused.status_code == 302
    assert link_of(key) == first
    pages.as_("agent").post(f"/office/act/kin/{key}/", sent(act="renew"))
    second = link_of(key)
    assert second != first
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    kin_links.withdraw_link(kin_id=key, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert Client().get(second).status_code == 404
    send_out(world)
    pass_time(world, minutes=131)
    assert world.phone("flatmate")[0].outgoing.link == "", "messages come all the same"


def test_of_somebody_whose_key_was_destroyed_no_page_is_left(world: World, pages: Pages) -> None:
    address = link_of(wait_at_home(world))
    PersonKey.objects.filter(person_id=world.people["agent"]).update(wrapped=None)
    assert Client().get(address).status_code == 404


def test_a_stolen_database_opens_no_page(world: World) -> None:
    secret = link_of(wait_at_home(world)).removeprefix("/k/")
    row = Kin.objects.get()
    kept = f"{row.link_hash}{bytes(row.link_sealed or b'')!r}"
    assert secret not in kept
    assert verify().difference is None


def test_while_a_person_speaks_with_the_family_nothing_else_does(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    send_out(world)
    pass_time(world, minutes=131)
    count = len(told(world))
    hold(world, _mission())
    held = text_of(Client().get(address))
    assert "Anna Keller will call you." in held
    assert "Later than expected" not in held
    officers = len(world.phone("head"))
    pass_time(world, minutes=70)
    reminders = [one.outgoing.text for one in world.phone("head")[officers:]]
    assert any("Anna Keller speaks with them" in text for text in reminders), "a promise is due"
    world.sign_in("agent", "mate", heads=2)
    pass_time(world, minutes=5)
    assert len(told(world)) == count, "not even that they are back"
    assert "Anna Keller will call you." in text_of(Client().get(address))
    end_hold(world, _mission())
    pass_time(world, minutes=5)
    assert "nothing to tell" in text_of(Client().get(address)), "what she said stands"
    assert len(told(world)) == count
    assert verify().difference is None


def test_a_hold_that_a_person_ended_lets_the_messages_go_on(world: World, pages: Pages) -> None:
    wait_at_home(world)
    send_out(world)
    pass_time(world, minutes=131)
    hold(world, _mission())
    pass_time(world, minutes=61)
    count = len(told(world))
    end_hold(world, _mission(), who="deputy")
    pass_time(world, minutes=61)
    assert len(told(world)) == count + 1
    assert "Later than expected" in text_of(Client().get(link_of(flatmate_id())))


def test_held_before_anybody_was_told_they_hear_once_it_is_ended(
    world: World, pages: Pages
) -> None:
    wait_at_home(world)
    send_out(world)
    pass_time(world, minutes=65)
    hold(world, _mission())
    pass_time(world, minutes=70)
    assert not told(world), "the step for kin came while a person spoke with them"
    end_hold(world, _mission())
    pass_time(world, minutes=61)
    assert "later than expected" in told(world)[0]
    assert verify().difference is None


def test_the_person_reads_beforehand_all_that_their_page_can_say(
    world: World, pages: Pages
) -> None:
    wait_at_home(world, MayKnow.BACK_OR_LATE)
    mine = text_of(pages.as_("agent").get("/me/"))
    for sentence in ("Later than expected.", "A search is under way.", "will call you."):
        assert sentence in mine
    assert "Out, expected back" not in mine


def test_no_secret_stands_in_what_the_station_logs() -> None:
    for path, kept in (
        ("/k/aB-3_x", "/k/<str:secret>"),
        ("/m/abc/state/", "/m/<str:token>/state/"),
        ("/k/aB-3_x/elsewhere", "/…"),
    ):
        said = logging.LogRecord("homeby.x", 40, "", 0, "broke at %s", (path,), None)
        assert facts_of(said)["facts"] == [kept]
        assert Lines("text").format(said).endswith(f"broke at {kept}")
