"""Which SQLite library this process uses; imported before Django, which takes what is there.

SQLite 3.7.0 to 3.51.2 can damage a database in WAL mode when two processes reset the log at the
same time, and a station always has two. So: the built-in library when it is new enough, else the
`pysqlite3` wheel put in its place, else the rollback journal, which does not have the defect
(rule: `RELIABILITY.md` section 8).
"""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Literal

#: The first release in which the WAL-reset defect is mended.
FIRST_SAFE_VERSION = (3, 51, 3)

#: The first release that has WAL at all, and with it the defect.
FIRST_DEFECTIVE_VERSION = (3, 7, 0)

Version = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Library:
    """The library in use: where it comes from, its version, the journal it may keep."""

    source: Literal["python", "pysqlite3"]
    version: Version

    @property
    def has_wal_defect(self) -> bool:
        """Whether two processes may damage a database in WAL mode."""
        return has_wal_defect(version=self.version)

    @property
    def journal_mode(self) -> Literal["WAL", "DELETE"]:
        """The journal that is safe with this library."""
        return "DELETE" if self.has_wal_defect else "WAL"

    @property
    def name(self) -> str:
        """The library in words."""
        number = ".".join(str(part) for part in self.version)
        place = "built into Python" if self.source == "python" else "from the package pysqlite3"
        return f"SQLite {number} {place}"


def has_wal_defect(*, version: Version) -> bool:
    """Whether this release has the WAL-reset defect."""
    return FIRST_DEFECTIVE_VERSION <= version < FIRST_SAFE_VERSION


def _version_of(module: ModuleType) -> Version:
    major, minor, patch = (int(part) for part in str(module.sqlite_version).split(".")[:3])
    return major, minor, patch


def _choose() -> Library:
    built_in = importlib.import_module("sqlite3")
    if built_in.__name__ == "pysqlite3":
        return Library(source="pysqlite3", version=_version_of(built_in))
    if not has_wal_defect(version=_version_of(built_in)):
        return Library(source="python", version=_version_of(built_in))
    try:
        wheel = importlib.import_module("pysqlite3")
        importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return Library(source="python", version=_version_of(built_in))
    if has_wal_defect(version=_version_of(wheel)):
        return Library(source="python", version=_version_of(built_in))
    _put_in_place(wheel=wheel)
    return Library(source="pysqlite3", version=_version_of(wheel))


def _put_in_place(*, wheel: ModuleType) -> None:
    """Let `import sqlite3` and `from sqlite3 import dbapi2` give the wheel from now on.

    The wheel has `Connection.backup` but no `Connection.iterdump`; Python's own module that dumps
    stays reachable as `sqlite3.dump`, and works with any connection.
    """
    late = [name for name in sys.modules if name.startswith("django.db.backends.sqlite3")]
    assert not late, "homeby.sqlite must be imported before Django opens its database part"
    importlib.import_module("sqlite3.dump")
    sys.modules["sqlite3"] = wheel
    sys.modules["sqlite3.dbapi2"] = sys.modules["pysqlite3.dbapi2"]


library = _choose()
