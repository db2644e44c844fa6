"""An outside calendar is read for its times only, whatever stands in it, and whatever answers at
its address keeps nobody waiting (`STORY.md` 82)."""

from __future__ import annotations

import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from homeby import clock
from homeby.comms.channels import fetching
from homeby.comms.channels.base import ChannelSettings
from homeby.logbook.models import EntryBody
from homeby.logbook.rules import Refused, new_tap
from homeby.readiness.actions import own_times
from homeby.readiness.models import BusyFeed, OwnTime
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries.duty_pool import pool_of
from homeby.readiness.rules.own_times import FEED_BYTES_MAX
from tests.promises.planning_duties import in_team, planned
from tests.world import World

SECRET = "Operation of a neighbour"
SHIFT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//hospital//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T000000Z
DTSTART;TZID={zone}:20261121T070000
DTEND;TZID={zone}:20261121T190000
SUMMARY:{secret}
LOCATION:{secret}
END:VEVENT
END:VCALENDAR
"""
HERE = ChannelSettings(webhook_allowed_hosts=("127.0.0.1",))


class Outside(BaseHTTPRequestHandler):
    """A calendar, one of 50 MB, one that never ends, one that sends elsewhere."""

    def do_GET(self) -> None:
        match self.path:
            case "/endless":
                self.send_response(200)
                self.end_headers()
                clock.wait(seconds=5, stop=threading.Event())
            case "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
            case "/huge":
                self.send_response(200)
                self.end_headers()
                for _ in range(50):
                    self.wfile.write(b"BEGIN:VCALENDAR\n" + b"X" * 1_000_000)
            case _:
                zone = "Europe/Zurich" if self.path == "/shifts" else "Mars/Base"
                self.send_response(200)
                self.end_headers()
                self.wfile.write(SHIFT.format(zone=zone, secret=SECRET).encode())

    def log_message(self, *said: object) -> None:
        """Nothing is printed."""


@contextmanager
def outside() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Outside)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def set_feed(world: World, address: str, who: str = "agent") -> str:
    return own_times.set_feed(address=address, by=world.as_(who), now=world.now, tap=new_tap())


def read(world: World) -> BusyFeed:
    world.now += dt.timedelta(hours=1)
    assert own_times.read_feeds(now=world.now) == 1
    return BusyFeed.objects.get()


def test_only_its_times_are_kept_and_a_planner_reads_busy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_times, "channel_settings", lambda: HERE)
    in_team(world, "agent", "mate")
    with outside() as where:
        set_feed(world, f"{where}/shifts")
        assert read(world).trouble == ""
        before = planned(world, hours=20)
        (known,) = OwnTime.objects.values_list("starts_at", "ends_at", "known_at")
        assert known == (
            dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC),
            dt.datetime(2026, 11, 21, 18, tzinfo=dt.UTC),
            world.now,
        )
        pool = {one.person_id: one for one in pool_of(before)}
        clash = pool[world.people["agent"]].clash
        assert clash is not None
        assert (clash.what, pool[world.people["mate"]].clash) == ("BUSY", None)
        assert not EntryBody.objects.filter(body__contains=SECRET).exists()
        assert not EntryBody.objects.filter(body__contains="/shifts").exists()
        world.now += dt.timedelta(hours=2)
        read(world)
        assert OwnTime.objects.get().known_at == known[2], "known since it was read first"

        # what goes wrong is a sentence on her own page, and what was read stays
        monkeypatch.setattr(own_times, "FETCH_SECONDS", 0.5)
        for path, said in {
            "endless": "did not answer within 0.5 s",
            "elsewhere": "HTTP 302",
            "huge": "larger than 5 MB",
        }.items():
            set_feed(world, f"{where}/{path}")
            began = time.monotonic()
            assert said in read(world).trouble, path
            assert time.monotonic() - began < 4
        set_feed(world, f"{where}/mars")
        assert "Mars/Base" in read(world).trouble
        assert OwnTime.objects.filter(ended_at=None).get().starts_at == known[0], "as here"
    set_feed(world, "")
    assert queries.own_times(world.as_("agent"), now=world.now) == []


def test_slow_calendars_keep_no_other_from_its_turn(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    passed = [0.0]

    def hangs(*_what: object, **_how: object) -> str:
        passed[0] += own_times.FETCH_SECONDS
        return "It hangs."

    monkeypatch.setattr(own_times, "time", SimpleNamespace(monotonic=lambda: passed[0]))
    monkeypatch.setattr(own_times, "ROUND_SECONDS", 2 * own_times.FETCH_SECONDS)
    monkeypatch.setattr(own_times, "_fetched", hangs)
    for who in ("agent", "mate", "outsider"):
        set_feed(world, f"https://calendar.example/{who}", who)
        world.now += dt.timedelta(minutes=1)

    def tried() -> set[str]:
        world.now += dt.timedelta(hours=1)
        assert own_times.read_feeds(now=world.now) == 2
        rows = BusyFeed.objects.filter(tried_at=world.now)
        names = {key: name for name, key in world.people.items()}
        return {names[row.person_id] for row in rows}

    assert tried() == {"agent", "mate"}
    assert "outsider" in tried(), "never tried, it is the first of the next round"
    assert "outsider" not in tried()


def test_nothing_is_read_from_the_machines_own_network(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (
        "http://127.0.0.1/x",
        "http://[::1]/x",
        "http://localhost/x",
        "webcal://10.0.0.1/",
    ):
        with pytest.raises(Refused, match="does not send to"):
            set_feed(world, address)
    for wrong in ("ftp://a.example/x", "calendar", "https:// /"):
        with pytest.raises(Refused) as refused:
            set_feed(world, wrong)
        assert "address" in refused.value.problems
    # an outer name that leads inside is found when connecting
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_where, **_how: inside)
    found = fetching.fetch(
        "http://calendar.example/x", ChannelSettings(), most_bytes=FEED_BYTES_MAX,
        timeout_seconds=2,
    )  # fmt: skip
    assert isinstance(found, str)
    assert "does not send to calendar.example" in found
    assert not BusyFeed.objects.exists()
