"""Invitations: a link by which somebody opens her own log-in, once, and begins anew."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from homeby.comms.models import Message
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import persons
from homeby.people.models import Account, Device, Invitation, PersonalToken
from homeby.people.rules import STATION
from tests.rooms.api_client import Programs
from tests.rooms.devices import phone_of
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey, prove
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def office(world: World, who: str = "agent") -> str:
    return f"/office/people/{world.people[who]}/log-in/"


def invite(pages: Pages, world: World, who: str = "agent") -> str:
    """The path of a new link for somebody, as the office is shown it."""
    page = pages.as_("admin").post(office(world, who), sent(act="invite"))
    found = re.search(r"/invitation/[\w-]+/", page.content.decode())
    assert found, text_of(page)
    return found.group()


def take(client: Client, path: str, **chosen: Any) -> Any:
    """Choose on the page of a link."""
    return client.post(path, sent(**chosen), headers={"host": "localhost"})


def with_password(client: Client, path: str, login: str = "fox") -> Any:
    return take(client, path, login=login, password="a path of my own", without="1")


def with_passkey(client: Client, path: str, key: SoftKey, login: str = "fox") -> Any:
    asked = client.post(f"{path}asked/", {"login": login}).json()
    return take(client, path, login=login, credential=key.made(asked))


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def told(world: World, who: str) -> str:
    return " ".join(one.text for one in Message.objects.filter(person_id=world.people[who]))


def test_looking_at_a_link_uses_nothing_up(pages: Pages, world: World) -> None:
    path, robot = invite(pages, world), pages.nobody()
    for _ in range(3):
        assert robot.get(path).status_code == 200
        assert robot.head(path).status_code == 200
        robot.post(f"{path}asked/")
    assert Invitation.objects.get().used_at is None
    assert not Account.objects.filter(login="fox").exists()


def test_a_passkey_is_chosen_and_is_the_only_way_in(pages: Pages, world: World) -> None:
    path, client, key = invite(pages, world), pages.nobody(), SoftKey()
    assert with_passkey(client, path, key).headers["Location"] == "/me/"
    assert is_in(client)
    account = Account.objects.get(login="fox")
    assert account.person_id == world.people["agent"]
    assert not account.has_usable_password()
    fresh = pages.nobody()
    prove(fresh, key)
    assert is_in(fresh)
    assert Entry.objects.get(kind="INVITATION_USED").actor_id == world.people["agent"]
    assert verify().difference is None
    secret = path.split("/")[2]
    bodies = EntryBody.objects.values_list("body", flat=True)
    assert not [body for body in bodies if body and secret in body]


def test_a_link_works_once(pages: Pages, world: World) -> None:
    path, first, second = invite(pages, world), pages.nobody(), pages.nobody()
    with_password(first, path)
    assert is_in(first)
    page = with_password(second, path, login="thief")
    assert page.status_code == 404
    assert "This link has been used." in text_of(page)
    assert not is_in(second)
    assert not Account.objects.filter(login="thief").exists()


def test_a_link_lapses_is_revoked_and_gives_way_to_the_next(pages: Pages, world: World) -> None:
    first = invite(pages, world)
    second = invite(pages, world)
    assert "has lapsed or was revoked" in text_of(with_password(pages.nobody(), first))
    assert pages.nobody().post(f"{first}asked/").status_code == 403
    admin = pages.as_("admin")
    open_now = admin.get(office(world)).context["invitations"]
    assert len(open_now) == 1
    page = admin.post(office(world), sent(act="revoke", invitation=open_now[0].id))
    assert "Revoked" in text_of(page)
    assert "has lapsed or was revoked" in text_of(with_password(pages.nobody(), second))
    third = invite(pages, world)
    world.fast_forward(minutes=7 * 24 * 60)
    assert "has lapsed or was revoked" in text_of(with_password(pages.nobody(), third))
    assert pages.nobody().get("/invitation/never-given-out/").status_code == 404


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"login": "fox", "password": "short", "without": "1"}, "at least 10 characters"),
        ({"login": "fox", "password": "", "without": "1"}, "Choose a password, or make a passkey."),
        ({"login": "HEAD", "password": "a path of my own", "without": "1"}, "This log-in name is"),
        ({"login": "fox", "credential": "{}"}, "This passkey does not open a log-in here."),
        (
            {"login": "", "password": "a path of my own", "without": "1"},
            "This is needed; please",
        ),
    ],
)
def test_what_cannot_be_used_uses_nothing_up(
    pages: Pages, world: World, chosen: dict[str, str], sentence: str
) -> None:
    pages.account("head")
    path, client = invite(pages, world), pages.nobody()
    page = take(client, path, **chosen)
    assert page.status_code == 422
    assert sentence in text_of(page)
    with_password(client, path)
    assert is_in(client)


def test_after_a_lost_phone_what_opened_it_before_counts_no_more(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief, lost = pages.as_("agent"), SoftKey()
    add_passkey(thief, lost)
    phone = phone_of(world, "agent")
    Programs(world, monkeypatch).of("agent")
    other = phone_of(world, "mate")
    path = invite(pages, world)
    assert "a link by which your log-in can be begun anew" in told(world, "agent")
    assert is_in(thief)  # nothing has changed yet
    assert not Device.objects.filter(revoked_at__isnull=False).exists()
    owner, key = pages.nobody(), SoftKey()
    with_passkey(owner, path, key)
    assert is_in(owner)
    assert not is_in(thief)
    for stranger in (pages.nobody(), pages.nobody()):
        prove(stranger, lost)
        stranger.post("/log-in/", {"username": "agent", "password": PASSWORD})
        assert not is_in(stranger)
    assert "Your log-in was opened by a link of the office." in told(world, "agent")
    assert PersonalToken.objects.get().revoked_at == world.now
    ended = dict(Device.objects.values_list("pk", "revoked_at"))
    assert (ended[phone.id], ended[other.id]) == (world.now, None)
    assert verify().difference is None
    prove(fresh := pages.nobody(), key)
    assert is_in(fresh)


def test_the_office_ends_all_log_ins_of_somebody(pages: Pages, world: World) -> None:
    one, other = pages.as_("agent"), pages.as_("agent")
    page = pages.as_("admin").post(office(world), sent(act="end"))
    assert "All their log-ins have ended." in text_of(page)
    assert not is_in(one)
    assert not is_in(other)
    assert "An administrator ended all your log-ins." in told(world, "agent")
    entry = Entry.objects.get(kind="LOG_INS_ENDED")
    assert (entry.actor_id, entry.person_id) == (world.people["admin"], world.people["agent"])


def test_only_an_administrator_who_proved_herself_may(pages: Pages, world: World) -> None:
    for who in ("head", "agent"):
        assert pages.as_(who).post(office(world), sent(act="invite")).status_code == 404
    page = pages.long_in("admin").post(office(world), sent(act="invite"))
    assert page.headers["Location"].startswith("/log-in/again/")
    assert not Invitation.objects.exists()
    nonsense = pages.as_("admin").post(office(world), sent(act="revoke", invitation="x"))
    assert "There is no such invitation." in text_of(nonsense)


def test_whoever_has_left_is_not_invited(pages: Pages, world: World) -> None:
    path = invite(pages, world)
    persons.change_person(
        person_id=world.people["agent"], values={"is_active": False},
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    assert "has lapsed or was revoked" in text_of(with_password(pages.nobody(), path))
    page = pages.as_("admin").post(office(world), sent(act="invite"))
    assert "Only people who are with the organisation log in." in text_of(page)
