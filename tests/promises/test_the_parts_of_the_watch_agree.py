"""Pauses, outages, drills, weekly tests and partner stations together: none of them hides what
another would have told (P1, P7, P9, P17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.comms.rules import MessageKind
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.actions import drills, live_tests, plans
from homeby.watch.actions.drills import Wish
from homeby.watch.actions.partners import line
from homeby.watch.actions.partners.sending import Moment, Sender
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline, Pause
from homeby.watch.rules import Anchor, DeadlineKind, DeadlineState, PauseState, Phase, Target
from homeby.watch.rules import partners as rules
from homeby.watch.rules.partners import Trouble
from tests.phones import step
from tests.promises.acts import alarm_of, take
from tests.promises.auditors import Audited
from tests.promises.outages import Station
from tests.promises.outages import station as station
from tests.promises.partnered import Settled, answering
from tests.promises.pauses import agree, ask, pause
from tests.promises.test_a_partner_may_lie import Liar
from tests.promises.test_after_an_outage_everybody_is_named import out
from tests.world import World

EXERCISE = "EXERCISE"


@pytest.fixture
def liar(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Liar]:
    """A partner station of ours, heard a moment ago."""
    with answering(world, monkeypatch) as server:
        found = Liar(world, server)
        found.pair()
        found.say()
        yield found


def drill(world: World, minutes: int = 60) -> None:
    wish = Wish(within_minutes=minutes)
    drills.begin(wish=wish, by=world.as_("head"), now=world.now, tap=new_tap())


def exercises(world: World) -> list[str]:
    return [m.outgoing.subject for m in world.received if m.outgoing.sent_as == EXERCISE]


# --- a pause and an outage -----------------------------------------------------------------------


def test_a_pause_due_to_begin_in_an_outage_hides_nobody_who_was_overdue(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=23 * 60)
    ask(world, "head", minutes=36 * 60, with_notice=True)
    station.passes(hours=26)
    station.look_until_gathered()
    assert world.alarm().phase == Phase.ALERT
    assert Pause.objects.get().state == PauseState.NOTICE, "it waits, as over any open alarm"
    assert [m for m in world.phone("head") if m.outgoing.subject.startswith("ALERT")]


def test_nobody_pauses_over_somebody_who_waits_for_the_doors(station: Station) -> None:
    world = station.world
    world.send_out("agent", due_minutes=60)
    asked = ask(world, "head", minutes=300)
    station.passes(hours=1.5)  # overdue, not past the call-out time: the doors come first
    station.look()
    with pytest.raises(Refused, match="is overdue"):
        agree(world, "deputy", asked)
    station.watch(minutes=2)
    assert world.alarm().phase == Phase.UNCERTAINTY


def test_off_over_the_end_of_a_pause_whoever_fell_due_in_it_is_named_once(
    station: Station,
) -> None:
    world = station.world
    mission = world.send_out("agent", due_minutes=30)
    pause(world, "head", "deputy", minutes=120)
    station.look()
    station.passes(hours=8)
    world.received.clear()
    station.watch(minutes=3)
    assert alarm_of(mission).phase == Phase.ALERT
    alarms = [m for m in world.phone("head") if m.outgoing.sent_as == MessageKind.ALARM]
    assert len(alarms) == 1
    assert [m for m in world.phone("agent") if "the pause is over" in m.outgoing.subject]
    assert verify().difference is None


def test_after_a_pause_missed_reminders_are_one_and_old_ones_none(world: World) -> None:
    steps = (
        *(step(Anchor.DUE, -minutes, Target.PARTY) for minutes in (80, 40, 20)),
        step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER),
    )
    fields = plans.PlanFields(name="Many", kind=DeadlineKind.RETURN, steps=steps, is_default=True)
    plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())
    world.send_out("agent", "mate", due_minutes=100)
    pause(world, "head", "deputy", minutes=85)
    world.look()
    world.received.clear()
    world.now += dt.timedelta(minutes=85)
    world.look()
    for who in ("agent", "mate"):
        reminders = [m for m in world.phone(who) if m.outgoing.sent_as == MessageKind.REMINDER]
        assert len(reminders) == 1


# --- exercises -----------------------------------------------------------------------------------


def test_a_weekly_test_does_not_hold_up_a_pause(world: World) -> None:
    live_tests.set_out(now=world.now)
    world.look()
    while not exercises(world):
        at = watch.next_act_at()
        assert at is not None
        world.now = max(world.now, at)
        world.look()
    assert Alarm.objects.filter(kind="TEST", state="OPEN").exists()
    pause(world, "head", "deputy", minutes=60)
    assert Pause.objects.get().state == PauseState.PAUSED


def test_in_a_pause_no_drill_begins(world: World) -> None:
    pause(world, "head", "deputy", minutes=60)
    with pytest.raises(Refused, match="The watch is paused"):
        drill(world)


def test_a_drill_whose_time_was_over_before_anybody_looked_rings_nobody(station: Station) -> None:
    drill(station.world)
    station.passes(hours=3)
    station.watch(minutes=3)
    assert exercises(station.world) == []
    deadline = Deadline.objects.get(kind=DeadlineKind.EXERCISE)
    assert deadline.state == DeadlineState.CANCELLED


def test_messages_of_a_drill_that_never_left_are_taken_back_after_an_outage(
    station: Station,
) -> None:
    world = station.world
    drill(world, minutes=240)
    tick(now=world.now)
    world.now += dt.timedelta(minutes=6)
    tick(now=world.now)  # its steps are written, and the station dies before they are sent
    assert Message.objects.filter(kind=EXERCISE, state="QUEUED").exists()
    station.passes(hours=12)
    station.watch(minutes=3)
    assert not [one for one in exercises(world) if "over" not in one.lower()]


@pytest.mark.parametrize("exercise", ["a drill that is on", "weekly tests that are due"])
def test_after_an_outage_no_exercise_comes_before_or_beside_what_is_in_earnest(
    station: Station, exercise: str
) -> None:
    """Two parties are overdue and wait for the doors; the auditor agrees all the while."""
    world = station.world
    hours = 0.5 if exercise == "a drill that is on" else 72.5  # Monday, half past nine
    out(world, int(hours * 60) - 20, int(hours * 60) - 5)
    live_tests.set_out(now=world.now)
    if hours < 1:
        drill(world, minutes=240)
    audited = Audited(world, has_canary=False)
    station.look()
    station.passes(hours=hours)
    for _ in range(12):
        station.look()
        assert [one for one in audited.look() if "canary" not in one] == []
        world.now += dt.timedelta(seconds=15)
    assert Alarm.objects.filter(kind="OVERDUE").count() == 2
    assert exercises(world) == []


# --- partner stations ----------------------------------------------------------------------------


def test_our_pause_does_not_blind_us_for_our_partner(liar: Liar) -> None:
    world = liar.world
    audited = Audited(world)
    pause(world, "head", "deputy", minutes=300)
    world.fast_forward(minutes=4)
    liar.say()
    at = watch.next_act_at()
    assert at is not None
    assert at <= world.now + dt.timedelta(minutes=5)
    world.fast_forward(minutes=4)
    assert liar.alarm() is None
    assert audited.look() == []
    world.fast_forward(minutes=2)
    assert liar.alarm() is not None
    assert Pause.objects.get().state == PauseState.PAUSED


def test_the_auditor_sees_a_partner_forgotten_in_a_pause(liar: Liar) -> None:
    world = liar.world
    audited = Audited(world)
    pause(world, "head", "deputy", minutes=300)
    audited.watch()
    world.now += dt.timedelta(minutes=8)
    assert any("partner:" in one and "no alarm was opened" in one for one in audited.look())


def test_a_machine_that_slept_listens_before_it_misses_a_partner(
    liar: Liar, station: Station
) -> None:
    station.look()
    station.passes(hours=8)
    station.look()
    assert liar.alarm() is None, "it could hear nobody"
    station.watch(minutes=4)
    assert liar.alarm() is None
    station.watch(minutes=2)
    assert liar.alarm() is not None


def test_a_partner_is_not_rung_while_the_doors_have_their_minute(
    liar: Liar, station: Station
) -> None:
    """After an outage what was missed waits for the doors; after them it would stand still."""
    world, posted = liar.world, []

    def post(url: str, path: str, body: dict[str, Any]) -> line.Answered:
        posted.append(rules.read(body["message"]))
        return line.Answered(sentence="nobody is there")

    sender = Sender(horizon=Settled(), post=post)
    world.send_out("agent", due_minutes=60)
    station.passes(hours=1.1)
    station.watch(minutes=0.5)
    for minutes in (0, 4):
        world.now += dt.timedelta(minutes=minutes)
        sender.round(Moment(now=world.now, real_now=world.now, out=1, here="here"))
    found = [rules.troubles(one, seen=None, unproven=0, now=one.at) for one in posted]
    assert [Trouble.STUCK in one for one in found] == [False, True]
    assert found[0] == ()


# --- what cannot be judged -----------------------------------------------------------------------


def test_a_holder_written_by_a_clock_ahead_keeps_no_watch_spinning(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alarm that cannot be judged, taken at an hour that lies a day ahead."""
    mission = world.send_out("agent", due_minutes=1)
    world.fast_forward(minutes=10)
    take(world, "head")
    ahead = world.now + dt.timedelta(days=1)
    Alarm.objects.filter(pk=alarm_of(mission).pk).update(expires_at=ahead, hold_until=ahead)
    monkeypatch.setattr("homeby.watch.actions.tick._judge_alarm", _breaks)
    looks = [tick(now=world.now).judged for _ in range(5)]
    assert looks[-1] == 0, looks


def _breaks(*_: object) -> bool:
    raise ValueError("cannot be judged")
