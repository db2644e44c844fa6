"""What can befall a process: killed at a named point, the database in trouble, others in between.

The points stand at the database connection and at the provider: before and after each commit,
before each transaction, before and after each send. Whoever is killed keeps nothing but what was
committed; the next process goes on from the database alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, OperationalError, connection, connections

BEFORE_TRANSACTION = "before a transaction"
BEFORE_COMMIT = "before a commit"
AFTER_COMMIT = "after a commit"
BEFORE_SEND = "before a send"
AFTER_SEND = "after a send"
MOST_POINTS = 14
MOST_STATEMENTS = 25


class Killed(BaseException):
    """The process ends here, as by SIGKILL: no handler of the product may see it."""


class Faults:
    """The faults of one world. Nothing happens while `calm`."""

    def __init__(self, chance: random.Random, *, calm: bool, tell: Callable[[str], None]) -> None:
        self._chance, self._tell = chance, tell
        self.calm = calm
        self.meanwhile: Callable[[], None] = lambda: None
        self.kills = 0
        self.troubles = 0
        self._quiet = 0
        self._points_left = 0
        self._statements_left = 0
        self._troubles_left = 0
        self._broken = False

    # --- what the world decides -----------------------------------------------------------------

    def maybe(self, *, kill: float, trouble: float) -> None:
        """Before an act of a process: perhaps it will be killed, perhaps meet trouble."""
        self._points_left = self._statements_left = self._troubles_left = 0
        if self.calm or self._quiet:
            return
        if self._chance.random() < kill:
            self._points_left = self._chance.randint(1, MOST_POINTS)
        elif self._chance.random() < trouble:
            self._troubles_left = self._chance.choice((1, 1, 2, 3, 6))
            self._statements_left = self._chance.randint(1, MOST_STATEMENTS)

    def undisturbed(self, work: Callable[[], Any]) -> Any:
        """Do something that no fault may disturb: a look of the checkers, an act in between."""
        kept = self._points_left, self._statements_left, self._troubles_left
        self._points_left = self._statements_left = self._troubles_left = 0
        self._quiet += 1
        try:
            return work()
        finally:
            self._quiet -= 1
            self._points_left, self._statements_left, self._troubles_left = kept

    # --- where it strikes -----------------------------------------------------------------------

    def point(self, name: str) -> None:
        """A named point of a process; perhaps it gets no further, perhaps others act here first."""
        if self._quiet:
            return
        if name in (BEFORE_TRANSACTION, BEFORE_SEND) and self._chance.random() < 0.05:
            self.undisturbed(self.meanwhile)
        if self._points_left:
            self._points_left -= 1
            if not self._points_left:
                self._die(name)

    def _die(self, name: str) -> None:
        self.kills += 1
        if connection.connection is not None:
            with suppress(Exception):
                connection.connection.rollback()
        raise Killed(name)

    def _strike(self) -> None:
        """Perhaps trouble of the database; within a transaction it stays until the end of it."""
        if self._quiet:
            return
        if self._broken and connection.in_atomic_block:
            raise OperationalError("disk I/O error (simulated)")
        if not self._statements_left:
            return
        self._statements_left -= 1
        if not self._statements_left:
            self.troubles += 1
            self._tell("the database is in trouble")
            self._troubles_left -= 1
            self._broken = connection.in_atomic_block
            if self._troubles_left > 0:
                self._statements_left = self._chance.randint(1, MOST_STATEMENTS)
            raise OperationalError("disk I/O error (simulated)")

    # --- how it is connected --------------------------------------------------------------------

    def watch_connection(self) -> Callable[[], None]:
        """Stand at the connection of this process; gives the function that leaves it."""
        wrapper: Any = connections["default"]  # the thread's own, not the proxy in front of it
        commit, set_autocommit = wrapper._commit, wrapper.set_autocommit

        def watched_commit() -> None:
            self._strike()
            self.point(BEFORE_COMMIT)
            commit()
            self.point(AFTER_COMMIT)

        def watched_set_autocommit(autocommit: bool, *rest: Any, **more: Any) -> None:
            if not autocommit:
                self.point(BEFORE_TRANSACTION)
                self._broken = False
            set_autocommit(autocommit, *rest, **more)

        def statement(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            self._strike()
            return execute(sql, params, many, context)

        wrapper._commit, wrapper.set_autocommit = watched_commit, watched_set_autocommit
        wrapper.execute_wrappers.append(statement)

        def leave() -> None:
            wrapper._commit, wrapper.set_autocommit = commit, set_autocommit
            wrapper.execute_wrappers.remove(statement)

        return leave


def forget_connection() -> None:
    """What the next process finds: no connection, no open transaction."""
    with suppress(DatabaseError):
        connection.close()
