"""One look at the database each half second for everybody who listens, in a thread of its own.

However many boards are open, the database is asked once. A database that hangs holds up this one
thread and nothing else: the shell goes on answering and says how old its knowledge is.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from homeby.watch import queries as watch

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5
VERSION_EVERY_SECONDS = 10.0


class Snapshot(Protocol):
    """What one look brings: the number of the last entry, how long ago the watch last moved, and
    which bars stand over every page."""

    @property
    def last_entry_number(self) -> int:
        """Grows with every entry of the logbook."""

    @property
    def watch_age_seconds(self) -> float | None:
        """Real seconds since the watchkeeper last finished a round; None when it never did."""

    @property
    def looks(self) -> dict[str, dt.datetime]:
        """When each watchkeeper last finished a look."""

    @property
    def bars(self) -> tuple[str, ...]:
        """The names of the bars that every page shows now."""

    @property
    def paused_until(self) -> dt.datetime | None:
        """Until when the watch is paused; None while it watches."""


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """The functions that look, called in the pulse's own thread.

    `snapshot` may raise; `rest` then closes the connection, so that the next look opens a new one.
    """

    snapshot: Callable[[], Snapshot]
    database_is_newer: Callable[[], bool]
    rest: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Look:
    """The last look that succeeded, and when by the loop's own clock."""

    snapshot: Snapshot
    taken_seconds: float


class Pulse:
    """Looks, remembers the last look, and wakes those who listen when an entry was made."""

    def __init__(self, *, eyes: Eyes) -> None:
        self.look: Look | None = None
        self.database_is_newer = False
        self.stopping = False
        self.listeners: set[asyncio.Event] = set()
        self._eyes = eyes
        self._looked = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pulse")
        self._version_asked_seconds = float("-inf")
        self._blind = False

    def begin(self) -> None:
        """Start looking, once; must be called in the loop."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    def stop(self) -> None:
        """Let every listener go home; no new one stays."""
        self.stopping = True
        self._wake()

    async def end(self) -> None:
        """Stop looking too."""
        self.stop()
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown(wait=False, cancel_futures=True)

    def number(self) -> int | None:
        """The number of the last entry, as far as we know."""
        return self.look.snapshot.last_entry_number if self.look else None

    def look_age_seconds(self) -> float:
        """How old our knowledge is; infinite before the first look."""
        if self.look is None:
            return float("inf")
        return asyncio.get_running_loop().time() - self.look.taken_seconds

    def watch_age_seconds(self) -> float | None:
        """How long ago the watch last moved, counted on from the last look; None when unknown."""
        if self.look is None or self.look.snapshot.watch_age_seconds is None:
            return None
        return self.look.snapshot.watch_age_seconds + self.look_age_seconds()

    def bars(self) -> tuple[str, ...]:
        """The bars that stand over every page, as far as we know."""
        return self.look.snapshot.bars if self.look else ()

    def paused_until(self) -> dt.datetime | None:
        """Until when the watch is paused, as far as we know."""
        return self.look.snapshot.paused_until if self.look else None

    def watch_is_fresh(self) -> bool:
        """Whether the watch has moved lately enough (promise 7)."""
        return watch.is_fresh(self.watch_age_seconds())

    async def wait_for_look(self, *, max_age_seconds: float, timeout_seconds: float) -> bool:
        """Wait until our knowledge is at most so old; say whether it became so in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds), self._looked:
                await self._looked.wait_for(lambda: self.look_age_seconds() <= max_age_seconds)
        return self.look_age_seconds() <= max_age_seconds

    async def next_look(self, *, after_seconds: float, timeout_seconds: float) -> Look | None:
        """A look that began after this moment of the loop's clock; None if none came in time."""

        def newer() -> bool:
            return self.look is not None and self.look.taken_seconds > after_seconds

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds), self._looked:
                await self._looked.wait_for(newer)
        return self.look if newer() else None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            begun_seconds = loop.time()
            await self._look_once()
            spent_seconds = loop.time() - begun_seconds
            await asyncio.sleep(max(0.05, LOOK_EVERY_SECONDS - spent_seconds))

    async def _look_once(self) -> None:
        loop = asyncio.get_running_loop()
        asked_seconds = loop.time()
        ask_version = asked_seconds - self._version_asked_seconds >= VERSION_EVERY_SECONDS
        found = await loop.run_in_executor(self._thread, self._see, ask_version)
        if found is None:
            return
        snapshot, newer = found
        if newer is not None:
            self.database_is_newer = newer
            self._version_asked_seconds = asked_seconds
        moved = self.number() != snapshot.last_entry_number
        self.look = Look(snapshot=snapshot, taken_seconds=asked_seconds)
        async with self._looked:
            self._looked.notify_all()
        if moved:
            self._wake()

    def _see(self, ask_version: bool) -> tuple[Snapshot, bool | None] | None:
        """In the pulse's thread. Any error means: nothing seen this time."""
        try:
            newer = self._eyes.database_is_newer() if ask_version else None
            snapshot = self._eyes.snapshot()
        except Exception as error:  # noqa: BLE001 - a look that fails must not end the looking
            if not self._blind:
                logger.warning("the shell cannot look at the database: %s", error)
            self._blind = True
            with contextlib.suppress(Exception):
                self._eyes.rest()
            return None
        self._blind = False
        return snapshot, newer

    def _wake(self) -> None:
        for listener in self.listeners:
            listener.set()
