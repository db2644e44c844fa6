"""The limit of the gate: a bare ASGI application that only does the database's part of a check-in.

The hash of the key, one UPDATE and one INSERT; then the commit, then the answer. On PostgreSQL each
request commits by itself, on one of a few open connections; on SQLite one writer takes everything
that waits and commits once (FULL, WAL). No Django, no rights, no logbook, nothing read of the body.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from homeby import sqlite as _chosen  # noqa: F401 - puts the safe library in sqlite3's place

CONNECTIONS = 8
TABLES = (
    "CREATE TABLE bare_deadline"
    " (key_hash text PRIMARY KEY, act_at double precision, heard integer)",
    "CREATE TABLE bare_entry (entry_id text, key_hash text, happened_at double precision)",
)
UPDATE = "UPDATE bare_deadline SET act_at = {0}, heard = heard + 1 WHERE key_hash = {0}"
INSERT = "INSERT INTO bare_entry VALUES ({0}, {0}, {0})"
Record = Callable[[str], Awaitable[None]]


def hash_of(key: str) -> str:
    """What the table knows of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def lay_out(*, database: str, where: str, keys: list[str]) -> None:
    """The two tables, with a row for each key."""
    rows = [(hash_of(key), time.time(), 0) for key in keys]
    if database == "postgresql":
        import psycopg

        with psycopg.connect(where) as line, line.cursor() as cursor:
            for statement in TABLES:
                cursor.execute(statement.encode())
            cursor.executemany("INSERT INTO bare_deadline VALUES (%s, %s, %s)", rows)
        return
    line = _sqlite(where)
    for statement in TABLES:
        line.execute(statement)
    line.executemany("INSERT INTO bare_deadline VALUES (?, ?, ?)", rows)
    line.commit()
    line.close()


def count(*, database: str, where: str) -> int:
    """How many check-ins were recorded."""
    if database == "postgresql":
        import psycopg

        with psycopg.connect(where) as line:
            row = line.execute("SELECT count(*) FROM bare_entry").fetchone()
            return int(row[0]) if row else 0
    found: int = _sqlite(where).execute("SELECT count(*) FROM bare_entry").fetchone()[0]
    return found


def _sqlite(path: str) -> Any:
    import sqlite3

    line = sqlite3.connect(path, check_same_thread=False)
    line.execute("PRAGMA journal_mode=WAL")
    line.execute("PRAGMA synchronous=FULL")
    return line


async def _postgresql(url: str) -> Record:
    import psycopg

    free: asyncio.Queue[Any] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await psycopg.AsyncConnection.connect(url, prepare_threshold=0))
    both = f"WITH done AS ({UPDATE.format('%s')}) {INSERT.format('%s')}".encode()

    async def record(key_hash: str) -> None:
        now = time.time()
        line = await free.get()
        try:
            await line.execute(both, (now, key_hash, os.urandom(16).hex(), key_hash, now))
            await line.commit()
        finally:
            free.put_nowait(line)

    return record


async def _one_writer(path: str) -> Record:
    loop, bell = asyncio.get_running_loop(), threading.Condition()
    waiting: deque[tuple[str, asyncio.Future[None]]] = deque()

    def give(group: list[tuple[str, asyncio.Future[None]]]) -> None:
        for _key_hash, answered in group:
            answered.set_result(None)

    def work() -> None:
        line = _sqlite(path)
        while True:
            with bell:
                bell.wait_for(lambda: bool(waiting))
                group = [waiting.popleft() for _ in range(len(waiting))]
            now = time.time()
            line.executemany(UPDATE.format("?"), [(now, one) for one, _ in group])
            rows = [(os.urandom(16).hex(), one, now) for one, _ in group]
            line.executemany(INSERT.format("?"), rows)
            line.commit()
            loop.call_soon_threadsafe(give, group)

    threading.Thread(target=work, daemon=True).start()

    async def record(key_hash: str) -> None:
        answered: asyncio.Future[None] = loop.create_future()
        with bell:
            waiting.append((key_hash, answered))
            bell.notify()
        await answered

    return record


class Bare:
    """The application."""

    def __init__(self) -> None:
        self._record: asyncio.Task[Record] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Record, commit, answer."""
        if scope["type"] != "http":
            return
        if self._record is None:
            where = os.environ["BARE_WHERE"]
            make = _one_writer if Path(where).is_absolute() else _postgresql
            self._record = asyncio.ensure_future(make(where))
        record = await self._record
        while (await receive()).get("more_body"):
            pass
        key = dict(scope["headers"])[b"authorization"].decode().removeprefix("Bearer ")
        await record(hash_of(key))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"answers":[]}'})


application = Bare()
