"""Stations to be measured: each a process of its own, on a real SQLite file or a real PostgreSQL.

Both databases run as a station would have them: SQLite in WAL with FULL, PostgreSQL with fsync,
synchronous commits and full page writes. A worker is asked by a line of JSON and answers by one.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.pgplugin import Absent, create_database, start_postgresql

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("postgresql", "sqlite")
DURABLE = (
    "listen_addresses=",
    "max_connections=50",
    "shared_buffers=1GB",
    "max_wal_size=8GB",
    "fsync=on",
    "synchronous_commit=on",
    "full_page_writes=on",
)


class Worker:
    """One station's process. `ask` waits for its answer; what it says besides, to our stderr."""

    def __init__(self, *, database: str, environment: dict[str, str]) -> None:
        self.database = database
        self.environment = environment
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.worker"],
            cwd=ROOT,
            env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, what: str, **values: Any) -> Any:
        """Have one thing done. Raises RuntimeError when the worker ended instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"what": what, **values}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the worker on {self.database} ended while it did: {what}")
        return json.loads(line)

    def end(self) -> None:
        """Close its input; it ends by itself."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


@contextlib.contextmanager
def workers(
    database: str, names: tuple[str, ...], *, folder: Path | None
) -> Iterator[list[Worker]]:
    """A worker for each name, each with an empty database of its own. Raises Absent."""
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=folder)))
        url = ""
        if database == "postgresql":
            url, stop = start_postgresql(options=DURABLE)
            stack.callback(stop)
        found = []
        for name in names:
            own = {"HOMEBY_HOME": str(home / name), "HOMEBY_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1"}
            own["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
            if url:
                own["HOMEBY_DATABASE_URL"] = create_database(url=url, name=name)
            worker = Worker(database=database, environment=own)
            stack.callback(worker.end)
            found.append(worker)
        yield found


__all__ = ["DATABASES", "Absent", "Worker", "workers"]
