"""Promise 3, where a plan says that two must take it: the steps go on until a second person has
taken the alarm, and go on again when one of the two falls silent."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from homeby.comms.models import ListMessage
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.people.rules import STATION
from homeby.watch.actions import alarms, lists, reaching
from homeby.watch.models import Alarm
from homeby.watch.rules import Anchor, Phase, Target
from tests.promises.acts import (
    hand_over,
    not_fit,
    pass_time,
    refused,
    take,
    take_by_code,
    times_told,
)
from tests.promises.two import ids, takers, two_must
from tests.world import World, step


@pytest.fixture
def mission(world: World) -> Mission:
    """The agent is out, due after an hour, call-out an hour later; two must take the alarm."""
    two_must(world)
    return world.send_out("agent", due_minutes=60)


def told_since(world: World, who: str, minutes: float) -> list[float]:
    return [at for at in times_told(world, who) if at > minutes]


def test_until_a_second_takes_it_the_steps_go_on_and_spare_the_first(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    assert "A second person must take it too" in take(world, "head")
    pass_time(world, minutes=19)
    assert times_told(world, "deputy") == [130, 140]
    assert world.alarm().second_missing
    text = world.phone("deputy")[-1].outgoing.text
    assert "Taken by Head; a second person must take it too." in text
    assert not told_since(world, "head", 122)
    assert "A second person must take it too" in take(world, "head"), "once more is not twice"
    assert takers(world) == ids(world, "head")
    assert verify().difference is None


def test_the_first_of_two_takes_back_nothing_of_the_others(world: World, mission: Mission) -> None:
    world.breaks("deputy")
    pass_time(world, minutes=131)
    take(world, "head")
    world.refusing.clear()
    pass_time(world, minutes=4)
    assert times_told(world, "deputy"), "what was queued for them still comes"


def test_two_hold_it_until_the_first_of_them_falls_silent(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    pass_time(world, minutes=9)
    answer = take_by_code(world, world.phone("deputy")[-1])
    assert "second" not in answer
    world.look()
    assert "Deputy has taken" in world.phone("head")[-1].subject
    assert takers(world) == ids(world, "head", "deputy")
    world.received.clear()
    pass_time(world, minutes=10)
    assert not world.received
    pass_time(world, minutes=1)  # 142: Head has fallen silent
    assert [one.person for one in world.received] == ["head"]
    assert "comes back to you" in world.phone("head")[0].subject
    assert takers(world) == ids(world, "deputy")
    pass_time(world, minutes=5)
    assert times_told(world, "head") == [142, 147], "the steps go on"
    assert not times_told(world, "deputy"), "and spare the other one"
    take(world, "head")
    assert takers(world) == ids(world, "deputy", "head")
    world.look()
    world.received.clear()
    pass_time(world, minutes=4)  # 151: Deputy had it from 131 on
    assert [one.person for one in world.received] == ["deputy"]
    assert verify().difference is None


def test_who_took_it_alone_and_falls_silent_is_asked_again_beside_the_steps(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    pass_time(world, minutes=20)
    assert times_told(world, "head")[-1] == 142
    assert not takers(world)
    pass_time(world, minutes=5)
    assert times_told(world, "deputy") == [130, 140, 147]
    assert times_told(world, "head")[-1] == 147


def test_the_call_out_time_breaks_both(world: World, mission: Mission) -> None:
    pass_time(world, minutes=115)
    take(world, "head")
    take(world, "deputy")
    assert world.alarm().holder_id is not None
    pass_time(world, minutes=5)
    assert (world.alarm().phase, takers(world)) == (Phase.ALERT, [])
    assert times_told(world, "head")[-1] == times_told(world, "deputy")[-1] == 120


def test_the_call_out_time_breaks_the_first_of_two(world: World, mission: Mission) -> None:
    pass_time(world, minutes=115)
    take(world, "deputy")
    pass_time(world, minutes=5)
    assert not takers(world)
    assert times_told(world, "deputy") == [120]


def test_a_hand_over_goes_to_somebody_who_does_not_have_it(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    take(world, "deputy")
    take(world, "head")
    with pytest.raises(Refused) as no:
        hand_over(world, "head", "deputy")
    assert refused(no.value) == "Deputy has it already; choose somebody else."
    hand_over(world, "head", "mate")
    world.look()
    take_by_code(world, world.phone("mate")[-1])
    world.look()
    assert takers(world) == ids(world, "deputy", "mate")
    assert "no longer yours" in world.phone("head")[-1].outgoing.text
    take(world, "head")  # not offered: instead of Deputy, who would be silent first
    assert takers(world) == ids(world, "mate", "head")


def test_whoever_has_it_alone_and_hands_it_over_is_not_one_of_two(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    hand_over(world, "head", "mate")
    assert "A second person" in take(world, "mate")
    assert takers(world) == ids(world, "mate")
    take(world, "guard")
    assert takers(world) == ids(world, "mate", "guard")


@pytest.mark.parametrize("first", ["head", "guard"])
def test_not_fit_to_watch_leaves_it_to_the_other_alone_and_the_steps_go_on(
    world: World, mission: Mission, first: str
) -> None:
    pass_time(world, minutes=122)
    take(world, first)
    take(world, "guard" if first == "head" else "head")
    not_fit(world, "head")
    assert takers(world) == ids(world, "guard")
    pass_time(world, minutes=8)
    assert times_told(world, "deputy") == [122, 130], "asked, and then told by the next step"


def test_not_fit_to_watch_by_the_only_one_leaves_it_to_nobody(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    not_fit(world, "head")
    assert not takers(world)
    assert verify().difference is None


@pytest.mark.parametrize("leaves", ["head", "deputy"])
def test_who_has_left_holds_nothing_and_the_other_one_is_not_enough(
    world: World, mission: Mission, leaves: str
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    take(world, "deputy")
    stays = "deputy" if leaves == "head" else "head"
    reaching.change_person(
        person_id=world.people[leaves],
        values={"is_active": False},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    world.look()
    assert takers(world) == ids(world, stays)
    pass_time(world, minutes=30)
    assert [one for one in world.received if one.code and world.minutes(one.at) > 122]


def test_a_step_for_nobody_but_the_first_is_followed_at_once(world: World) -> None:
    only = step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER)
    two_must(world, only)
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=121)
    take(world, "head")
    world.received.clear()
    pass_time(world, minutes=10)
    assert {one.person for one in world.received if one.code} == {"admin", "deputy"}


def test_the_first_is_told_again_where_nobody_else_can_be_reached(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    for who in ("deputy", "admin"):
        world.breaks(who, permanent=True)
    pass_time(world, minutes=10)
    told = world.phone("head")[-1].outgoing.text
    assert world.minutes(world.phone("head")[-1].at) >= 130
    assert "The step before this one reached nobody." in told
    assert "Taken by Head; a second person must take it too." in told
    assert takers(world) == ids(world, "head")


def test_a_list_taken_at_once_is_taken_by_one_of_two(world: World) -> None:
    two_must(world)
    for number in range(5):
        world.add(f"walker{number}", callsign=f"Bird {number}")
        world.send_out(f"walker{number}", due_minutes=30)
    pass_time(world, minutes=35)
    listed = ListMessage.objects.get()

    def all_of_them(who: str) -> str:
        return lists.acknowledge_list(
            token=listed.token, by=world.as_(who), now=world.now, tap=new_tap()
        )

    assert "A second person must take 5 of them too" in all_of_them("head")
    assert all(alarm.second_missing for alarm in Alarm.objects.all())
    assert "second" not in all_of_them("deputy")
    assert {alarm.holder_id for alarm in Alarm.objects.all()} == {world.people["deputy"]}
    assert verify().difference is None


def test_help_asks_for_both_anew(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    take(world, "deputy")
    alarms.raise_to_distress(
        alarm_id=world.alarm().pk, why="Smoke.", by=world.as_("head"), now=world.now, tap=new_tap()
    )
    assert not takers(world)
    assert "A second person" in take(world, "head")


def test_a_changed_plan_counts_from_the_next_time_somebody_takes_it(
    world: World, mission: Mission
) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    two_must(world, two=False)
    assert world.alarm().second_missing
    take(world, "head")
    assert (world.alarm().holder_id, world.alarm().co_holder_id) == (world.people["head"], None)
    two_must(world)
    take(world, "deputy")
    assert takers(world) == ids(world, "head", "deputy")


def test_the_database_refuses_one_person_as_two(world: World, mission: Mission) -> None:
    pass_time(world, minutes=122)
    take(world, "head")
    take(world, "deputy")
    alarm = world.alarm()
    with pytest.raises(IntegrityError), transaction.atomic():
        Alarm.objects.filter(pk=alarm.pk).update(holder_id=alarm.co_holder_id)
