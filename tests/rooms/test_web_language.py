"""Pages and messages in the language of whoever reads them."""

from __future__ import annotations

import uuid

import pytest
from django.conf import settings
from django.utils import translation

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.people.actions.persons import change_person
from homeby.people.models import Person
from homeby.people.rules import STATION
from tests.rooms.pages import PASSWORD, Pages, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def _choose(code: str, to: str = "/") -> dict[str, str]:
    return {"language": code, "next": to, "entry_id": str(uuid.uuid4())}


def _speaks(world: World, who: str, code: str) -> None:
    change_person(
        person_id=world.people[who],
        values={"language": code},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


def _in(code: str, sentence: str) -> str:
    with translation.override(code):
        return translation.gettext(sentence)


def test_a_chosen_language_is_that_of_the_pages_and_of_messages(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    answer = agent.post("/language/", _choose("de", "/me/"))
    assert answer.headers["Location"] == "/me/"
    assert Person.objects.get(pk=world.people["agent"]).language == "de"
    shown = agent.get("/me/")
    assert '<html lang="de">' in shown.content.decode()
    assert _in("de", "Log out") in text_of(shown)


def test_whoever_logs_in_reads_her_own_language(world: World, pages: Pages) -> None:
    pages.account("agent")
    _speaks(world, "agent", "ja")
    browser = pages.nobody()
    browser.post("/log-in/", {"username": "agent", "password": PASSWORD})
    assert '<html lang="ja">' in browser.get("/me/").content.decode()


def test_a_browser_forgets_the_language_of_whoever_logs_out(world: World, pages: Pages) -> None:
    """At the desk of a gate many log in, one after the other."""
    browser = pages.nobody()
    for who, code in (("agent", "ja"), ("mate", "es")):
        pages.account(who)
        _speaks(world, who, code)
        browser.post("/log-in/", {"username": who, "password": PASSWORD})
        assert f'<html lang="{code}">' in browser.get("/me/").content.decode()
        browser.post("/log-out/")
    assert '<html lang="en">' in browser.get("/log-in/").content.decode()


def test_nobody_who_is_logged_in_chooses_for_this_browser_alone(world: World, pages: Pages) -> None:
    browser = pages.nobody()
    browser.post("/language/", _choose("fr", "/log-in/"))
    assert _in("fr", "Log in") in text_of(browser.get("/log-in/"))
    assert not Person.objects.exclude(language="en").exists()


@pytest.mark.parametrize("code", ["", "xx", "en'", "de-x-" + "y" * 5000])
def test_a_language_that_is_not_spoken_changes_nothing(
    world: World, pages: Pages, code: str
) -> None:
    agent = pages.as_("agent")
    answer = agent.post("/language/", _choose(code, "https://elsewhere.example/"))
    assert answer.headers["Location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies
    assert Person.objects.get(pk=world.people["agent"]).language == "en"


def test_the_page_behind_a_message_speaks_like_the_message(world: World, pages: Pages) -> None:
    _speaks(world, "head", "es")
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    message = Message.objects.get(person_id=world.people["head"], kind="ALARM")
    asked = _in("es", "Step %d. Open the link and take it; opening alone takes nothing.") % 2
    assert asked in message.text
    shown = pages.nobody().get(f"/m/{message.token}")
    assert '<html lang="es">' in shown.content.decode()
