"""P18: a copy of a station posts nothing to webhooks, and the live one goes on after trouble."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from homeby import clock
from homeby.comms.actions import post
from homeby.logbook import actions as logbook
from homeby.logbook.models import Station
from homeby.station import posting
from tests.world import World


class Line:
    """Stands in for the connection, which this test shares with its transaction."""

    def close(self) -> None:
        """Keep it."""


def rounds(monkeypatch: pytest.MonkeyPatch, *, most: int, fails: bool = False) -> int:
    """How often the thread posts in so many rounds."""
    stop, done, waits = threading.Event(), [], []

    def wait(*, seconds: float, stop: threading.Event) -> bool:
        waits.append(seconds)
        if len(waits) >= most:
            stop.set()
        return stop.is_set()

    def send(**_values: object) -> int:
        done.append(1)
        if fails and len(done) == 1:
            raise OperationalError("the line broke")
        return 0

    monkeypatch.setattr(clock, "wait", wait)
    monkeypatch.setattr(post, "send", send)
    monkeypatch.setattr(posting, "connection", Line())
    monkeypatch.setattr(posting, "close_old_connections", lambda: None)
    posting._run(stop)
    return len(done)


def test_the_live_station_posts_and_its_copy_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Station.objects.exists():
        logbook.found_station(place="here", now=world.now)
    assert rounds(monkeypatch, most=3, fails=True) == 3
    logbook.quarantine(why="it lies elsewhere", here="there", now=world.now)
    assert rounds(monkeypatch, most=3) == 0
