"""No way round the logbook: the database refuses what is neither UPDATE nor DELETE in name, and
`homeby verify` answers with a sentence whatever somebody did to the tables."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection, models, transaction

from homeby import keys
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.actions import tracked_columns
from homeby.logbook.counting import checkpoint
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import body_hash, canonical
from homeby.logbook.verification import state_models, verify
from homeby.missions.rules import MISSION_CHECKED_IN
from homeby.station import verifying
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


def test_a_checkpoint_kept_outside_knows_a_changed_a_shortened_and_a_grown_logbook(
    lived: World,
) -> None:
    """What somebody who owns the database and its every guard cannot undo."""
    kept = checkpoint(verify().checkpoint)
    entry = Entry.objects.latest("number")
    world = lived
    world.now += dt.timedelta(minutes=1)
    world.sign_in("mate")
    assert verify(against=kept).difference is None, "it may grow"
    content = EntryBody.objects.get(pk=entry.pk)
    assert content.body is not None
    assert content.salt is not None
    body = json.loads(content.body)
    body["facts"]["why"] = "another"
    text = canonical(body)
    with unguarded():
        EntryBody.objects.filter(pk=entry.pk).update(body=text)
        Entry.objects.filter(pk=entry.pk).update(
            body_hash=body_hash(salt=bytes(content.salt), body=text)
        )
        assert "replaced" not in str(verify().difference), "inside, all agrees again"
        said = verify(against=kept).difference
    assert said is not None
    assert f"The first {kept.entries} entries are not those of the checkpoint" in said
    more = replace(kept, entries=kept.entries + 1000)
    said = verify(against=more).difference
    assert said is not None
    assert "entries were taken away" in said


@pytest.mark.parametrize("text", ["", "12", "a b c", "1 x " + "0" * 63, "-1 x " + "0" * 64])
def test_what_is_no_checkpoint_is_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match="A checkpoint is three words"):
        checkpoint(text)


def test_the_signature_of_a_checkpoint_can_be_checked_by_others(tmp_path: Path) -> None:
    seed = keys.log_key(home=tmp_path)
    fingerprint, _, signed = verifying.sign("1 x y", seed=seed).partition(":")
    key = Ed25519PrivateKey.from_private_bytes(keys.log_key(home=tmp_path)).public_key()
    key.verify(base64.b64decode(signed), b"1 x y")
    with pytest.raises(InvalidSignature):
        key.verify(base64.b64decode(signed), b"2 x y")
    assert fingerprint == hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
