"""P1, P2, P5, P10: what processes, disks and lines do to a station that runs for real. The short
forms, which all run at the same time because they mostly wait; `make kill` is the long one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import pgplugin
from tests.founded import founded_station
from tests.kills import cut_line, full_disk

PATIENCE_SECONDS = 240
CALM = ("--calm", "4", "--rest", "2", "--seed", "5")
WATCHKEEPERS = {"sqlite": "2", "postgresql": "3"}


class Stories:
    """Processes that each live through one story and print it as a line of JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[str]] = {}

    def _start(
        self, name: str, *command: str, hosts: str = "127.0.0.1", founded: bool = False
    ) -> None:
        home = self.folder / name
        home.mkdir()
        made = founded_station if founded else pgplugin.own_station
        own = made(folder=home, name=name) | {
            "DJANGO_SETTINGS_MODULE": "homeby.django_settings",
            "HOMEBY_WEBHOOK_ALLOWED_HOSTS": hosts,
            "HOMEBY_TESTS": "1",
        }
        self.running[name] = subprocess.Popen(
            command, env=own, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def begin(self, wanted: set[str]) -> None:
        """Start those that a chosen test asks for."""
        python = (sys.executable, "-m")
        if "calm" in wanted:
            kind = pgplugin.chosen.database
            how = ("--database", kind, "--watchkeepers", WATCHKEEPERS[kind], *CALM)
            out = str(self.folder / "calm.json")
            self._start("calm", *python, "tests.kills", *how, "--out", out)
        if "frozen" in wanted:
            self._start("frozen", *python, "tests.kills.frozen", founded=True)
        if "full disk" in wanted and not full_disk.absent():
            small = full_disk.on_small_disk(self.folder / "full disk")
            self._start("full disk", *small, *python, "tests.kills.full_disk")
        if "cut line" in wanted and not cut_line.absent():
            apart = (*cut_line.apart(), *python, "tests.kills.cut_line")
            self._start("cut line", *apart, hosts=cut_line.PROVIDER, founded=True)

    def told(self, name: str) -> dict[str, Any]:
        """What came of it."""
        process = self.running[name]
        said, complaint = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, said + complaint[-3000:]
        if name == "calm":
            said = (self.folder / "calm.json").read_text(encoding="utf-8")
        told: dict[str, Any] = json.loads(said)
        return told


@pytest.fixture(scope="module")
def stories(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stories]:
    """All that the chosen tests of this file ask for, side by side."""
    marks = [item.get_closest_marker("story") for item in request.session.items]
    found = Stories(tmp_path_factory.mktemp("stories"))
    found.begin({str(mark.args[0]) for mark in marks if mark is not None})
    yield found
    for process in found.running.values():
        process.kill()
        process.wait()


@pytest.mark.database
@pytest.mark.story("calm")
@pytest.mark.timeout(PATIENCE_SECONDS)
def test_watchkeepers_whose_clocks_differ_send_nothing_twice(stories: Stories) -> None:
    """P5: where nothing fails, a repeat is a failure."""
    (run,) = stories.told("calm")["runs"]
    assert (run["lost"], run["false"], run["repeats"]) == (0, 0, 0)
    assert run["messages"] > run["due"] > 0
    assert run["logbook"] == "agrees"


@pytest.mark.database
@pytest.mark.story("frozen")
@pytest.mark.timeout(PATIENCE_SECONDS)
def test_the_result_of_a_watchkeeper_that_was_frozen_is_nobodys(stories: Stories) -> None:
    """Another took over; the late result is refused by its token, and nothing is written twice."""
    told = stories.told("frozen")
    count = told["messages"]
    assert count
    assert told["after_the_stale_result"] == [["QUEUED", 0]] * count
    assert told["at_the_end"] == [["HANDED", 1]] * count


@pytest.mark.story("full disk")
@pytest.mark.timeout(PATIENCE_SECONDS)
def test_a_full_disk_refuses_aloud_and_the_watch_goes_on(stories: Stories) -> None:
    if absent := full_disk.absent():
        pytest.skip(absent)
    told = stories.told("full disk")
    assert told["refused"].startswith("The disk of the station is full, and this was not recorded.")
    assert told["lives"], "the watchkeeper outlives it"
    assert (told["alarms_while_full"], told["entries_while_full"]) == (0, 0)
    assert told["told_after_seconds"] < 10, "told as soon as it can be"
    assert told["signed_in_again"] == ""


@pytest.mark.story("cut line")
@pytest.mark.timeout(PATIENCE_SECONDS)
def test_a_cut_line_is_said_and_loses_nothing(stories: Stories) -> None:
    if absent := cut_line.absent():
        pytest.skip(absent)
    told = stories.told("cut line")
    assert told["told_while_cut"] == 0
    assert all("cannot be reached" in sentence for sentence in told["said_while_cut"])
    assert told["said_while_cut"]
    assert told["told_after_seconds"] < 20, "the next try comes after 5 or 15 s"
    assert told["repeats"] == 0
