"""One seed is one world: everything goes wrong in it, and every promise is judged. The short form;
`make simulate` runs it for as long as one likes (`tests/simulation/__main__.py`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import pgplugin
from tests.founded import founded_station

SECONDS = {"sqlite": 12.0, "postgresql": 10.0}
FIRST_SEED = 1000
PATIENCE_SECONDS = 400


def live(
    environment: dict[str, str], *, first: int, seconds: float, days: float
) -> list[dict[str, Any]]:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "tests.simulation.worlds"),
            *(str(word) for word in (first, 1, seconds, days)),
        ],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.timeout(PATIENCE_SECONDS)
def test_worlds_live_for_a_while_and_every_promise_holds(
    founded_environment: dict[str, str],
) -> None:
    seconds = SECONDS[pgplugin.chosen.database]
    worlds = live(founded_environment, first=FIRST_SEED, seconds=seconds, days=10)
    for told in worlds:
        assert not told["broken"], f"seed {told['seed']}: {told['broken']}\n" + "\n".join(
            told["story"]
        )
    sums = {name: sum(told[name] for told in worlds) for name in ("missions", "alarms", "messages")}
    sys.stdout.write(f"\n{len(worlds)} worlds, {sums}\n")  # shown by pytest -s
    assert all(sums.values()), "worlds in which nothing happens prove nothing"


@pytest.mark.timeout(PATIENCE_SECONDS)
def test_the_same_seed_is_the_same_world(tmp_path: Path) -> None:
    told = []
    for number in range(2):
        own = founded_station(folder=tmp_path / str(number), name=f"same_seed_{number}")
        told.append(live(own, first=23, seconds=0, days=2))
    assert told[0] == told[1]
