"""The SQLite rule (`RELIABILITY.md` 8, promise P10): what may lose a record refuses to start."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.backends.sqlite3 import base
from django.db.utils import ConnectionHandler

from homeby import sqlite
from homeby.database import address, disks, safety, trouble, versions
from homeby.findings import Finding, Level
from homeby.settings import Settings

NOW = dt.datetime(2026, 11, 22, 20, 0, tzinfo=dt.UTC)
DEFECTIVE = sqlite.Library(source="python", version=(3, 40, 1))


def _handler(*, path: Path, library: sqlite.Library = sqlite.library) -> ConnectionHandler:
    settings = Settings(home=path.parent, database_url=f"sqlite:///{path.name}")
    return ConnectionHandler(
        {"default": address.database_entry(settings=settings, library=library)}
    )


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[Any]:
    """A connection to an SQLite file of our own, in the place of the station's."""
    for name in ("HOMEBY_DATABASE_URL", "HOMEBY_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv(safety.ALLOW_VARIABLE, raising=False)
    with django_db_blocker.unblock():
        connection = _handler(path=tmp_path / "homeby.sqlite3")["default"]
        for module in (safety, versions):
            monkeypatch.setattr(module, "connection", connection)
        monkeypatch.setattr(safety, "_version", list)
        yield connection
        connection.close()


def _begin(connection: Any) -> None:
    """Begin as `transaction.atomic` does."""
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def _of(what: str) -> Finding:
    return next(f for f in safety.problems_with_database(NOW) if f.what == what)


def test_django_uses_the_library_that_was_chosen() -> None:
    used: Any = vars(base)["Database"]
    assert tuple(int(part) for part in used.sqlite_version.split(".")) == sqlite.library.version
    assert used is sqlite3.dbapi2
    assert not sqlite.library.has_wal_defect or sqlite.library.journal_mode == "DELETE"


@pytest.mark.parametrize(
    ("version", "defect"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_which_releases_have_the_wal_defect(version: sqlite.Version, defect: bool) -> None:
    assert sqlite.has_wal_defect(version=version) is defect


def test_a_fresh_connection_is_durable(own: Any) -> None:
    with own.cursor() as cursor:
        found = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in _PRAGMAS]
    journal = sqlite.library.journal_mode.lower()
    assert found == [journal, 2, 1, 10_000]


_PRAGMAS = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")


def test_a_transaction_takes_the_write_lock_at_its_beginning(own: Any) -> None:
    _begin(own)
    with own.cursor() as cursor:
        cursor.execute("SELECT 1")
    other = sqlite3.connect(own.settings_dict["NAME"], timeout=0, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()
    own.rollback()
    own.set_autocommit(True)


def test_a_sound_database_has_nothing_red(own: Any) -> None:
    assert all(f.level is Level.GREEN for f in safety.problems_with_database(NOW))
    safety.refuse_unsafe_database(now=NOW)


@pytest.mark.parametrize("pragma", ["synchronous=NORMAL", "synchronous=OFF"])
def test_less_than_full_refuses_to_start(own: Any, pragma: str) -> None:
    with own.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
    assert _of("synchronous").level is Level.RED
    with pytest.raises(safety.UnsafeDatabase, match="power cut"):
        safety.refuse_unsafe_database(now=NOW)


def test_the_test_variable_lets_it_start_and_stays_red(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    monkeypatch.setenv(safety.ALLOW_VARIABLE, "1")
    safety.refuse_unsafe_database(now=NOW)
    assert _of("synchronous").level is Level.RED


def test_a_journal_that_does_not_survive_refuses_to_start(own: Any) -> None:
    with own.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=OFF")
        cursor.execute("PRAGMA journal_mode=DELETE")
        cursor.execute("PRAGMA journal_mode=MEMORY")
    assert _of("journal").level is Level.RED


def test_wal_under_a_library_with_the_defect_refuses_to_start(
    own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with own.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
    monkeypatch.setattr(sqlite, "library", DEFECTIVE)
    assert _of("journal").level is Level.RED
    assert "pysqlite3" in _of("journal").what_to_do


def test_the_rollback_journal_is_used_and_said(
    own: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = _handler(path=tmp_path / "other.sqlite3", library=DEFECTIVE)["default"]
    monkeypatch.setattr(safety, "connection", other)
    monkeypatch.setattr(sqlite, "library", DEFECTIVE)
    found = _of("journal")
    other.close()
    assert found.level is Level.AMBER
    assert "rollback journal" in found.sentence


MOUNTS = """\
/dev/vda / ext4 rw 0 0
proc /proc proc rw 0 0
server:/export /srv nfs4 rw 0 0
/dev/vdb /srv/local ext4 rw 0 0
friend:/ /home/guard/far\\040away fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind", "network"),
    [
        ("/var/lib/homeby", "ext4", False),
        ("/srv/homeby", "nfs4", True),
        ("/srv/local/homeby", "ext4", False),
        ("/srvother", "ext4", False),
        ("/home/guard/far away/homeby", "fuse.sshfs", True),
    ],
)
def test_the_kind_of_disk_is_read_from_the_mounts(path: str, kind: str, network: bool) -> None:
    mount = disks.mount_of(path=Path(path), mounts=MOUNTS)
    assert mount is not None
    assert (mount.kind, mount.is_network) == (kind, network)


def test_a_network_disk_refuses_to_start(own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    network = disks.Mount(point=Path("/srv"), kind="nfs4")
    monkeypatch.setattr(disks, "mount_of", lambda *, path: network)
    with pytest.raises(safety.UnsafeDatabase, match="network file system"):
        safety.refuse_unsafe_database(now=NOW)


def test_a_database_that_cannot_be_opened_is_one_red_finding(
    own: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = _handler(path=tmp_path / "no-folder" / "homeby.sqlite3")["default"]
    monkeypatch.setattr(safety, "connection", gone)
    [found] = safety.problems_with_database(NOW)
    assert found.level is Level.RED
    assert "does not answer" in found.sentence


def test_a_file_that_is_no_database_is_recognised(own: Any, tmp_path: Path) -> None:
    (tmp_path / "homeby.sqlite3").write_bytes(b"not a database, " * 400)
    [found] = safety.problems_with_database(NOW)
    assert found.level is Level.RED
    assert "last copy" in found.what_to_do


def _trouble_of(work: Any) -> trouble.Kind | None:
    with pytest.raises(DatabaseError) as caught:
        work()
    known = trouble.recognise(error=caught.value)
    return known.kind if known else None


def test_locked_full_and_read_only_are_told_apart_and_lose_nothing(own: Any) -> None:
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE line (text TEXT)")
        cursor.execute("INSERT INTO line VALUES ('before')")
        cursor.execute("PRAGMA busy_timeout=20")
    holder = sqlite3.connect(own.settings_dict["NAME"], isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert _trouble_of(lambda: own.cursor().execute("INSERT INTO line VALUES ('x')")) is (
        trouble.Kind.BUSY
    )
    holder.execute("ROLLBACK")
    holder.close()
    with own.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=3")
    long = "INSERT INTO line VALUES (%s)"
    assert _trouble_of(lambda: own.cursor().execute(long, ["x" * 100_000])) is trouble.Kind.FULL
    with own.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count=100000")
        cursor.execute("PRAGMA query_only=ON")
    assert _trouble_of(lambda: own.cursor().execute("DELETE FROM line")) is trouble.Kind.READ_ONLY
    with own.cursor() as cursor:
        assert cursor.execute("SELECT text FROM line").fetchall() == [("before",)]


def test_two_writers_that_read_first_lose_no_line(own: Any, tmp_path: Path) -> None:
    with own.cursor() as cursor:
        cursor.execute("CREATE TABLE sum (number INTEGER)")
        cursor.execute("INSERT INTO sum VALUES (0)")
    errors: list[Exception] = []

    def add() -> None:
        connection = _handler(path=tmp_path / "homeby.sqlite3")["default"]
        try:
            for _ in range(25):
                _begin(connection)
                cursor = connection.cursor()
                number = cursor.execute("SELECT number FROM sum").fetchone()[0]
                cursor.execute("UPDATE sum SET number=%s", [number + 1])
                connection.commit()
                connection.set_autocommit(True)
        except DatabaseError as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with own.cursor() as cursor:
        assert cursor.execute("SELECT number FROM sum").fetchone()[0] == 100
