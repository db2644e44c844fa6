"""A database that is locked or full is a page with a sentence, through a real station; what was
typed comes back, and the same form counts once when it is sent again."""

from __future__ import annotations

import contextlib
import http.cookiejar
import re
import resource
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import pgplugin, sinks

pytestmark = pytest.mark.skipif(
    pgplugin.chosen.database == "postgresql", reason="locks of a file are SQLite's alone"
)


class Browser:
    """Cookies, and pages as text with their status."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar)

    def ask(self, path: str, **form: str) -> tuple[int, str]:
        """GET, or POST when there is a form."""
        body = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.base + path, body)
        request.add_header("Origin", self.base)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]* value="([^"]+)"', page)
    assert found, name
    return found.group(1)


@pytest.fixture
def station(founded_environment: dict[str, str]) -> Iterator[tuple[Browser, Path]]:
    port = sinks.free_port()
    own = founded_environment | {"HOMEBY_PORT": str(port)}
    words = {
        "name": "Hut",
        "zone": "UTC",
        "site": "Hut",
        "gate": "Door",
        "administrator": "Ada",
        "login": "ada",
        "email": "",
        "deputy": "",
        "deputy-email": "",
    }
    options = [part for name, value in words.items() for part in (f"--{name}", value)]
    made = subprocess.run(
        [sys.executable, "-m", "homeby", "init", *options],
        env=own,
        capture_output=True,
        text=True,
        check=True,
    )
    link = re.search(r"/log-in/\S+/", made.stdout)
    assert link, made.stdout
    running = subprocess.Popen(
        [sys.executable, "-m", "homeby", "run"], env=own, stdout=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout is not None
        while "ready" not in running.stdout.readline():
            pass
        browser = Browser(port)
        _, page = browser.ask(link.group(0))
        status, _ = browser.ask(
            link.group(0), csrfmiddlewaretoken=hidden(page, "csrfmiddlewaretoken")
        )
        assert status == 200
        yield browser, Path(own["HOMEBY_HOME"]) / "homeby.sqlite3"
    finally:
        running.terminate()
        running.wait(timeout=20)


@pytest.mark.timeout(120)
def test_a_locked_database_is_a_sentence_and_the_form_comes_back(
    station: tuple[Browser, Path],
) -> None:
    browser, file = station
    _, page = browser.ask("/office/form/teams/new/")
    form = {
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        "entry_id": hidden(page, "entry_id"),
        "name": "Night climbers",
        "callsign": "Owls",
    }
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    status, page = browser.ask("/office/form/teams/new/", **form)
    assert status == 503
    assert "Traceback" not in page
    assert "Night climbers" in page, "what was typed comes back"
    holder.execute("ROLLBACK")
    for _ in range(2):
        assert browser.ask("/office/form/teams/new/", **form)[0] == 200
    count = holder.execute("SELECT count(*) FROM people_team").fetchone()
    assert count == (1,), "sent again, it counts once"
    holder.close()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc to find the process by")
@pytest.mark.timeout(120)
def test_a_full_disk_is_a_sentence(station: tuple[Browser, Path]) -> None:
    browser, file = station
    _, page = browser.ask("/office/form/teams/new/")
    form = {
        "csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"),
        "entry_id": hidden(page, "entry_id"),
        "name": "Day climbers",
        "callsign": "",
    }
    ours = _web_processes(file.parent)
    assert ours, "the web process is found"
    for pid in ours:  # no file may grow any more, as on a full disk
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    status, page = browser.ask("/office/form/teams/new/", **form)
    assert status == 503
    assert "Traceback" not in page
    for pid in ours:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, unlimited)
    assert browser.ask("/office/form/teams/new/", **form)[0] == 200


def _serves(pid: int, home: Path) -> bool:
    """Whether this is a web process of the station in `home`: it has files there open. (Where it
    has given itself a title, its environment cannot be read any more.)"""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
        descriptors = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False
    held = []
    for one in descriptors:
        with contextlib.suppress(OSError):  # closed since
            held.append(str(one.readlink()))
    return b"web_server" in command and any(name.startswith(str(home)) for name in held)


def _web_processes(home: Path) -> list[int]:
    """The web processes of this station; looked for again while its files are just closed."""
    for _ in range(30):
        processes = [int(one.name) for one in Path("/proc").glob("[0-9]*")]
        if ours := [pid for pid in processes if _serves(pid, home)]:
            return ours
        threading.Event().wait(0.1)
    return []
