"""Promises 1, 3 and 7: from the logbook alone the auditor finds what the watch left undone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.comms.channels import Refused
from homeby.comms.models import Delivery, Message
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.models import Auditor, Entry, Station
from homeby.logbook.rules import STATION_KEY_ID, STATION_QUARANTINED, new_tap
from homeby.logbook.verification import verify
from homeby.watch.actions import alarms, opening, stepping, tick
from homeby.watch.models import Deadline
from homeby.watch.rules import ALARM_ENDED, ALARM_OPENED
from tests.promises.auditors import Audited
from tests.sinks import http_sink
from tests.world import World


@pytest.fixture
def audited(world: World) -> Audited:
    return Audited(world)


def forward(audited: Audited, *, minutes: int) -> None:
    """Minute by minute both do their work, and they agree all the time."""
    for _ in range(minutes):
        audited.world.fast_forward(minutes=1)
        assert audited.look() == []


def test_they_agree_over_a_whole_alarm(audited: Audited) -> None:
    world = audited.world
    mission = world.send_out("agent", "mate", due_minutes=30)
    forward(audited, minutes=45)
    head = world.as_("head")
    alarms.acknowledge(alarm_id=world.alarm().pk, by=head, now=world.now, tap=new_tap())
    forward(audited, minutes=22)
    world.check_in(mission)
    forward(audited, minutes=25)
    alarms.stand_down(
        alarm_id=world.alarm().pk, reason="seen", by=head, now=world.now, tap=new_tap()
    )
    forward(audited, minutes=64)
    world.sign_in("agent", "mate", heads=2)
    forward(audited, minutes=12)
    assert Entry.objects.filter(kind="AUDIT_AGREED").count() == 1
    assert not Entry.objects.filter(kind="AUDIT_DISAGREED").exists()
    picture = audited.auditing.picture
    assert (len(picture.deadlines), picture.alarms, picture.messages) == (1, {}, {})
    assert verify().difference is None


def test_a_watch_that_stopped_is_found_by_the_deadline_it_missed(audited: Audited) -> None:
    mission = audited.world.send_out("agent", due_minutes=5)
    audited.wait(minutes=5.9)
    assert audited.look() == []
    audited.wait(minutes=0.2)
    (sentence,) = audited.look()
    assert mission.ref in sentence
    assert "no alarm" in sentence


def test_a_watch_that_does_not_move_is_found_within_a_minute(audited: Audited) -> None:
    audited.watch_age_seconds = 60.0
    assert audited.look() == []
    audited.watch_age_seconds = 61.0
    assert "not looked for 61 seconds" in audited.look()[0]
    audited.watch_age_seconds = None
    assert "never looked" in audited.look()[0]


def test_a_message_that_was_never_written_is_found(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps say whom they told, and told nobody."""
    world = audited.world
    world.send_out("agent", due_minutes=5)
    for module in (stepping, opening, tick):
        monkeypatch.setattr(module, "tell", lambda page, orders, now: len(list(orders)))
    world.fast_forward(minutes=65)
    assert Entry.objects.filter(kind="ALARM_STEPPED").exists()
    world.fast_forward(minutes=2)
    assert audited.look() == ["The call-out time of the alarm A-1000 has passed, and nobody was "
                              "told."]  # fmt: skip


def test_a_message_deleted_behind_everybodys_back_is_found(audited: Audited) -> None:
    world = audited.world
    world.send_out("agent", due_minutes=5)
    world.now += dt.timedelta(minutes=5)
    tick.tick(now=world.now)
    Delivery.objects.exclude(channel="LOOPBACK").delete()
    Message.objects.filter(kind="ALARM").delete()
    audited.wait(minutes=1)
    audited.watch()
    assert audited.look() == []
    audited.wait(minutes=1.5)
    assert "waits since 2026-11-20 08:05Z" in audited.look()[0]


def test_a_message_taken_back_by_the_watch_is_found(audited: Audited) -> None:
    world = audited.world
    world.send_out("agent", due_minutes=5)
    world.now += dt.timedelta(minutes=5)
    tick.tick(now=world.now)
    tick.tick(now=world.now + dt.timedelta(minutes=61))
    world.now += dt.timedelta(minutes=61)
    with logbook.writing(now=world.now, by=None, device="watchkeeper") as book:
        page = book.entry(ALARM_OPENED, subject="alarm")
        for row in Delivery.objects.exclude(channel="LOOPBACK"):
            page.change(row, state="CANCELLED", next_try_at=None)
        for message in Message.objects.filter(kind="ALARM"):
            page.change(message, state="CANCELLED")
    audited.wait(minutes=1.1)
    audited.watch()
    assert "nobody was told" in audited.look()[0]


def test_an_outbox_that_nobody_empties_is_found(audited: Audited) -> None:
    world = audited.world
    world.send_out("agent", due_minutes=5)
    world.now += dt.timedelta(minutes=5)
    tick.tick(now=world.now)
    audited.wait(minutes=2)
    assert audited.look() == []
    audited.wait(minutes=0.1)
    assert "was not handed" in audited.look()[0]


def test_one_dead_telephone_is_no_dead_line(audited: Audited) -> None:
    world = audited.world
    world.send_out("agent", due_minutes=5)
    world.breaks("agent")
    forward(audited, minutes=15)
    for phone in ("head", "deputy", "admin"):
        world.breaks(phone)
    world.send_out("mate", due_minutes=5)
    world.breaks("mate")
    world.fast_forward(minutes=8)
    assert any("waits since" in sentence for sentence in audited.look())


