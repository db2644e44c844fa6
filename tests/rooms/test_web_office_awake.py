"""The page "Is the watch awake?", doctor and status: what they say of the watch, and to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby import clock, settings
from homeby.findings import Finding, Level
from homeby.logbook import actions as logbook
from homeby.settings import Settings
from homeby.station import doctor_watch, status
from homeby.watch.actions import awake, canary
from tests.rooms.pages import Pages, text_of
from tests.sinks import free_port, http_sink
from tests.world import World

PAGE = "/office/watch/"
TITLE = "Is the watch awake?"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """The village's pages; its clock is the machine's, too."""
    monkeypatch.setattr(clock, "real_now", lambda: world.now)
    return Pages(world, monkeypatch)


def seen_at_work(world: World, **audit: Any) -> None:
    """Watchkeeper, canary, auditor and heartbeat have just been seen; somebody was told."""
    canary.set_out(now=world.now)
    world.send_out("agent", due_minutes=1)
    world.fast_forward(minutes=3)
    awake.looked(name="hut-1", real_now=world.now)
    well = {"agrees": True, "heartbeat_set": True, "heartbeat_at": world.now}
    logbook.audited(name="hut", real_now=world.now, **(well | audit))


def said(pages: Pages, who: str = "head", path: str = PAGE) -> str:
    return text_of(pages.as_(who).get(path))


def test_a_watch_at_work_is_green_in_every_part(pages: Pages) -> None:
    seen_at_work(pages.world)
    page = said(pages)
    assert "Yes. Every part was seen at work just now." in page
    assert "hut-1 looked 1 s ago." in page
    assert "Channel: console It last took a message 2 min ago." in page
    assert "It came through the whole way of an alarm 1 min ago." in page
    assert "Act now" not in page
    assert "Look " not in page
    assert said(pages, path=f"{PAGE}rows/") in page


def test_a_watch_that_stopped_is_red_and_says_what_to_do(pages: Pages) -> None:
    seen_at_work(pages.world, agrees=False, sentences=["The alarm A-1000 stands still."])
    pages.world.now += dt.timedelta(minutes=30)
    page = said(pages)
    assert "parts need somebody now" in page
    assert "No watchkeeper has looked for 30 min" in page
    assert "No auditor has looked for 30 min" in page
    assert "The canary last came through 31 min ago" in page
    assert "It is withheld, so that somebody outside is told." in page
    assert "keep count of who is out by hand" in page


def test_what_the_auditor_found_is_said_in_its_own_sentences(pages: Pages) -> None:
    seen_at_work(pages.world, agrees=False, sentences=["The alarm A-1000 stands still."])
    page = said(pages)
    assert "disagrees with the watch. The alarm A-1000 stands still." in page
    assert "one part needs somebody now" in page


@pytest.mark.parametrize(
    ("who", "may"),
    [("head", True), ("admin", True), ("deputy", False), ("guard", False), ("agent", False)],
)
def test_it_is_for_administrators_and_duty_officers(pages: Pages, who: str, may: bool) -> None:
    client = pages.as_(who)
    assert client.get(PAGE).status_code == (200 if may else 404)
    assert client.get(f"{PAGE}rows/").status_code == (200 if may else 404)
    assert (PAGE in client.get("/me/").content.decode()) is may  # at the foot of every page
    if who in ("head", "admin", "deputy"):
        assert (TITLE in text_of(client.get("/office/")).split("Units")[0]) is may
    assert pages.nobody().get(PAGE).status_code == 302


def test_a_class_through_which_nothing_went_for_a_week_is_unproven(pages: Pages) -> None:
    seen_at_work(pages.world)
    pages.world.now += dt.timedelta(days=8)
    assert "Unproven: it last took a message 8 d" in said(pages)


def test_status_knows_auditor_and_canary(pages: Pages) -> None:
    fresh = status.read(real_now=pages.world.now)
    names = ("auditor_age_seconds", "auditor_agrees", "canary_age_seconds")
    assert [fresh[name] for name in names] == [None, None, None]
    seen_at_work(pages.world)
    pages.world.now += dt.timedelta(seconds=30)
    told = status.read(real_now=pages.world.now)
    assert [told[name] for name in names] == [30.0, True, 90.0]


def levels(found: list[Finding]) -> dict[str, Level]:
    return {one.what: one.level for one in found}


def test_doctor_says_the_same_of_a_running_station(pages: Pages) -> None:
    seen_at_work(pages.world, agrees=False, sentences=["x"])
    found = levels(doctor_watch.problems_with_watch(real_now=pages.world.now))
    assert found["watch"] is found["canary"] is found["channel CONSOLE"] is Level.GREEN
    assert found["auditor"] is Level.RED


def test_doctor_calls_nothing_red_where_the_station_does_not_run(pages: Pages) -> None:
    found = levels(doctor_watch.problems_with_watch(real_now=pages.world.now))
    assert set(found.values()) == {Level.GREEN, Level.AMBER}
    assert found["watch"] is found["auditor"] is found["canary"] is Level.AMBER


def addresses(**values: Any) -> list[Finding]:
    made = settings.current().model_copy(update=Settings(**values).model_dump(include=set(values)))
    return doctor_watch.problems_with_addresses(settings=made)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("hc-ping.com/abc", "begins with https://"),
        ("https://a.example:x/", "cannot be read"),
        (f"http://127.0.0.1:{free_port()}/x", "cannot be reached: connection refused"),
    ],
)
def test_doctor_says_what_is_wrong_with_the_heartbeats_address(url: str, words: str) -> None:
    (found,) = addresses(heartbeat_url=url)
    assert (found.level, words in found.sentence) == (Level.RED, True)


def test_doctor_looks_at_the_heartbeats_line_and_calls_nobody() -> None:
    with http_sink() as sink:
        (found,) = addresses(heartbeat_url=sink.url("/secret-token"))
        assert sink.requests == []
    assert found.level is Level.GREEN
    assert "secret-token" not in str(found)
    assert addresses() == []


def test_doctor_says_which_of_the_canarys_addresses_cannot_be_used() -> None:
    lines = ("email=night@example.org", "email", "pigeon=loft", "webhook=ftp://x")
    found = addresses(canary_addresses=lines)
    assert {one.level for one in found} == {Level.AMBER}
    words = ("names no channel class", "no channel 'PIGEON'", "webhook: A webhook address")
    assert [word in one.sentence for word, one in zip(words, found, strict=True)] == [True] * 3
