"""Pages of trouble are sentences in the frame of every page, even when the database is gone."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from homeby.people import queries as people
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.mark.parametrize("who", ["head", ""])
def test_an_address_that_leads_nowhere_is_a_sentence_in_the_frame(pages: Pages, who: str) -> None:
    client = pages.as_(who) if who else pages.nobody()
    found = client.get("/nowhere/")
    assert found.status_code == 404
    assert "Nothing stands at this address." in text_of(found)
    assert "homeby/css/base.css" in found.content.decode()
    assert ("Log out" in text_of(found)) == bool(who)


def test_a_form_without_our_mark_is_a_sentence_in_the_frame(pages: Pages) -> None:
    client = Client(enforce_csrf_checks=True)
    found = client.post("/log-in/", {"username": "head", "password": "x"})
    assert found.status_code == 403
    assert "reload the page and send it once more" in text_of(found)


@pytest.mark.parametrize("address", ["/board/", "/nowhere/", "/m/anything", "/log-in/"])
def test_a_database_that_is_gone_is_a_sentence_in_the_frame(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def gone() -> None:
        raise OperationalError("unable to open database file")

    client = pages.as_("head")
    client.raise_request_exception = False
    monkeypatch.setattr(people, "organisation", gone)
    found = client.get(address)
    assert found.status_code == 503
    assert "The station cannot reach its records" in text_of(found)
    assert "homeby/css/base.css" in found.content.decode()
    assert 'role="alert" hidden' in found.content.decode()  # nothing is known of the watch here


def test_a_name_that_is_not_ours_is_a_sentence(pages: Pages) -> None:
    found = pages.nobody().get("/log-in/", headers={"host": "example.org"})
    assert found.status_code == 400
    assert "Homeby" in text_of(found)
