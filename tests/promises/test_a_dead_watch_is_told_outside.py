"""Promise 7: the outside heartbeat is sent only while auditor and canary agree with the watch."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from homeby import clock
from homeby.auditor.auditing import Auditing
from homeby.comms.channels import Refused
from homeby.logbook.models import Auditor
from tests.promises.auditors import Audited
from tests.sinks import HttpSink, http_sink, raw_sink
from tests.world import World


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    with http_sink() as found:
        yield found


def look(audited: Audited, *, minutes: float) -> None:
    """A look of the auditor so much later; the calls of the last one have ended."""
    for call in list(audited.auditing.heartbeat._unfinished):
        assert call.done.wait(5)
    audited.wait(minutes=minutes)
    audited.look()


def test_a_watch_that_falls_silent_is_told_at_once_and_the_heartbeat_stops(
    world: World, sink: HttpSink
) -> None:
    audited = Audited(world, url=sink.url("/beat"))
    for _ in range(3):
        look(audited, minutes=1)
    assert audited.calls(sink) == ["/beat"] * 3
    audited.watch_age_seconds = 61
    look(audited, minutes=0.1)
    assert audited.calls(sink)[3:] == ["/beat/fail"]
    for _ in range(4):
        look(audited, minutes=1)
    assert set(audited.calls(sink)[3:]) == {"/beat/fail"}
    mark = Auditor.objects.get()
    assert (mark.agrees, mark.heartbeat_set) == (False, True)
    assert world.now - mark.heartbeat_at > dt.timedelta(minutes=4)  # type: ignore[operator]


def test_a_canary_that_is_dead_stops_the_heartbeat(world: World, sink: HttpSink) -> None:
    audited = Audited(world, url=sink.url("/beat"))
    world.refusing["loopback"] = Refused(sentence="The loop is cut.", permanent=False)
    world.fast_forward(minutes=13)
    look(audited, minutes=0)
    assert audited.calls(sink) == ["/beat/fail"]


def test_a_watch_that_lies_stops_the_heartbeat(world: World, sink: HttpSink) -> None:
    """It says that it looks, its canary flies, and one party is missed by nobody."""
    audited = Audited(world, url=sink.url("/beat"))
    world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=4)
    look(audited, minutes=0)
    look(audited, minutes=2.5)
    assert audited.calls(sink) == ["/beat", "/beat/fail"]


def test_an_auditor_that_hangs_or_fails_sends_nothing(
    world: World, sink: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    audited = Audited(world, url=sink.url("/beat"))

    def broken(self: Auditing, **_: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(Auditing, "read_on", broken)
    with pytest.raises(OSError, match="disk"):
        audited.look()
    assert audited.calls(sink) == []
    assert not Auditor.objects.exists()


def test_an_address_that_hangs_does_not_stop_the_audit(world: World) -> None:
    with raw_sink(lambda connection, closing: closing.wait(20)) as (host, port):
        audited = Audited(world, url=f"http://{host}:{port}/beat")
        begun_at = clock.real_now()
        for _ in range(3):
            audited.wait(minutes=1)
            audited.look()
        assert clock.real_now() - begun_at < dt.timedelta(seconds=2)
        audited.watch_age_seconds = 61
        assert audited.look() != []
    assert Auditor.objects.get().agrees is False


_STATION = """
import subprocess, sys, django
django.setup()
from homeby.auditor import auditing, opinion
from homeby.auditor.heartbeat import Heartbeat
from homeby.people.rules import STATION
from homeby.settings import current
from homeby.station import start
from homeby.station.auditing import _watch_age
start.prepare(settings=current())
watchkeeper = subprocess.Popen([sys.executable, "-m", "homeby", "watchkeeper"])
print(watchkeeper.pid, flush=True)
auditing.EVERY_SECONDS = 0.2
auditing.run(auditing.Auditing(
    name="test", watch_age=_watch_age, reader=STATION, heartbeat=Heartbeat(url=sys.argv[1]),
    limits=opinion.Limits(watch_seconds=4)))
"""


def test_a_frozen_watchkeeper_is_told_outside(
    founded_environment: dict[str, str], sink: HttpSink
) -> None:
    """Two processes and SIGSTOP; the limit of a minute is four seconds here."""
    founded_environment["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
    auditor = subprocess.Popen(
        [sys.executable, "-c", _STATION, sink.url("/beat")],
        env=founded_environment,
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.PIPE,
    )
    assert auditor.stdout is not None
    watchkeeper = int(auditor.stdout.readline())
    try:
        until(sink, "/beat")
        os.kill(watchkeeper, signal.SIGSTOP)
        until(sink, "/beat/fail")
    finally:
        auditor.kill()
        auditor.wait(10)
        os.kill(watchkeeper, signal.SIGKILL)


def until(sink: HttpSink, path: str) -> None:
    """Wait until the last call was for this path."""
    begun_at = clock.real_now()
    while not sink.requests or sink.requests[-1].path != path:
        sink.closing.wait(0.05)
        assert clock.real_now() - begun_at < dt.timedelta(seconds=60), f"not called: {path}"
