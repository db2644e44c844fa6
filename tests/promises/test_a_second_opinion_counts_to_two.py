"""Promise 7, where two must take an alarm: the auditor knows it from the logbook, not from the
watch."""

from __future__ import annotations

import pytest

from homeby.watch import rules
from tests.promises.acts import pass_time, take
from tests.promises.auditors import Audited
from tests.promises.two import two_must
from tests.world import World


def audited_of_alarms(audited: Audited) -> str:
    return " ".join(said for said in audited.look() if "The alarm" in said)


def test_the_auditor_sees_a_watch_that_lets_one_be_enough(world: World) -> None:
    two_must(world)
    world.send_out("agent", due_minutes=60)
    audited = Audited(world, has_canary=False)
    pass_time(world, minutes=122)
    take(world, "head")
    assert not audited_of_alarms(audited)
    with pytest.MonkeyPatch.context() as forgetful:
        forgetful.setattr(rules.Taken, "is_taken", property(lambda _taken: True))
        take(world, "head")
    assert "counts as taken, and only one of two has taken it" in audited_of_alarms(audited)
    take(world, "deputy")
    assert not audited_of_alarms(audited)


def test_the_auditor_counts_from_when_the_plan_was_changed(world: World) -> None:
    audited = Audited(world, has_canary=False)
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=122)
    take(world, "head")
    two_must(world)
    pass_time(world, minutes=15)
    assert not audited_of_alarms(audited), "taken while one was enough"
