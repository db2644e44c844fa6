"""Whatever is sent to the intake, it answers: the short form of `python -m tests.fuzz`."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fuzz.__main__ import FOLDER, has_wheel
from tests.house.tree import ROOT

NO_WHEEL = "atheris has no wheel for this machine; hypothesis took its share"


def _found(engine: str) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.fuzz", "--runs", "150", "--engine", engine]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    assert not found["fault"], found["fault"]
    return found


@pytest.mark.parametrize("engine", ["atheris"] if has_wheel() else ["hypothesis", "atheris"])
def test_whatever_is_sent_what_must_hold_holds(engine: str) -> None:
    if engine == "atheris" and not has_wheel():
        pytest.skip(NO_WHEEL)
    found = _found(engine)
    answers, statuses = found["answers"], found["statuses"]
    assert isinstance(answers, dict)
    assert isinstance(statuses, dict)
    assert all(answers[name] > 3 for name in ("counted", "again", "unverified", "refused"))
    assert set(statuses) >= {"200", "400", "415", "422"}, "it gets past the parser"
    assert found["engine"] == engine
    assert not list(FOLDER.glob("crash-*"))
