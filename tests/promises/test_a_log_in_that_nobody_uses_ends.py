"""A log-in ends by itself, and nothing that was being typed is lost by it (ASVS 5.0: 7.3.1, 7.3.2).

Whoever keeps watch bears three days, and a board that is shown asks for its rows: it stays on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from homeby import clock
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.people.models import WhereIWouldBe
from homeby.retention import persons
from homeby.station import hourly
from homeby.web.accounts import lasting
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def log_in(pages: Pages, who: str, client: Client | None = None, **more: str) -> Client:
    pages.account(who)
    client = client or Client()
    client.post("/log-in/", {"username": who, "password": PASSWORD, **more})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def later(world: World, **span: float) -> None:
    """So much later; this process has forgotten who was at work just now. No watch is at work."""
    world.now += dt.timedelta(**span)
    cache.clear()


def test_hours_without_use_by_kind_of_work(pages: Pages, world: World) -> None:
    member, watch, office = (log_in(pages, who) for who in ("agent", "head", "admin"))
    later(world, hours=11.5)
    assert is_in(office)
    later(world, hours=12)
    page = office.get("/office/people/", follow=True)
    assert page.redirect_chain[0][0] == "/log-in/?next=/office/people/"
    assert "Nobody had used this log-in for a long time, so it ended." in text_of(page)
    assert "you go on where you were" in text_of(office.get("/log-in/"))  # until she is in
    log_in(pages, "admin", office)
    assert "so it ended" not in text_of(office.get("/log-in/"))
    assert is_in(watch)
    assert is_in(member)
    later(world, hours=72)
    assert not is_in(watch)
    assert not is_in(member)


def test_a_board_that_is_shown_stays_on_until_its_days_are_over(pages: Pages, world: World) -> None:
    """It asks for its rows and nobody touches it; days are over in the morning."""
    board = log_in(pages, "deputy")
    for _hours in range(13 * 24 // 6):
        later(world, hours=6)
        assert board.get("/board/rows/").status_code == 200
    later(world, hours=40)
    assert board.get("/board/rows/").status_code == 302
    assert "The days of this log-in were over" in text_of(board.get("/board/", follow=True))


def test_who_proves_herself_once_more_has_all_her_days_anew(pages: Pages, world: World) -> None:
    board = log_in(pages, "deputy")
    for _days in range(13):
        assert "This log-in ends" not in text_of(board.get("/missions/"))
        later(world, hours=24)
        assert is_in(board)
    later(world, hours=16)
    assert "Prove who you are, and it goes on" in text_of(board.get("/missions/"))
    board.post("/log-in/again/", {"password": PASSWORD})
    for _days in range(12):
        later(world, hours=24)
        assert is_in(board)
    assert "This one ends in any case" in text_of(board.get("/me/log-in/"))


PATH, NOTE = "/me/private/where/", "By the old mill first.\r\nThen the hut."


def test_what_was_sent_too_late_is_kept_and_sent_with_one_tap(pages: Pages, world: World) -> None:
    client = log_in(pages, "agent", Client(enforce_csrf_checks=False))
    later(world, hours=80)
    fields = sent(note=NOTE)
    page = client.post(PATH, fields, follow=True)
    assert "What you sent is kept" in text_of(page)
    assert not WhereIWouldBe.objects.exists()
    kept_here = str([one.get_decoded() for one in Session.objects.all()])
    assert "old mill" not in kept_here  # not in the clear
    entered = client.post("/log-in/", {"username": "agent", "password": PASSWORD}, follow=True)
    assert entered.redirect_chain[-1][0] == "/log-in/typed/"
    assert "Your log-in had ended, so what you sent was not recorded." in text_of(entered)
    again = entered.context["again"]
    assert again["address"] == PATH
    kept = dict(again["fields"])
    assert {name: kept[name] for name in fields} == fields
    for _taps in range(2):
        assert client.post(again["address"], kept).status_code == 302
    assert "By the old mill first." in text_of(client.get("/me/private/"))
    assert Entry.objects.filter(kind="PRIVATE_WRITTEN").count() == 1
    assert "typed" not in client.session


def test_nobody_else_is_shown_it_and_no_password_is_kept(pages: Pages, world: World) -> None:
    client = log_in(pages, "agent")
    later(world, hours=80)
    client.post(PATH, sent(note=NOTE))
    log_in(pages, "mate", client)
    assert client.get("/log-in/typed/").headers["Location"] == "/"
    later(world, hours=80)
    asked = client.post("/me/password/", sent(present=PASSWORD, password="a longer walk home"))
    assert asked.status_code == 302
    assert "you go on where you were" in text_of(client.get("/log-in/"))
    log_in(pages, "mate", client)
    assert client.get("/log-in/typed/").headers["Location"] == "/"


def test_a_live_part_that_asks_first_loses_nothing(pages: Pages, world: World) -> None:
    """The parts of a page ask by themselves, and end the log-in before anything is sent."""
    client = log_in(pages, "agent")
    later(world, hours=80)
    assert client.get("/places/").status_code == 302
    assert "you go on where you were" in text_of(client.get("/log-in/"))
    whose = str(pages.account("agent").pk)
    assert whose not in str([one.get_decoded() for one in Session.objects.all()])
    page = client.post(PATH, sent(note=NOTE), follow=True)
    assert "What you sent is kept" in text_of(page)
    entered = client.post("/log-in/", {"username": "agent", "password": PASSWORD}, follow=True)
    assert dict(entered.context["again"]["fields"])["note"] == NOTE
    client.post("/log-out/")
    client.post(PATH, sent(note="of nobody"))
    assert "is kept" not in text_of(client.get("/log-in/"))
    log_in(pages, "agent", client)
    assert client.get("/log-in/typed/").headers["Location"] == "/"


@pytest.mark.parametrize(
    "order", [("POST", "GET", "LATE"), ("GET", "POST", "LATE"), ("LATE", "GET", "POST")]
)
def test_parts_that_ask_at_once_lose_nothing(
    pages: Pages, world: World, order: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two live parts and a form leave in one instant with one key, the second while the first is
    being answered; their answers come in any order."""
    browser = log_in(pages, "agent")
    later(world, hours=80)
    others = {name: Client() for name in order}
    for one in others.values():
        one.cookies.update(browser.cookies)
    answers: dict[str, Any] = {}
    end = lasting._end

    def meanwhile(*asked: Any) -> None:
        monkeypatch.setattr(lasting, "_end", end)
        answers["LATE"] = others["LATE"].get("/places/")
        end(*asked)

    monkeypatch.setattr(lasting, "_end", meanwhile)
    for name in order:
        if name == "POST":
            answers[name] = others[name].post(PATH, sent(note=NOTE))
        else:
            answers.setdefault(name, others[name].get("/places/"))
    for name in reversed(order):
        take_cookies(browser, answers[name])
    assert "What you sent is kept" in text_of(browser.get("/log-in/"))
    entered = browser.post("/log-in/", {"username": "agent", "password": PASSWORD}, follow=True)
    assert dict(entered.context["again"]["fields"])["note"] == NOTE


