"""What the processes of a station print tells nothing about anybody (ASVS 5.0: 16.2.1, 16.2.2,
16.2.5, 16.3.2), while people are out, missed, and strangers try doors.

`tests.promises.tokens` puts a word that stands nowhere else into everything about people.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.browser.station import Station, a_station, until
from tests.promises import tokens
from tests.sinks import free_port

FORGED = {"X-Forwarded-For": tokens.ADDRESS, "User-Agent": tokens.AGENT}


class JsonStation(Station):
    """A station whose lines are for programs."""

    def _is_ready(self) -> bool:
        return '"ready_at"' in self.said()

    def lines(self) -> list[dict[str, Any]]:
        """Every line as an object; a line that is none fails."""
        return [json.loads(line) for line in self.said().splitlines()]

    def processes(self) -> dict[str, int]:
        """The last number of each child."""
        return {one["child"]: one["number"] for one in self.lines() if one["event"] == "started"}


class Browser:
    """Somebody with cookies."""

    def __init__(self, station: Station) -> None:
        self._station, self._open = station, build_opener(HTTPCookieProcessor(CookieJar())).open

    def get(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        data = None if form is None else urlencode(form).encode()
        try:
            with self._open(Request(self._station.url(path), data, FORGED), timeout=20) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()

    def log_in(self, login: str, password: str) -> int:
        mark = re.search(r'csrfmiddlewaretoken" value="(\w+)"', self.get("/log-in/")[1])
        assert mark
        form = {"csrfmiddlewaretoken": mark[1], "username": login, "password": password}
        return self.get("/log-in/", form)[0]


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JsonStation]:
    with a_station(tmp_path_factory, name="printed") as made:
        found = JsonStation(environment=made.environment, folder=made.folder)
        dead = str(free_port())
        found.environment |= {
            "HOMEBY_LOG_FORMAT": "json",
            "HOMEBY_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
        }
        found.set_mail(int(dead))
        found.set_speed(120)
        found.run("-m", "tests.promises.tokens", dead)
        found.start()
        yield found
        found.stop()


def _try_doors(station: JsonStation) -> None:
    """What a stranger, a scanner and a member without a role send."""
    stranger = Browser(station)
    assert stranger.log_in(tokens.LOGIN, tokens.SEARCHED) == 422
    assert stranger.get("/log-in/", {"username": tokens.LOGIN, "next": tokens.FORM_NOTE})[0] == 403
    for path in (f"/k/{tokens.LINK}", f"/m/{tokens.LINK}", f"/{quote(tokens.NAME)}/"):
        assert stranger.get(path + f"?q={tokens.SEARCHED}")[0] == 404
    bearer = {"Authorization": f"Bearer {tokens.KEY}", **FORGED}
    assert station.ask("/api/v1/missions", headers=bearer).status == 401
    assert station.ask("/receipts/sms", method="POST", headers=bearer).status in (401, 413)
    assert station.ask("/metrics", headers=FORGED).status == 403
    assert station.ask("/", headers={"Host": tokens.FORGED_HOST}).status == 400
    assert station.ask("/board/", method="PATCH", headers=FORGED).status in (302, 403, 405, 200)
    member = Browser(station)
    assert member.log_in(tokens.LOGIN, tokens.PASSWORD) == 200
    assert member.get("/office/people/")[0] == 404


@pytest.mark.once  # what processes print does not hang on the database
def test_no_line_of_any_process_is_about_somebody(station: JsonStation) -> None:
    _try_doors(station)
    head = Browser(station)
    assert head.log_in(tokens.HEAD_LOGIN, tokens.PASSWORD) == 200
    assert tokens.CALLSIGN in tokens.hits(_missed(head)), "the station does know these words"
    os.kill(station.processes()["watchkeeper"], signal.SIGKILL)
    until(
        lambda: [one for one in station.lines() if one["event"] == "ended"],
        seconds=20,
        what="the supervisor saw it",
    )
    until(
        lambda: len([one for one in station.lines() if one["event"].endswith("is_awake")]) >= 3,
        seconds=30,
        what="the new one watches",
    )
    assert tokens.hits(station.said()) == []
    assert not re.search(r"\d{1,3}(\.\d{1,3}){3}|https?://", station.said())
    _tells_what_happened(station)


def _missed(head: Browser) -> str:
    def looked() -> str:
        said = head.get("/alarms/")[1]
        return said if tokens.CALLSIGN in said else ""

    found = until(looked, seconds=60, what="the party is missed, and a page says who")
    assert isinstance(found, str)
    return found


def _tells_what_happened(station: JsonStation) -> None:
    lines = station.lines()
    for one in lines:
        assert {"at", "level", "process", "event"} <= set(one), one
        assert dt.datetime.fromisoformat(one["at"]).utcoffset() == dt.timedelta(0)
    assert {one["process"] for one in lines} == {"run", "web", "watchkeeper", "auditor"}
    denied = {(one["why"], one["page"]) for one in lines if one["event"] == "denied"}
    for why in ("log_in_failed", "forged_or_old_form", "no_such_link", "no_proof", "not_allowed"):
        assert why in {found for found, _ in denied}, (why, denied)
    assert ("no_such_link", "/k/<str:secret>") in denied
