"""Kin who are kept away: whoever is kept away from a person learns nothing of her as her kin.

A person names her kin by name and address, sealed. Where one of them has the name, or is reached at
an address, of somebody who is kept away for her sake, that one is told nothing and the link opens
nothing, as long as it holds. She alone reads that it is so. Where she is kept away for the sake of
somebody else, what she says of her kin stands: to change it would tell her.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from contextlib import suppress

from homeby.logbook.actions import Page
from homeby.people import private
from homeby.people.models import ContactPoint, Kin, Person, StayAway
from homeby.people.rules import Purpose


def keep_from(page: Page, person_id: uuid.UUID, *, now: dt.datetime) -> None:
    """After somebody is kept away from this person, or is no more: which of her kin are told."""
    others = _kept_away_for(person_id)
    rows = Kin.objects.select_for_update().filter(person_id=person_id).order_by("pk")
    for row in rows:
        is_one = _is_one_of(others, _said(row))
        if is_one is not (row.kept_from_at is not None):
            page.change(row, kept_from_at=now if is_one else None)


def kept_from_at(
    person_id: uuid.UUID, values: Mapping[str, str], *, now: dt.datetime
) -> dt.datetime | None:
    """For kin whom a person names: since when they are told nothing; None where they are told."""
    return now if _is_one_of(_kept_away_for(person_id), values) else None


def found_at(page: Page, person_id: uuid.UUID, address: str, *, now: dt.datetime) -> None:
    """Somebody gave an address of her own: where others, for whose sake she is kept away, named kin
    there, these are told nothing from now on."""
    rows = StayAway.objects.filter(other_id=person_id, ended_at__isnull=True)
    whose = rows.values_list("person_id", flat=True)
    kin = Kin.objects.select_for_update().filter(person_id__in=whose, kept_from_at__isnull=True)
    for row in kin.order_by("pk"):
        if _bare(_said(row).get("address", "")) == _bare(address):
            page.change(row, kept_from_at=now)


def _kept_away_for(person_id: uuid.UUID) -> list[uuid.UUID]:
    rows = StayAway.objects.filter(person_id=person_id, ended_at__isnull=True)
    return list(rows.values_list("other_id", flat=True))


def _is_one_of(others: Collection[uuid.UUID], values: Mapping[str, str]) -> bool:
    """Whether what was said of kin fits one of these people: the name, or an address."""
    if not others:
        return False
    names = Person.objects.filter(pk__in=others).values_list("name", flat=True)
    points = ContactPoint.objects.filter(person_id__in=others).values_list("pk", flat=True)
    addresses = private.addresses(list(points), purpose=Purpose.KEEP_AWAY).values()
    name, address = _bare(values.get("name", "")), _bare(values.get("address", ""))
    return name in map(_bare, names) or (address != "" and address in map(_bare, addresses))


def _said(row: Kin) -> dict[str, str]:
    with suppress(private.Shredded):
        return private.unseal(row.person_id, row.sealed, purpose=Purpose.KEEP_AWAY)
    return {}


def _bare(text: str) -> str:
    """A name or an address as it is compared: "+41 79 123 45 67" is "+41791234567"."""
    return "".join(one for one in text.casefold() if one not in " -/().\t")
