"""Promises 1, 3 and 12: people act in the very moment in which the watch opens their alarm. Neither
is refused, and what stands afterwards is what both of them meant."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate
from homeby.missions.models import Mission
from homeby.watch.actions import alarms, subjects
from homeby.watch.actions import tick as ticking
from homeby.watch.actions.tick import tick
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import DeadlineState
from tests import pgplugin
from tests.promises.acts import alarm_of, ask_more_time, decide, expected, pass_time, stand_down
from tests.world import World

#: No mark of a database: `village` says in which order it is opened, swept and guarded again.
pytestmark = pytest.mark.skipif(
    pgplugin.chosen.database != "postgresql", reason="row locks are PostgreSQL's alone"
)
LIMIT_SECONDS = 20


def guards(act: str) -> None:
    """Switch the logbook's guards: the database of the tests is swept after real commits."""
    with connection.cursor() as cursor:
        for table in ("logbook_entry", "logbook_entrybody", "logbook_read"):
            cursor.execute(f"ALTER TABLE {table} {act} TRIGGER USER")


@pytest.fixture
def guarded_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Ends after the sweep, so that later tests find the guards in place."""
    yield
    with django_db_blocker.unblock():
        guards("ENABLE")


@pytest.fixture
def village(guarded_again: None, transactional_db: None) -> Iterator[World]:
    """The village by real commits."""
    yield World().build()
    guards("DISABLE")


class Beside:
    """A call on a thread and a connection of its own; `result` gives its answer or raises."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.given: list[Any] = []
        self.trouble: list[Exception] = []
        self.thread = threading.Thread(target=self._run, args=(call,))
        self.thread.start()

    def _run(self, call: Callable[[], Any]) -> None:
        try:
            self.given.append(call())
        except Exception as trouble:  # noqa: BLE001 - raised again where somebody waits for it
            self.trouble.append(trouble)
        finally:
            connection.close()

    def result(self) -> Any:
        self.thread.join(LIMIT_SECONDS)
        assert not self.thread.is_alive(), "it still waits"
        if self.trouble:
            raise self.trouble[0]
        return self.given[0]


def until_it_waits(beside: Beside) -> None:
    """Return when the other call waits for a lock, or has come to its end without."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    for _ in range(LIMIT_SECONDS * 50):
        with connection.cursor() as cursor:
            cursor.execute(asked + " AND datname = current_database()")
            if cursor.fetchone()[0]:
                return
        beside.thread.join(0.02)
        if not beside.thread.is_alive():
            return
    raise AssertionError("it neither waits nor ends")


@contextmanager
def stopped_after(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Iterator[Any]:
    """The first call of this function stops after its work, with all it has locked. Gives one that
    waits until it stands there; leaving lets it go on."""
    real, there, go_on = getattr(module, name), threading.Event(), threading.Event()

    def stops(*args: Any, **named: Any) -> Any:
        found = real(*args, **named)
        if not there.is_set():
            there.set()
            assert go_on.wait(LIMIT_SECONDS)
        return found

    monkeypatch.setattr(module, name, stops)
    try:
        yield lambda: there.wait(LIMIT_SECONDS)
    finally:
        go_on.set()


def while_the_watch_judges(
    world: World, monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]
) -> Any:
    """The act comes when the watch has judged the deadline and not yet written its alarm."""
    with stopped_after(monkeypatch, ticking, "_judge_deadline") as is_there:
        watch = Beside(lambda: tick(now=world.now))
        assert is_there()
        person = Beside(act)
        until_it_waits(person)
    watch.result()
    answer = person.result()
    assert verify().difference is None
    return answer


def overdue(world: World) -> Mission:
    """A mission that is due at this very moment."""
    mission = world.send_out("agent", due_minutes=60)
    world.now += dt.timedelta(minutes=60)
    return mission


def test_who_signs_in_meanwhile_is_back_and_nobody_is_missed(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = overdue(village)
    answer = while_the_watch_judges(village, monkeypatch, lambda: village.sign_in("agent"))
    assert "Welcome back" in answer
    mission.refresh_from_db()
    assert mission.state == "BACK"
    assert alarm_of(mission).ending == "SIGNED_IN"
    assert not Deadline.objects.filter(state=DeadlineState.OPEN).exists()


def test_help_meanwhile_is_one_alarm_in_distress(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = overdue(village)

    def help_() -> str:
        agent = village.as_("agent")
        return gate.ask_for_help(
            mission_id=mission.pk, why="Leg", by=agent, now=village.now, tap=new_tap()
        )

    while_the_watch_judges(village, monkeypatch, help_)
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.phase, alarm.state) == ("HELP", "DISTRESS", "OPEN")


def test_a_check_in_meanwhile_is_noted_at_the_alarm(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = overdue(village)
    while_the_watch_judges(village, monkeypatch, lambda: village.check_in(mission))
    assert alarm_of(mission).heard_at == village.now


def test_more_time_granted_meanwhile_counts_and_ends_the_alarm(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = village.send_out("agent", due_minutes=60)
    village.now += dt.timedelta(minutes=30)
    asked = ask_more_time(village, mission, minutes=200)
    village.now += dt.timedelta(minutes=30)
    while_the_watch_judges(village, monkeypatch, lambda: decide(village, asked, "head"))
    assert alarm_of(mission).ending == "STOOD_DOWN"
    assert [village.minutes(one.due_at) for one in expected(mission)] == [230]


def test_somebody_raises_an_alarm_that_a_second_missed_deadline_is_joining(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = village.send_out("agent", due_minutes=90)
    gate.ask_for_help(
        mission_id=mission.pk, by=village.as_("agent"), now=village.now, tap=new_tap()
    )
    village.now += dt.timedelta(minutes=90)

    def raises() -> str:
        return alarms.raise_to_distress(
            alarm_id=alarm_of(mission).pk,
            why="Shots heard.",
            by=village.as_("head"),
            now=village.now,
            tap=new_tap(),
        )

    assert "DISTRESS" in while_the_watch_judges(village, monkeypatch, raises)
    assert not expected(mission)


def test_who_signs_in_during_a_stand_down_is_expected_no_more(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = village.send_out("agent", due_minutes=60)
    pass_time(village, minutes=122)
    with stopped_after(monkeypatch, subjects, "end") as is_there:
        officer = Beside(lambda: stand_down(village))
        assert is_there()
        guard = Beside(lambda: village.sign_in("agent"))
        until_it_waits(guard)
    officer.result()
    guard.result()
    mission.refresh_from_db()
    assert mission.state == "BACK"
    assert not Deadline.objects.filter(state=DeadlineState.OPEN).exists()


def test_who_stands_down_during_a_sign_in_is_told_that_it_is_over(
    village: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = village.send_out("agent", due_minutes=60)
    pass_time(village, minutes=122)
    with stopped_after(monkeypatch, subjects, "settle") as is_there:
        guard = Beside(lambda: village.sign_in("agent"))
        assert is_there()
        officer = Beside(lambda: stand_down(village))
        until_it_waits(officer)
    guard.result()
    with pytest.raises(Exception, match="over already"):
        officer.result()
    assert alarm_of(mission).ending == "SIGNED_IN"
    assert not Deadline.objects.filter(state=DeadlineState.OPEN).exists()
