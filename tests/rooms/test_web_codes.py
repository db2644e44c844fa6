"""What the log-in asks for after the password: codes of an app, and recovery codes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from homeby import clock
from homeby.comms.models import Message
from homeby.logbook.models import Entry, EntryBody
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey, prove
from tests.world import World

Pass = Callable[[int], None]


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


@pytest.fixture
def seconds_pass(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Moves the machine's clock, by which an app counts."""
    now = [dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)]
    monkeypatch.setattr(clock, "real_now", lambda: now[0])

    def move(seconds: int) -> None:
        now[0] += dt.timedelta(seconds=seconds)

    return move


def shown_by(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(clock.real_now().timestamp()) // 30))


def add_app(client: Client) -> str:
    """Have an app read the square; gives its secret."""
    page = client.get("/me/log-in/app/")
    secret = str(page.context["secret"]).replace(" ", "")
    assert "svg" in page.content.decode()
    client.post("/me/log-in/app/", sent(code=shown_by(secret)))
    return secret


def make_codes(client: Client) -> list[str]:
    """Make recovery codes; gives what the page shows once."""
    return list(client.post("/me/log-in/codes/", sent()).context["codes"])


def after_password(pages: Pages, who: str = "head") -> Client:
    """A browser in which the password was given, and something more is asked for."""
    client = pages.nobody()
    page = client.post("/log-in/", {"username": who, "password": PASSWORD, "next": "/alarms/"})
    assert page.headers["Location"] == "/log-in/more/"
    assert client.get("/me/").status_code == 302  # nobody is in yet
    return client


def type_code(client: Client, code: str) -> str:
    page = client.post("/log-in/more/", {"code": code}, follow=True)
    return text_of(page)


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_after_the_password_it_asks_for_the_code(pages: Pages, seconds_pass: Pass) -> None:
    owner = pages.as_("head")
    secret = add_app(owner)
    assert is_in(owner)
    seconds_pass(60)
    client = after_password(pages)
    page = client.post("/log-in/more/", {"code": f" {shown_by(secret)} "})
    assert page.headers["Location"] == "/alarms/"
    assert is_in(client)
    bodies = EntryBody.objects.values_list("body", flat=True)
    assert not [body for body in bodies if body and secret in body]  # nor any secret in an entry


def test_a_code_counts_once(pages: Pages, seconds_pass: Pass) -> None:
    secret = add_app(pages.as_("head"))
    assert "does not count" in type_code(after_password(pages), shown_by(secret))  # it was shown
    seconds_pass(30)
    code, first, second = shown_by(secret), after_password(pages), after_password(pages)
    type_code(first, code)
    assert is_in(first)
    assert "does not count" in type_code(second, code)
    assert not is_in(second)


def test_a_wrong_first_code_adds_no_app(pages: Pages) -> None:
    client = pages.as_("head")
    client.get("/me/log-in/app/")
    page = client.post("/me/log-in/app/", sent(code="000000"))
    assert page.status_code == 422
    assert "This is not the code that the app shows now." in text_of(page)
    assert not Entry.objects.filter(kind="CODE_APP_ADDED").exists()


def test_the_sixth_wrong_code_is_not_looked_at(pages: Pages, seconds_pass: Pass) -> None:
    secret = add_app(pages.as_("head"))
    seconds_pass(60)
    client = after_password(pages)
    for _ in range(5):
        assert "does not count" in type_code(
            client, "123456" if shown_by(secret) != "123456" else "1"
        )
    assert "Too many wrong codes. Wait a minute" in type_code(client, shown_by(secret))
    assert not is_in(client)
    cache.clear()  # the minute has passed
    type_code(client, shown_by(secret))
    assert is_in(client)


def test_the_password_is_forgotten_after_ten_minutes(pages: Pages, seconds_pass: Pass) -> None:
    secret = add_app(pages.as_("head"))
    client = after_password(pages)
    seconds_pass(600)
    assert "Begin with your password again." in type_code(client, shown_by(secret))
    assert not is_in(client)


def test_a_recovery_code_stands_in_once(pages: Pages, world: World, seconds_pass: Pass) -> None:
    owner = pages.as_("head")
    add_app(owner)
    codes = make_codes(owner)
    assert len(set(codes)) == 10
    assert not [one for one in codes if one in text_of(owner.get("/me/log-in/codes/"))]
    first, second = after_password(pages), after_password(pages)
    assert "9 are left" in type_code(first, codes[0])
    assert is_in(first)
    assert "does not count" in type_code(second, codes[0])
    assert not is_in(second)
    assert Entry.objects.filter(kind="RECOVERY_CODE_USED").count() == 1
    told = Message.objects.filter(person_id=world.people["head"])
    assert [one for one in told if "A recovery code opened your log-in." in one.text]


def test_new_codes_end_the_earlier_ones(pages: Pages) -> None:
    owner = pages.as_("head")
    add_app(owner)
    before, after = make_codes(owner), make_codes(owner)
    assert "does not count" in type_code(after_password(pages), before[0])
    client = after_password(pages)
    type_code(client, after[0])
    assert is_in(client)


def test_a_recovery_code_alone_opens_nothing(pages: Pages) -> None:
    """Recovery is as strong as what it stands in for: it comes after the password, and codes are
    made for who has something they stand in for."""
    client = pages.as_("head")
    page = client.post("/me/log-in/codes/", sent(), follow=True)
    assert "add one first" in text_of(page)
    add_app(client)
    stranger = pages.nobody()
    assert "Begin with your password again." in type_code(stranger, make_codes(client)[0])


def test_a_passkey_stands_beside_the_password_too(pages: Pages) -> None:
    mine, strange = SoftKey(), SoftKey()
    add_passkey(pages.as_("head"), mine)
    add_passkey(pages.as_("agent"), strange)
    client = after_password(pages)
    prove(client, strange, path="/log-in/more/")
    assert not is_in(client)
    prove(client, mine, path="/log-in/more/")
    assert is_in(client)


def test_without_the_app_the_password_is_enough_again(pages: Pages) -> None:
    client = pages.as_("head")
    add_app(client)
    assert "asks for no code" in text_of(client.post("/me/log-in/app/removed/", follow=True))
    fresh = pages.nobody()
    fresh.post("/log-in/", {"username": "head", "password": PASSWORD})
    assert is_in(fresh)
    assert "There is no app" in text_of(client.post("/me/log-in/app/removed/", follow=True))


def test_the_code_of_the_app_is_a_re_check(pages: Pages, seconds_pass: Pass) -> None:
    secret = add_app(pages.as_("head"))
    seconds_pass(60)
    client = pages.long_in("head")
    page = client.post("/log-in/again/?next=/me/log-in/codes/", {"code": "1"})
    assert "This is not the code that your app shows." in text_of(page)
    client.post("/log-in/again/", {"code": shown_by(secret)})
    asked = client.get("/me/log-in/codes/").headers["Location"]
    assert "your password and the code of your app are both asked" in text_of(client.get(asked))
    client.post(asked, {"password": PASSWORD})
    assert client.get("/me/log-in/codes/").status_code == 200
