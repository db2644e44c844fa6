"""The desk: a group shares a commit, one bad entry stops nobody, nobody is answered before it."""

from __future__ import annotations

import asyncio
import datetime as dt
import threading
import time
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext
from psycopg.errors import DeadlockDetected

from homeby.logbook.actions import Book
from homeby.logbook.models import Entry
from homeby.missions.actions import check_ins, intake
from homeby.missions.actions.intake import Batch, Result, Trouble, is_light, take
from homeby.missions.models import Unmatched
from homeby.missions.rules.intake import Taken
from homeby.people.queries.devices import devices_of_keys
from homeby.people.rules import Act, hash_of
from homeby.web.intake import desk as desks
from homeby.web.intake.desk import Desk, Full, Pace
from tests.rooms.devices import Device, claim, phone_of
from tests.world import START, World


def _batch(*acts: Act, phone: Device | None = None, **more: object) -> Batch:
    return Batch(
        claims=tuple(claim(act, **more) for act in acts or (Act.CHECK_IN,)),
        key_hash=hash_of(phone.key) if phone else "",
        language="en",
        now=phone.world.now if phone else START,
    )


def _nothing() -> None:
    """No connection is open here."""


class Records:
    """Records nothing: notes which batches came together, and waits where it is told to."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.go = threading.Event()
        self.begun = threading.Event()

    def __call__(self, batches: Sequence[Batch]) -> list[Result]:
        self.groups.append(len(batches))
        self.begun.set()
        assert self.go.wait(10)
        return [[] for _ in batches]


def _run(records: Records, pace: Pace, batches: list[Batch]) -> list[Result | BaseException]:
    """The first batch alone, the others while it is being recorded."""
    desk = Desk(record=records, pace=pace, rest=_nothing)

    async def all_of_them() -> list[Result | BaseException]:
        first = asyncio.ensure_future(desk.put(batches[0]))
        await asyncio.to_thread(records.begun.wait, 10)
        rest = [asyncio.ensure_future(desk.put(batch)) for batch in batches[1:]]
        await asyncio.sleep(0.05)
        told = [one for one in (first, *rest) if one.done() and one.exception() is None]
        assert not told, "answered before the commit"
        records.go.set()
        return await asyncio.gather(first, *rest, return_exceptions=True)

    try:
        return asyncio.run(all_of_them())
    finally:
        desk.close()


def test_one_writer_takes_everything_that_waits() -> None:
    records = Records()
    pace = Pace(writers=1, light_only=False)
    _run(records, pace, [_batch() for _ in range(6)])
    assert records.groups == [1, 5]


def test_another_writer_steps_in_when_one_is_held_up() -> None:
    class HeldUp(Records):
        def __call__(self, batches: Sequence[Batch]) -> list[Result]:
            self.groups.append(len(batches))
            self.begun.set()
            assert len(self.groups) > 1 or self.go.wait(10), "the first one waits for a row"
            return [[] for _ in batches]

    records = HeldUp()
    desk = Desk(
        record=records, pace=Pace(writers=2, light_only=True, step_in_seconds=0.05), rest=_nothing
    )

    async def others_are_answered() -> None:
        first = asyncio.ensure_future(desk.put(_batch()))
        await asyncio.to_thread(records.begun.wait, 10)
        await asyncio.wait_for(asyncio.gather(*(desk.put(_batch()) for _ in range(5))), 10)
        assert not first.done()
        records.go.set()
        await first

    asyncio.run(others_are_answered())
    desk.close()
    assert sum(records.groups) == 6


def test_who_was_answered_together_is_waited_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "GATHER_SECONDS", 5.0)
    records = Records()
    records.go.set()
    desk = Desk(record=records, pace=Pace(writers=1, light_only=False), rest=_nothing)
    desk._together = 3  # as after a group of three
    desk._ended_seconds = time.monotonic()

    async def they_send_again() -> None:
        first = asyncio.ensure_future(desk.put(_batch()))
        await asyncio.sleep(0.05)
        assert not records.groups, "the first one waits for the others"
        await asyncio.gather(first, desk.put(_batch()), desk.put(_batch()))

    asyncio.run(they_send_again())
    desk.close()
    assert records.groups == [3]


def test_whoever_gathers_while_another_takes_the_line_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beside several writers: one waits for others to come, and the next one steps in."""
    monkeypatch.setattr(desks, "GATHER_SECONDS", 0.5)
    records = Records()
    records.go.set()
    pace = Pace(writers=2, light_only=True, step_in_seconds=0.05)
    desk = Desk(record=records, pace=pace, rest=_nothing)
    desk._together = 3  # as after a group of three
    desk._ended_seconds = time.monotonic()

    async def one_after_another() -> None:
        first = asyncio.ensure_future(desk.put(_batch()))
        await asyncio.sleep(0.1)
        with desk._bell:
            desk._bell.notify_all()  # a third one comes by, and finds the first waiting too long
        await asyncio.wait_for(first, 10)
        await asyncio.sleep(0.6)  # the first writer has gathered in vain
        await asyncio.wait_for(desk.put(_batch()), 10)

    asyncio.run(one_after_another())
    assert all(thread.is_alive() for thread in desk._threads)
    desk.close()
    for thread in desk._threads:
        thread.join(10)
    assert desk._busy == 0
    assert records.groups == [1, 1]


