"""Everybody on the watch bill takes a test within each seven days, or is shown as unproven."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from homeby import settings
from homeby.comms import queries as comms
from homeby.comms.models import Message
from homeby.comms.rules import MessageKind
from homeby.findings import Finding, Level
from homeby.logbook import keeping, queries
from homeby.logbook.actions import found_station
from homeby.logbook.counting import outside, size_of
from homeby.logbook.rules import STATION_KEY_ID, Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import wakefulness
from homeby.watch.actions import alarms, live_tests
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline, DutyPhone
from homeby.watch.queries import exercises
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind
from tests.world import ZONE, World


@pytest.fixture
def tested(world: World) -> World:
    """The village whose weekly tests are looked through; Friday, 9:00 local time."""
    assert live_tests.set_out(now=world.now)
    assert not live_tests.set_out(now=world.now), "once"
    world.look()
    return world


def hours_on(world: World, hours: int) -> None:
    """Let time pass, from one act of the watch or of the outbox to the next."""
    end = world.now + dt.timedelta(hours=hours)
    while world.now < end:
        ahead = (watch.next_act_at(), comms.next_try_at(), end)
        world.now = max(world.now, min(at for at in ahead if at is not None))
        world.look()


def take_newest(world: World, who: str) -> str:
    mine = Message.objects.filter(person_id=world.people[who]).exclude(code="")
    message = mine.order_by("-created_at").first()
    assert message is not None
    return alarms.acknowledge_by_code(
        token=message.token, code=message.code, now=world.now, tap=new_tap()
    )


def local(at: dt.datetime) -> dt.datetime:
    return at.astimezone(zoneinfo.ZoneInfo(ZONE))


def phone(world: World, who: str) -> DutyPhone:
    return DutyPhone.objects.get(person_id=world.people[who])


def unproven(world: World) -> list[str]:
    seen = exercises.duty_phones(STATION, now=world.now)
    return [one.name for one in seen if one.unproven_since]


def test_each_of_the_bill_gets_one_in_office_hours_marked_and_nobody_else(tested: World) -> None:
    hours_on(tested, 20)
    assert tested.received == [], "not on the first day, and not at night"
    hours_on(tested, 3 * 24 - 20)
    told = {one.person for one in tested.received}
    assert told == {"head", "deputy"}
    first = tested.phone("head")[0]
    assert (local(first.at).weekday(), local(first.at).hour) == (0, 9), "Monday, after a weekend"
    assert first.outgoing.subject in ("TEST: take X-1, please", "TEST: take X-2, please")
    assert first.outgoing.text.startswith("TEST. This is the weekly test of your phone")
    assert watch.open_alarms(STATION) == []


def test_taking_it_proves_the_phone_and_ends_it(tested: World) -> None:
    hours_on(tested, 3 * 24)
    assert take_newest(tested, "head").startswith("TEST: X-")
    tested.look()
    mine = Alarm.objects.get(subject__ref=f"exercise:test:{tested.people['head']}")
    assert (mine.state, mine.ended_by_id) == (AlarmState.ENDED, STATION_KEY_ID)
    proven = phone(tested, "head")
    assert (proven.proven_at, proven.proven_by, proven.channels) == (
        tested.now,
        AlarmKind.TEST,
        ["CONSOLE"],
    )
    before = len(tested.phone("head"))
    hours_on(tested, 2)
    assert len(tested.phone("head")) == before, "no repetition for whoever has taken it"
    assert verify().difference is None


def test_it_leaves_a_checkpoint_with_each_of_them(tested: World) -> None:
    """A checkpoint that was sent to two people counts as held outside (P13)."""
    found_station(place="here", now=tested.now)
    key = keeping.key_of_station(settings.log_key())
    assert key is not None
    kept = keeping.keep(until=queries.last_number(), key=key, now=tested.now)
    assert kept is not None
    hours_on(tested, 3 * 24)
    texts = {one.person: one.outgoing.text for one in tested.received}
    assert set(texts) == {"head", "deputy"}
    quoted = "\n> ".join(["She wrote:", *texts["head"].splitlines(), "Greetings"])
    for pasted in (texts["deputy"], quoted):
        held = outside(pasted)
        assert size_of(held) == kept.size
        assert verify(against=held).difference is None
    with pytest.raises(ValueError, match="This is no checkpoint"):
        outside("Keep this message. Greetings")


def test_one_not_taken_is_repeated_once_and_tried_again_the_next_day(tested: World) -> None:
    hours_on(tested, 3 * 24)
    hours_on(tested, 2)
    first, second = tested.phone("head")
    assert second.at - first.at == dt.timedelta(hours=1)
    assert "You have not taken it yet." in second.outgoing.text
    hours_on(tested, 25)
    assert len(tested.phone("head")) == 4
    assert not Alarm.objects.filter(state=AlarmState.OPEN, kind=AlarmKind.TEST, round__gt=2)


def test_whoever_takes_none_for_a_week_is_unproven_and_then_proven_again(tested: World) -> None:
    hours_on(tested, 7 * 24)
    assert unproven(tested) == []
    hours_on(tested, 1)
    assert unproven(tested) == ["Deputy", "Head"]
    (found,) = [one for one in _awake(tested) if one.what == "duty phones"]
    assert (found.level, "Deputy for 7 d" in found.sentence) == (Level.AMBER, True)
    take_newest(tested, "head")
    assert unproven(tested) == ["Deputy"]


def _awake(world: World) -> list[Finding]:
    return wakefulness.findings(STATION, now=world.now, real_now=world.now, pace=1.0)


def test_an_alarm_in_earnest_counts_as_proof_if_it_had_reached_her(tested: World) -> None:
    tested.send_out("agent", due_minutes=1)
    tested.fast_forward(minutes=7)
    alarm = tested.alarm()
    alarms.acknowledge(alarm_id=alarm.pk, by=tested.as_("deputy"), now=tested.now, tap=new_tap())
    assert phone(tested, "deputy").proven_at is None, "she saw it on a page"
    alarms.acknowledge(alarm_id=alarm.pk, by=tested.as_("head"), now=tested.now, tap=new_tap())
    proven = phone(tested, "head")
    assert (proven.proven_at, proven.proven_by) == (tested.now, AlarmKind.OVERDUE)
    tested.sign_in("agent")
    tested.look()
    tested.received.clear()
    hours_on(tested, 4 * 24)
    assert tested.phone("head") == [], "whoever is proven is not asked before the week is over"
    hours_on(tested, 3 * 24)
    assert tested.phone("head")[0].at - (proven.proven_at or tested.now) <= dt.timedelta(days=6)


def test_none_is_sent_and_an_open_one_ends_while_something_is_in_earnest(tested: World) -> None:
    tested.send_out("agent", "mate", due_minutes=3 * 24 * 60 + 30)
    hours_on(tested, 3 * 24)
    assert Alarm.objects.filter(kind=AlarmKind.TEST, state=AlarmState.OPEN).count() == 2
    tested.fast_forward(minutes=32)
    assert not Alarm.objects.filter(kind=AlarmKind.TEST, state=AlarmState.OPEN).exists()
    ends = {one.end_reason for one in Alarm.objects.filter(kind=AlarmKind.TEST)}
    assert ends == {"Put off: an alarm in earnest is open."}
    before = Message.objects.filter(kind=MessageKind.EXERCISE).count()
    tested.fast_forward(minutes=30)
    assert Message.objects.filter(kind=MessageKind.EXERCISE).count() == before
    tested.sign_in("agent", "mate", heads=2)
    hours_on(tested, 2)
    assert Message.objects.filter(kind=MessageKind.EXERCISE).count() == before + 2


def test_she_chooses_the_hour_but_not_the_night(tested: World) -> None:
    def choose(hour: int | None, by: str = "head") -> str:
        return live_tests.set_hour(
            person_id=tested.people["head"],
            hour=hour,
            by=tested.as_(by),
            now=tested.now,
            tap=new_tap(),
        )

    choose(18)
    for hour in (3, 6, 20, 23):
        with pytest.raises(Refused, match="nobody is tested at night"):
            choose(hour)
    with pytest.raises(Refused, match="Only she herself"):
        choose(10, by="agent")
    hours_on(tested, 36)
    assert [local(one.at).hour for one in tested.phone("head")] == [18, 19], "on Saturday, too"


def test_it_hangs_on_rows_and_not_on_who_is_running(tested: World) -> None:
    """Nobody looks for days; the first look afterwards sends what is due, once, by day."""
    tested.now += dt.timedelta(days=4, hours=1)
    tested.look()
    tested.look()
    assert len(tested.phone("head")) == len(tested.phone("deputy")) == 1
    next_look = Deadline.objects.get(kind=DeadlineKind.TEST).act_at
    assert next_look is not None
    assert next_look > tested.now


def test_two_watchkeepers_send_one(tested: World) -> None:
    tested.now += dt.timedelta(days=4, hours=1)
    tick(now=tested.now)
    tick(now=tested.now)
    assert Alarm.objects.filter(kind=AlarmKind.TEST).count() == 2


def test_switched_off_nobody_is_asked_and_doctor_says_so(
    tested: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = settings.current().model_copy(update={"weekly_tests": False})
    monkeypatch.setattr(settings, "current", lambda: off)
    hours_on(tested, 4 * 24)
    assert tested.received == []
    tested.now += dt.timedelta(days=4)
    said = [one for one in _awake(tested) if one.what == "duty phones"]
    assert [one.level for one in said] == [Level.AMBER, Level.AMBER]
    assert "The weekly tests are switched off." in said[-1].sentence


def test_nobody_without_a_verified_contact_point_is_shown_green(tested: World) -> None:
    tested.breaks("head", permanent=True)
    hours_on(tested, 7 * 24 + 1)
    assert "Head" in unproven(tested)
