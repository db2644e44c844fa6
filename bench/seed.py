"""Fills a station's database: people, then many subjects with an open deadline each.

People are made by the actions of the station. The many rows go past the Book, by one statement a
table that the database computes itself, and stand in no entry: they are the crowd among which the
measured rows lie, and a million of them are there in half a minute.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import connection, models, transaction

from homeby import settings
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import DeliveryState, MessageState
from homeby.logbook.rules import new_tap
from homeby.people.actions import contacts, persons
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION, ChannelName
from homeby.station import initialise, start
from homeby.watch import queries as watch
from homeby.watch.models import Alarm, AlarmNumber, Deadline, Subject
from homeby.watch.rules import AlarmState, DeadlineKind, DeadlineState, Ending

LATER = dt.timedelta(hours=6)  # the crowd is due long after the run
APART_SECONDS = 2.0
FOUNDED = initialise.Answers(
    name="Bench",
    zone="Europe/Zurich",
    site="Station",
    gate="Gate",
    administrator="Ada",
    login="ada",
    password="a good long password",
    deputy="Bert",
)


def found(*, people: int, hook: str, now: dt.datetime) -> None:
    """Tables, an organisation, and this many people who are reached at the hook."""
    start.prepare(settings=settings.current())
    with transaction.atomic():
        initialise.set_up(FOUNDED, now=now)
        for number in range(people):
            tap = new_tap()
            persons.add_person(name=f"Member {number}", by=STATION, now=now, tap=tap)
            contacts.add_contact(
                person_id=tap.entry_id,
                channel=ChannelName.WEBHOOK,
                address=f"{hook}/{number}",
                verified=True,
                by=STATION,
                now=now,
                tap=new_tap(),
            )


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _columns(row: models.Model, computed: dict[str, str]) -> tuple[str, list[str], list[Any]]:
    """The columns of a table, for each an expression, and the values of those not computed."""
    names, expressions, values = [], [], []
    for field in row._meta.concrete_fields:
        names.append(connection.ops.quote_name(str(field.column)))
        expressions.append(computed.get(field.attname, "%s"))
        if field.attname not in computed:
            prepared = field.get_db_prep_save(getattr(row, field.attname), connection)
            kind = field.db_type(connection)
            expressions[-1] = "%s" if _is_sqlite() else f"%s::{kind}"
            values.append(prepared)
    return ", ".join(names), expressions, values


def _fill(row: models.Model, computed: dict[str, str]) -> None:
    names, expressions, values = _columns(row, computed)
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(expressions)} FROM crowd", values
        )


def open_deadlines(*, count: int, first_at: dt.datetime, apart_seconds: float) -> None:
    """This many parties of one, each due `apart_seconds` after the one before."""
    with transaction.atomic(), connection.cursor() as cursor:
        _crowd(cursor, count, first_at, apart_seconds)
        plan = watch.default_plan(DeadlineKind.RETURN)
        assert plan is not None
        ref = "'mission:' || key" if _is_sqlite() else "'mission:' || id::text"
        party = "json_array(dashed)" if _is_sqlite() else "jsonb_build_array(person::text)"
        described = {
            "id": "id",
            "ref": ref,
            "title": "'Party ' || number",
            "party": party,
            "leader_id": "person",
            "due_at": "due_at",
        }
        _fill(Subject(place="North ridge", zone="Europe/Zurich"), described)
        deadline = Deadline(
            kind=DeadlineKind.RETURN, plan_id=plan.id, state=DeadlineState.OPEN, next_step=1
        )
        expected = {
            "id": "deadline",
            "subject_id": "id",
            "due_at": "due_at",
            "call_out_at": "call_out_at",
            "act_at": "due_at",
        }
        _fill(deadline, expected)
        cursor.execute("DROP TABLE crowd")


def _crowd(cursor: Any, count: int, first_at: dt.datetime, apart_seconds: float) -> None:
    """The temporary table from which both tables are filled."""
    people = _members()
    cursor.execute("CREATE TEMPORARY TABLE member (n integer primary key, id text)")
    cursor.executemany(
        "INSERT INTO member VALUES (%s, %s)", [(n, str(key)) for n, key in enumerate(people)]
    )
    if _is_sqlite():
        at = "strftime('%%Y-%%m-%%d %%H:%%M:%%f', %s + i * %s, 'unixepoch')"
        later = "strftime('%%Y-%%m-%%d %%H:%%M:%%f', %s + i * %s + 3600, 'unixepoch')"
        start, step = first_at.timestamp(), apart_seconds
        cursor.execute(
            "CREATE TEMPORARY TABLE crowd AS WITH RECURSIVE counted(i) AS (SELECT 0 UNION ALL "
            "SELECT i + 1 FROM counted WHERE i + 1 < %s) SELECT i AS number, "
            "lower(hex(randomblob(16))) AS id, lower(hex(randomblob(16))) AS deadline, "
            "lower(hex(randomblob(16))) AS key, replace(member.id, '-', '') AS person, "
            f"member.id AS dashed, {at} AS due_at, {later} AS call_out_at "
            "FROM counted JOIN member ON member.n = i %% %s",
            [count, start, step, start, step, len(people)],
        )
    else:
        at = "%s::timestamptz + i * %s * interval '1 second'"
        cursor.execute(
            "CREATE TEMPORARY TABLE crowd ON COMMIT DROP AS SELECT i AS number, "
            "gen_random_uuid() AS id, gen_random_uuid() AS deadline, member.id::uuid AS person, "
            f"{at} AS due_at, {at} + interval '1 hour' AS call_out_at "
            "FROM generate_series(0, %s - 1) AS i JOIN member ON member.n = i %% %s",
            [first_at, apart_seconds, first_at, apart_seconds, count, len(people)],
        )
    cursor.execute("DROP TABLE member")


def _members() -> list[uuid.UUID]:
    """Everybody who is reached at the hook: each is the whole of many parties."""
    rows = ContactPoint.objects.filter(channel=ChannelName.WEBHOOK)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def due_now(*, count: int, now: dt.datetime) -> None:
    """This many are due, all within the last minute."""
    first_at = now - dt.timedelta(seconds=60)
    open_deadlines(count=count, first_at=first_at, apart_seconds=59 / count)


def note_numbers(following: int) -> None:
    """Alarms were numbered without the counter: it goes on behind them."""
    AlarmNumber.objects.update_or_create(pk=1, defaults={"next_number": following})


def end_alarms() -> None:
    """Every alarm has ended and nothing waits in the outbox, as after a quiet night."""
    Delivery.objects.filter(state=DeliveryState.QUEUED).update(
        state=DeliveryState.CANCELLED, next_try_at=None
    )
    Message.objects.filter(state=MessageState.QUEUED).update(state=MessageState.CANCELLED)
    someone = _members()[0]
    Alarm.objects.filter(state=AlarmState.OPEN).update(
        state=AlarmState.ENDED,
        act_at=None,
        ended_at=models.F("opened_at"),
        ended_by_id=someone,
        ending=Ending.STOOD_DOWN,
        holder_id=None,
        taken_at=None,
        expires_at=None,
    )
    settle()


def settle() -> None:
    """Let the database learn what it holds, as a station that has run for a while has."""
    with connection.cursor() as cursor:
        if _is_sqlite():
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("ANALYZE")
        else:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
