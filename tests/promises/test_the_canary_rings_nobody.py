"""Promise 7: the canary falls overdue by the real path, and is seen and heard nowhere."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from homeby import settings
from homeby.comms import channels, queries
from homeby.comms.actions.deliver import deliver
from homeby.comms.models import Delivery, Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import STATION_KEY_ID, Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions import queries as missions
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch.actions import alarms, canary, tick
from homeby.watch.models import Alarm, Deadline, EscalationPlan
from homeby.watch.rules import CANARY_REF, AlarmState, DeadlineKind
from tests.world import World


@pytest.fixture
def flying(world: World) -> World:
    """The village with its canary out."""
    assert canary.set_out(now=world.now)
    return world


def one_round(world: World) -> None:
    """The watch judges, the outbox hands out, as the watchkeeper's two loops do."""
    tick.tick(now=world.now)
    deliver(now=world.now, landed=canary.landed)


def ten_minutes_on(world: World) -> None:
    world.now += dt.timedelta(minutes=10)


def test_a_round_is_an_alarm_a_message_and_an_end_in_two_entries(flying: World) -> None:
    before = Entry.objects.count()
    one_round(flying)
    alarm = Alarm.objects.get(subject__ref=CANARY_REF)
    assert (alarm.state, alarm.ended_by_id) == (AlarmState.ENDED, STATION_KEY_ID)
    message = Message.objects.get(person_id=STATION_KEY_ID)
    assert message.handed_at == alarm.ended_at == flying.now
    kinds = list(Entry.objects.order_by("number")[before:].values_list("kind", flat=True))
    assert kinds == ["CANARY_MISSED", "MESSAGE_HANDED"]


def test_it_goes_on_for_ever_and_keeps_one_row_of_each_kind(flying: World) -> None:
    for _ in range(5):
        one_round(flying)
        ten_minutes_on(flying)
    entries = Entry.objects.filter(kind="CANARY_MISSED").count()
    rows = (Alarm, Deadline, Message, Delivery)
    assert (entries, [model.objects.count() for model in rows]) == (5, [1, 1, 1, 1])
    assert verify().difference is None


def test_a_round_ends_even_where_nobody_waits_for_its_handing(flying: World) -> None:
    """A watchkeeper killed between handing and end: the next look ends it."""
    tick.tick(now=flying.now)
    deliver(now=flying.now)
    assert Alarm.objects.get().state == AlarmState.OPEN
    flying.fast_forward(minutes=2)
    assert Alarm.objects.get().state == AlarmState.ENDED


def test_a_round_that_is_not_handed_goes_on_with_a_new_message(flying: World) -> None:
    flying.refusing["loopback"] = channels.Refused(sentence="The loop is cut.", permanent=False)
    flying.fast_forward(minutes=31)
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.round) == (AlarmState.OPEN, 4)
    del flying.refusing["loopback"]
    flying.fast_forward(minutes=11)
    assert Alarm.objects.get().state == AlarmState.ENDED
    assert {one.person for one in flying.received} == {"loopback"}


