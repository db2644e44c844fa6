"""P7: after an outage every overdue party is told of within two minutes, each once, the gravest and
the longest first, and the blind period is said; doors come before alarms that can wait."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms.rules import MessageKind
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import watchkeeper
from homeby.watch.actions import plans
from homeby.watch.actions.tick import Ticked
from homeby.watch.rules import Anchor, DeadlineKind, Target
from tests.phones import step
from tests.promises.acts import take
from tests.promises.outages import Station
from tests.promises.outages import station as station
from tests.world import World

BLIND = "The watch was blind from "
ALARM = MessageKind.ALARM


def alarms_to(world: World, who: str) -> list[str]:
    return [one.outgoing.text for one in world.phone(who) if one.outgoing.sent_as == ALARM]


def most_in_five_minutes(world: World, who: str) -> int:
    at = [one.at for one in world.phone(who)]
    return max(sum(a <= b < a + dt.timedelta(minutes=5) for b in at) for a in at)


def out(world: World, *dues: int) -> list[str]:
    """One walker for each: expected back in so many minutes."""
    names = [f"walker{number}" for number in range(len(dues))]
    for name, due in zip(names, dues, strict=True):
        world.add(name, callsign=f"Bird {name[6:]}")
        world.send_out(name, due_minutes=due)
    world.received.clear()
    return names


def test_whoever_is_past_the_call_out_time_is_told_of_at_once(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    station.passes(hours=8)
    station.look_until_gathered()
    (one,) = alarms_to(world, "head")
    assert "Fox is not back" in one
    assert BLIND in one
    assert "09:00" in one, "from when, by the wall time of the village"


def test_one_message_at_the_present_step_to_all_who_were_missed(station: Station) -> None:
    """The whole plan has passed: leader and next level together, and nobody is told twice."""
    world = station.world
    world.give_kin("agent", "home")
    world.send_out("agent", due_minutes=60)
    world.received.clear()
    station.passes(hours=8)
    station.watch(minutes=4)
    for who in ("agent", "head", "deputy", "home"):
        assert len(alarms_to(world, who)) == 1, who
        assert BLIND in alarms_to(world, who)[0]
    assert world.alarm().next_step == 5


def test_the_next_step_waits_until_the_first_people_had_their_time(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    station.passes(hours=2 + 5 / 60)  # 14 minutes before the deputy's hour would come at +10
    station.watch(minutes=4)
    assert len(alarms_to(world, "head")) == 1
    assert not alarms_to(world, "deputy")
    station.watch(minutes=3)
    assert len(alarms_to(world, "deputy")) == 1


def test_a_sign_in_that_waited_on_a_device_comes_before_the_alarm(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    world.received.clear()
    station.passes(hours=1.5)  # overdue, and half an hour before the call-out time
    station.watch(minutes=40 / 60)
    world.sign_in("agent")
    station.watch(minutes=5)
    assert not watch.open_alarms(STATION)
    assert not [one for who in ("agent", "head") for one in alarms_to(world, who)]


def test_without_one_the_alarm_comes_after_the_minute_of_the_doors(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    world.received.clear()
    station.passes(hours=1.5)
    began = world.now
    station.watch(minutes=2)
    first = next(one for one in world.phone("head") if one.outgoing.sent_as == ALARM)
    assert dt.timedelta(seconds=60) <= first.at - began <= dt.timedelta(seconds=75)


def test_a_call_out_time_that_passes_at_the_doors_waits_for_nothing(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    station.passes(hours=2 - 30 / 3600)
    began = world.now
    station.watch(minutes=2)
    first = next(one for one in world.phone("head") if one.outgoing.sent_as == ALARM)
    assert first.at - began <= dt.timedelta(seconds=45)


def test_many_are_named_the_longest_overdue_first_in_three_messages_at_most(
    station: Station,
) -> None:
    world = station.world
    out(world, *(200, 60, 120, 440, 90, 300, 425, 455))
    station.passes(hours=8)
    station.watch(minutes=5)
    assert most_in_five_minutes(world, "head") <= 3
    at_once, at_the_doors = alarms_to(world, "head")[:2]
    for alarm in watch.open_alarms(STATION):
        assert at_once.count(f"A-{alarm.number}:") + at_the_doors.count(f"A-{alarm.number}:") == 1
    order = [at_once.index(f"Bird {number} ") for number in (1, 4, 2, 0, 5)]
    assert order == sorted(order)
    order = [at_the_doors.index(f"Bird {number} ") for number in (6, 3, 7)]
    assert order == sorted(order)
    assert all(text.count(BLIND) == 1 for text in (at_once, at_the_doors)), "once for all"
    assert verify().difference is None


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_are_no_more_messages_than_many(station: Station, count: int) -> None:
    world = station.world
    out(world, *([60] * count), *([430] * count))
    station.passes(hours=8)
    station.watch(minutes=5)
    assert most_in_five_minutes(world, "head") <= 3
    text = "\n".join(alarms_to(world, "head"))
    assert all(f"A-{alarm.number}" in text or count == 1 for alarm in watch.open_alarms(STATION))


def test_a_check_in_and_a_return_missed_together_are_one_message(station: Station) -> None:
    world = station.world
    due_at = world.now + dt.timedelta(minutes=180)
    world.send_out("agent", times=PlanTimes(due_at=due_at, check_in_minutes=60))
    world.received.clear()
    station.passes(hours=8)
    station.watch(minutes=4)
    (one,) = alarms_to(world, "head")
    assert "is not back" in one
    assert len(watch.open_alarms(STATION)) == 1


def test_whose_alarm_was_taken_before_and_ran_out_hears_it_with_the_others(
    station: Station,
) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    station.watch(minutes=125)
    take(world, "guard")
    world.received.clear()
    station.passes(hours=8)
    station.watch(minutes=4)
    assert [len(alarms_to(world, who)) for who in ("guard", "head", "deputy")] == [1, 1, 1]


@pytest.mark.parametrize(("minutes", "sent", "dropped"), [(85, 1, 0), (95, 0, 1)])
def test_a_reminder_of_more_than_half_an_hour_ago_is_dropped_and_counted(
    station: Station, minutes: int, sent: int, dropped: int
) -> None:
    world = station.world
    steps = (
        step(Anchor.DUE, -60, Target.PARTY),
        step(Anchor.DUE, 0, Target.PARTY),
        step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER),
    )
    default = watch.default_plan(DeadlineKind.RETURN)
    assert default is not None
    fields = plans.PlanFields(name="Early", kind=DeadlineKind.RETURN, steps=steps, is_default=True)
    plans.set_plan(plan_id=default.id, fields=fields, by=STATION, now=world.now, tap=new_tap())
    out(world, 120)
    station.passes(hours=minutes / 60)
    station.watch(minutes=2)
    kinds = [one.outgoing.sent_as for one in world.phone("walker0")]
    assert kinds.count(MessageKind.REMINDER) == sent
    (noted,) = station.outages()
    assert noted.reminders_dropped == dropped


def test_whoever_is_out_and_not_missed_hears_of_it_once(station: Station) -> None:
    world = station.world
    out(world, 600, 60)
    station.passes(hours=3)
    station.watch(minutes=10)
    told = [one.subject for one in world.phone("walker0")]
    assert told == ["The watch was blind while you were out"]
    missed = [one.subject for one in world.phone("walker1")]
    assert "The watch was blind while you were out" not in missed
    assert BLIND in alarms_to(world, "walker1")[0]


def test_the_logbook_says_it_in_one_entry_and_the_watch_and_the_office_hear_it(
    station: Station,
) -> None:
    world = station.world
    began = world.now
    station.passes(hours=8)
    station.watch(minutes=3)
    assert Entry.objects.filter(kind="WATCH_BLIND").count() == 1
    (noted,) = station.outages()
    assert (noted.from_at, noted.to_at) == (began, began + dt.timedelta(hours=8))
    for who in ("head", "admin"):
        assert [one.subject for one in world.phone(who)] == ["The watch was blind for 8 h"]
    assert not world.phone("outsider")
    assert verify().difference is None


def test_a_start_within_two_minutes_is_no_outage(station: Station) -> None:
    station.passes(hours=2 / 60)
    station.starts()
    station.look()
    assert not station.outages()


def test_one_of_two_that_was_frozen_notes_nothing_while_the_other_watched(
    station: Station,
) -> None:
    frozen = station.keeper
    station.starts("other")
    station.watch(minutes=10)
    station.keeper = frozen
    station.look()
    assert not station.outages()


def test_of_two_that_start_together_one_notes_it_and_both_go_by_it(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    station.passes(hours=1.5)
    for name in ("two", "three"):
        station.starts(name)
        station.keeper.look()
        assert not watch.open_alarms(STATION)
    assert len(station.outages()) == 1


def test_a_row_that_cannot_be_done_at_all_is_no_outage(station: Station, monkeypatch) -> None:
    """The look is not whole, so the page of the watch is red; but everything else is watched."""

    bad = Ticked(judged=0, opened=0, stepped=0, more=False, failed=frozenset({uuid.uuid4()}))
    monkeypatch.setattr(watchkeeper, "tick", lambda **_: bad)
    station.watch(minutes=5)
    assert not station.outages()
