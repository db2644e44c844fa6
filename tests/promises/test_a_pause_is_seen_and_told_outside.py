"""P17 and P9: a paused watch shows on every page, and the outside heartbeat says so too. The
auditor knows of a pause from the logbook only, and believes none of one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from homeby import clock
from homeby.findings import Level
from homeby.logbook import actions as logbook
from homeby.people.rules import STATION
from homeby.station import status
from homeby.watch import wakefulness
from homeby.watch.models import Pause
from homeby.watch.rules import PauseState
from homeby.web import live
from tests.promises.auditors import Audited
from tests.promises.pauses import ask, end, pause
from tests.rooms.pages import Pages, text_of
from tests.sinks import HttpSink, http_sink
from tests.world import World


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as found:
        yield found


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def look(audited: Audited, *, minutes: float) -> list[str]:
    """Time passes with the watch awake; then the auditor looks."""
    for call in list(audited.auditing.heartbeat._unfinished):
        assert call.done.wait(5)
    audited.world.fast_forward(minutes=minutes)
    audited.watch()
    return audited.look()


def test_the_heartbeat_says_that_the_watch_is_paused(world: World, sink: HttpSink) -> None:
    audited = Audited(world, url=sink.url("/beat"))
    world.send_out("agent", due_minutes=3)
    look(audited, minutes=1)
    pause(world, "head", "deputy", minutes=9)
    assert look(audited, minutes=1) == []
    for _ in range(6):
        assert look(audited, minutes=1) == []  # overdue meanwhile: the auditor knows why
    calls = audited.calls(sink)
    assert calls[0] == "/beat"
    assert set(calls[1:]) == {"/beat/fail"}
    said = sink.requests[-1].body.decode()
    assert said == "The watch is paused until 08:10Z."
    assert look(audited, minutes=2) == []  # over, and judged
    assert audited.calls(sink)[-1] == "/beat"


def test_after_a_pause_the_auditor_waits_no_longer_than_ever(world: World) -> None:
    """Whoever fell overdue in a pause is missed within a minute of its end, or the auditor says
    so."""
    audited = Audited(world)
    world.send_out("agent", due_minutes=3)
    pause(world, "head", "deputy", minutes=9)
    audited.watch()
    audited.wait(minutes=9.5)  # nobody watches
    assert not [said for said in audited.look() if "no alarm was opened" in said]
    audited.wait(minutes=1)
    assert [said for said in audited.look() if "no alarm was opened" in said]


def test_the_auditor_believes_no_pause_of_one_person(world: World) -> None:
    """A watch that one person paused, by a fault or on purpose, is a watch that misses people."""
    audited = Audited(world)
    world.send_out("agent", due_minutes=3)
    asked = ask(world, "head", minutes=60)
    with logbook.writing(now=world.now, by=world.people["head"]) as book:
        row = Pause.objects.get(pk=asked)
        page = book.entry("PAUSE_AGREED", subject="pause")
        page.change(row, state=PauseState.PAUSED, agreed_by_id=world.people["deputy"])
    audited.wait(minutes=5)
    assert [said for said in audited.look() if "no alarm was opened" in said]


def test_the_auditor_believes_no_notice_that_was_short(world: World) -> None:
    audited = Audited(world)
    world.send_out("agent", due_minutes=3)
    asked = ask(world, "head", minutes=25 * 60, with_notice=True)
    with logbook.writing(now=world.now, by=None, device="watchkeeper") as book:
        row = Pause.objects.get(pk=asked)
        page = book.entry("PAUSE_BEGAN", subject="pause")
        page.change(row, state=PauseState.PAUSED, from_at=world.now)
    audited.wait(minutes=5)
    assert [said for said in audited.look() if "no alarm was opened" in said]


def test_every_page_carries_the_bar(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    world = pages.world
    monkeypatch.setattr(clock, "now", lambda: world.now)
    asked = pause(world, "head", "deputy", minutes=90)
    said = "The watch is paused until 10:30: nobody is missed before that. HELP goes out as ever."
    why = "By Head and Deputy: Exercise in the north woods"
    gate = f"/gate/{world.gate_id}/"
    for who, path in (("head", "/board/"), ("agent", "/missions/"), ("guard", gate)):
        page = text_of(pages.as_(who).get(path))
        assert said in page, path
        assert (why in page) is (path != gate), "at the gate at rest nobody is named"
    for path in ("/log-in/", "/pause-bar/"):
        nobody = text_of(pages.nobody().get(path))
        assert said in nobody
        assert "north woods" not in nobody
    assert live.snapshot().bars == ("pause",)
    end(world, "deputy", asked)
    assert live.snapshot().bars == ()
    assert said not in text_of(pages.as_("head").get("/board/"))


def test_status_and_doctor_say_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: world.now)
    assert status.read(real_now=world.now)["watch_paused_until"] == "not paused"
    world.send_out("agent", due_minutes=30)
    pause(world, "head", "deputy", minutes=90)
    assert status.read(real_now=world.now)["watch_paused_until"] == "2026-11-20 09:30Z"
    world.now += dt.timedelta(minutes=40)
    found = wakefulness.findings(STATION, now=world.now, real_now=world.now, pace=1.0)
    said = {one.what: one for one in found}
    assert "The watch is paused for another 50 min" in said["pause"].sentence
    assert said["next deadline"].level is Level.AMBER
    assert "judged when the pause ends" in said["next deadline"].sentence
