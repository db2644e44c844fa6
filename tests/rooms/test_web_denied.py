"""Attempts that are denied get a line each, but not a million lines (ASVS 5.0: 16.3.2)."""

from __future__ import annotations

import json
import logging

import pytest
from django.test import Client

from homeby.output import Lines
from homeby.web import denied
from tests.rooms.pages import Pages
from tests.world import World


@pytest.fixture(autouse=True)
def a_fresh_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(denied, "_pace", denied._Pace())


def told(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    found = [one for one in caplog.records if one.name == "homeby.denied"]
    return [json.loads(Lines("json").format(one)) for one in found]


def test_a_denied_attempt_has_its_reason_and_nothing_of_what_was_sent(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pages = Pages(world, monkeypatch)
    stranger = Client(enforce_csrf_checks=True)
    stranger.post("/log-in/", {"username": "Fox"})
    Client().post("/log-in/", {"username": "Fox", "password": "sesame"})
    stranger.get("/k/sesame")
    stranger.get("/api/v1/missions", headers={"Authorization": "Bearer sesame"})
    pages.as_("agent").get("/office/people/")
    lines = told(caplog)
    assert [(one["why"], one["page"]) for one in lines] == [
        ("forged_or_old_form", "/log-in/"),
        ("log_in_failed", "/log-in/"),
        ("no_such_link", "/k/<str:secret>"),
        ("no_proof", "/api/v1/missions"),
        ("not_allowed", "/office/people/"),
    ]
    assert "sesame" not in str(lines)
    assert "Fox" not in str(lines)


def test_what_is_allowed_gets_no_line(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pages = Pages(world, monkeypatch)
    assert pages.as_("head").get("/board/").status_code == 200
    assert Client().get("/log-in/").status_code == 200
    assert Client().get("/nowhere/").status_code == 404
    assert told(caplog) == []


def test_whoever_tries_without_end_fills_no_disk(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3 * denied.LINES_MOST):
        denied.tell(denied.Why.NO_PROOF, at="/receipts/x", method="SESAME", status=401)
    lines = [one for one in caplog.records if one.name == "homeby.denied"]
    assert len(lines) == denied.LINES_MOST + 1
    assert "too often" in lines[-1].getMessage()
    assert "SESAME" not in lines[0].getMessage()
    assert logging.getLogger("homeby.denied").isEnabledFor(logging.WARNING)


def test_after_a_minute_there_are_lines_again() -> None:
    pace = denied._Pace()
    assert [pace.may_tell(seconds=10.0) for _ in range(denied.LINES_MOST + 2)][-3:] == [
        True,
        None,
        False,
    ]
    assert pace.may_tell(seconds=71.0) is True
