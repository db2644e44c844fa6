"""Where a phone names no mission it speaks of its own person only; of anybody else it ends and
delays nothing, and learns nothing (`RELIABILITY.md` 12: 4, 5)."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.missions.models import Mission, PartyMember, Unmatched
from homeby.missions.rules import PlanTimes
from homeby.missions.rules.intake import Taken
from homeby.people.rules import Act
from homeby.watch.models import Deadline
from tests.rooms.devices import phone_of
from tests.world import World

HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize("act", Act)
def test_of_somebody_who_is_out_it_changes_and_learns_nothing(world: World, act: Act) -> None:
    times = PlanTimes(due_at=world.now + 5 * HOUR, check_in_minutes=60)
    mission, phone = world.send_out("mate", times=times), phone_of(world, "agent")
    before = list(Deadline.objects.filter(state="OPEN").values_list("kind", "due_at"))
    world.now += HOUR / 2
    who = (world.people["mate"],)
    of_her = phone.say(act, person_ids=who, due_at=world.now + 7 * HOUR)
    of_others = phone.say(act, person_ids=(world.people["head"],), due_at=world.now + 7 * HOUR)
    assert of_her.taken == of_others.taken == Taken.UNVERIFIED
    assert of_her.sentence == of_others.sentence
    mission.refresh_from_db()
    assert mission.state == "OUT"
    assert mission.heard_at == world.now - HOUR / 2
    assert list(Deadline.objects.filter(state="OPEN").values_list("kind", "due_at")) == before
    assert set(Unmatched.objects.values_list("person_id", flat=True)) >= set(who), "it is kept"


def test_it_sends_nobody_else_out(world: World) -> None:
    world.plan("mate")
    said = phone_of(world, "agent").say(Act.SIGN_OUT, person_ids=(world.people["mate"],))
    assert said.taken == Taken.UNVERIFIED
    assert PartyMember.objects.get().state == "PLANNED"
    assert Mission.objects.get().state == "PLANNED"


def test_of_its_own_person_it_counts_named_or_not(world: World) -> None:
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    own = (world.people["agent"],)
    assert phone.say(Act.CHECK_IN, person_ids=own).taken == Taken.COUNTED
    assert phone.say(Act.CHECK_IN).taken == Taken.COUNTED
    assert phone.say(Act.SIGN_IN, person_ids=own).taken == Taken.COUNTED
    mission.refresh_from_db()
    assert mission.state == "BACK"
