"""One list in place of many messages that come for one person at once. Pure.

More than three become one list that names every party; its link opens the whole list, its code
takes all of it (`RELIABILITY.md` 5, step 5; GoAlert's bundles).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.comms.rules.words import MessageKind

LIST_FROM = 4
LATE_LIST_FROM = 2  # of messages after an outage: three in five minutes are all that one gets
LIST_MOST = 2000
FLOOD = dt.timedelta(seconds=60)
GATHER = dt.timedelta(seconds=10)
GATHER_FIRST = dt.timedelta(seconds=2)
_ALONE = frozenset({MessageKind.VERIFICATION, MessageKind.TEST, MessageKind.EXERCISE})


@dataclass(frozen=True, kw_only=True)
class Item:
    """A message that may stand in a list. `urgency` 0 is the gravest; `since_at` puts the longest
    worry first."""

    message_id: uuid.UUID
    kind: MessageKind
    subject: str
    text: str
    may_take: bool
    is_for_kin: bool
    urgency: int
    since_at: dt.datetime


def is_alarm_list(item: Item) -> bool | None:
    """Into which list an item goes: that of alarms that can be taken (True), that of other words
    (False), or none at all (None): what kin read, codes, tests, exercises, and what asks the party
    itself."""
    if item.is_for_kin or item.kind in _ALONE:
        return None
    if item.kind is MessageKind.ALARM:
        return True if item.may_take else None
    return False


def become_a_list(count: int, late: int) -> bool:
    """Whether so many messages for one contact point go as a list; `late` of them say that they
    come late."""
    return count >= LIST_FROM or late >= LATE_LIST_FROM


def in_order(items: Sequence[Item]) -> list[Item]:
    """The gravest first, then the longest."""
    return sorted(items, key=lambda one: (one.urgency, one.since_at, one.subject))


def line(item: Item) -> str:
    """How a list names one message: its subject, and for an alarm what has happened, whose name is
    not said twice: "ALERT A-1042: Fox is not back; expected 18:00, 2 h ago."."""
    if item.kind is not MessageKind.ALARM:
        return item.subject
    happened = item.text.partition("\n")[0]
    number, colon, title = item.subject.partition(": ")
    if colon and happened.startswith(title):
        return f"{number}: {happened}"
    return f"{item.subject}. {happened}"


def fitting(lines: Sequence[str], *, most: int) -> int:
    """How many lines, one below the other, fit into so many characters; at least one."""
    used, count = 0, 0
    for one in lines:
        used += len(one) + 1
        if used > most:
            break
        count += 1
    return max(count, min(1, len(lines)))


def gathers_until(
    *,
    written_at: dt.datetime,
    last_list_at: dt.datetime | None,
    after_an_outage: bool = False,
    now: dt.datetime,
) -> dt.datetime | None:
    """In a flood (a list went there within the last minute) further alarms wait up to 10 s from
    when they were written, so that they share one list. After an outage the first ones wait for
    2 s, for what several watchkeepers judge at the same time. None: go now."""
    is_flood = last_list_at is not None and last_list_at > now - FLOOD
    if not is_flood and not after_an_outage:
        return None
    until = written_at + (GATHER if is_flood else GATHER_FIRST)
    return until if now < until <= now + GATHER else None
