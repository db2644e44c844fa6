"""Checkpoints of a logbook that grows: the same as `homeby verify`, also after a roll-back, and on
PostgreSQL never of entries behind which another may still appear."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection, transaction

from homeby.logbook import actions as logbook
from homeby.logbook import queries, rules
from homeby.logbook.counting import Horizon, Tally
from homeby.logbook.verification import verify
from tests.world import World

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def write(kind: str = rules.AUDIT_AGREED) -> None:
    with logbook.writing(now=NOW, by=None) as book:
        book.entry(kind, subject="audit")


def test_it_counts_on_as_verify_counts_anew(world: World) -> None:
    tally = Tally()
    first = tally.up_to(queries.last_number())
    assert str(first) == verify().checkpoint
    for _ in range(30):
        write()
        tally.up_to(queries.last_number())
    assert str(tally.up_to(queries.last_number())) == verify().checkpoint
    assert tally.at(first.entries) == first  # counted again: it is no longer in memory
    assert tally.at(first.entries + 1000) is None


def test_a_logbook_rolled_back_behind_it_is_counted_anew(world: World) -> None:
    tally = Tally()
    with transaction.atomic():
        write()
        tally.up_to(queries.last_number())
        transaction.set_rollback(True)
    write()
    assert str(tally.up_to(queries.last_number())) == verify().checkpoint


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 2])  # of several, PostgreSQL is asked for the numbers before
def test_nothing_is_settled_while_an_earlier_transaction_runs(count: int) -> None:
    """Its number may come behind a higher one. It is rolled back here, and leaves nothing."""
    horizon = Horizon()
    if connection.vendor != "postgresql":
        write()
        assert horizon.look() == queries.last_number()
        return
    begun, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            with logbook.writing(now=NOW, by=None) as book:
                for _ in range(count):
                    book.entry(rules.AUDIT_AGREED, subject="audit")
            begun.set()
            may_end.wait(10)
            transaction.set_rollback(True)

    def run() -> None:
        try:
            slow()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(10)
    try:
        assert [horizon.look() for _ in range(5)] == [None] * 5
    finally:
        may_end.set()
        thread.join(10)
    assert horizon.look() == 0
