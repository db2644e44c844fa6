"""A real station in processes of its own: `homeby init`, our people, `homeby run`."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from homeby import clock
from tests import pgplugin
from tests.browser import cast
from tests.founded import founded_station
from tests.sinks import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60
STOP_SECONDS = 15


def until(happened: Callable[[], Any], *, seconds: float, what: str) -> Any:
    """Look again and again until it happened, and give what it gave; fail when it does not."""
    begun_at = clock.real_now()
    while not (found := happened()):
        assert clock.real_now() - begun_at < dt.timedelta(seconds=seconds), f"not in time: {what}"
        clock.wait(seconds=0.05, stop=threading.Event())
    return found


@dataclass
class Answer:
    """What plain HTTP got: no browser, no cookies."""

    status: int
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


@dataclass
class Station:
    """One station, its home folder and its processes."""

    environment: dict[str, str]
    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    states: dict[str, Any] = field(default_factory=dict)  # a browser's cookies by log-in name
    process: subprocess.Popen[bytes] | None = None
    started_at: dt.datetime = field(default_factory=clock.real_now)
    ahead: dt.timedelta = dt.timedelta(0)  # so far its clock is ahead of life

    def __post_init__(self) -> None:
        self.environment |= {"HOMEBY_PORT": str(self.port)}

    def set_speed(self, speed: float) -> None:
        """Let the station's clock run faster than life, in every process of it."""
        now = clock.real_now().isoformat()
        self.environment[clock.VARIABLE] = f"{now}|{now}|{speed}"

    def jump(self, ahead: dt.timedelta) -> None:
        """Stop it, and start it again on a later day: so months pass in seconds. Whoever was logged
        in for too long logs in anew."""
        self.stop()
        self.ahead += ahead
        now = clock.real_now()
        self.environment[clock.VARIABLE] = f"{now.isoformat()}|{(now + self.ahead).isoformat()}|1"
        self.states.clear()
        self.start()

    def set_mail(self, port: int) -> None:
        """Hand e-mail to the sink on this port."""
        self.environment |= {
            "HOMEBY_SMTP_HOST": "127.0.0.1",
            "HOMEBY_SMTP_PORT": str(port),
            "HOMEBY_SMTP_SECURITY": "none",
            "HOMEBY_SMTP_FROM": "watch@example.org",
        }

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    def url(self, path: str) -> str:
        """The whole address of a page."""
        return self.address + path

    def homeby(self, *words: str, code: int | None = 0) -> str:
        """Run one command of the station and give what it printed."""
        return self.run("-m", "homeby", *words, code=code)

    def run(self, *words: str, code: int | None = 0) -> str:
        """Run Python in the station's environment and give what it printed."""
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = f"{words} left with {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert code is None or done.returncode == code, said
        return done.stdout

    def found(self, *words: str) -> str:
        """Found the organisation and bring its people; gives the administrator's log-in link."""
        head, deputy = cast.HEAD, cast.DEPUTY
        answers = {
            "name": "The village",
            "zone": cast.ZONE,
            "site": "Village",
            "gate": cast.GATE,
            "administrator": head.name,
            "login": head.login,
            "email": head.email,
            "deputy": deputy.name,
            "deputy-email": deputy.email,
        }
        said = self.homeby("init", *(f"--{name}={value}" for name, value in answers.items()))
        self.run("-m", "tests.browser.found", *words)
        link = re.search(r"http://\S+/log-in/\S+", said)
        assert link, said
        return link.group()

    def start(self, *words: str) -> None:
        """Start it (`run`, or another command) and wait until it answers."""
        log = self.log.open("wb")
        self.started_at = clock.real_now()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "homeby", *(words or ("run",))],
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        until(self._is_ready, seconds=READY_SECONDS, what="the station answers")

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the station ended:\n{self.said()}"
        return "ready at" in self.said()

    @property
    def log(self) -> Path:
        """What the station says goes here."""
        return self.folder / "station.log"

    def said(self) -> str:
        """Everything the station said until now."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def process_of(self, name: str) -> int:
        """The number of the supervisor's child of this name that was started last."""
        found = re.findall(rf"{name} started \(process (\d+)\)", self.said())
        assert found, self.said()
        return int(found[-1])

    def send_signal(self, name: str, number: signal.Signals) -> None:
        """Signal one of our own children by its number."""
        os.kill(self.process_of(name), number)

    def stop(self) -> None:
        """Stop everything; what hangs is killed, and that is an error."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            code = self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        assert code == 0, f"the station left with {code}:\n{self.said()}"
        assert "Traceback" not in self.said(), self.said()

    def ask(
        self, path: str, *, method: str = "GET", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """One plain HTTP request, as a mail scanner or a probe sends it."""
        request = Request(self.url(path), method=method, headers=dict(headers or {}))
        if method == "POST":
            request.data = b""
        try:
            with urlopen(request, timeout=20) as answer:
                return Answer(status=answer.status, body=answer.read())
        except HTTPError as refused:
            return Answer(status=refused.code, body=refused.read())


@contextlib.contextmanager
def a_station(
    factory: pytest.TempPathFactory, *, name: str, has_tables: bool = False
) -> Iterator[Station]:
    """A station of its own, without an organisation and not started yet; stopped at the end."""
    if pgplugin.chosen.absent:
        pytest.skip(pgplugin.chosen.absent)
    folder = factory.mktemp(name)
    made = founded_station if has_tables else pgplugin.own_station
    station = Station(environment=made(folder=folder, name=name), folder=folder)
    try:
        yield station
    finally:
        station.stop()
