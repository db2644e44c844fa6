"""Is this the live station, or a copy of it? (P18, `RELIABILITY.md` section 5 step 8)

A restored backup and a cloned machine hold parties that are long home, and deadlines that the live
station watches too: two stations would ring the same people. So a logbook knows the place where it
is live, and a folder remembers the newest entry it has seen. What does not fit is a copy; it shows
its pages and sends nothing until a person says `homeby live --confirm`.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.db import DatabaseError, connection

from homeby import clock
from homeby.database import disks
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.rules import Newest, Refused, Whereabouts, why_a_copy, why_lost
from homeby.watch.actions.lost_entries import tell as tell_lost

FILE_NAME = "newest-entry.json"
_MACHINE_ID = Path("/etc/machine-id")

#: File systems on which a file keeps its number for life, so that a file put in its place by a copy
#: is told from it. Where the number may change from one mount to the next it says nothing.
NUMBERED_KINDS = frozenset({"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "xfs", "zfs"})


def here() -> str:
    """The place of the database that this process uses, in words. Raises DatabaseError."""
    if connection.vendor == "postgresql":
        return _place_on_postgresql()
    return place_of_file(path=Path(str(connection.settings_dict["NAME"])))


def place_of_file(*, path: Path) -> str:
    """A database file: the machine, the path, and the file's own number where it keeps it."""
    path = path.resolve()
    machine = ""
    with contextlib.suppress(OSError):
        machine = _MACHINE_ID.read_text(encoding="ascii").strip()
    mount = disks.mount_of(path=path.parent)
    number = ""
    if mount is not None and mount.kind in NUMBERED_KINDS:
        with contextlib.suppress(OSError):
            number = f", file {path.stat().st_ino}"
    return f"{path} on machine {machine or 'without a name'}{number}"[:1000]


def _place_on_postgresql() -> str:
    """A database of a PostgreSQL: a restored dump is another one, even on the same server. Several
    machines may share one, so the machine says nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        number = cursor.fetchone()[0]
        cursor.execute("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')")
        system = "without a number"  # a server that is let may keep it to itself
        if cursor.fetchone()[0]:
            cursor.execute("SELECT system_identifier FROM pg_control_system()")
            system = str(cursor.fetchone()[0])
    return f"database {number} of PostgreSQL {system}"


def doubt(*, home: Path) -> str:
    """Why this may be a copy, in a sentence; empty when it is the live station, or a new one.
    Raises DatabaseError."""
    station = queries.station()
    if station is None:
        return ""
    if station.quarantined_at is not None:
        return station.why
    return why_a_copy(_whereabouts(station.place, station.pk, home=home))


def _whereabouts(place: str, station_id: uuid.UUID, *, home: Path) -> Whereabouts:
    seen = remembered(home=home, station_id=station_id)
    return Whereabouts(
        place=place,
        here=here(),
        remembered=seen,
        there=queries.id_of(seen.number) if seen else None,
        newest=queries.last_number(),
    )


def look(*, home: Path, now: dt.datetime) -> None:
    """Found the station at its first start, or find out whether this is a copy and write so. Call
    it before a process of the station begins to work. Raises DatabaseError, OSError."""
    station = queries.station()
    if station is None:
        logbook.found_station(place=here(), now=now)
    elif station.quarantined_at is None:
        found = _whereabouts(station.place, station.pk, home=home)
        if why := why_a_copy(found):
            beside = partial(tell_lost, why=why) if why_lost(found) else None
            logbook.quarantine(why=why, here=found.here, now=now, beside=beside)


def confirm(*, home: Path, by: uuid.UUID | None, now: dt.datetime) -> None:
    """A person says that this is the live station. Raises Refused."""
    logbook.confirm_live(here=here(), by=by, now=now)
    remember(home=home)


def remember(*, home: Path) -> None:
    """Keep the newest entry beside the database, whole or not at all. Raises DatabaseError,
    OSError. A copy keeps nothing: it must not overwrite what the live station left."""
    station, newest = queries.station(), queries.newest()
    if station is None or newest is None or station.quarantined_at is not None:
        return
    content = {"station": str(station.pk), "number": newest.number, "entry": str(newest.entry_id)}
    draft = home / f".{FILE_NAME}.{os.getpid()}"
    draft.write_text(json.dumps(content) + "\n", encoding="ascii")
    draft.replace(home / FILE_NAME)


def remembered(*, home: Path, station_id: uuid.UUID) -> Newest | None:
    """The newest entry of this station that was seen in this folder; None when there is none, or
    none that can be read."""
    try:
        content = json.loads((home / FILE_NAME).read_text(encoding="ascii"))
        if content["station"] != str(station_id):
            return None
        return Newest(number=int(content["number"]), entry_id=uuid.UUID(content["entry"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def rememberer(*, home: Path) -> Callable[[], None]:
    """What a watchkeeper calls after its looks: a logbook in which the newest entry of the look
    before is missing is a copy from that look on. A folder that cannot be written is for the doctor
    to find; it must not stop the watch."""
    last: list[Newest | None] = []

    def note() -> None:
        newest = queries.newest()
        if last == [newest]:
            return
        with contextlib.suppress(OSError, DatabaseError):
            if last and _is_gone(last[0]):  # a standby took over, or a copy was put in place
                look(home=home, now=clock.now())
            remember(home=home)
            last[:] = [newest]

    return note


def _is_gone(seen: Newest | None) -> bool:
    return seen is not None and queries.id_of(seen.number) != seen.entry_id


def run(*, home: Path, confirmed: bool, say: Callable[[str], None]) -> int:
    """`homeby live`: say whether this is the live station, or confirm it. Gives 1 while it is a
    copy, or when there was nothing to confirm."""
    if confirmed:
        try:
            confirm(home=home, by=None, now=clock.now())
        except Refused as refused:
            say(str(refused))
            return 1
        say("This is the live station from now on. Make sure that the other one is stopped.")
        return 0
    station = queries.station()
    if station is None or station.quarantined_at is None:
        say("This is the live station.")
        return 0
    say(
        f"This is a copy: it sends nothing. {station.why} If it is the live station now, stop the "
        "other one and run: homeby live --confirm"
    )
    return 1
