"""`homeby verify` finds whatever was changed behind the logbook's back, and the database refuses to
change the logbook itself."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import Refused, body_hash, canonical, leaf_hash
from homeby.logbook.verification import state_models, verify
from homeby.missions.models import Mission, PartyMember
from homeby.people.models import Person
from homeby.people.rules import STATION
from homeby.watch.models import Alarm, Subject
from tests.promises.acts import pass_time, take
from tests.world import World


@pytest.fixture
def lived(world: World) -> World:
    """A village where something has happened."""
    world.send_out("agent", "mate", due_minutes=60)
    pass_time(world, minutes=125)
    take(world, "head")
    world.sign_in("agent")
    assert verify().difference is None
    return world


@contextlib.contextmanager
def unguarded() -> Iterator[None]:
    """Somebody who owns the database switches its guards off, as the logbook's enemy would."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing of ours is still pending
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            tables = ("logbook_entry", "logbook_entrybody")
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        assert len(triggers) == 9
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)


def difference() -> str:
    """The sentence about what does not agree."""
    found = verify().difference
    assert found is not None, "the change was not found"
    return found


def test_an_honest_station_agrees_with_its_logbook(lived: World) -> None:
    found = verify()
    assert found.difference is None
    assert found.entries == Entry.objects.count()
    assert found.rows == sum(model._default_manager.count() for model in state_models())
    last = Entry.objects.latest("number")
    assert found.checkpoint.startswith(f"{found.entries} {last.entry_id} ")


def test_a_changed_row_is_found(lived: World) -> None:
    row = PartyMember.objects.get(state="OUT")
    PartyMember.objects.filter(pk=row.pk).update(state="BACK", back_at=lived.now)
    said = difference()
    assert said.startswith(f"missions.partymember {row.pk}: ")
    assert "'OUT'" in said
    assert "'BACK'" in said


def test_a_changed_time_is_found_to_the_microsecond(lived: World) -> None:
    mission = Mission.objects.get()
    assert mission.due_at is not None
    Mission.objects.update(due_at=mission.due_at + dt.timedelta(microseconds=1))
    assert "due_at" in difference()


def test_a_deleted_row_is_found(lived: World) -> None:
    key = Alarm.objects.get().pk
    Alarm.objects.all().delete()
    assert difference() == (
        f"watch.alarm {key} is in the logbook, but its row is gone from the table."
    )


def test_an_added_row_is_found(lived: World) -> None:
    row = Subject(id=uuid.uuid4(), ref="mission:none", title="Nobody")
    row.save()
    assert difference() == (f"watch.subject {row.pk} stands in the table, but no entry added it.")


def test_a_changed_body_is_found(lived: World) -> None:
    entry = Entry.objects.filter(kind="MISSION_SIGNED_IN").latest("number")
    body = json.loads(entry.content.body or "")
    body["facts"]["how"] = "DEVICE"
    with unguarded():
        EntryBody.objects.filter(pk=entry.pk).update(body=canonical(body))
        said = difference()
    assert said == (
        f"Entry {entry.number} (MISSION_SIGNED_IN): its body is not the one that was recorded."
    )


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("subject", "mission:other"),
        ("person_id", uuid.uuid4()),
        ("actor_id", uuid.uuid4()),
        ("device", "another"),
        ("device_sequence", 7),
        ("happened_at", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        ("recorded_at", dt.datetime(2020, 1, 1, tzinfo=dt.UTC)),
        ("kind", "MISSION_SIGNED_OUT"),
        ("entry_id", uuid.uuid4()),
        ("device_signature", b"forged"),
    ],
)
def test_a_changed_column_of_an_entry_is_found(lived: World, column: str, value: object) -> None:
    entry = Entry.objects.filter(kind="MISSION_SIGNED_IN").latest("number")
    with unguarded():
        Entry.objects.filter(pk=entry.pk).update(**{column: value})
        assert f"it was recorded with {column} = " in difference()


@pytest.mark.parametrize("what", ["kind", "recorded_at", "a whole entry"])
def test_what_the_leaves_hold_moves_the_checkpoint(lived: World, what: str) -> None:
    before = verify().checkpoint
    entry = Entry.objects.filter(kind="MESSAGE_HANDED").latest("number")
    with unguarded():
        if what == "kind":
            Entry.objects.filter(pk=entry.pk).update(kind="MESSAGE_FAILED")
        elif what == "recorded_at":
            Entry.objects.filter(pk=entry.pk).update(recorded_at=lived.now)
        else:
            EntryBody.objects.filter(pk=entry.pk).delete()
            Entry.objects.filter(pk=entry.pk).delete()
        assert verify().checkpoint != before


def test_a_body_that_nobody_erased_but_that_is_gone_is_found(lived: World) -> None:
    """The database lets a body be emptied once; only an entry that says so makes it an erasure."""
    entry = Entry.objects.filter(kind="MISSION_SIGNED_IN").latest("number")
    other = Entry.objects.filter(kind="MISSION_SIGNED_OUT").latest("number")
    for claimed in (uuid.uuid4(), other.entry_id):
        with transaction.atomic():
            EntryBody.objects.filter(pk=entry.pk).update(body=None, salt=None, erased_by=claimed)
            assert difference() == (
                f"Entry {entry.number} (MISSION_SIGNED_IN): its body is gone, "
                "and no entry erased it."
            )
            transaction.set_rollback(True)


