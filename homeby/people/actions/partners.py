"""Duty officers of a partner station: how they are reached, sealed as the addresses of our own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.people import private, rules
from homeby.people.actions.persons import add_person_row
from homeby.people.models import ContactPoint, Person, PersonKey
from homeby.people.rules import ChannelName, PersonKind, Purpose, Recipient

#: What works from another station too; the others are bound to our own keys or hold passwords.
SHARED = (ChannelName.EMAIL, ChannelName.SMS, ChannelName.NTFY, ChannelName.CONSOLE)


@dataclass(frozen=True, kw_only=True)
class OfficerCard:
    """A duty officer as two stations exchange them: by callsign, with verified addresses."""

    callsign: str
    language: str = "en"
    addresses: tuple[tuple[ChannelName, str], ...] = field(default=(), repr=False)


def cards(officers: Iterable[Recipient]) -> list[OfficerCard]:
    """These people of ours as cards, with the addresses that work from elsewhere; nobody without
    one, and nobody without a callsign: names stay here."""
    officers = list(officers)
    reaches = {
        one.person_id: [r for r in one.reaches_ever(in_danger=True) if r.channel in SHARED]
        for one in officers
    }
    wanted = [reach.contact_id for found in reaches.values() for reach in found]
    opened = private.addresses(wanted, purpose=Purpose.PARTNER)
    made = [
        OfficerCard(
            callsign=one.callsign,
            language=one.language,
            addresses=tuple(
                (ChannelName(reach.channel), opened[reach.contact_id])
                for reach in reaches[one.person_id]
                if reach.contact_id in opened
            ),
        )
        for one in officers
    ]
    return [card for card in made if card.addresses]


def add_officers(book: logbook.Book, found: Iterable[OfficerCard], *, of: str) -> list[uuid.UUID]:
    """Keep the duty officers of the partner station called `of`; their ids. Their own station has
    verified the addresses."""
    keys = []
    for number, card in enumerate(found, start=1):
        name = f"{of}: {card.callsign or number}"
        person = Person(
            id=uuid.uuid4(),
            kind=PersonKind.ELSEWHERE,
            name=name[:200],
            callsign=name[:60],
            language=card.language,
        )
        add_person_row(book, person)
        page = book.entry(rules.CONTACT_ADDED, subject=f"person:{person.pk}", person=person.pk)
        for rank, (channel, address) in enumerate(card.addresses, start=1):
            page.add(
                ContactPoint(
                    id=uuid.uuid4(),
                    person_id=person.pk,
                    rank=rank,
                    channel=channel,
                    address_sealed=private.seal(person.pk, {"address": address}),
                    verified_at=book.now,
                )
            )
        keys.append(person.pk)
    return keys


def forget_officers(page: Page, keys: Iterable[uuid.UUID]) -> None:
    """They are told nothing from now on, and what was sealed of them opens no more."""
    people = Person.objects.select_for_update().filter(pk__in=list(keys))
    for person in people.filter(kind=PersonKind.ELSEWHERE):
        page.change(person, is_active=False)
        for point in ContactPoint.objects.filter(person=person):
            page.remove(point)
        for key in PersonKey.objects.filter(person=person):
            page.change(key, wrapped=None)
