"""The limit: the same rows claimed and inserted through Python by the plain driver.

No Django, no rules, nothing decided: due deadlines are claimed and given to Python, which makes for
each of them the rows that the watch has made for one like it (entry, body, alarm, messages,
deliveries: fresh ids, the body as JSON, its hash), and inserts them, a thousand alarms a commit.
PostgreSQL: psycopg, by COPY or by arrays and `unnest`, whichever is faster in this run; SQLite: the
library that the station uses, `executemany`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from homeby.comms.models import Delivery, Message
from homeby.logbook.models import Entry, EntryBody
from homeby.watch.models import Alarm, Deadline, Subject

BATCH = 1000
Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table as the driver sees it: columns, their types, and how a value is written."""

    name: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    attnames: tuple[str, ...]

    @classmethod
    def of(cls, model: type[models.Model]) -> Table:
        fields = [
            one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)
        ]
        return cls(
            name=model._meta.db_table,
            columns=tuple(f'"{one.column}"' for one in fields),
            types=tuple(str(one.db_type(connection)) for one in fields),
            attnames=tuple(one.attname for one in fields),
        )


def prepared(row: models.Model) -> Row:
    """A row's values as the driver takes them."""
    fields = row._meta.concrete_fields
    values = {f.attname: f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields}
    return {name: _undressed(value) for name, value in values.items()}


def _undressed(value: Any) -> Any:
    """JSON as text, and bytes as bytes: the driver needs nothing of Django's."""
    value = getattr(value, "obj", value)
    return json.dumps(value) if isinstance(value, list | dict) else value


@dataclass(frozen=True)
class Pattern:
    """The rows of one alarm that the watch has made."""

    entry: Row
    body: str
    alarm: Row
    messages: tuple[tuple[Row, tuple[Row, ...]], ...]

    @property
    def row_count(self) -> int:
        """Rows written for one alarm, the changed deadline included."""
        return 4 + sum(1 + len(on_channels) for _, on_channels in self.messages)


def pattern() -> Pattern:
    """Taken from the newest alarm, so that whatever the watch writes is written here, too."""
    alarm = Alarm.objects.order_by("-number").select_related("subject").first()
    assert alarm is not None
    entry = Entry.objects.filter(kind="ALARM_OPENED", subject=alarm.subject.ref).get()
    body = EntryBody.objects.get(pk=entry.pk).body
    assert body is not None
    found = Message.objects.filter(about=f"alarm:{alarm.pk}")
    return Pattern(
        entry=prepared(entry),
        body=body,
        alarm=prepared(alarm),
        messages=tuple(
            (prepared(one), tuple(prepared(row) for row in one.deliveries.all())) for one in found
        ),
    )


@dataclass
class Made:
    """The rows of a batch, by table."""

    entries: list[Row]
    alarms: list[Row]
    messages: list[Row]
    deliveries: list[Row]
    bodies: list[tuple[str, bytes]]


def make(claimed: list[tuple[Any, ...]], like: Pattern, now: Any, number: int) -> Made:
    """The rows for these deadlines: (deadline, subject, due_at, call_out_at, ref, title)."""
    made = Made(entries=[], alarms=[], messages=[], deliveries=[], bodies=[])
    is_sqlite = connection.vendor == "sqlite"

    def fresh() -> Any:
        key = uuid.uuid4()
        return key.hex if is_sqlite else key

    told = json.loads(like.body)
    for deadline, subject, due_at, call_out_at, ref, title in claimed:
        alarm_id = fresh()
        number += 1
        salt, told["entry"]["subject"] = os.urandom(16), ref
        told["facts"]["alarm"] = number
        told["rows"][0][2] = str(deadline)
        body = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        digest = hashlib.sha256(salt + body.encode()).digest()
        made.bodies.append((body, salt))
        same = {"happened_at": now, "recorded_at": now}
        made.entries.append(
            like.entry | same | {"entry_id": fresh(), "subject": ref, "body_hash": digest}
        )
        times = {"due_at": due_at, "call_out_at": call_out_at, "opened_at": now, "ran_at": now}
        made.alarms.append(
            like.alarm | times | {"id": alarm_id, "number": number, "subject_id": subject}
        )
        for message, on_channels in like.messages:
            message_id, about = fresh(), f"alarm:{alarm_id}"
            made.messages.append(
                message
                | {"id": message_id, "key": f"{about}/1/{message['person_id']}", "about": about}
                | {"cause": about, "subject": f"{title}: are you back?", "created_at": now}
                | {"token": secrets.token_urlsafe(16)}
            )
            made.deliveries += [
                row | {"id": fresh(), "message_id": message_id, "next_try_at": now}
                for row in on_channels
            ]
    return made


def run(*, like: Pattern, now: dt.datetime, number: int, way: str) -> int:
    """Claim and insert everything that is due, by `way`. Gives the number of alarms."""
    connection.ensure_connection()
    driver = connection.connection
    take = {"many": _sqlite_batch, "copy": _copied_batch, "unnest": _unnested_batch}[way]
    done = 0
    while True:
        count = take(driver, like, now, number + done)
        if not count:
            return done
        done += count


