"""A station of its own, whose database is put back to an older copy while it runs: `python -m
tests.rooms.older_copy STEP ...`. On SQLite the files are replaced, on PostgreSQL the database."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

ENDINGS = ("", "-wal", "-shm")


def _postgresql(*statements: str) -> None:
    import psycopg

    url = urlsplit(os.environ["HOMEBY_DATABASE_URL"])
    name = url.path.removeprefix("/")
    with psycopg.connect(url._replace(path="/postgres").geturl(), autocommit=True) as line:
        for statement in statements:
            line.execute(statement.format(name=name, copy=f"{name[:50]}_older"))


def keep() -> None:
    """Take a copy of the database."""
    if "HOMEBY_DATABASE_URL" in os.environ:
        _postgresql('CREATE DATABASE "{copy}" TEMPLATE "{name}"')
        return
    home = Path(os.environ["HOMEBY_HOME"])
    for ending in ENDINGS:
        if (home / f"homeby.sqlite3{ending}").exists():
            shutil.copy(home / f"homeby.sqlite3{ending}", home / f"older{ending}")


def put_back() -> None:
    """Put the copy in the database's place."""
    if "HOMEBY_DATABASE_URL" in os.environ:
        _postgresql(
            'DROP DATABASE "{name}" WITH (FORCE)', 'ALTER DATABASE "{copy}" RENAME TO "{name}"'
        )
        return
    home = Path(os.environ["HOMEBY_HOME"])
    for ending in ENDINGS:
        (home / f"homeby.sqlite3{ending}").unlink(missing_ok=True)
        if (home / f"older{ending}").exists():
            shutil.copy(home / f"older{ending}", home / f"homeby.sqlite3{ending}")


def work() -> None:
    """Five entries of everyday work."""
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import persons
    from homeby.people.rules import STATION

    for number in range(5):
        persons.add_person(name=f"P{number}", by=STATION, now=clock.now(), tap=new_tap())


def main(steps: list[str]) -> None:
    """Do the steps; print the newest entry after each, and at last why the station is a copy."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django
    from django.db import connections

    django.setup()
    from homeby.logbook import queries
    from homeby.settings import current
    from homeby.station import live, start

    start.prepare(settings=current())
    known: dict[str, Callable[[], None]] = {
        "keep": keep,
        "put back": put_back,
        "work": work,
        "look": live.rememberer(home=current().home),
    }
    newest = []
    for step in steps:
        if step in ("keep", "put back"):
            connections.close_all()
        known[step]()
        newest.append(queries.last_number())
    here = queries.station()
    sys.stdout.write(json.dumps({"newest": newest, "why": here.why if here else ""}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
