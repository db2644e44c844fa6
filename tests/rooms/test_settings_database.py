"""The address of the database: what a URL becomes, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeby.database.address import database_entry, sqlite_path
from homeby.settings import Settings, SettingsProblem
from homeby.sqlite import Library

SOUND = Library(source="pysqlite3", version=(3, 53, 4))
DEFECTIVE = Library(source="python", version=(3, 40, 1))


@pytest.fixture(autouse=True)
def _no_database_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOMEBY_DATABASE_URL", raising=False)
    monkeypatch.delenv("HOMEBY_HOME", raising=False)


def _settings(url: str) -> Settings:
    return Settings(home=Path("/hut"), database_url=url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "/hut/homeby.sqlite3"),
        ("sqlite:///records.sqlite3", "/hut/records.sqlite3"),
        ("sqlite:////var/lib/records.sqlite3", "/var/lib/records.sqlite3"),
        ("sqlite:///with%20space.sqlite3", "/hut/with space.sqlite3"),
    ],
)
def test_where_the_sqlite_file_lies(url: str, path: str) -> None:
    assert sqlite_path(settings=_settings(url)) == Path(path)


def test_sqlite_is_asked_for_everything_that_keeps_a_record() -> None:
    options = database_entry(settings=_settings(""), library=SOUND)["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert options["timeout"] == 10
    assert "PRAGMA journal_mode=WAL" in options["init_command"]
    assert "PRAGMA synchronous=FULL" in options["init_command"]


def test_a_library_with_the_defect_gets_the_rollback_journal() -> None:
    options = database_entry(settings=_settings(""), library=DEFECTIVE)["OPTIONS"]
    assert "PRAGMA journal_mode=DELETE" in options["init_command"]
    assert "PRAGMA synchronous=FULL" in options["init_command"]


def test_a_postgresql_address_in_full() -> None:
    url = "postgresql://guard:p%40ss@db.example.org:5433/homeby?sslmode=require"
    found = database_entry(settings=_settings(url), library=SOUND)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert (found["USER"], found["PASSWORD"]) == ("guard", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example.org", "5433", "homeby")
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["CONN_MAX_AGE"] is None
    assert found["CONN_HEALTH_CHECKS"] is True


def test_a_postgresql_socket_folder() -> None:
    found = database_entry(
        settings=_settings("postgresql:///homeby?host=/run/pg&user=guard"), library=SOUND
    )
    assert (found["HOST"], found["USER"], found["PORT"]) == ("/run/pg", "guard", "")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://host", "name of the database is missing"),
        ("postgresql://host:many/name", "port is not a number"),
        ("postgresql://host/name?synchronous_commit=off", "asks for synchronous_commit"),
        ("sqlite:///x?synchronous=NORMAL", "with nothing after it"),
        ("sqlite://host/x", "with nothing after it"),
        ("sqlite:///", "with nothing after it"),
        ("sqlite:///:memory:", "kept in memory are gone"),
    ],
)
def test_an_address_that_cannot_be_used_is_explained(url: str, words: str) -> None:
    with pytest.raises(SettingsProblem, match="database_url") as caught:
        database_entry(settings=_settings(url), library=SOUND)
    assert words in str(caught.value)
