"""Telling people at once what was done to the watch over them, or to the watch they keep (P17)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook.actions import Page
from homeby.people import queries as people
from homeby.watch.actions.recipients import Roll, call_roll
from homeby.watch.models import Subject


def notify(
    page: Page, to: Iterable[uuid.UUID], words: tuple[str, str], *, key: str, about: str
) -> list[uuid.UUID]:
    """Queue one notice for each of these people, at any hour; gives who they are. `key` tells this
    notice from others and stays the same when the act is repeated."""
    found = people.recipients(dict.fromkeys(to))
    orders = [
        Order(
            key=f"{key}/{one.person_id}",
            about=about,
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=words[0],
            text=words[1],
            in_danger=True,
        )
        for one in found.values()
    ]
    tell(page, orders, now=page.book.now)
    return list(found)


def keepers(*, now: dt.datetime) -> list[uuid.UUID]:
    """Whoever holds the watch now, stands in for it, or may have to: all who have a role in it."""
    return _keepers_of(call_roll([], named=(), now=now))


def _keepers_of(roll: Roll) -> list[uuid.UUID]:
    return list(dict.fromkeys([*roll.officers, *roll.deputies, *roll.everybody]))


def officers(*, now: dt.datetime, without: Collection[uuid.UUID | None] = ()) -> list[uuid.UUID]:
    """Whoever holds the watch now, but for those who know already."""
    roll = call_roll([], named=(), now=now)
    return [key for key in roll.officers if key not in without]


def concerned(subjects: Iterable[Subject]) -> list[uuid.UUID]:
    """The parties of these subjects, who leads them, who checks on them."""
    found: dict[uuid.UUID, None] = {}
    for subject in subjects:
        own = (uuid.UUID(key) for key in subject.party)
        for key in (*own, subject.leader_id, subject.buddy_id):
            if key is not None:
                found[key] = None
    return list(found)
