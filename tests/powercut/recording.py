"""What SQLite asks of the disk, written down: every write, truncation and sync, by its own file
methods (the library that Homeby uses, wrapped by ctypes). Install it before the first connection.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from typing import Any

from homeby import sqlite

Pointer, Int, Long = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
OpenCall = ctypes.CFUNCTYPE(Int, Pointer, ctypes.c_char_p, Pointer, Int, Pointer)
WriteCall = ctypes.CFUNCTYPE(Int, Pointer, Pointer, Int, Long)
TruncateCall = ctypes.CFUNCTYPE(Int, Pointer, Long)
SyncCall = ctypes.CFUNCTYPE(Int, Pointer, Int)
KEPT = ("", "-wal", "-journal")


class _Vfs(ctypes.Structure):
    _fields_ = (
        ("version", Int),
        ("file_size", Int),
        ("longest_path", Int),
        ("next", Pointer),
        ("name", ctypes.c_char_p),
        ("data", Pointer),
        ("open", OpenCall),
    )


class _Methods(ctypes.Structure):
    _fields_ = (
        ("version", Int),
        ("close", Pointer),
        ("read", Pointer),
        ("write", WriteCall),
        ("truncate", TruncateCall),
        ("sync", SyncCall),
        ("others", Pointer * 13),
    )


@dataclass(frozen=True)
class Step:
    """One thing that the disk was asked for. `what` is write, truncate, sync or confirmed; `file`
    is what stands behind the name of the database ("", "-wal", "-journal")."""

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""


@dataclass
class Recording:
    """All steps, in the order in which they were asked for."""

    database: str
    steps: list[Step] = field(default_factory=list)
    _files: dict[int, tuple[str, Any]] = field(default_factory=dict)
    _kept: list[Any] = field(default_factory=list)

    def install(self) -> None:
        """From now on every file of this database is opened with our methods."""
        find = _library().sqlite3_vfs_find
        find.restype = ctypes.POINTER(_Vfs)
        vfs = find(None).contents
        original = OpenCall(ctypes.cast(vfs.open, Pointer).value or 0)

        def opened(vfs_: Any, name: bytes | None, file: int, flags: int, out: Any) -> int:
            code: int = original(vfs_, name, file, flags, out)
            behind = (name or b"?").decode().removeprefix(self.database)
            if code == 0 and behind in KEPT:
                self._watch(file, behind)
            return code

        hook = OpenCall(opened)
        self._kept += [hook, original]
        vfs.open = hook

    def confirmed(self, count: int) -> None:
        """So many entries have been confirmed to somebody by now."""
        self.steps.append(Step("confirmed", at=count))

    def _watch(self, file: int, behind: str) -> None:
        place = ctypes.cast(file, ctypes.POINTER(Pointer))
        real = ctypes.cast(place[0], ctypes.POINTER(_Methods)).contents
        own = _Methods.from_buffer_copy(real)
        write, truncate, sync = real.write, real.truncate, real.sync

        def written(f: int, data: int, size: int, at: int) -> int:
            self.steps.append(Step("write", behind, at, ctypes.string_at(data, size)))
            return int(write(f, data, size, at))

        def truncated(f: int, size: int) -> int:
            self.steps.append(Step("truncate", behind, size))
            return int(truncate(f, size))

        def synced(f: int, flags: int) -> int:
            code = int(sync(f, flags))
            self.steps.append(Step("sync", behind))
            return code

        own.write, own.truncate, own.sync = (
            WriteCall(written),
            TruncateCall(truncated),
            SyncCall(synced),
        )
        self._kept += [own, own.write, own.truncate, own.sync]
        place[0] = ctypes.addressof(own)


def _library() -> Any:
    """The shared library in which the SQLite that we use lives."""
    if sqlite.library.source == "pysqlite3":
        import pysqlite3._sqlite3 as module
    else:
        import _sqlite3 as module
    return ctypes.CDLL(module.__file__)
