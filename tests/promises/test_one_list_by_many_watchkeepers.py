"""P7: however many watchkeepers there are, what waits for one person leaves as one list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import transaction

from homeby.comms.actions.leasing import LISTS, lease
from homeby.database.turns import take_turn
from homeby.watch.actions.tick import tick
from tests import pgplugin
from tests.promises.test_a_tap_and_the_watch_let_each_other_pass import Beside
from tests.promises.test_a_tap_and_the_watch_let_each_other_pass import (
    guarded_again as guarded_again,
)
from tests.promises.test_a_tap_and_the_watch_let_each_other_pass import village as village
from tests.world import World

pytestmark = pytest.mark.skipif(
    pgplugin.chosen.database != "postgresql", reason="row locks are PostgreSQL's alone"
)


def test_whoever_comes_second_waits_and_does_not_halve_the_list(village: World) -> None:
    for number in range(6):
        village.add(f"walker{number}", callsign=f"Bird {number}")
        village.send_out(f"walker{number}", due_minutes=30)
    village.now += dt.timedelta(minutes=95)
    while tick(now=village.now).judged:
        pass
    with transaction.atomic():
        take_turn(LISTS)
        second = Beside(lambda: lease(now=village.now))
        second.thread.join(0.5)
        assert second.thread.is_alive(), "it takes what the first one is about to put together"
    found = second.result()
    assert max(len(one.delivery_ids) for one in found) == 6
