"""A PostgreSQL that can be killed and started again. It runs with fsync, so that a kill is honest
about what the server itself has promised."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import pgplugin


@dataclass
class KillableServer:
    """One cluster on a socket of its own."""

    programs: Path
    folder: Path
    how: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"postgresql://{pgplugin.USER}@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers; again, while processes of the dead one still hold
        its memory."""
        asked: list[str | Path] = [self.programs / "pg_isready", "-q", "-h", self.folder]
        for _ in range(600):
            if self.process is None or self.process.poll() is not None:
                self._begin()
            if subprocess.run(asked, check=False).returncode == 0:
                return
            threading.Event().wait(0.1)
        raise pgplugin.Absent("PostgreSQL did not come back within a minute")

    def _begin(self) -> None:
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        serve: list[str | Path] = [self.programs / "postgres", "-D", self.folder / "data"]
        serve += ["-k", self.folder, "-c", "listen_addresses=", "-c", "max_connections=60"]
        with (self.folder / "log").open("ab") as out:
            self.process = subprocess.Popen(serve, stdout=out, stderr=out, **self.how)

    def kill(self) -> None:
        """The server and all its processes, at once, by SIGKILL."""
        assert self.process is not None, "killed after it was started"
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one in (pid, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        self.process.wait()
        self.process = None
        self.kills += 1


@contextlib.contextmanager
def killable_server() -> Iterator[KillableServer]:
    """A cluster made for this run; gone with it. Raises Absent."""
    identity = pgplugin._identity()
    folder = Path(tempfile.mkdtemp(prefix="homeby-kills-", dir="/tmp"))
    try:
        programs = pgplugin._lend(
            programs=pgplugin.find_programs(), folder=folder, identity=identity
        )
        environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        how: dict[str, Any] = {"env": environment, "cwd": folder, **identity.options()}
        make: list[str | Path] = [programs / "initdb", "-D", folder / "data"]
        make += ["-U", pgplugin.USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(make, check=True, capture_output=True, **how)
        server = KillableServer(programs=programs, folder=folder, how=how)
        server.start()
        yield server
        server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
