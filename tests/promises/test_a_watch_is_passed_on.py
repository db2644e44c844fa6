"""Promise 3 and rule 8 of the house: "not fit to watch" passes it on at once, to somebody."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import Refused
from homeby.people.rules import Role
from homeby.watch import queries as watch
from tests.promises.acts import (
    not_fit,
    pass_time,
    plan_watch,
    recorded,
    take,
    times_told,
)
from tests.world import World


def holding(world: World) -> set[str]:
    """Who holds the watch now."""
    now = set(watch.officers_now(now=world.now))
    return {who for who, key in world.people.items() if key in now}


def test_not_fit_in_one_tap_without_a_reason_and_the_deputy_has_it_at_once(world: World) -> None:
    assert "with Deputy now" in not_fit(world, "head")
    assert holding(world) == {"deputy"}
    world.look()
    assert "You have the watch now" in world.phone("deputy")[-1].subject
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=120)
    assert times_told(world, "head") == []
    assert times_told(world, "deputy") == [65, 120]
    (entry,) = recorded("WATCH_PASSED_ON")
    assert "reason" not in (entry.content.body or "")


def test_an_alarm_she_held_goes_to_the_deputy_and_waits_for_nobody(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=122)
    take(world, "head")
    world.received.clear()
    not_fit(world, "head")
    world.look()
    alarm = world.alarm()
    assert (alarm.holder_id, alarm.offered_to_id) == (None, world.people["deputy"])
    assert any(one.code for one in world.phone("deputy"))
    pass_time(world, minutes=8)
    assert times_told(world, "deputy") == [122, 130], "and the steps go on"


def test_a_deputy_whom_nothing_reaches_is_not_waited_for(world: World) -> None:
    world.add("walker", Role.LEADER, reachable=False)
    plan_watch(world, "head", "walker")
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=122)
    take(world, "head")
    world.received.clear()
    not_fit(world, "head")
    world.look()
    assert times_told(world, "deputy") or times_told(world, "admin")


def test_the_deputy_may_not_be_fit_either(world: World) -> None:
    world.add("officer", Role.DUTY_OFFICER)
    not_fit(world, "head")
    not_fit(world, "deputy")
    assert holding(world) == set()
    world.look()
    assert "You have the watch now" in world.phone("officer")[-1].subject
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=120)
    assert times_told(world, "officer")


def test_the_standing_watch_steps_in_for_a_watch_without_anybody_fit(world: World) -> None:
    for who in ("night", "second"):
        world.add(who, Role.DUTY_OFFICER)
    plan_watch(world, "night", "second")
    not_fit(world, "night")
    assert holding(world) == {"second"}
    not_fit(world, "second")
    assert holding(world) == {"head"}


def test_it_is_passed_on_until_its_end_and_no_longer(world: World) -> None:
    world.add("night", Role.DUTY_OFFICER)
    plan_watch(world, "night", "deputy", hours=1)
    not_fit(world, "night")
    assert holding(world) == {"deputy"}
    pass_time(world, minutes=60)
    assert holding(world) == {"head"}


@pytest.mark.parametrize("who", ["agent", "deputy", "guard"])
def test_whoever_does_not_hold_it_passes_nothing_on(world: World, who: str) -> None:
    with pytest.raises(Refused, match="do not hold the watch"):
        not_fit(world, who)
