"""Promises 1 and 2: what cannot be judged is told as it is, and never stops the others."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

import pytest

from homeby.comms.actions import deliver as outbox
from homeby.comms.actions import recording
from homeby.comms.rules import Outcome
from homeby.logbook import rows as written
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.people.models import ContactPoint
from homeby.watch import rules, texts
from homeby.watch.actions import recipients
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Subject
from homeby.watch.rules import AlarmKind, AlarmState
from tests.promises.acts import pass_time, recorded, take, times_told
from tests.world import World

Poison = Callable[[Mission, pytest.MonkeyPatch], None]


def zone(mission: Mission, _: pytest.MonkeyPatch) -> None:
    """Its time zone is one that nobody knows, so that no text can be written."""
    Subject.objects.filter(ref=mission.ref).update(zone="Mars/Olympus")


def party(mission: Mission, _: pytest.MonkeyPatch) -> None:
    """Its party is rubbish, so that nobody's roll can be called."""
    Subject.objects.filter(ref=mission.ref).update(party=["rubbish"])


def judgement(mission: Mission, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules themselves break on its times."""
    due_at = mission.due_at
    deadline, alarm = rules.decide_deadline, rules.decide_alarm

    def broken_deadline(facts: rules.DeadlineFacts, *, now: dt.datetime) -> object:
        assert facts.times.due_at != due_at, "poisoned"
        return deadline(facts, now=now)

    def broken_alarm(facts: rules.AlarmFacts, *, now: dt.datetime) -> object:
        assert facts.times.due_at != due_at, "poisoned"
        return alarm(facts, now=now)

    monkeypatch.setattr(rules, "decide_deadline", broken_deadline)
    monkeypatch.setattr(rules, "decide_alarm", broken_alarm)


def words(mission: Mission, monkeypatch: pytest.MonkeyPatch) -> None:
    """No message about it can be written."""
    subject, real = Subject.objects.get(ref=mission.ref), texts.what_happened

    def broken(alarm: Alarm, *, now: dt.datetime) -> str:
        assert alarm.subject_id != subject.pk, "poisoned"
        return real(alarm, now=now)

    monkeypatch.setattr(texts, "what_happened", broken)


def commit(mission: Mission, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database refuses any row of its alarm that names its step."""
    subject, insert, update = Subject.objects.get(ref=mission.ref), written.insert, written.update

    def poisoned(found: list[object]) -> bool:
        alarms = [row for row in found if isinstance(row, Alarm)]
        return any(row.subject_id == subject.pk and row.next_step for row in alarms)

    def broken_insert(found: list[object]) -> None:
        assert not poisoned(found), "poisoned"
        insert(found)  # type: ignore[arg-type]

    def broken_update(found: list[object], names: tuple[str, ...]) -> None:
        assert "next_step" not in names or not poisoned(found), "poisoned"
        update(found, names)  # type: ignore[arg-type]

    monkeypatch.setattr(written, "insert", broken_insert)
    monkeypatch.setattr(written, "update", broken_update)


POISONS = [zone, party, judgement, words, commit]


@pytest.fixture(autouse=True)
def quiet_log(caplog: pytest.LogCaptureFixture) -> None:
    """The watch says loudly what went wrong; here it is meant to."""
    caplog.set_level(logging.CRITICAL + 1)


@pytest.mark.parametrize("poison", POISONS, ids=lambda one: one.__name__)
def test_a_deadline_that_cannot_be_judged_is_told_as_it_is_and_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, poison: Poison
) -> None:
    bad = world.send_out("agent", due_minutes=60)
    good = [world.send_out(who, due_minutes=61) for who in ("mate", "outsider")]
    poison(bad, monkeypatch)
    pass_time(world, minutes=125)
    told = {one.subject.rsplit(": ", 1)[-1] for one in world.phone("head")}
    assert told == {"Fox", "Owl", "Stranger"}
    kinds = dict(Alarm.objects.values_list("subject__ref", "kind"))
    assert kinds[bad.ref] == AlarmKind.NOT_JUDGED
    assert {kinds[one.ref] for one in good} == {AlarmKind.OVERDUE}


@pytest.mark.parametrize("poison", POISONS, ids=lambda one: one.__name__)
def test_in_one_batch_with_it_everybody_else_is_judged_at_the_same_look(
    world: World, monkeypatch: pytest.MonkeyPatch, poison: Poison
) -> None:
    good = [world.send_out(who, due_minutes=60) for who in ("mate", "outsider")]
    bad = world.send_out("agent", due_minutes=61)
    good.append(world.send_out("admin", due_minutes=62))
    poison(bad, monkeypatch)
    world.now += dt.timedelta(minutes=70)
    tick(now=world.now)
    opened = set(Alarm.objects.values_list("subject__ref", flat=True))
    assert opened == {bad.ref, *(one.ref for one in good)}


@pytest.mark.parametrize("poison", POISONS, ids=lambda one: one.__name__)
def test_an_alarm_that_cannot_be_judged_any_more_goes_on_and_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, poison: Poison
) -> None:
    bad = world.send_out("agent", due_minutes=60)
    world.send_out("mate", due_minutes=61)
    pass_time(world, minutes=70)
    poison(bad, monkeypatch)
    for who in ("Fox", "Owl"):
        world.received.clear()
        for _ in range(2):  # and on, and on
            pass_time(world, minutes=60)
            assert any(one.subject.endswith(who) for one in world.phone("head")), who
    assert all(alarm.state == AlarmState.OPEN for alarm in Alarm.objects.all())
    text = " ".join(one.outgoing.text for one in world.phone("head"))
    assert "could not be judged" in text


