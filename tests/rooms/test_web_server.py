"""The web part as it really runs: supervisor, granian, shell, on one port."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from homeby import clock

_STATION = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
import django
django.setup()
from homeby.settings import current
from homeby.station import start, supervisor
start.prepare(settings=current())
supervisor.run(settings=current(), children=supervisor.usual_children()[:1])
"""


@dataclass
class Web:
    """A station whose only child is the web part."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    def ask(self, path: str, *, method: str = "GET", body: bytes = b"") -> tuple[int, str]:
        """Status and text of one answer; 0 when nobody answers."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            line.request(method, path, body=body)
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            line.close()

    def until_it_answers(self) -> None:
        """Wait until the web part answers; without a watchkeeper it is there, but not well."""
        begun = clock.real_now()
        while self.ask("/healthz")[0] == 0:
            clock.wait(seconds=0.05, stop=threading.Event())
            waited = (clock.real_now() - begun).total_seconds()
            assert waited < 30, self.log.read_text()

    def number(self) -> int:
        """The process that was started last: granian, whose worker is a process of its own."""
        said = self.log.read_text()
        return int(said.rpartition("web started (process ")[2].partition(")")[0])

    def listen(self) -> http.client.HTTPResponse:
        """An open event stream."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", "/events")
        return line.getresponse()


@pytest.fixture
def web(founded_environment: dict[str, str], tmp_path: Path) -> Iterator[Web]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own = {"HOMEBY_PORT": str(port), "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"}
    log = tmp_path / "log"
    process = subprocess.Popen(
        [sys.executable, "-c", _STATION],
        env={**founded_environment, **own},
        stdout=log.open("w"),
        stderr=subprocess.STDOUT,
        text=True,
    )
    station = Web(process=process, port=port, log=log)
    station.until_it_answers()
    yield station
    process.terminate()
    process.wait(timeout=10)


def _seconds_to_end(web: Web) -> float:
    begun = clock.real_now()
    web.process.terminate()
    web.process.wait(timeout=10)
    return (clock.real_now() - begun).total_seconds()


def test_one_port_serves_the_stream_the_files_and_the_pages(web: Web) -> None:
    status, text = web.ask("/healthz")
    told: dict[str, Any] = json.loads(text)
    assert status == 503, "nobody watches here, and it says so"
    assert told["database"] == "ok"
    assert "nobody is watched" in told["sentence"]
    stream = web.listen()
    assert stream.readline() == b"retry: 2000\n"
    assert b"event: watch" in (stream.readline(), stream.readline())[1]
    assert web.ask("/static/homeby/css/base.css")[0] == 200
    status, text = web.ask("/somewhere/", method="POST", body=b"x" * 26 * 1024 * 1024)
    assert status == 413
    assert "larger than 25 MB" in text


def test_open_streams_do_not_hold_up_the_stop(web: Web) -> None:
    streams = [web.listen() for _ in range(20)]
    for stream in streams:
        stream.readline()
    assert _seconds_to_end(web) < 5
    for stream in streams:
        stream.read()  # raises when the stream was cut instead of ended
    assert web.ask("/healthz")[0] == 0


def test_a_web_part_that_is_killed_comes_back_on_the_same_port(web: Web) -> None:
    os.kill(web.number(), signal.SIGKILL)
    begun = clock.real_now()
    while web.log.read_text().count("web started") < 2:
        clock.wait(seconds=0.05, stop=threading.Event())
        assert (clock.real_now() - begun).total_seconds() < 10
    web.until_it_answers()


@pytest.mark.parametrize("granian_too", [False, True])
def test_killed_outright_the_supervisor_leaves_nobody_on_the_port(
    web: Web, granian_too: bool
) -> None:
    stream = web.listen()
    granian = web.number()
    web.process.kill()
    if granian_too:
        os.kill(granian, signal.SIGKILL)
    web.process.wait()
    with contextlib.suppress(OSError, http.client.HTTPException):
        stream.read()
    begun = clock.real_now()
    while web.ask("/healthz")[0] != 0:
        clock.wait(seconds=0.05, stop=threading.Event())
        assert (clock.real_now() - begun).total_seconds() < 8
