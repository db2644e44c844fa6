"""The bundled list, words of the organisation and the person's own names: each has its sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from homeby import settings
from homeby.people.models import Account
from homeby.people.passwords import is_listed, own_words
from tests.passwords import FILE, of_django, packed
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.world import World

PLACES = {"password_words": ("Kehlenbach",), "station_name": "Nordwacht"}


def test_the_list_is_whole_and_knows_what_django_knows() -> None:
    marks = FILE.read_bytes()
    assert len(marks) % 5 == 0
    several = list(of_django())
    assert len(several) > 19_000
    assert all(is_listed(one.strip().lower()) for one in several[::97] if len(one) >= 4)
    assert is_listed("mississippi")  # of another source
    assert not is_listed("a path of my own")
    assert not is_listed("")
    assert packed(iter(["Grüße", "grüße", "abc"])) == packed(iter(["grusse"]))


def test_each_kind_has_its_sentence(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings.current().model_copy(update=PLACES)
    monkeypatch.setattr(settings, "current", lambda: chosen)
    client = pages.as_("agent")  # Fox, "agent by name"
    for password, sentence in (
        ("Basketball2026!", "Strangers try this password among the first"),
        ("Mississippi12", "Strangers try this password among the first"),
        ("qwertzuiop12", "This is a pattern"),
        ("kehlenbach in june", "a word of this organisation"),
        ("the n0rdwacht sings", "a word of this organisation"),
        ("AgentByName1", "too much like your log-in name"),
        ("Fox-1990-Fox", "too much like your log-in name"),
    ):
        page = client.post("/me/password/", sent(present=PASSWORD, password=password))
        assert page.status_code == 422, password
        assert sentence in text_of(page), password
        assert password not in page.content.decode()
    fields = sent(present=PASSWORD, password="the owl came home at nine")
    assert "Password changed." in text_of(client.post("/me/password/", fields, follow=True))
    assert "Nordwacht" in own_words()


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_a_long_one_is_taken_and_never_asked_for_anew_by_the_calendar(
    world: World, pages: Pages
) -> None:
    long = "a quiet river under seven old bridges near the last mill " * 2
    assert len(long) > 100
    sent_ = sent(present=PASSWORD, password=long.strip())
    changed = pages.as_("agent").post("/me/password/", sent_, follow=True)
    assert "Password changed." in text_of(changed)
    world.now += dt.timedelta(days=3650)
    page = Client().post("/log-in/", {"username": "agent", "password": long.strip()}, follow=True)
    assert page.status_code == 200
    assert "/me/password/" not in page.redirect_chain[-1][0]
    held = {field.name for field in Account._meta.get_fields()}
    assert not {one for one in held if "question" in one or "hint" in one or "expires" in one}


def test_no_folder_is_listed(pages: Pages) -> None:
    client = pages.as_("agent")
    for address in ("/static/", "/static/homeby/", "/media/", "/.git/"):
        assert client.get(address).status_code == 404, address