def refuses(rows: QuerySet[Any], **values: object) -> None:
    """The database itself says no, whoever asks."""
    act = partial(rows.update, **values) if values else partial(rows._raw_delete, using="default")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


def test_the_database_refuses_to_change_or_delete_an_entry(lived: World) -> None:
    last = Entry.objects.latest("number")
    refuses(Entry.objects.filter(pk=last.pk), subject="other")
    refuses(Entry.objects.filter(pk=last.pk), body_hash=b"\x00" * 32)
    refuses(Entry.objects.all(), recorded_at=lived.now)
    refuses(EntryBody.objects.filter(pk=last.pk), body="{}")
    refuses(EntryBody.objects.filter(pk=last.pk), salt=b"\x00" * 16)
    refuses(EntryBody.objects.filter(pk=last.pk), erased_by=uuid.uuid4())
    refuses(EntryBody.objects.filter(pk=last.pk))
    refuses(Entry.objects.filter(pk=last.pk))


def leaves() -> list[bytes]:
    """The leaf of every entry."""
    return [
        leaf_hash(
            entry_id=entry.entry_id,
            kind=entry.kind,
            recorded_at=entry.recorded_at,
            body=bytes(entry.body_hash),
        )
        for entry in Entry.objects.order_by("number")
    ]


def test_erasing_a_body_keeps_its_leaf_and_says_who_and_why(lived: World) -> None:
    entry = Entry.objects.filter(kind="MISSION_PLANNED").latest("number")
    before = leaves()
    logbook.erase(number=entry.number, reason="She asked.", by=lived.people["admin"], now=lived.now)
    assert leaves()[: len(before)] == before
    content = EntryBody.objects.get(pk=entry.pk)
    assert (content.body, content.salt) == (None, None)
    assert content.erased_by is not None
    said = Entry.objects.get(entry_id=content.erased_by)
    assert (said.kind, said.actor_id) == ("ENTRY_ERASED", lived.people["admin"])
    line = queries.line(STATION, entry.entry_id)
    assert line is not None
    assert line.erased
    assert line.facts == {}


def test_after_an_erasure_the_replay_goes_on_and_still_finds_what_is_wrong(lived: World) -> None:
    planned = Entry.objects.filter(kind="MISSION_PLANNED").latest("number")
    logbook.erase(
        number=planned.number, reason="She asked.", by=lived.people["admin"], now=lived.now
    )
    found = verify()
    assert (found.difference, found.erased) == (None, 1)
    said = Entry.objects.get(kind="ENTRY_ERASED")
    assert "Patrol" not in (said.content.body or ""), "what was erased stands nowhere else"
    Mission.objects.update(state="BACK")  # set again since, so the logbook knows
    assert "state" in difference()


def test_what_stands_in_the_columns_of_an_erased_entry_stays_fixed(lived: World) -> None:
    entry = Entry.objects.filter(kind="MISSION_PLANNED").latest("number")
    logbook.erase(number=entry.number, reason="She asked.", by=lived.people["admin"], now=lived.now)
    with unguarded():
        Entry.objects.filter(pk=entry.pk).update(actor_id=uuid.uuid4())
        said = difference()
    assert said.endswith("(MISSION_PLANNED) is not as it was when its body was erased.")


def test_what_was_erased_and_then_added_to_the_table_is_found(lived: World) -> None:
    added = Entry.objects.filter(kind="PERSON_ADDED", subject=f"person:{lived.people['outsider']}")
    logbook.erase(
        number=added.get().number, reason="She left.", by=lived.people["admin"], now=lived.now
    )
    assert verify().difference is None
    stranger = Person.objects.get(pk=lived.people["outsider"])
    Person(id=uuid.uuid4(), name=stranger.name, callsign=stranger.callsign).save()
    assert "no entry added it" in difference()


def test_nothing_is_erased_twice_nor_an_erasure(lived: World) -> None:
    entry = Entry.objects.filter(kind="MISSION_PLANNED").latest("number")
    admin = lived.people["admin"]
    logbook.erase(number=entry.number, reason="She asked.", by=admin, now=lived.now)
    erased = Entry.objects.get(kind="ENTRY_ERASED")
    for number in (entry.number, erased.number, 10**9):
        with pytest.raises(Refused, match="no body that can be erased"):
            logbook.erase(number=number, reason="Again.", by=admin, now=lived.now)


def test_the_hash_of_an_entry_is_that_of_its_salt_and_body(lived: World) -> None:
    for content in EntryBody.objects.select_related("entry"):
        body, salt = content.body, content.salt
        assert body is not None
        assert salt is not None
        assert canonical(json.loads(body)) == body
        assert body_hash(salt=bytes(salt), body=body) == bytes(content.entry.body_hash)
    salts = {bytes(salt) for salt in EntryBody.objects.values_list("salt", flat=True) if salt}
    assert len(salts) == Entry.objects.count()
