"""Logging in by password, by a one-time link and, in the demonstration, by a door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from homeby import clock, settings
from homeby.logbook.rules import new_tap
from homeby.people.actions import accounts, persons
from homeby.people.models import Account, LogInLink
from homeby.people.rules import STATION
from homeby.web.office import throttle
from tests.rooms.pages import PASSWORD, Pages, entries, sent, text_of
from tests.world import World


@pytest.fixture(autouse=True)
def _no_failures_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def try_password(client: Client, name: str, password: str, **more: str) -> str:
    fields = {"username": name, "password": password, **more}
    return text_of(client.post("/log-in/", fields, follow=True))


def test_the_right_password_logs_in_whatever_the_name_s_case(pages: Pages) -> None:
    pages.account("head")
    client = pages.nobody()
    try_password(client, "HEAD", PASSWORD)
    assert is_in(client)


@pytest.mark.parametrize(("name", "password"), [("head", "not-my-own"), ("nobody", PASSWORD)])
def test_a_wrong_pair_is_one_sentence(pages: Pages, name: str, password: str) -> None:
    pages.account("head")
    client = pages.nobody()
    page = client.post("/log-in/", {"username": name, "password": password})
    assert page.status_code == 422
    assert "This name and password do not belong together." in text_of(page)
    assert f'value="{name}"' in page.content.decode()
    assert password not in page.content.decode()
    assert not is_in(client)


def test_after_five_wrong_passwords_the_next_is_not_looked_at(pages: Pages) -> None:
    pages.account("head")
    client = pages.nobody()
    for _ in range(throttle.TRIES):
        try_password(client, "head", "wrong")
    assert "Wait a minute" in try_password(client, "Head ", PASSWORD)
    assert not is_in(client)
    pages.account("deputy")
    try_password(client, "deputy", PASSWORD)  # nobody else waits
    assert is_in(client)
    cache.clear()  # the minute has passed
    again = pages.nobody()
    try_password(again, "head", PASSWORD)
    assert is_in(again)


def test_the_right_password_forgets_the_wrong_ones(pages: Pages) -> None:
    pages.account("head")
    for _ in range(3):
        client = pages.nobody()
        for _ in range(throttle.TRIES - 1):
            try_password(client, "head", "wrong")
        try_password(client, "head", PASSWORD)
        assert is_in(client)


def test_whoever_has_left_cannot_log_in(pages: Pages, world: World) -> None:
    inside = pages.as_("head")
    persons.change_person(
        person_id=world.people["head"],
        values={"is_active": False},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    client = pages.nobody()
    assert "This account is not in use any more." in try_password(client, "head", PASSWORD)
    assert not is_in(client)
    assert not is_in(inside)


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/alarms/", "/alarms/"),
        ("", "/"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_one_goes_on_to_a_page_of_ours_only(pages: Pages, wanted: str, leads_to: str) -> None:
    pages.account("head")
    fields = {"username": "head", "password": PASSWORD, "next": wanted}
    assert pages.nobody().post("/log-in/", fields).headers["Location"] == leads_to


def test_logging_out_is_an_act_and_not_a_link(pages: Pages) -> None:
    client = pages.as_("head")
    assert client.get("/log-out/").status_code == 405
    assert is_in(client)
    assert "You are logged out." in text_of(client.post("/log-out/", follow=True))
    assert not is_in(client)


def test_opening_a_log_in_link_uses_nothing_up(pages: Pages, world: World) -> None:
    pages.account("head")
    secret = accounts.log_in_link(login="head", now=world.now)
    robot = pages.nobody()
    for _ in range(3):
        assert robot.get(f"/log-in/{secret}/").status_code == 200
        assert robot.head(f"/log-in/{secret}/").status_code == 200
    assert not is_in(robot)
    assert LogInLink.objects.count() == 1
    client = pages.nobody()
    client.post(f"/log-in/{secret}/")
    assert is_in(client)
    late = pages.nobody()
    page = late.post(f"/log-in/{secret}/")
    assert page.status_code == 404
    assert "This link has been used or has lapsed." in text_of(page)
    assert not is_in(late)


def test_a_log_in_link_lapses(pages: Pages, world: World) -> None:
    pages.account("head")
    secret = accounts.log_in_link(login="head", now=world.now, minutes=5)
    world.fast_forward(minutes=6)
    client = pages.nobody()
    assert client.post(f"/log-in/{secret}/").status_code == 404
    assert not is_in(client)


def test_the_demonstration_has_a_door_for_each_by_callsign(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent")
    for who in ("guard", "head", "deputy", "admin", "agent", "mate"):
        pages.account(who)
    client = pages.nobody()
    assert "enter as" not in text_of(client.get("/log-in/"))
    client.post("/log-in/", {"door": "admin"})  # no demonstration, no door
    assert not is_in(client)
    shown = settings.current().model_copy(update={"demonstration": True})
    monkeypatch.setattr(settings, "current", lambda: shown)
    page = text_of(client.get("/log-in/"))
    for door in (
        "Gate 1 gate keeper",
        "Head leader, duty officer",
        "Fox member, out now",
        "Owl member",
    ):
        assert door in page
    client.post("/log-in/", {"door": "nobody"})
    assert not is_in(client)
    client.post("/log-in/", {"door": "guard"})
    assert is_in(client)


def test_looking_at_the_log_in_page_records_nothing(pages: Pages) -> None:
    before = entries()
    assert pages.nobody().get("/log-in/").status_code == 200
    assert entries() == before


def test_a_new_password_of_ones_own(pages: Pages) -> None:
    client, other = pages.as_("head"), pages.as_("head")
    page = client.post("/me/password/", sent(present="wrong", password="a longer walk home"))
    assert "This is not your present password." in text_of(page)
    page = client.post("/me/password/", sent(present=PASSWORD, password="short"))
    assert "at least 10 characters" in text_of(page)
    client.post("/me/password/", sent(present=PASSWORD, password="a longer walk home"))
    assert is_in(client)
    assert not is_in(other)
    fresh = pages.nobody()
    try_password(fresh, "head", "a longer walk home")
    assert is_in(fresh)


def test_a_session_counts_until_its_time_and_whichever_release_began_it(pages: Pages) -> None:
    account, client = pages.account("head"), pages.nobody()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/me/").status_code == 200
    Session.objects.update(expire_date=clock.real_now() - dt.timedelta(seconds=1))
    assert client.get("/me/").status_code == 302
    client.force_login(account)
    Account.objects.update(is_active=False)
    assert client.get("/me/").status_code == 302
