"""A fresh station for each world: built once by the real actions, then copied.

SQLite: the file is laid down again, under Homeby's own settings (WAL, FULL). PostgreSQL: a database
made from a template, on the server of the run.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, connections

from homeby.logbook.rules import new_tap
from homeby.people.actions import contacts
from homeby.people.rules import STATION, ChannelName
from homeby.settings import current
from homeby.station import start
from homeby.watch import queries as watch
from homeby.watch.actions import plans
from homeby.watch.rules import AlarmState
from tests.world import World

WALKERS = ("w0", "w1", "w2", "w3", "w4", "w5")
#: Whoever may hear of an alarm and act on it, and their addresses.
WATCHERS = ("head", "deputy", "admin")
ADDRESSES = (*WATCHERS, "head+mail")


@dataclass
class FreshStation:
    """The station as it was built, and the village that lives in it."""

    village: World = field(default_factory=World)
    _file: bytes = b""
    _template: str = ""

    def build(self) -> None:
        """Build the village in the database of the settings, and keep it as the pattern."""
        start.prepare(settings=current())
        self.village.build()
        for walker in WALKERS:
            self.village.add(walker, callsign=walker.upper())
        contacts.add_contact(
            person_id=self.village.people["head"],
            channel=ChannelName.CONSOLE,
            address="head+mail",
            verified=True,
            by=STATION,
            now=self.village.now,
            tap=new_tap(),
        )
        self.village.give_kin("w0", "w0-kin")
        connections.close_all()
        if connection.vendor == "sqlite":
            self._file = self._path().read_bytes()
        else:
            self._template = str(connection.settings_dict["NAME"])

    def renew(self) -> None:
        """Begin a world: the database as it was built."""
        connection.close()
        if connection.vendor == "sqlite":
            for beside in ("-wal", "-shm", "-journal"):
                Path(f"{self._path()}{beside}").unlink(missing_ok=True)
            self._path().write_bytes(self._file)
        else:
            self._copy_template()

    def _path(self) -> Path:
        return Path(str(connection.settings_dict["NAME"]))

    def _copy_template(self) -> None:
        import psycopg
        from psycopg.sql import SQL, Identifier

        copy = f"{self._template}_world"
        how = {**connection.get_connection_params(), "dbname": "postgres"}
        wanted = ("host", "port", "user", "password", "dbname")
        with psycopg.connect(
            **{key: how[key] for key in wanted if key in how}, autocommit=True
        ) as server:
            server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(copy)))
            server.execute(
                SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    Identifier(copy), Identifier(self._template)
                )
            )
        connection.settings_dict["NAME"] = copy


def two_must_take(*, now: dt.datetime) -> None:
    """From now on two must take every alarm."""
    for sheet in watch.plan_sheets(STATION):
        fields = plans.PlanFields(
            name=sheet.plan.name,
            kind=sheet.kind,
            steps=sheet.plan.steps,
            is_default=sheet.is_default,
            repeat_minutes=sheet.plan.repeat_minutes,
            repeat_minutes_max=sheet.plan.repeat_minutes_max,
            two_must_take=True,
        )
        plans.set_plan(plan_id=sheet.plan.id, fields=fields, by=STATION, now=now, tap=new_tap())


def is_quiet(*, ended: int) -> bool:
    """Whether no alarm is open, and no more than so many have ended. One cheap statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, COUNT(*) FROM watch_alarm GROUP BY state")
        counts: dict[str, int] = dict(cursor.fetchall())
    return counts == ({AlarmState.ENDED: ended} if ended else {})
