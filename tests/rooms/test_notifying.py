"""systemd is told that the station has started, that its supervisor is alive, and that it stops."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from homeby.station import notifying
from tests.rooms.test_supervisor import _CHILD, _SUPERVISOR, _free_port


@pytest.fixture
def systemd(tmp_path: Path):
    """A socket as systemd holds it."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(20)
        yield line


def test_a_station_says_that_it_lives(systemd: socket.socket, tmp_path: Path) -> None:
    child = [sys.executable, "-c", _CHILD, str(tmp_path / "web")]
    told = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "400000"}
    station = subprocess.Popen(
        [sys.executable, "-c", _SUPERVISOR, json.dumps([("web", child)]), str(_free_port())],
        env={**os.environ, **told},
        stdout=subprocess.DEVNULL,
    )
    try:
        heard = [systemd.recv(100).decode() for _ in range(4)]
        station.terminate()
        while heard[-1] != "STOPPING=1":
            heard.append(systemd.recv(100).decode())
        assert station.wait(timeout=10) == 0
    finally:
        station.kill()
        station.wait()
    assert heard.count("READY=1") == 1
    assert heard.count("WATCHDOG=1") >= 3


def test_elsewhere_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC"):
        monkeypatch.delenv(name, raising=False)
    assert not notifying.tell("READY=1")
    assert notifying.every_seconds() is None
    asyncio.run(asyncio.wait_for(notifying.stay_alive(), timeout=1))


@pytest.mark.parametrize("place", ["", "tcp:1", "/nowhere/at/all", "@" + "x" * 200])
def test_a_bad_socket_stops_no_station(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", place)
    assert not notifying.tell("READY=1")


@pytest.mark.parametrize(
    ("given", "seconds"), [("30000000", 15.0), ("0", None), ("soon", None), ("٣", None)]
)
def test_a_sign_of_life_comes_twice_in_the_time(
    monkeypatch: pytest.MonkeyPatch, given: str, seconds: float | None
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", given)
    assert notifying.every_seconds() == seconds
