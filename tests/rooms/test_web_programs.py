"""My programs: a token is shown once, works at once, and is revoked; a webhook is added, ended."""

from __future__ import annotations

import re

import pytest

from homeby.people.rules import Right
from tests.rooms.api_client import Program, Programs
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_a_token_is_shown_once_and_revoked(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent")
    programs = Programs(world, monkeypatch)
    browser = pages.as_("agent")
    assert "My programs" in text_of(browser.get("/me/"))
    fields = sent(name="my map", rights=["READ_MISSIONS"], days="7")
    first = browser.post("/me/programs/token/", fields)
    (token,) = re.findall(r"homeby-token-[\w-]{43}", first.content.decode())
    again = browser.post("/me/programs/token/", fields)
    assert not re.findall(r"homeby-token-[\w-]{43}", again.content.decode())
    assert "shown once already" in text_of(again)
    program = Program(token=token, token_id=world.people["agent"])
    assert len(program.items("missions")) == 1
    assert program.get("people").status_code == 403
    page = browser.get("/me/programs/").content.decode()
    assert token not in page
    assert "never used" not in page
    (item,) = re.findall(r"/me/programs/([0-9a-f-]{36})/act/", page)
    stranger = pages.as_("outsider")
    assert item not in stranger.get("/me/programs/").content.decode()
    refused = stranger.post(f"/me/programs/{item}/act/", sent(act="revoke"))
    assert "not yours" in followed(stranger, refused)
    assert program.get("missions").status_code == 200
    office = pages.as_("admin")
    assert "of Fox" in text_of(office.get("/me/programs/"))
    assert "Revoked" in followed(
        office, office.post(f"/me/programs/{item}/act/", sent(act="revoke"))
    )
    assert program.get("missions").status_code == 401
    assert programs.of("agent", Right.READ_MISSIONS).get("missions").status_code == 200


def test_a_webhook_is_added_with_a_secret_shown_once_and_ended(pages: Pages) -> None:
    browser = pages.as_("head")
    fields = sent(name="a map", address="https://example.org/x", kinds=["MISSION_SIGNED_OUT"])
    shown = text_of(browser.post("/me/programs/webhook/", fields))
    assert "The secret of your new webhook" in shown
    again = text_of(browser.post("/me/programs/webhook/", fields))
    assert "The secret of your new webhook" not in again
    page = browser.get("/me/programs/").content.decode()
    assert "example.org" in page
    assert "example.org/x" not in page
    (item,) = re.findall(r"/me/programs/([0-9a-f-]{36})/act/", page)
    assert "Ended" in followed(browser, browser.post(f"/me/programs/{item}/act/", sent(act="end")))


def test_what_is_missing_gets_a_sentence(pages: Pages) -> None:
    browser = pages.as_("head")
    for address in ("token", "webhook"):
        answer = browser.post(f"/me/programs/{address}/", sent(name="N" * 5000))
        assert answer.status_code == 422
    answer = browser.post(
        "/me/programs/webhook/",
        sent(name="x", address="http://127.0.0.1/", kinds=["MISSION_SIGNED_OUT"]),
    )
    assert "does not send to 127.0.0.1" in text_of(answer)
    assert browser.post(f"/me/programs/{pages.world.gate_id}/act/", sent()).status_code == 404
    assert pages.nobody().get("/me/programs/").status_code == 302
