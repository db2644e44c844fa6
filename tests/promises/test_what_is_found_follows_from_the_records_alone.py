"""What the search holds and finds is the same to the last bit, however records come in: in order,
late, corrected, or all at once (`LEFTOUT.md` 8, target 7)."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from tests.promises.lived import DAY, WEEK, Lived, held, signals
from tests.world import World


@pytest.fixture
def lived(world: World, monkeypatch: pytest.MonkeyPatch) -> Lived:
    return Lived(world, monkeypatch)


@pytest.mark.parametrize("seed", [1, 2])
def test_late_and_corrected_records_give_what_all_at_once_gives(lived: Lived, seed: int) -> None:
    lived.on()
    year, lot = lived.some_year(seed), random.Random(seed)
    late = set(lot.sample(range(len(year)), 9))
    wrong = set(lot.sample(range(len(year)), 5)) - late
    lived.log = [
        replace(one, candidates=one.candidates[:2]) if number in wrong else one
        for number, one in enumerate(year)
        if number not in late
    ]
    for week in range(6, 48, 6):
        lived.world.now = lived.started + week * WEEK
        lived.look()
    missing = [year[number] for number in sorted(late)]
    lot.shuffle(missing)
    for one in missing:
        lived.log.append(one)
    lived.log = [next(real for real in year if real.key == one.key) for one in lived.log]
    lived.world.now += DAY
    lived.look()
    live, found = held(), {one[:2] for one in signals() if one[2]}
    everything = {one[:2] for one in signals()}
    assert lived.recompute().changed == 0
    assert held() == live
    lived.off()
    assert held() == []
    assert everything >= found
    assert found