def test_an_alarm_that_stands_still_is_found(audited: Audited) -> None:
    world = audited.world
    world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=6)
    audited.wait(minutes=4.5)  # its next step was due four minutes ago
    assert audited.look() == []
    audited.wait(minutes=1)
    assert any("A-1000 stands still" in sentence for sentence in audited.look())


@pytest.mark.parametrize("by", [None, STATION_KEY_ID, "head"])
def test_an_alarm_ended_by_nobody_is_found(audited: Audited, by: object) -> None:
    """The watch gives somebody's name to what nobody did; nor does the name itself convince."""
    world = audited.world
    world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=6)
    person = world.people["head"] if by == "head" else by
    with logbook.writing(now=world.now, by=None, device="watchkeeper", bulk=True) as book:
        page = book.entry(ALARM_ENDED, subject="alarm")
        page.change(
            world.alarm(),
            state="ENDED",
            act_at=None,
            ended_at=world.now,
            ended_by_id=person,
            ending="STOOD_DOWN",
        )
        book.changed.clear()  # the database would refuse it; the logbook has it
    assert "The alarm A-1000 was ended by no human." in audited.look()
    audited.wait(minutes=300)  # until somebody watches over those who are still out
    assert "The alarm A-1000 was ended by no human." in audited.look()


def test_a_deadline_closed_without_an_alarm_is_found(audited: Audited) -> None:
    world = audited.world
    mission = world.send_out("agent", due_minutes=5)
    for state, words in (("MISSED", "was missed, and no alarm"), ("MET", "settled by no human")):
        with logbook.writing(now=world.now, by=None, device="watchkeeper", bulk=True) as book:
            page = book.entry(ALARM_OPENED, subject=mission.ref)
            row = Deadline.objects.get(subject__ref=mission.ref)
            page.change(row, state=state, act_at=None, ended_at=world.now)
            book.changed.clear()
        assert any(words in sentence for sentence in audited.look())


def test_a_canary_that_does_not_come_through_is_found(audited: Audited) -> None:
    audited.world.refusing["loopback"] = Refused(sentence="The loop is cut.", permanent=False)
    audited.world.fast_forward(minutes=12)
    assert audited.look() == []
    audited.world.fast_forward(minutes=1)
    assert "canary has not come through" in audited.look()[0]


def test_a_station_without_a_canary_is_found(world: World) -> None:
    assert Audited(world, has_canary=False).look() == ["The canary was never sent out."]


def test_each_change_of_the_verdict_is_an_entry_and_each_look_a_mark(audited: Audited) -> None:
    world = audited.world
    audited.look()
    audited.look()
    audited.watch_age_seconds = 100
    audited.look()
    audited.wait(minutes=0.5)
    audited.look()
    audited.watch_age_seconds = 1
    audited.look()
    kinds = Entry.objects.filter(subject="audit").order_by("number")
    assert list(kinds.values_list("kind", flat=True)) == [
        "AUDIT_AGREED",
        "AUDIT_DISAGREED",
        "AUDIT_AGREED",
    ]
    mark = Auditor.objects.get(name="test")
    assert (mark.looked_at, mark.agrees, mark.sentences) == (world.now, True, [])


def test_after_a_start_the_watch_has_time_to_catch_up(audited: Audited) -> None:
    audited.auditing.patience = dt.timedelta(minutes=2)
    audited.world.send_out("agent", due_minutes=5)
    audited.wait(minutes=7)
    assert verdict(audited) is None  # and the heartbeat is silent
    audited.wait(minutes=2)
    assert verdict(audited) is False


def verdict(audited: Audited) -> bool | None:
    """What the auditor says now."""
    audited.look()
    return audited.auditing.agrees


def test_a_copy_does_not_answer_the_heartbeat_for_the_live_station(world: World) -> None:
    """P9 and P18: else the death of the live station would be hidden by its copy."""
    with http_sink() as sink:
        audited = Audited(world=world, url=sink.url("/ping"))
        assert audited.look() == []
        assert len(audited.calls(sink)) == 1
        with logbook.writing(now=world.now, by=None) as book:
            page = book.entry(STATION_QUARANTINED, subject="station")
            page.add(Station(place="elsewhere", quarantined_at=world.now, why="A copy."))
        audited.wait(minutes=5)
        audited.look()
        assert len(audited.calls(sink)) == 1
        assert audited.auditing.agrees is None


def test_an_entry_that_appears_behind_higher_numbers_is_taken_in(
    audited: Audited, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL numbers are given before transactions end."""
    audited.look()
    mission = audited.world.send_out("agent", due_minutes=5)
    number = Entry.objects.get(kind="MISSION_SIGNED_OUT").number
    audited.world.check_in(mission)
    real = queries.recorded

    def not_yet(**asked: Any) -> list[queries.Recorded]:
        return [entry for entry in real(**asked) if entry.number != number]

    with monkeypatch.context() as patch:
        patch.setattr(queries, "recorded", not_yet)
        audited.look()
    assert audited.auditing.picture.number > number
    audited.wait(minutes=6.5)
    assert any(mission.ref in sentence for sentence in audited.look())
