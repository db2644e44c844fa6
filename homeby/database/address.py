"""From the URL in the settings to what Django wants to know about the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from homeby.settings import Settings, SettingsProblem
from homeby.sqlite import Library

SQLITE_FILE = "homeby.sqlite3"

#: How long a writer waits for another before the person is told, in seconds.
BUSY_LIMIT_SECONDS = 10

_CACHE_KIBIBYTES = 20_000
_MAPPED_BYTES = 128 * 1024 * 1024
_JOURNAL_BYTES = 64 * 1024 * 1024

_POSTGRESQL_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name"}
)


def database_entry(*, settings: Settings, library: Library) -> dict[str, Any]:
    """What stands under `DATABASES["default"]`. Raises SettingsProblem with a sentence."""
    if not settings.database_url or settings.database_url.startswith("sqlite:"):
        return _sqlite(path=sqlite_path(settings=settings), library=library)
    return _postgresql(url=settings.database_url)


def sqlite_path(*, settings: Settings) -> Path:
    """The SQLite file: the one in the URL, or `homeby.sqlite3` in the station's folder.

    A relative path in the URL (`sqlite:///records.sqlite3`) is taken from the station's folder,
    `sqlite:////var/records.sqlite3` is absolute. Raises SettingsProblem.
    """
    if not settings.database_url:
        return settings.home / SQLITE_FILE
    parts = urlsplit(settings.database_url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.netloc or not name or parts.query:
        raise SettingsProblem(
            "The setting database_url cannot be used: for SQLite write sqlite:/// and the path of "
            "the file, with nothing after it."
        )
    if name == ":memory:":
        raise SettingsProblem(
            "The setting database_url cannot be used: records kept in memory are gone with the "
            "process, and a station has several. Name a file: sqlite:///homeby.sqlite3."
        )
    return settings.home / name


def _sqlite(*, path: Path, library: Library) -> dict[str, Any]:
    pragmas = (
        f"PRAGMA journal_mode={library.journal_mode}",
        "PRAGMA synchronous=FULL",
        f"PRAGMA journal_size_limit={_JOURNAL_BYTES}",
        f"PRAGMA cache_size=-{_CACHE_KIBIBYTES}",
        "PRAGMA temp_store=MEMORY",
        f"PRAGMA mmap_size={_MAPPED_BYTES}",
    )
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_LIMIT_SECONDS,
            "init_command": "; ".join(pragmas),
        },
    }


def _postgresql(*, url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsProblem(
            "The setting database_url cannot be used: the port is not a number. Write "
            "postgresql://user:password@host:5432/name."
        ) from None
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise SettingsProblem(
            "The setting database_url cannot be used: the name of the database is missing. Write "
            "postgresql://user:password@host/name."
        )
    extra = dict(parse_qsl(parts.query))
    host = extra.pop("host", "") or unquote(parts.hostname or "")
    text_port = extra.pop("port", "") or (str(port) if port else "")
    user = extra.pop("user", "") or unquote(parts.username or "")
    unknown = sorted(set(extra) - _POSTGRESQL_OPTIONS)
    if unknown:
        raise SettingsProblem(
            f"The setting database_url cannot be used: it asks for {unknown[0]}, and after the "
            f"question mark only host, port, user, {', '.join(sorted(_POSTGRESQL_OPTIONS))} may "
            "stand."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": text_port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", "application_name": "homeby", **extra},
    }
