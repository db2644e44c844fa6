"""No way round the logbook: the database refuses what is neither UPDATE nor DELETE in name, and
`homeby verify` answers with a sentence whatever somebody did to the tables."""

from __future__ import annotations

import uuid
from functools import partial

import pytest
from django.db import DatabaseError, connection, models, transaction

from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.actions import tracked_columns
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.verification import state_models, verify
from homeby.missions.rules import MISSION_CHECKED_IN
from tests.rooms.test_logbook_verify import difference, lived, unguarded
from tests.world import START, World

__all__ = ["lived"]

PG = "postgresql"


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == PG:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of ours is still pending
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize("table", ["logbook_entry", "logbook_entrybody"])
def test_nobody_writes_over_an_entry_or_sweeps_the_logbook_away(lived: World, table: str) -> None:
    """REPLACE runs no DELETE trigger on SQLite, TRUNCATE none on PostgreSQL."""
    before = verify().checkpoint
    replace = f"REPLACE INTO {table} SELECT * FROM {table} ORDER BY 1 DESC LIMIT 1"
    sweep = f"TRUNCATE {table} CASCADE"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sweep if connection.vendor == PG else replace)
    assert verify().checkpoint == before


def test_an_entry_that_has_lost_its_body_is_found(lived: World) -> None:
    entry = Entry.objects.latest("number")
    with unguarded():
        EntryBody.objects.filter(pk=entry.pk)._raw_delete(using="default")
        said = difference()
    assert said == f"Entry {entry.number} ({entry.kind}) has no body at all."


def test_a_body_of_rubbish_is_found(lived: World) -> None:
    entry = Entry.objects.latest("number")
    with unguarded():
        EntryBody.objects.filter(pk=entry.pk).update(body="[")
        assert f"Entry {entry.number} " in difference()


def test_a_value_that_cannot_be_is_a_sentence(lived: World) -> None:
    """SQLite takes any text in any column; PostgreSQL refuses it itself."""
    act = partial(run, "UPDATE watch_subject SET leader_id = 'zz'")
    if connection.vendor == PG:
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
        return
    act()
    assert difference().startswith("A row of watch.subject holds a value that cannot be: ")


def test_a_table_that_is_gone_is_a_sentence(lived: World) -> None:
    run("ALTER TABLE missions_unmatched RENAME TO gone")
    said = difference()
    run("ALTER TABLE gone RENAME TO missions_unmatched")
    assert said.startswith("missions.unmatched cannot be read: ")


@pytest.mark.django_db
@pytest.mark.parametrize("model", state_models(), ids=lambda model: model._meta.label)
def test_a_row_of_any_table_that_only_the_logbook_knows_is_found(
    model: type[models.Model],
) -> None:
    key = uuid.uuid4()
    with logbook.writing(now=START, by=None) as book:
        page = book.entry(MISSION_CHECKED_IN, subject="mission:none")
        image = dict.fromkeys(tracked_columns(model))
        page.body["rows"].append(["add", model._meta.label_lower, str(key), image])
    assert difference() == (
        f"{model._meta.label_lower} {key} is in the logbook, but its row is gone from the table."
    )


def test_a_repeated_act_whose_body_was_erased_is_said_to_be_known(lived: World) -> None:
    entry = Entry.objects.filter(kind="MISSION_SIGNED_IN").latest("number")
    logbook.erase(number=entry.number, reason="She asked.", by=lived.people["admin"], now=lived.now)
    told = queries.answer_given(entry.entry_id)
    assert told is not None
    assert "recorded before" in told
