"""Whom the station tells of a partnership: those who keep the watch, and the administrators."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook.actions import Page
from homeby.people import queries as people
from homeby.people.queries.apart import read_as
from homeby.people.rules import Recipient, Role
from homeby.people.texts import Naming, Said, Words, each_hears, each_reads
from homeby.watch import queries
from homeby.watch.actions import recipients
from homeby.watch.models import Partner
from homeby.watch.rules import partners as rules


def tell_own(
    page: Page, partner: Partner, words: Naming, *, naming: Iterable[uuid.UUID | None] = ()
) -> None:
    """Who holds the watch and every administrator hear of a partnership that began or ended."""
    now = page.book.now
    keys = [*recipients.deciders(now=now), *people.holders(Role.ADMINISTRATOR, now=now)]
    said = each_reads(read_as(naming).to, words)
    _tell(page, partner, keys, said, kind=MessageKind.NOTICE)


def tell_told(page: Page, partner: Partner, words: Said) -> None:
    """Everybody who was told by the alarm that is open hears that the station is there again; the
    alarm goes on until a person ends it."""
    alarm = queries.newest_alarm(rules.ref_of(partner.pk))
    assert alarm is not None, "it was heard for an open alarm"
    told = comms.people_told([f"alarm:{alarm.pk}"])
    _tell(page, partner, told, each_hears(words), kind=MessageKind.GOOD_NEWS)


def _tell(
    page: Page,
    partner: Partner,
    keys: Iterable[uuid.UUID],
    said: Callable[[Recipient], Words],
    *,
    kind: MessageKind,
) -> None:
    ref = rules.ref_of(partner.pk)
    found = people.recipients(keys)
    orders = [
        Order(
            key=f"{ref}/{page.entry.entry_id}/{one.person_id}",
            about=ref,
            recipient=one,
            kind=kind,
            subject=said(one)[0],
            text=said(one)[1],
        )
        for one in found.values()
    ]
    tell(page, orders, now=page.book.now)
