"""An import that is interrupted leaves whole chunks, and the same command brings the rest."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import OperationalError

from homeby.logbook.models import Entry
from homeby.missions.actions.history import MissionTaker
from homeby.missions.models import Mission, PartyMember
from homeby.station.importing import writing
from tests import imports
from tests.imports import call, calls

ROWS = 2000

_PROCESS = """
import datetime as dt, os, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
import django
django.setup()
from homeby.settings import current
from homeby.station import start
start.prepare(settings=current())
from homeby.station.importing import writing
writing.SAY_EVERY_SECONDS = 0.0
"""
_IMPORT = """
code = writing.run(
    Path(sys.argv[1]), "sf-fire", dry_run=False, rejects=None,
    now=dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
    say=lambda line: print("SAID", line, flush=True),
)
sys.exit(code)
"""
_COUNT = """
from homeby.logbook.models import Entry
from homeby.logbook.verification import verify
from homeby.missions.models import Mission, PartyMember
print(Mission.objects.count(), PartyMember.objects.count(),
      Entry.objects.filter(kind="MISSION_IMPORTED").count(), verify().difference)
"""


def _begin(code: str, environment: dict[str, str], path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _PROCESS + code, str(path)],
        env={**environment, "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"},  # PostgreSQL without fsync
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _counted(environment: dict[str, str], path: Path) -> tuple[int, str]:
    """How many missions there are, once they agree with everything else."""
    out, err = _begin(_COUNT, environment, path).communicate(timeout=60)
    assert out, err
    missions, members, entries, difference = out.strip().split(" ", 3)
    assert missions == members == entries
    return int(missions), difference


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_import_goes_on_where_it_stopped(
    tmp_path: Path, founded_environment: dict[str, str], how: signal.Signals
) -> None:
    path = calls(tmp_path, *(call(number, f"E{number % 50}") for number in range(ROWS)))
    process = _begin(_IMPORT, founded_environment, path)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("SAID 500 of"):
            process.send_signal(how)
            break
    out, err = process.communicate(timeout=60)
    if how is signal.SIGINT:
        assert (process.returncode, err) == (1, "")
        assert "Interrupted. Give the same command again" in out

    missions, difference = _counted(founded_environment, path)
    assert 500 <= missions < ROWS
    assert missions % writing.CHUNK_ROWS == 0
    assert difference == "None"

    process = _begin(_IMPORT, founded_environment, path)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, "")
    table = [line.split() for line in out.splitlines() if not line.startswith("SAID")]
    assert table[1] == ["added", f"{ROWS - missions:,}"]
    assert table[2] == ["already", "there", f"{missions:,}"]
    assert _counted(founded_environment, path) == (ROWS, "None")


def _failing_after(
    monkeypatch: pytest.MonkeyPatch, chunks: int, trouble: Callable[[], BaseException]
) -> None:
    """From the chunk after so many on, writing breaks off in the middle of its transaction."""
    add, done = MissionTaker._write, [0]

    def write(self: MissionTaker, new: list) -> None:
        done[0] += 1
        if done[0] > chunks:
            self.origin = None  # type: ignore[assignment]
            raise trouble()
        add(self, new)

    monkeypatch.setattr(MissionTaker, "_write", write)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (KeyboardInterrupt, "Interrupted. Give the same command again: it goes on"),
        (lambda: OperationalError("database or disk is full"), "The disk of the station is full"),
        (lambda: OperationalError("database is locked"), "The records are busy just now"),
        (lambda: OperationalError("odd\nmore"), "The import stopped. odd Give the same command"),
    ],
)
def test_trouble_is_a_sentence_and_what_is_in_is_whole(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[], BaseException],
    says: str,
) -> None:
    path = calls(tmp_path, *(call(number) for number in range(600)))
    with monkeypatch.context() as patched:
        _failing_after(patched, 1, trouble)
        told = imports.run(path, "sf-fire")
    assert told.code == 1
    assert told.table == (writing.CHUNK_ROWS, writing.CHUNK_ROWS, 0, 0)
    assert says in told.said[-1]
    assert Mission.objects.count() == PartyMember.objects.count() == writing.CHUNK_ROWS
    assert Entry.objects.filter(kind="MISSION_IMPORTED").count() == writing.CHUNK_ROWS
    assert imports.run(path, "sf-fire").table == (600, 350, 250, 0)
    imports.assert_replayable()


@pytest.mark.django_db
def test_progress_is_said_with_rows_and_speed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "SAY_EVERY_SECONDS", 0.0)
    told = imports.run(calls(tmp_path, *(call(number) for number in range(300))), "sf-fire")
    assert "looking through the file: 300 rows" in told.said
    assert told.said[-1].startswith("300 of 300 rows, ")
    assert told.said[-1].endswith(" rows/s")
