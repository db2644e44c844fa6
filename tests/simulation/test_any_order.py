"""A few hundred entries in order, and shuffled and doubled: the short form of `any_order.py`."""

from __future__ import annotations

import json
import subprocess
import sys


def test_shuffled_and_doubled_through_the_real_door_it_is_the_same_state(
    founded_environment: dict[str, str],
) -> None:
    command = [sys.executable, "-m", "tests.simulation.any_order", "--here", "--entries", "400"]
    done = subprocess.run(
        command, env=founded_environment, capture_output=True, text=True, check=False
    )
    assert done.stdout, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["differences"] == []
    assert found["logbooks"] == [None, None]
    assert found["entries"] > 300
    assert found["sent_shuffled"] > 2 * found["entries"], "each twice, and what was lost again"
    assert found["shuffled"]["again"] >= found["entries"]
    assert found["still_out"] > 3
