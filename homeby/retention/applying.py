"""Erases what the organisation's rules no longer keep. Nothing that is in use is erased: what is
out, missed, on its way, or waits for somebody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from homeby.comms.queries.in_use import in_use as messages_in_use
from homeby.logbook import emptying
from homeby.logbook.forgetting import Reach, count, forget
from homeby.missions.actions.forgetting_sealed import forget_sealed
from homeby.missions.queries.in_use import in_use as missions_in_use
from homeby.missions.queries.in_use import not_reviewed
from homeby.people.actions.log_ins import forget_tries
from homeby.people.actions.retention import forget_contacts, note_applied
from homeby.people.queries.log_ins import tries_before
from homeby.people.queries.retention import days_kept, left_and_kept
from homeby.people.rules import STATION
from homeby.people.rules_private import DAYS_LEAST, UNCOUNTED, Lasting
from homeby.retention.forgotten import RULES
from homeby.watch.queries.in_use import in_use as watch_in_use


def spared(*, now: dt.datetime) -> set[str]:
    """The ids of everything that is still in use. Five queries."""
    return missions_in_use(since=since(now)) | watch_in_use() | messages_in_use()


def since(now: dt.datetime) -> dt.datetime:
    """What was planned for later than that is ahead, or was just now."""
    return now - dt.timedelta(days=DAYS_LEAST)


def _spared_looks(*, now: dt.datetime) -> set[str]:
    """What is in use, and what somebody has still to judge by who looked at it. Six queries."""
    return spared(now=now) | not_reviewed()


def preview(*, days: dict[Lasting, int | None], now: dt.datetime) -> dict[Lasting, int | None]:
    """How much each rule would erase now, were it so many days: bodies of entries, log-ins that
    were tried, looks, or people who left; 0 of what is not counted. None where there is no rule.
    Reads every body that is old enough."""
    return {
        one: None if days[one] is None else _due(one, days[one] or 0, now=now) for one in Lasting
    }


def _due(lasting: Lasting, days: int, *, now: dt.datetime) -> int:
    before = now - dt.timedelta(days=days)
    if lasting in UNCOUNTED:
        return 0
    if lasting is Lasting.CONTACTS:
        return len(left_and_kept(before=before))
    if lasting is Lasting.LOG_INS:
        return tries_before(before)
    if lasting is Lasting.LOOKS:
        return emptying.count_old(before=before, spared=partial(_spared_looks, now=now))
    return count(RULES[lasting], Reach(before=before), spared=partial(spared, now=now))


def _no_rest() -> None:
    """Somebody waits for it."""


def retain(
    *, by: uuid.UUID | None, now: dt.datetime, rest: Callable[[], None] = _no_rest
) -> dict[Lasting, int]:
    """Erase what each rule no longer keeps; gives how much by rule, for those that are set (0 of
    what is not counted). That it was done is an entry. It may be broken off at any instant: what is
    left is due the next time. `rest` is called between two commits."""
    done: dict[Lasting, int] = {}
    for lasting, days in days_kept(STATION).items():
        if days is None:
            continue
        assert days >= DAYS_LEAST, "no shorter rule can be set"
        before = now - dt.timedelta(days=days)
        done[lasting] = _erase(lasting, before, by=by, now=now, rest=rest)
    if done:
        note_applied(done, by=by, now=now)
    return done


def _erase(
    lasting: Lasting,
    before: dt.datetime,
    *,
    by: uuid.UUID | None,
    now: dt.datetime,
    rest: Callable[[], None],
) -> int:
    how: dict[str, Any] = {"by": by, "now": now, "rest": rest}
    if lasting is Lasting.SEALED:
        forget_sealed(
            before=before, spared=partial(missions_in_use, since=since(now)), now=now, rest=rest
        )
        return 0
    if lasting is Lasting.CONTACTS:
        left = left_and_kept(before=before)
        for person_id in left:
            forget_contacts(person_id=person_id, by=by, now=now)
            rest()
        return len(left)
    if lasting is Lasting.LOG_INS:
        return forget_tries(before=before)
    if lasting is Lasting.LOOKS:
        return emptying.empty_old(before=before, spared=partial(_spared_looks, now=now), **how)
    return forget(RULES[lasting], Reach(before=before), spared=partial(spared, now=now), **how)
