"""What happens on the two machines of a backup, each a process of its own, without any test mode:
`python -m tests.promises.backups leave|arrive FOLDER`, with the station's own variables. What was
found there is printed as JSON."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
from django.conf import settings as django_settings

FILE, SECRET, KEPT = "station.age", "paper.txt", "homeby.toml"
NAME, PHRASE, ADDRESS = "Moonlit Kestrel", "lantern-over-the-seventh-stair", "kestrel-on-a-ridge"
READING = "people_person"  # the table at which something happens


def _people() -> list[str]:
    """Every address that opens, in order: what is sealed is worth nothing without its keys."""
    from homeby.people import private
    from homeby.people.models import ContactPoint
    from homeby.people.rules import Purpose

    ids = list(ContactPoint.objects.values_list("pk", flat=True))
    return sorted(private.addresses(ids, purpose=Purpose.DELIVER).values())


def _add(name: str) -> None:
    from homeby import clock
    from homeby.logbook.rules import new_tap
    from homeby.people.actions import contacts, persons
    from homeby.people.rules import STATION, ChannelName

    tap, now = new_tap(), clock.now()
    persons.add_person(name=name, callsign=name, by=STATION, now=now, tap=tap)
    contacts.add_contact(
        person_id=tap.entry_id,
        channel=ChannelName.CONSOLE,
        address=ADDRESS,
        verified=True,
        by=STATION,
        now=now,
        tap=new_tap(),
    )


def _elsewhere(act: Callable[[], None]) -> None:
    """Do something as another process would: on a connection of its own, and to its end."""
    from django.db import connection

    def run() -> None:
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive(), "a backup keeps nobody from writing"


def _while_reading(act: Callable[[], None]) -> None:
    """Let `act` happen when the backup comes to one of its tables."""
    from homeby.station.backup import taking
    from homeby.station.backup.manifest import Table

    read = taking.Snapshot.blocks

    def blocks(self: Any, table: Table) -> Iterator[tuple[bytes, int]]:
        if table.name == READING:
            act()
        return read(self, table)

    taking.Snapshot.blocks = blocks  # type: ignore[method-assign]


def _dies(act: Callable[[], object]) -> bool:
    """Do this in a process that is killed on its way; True when it was."""
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if not child:
        act()
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _kill_me() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _same_from_memory() -> bool:
    """SQLite with a rollback journal is read from memory: the same rows, and writers go on."""
    from django.db import connection

    from homeby.station.backup import taking

    if connection.vendor != "sqlite":
        return True

    def all_rows() -> list[bytes]:
        with taking.snapshot() as found:
            return [block for one in taking.tables() for block, _rows in found.blocks(one)]

    before = all_rows()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=DELETE")
    try:
        with taking.snapshot() as found:
            assert found.is_in_memory
        return all_rows() == before
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")


def leave(folder: Path) -> dict[str, Any]:
    """The station that is backed up: filled, killed in a backup, backed up while it writes."""
    from homeby import clock
    from homeby.database import versions
    from homeby.logbook.verification import verify
    from homeby.settings import current
    from homeby.station import live
    from homeby.station.backup import backup_keys, making, taking
    from homeby.station.demonstration import village
    from homeby.watch.actions.tick import tick

    settings, said = current(), list[str]()
    now = clock.now()
    versions.bring_up_to_date(home=settings.home)
    live.look(home=settings.home, now=now)
    village.fill(now=now)
    tick(now=now + dt.timedelta(minutes=30))
    _add(NAME)
    at = backup_keys.made(), backup_keys.made()
    halves = [next(w for w in text.split() if w.startswith("age1") and len(w) == 62) for text in at]
    secret = "".join(at[1].partition("AGE-SECRET-KEY-")[1:]).split("\n\n")[0]
    (folder / SECRET).write_text("# of the second person\n" + secret, encoding="utf-8")
    wish = making.Wish(to=halves, folder=folder / "backups")
    reading = taking.Snapshot.blocks
    _while_reading(_kill_me)
    killed = _dies(lambda: making.run(settings=settings, wish=wish, say=said.append))
    taking.Snapshot.blocks = reading  # type: ignore[method-assign]
    left = sorted(path.name for path in wish_folder(folder).iterdir())
    expected = verify()
    _while_reading(lambda: _elsewhere(lambda: _add("Came meanwhile")))
    code = making.run(settings=settings, wish=wish, say=said.append)
    taking.Snapshot.blocks = reading  # type: ignore[method-assign]
    (made,) = wish_folder(folder).glob("*.age")
    made.rename(folder / FILE)
    return {
        "killed": killed,
        "left_by_the_kill": left,
        "left_afterwards": sorted(path.name for path in wish_folder(folder).iterdir()),
        "code": code,
        "said": said,
        "checkpoint": expected.checkpoint,
        "entries_afterwards": verify().entries,
        "addresses": _people(),
        "same_from_memory": _same_from_memory(),
    }


def wish_folder(folder: Path) -> Path:
    """Where the backups are written."""
    return folder / "backups"


def _sent() -> int:
    """How many messages a look of the watch and a round of deliveries try to hand over."""
    from homeby.comms.models import Delivery
    from homeby.watch import watchkeeper

    def tries() -> int:
        return sum(Delivery.objects.values_list("tries", flat=True))

    keeper, before = watchkeeper.Keeper(name="here"), tries()
    keeper.look()
    keeper.hand_out()
    return tries() - before


def arrive(folder: Path) -> dict[str, Any]:
    """Another machine: a restore that is killed, done again, and the watch on what came back."""
    from homeby import clock
    from homeby.logbook import queries
    from homeby.logbook.verification import verify
    from homeby.people.models import Person
    from homeby.settings import current
    from homeby.station import live, start
    from homeby.station.backup import restoring
    from homeby.station.supervisor import CannotStart

    settings, said = current(), list[str]()

    def again() -> int:
        return restoring.run(
            settings=settings, file=folder / FILE, identity=folder / SECRET, say=said.append
        )

    put = restoring._put

    def put_and_die(table: Any, content: bytes) -> None:
        put(table, content)
        if table.name == READING:
            _kill_me()

    restoring._put = put_and_die
    killed = _dies(again)
    restoring._put = put
    refusal = ""
    try:
        start.prepare(settings=settings)
    except CannotStart as half:
        refusal = str(half)
    code = again()
    assert code == 0, said
    verdict = verify()
    station = queries.station()
    why = station.why if station else ""
    as_copy = _sent()
    live.confirm(home=settings.home, by=None, now=clock.now())
    return {
        "killed": killed,
        "refusal": refusal,
        "code": code,
        "said": said,
        "difference": verdict.difference,
        "why": why,
        "sent_as_copy": as_copy,
        "sent_when_live": _sent(),
        "addresses": _people(),
        "names": sorted(Person.objects.values_list("name", flat=True)),
        "over_again": again(),
    }


if __name__ == "__main__":
    django.setup()
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick
    what = {"leave": leave, "arrive": arrive}[sys.argv[1]]
    sys.stdout.write(json.dumps(what(Path(sys.argv[2]))) + "\n")
