"""Whoever ends a log-in, or changes how an account is opened, has every stranger out with the
stranger's next look: sessions are rows, and no list is needed to end them (issue 5: within 5 s)."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.test import Client

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.world import World

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def log_in(pages: Pages, browser: str = "") -> Client:
    """Log in on the page, in a browser that calls itself so."""
    pages.account("head")
    client = Client(headers={"user-agent": browser})
    client.post("/log-in/", {"username": "head", "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_a_person_sees_where_she_is_in_and_ends_one(pages: Pages) -> None:
    here, phone, other = log_in(pages), log_in(pages, PHONE), log_in(pages)
    page = text_of(here.get("/me/log-in/"))
    assert "Firefox on Android" in page
    assert "a browser that does not say its name here" in page
    lines = here.get("/me/log-in/").context["log_ins"]
    assert len(lines) == 3
    wanted = next(one["line"].id for one in lines if one["browser"] == "Firefox on Android")
    assert "This log-in has ended." in text_of(
        here.post(f"/me/log-in/ended/{wanted}/", follow=True)
    )
    assert not is_in(phone)
    assert is_in(other)
    assert is_in(here)
    assert Entry.objects.filter(kind="LOG_IN_ENDED").count() == 1
    again = here.post(f"/me/log-in/ended/{wanted}/", sent(), follow=True)
    assert "This log-in has ended already." in text_of(again)


def test_she_ends_all_others_even_those_no_list_knows(pages: Pages) -> None:
    here, phone, other = log_in(pages), log_in(pages, PHONE), log_in(pages)
    UserSession.objects.all().delete()
    here.post("/me/log-in/ended/", sent())
    assert not is_in(phone)
    assert not is_in(other)
    assert is_in(here)


def test_nobody_ends_the_log_in_of_another(pages: Pages) -> None:
    here = log_in(pages)
    wanted = here.get("/me/log-in/").context["log_ins"][0]["line"].id
    pages.as_("agent").post(f"/me/log-in/ended/{wanted}/", sent())
    assert is_in(here)


def test_a_new_password_ends_the_other_log_ins_and_is_told(pages: Pages, world: World) -> None:
    here, phone = log_in(pages), log_in(pages, PHONE)
    here.post("/me/password/", sent(present=PASSWORD, password="a longer walk home"))
    assert not is_in(phone)
    assert is_in(here)
    told = Message.objects.filter(person_id=world.people["head"])
    assert [one for one in told if "The password of your log-in was changed." in one.text]


def test_the_session_that_stays_has_a_new_key(pages: Pages) -> None:
    here = log_in(pages)
    before = here.session.session_key
    here.post("/me/log-in/ended/", sent())
    assert here.session.session_key != before
    stolen = Client()
    stolen.cookies["homeby-session"] = str(before)
    assert not is_in(stolen)


def test_a_look_by_the_key_of_before_takes_no_cookie_away(pages: Pages) -> None:
    """The live part of a page may ask by the old key while its person changes her log-in; its
    answer comes last."""
    here = log_in(pages)
    late = Client()
    late.cookies["homeby-session"] = str(here.session.session_key)
    here.post("/me/log-in/ended/", sent())
    answer = late.get("/me/")
    assert answer.status_code == 302
    assert "homeby-session" not in answer.cookies
    assert "Cookie" in answer.headers["Vary"]
    assert is_in(here)


def test_the_log_ins_of_earlier_releases_go_on(pages: Pages) -> None:
    """Until something is ended, a session carries what Django alone would have it carry."""
    account = pages.account("head")
    by_django = AbstractBaseUser._get_session_auth_hash(account)  # type: ignore[attr-defined]
    assert account.get_session_auth_hash() == by_django
