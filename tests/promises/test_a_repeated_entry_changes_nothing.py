"""Rule 7 of the house and rule 16 of the field: an entry's id is made on the device, and repeating
it gives the same answer and changes nothing, for every act there is."""

from __future__ import annotations

import datetime as dt
import inspect
import json
import pkgutil
import subprocess
import sys
import uuid
from importlib import import_module

import pytest

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, Tap, new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from tests.promises import together
from tests.promises.repeating import ACTS
from tests.promises.repeating_exercises import NOT_HERE
from tests.world import World

ROOMS = ("people", "comms", "watch", "missions", "readiness", "welfare")


def acts_that_count_once() -> set[str]:
    """Every act in the code that takes a tap and counts once, as room.module.name."""
    found = set()
    for room in ROOMS:
        package = import_module(f"homeby.{room}.actions")
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            for name, act in inspect.getmembers(import_module(module.name), inspect.isfunction):
                counted = hasattr(act, "__wrapped__") and "tap" in inspect.signature(act).parameters
                counted = counted and not inspect.isgeneratorfunction(inspect.unwrap(act))
                if counted and act.__module__ == module.name:
                    found.add(f"{room}.{module.name.partition('actions.')[2]}.{name}")
    return found


def test_every_act_that_counts_once_is_tried_here() -> None:
    assert acts_that_count_once() == set(ACTS) | set(NOT_HERE)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_repeated_it_gives_the_same_answer_and_changes_nothing(world: World, name: str) -> None:
    act, tap = ACTS[name](world), new_tap()
    answer = act(tap)
    assert answer
    before = verify()
    assert before.difference is None
    world.now += dt.timedelta(minutes=3)
    for _ in range(2):
        assert act(tap) == answer
    after = verify()
    assert (after.checkpoint, after.rows) == (before.checkpoint, before.rows)
    assert after.difference is None
    assert Entry.objects.filter(entry_id=tap.entry_id).count() == 1


def test_repeated_a_hundred_times_it_is_one_entry(world: World) -> None:
    mission = world.send_out("agent")
    tap = new_tap()
    answers = {world.check_in(mission, tap=tap) for _ in range(100)}
    assert len(answers) == 1
    assert Entry.objects.filter(kind="MISSION_CHECKED_IN").count() == 1


def test_what_was_refused_may_be_tried_again_under_the_same_id(world: World) -> None:
    mission = world.send_out("agent", "mate")
    tap = new_tap()
    with pytest.raises(Refused):
        world.sign_in("agent", "mate", heads=3, tap=tap)
    assert "Welcome back" in world.sign_in("agent", "mate", heads=2, tap=tap)
    mission.refresh_from_db()
    assert mission.state == "BACK"


def test_two_copies_in_the_same_instant_are_one(founded_environment: dict[str, str]) -> None:
    """A device that got no answer sends its entry again while the first is still being written.
    On a database of its own, with real transactions."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.promises.together"],
        env=founded_environment | {"DJANGO_SETTINGS_MODULE": "homeby.django_settings"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert set(found["answers"]) == {"sign out", "check in", "sign in", "take"}
    for act, answers in found["answers"].items():
        assert len(answers) == together.COPIES, act
        assert len(set(answers)) == 1, (act, answers)
        assert found["entries"][act] == 1, act
    assert found["difference"] is None
    assert found["trouble"] == []
    for act, told in found["door"].items():
        assert told["trouble"] == [], act
        assert sorted(told["answers"]) == ["counted"] * 4 + ["unverified"] * 4, act
        assert told["entries"] == [1, 1], act


def test_entries_of_a_device_that_was_offline_count_in_any_order(world: World) -> None:
    """Out, two check-ins and back, delivered at once and in a jumble, twice."""
    start = world.now
    mission = world.send_out("agent", due_minutes=300)
    world.now += dt.timedelta(minutes=200)
    made = {minute: Tap(entry_id=uuid.uuid4(), happened_at=start + dt.timedelta(minutes=minute))
            for minute in (50, 100, 150)}  # fmt: skip
    for _ in range(2):
        for minute in (100, 50):
            world.check_in(mission, tap=made[minute])
        world.sign_in("agent", tap=made[150])
    found = Mission.objects.get(pk=mission.pk)
    assert found.back_at == made[150].happened_at
    assert found.heard_at == made[100].happened_at
    assert Entry.objects.filter(entry_id__in=[tap.entry_id for tap in made.values()]).count() == 3