def test_what_locks_more_than_its_mission_shares_no_commit_beside_other_writers() -> None:
    records = Records()
    pace = Pace(writers=1, light_only=True)
    heavy = _batch(Act.SIGN_IN)
    assert not is_light(heavy)
    _run(records, pace, [_batch(), _batch(), heavy, _batch(), _batch()])
    assert sorted(records.groups) == [1, 1, 3]


def test_a_group_holds_no_more_than_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "GROUP_ENTRIES", 6)
    records = Records()
    pace = Pace(writers=1, light_only=False)
    _run(records, pace, [_batch(*[Act.CHECK_IN] * 3) for _ in range(5)])
    assert records.groups == [1, 2, 2]


def test_a_line_that_is_full_sends_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "LINE_MAX", 3)
    pace = Pace(writers=1, light_only=False)
    found = _run(Records(), pace, [_batch() for _ in range(6)])
    assert sum(isinstance(one, Full) for one in found) == 2


def test_a_group_is_one_commit(world: World) -> None:
    missions = [world.send_out("agent"), world.send_out("mate")]
    phones = [phone_of(world, "agent"), phone_of(world, "mate")]
    batches = [
        _batch(Act.CHECK_IN, phone=phone, mission_id=mission.pk)
        for phone, mission in zip(phones, missions, strict=True)
    ]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        results = take(batches)
    assert [one[0].taken for one in results if isinstance(one, list)] == [Taken.COUNTED] * 2
    begun = [one["sql"] for one in asked if one["sql"].startswith("SAVEPOINT")]
    assert len(begun) == 1, "the group's, for the test has the transaction"


@pytest.mark.parametrize("trouble", [IntegrityError("a value"), ZeroDivisionError("a mistake")])
def test_an_entry_that_cannot_be_judged_stops_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    bad = claim(Act.CHECK_IN, mission_id=mission.pk, note="bad")
    noted = check_ins.noted

    def fails(book: Book, word: check_ins.Word, **more: Any) -> str:
        if word.note == "bad":
            raise trouble
        return noted(book, word, **more)

    monkeypatch.setattr(check_ins, "noted", fails)
    good = [claim(Act.CHECK_IN, mission_id=mission.pk) for _ in range(4)]
    answers = phone.send(*good[:2], bad, *good[2:])
    assert [one.taken for one in answers] == [
        Taken.COUNTED,
        Taken.COUNTED,
        Taken.UNVERIFIED,
        Taken.COUNTED,
        Taken.COUNTED,
    ]
    assert "could not judge" in answers[2].sentence
    assert Unmatched.objects.get().kind == "MISSION_CHECKED_IN"
    assert Entry.objects.filter(kind="MISSION_CHECKED_IN").count() == 4


def test_a_database_that_is_full_confirms_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = phone_of(world, "agent")

    def full(*_words: object, **_more: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(intake, "devices_of_keys", full)
    results = take([_batch(phone=phone), _batch(phone=phone)])
    assert all(isinstance(one, Trouble) and "disk" in one.sentence for one in results)


def test_a_database_that_is_locked_is_not_waited_for_by_each(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, waited = phone_of(world, "agent"), []

    def locked(*_words: object, **_more: object) -> None:
        waited.append("ten seconds")
        raise OperationalError("database is locked")

    monkeypatch.setattr(intake, "devices_of_keys", locked)
    results = take([_batch(phone=phone) for _ in range(50)])
    assert all(isinstance(one, Trouble) and "busy" in one.sentence for one in results)
    assert len(waited) == 2, "the group, and once more"


def test_who_gave_way_to_another_comes_later(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two wait for each other: PostgreSQL ends one of them, and nobody has to send it again."""
    world.send_out("agent")
    phone, given_way = phone_of(world, "agent"), list[str]()

    def gives_way(keys: Iterable[str]) -> Any:
        if len(given_way) < 3:
            given_way.append("to HELP of another")
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return devices_of_keys(keys)

    monkeypatch.setattr(intake, "devices_of_keys", gives_way)
    (found,) = take([_batch(Act.HELP, phone=phone)])
    assert not isinstance(found, Trouble), found
    (answer,) = found
    assert answer.taken is Taken.COUNTED
    assert Entry.objects.filter(kind="MISSION_ASKED_FOR_HELP").count() == 1


def test_a_commit_that_fails_gives_no_answer_but_trouble() -> None:
    def breaks(_batches: Sequence[Batch]) -> list[Result]:
        raise OSError("gone")

    rested: list[bool] = []
    desk = Desk(
        record=breaks,
        pace=Pace(writers=1, light_only=False),
        rest=lambda: rested.append(True),
    )
    result = asyncio.run(desk.put(_batch()))
    desk.close()
    assert isinstance(result, Trouble)
    assert result.sentence.endswith("Please send it again.")
    assert rested, "a broken connection is let go of"


def test_an_entry_in_a_group_twice_counts_once(world: World) -> None:
    mission, phone = world.send_out("agent"), phone_of(world, "agent")
    one = _batch(Act.CHECK_IN, phone=phone, mission_id=mission.pk, entry_id=uuid.uuid4())
    world.now += dt.timedelta(minutes=5)
    found = [result[0].taken for result in take([one, one]) if isinstance(result, list)]
    assert found == [Taken.COUNTED, Taken.AGAIN]
