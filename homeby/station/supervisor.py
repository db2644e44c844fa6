"""One process that starts the others, starts again what ends, and stops them all together.

The web part, the watchkeeper and the auditor are processes of their own: a page that hangs never
holds up the watch, and a watch that hangs is noticed. Nothing is kept here that a crash could lose;
everything lies in the database. It is the one process that must not break, so nothing of Django,
of the settings or of any room is loaded here: `become` goes on as this program once all is ready.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast
from urllib.error import URLError
from urllib.request import urlopen

from homeby import output
from homeby.output import Form, ForTheEye, Word
from homeby.station import lifeline, notifying

FIRST_PAUSE_SECONDS = 0.4
LONGEST_PAUSE_SECONDS = 10.0
#: Who ran this long is healthy: the next pause is the first one again.
HEALTHY_AFTER_SECONDS = 60.0
SECONDS_TO_STOP = 4.0
_READY_EVERY_SECONDS = 0.2
_READY_PATIENCE_SECONDS = 60.0

#: The name of the supervisor's lines; they are what `homeby run` answers.
LOG = "homeby.station"


class CannotStart(Exception):
    """The station cannot start; the text is a sentence for the person who tried."""


@dataclass(frozen=True, kw_only=True)
class Child:
    """A process that the supervisor keeps alive: what it is called, how it is started. With
    `every_seconds` it does its work and leaves, and is started again by that pace; it may take as
    long as that for it, and begins `first_seconds` after the station."""

    name: str
    command: tuple[str, ...]
    every_seconds: float = 0.0
    first_seconds: float = 0.0


class Served(Protocol):
    """What the supervisor must know of the settings."""

    @property
    def host(self) -> str:
        """The address that the web part listens on."""

    @property
    def port(self) -> int:
        """And its port."""

    @property
    def public_url(self) -> str:
        """Where people find the station."""

    @property
    def log_format(self) -> Form:
        """How its lines look."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """The same, as `become` hands it on."""

    host: str
    port: int
    public_url: str
    log_format: Form


def usual_children() -> tuple[Child, ...]:
    """The web part, the watchkeeper, the auditor, who checks what the watchkeeper does, who writes
    to the partner stations, and who looks every hour what is to be asked for and to be erased."""
    part = (sys.executable, "-m", "homeby.station.part")
    return (
        Child(name="web", command=(sys.executable, "-m", "homeby.station.web_server")),
        Child(name="watchkeeper", command=(*part, "watchkeeper")),
        Child(name="auditor", command=(*part, "auditor")),
        Child(name="partner", command=(*part, "partner")),
        Child(
            name="hourly",
            command=(sys.executable, "-m", "homeby", "hourly"),
            every_seconds=3600.0,
            first_seconds=300.0,  # after an outage the watch catches up first
        ),
    )


def become(*, settings: Served) -> NoReturn:
    """Keep the station running by this very process, from now on without what it had loaded: what
    got the station ready is eight times as large as what keeps it alive. Does not come back.

    Raises CannotStart when the port is already taken or may not be used.
    """
    refuse_taken_port(host=settings.host, port=settings.port)
    words = (settings.host, str(settings.port), settings.public_url, settings.log_format)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execv(sys.executable, [sys.executable, "-m", "homeby.station.supervisor", *words])


def main(words: Sequence[str]) -> None:
    """The program that `become` goes on as."""
    host, port, public_url, log_format = words
    form = cast(Form, log_format)  # it was one among the settings
    told = Told(host=host, port=int(port), public_url=public_url, log_format=form)
    try:
        run(settings=told)
    except CannotStart as trouble:
        sys.exit(str(trouble))


def run(*, settings: Served, children: Sequence[Child] | None = None) -> None:
    """Keep the station running until SIGTERM or SIGINT; then stop everything within 5 s.

    Raises CannotStart when the port is already taken or may not be used.
    """
    refuse_taken_port(host=settings.host, port=settings.port)
    log = output.to_standard_output(LOG, settings.log_format)
    output.catch_all()
    asyncio.run(_Supervisor(settings=settings, log=log).run(children or usual_children()))


def refuse_taken_port(*, host: str, port: int) -> None:
    """Raise CannotStart with a sentence when nobody could listen on this address and port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise CannotStart(_why_no_port(error=error, host=host, port=port)) from None


def _why_no_port(*, error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is already taken, perhaps by another Homeby. End that program, or choose "
            "another port by the setting port (HOMEBY_PORT)."
        )
    if error.errno == errno.EACCES:
        return (
            f"This account may not listen on port {port}. Choose a port above 1023 by the setting "
            "port (HOMEBY_PORT)."
        )
    return f"Nobody can listen on {host} port {port}: {error.strerror}. Look at host and port."


def ready_when(*, url: str, patience_seconds: float) -> Callable[[], bool]:
    """A function that says whether `url` answers 200 now; it waits at most `patience_seconds`."""

    def answers() -> bool:
        try:
            with urlopen(url, timeout=patience_seconds) as answer:  # noqa: S310 - our own address
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    return answers


