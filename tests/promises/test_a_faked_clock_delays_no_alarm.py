"""P8 on a real process: a watchkeeper under libfaketime, whose wall clock jumps while it runs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.promises import faking


@pytest.mark.once  # it is about the clock of the process, not about its database
def test_an_alarm_comes_in_time_by_the_true_clock(station_environment: dict[str, str]) -> None:
    found = faking.library()
    if not found:
        pytest.skip(faking.ABSENT)
    command = [sys.executable, "-m", "tests.promises.faking", found, "-1d"]
    done = subprocess.run(
        command, env=station_environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["disputes"] == ["BACK"]
    assert 0 <= told["late_seconds"] <= 10