def take_cookies(browser: Client, answer: Any) -> None:
    """As a browser does: a cookie without a value is one that is taken away."""
    for key, morsel in answer.cookies.items():
        browser.cookies[key] = morsel.value
        if not morsel.value:
            del browser.cookies[key]


def test_nothing_that_was_typed_stays_for_good(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not after she was erased, not in a log-in, not in a session whose time is over."""
    hers, mate, late = (log_in(pages, who) for who in ("agent", "mate", "deputy"))
    later(world, hours=80)
    for client in (hers, mate, late):
        client.post(PATH, sent(note=NOTE))
        assert "typed" in client.session
    log_in(pages, "mate", mate)
    keys = {client.session.session_key: client for client in (hers, mate, late)}
    persons.erase_person(
        person_id=world.people["agent"], reason="By letter", by=world.as_("admin"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert hourly.go_round(now=world.now)
    assert left(keys) == [mate, late], "none of her"
    assert "typed" in mate.session
    ended = clock.real_now() + dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "real_now", lambda: ended)
    assert is_in(mate)
    assert "typed" not in mate.session
    assert hourly.go_round(now=world.now)
    assert left(keys) == [mate], "its hour is over"


def left(keys: dict[str | None, Client]) -> list[Client]:
    kept = set(Session.objects.values_list("pk", flat=True))
    return [client for key, client in keys.items() if key in kept]


def test_the_log_in_page_says_how_long_it_lasts(pages: Pages) -> None:
    shown = text_of(pages.nobody().get("/log-in/"))
    assert "A log-in ends when nobody uses it for 72 hours" in shown
    assert "(for 12 in an office that keeps no watch), and after 14 days in any case" in shown