class _Supervisor:
    def __init__(self, *, settings: Served, log: logging.Logger) -> None:
        self._settings = settings
        self._log = log
        self._stop = asyncio.Event()
        self._at_once = asyncio.Event()

    async def run(self, children: Sequence[Child]) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_stop)
        beside = [loop.create_task(one) for one in (self._greet(), notifying.stay_alive())]
        notifying.tell("READY=1")
        async with asyncio.TaskGroup() as group:
            for child in children:
                group.create_task((self._repeat if child.every_seconds else self._keep)(child))
        for one in beside:
            one.cancel()
        self._log.info("stopped")

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._at_once.set()
            return
        self._log.info("stopping")
        notifying.tell("STOPPING=1")
        self._stop.set()

    async def _keep(self, child: Child) -> None:
        """Start the child, and start it again whenever it ends, until the station stops."""
        loop = asyncio.get_running_loop()
        pause_seconds = FIRST_PAUSE_SECONDS
        while not self._stop.is_set():
            begun_seconds = loop.time()
            how = await self._run_once(child)
            if self._stop.is_set():
                break
            if loop.time() - begun_seconds >= HEALTHY_AFTER_SECONDS:
                pause_seconds = FIRST_PAUSE_SECONDS
            told = {"child": Word(child.name), "how": Word(how), "again_in_seconds": pause_seconds}
            self._log.warning(
                "%(child)s ended (%(how)s); starting it again in %(again_in_seconds)g s", told
            )
            await _any_of(self._stop.wait(), timeout_seconds=pause_seconds)
            pause_seconds = min(2 * pause_seconds, LONGEST_PAUSE_SECONDS)

    async def _repeat(self, child: Child) -> None:
        """Have the child do its work by its pace, until the station stops."""
        loop, pause_seconds = asyncio.get_running_loop(), child.first_seconds
        while not self._stop.is_set():
            await _any_of(self._stop.wait(), timeout_seconds=pause_seconds)
            if self._stop.is_set():
                break
            begun = loop.time()
            how = await self._run_once(child)
            if how != _WELL and not self._stop.is_set():
                told = {"child": Word(child.name), "how": Word(how)}
                self._log.warning("%(child)s did not end well (%(how)s); see its lines", told)
            left = child.every_seconds - (loop.time() - begun)  # it may have stayed for long
            pause_seconds = max(left, child.every_seconds / 60)

    async def _run_once(self, child: Child) -> str:
        """Run the child to its end, or end it when the station stops. Says how it ended."""
        try:
            process = await asyncio.create_subprocess_exec(
                *child.command,
                stdin=asyncio.subprocess.PIPE,
                env=_environment(),
                start_new_session=True,  # Ctrl-C reaches the supervisor alone
            )
        except OSError as error:
            return f"it cannot be started: {error.strerror}"
        told = {"child": Word(child.name), "number": process.pid}
        self._log.info("%(child)s started (process %(number)d)", told)
        try:
            limit = child.every_seconds or None
            await _any_of(process.wait(), self._stop.wait(), timeout_seconds=limit)
            if process.returncode is None:
                await self._end(process)
        finally:
            _kill_rest(process.pid)
        return _how(await process.wait())

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await _any_of(process.wait(), self._at_once.wait(), timeout_seconds=SECONDS_TO_STOP)

    async def _greet(self) -> None:
        """Say the address once the station answers on it."""
        url = f"http://{_own_place(self._settings.host)}:{self._settings.port}/healthz"
        answers = ready_when(url=url, patience_seconds=4.0)
        loop = asyncio.get_running_loop()
        give_up_seconds = loop.time() + _READY_PATIENCE_SECONDS
        while loop.time() < give_up_seconds:
            if await asyncio.to_thread(answers):
                self._log.info("ready at %s", ForTheEye(self._settings.public_url))
                return
            await asyncio.sleep(_READY_EVERY_SECONDS)
        self._log.error(
            "/healthz has not answered well for a minute (port %d); `homeby doctor` says more",
            self._settings.port,
        )


_MEMORY = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": str(1024 * 1024)}


def _environment() -> dict[str, str]:
    """What a child gets: a lifeline, and one place from which all its threads take memory. By
    itself glibc gives each thread its own, and keeps what the largest page ever took for each. What
    is large (a page of ten thousand rows) goes back to the machine at once: by itself glibc would
    keep that, too, once it was given back for the first time."""
    return {**_MEMORY, **os.environ, lifeline.VARIABLE: "1"}


def _own_place(host: str) -> str:
    """How this machine reaches itself when the web part listens on `host`."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - listening everywhere is the organisation's choice
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _any_of(*waits: object, timeout_seconds: float | None = None) -> None:
    """Wait until one of them is done, or the time is over; the others are given up."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]  # type: ignore[call-overload]
    try:
        await asyncio.wait(tasks, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _kill_rest(group: int) -> None:
    """End what is left of a child: processes it had started hold the port otherwise."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


_WELL = "it left with code 0"


def _how(code: int) -> str:
    if code >= 0:
        return f"it left with code {code}"
    with contextlib.suppress(ValueError):
        return f"killed by {signal.Signals(-code).name}"
    return f"killed by signal {-code}"


if __name__ == "__main__":
    main(sys.argv[1:])