def test_when_the_poison_is_gone_the_alarm_is_judged_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    judgement(world.send_out("agent", due_minutes=60), monkeypatch)
    pass_time(world, minutes=62)
    assert world.alarm().phase == "UNCERTAINTY"
    monkeypatch.undo()
    pass_time(world, minutes=60)
    assert world.alarm().phase == "ALERT"
    assert world.phone("head")[-1].subject.startswith("ALERT")
    world.sign_in("agent")
    assert verify().difference is None


def poisoned_at_due(
    world: World, monkeypatch: pytest.MonkeyPatch, poison: Poison = zone, who: str = "agent"
) -> None:
    """Reminded as ever, and from the due time on nothing of it can be judged."""
    mission = world.send_out(who, due_minutes=60)
    pass_time(world, minutes=59)
    poison(mission, monkeypatch)
    pass_time(world, minutes=1)


@pytest.mark.parametrize("poison", POISONS, ids=lambda one: one.__name__)
def test_an_alarm_that_cannot_be_judged_goes_above_an_officer_who_sleeps(
    world: World, monkeypatch: pytest.MonkeyPatch, poison: Poison
) -> None:
    poisoned_at_due(world, monkeypatch, poison)
    assert times_told(world, "head") == [60]
    assert not world.phone("deputy")
    pass_time(world, minutes=5)
    assert times_told(world, "deputy") == times_told(world, "admin") == [65]


def test_an_officer_whom_nothing_reaches_is_passed_over_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.breaks("head")
    poisoned_at_due(world, monkeypatch)
    assert times_told(world, "deputy") == [60]


def test_about_the_duty_officer_herself_somebody_else_is_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned_at_due(world, monkeypatch, who="head")
    pass_time(world, minutes=5)
    assert times_told(world, "deputy") == [60, 65]
    assert not times_told(world, "head")


def test_while_every_line_is_dead_it_is_written_every_five_minutes_and_not_every_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for who in ("head", "deputy", "admin"):
        world.breaks(who)
    poisoned_at_due(world, monkeypatch)
    pass_time(world, minutes=11)
    assert len(recorded("ALARM_STEPPED")) == 3  # at once to those above, after 5 and 10 minutes


@pytest.mark.parametrize("minutes", [2, 70])
def test_somebody_who_takes_it_has_it_until_that_lapses(
    world: World, monkeypatch: pytest.MonkeyPatch, minutes: float
) -> None:
    poisoned_at_due(world, monkeypatch, words)
    pass_time(world, minutes=minutes)
    take(world, "deputy")
    world.look()
    world.received.clear()
    pass_time(world, minutes=19)
    assert not world.received
    pass_time(world, minutes=1)
    assert world.phone("deputy")
    assert world.alarm().holder_id is None


def test_the_call_out_time_breaks_what_was_taken_before_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    poisoned_at_due(world, monkeypatch, words)
    pass_time(world, minutes=51)
    take(world, "head")
    world.received.clear()
    pass_time(world, minutes=9)
    assert times_told(world, "deputy") == [120]


def test_what_cannot_even_be_told_is_tried_again_and_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = world.send_out("agent", due_minutes=60)
    world.send_out("mate", due_minutes=61)
    judgement(bad, monkeypatch)
    real = texts.as_it_is

    def broken(alarm: Alarm) -> tuple[str, str]:
        raise AssertionError("poisoned too")

    monkeypatch.setattr(texts, "as_it_is", broken)
    world.now += dt.timedelta(minutes=125)
    for _ in range(3):
        tick(now=world.now)
    assert [alarm.subject.title for alarm in Alarm.objects.select_related("subject")] == ["Owl"]
    monkeypatch.setattr(texts, "as_it_is", real)
    world.look()
    assert {one.subject.rsplit(": ", 1)[-1] for one in world.phone("head")} == {"Fox", "Owl"}


def test_an_address_that_cannot_be_opened_stops_nobody_else(world: World) -> None:
    ContactPoint.objects.filter(person_id=world.people["agent"]).update(address_sealed=b"x")
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=70)
    assert not world.phone("agent")
    assert world.phone("head")


def test_a_result_that_cannot_be_recorded_stops_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.send_out("agent", due_minutes=60)
    world.send_out("mate", due_minutes=60)
    world.now += dt.timedelta(minutes=125)
    tick(now=world.now)
    leased = outbox.lease(now=world.now)
    assert len(leased) > 1
    poisoned, real = leased[0].delivery_id, recording._record_one

    def broken(book: object, row: ContactPoint, *rest: object) -> None:
        assert row.pk != poisoned, "poisoned"
        real(book, row, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(recording, "_record_one", broken)
    outcomes = [Outcome(delivery_id=i.delivery_id, token=i.token, handed=True) for i in leased]
    assert outbox.record(outcomes, now=world.now).handed == len(leased) - 1


def test_the_roll_can_be_called_without_any_subject(world: World) -> None:
    roll = recipients.call_roll([], named=(), now=world.now)
    assert roll.officers == (world.people["head"],)
    assert set(roll.everybody) == {world.people[who] for who in ("head", "deputy", "admin")}