def test_it_rings_no_person_not_even_when_it_cannot_be_judged(
    flying: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bool:
        raise ValueError("rubbish")

    with monkeypatch.context() as patch:
        patch.setattr(canary, "fall_overdue", broken)
        flying.fast_forward(minutes=30)
    flying.fast_forward(minutes=11)
    with monkeypatch.context() as patch:
        patch.setattr(canary, "judge", broken)
        flying.fast_forward(minutes=30)
    assert {one.person for one in flying.received} == {"loopback"}
    assert {alarm.kind for alarm in Alarm.objects.all()} == {"CANARY"}


def test_it_stands_on_no_board_list_page_or_figure(flying: World) -> None:
    mission = flying.send_out("agent", due_minutes=5)

    def counted() -> dict[str, int]:
        outbox = queries.status_figures(STATION, now=flying.now)
        return {**watch.status_figures(STATION), **outbox}

    figures = counted()
    tick.tick(now=flying.now)  # its alarm is open, its message in the outbox
    assert Alarm.objects.get().state == AlarmState.OPEN
    for viewer in (STATION, flying.as_("head"), flying.as_("admin"), flying.as_("agent")):
        assert watch.open_alarms(viewer) == watch.ended_alarms(viewer) == []
        assert not watch.visible_subjects(viewer).filter(ref=CANARY_REF).exists()
        assert not watch.visible_deadlines(viewer).filter(kind=DeadlineKind.CANARY).exists()
        assert {sheet.plan.name for sheet in watch.plan_sheets(viewer)} == {"Return", "Check-in"}
        assert {one.kind for one in queries.newest_messages(viewer)} <= {"NOTICE"}
    assert counted() == figures
    assert watch.alarm_counts() == (0, 0)
    assert queries.messages_made() == 0
    assert missions.status_figures(STATION)["missions_out"] == 1
    plan = watch.plans([watch.visible_deadlines(STATION).get().plan_id])
    Deadline.objects.filter(subject__ref=mission.ref).update(state="MET", act_at=None)
    assert watch.only_repeats_are_left(next(iter(plan.values())))


def test_alarms_of_people_are_counted_as_if_it_were_not_there(flying: World) -> None:
    one_round(flying)
    flying.send_out("agent", due_minutes=5)
    flying.fast_forward(minutes=6)
    assert flying.alarm().number == 1000


def test_nobody_takes_or_ends_it(flying: World) -> None:
    tick.tick(now=flying.now)
    alarm, head = Alarm.objects.get(), flying.as_("head")
    with pytest.raises(Refused, match="no such alarm"):
        alarms.acknowledge(alarm_id=alarm.pk, by=head, now=flying.now, tap=new_tap())
    with pytest.raises(Refused, match="no such alarm"):
        alarms.stand_down(
            alarm_id=alarm.pk, reason="enough", by=head, now=flying.now, tap=new_tap()
        )
    assert watch.alarm_behind(f"alarm:{alarm.pk}") is None


def test_the_database_lets_the_station_key_end_the_canary_and_nothing_else(flying: World) -> None:
    one_round(flying)
    flying.send_out("agent", due_minutes=5)
    flying.fast_forward(minutes=6)
    human = flying.people["head"]
    ended = {"state": "ENDED", "act_at": None, "ended_at": flying.now}
    of_people = Alarm.objects.filter(state=AlarmState.OPEN).exclude(kind="CANARY")
    of_canary = Alarm.objects.filter(kind="CANARY")
    for rows, by, ending in (
        (of_people, STATION_KEY_ID, "CANARY"),
        (of_people, STATION_KEY_ID, "STOOD_DOWN"),
        (of_people, human, "CANARY"),
        (of_people, None, "STOOD_DOWN"),
        (of_canary, human, "CANARY"),
        (of_canary, human, "STOOD_DOWN"),
        (of_canary, STATION_KEY_ID, "STOOD_DOWN"),
        (of_canary, None, ""),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**ended, ended_by_id=by, ending=ending)
    assert of_people.update(**ended, ended_by_id=human, ending="STOOD_DOWN") == 1


def test_once_a_night_it_goes_through_every_class_that_has_an_address(
    flying: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ("console=night desk", "webhook=", "carrier pigeon=loft 3")
    named = settings.current().model_copy(update={"canary_addresses": lines})
    monkeypatch.setattr(settings, "current", lambda: named)
    flying.fast_forward(minutes=2)
    flying.now += dt.timedelta(hours=17, minutes=48)
    flying.fast_forward(minutes=30)
    nightly = flying.phone("night desk")
    assert [flying.minutes(one.at) for one in nightly] == [1, 18 * 60]  # 03:00 in Zurich
    assert {one.person for one in flying.received} == {"night desk", "loopback"}
    assert all(one.outgoing.link == "" and not one.outgoing.urgent for one in nightly)
    kept = Message.objects.filter(about="canary:CONSOLE", handed_at__isnull=False)
    assert kept.count() <= 2
    assert queries.newest_messages(STATION) == []
    assert verify().difference is None


def test_it_is_sent_out_once(flying: World) -> None:
    assert not canary.set_out(now=flying.now)
    assert EscalationPlan.objects.filter(kind=DeadlineKind.CANARY).count() == 1
    assert uuid.UUID(str(STATION_KEY_ID)) not in flying.people.values()
