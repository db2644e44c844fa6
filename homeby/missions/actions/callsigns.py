"""Giving out the callsigns of a season: to everybody who is not out. Whoever is must be found by
what stands on the board, so she keeps hers until she is in, and gets the new one within the hour.

A round is safe to repeat and to interrupt: what was given is gone from the list in the same commit.
"""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from django.utils.translation import gettext as _

from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.missions.models import PartyMember
from homeby.missions.rules import MemberState
from homeby.people import queries as people
from homeby.people.actions import seasons
from homeby.people.queries import seasons as queries
from homeby.people.rules import Recipient
from homeby.people.texts import Words, say_to

#: So many at most in one commit: the gate goes on between two.
AT_ONCE = 10


def give_due(*, now: dt.datetime) -> int:
    """Give everybody her callsign who waits for one and is not out; gives how many they were."""
    waiting, given = _not_out(queries.waiting()), 0
    taken = queries.taken() if waiting else set()
    for begin in range(0, len(waiting), AT_ONCE):
        given += _give(waiting[begin : begin + AT_ONCE], taken, now=now)
    return given


def _not_out(keys: list[uuid.UUID]) -> list[uuid.UUID]:
    out = set(PartyMember.objects.filter(state=MemberState.OUT).values_list("person_id", flat=True))
    return [key for key in keys if key not in out]


def _give(keys: list[uuid.UUID], taken: set[str], *, now: dt.datetime) -> int:
    with logbook.writing(now=now, by=None, device="station") as book:
        due = seasons.due_locked(keys)
        # Whoever signs out waits for these rows, and is written to the board by the new callsign;
        # whoever was quicker is out, and keeps the old one.
        leaving = PartyMember.objects.select_for_update()
        list(leaving.filter(person_id__in=due, state=MemberState.PLANNED).order_by("pk"))
        still = _not_out(list(due))
        reach = people.recipients(still)
        for key in still:
            callsign = seasons.draw(taken)
            page = seasons.give(book, due[key], callsign)
            if key in reach and reach[key].reaches:
                _tell(book, page, reach[key], callsign)
    return len(still)


def _tell(book: Book, page: Page, one: Recipient, callsign: str) -> None:
    subject, text = say_to(one, partial(_words, callsign))
    order = Order(
        key=f"person:{one.person_id}/callsign/{page.entry.entry_id}",
        about=f"person:{one.person_id}",
        recipient=one,
        kind=MessageKind.NOTICE,
        subject=subject,
        text=text,
    )
    tell(page, [order], now=book.now)


def _words(callsign: str) -> Words:
    return _("Your new callsign: %s") % callsign, _(
        "A new season of callsigns has begun. From now on you are %s by radio, at the gate, on "
        "boards and in messages. Nobody finds you by the old one any more."
    ) % callsign
