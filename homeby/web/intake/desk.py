"""Where batches of entries wait for a commit, and are answered after it: group commit that adapts.

One writer takes everything that waits and commits once; what arrives meanwhile is the next group,
so groups grow with the load and one alone is not kept waiting. On SQLite that is the only writer.
On PostgreSQL another writer steps in when the first in line has waited long, because a group waits
for a row that somebody holds; and there only check-ins share a commit. Nobody is answered before
the commit has returned.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from homeby.missions.actions.intake import Batch, Result, Trouble, is_light, take

logger = logging.getLogger(__name__)

#: On PostgreSQL: so many threads, each with a connection of its own ...
WRITERS = 4
#: ... of which one takes all, and the next one steps in when somebody has waited so long.
STEP_IN_SECONDS = 0.1
#: Those who were answered together mostly send again together, and meet those who came meanwhile:
#: the next group waits so long for both, or two halves would go on taking turns, each at the price
#: of a whole group. One alone is never kept waiting by it.
GATHER_SECONDS = 0.003
#: The most entries of one commit: more would keep the first of them waiting for its answer.
GROUP_ENTRIES = 256
#: More than this many batches in line are sent away, to come again: a limit on the queue.
LINE_MAX = 4096


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How batches become commits: `writers` threads, of which a further one steps in when the first
    in line has waited `step_in_seconds`; `light_only` where only check-ins may share a commit."""

    writers: int
    light_only: bool
    step_in_seconds: float = STEP_IN_SECONDS


ONE_WRITER = Pace(writers=1, light_only=False)
MANY_WRITERS = Pace(writers=WRITERS, light_only=True)


class Full(Exception):
    """Too many wait already."""


@dataclass(frozen=True, eq=False)
class _Waiting:
    batch: Batch
    answered: asyncio.Future[Result]
    loop: asyncio.AbstractEventLoop
    since_seconds: float


class Desk:
    """Takes batches in the loop, has threads record them, and gives the results back to the loop.
    `record` commits and answers; `rest` lets a broken database connection go."""

    def __init__(
        self,
        *,
        record: Callable[[Sequence[Batch]], list[Result]],
        pace: Pace,
        rest: Callable[[], None],
    ) -> None:
        self._record = record
        self._pace = pace
        self._rest = rest
        self._line: deque[_Waiting] = deque()
        self._bell = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._busy = 0
        self._together = 1
        self._gathering = False
        self._ended_seconds = 0.0
        self._closed = False

    async def put(self, batch: Batch) -> Result:
        """Wait in line, and for the commit. Raises Full."""
        loop = asyncio.get_running_loop()
        one = _Waiting(batch, loop.create_future(), loop, time.monotonic())
        with self._bell:
            if len(self._line) >= LINE_MAX or self._closed:
                raise Full
            self._begin()
            self._line.append(one)
            if self._is_news():
                self._bell.notify_all()
        return await one.answered

    def _is_news(self) -> bool:
        """Whether whoever waits has something to do for the last in line: the first of a line is
        taken, or its time counted, and who gathers is told of the last one that was awaited. Rung
        for each, every thread of us would wake, and hold up the loop."""
        return len(self._line) == (self._together if self._gathering else 1)

    def close(self) -> None:
        """Record what stands in line, and take no more."""
        with self._bell:
            self._closed = True
            self._bell.notify_all()

    def _begin(self) -> None:
        """With the first batch, so that a process which forks before has no threads."""
        if not self._threads:
            self._threads = [
                threading.Thread(target=self._work, name=f"writer-{number}", daemon=True)
                for number in range(self._pace.writers)
            ]
            for thread in self._threads:
                thread.start()

    def _work(self) -> None:
        while group := self._next():
            results = self._recorded([one.batch for one in group])
            done = list(zip(group, results, strict=True))
            with contextlib.suppress(RuntimeError):  # the loop is gone, and with it whoever asked
                group[0].loop.call_soon_threadsafe(_give, done)
            self._done(len(group))
        self._rest()

    def _recorded(self, batches: list[Batch]) -> list[Result]:
        try:
            results = self._record(batches)
        except Exception:
            logger.exception("entries of devices could not be recorded")
            results = [Trouble(sentence=_not_recorded()) for _batch in batches]
        if any(isinstance(result, Trouble) and result.is_of_database for result in results):
            with contextlib.suppress(Exception):
                self._rest()
        return results

    def _next(self) -> list[_Waiting]:
        """What the next commit holds; nothing when the desk is closed and the line is empty."""
        with self._bell:
            while not self._begins():
                if self._closed and not self._line:
                    return []
                wait_seconds = self._to_wait()
                self._bell.wait(None if wait_seconds == float("inf") else wait_seconds)
            first = self._line.popleft()
            more = self._more(len(first.batch.claims)) if self._shares(first) else []
            if self._line:  # what may not share is somebody else's, once it has waited
                self._bell.notify_all()
            return [first, *more]

    def _begins(self) -> bool:
        """Whether it is this writer's turn, and something is in line: while one gathers, another
        may have stepped in and taken everything."""
        if self._to_wait() > 0:
            return False
        self._busy += 1
        if self._busy == 1:
            self._gather()
        if not self._line:
            self._busy -= 1
        return bool(self._line)

    def _gather(self) -> None:
        self._gathering = True
        while len(self._line) < self._together and not self._closed:
            left_seconds = self._ended_seconds + GATHER_SECONDS - time.monotonic()
            if left_seconds <= 0:
                break
            self._bell.wait(left_seconds)
        self._gathering = False

    def _to_wait(self) -> float:
        """How long this writer has nothing to do, unless it is rung for."""
        if not self._line:
            return float("inf")
        if not self._busy:
            return 0.0
        waited_seconds = time.monotonic() - self._line[0].since_seconds
        return max(0.0, self._pace.step_in_seconds * self._busy - waited_seconds)

    def _done(self, group: int) -> None:
        with self._bell:
            self._busy -= 1
            self._together = group + len(self._line)
            self._ended_seconds = time.monotonic()
            self._bell.notify()

    def _more(self, entries: int) -> list[_Waiting]:
        """Further batches for the same commit; what may not share it keeps its place in line."""
        taken, left = [], []
        while self._line and entries < GROUP_ENTRIES:
            one = self._line.popleft()
            if self._shares(one):
                taken.append(one)
                entries += len(one.batch.claims)
            else:
                left.append(one)
        self._line.extendleft(reversed(left))
        return taken

    def _shares(self, one: _Waiting) -> bool:
        return not self._pace.light_only or is_light(one.batch)


def _give(done: list[tuple[_Waiting, Result]]) -> None:
    for one, result in done:
        if not one.answered.done():  # whoever asked may have hung up
            one.answered.set_result(result)


def _not_recorded() -> str:
    return _(
        "Something went wrong in the station, and this was not recorded. Please send it again."
    )


def desk_for(*, vendor: str) -> Desk:
    """The desk of a station on this kind of database."""
    pace = ONE_WRITER if vendor == "sqlite" else MANY_WRITERS
    # Looked up anew: `connection.close` would be that of the thread which begins us.
    return Desk(record=take, pace=pace, rest=lambda: connection.close())
