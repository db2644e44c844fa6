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
from homeby.people.models import ContactPoint, Kin, Person, PersonKey, StayAway
from homeby.people.rules import Purpose


def keep_from(page: Page, person_id: uuid.UUID, *, may_free: bool = True, now: dt.datetime) -> None:
    """After somebody is kept away from this person, or is no more: which of her kin are told. With
    `may_free` unset, nobody is told again who is told nothing."""
    others = _kept_away_for(person_id)
    # Whose key is destroyed, or who was erased, has no address left to compare: nobody is told
    # again for that.
    gone = PersonKey.objects.filter(person_id__in=others, wrapped__isnull=True)
    may_free = may_free and not (gone.exists() or _erased_for(person_id))
    rows = Kin.objects.select_for_update().filter(person_id=person_id).order_by("pk")
    for row in rows:
        is_one = _is_one_of(others, _said(row))
        if is_one is not (row.kept_from_at is not None) and (is_one or may_free):
            page.change(row, kept_from_at=now if is_one else None)


def kept_from_at(
    person_id: uuid.UUID, values: Mapping[str, str], *, now: dt.datetime
) -> dt.datetime | None:
    """For kin whom a person names: since when they are told nothing; None where they are told."""
    return now if _is_one_of(_kept_away_for(person_id), values) else None


def found_at(page: Page, person_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Somebody proved that an address is hers: where others, for whose sake she is kept away, named
    kin there, these are told nothing from now on."""
    for whose in _for_whose_sake(person_id):
        keep_from(page, whose, may_free=False, now=now)


def given_up(page: Page, person_id: uuid.UUID, *, now: dt.datetime) -> None:
    """The office says that an address is not hers: kin there are told again. Whoever is kept away
    cannot say so of himself, or he would be told again at the number that he keeps."""
    if page.book.by != person_id:
        for whose in _for_whose_sake(person_id):
            keep_from(page, whose, now=now)


def _for_whose_sake(other_id: uuid.UUID) -> list[uuid.UUID]:
    rows = StayAway.objects.filter(other_id=other_id, ended_at__isnull=True)
    return list(rows.order_by("person_id").values_list("person_id", flat=True))


def _kept_away_for(person_id: uuid.UUID) -> list[uuid.UUID]:
    rows = StayAway.objects.filter(person_id=person_id, ended_at__isnull=True)
    return list(rows.exclude(other_id=None).values_list("other_id", flat=True))


def _erased_for(person_id: uuid.UUID) -> bool:
    rows = StayAway.objects.filter(person_id=person_id, ended_at__isnull=True)
    return rows.filter(other_id__isnull=True).exists()


def _is_one_of(others: Collection[uuid.UUID], values: Mapping[str, str]) -> bool:
    """Whether what was said of kin fits one of these people: the name, or an address that is proved
    to be theirs. What anybody may type of himself silences nobody else's kin."""
    if not others:
        return False
    names = Person.objects.filter(pk__in=others).values_list("name", flat=True)
    points = ContactPoint.objects.filter(person_id__in=others, verified_at__isnull=False)
    keys = list(points.values_list("pk", flat=True))
    addresses = private.addresses(keys, purpose=Purpose.KEEP_AWAY).values()
    name, address = _bare(values.get("name", "")), _bare(values.get("address", ""))
    return name in map(_bare, names) or (address != "" and address in map(_bare, addresses))


def _said(row: Kin) -> dict[str, str]:
    with suppress(private.Shredded):
        return private.unseal(row.person_id, row.sealed, purpose=Purpose.KEEP_AWAY)
    return {}


def _bare(text: str) -> str:
    """A name or an address as it is compared: "+41 79 123 45 67" is "+41791234567"."""
    return "".join(one for one in text.casefold() if one not in " -/().\t")