_DUE = (
    f"SELECT d.id, d.subject_id, d.due_at, d.call_out_at, s.ref, s.title FROM "
    f"{Deadline._meta.db_table} d JOIN {Subject._meta.db_table} s ON s.id = d.subject_id "
    "WHERE d.state = 'OPEN' AND d.act_at <= {now} ORDER BY d.act_at LIMIT 1000"
)


def _claim(cursor: Any, now: dt.datetime) -> list[tuple[Any, ...]]:
    cursor.execute(
        "UPDATE watch_deadline SET state = 'MISSED', act_at = NULL, ended_at = %s FROM ("
        + _DUE.format(now="%s")
        + " FOR UPDATE OF d SKIP LOCKED) due WHERE watch_deadline.id = due.id RETURNING due.*",
        [now, now],
    )
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _copied_batch(driver: Any, like: Pattern, now: dt.datetime, number: int) -> int:
    with driver.transaction(), driver.cursor() as cursor:
        claimed = _claim(cursor, now)
        if not claimed:
            return 0
        made = make(claimed, like, now, number)
        _copy(cursor, Table.of(Alarm), made.alarms)
        _copy(cursor, Table.of(Message), made.messages)
        _copy(cursor, Table.of(Delivery), made.deliveries)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('logbook_entry', 'number')) "
            "FROM generate_series(1, %s)",
            [len(claimed)],
        )
        for row, found in zip(made.entries, cursor.fetchall(), strict=True):
            row["number"] = found[0]
        entries = Table.of(Entry)
        numbered = Table(
            entries.name, (*entries.columns, "number"), (), (*entries.attnames, "number")
        )
        _copy(cursor, numbered, made.entries)
        columns = ("entry_id", "body", "salt")
        bodies = [
            {"entry_id": row["number"], "body": body, "salt": salt}
            for row, (body, salt) in zip(made.entries, made.bodies, strict=True)
        ]
        _copy(cursor, Table("logbook_entrybody", columns, (), columns), bodies)
    return len(claimed)


def _copy(cursor: Any, table: Table, rows: list[Row]) -> None:
    with cursor.copy(f"COPY {table.name} ({', '.join(table.columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in table.attnames])


def _unnested_batch(driver: Any, like: Pattern, now: dt.datetime, number: int) -> int:
    with driver.transaction(), driver.cursor() as cursor:
        claimed = _claim(cursor, now)
        if not claimed:
            return 0
        made = make(claimed, like, now, number)
        _unnest(cursor, Table.of(Alarm), made.alarms)
        _unnest(cursor, Table.of(Message), made.messages)
        _unnest(cursor, Table.of(Delivery), made.deliveries)
        _unnest(cursor, Table.of(Entry), made.entries, returning=' RETURNING "number"')
        numbers = [found[0] for found in cursor.fetchall()]
        cursor.execute(
            f"INSERT INTO {EntryBody._meta.db_table} (entry_id, body, salt) "
            "SELECT * FROM unnest(%s::bigint[], %s::text[], %s::bytea[])",
            [numbers, [one[0] for one in made.bodies], [one[1] for one in made.bodies]],
        )
    return len(claimed)


def _unnest(cursor: Any, table: Table, rows: list[Row], *, returning: str = "") -> None:
    arrays = ", ".join(f"%s::{kind}[]" for kind in table.types)
    cursor.execute(
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) SELECT * FROM unnest({arrays})"
        + returning,
        [[row[name] for row in rows] for name in table.attnames],
    )


def _sqlite_batch(driver: Any, like: Pattern, now: dt.datetime, number: int) -> int:
    at = now.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")
    cursor = driver.cursor()
    run_many, run_one = cursor.executemany, cursor.execute
    run_one("BEGIN IMMEDIATE")
    claimed = run_one(_DUE.format(now="?"), [at]).fetchall()
    if not claimed:
        run_one("ROLLBACK")
        return 0
    run_many(
        "UPDATE watch_deadline SET state = 'MISSED', act_at = NULL, ended_at = ? WHERE id = ?",
        [(at, row[0]) for row in claimed],
    )
    made = make(claimed, like, at, number)
    for model, rows in (
        (Alarm, made.alarms),
        (Message, made.messages),
        (Delivery, made.deliveries),
    ):
        _many(run_many, Table.of(model), rows)
    _many(run_many, Table.of(Entry), made.entries)
    last = run_one("SELECT max(number) FROM logbook_entry").fetchone()[0]
    first = last - len(made.bodies) + 1
    run_many(
        "INSERT INTO logbook_entrybody (entry_id, body, salt) VALUES (?, ?, ?)",
        [(first + place, body, salt) for place, (body, salt) in enumerate(made.bodies)],
    )
    run_one("COMMIT")
    return len(claimed)


def _many(run_many: Any, table: Table, rows: list[Row]) -> None:
    places = ", ".join("?" * len(table.columns))
    run_many(
        f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({places})",
        [[row[name] for name in table.attnames] for row in rows],
    )
