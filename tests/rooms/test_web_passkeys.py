"""Passkeys: added, proven, removed; those of other sites, of nobody and of rubbish."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client

from homeby import clock
from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import persons
from homeby.people.rules import STATION
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey, prove
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def without_password(pages: Pages, who: str) -> None:
    account = pages.account(who)
    account.set_unusable_password()
    account.save(update_fields=["password"])


def test_a_passkey_opens_the_log_in_alone(pages: Pages, world: World) -> None:
    without_password(pages, "head")
    client, other, key = pages.as_("head"), pages.as_("head"), SoftKey()
    world.give_phone("head")
    assert add_passkey(client, key).status_code == 302
    assert "My phone" in text_of(client.get("/me/log-in/"))
    assert is_in(client)
    assert not is_in(other)  # whoever was in before the change is out
    fresh = pages.nobody()
    prove(fresh, key)
    assert is_in(fresh)
    entry = Entry.objects.get(kind="PASSKEY_ADDED")
    assert entry.person_id == entry.actor_id == world.people["head"]
    told = Message.objects.filter(person_id=world.people["head"], kind="NOTICE")
    assert sorted(each.deliveries.count() for each in told) == [1, 1]  # wherever she is reached
    assert "A passkey was added to your log-in." in told[0].text
    assert verify().difference is None


def test_it_goes_on_to_a_page_of_ours_only(pages: Pages) -> None:
    key = SoftKey()
    add_passkey(pages.as_("head"), key)
    for wanted, leads_to in (("/alarms/", "/alarms/"), ("//example.org/", "/")):
        page = prove(pages.nobody(), key, next=wanted)
        assert page.redirect_chain[0][0] == leads_to


@pytest.mark.parametrize("key", [SoftKey(site="example.org"), SoftKey(verified=False)])
def test_a_passkey_of_another_site_is_a_sentence(pages: Pages, key: SoftKey) -> None:
    """And one whose device did not ask who holds it."""
    client = pages.as_("head")
    page = add_passkey(client, key)
    assert page.status_code == 422
    assert "This passkey does not open a log-in here." in text_of(page)
    assert "None yet." in text_of(client.get("/me/log-in/"))
    good = SoftKey()
    add_passkey(client, good)
    good.site, good.verified = key.site, key.verified
    stranger = pages.nobody()
    assert "This passkey does not open a log-in here." in text_of(prove(stranger, good))
    assert not is_in(stranger)


@pytest.mark.parametrize(
    "said", ["", "null", "[]", "{", '{"response": []}', '{"response": {"userHandle": 5}}', "x" * 99]
)
def test_rubbish_is_a_sentence(pages: Pages, said: str) -> None:
    stranger = pages.nobody()
    stranger.post("/log-in/passkey/asked/")
    page = stranger.post("/log-in/passkey/", {"credential": said}, follow=True)
    assert "This passkey does not open a log-in here." in text_of(page)
    assert not is_in(stranger)


def test_what_was_proven_once_proves_nothing_again(pages: Pages) -> None:
    key, client = SoftKey(), pages.nobody()
    add_passkey(pages.as_("head"), key)
    heard = key.proven(client.post("/log-in/passkey/asked/").json())
    client.post("/log-in/passkey/", {"credential": heard})
    assert is_in(client)
    thief = pages.nobody()
    thief.post("/log-in/passkey/asked/")
    thief.post("/log-in/passkey/", {"credential": heard})
    assert not is_in(thief)


def test_a_removed_passkey_opens_nothing_and_the_last_way_in_stays(pages: Pages) -> None:
    without_password(pages, "head")
    client, first, second = pages.as_("head"), SoftKey(), SoftKey()
    add_passkey(client, first, name="One")
    add_passkey(client, second, name="Two")
    ids = _ids(client)
    assert "Removed: One" in text_of(client.post(f"/me/log-in/passkey/{ids[0]}/", follow=True))
    page = client.post(f"/me/log-in/passkey/{ids[1]}/", follow=True)
    assert "This is your only way in." in text_of(page)
    stranger = pages.nobody()
    prove(stranger, first)
    assert not is_in(stranger)
    prove(stranger, second)
    assert is_in(stranger)


def _ids(client: Client) -> list[int]:
    found = client.get("/me/log-in/").context["factors"].passkeys
    return [one.id for one in found]


def test_nobody_touches_the_passkey_of_another(pages: Pages) -> None:
    owner, key = pages.as_("head"), SoftKey()
    add_passkey(owner, key)
    other = pages.as_("agent")
    page = other.post(f"/me/log-in/passkey/{_ids(owner)[0]}/", follow=True)
    assert "This passkey is here no more." in text_of(page)
    assert _ids(owner)


def test_whoever_has_left_does_not_come_in_by_a_passkey(pages: Pages, world: World) -> None:
    key, client = SoftKey(), pages.nobody()
    add_passkey(pages.as_("head"), key)
    gone = {"is_active": False}
    persons.change_person(
        person_id=world.people["head"], values=gone, by=STATION, now=world.now, tap=new_tap()
    )
    assert "This account is not in use any more." in text_of(prove(client, key))
    assert not is_in(client)


def test_before_a_door_is_opened_she_proves_who_she_is(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = pages.long_in("head")
    for path in ("/me/log-in/passkey/", "/me/log-in/app/", "/me/log-in/codes/", "/me/password/"):
        assert client.get(path).headers["Location"].startswith("/log-in/again/"), path
    assert client.post("/me/log-in/passkey/asked/").status_code == 403
    asks = client.get("/me/log-in/passkey/").headers["Location"]
    page = client.post(asks, {"password": "wrong"})
    assert page.status_code == 422
    assert "This is not your present password." in text_of(page)
    page = client.post(asks, {"password": PASSWORD})
    assert page.headers["Location"] == "/me/log-in/passkey/"
    assert client.get("/me/log-in/passkey/").status_code == 200
    later = clock.real_now() + dt.timedelta(minutes=10)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert client.get("/me/log-in/passkey/").status_code == 302


def test_a_passkey_proves_it_and_only_ones_own(pages: Pages) -> None:
    mine, strange = SoftKey(), SoftKey()
    add_passkey(pages.as_("head"), mine)
    add_passkey(pages.as_("agent"), strange)
    client = pages.long_in("head")
    prove(client, strange, path="/log-in/again/")
    assert client.get("/me/log-in/passkey/").status_code == 302
    prove(client, mine, path="/log-in/again/")
    assert client.get("/me/log-in/passkey/").status_code == 200


def test_a_passkey_is_renamed_after_a_re_check_and_told(pages: Pages, world: World) -> None:
    client, key = pages.as_("head"), SoftKey()
    add_passkey(client, key)
    path = f"/me/log-in/passkey/{_ids(client)[0]}/name/"
    assert pages.long_in("head").get(path).headers["Location"].startswith("/log-in/again/")
    assert 'value="My phone"' in client.get(path).content.decode()
    page = client.post(path, sent(name=" "))
    assert page.status_code == 422
    page = client.post(path, sent(name="The stick in the drawer"), follow=True)
    assert "The passkey is called The stick in the drawer now." in text_of(page)
    assert Entry.objects.get(kind="PASSKEY_RENAMED").actor_id == world.people["head"]
    assert told(world, "A passkey of your log-in was renamed.")
    page = pages.as_("agent").post(path, sent(name="mine"), follow=True)
    assert "This passkey is here no more." in text_of(page)
    stranger = pages.nobody()
    prove(stranger, key)
    assert is_in(stranger)


def test_a_password_goes_once_a_passkey_is_there(pages: Pages, world: World) -> None:
    path = "/me/log-in/password/removed/"
    client, other, key = pages.as_("head"), pages.as_("head"), SoftKey()
    assert "Add a passkey first" in text_of(client.post(path, sent(), follow=True))
    add_passkey(client, key)
    asked = pages.long_in("head").post(path, sent())
    assert asked.headers["Location"].startswith("/log-in/again/")
    assert "has no password any more" in text_of(client.post(path, sent(), follow=True))
    assert is_in(client)
    assert not is_in(other)
    assert Entry.objects.get(kind="PASSWORD_REMOVED").person_id == world.people["head"]
    assert told(world, "The password of your log-in was removed.")
    stranger = pages.nobody()
    stranger.post("/log-in/", {"username": "head", "password": PASSWORD})
    assert not is_in(stranger)
    prove(stranger, key)
    assert is_in(stranger)
    page = client.post(f"/me/log-in/passkey/{_ids(client)[0]}/", sent(), follow=True)
    assert "This is your only way in." in text_of(page)
    assert verify().difference is None


def told(world: World, sentence: str) -> bool:
    found = Message.objects.filter(person_id=world.people["head"])
    return any(sentence in one.text for one in found)
