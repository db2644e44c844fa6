"""After a hard mission help is offered to everybody who was on it, to all in one moment and in the
same words; whether anybody takes it is kept nowhere (`STORY.md` 59). And each of them is asked how
she is after her first sleep, whoever released her and whoever did not."""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.logbook import actions as logbook
from homeby.logbook.queries import visible_entries
from homeby.missions.queries.duties import hard_and_over
from homeby.people.rules import STATION
from homeby.people.texts import Words
from homeby.readiness.actions import injuries
from homeby.readiness.queries.releases import wake_after
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.watch.actions.notices import notify

log = logging.getLogger("homeby.readiness")

#: So long after the last one was back it is still offered, where the station stood still.
WITHIN = dt.timedelta(days=3)


def offer_due(*, now: dt.datetime) -> int:
    """Offer it after each hard mission from which all are back, whoever of them was released and
    whoever was not; gives after how many. Safe to repeat and to interrupt."""
    over = {f"mission:{key}": party for key, party in hard_and_over(since=now - WITHIN).items()}
    done = visible_entries(STATION).filter(kind=kinds.SUPPORT_OFFERED, subject__in=over)
    offered = set(done.values_list("subject", flat=True))
    told = 0
    for ref in (one for one in over if one not in offered):
        try:
            _offer(ref, over[ref], now=now)
        except Exception:
            log.exception("support after a mission could not be offered; it is tried again")
        else:
            told += 1
    return told


def _offer(ref: str, party: list[uuid.UUID], *, now: dt.datetime) -> None:
    """To all of them, but whom an earlier version of Homeby wrote to when she was released."""
    # What it is about names no mission: nobody reads who was on it beside the outbox.
    key = f"support:{ref.removeprefix('mission:')}"
    known = comms.keys_written(f"{key}/{one}" for one in party)
    to = [one for one in party if f"{key}/{one}" not in known]
    with logbook.writing(now=now, by=None, device="station") as book:
        page = book.entry(kinds.SUPPORT_OFFERED, subject=ref)
        notify(page, to, _words, key=key, about="support", in_danger=False)
        first = now + injuries.FIRST_SLEEP
        for one, due_at in wake_after(ref, party, first=first, now=now).items():
            injuries.await_waking(page, one, by=None, due_at=due_at)


def _words() -> Words:
    text = _(
        "Everybody who was on this mission gets this message. If you want to speak with "
        "somebody, you choose whom: your page names where help is. Nobody here learns whether "
        "you do."
    )
    return _("After a hard mission"), text
