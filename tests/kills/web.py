"""The gate's page while its server is killed: a browser that sends a sign-in until it is answered.

`python -m homeby.station.web_server` is started, killed outright with all its processes, and
started again; the browser lives through all of it. What it was answered ("recorded", after the
commit) it writes down: such a sign-in must be stored, whatever dies next (P10).
"""

from __future__ import annotations

import datetime as dt
import http.client
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field
from pathlib import Path

SHORTEST_SECONDS, LONGEST_SECONDS = 1.5, 6.0  # it takes a second to start
BEFORE_DUE_SECONDS = 30.0
CSRF = secrets.token_hex(16)


def log_in(person_id: uuid.UUID) -> str:
    """A session of this person, as if she had logged in; its key."""
    from django.conf import settings
    from django.test import Client

    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import accounts
    from homeby.people.models import Account
    from homeby.people.rules import STATION

    accounts.open_account(
        person_id=person_id,
        login="officer",
        password=secrets.token_hex(8),
        by=STATION,
        now=clock.now(),
        tap=new_tap(),
    )
    browser = Client()
    browser.force_login(Account.objects.get(person_id=person_id))
    return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)


@dataclass
class Server:
    """The web server's processes, killed together."""

    chance: random.Random
    kills: int = 0
    dies_at: float = 0.0
    _process: subprocess.Popen[bytes] | None = None

    def look(self, now: float) -> None:
        """Start it if it is not there; kill it when its time has come."""
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "homeby.station.web_server"],
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self.dies_at = now + self.chance.uniform(SHORTEST_SECONDS, LONGEST_SECONDS)
        elif now >= self.dies_at:
            self.end()
            self.kills += 1

    def end(self) -> None:
        """Kill it outright."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


@dataclass
class Browser:
    """Signs these missions in by the gate's page, each shortly before it is due."""

    missions: list[dict[str, str]]
    confirmed: Path
    port: int = field(default_factory=lambda: int(os.environ["HOMEBY_PORT"]))
    over: threading.Event = field(default_factory=threading.Event)
    lost_answers: int = 0

    def live(self) -> None:
        """Until all are signed in, or it is over."""
        with self.confirmed.open("a", encoding="utf-8") as file:
            for mission in self.missions:
                due_at = dt.datetime.fromisoformat(mission["due_at"]).timestamp()
                if self.over.wait(max(0.0, due_at - BEFORE_DUE_SECONDS - time.time())):
                    return
                if not self._sign_in(mission):
                    return
                file.write(f"{mission['mission']} {time.time()}\n")
                file.flush()
                os.fsync(file.fileno())

    def _sign_in(self, mission: dict[str, str]) -> bool:
        """Send it with the same id until it is answered. Raises AssertionError on any other answer
        than "recorded" or a page that says to send it again."""
        while not self.over.is_set():
            try:
                status = self._post(mission)
            except (OSError, http.client.HTTPException):
                self.lost_answers += 1
                self.over.wait(0.1)
                continue
            if status == 302:
                return True
            assert status == 503, f"the gate's page answered {status}"
            self.over.wait(0.1)
        return False

    def _post(self, mission: dict[str, str]) -> int:
        from django.conf import settings

        fields = {
            "csrfmiddlewaretoken": CSRF,
            "entry_id": str(uuid.uuid5(uuid.UUID(mission["mission"]), "sign in")),
            "tile": f"{mission['mission']}/{mission['unit']}",
        }
        cookies = {
            settings.SESSION_COOKIE_NAME: mission["session"],
            settings.CSRF_COOKIE_NAME: CSRF,
        }
        to = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            to.request(
                "POST",
                f"/gate/{mission['gate']}/in/",
                urllib.parse.urlencode(fields),
                {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
                },
            )
            answer = to.getresponse()
            answer.read()
            return answer.status
        finally:
            to.close()
