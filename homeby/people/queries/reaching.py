"""How people and kin can be reached: what the watch may know of them, never an address."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from homeby.database.asked import AskedOf
from homeby.people.models import ContactPoint, Kin, Person
from homeby.people.rules import ChannelName, MayKnow, Reach, Recipient


def reach_of(row: ContactPoint | Kin) -> Reach:
    """A row as the watch sees it, without its address."""
    return Reach(
        contact_id=row.pk,
        channel=ChannelName(row.channel),
        verified=isinstance(row, Kin) or row.verified_at is not None,
        zone=row.zone,
        from_time=row.from_time,
        to_time=row.to_time,
        rank=row.rank,
        rank_in_danger=row.rank_in_danger if isinstance(row, ContactPoint) else None,
    )


def recipients(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Recipient]:
    """How these people can be reached, without any address; nobody who is no longer active. Two
    queries."""
    wanted = set(person_ids)
    points: dict[uuid.UUID, list[Reach]] = {}
    for point in _POINTS.rows(wanted):
        points.setdefault(point.person_id, []).append(reach_of(point))
    return {
        person.pk: Recipient(
            person_id=person.pk,
            name=person.shown_as,
            callsign=person.callsign,
            language=person.language,
            reaches=tuple(points.get(person.pk, ())),
            rests_until=person.rest.until_at if hasattr(person, "rest") else None,
        )
        for person in _ACTIVE.rows(wanted)
    }


_POINTS = AskedOf(
    lambda keys: ContactPoint.objects.filter(person_id__in=keys).order_by("rank", "pk")
)
_ACTIVE = AskedOf(
    lambda keys: Person.objects.filter(pk__in=keys, is_active=True).select_related("rest")
)
_KIN = AskedOf(
    lambda keys: (
        Kin.objects.filter(person_id__in=keys, kept_from_at__isnull=True)
        .exclude(may_know=MayKnow.NOTHING)
        .order_by("person_id", "rank", "pk")
    )
)


def kin_recipients(person_ids: Iterable[uuid.UUID]) -> list[Recipient]:
    """Kin of these people who may be told something, in the person's order. One query.

    An address that the person herself entered for her kin counts as verified: nobody else may ask
    kin to prove themselves before the person goes out.
    """
    return [
        Recipient(
            person_id=kin.pk,
            name="kin",
            kin_of=kin.person_id,
            may_know=MayKnow(kin.may_know),
            looks_in=kin.looks_in,
            language=kin.language,
            reaches=(reach_of(kin),),
        )
        for kin in _KIN.rows(set(person_ids))
    ]


def kin_by_id(kin_ids: Iterable[uuid.UUID]) -> list[Recipient]:
    """Kin by their own ids, as they stand now; kin who were removed, or are kept away, are not
    found. One query."""
    wanted = set(kin_ids)
    owners = Kin.objects.filter(pk__in=wanted).values_list("person_id", flat=True)
    return [one for one in kin_recipients(set(owners)) if one.person_id in wanted]


def recipient_at(contact_id: uuid.UUID) -> Recipient | None:
    """The person behind one contact point, to be reached there alone, as if it were verified and
    at every hour: for the code that verifies it, and for a test message. Two queries."""
    row = ContactPoint.objects.filter(pk=contact_id).select_related("person").first()
    if row is None:
        return None
    reach = Reach(contact_id=row.pk, channel=ChannelName(row.channel), verified=True)
    return Recipient(
        person_id=row.person_id,
        name=row.person.shown_as,
        callsign=row.person.callsign,
        language=row.person.language,
        reaches=(reach,),
    )


def languages_of(person_or_kin_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """In which language these people and kin are spoken to. No viewer: what is written to them, or
    the link in it, is the permission. One query, two where there are kin among them."""
    wanted = list(dict.fromkeys(person_or_kin_ids))
    found: dict[uuid.UUID, str] = {}
    for asked in (_OF_PEOPLE, _OF_KIN):
        if rest := [key for key in wanted if key not in found]:
            found |= {key: str(language) for key, language in asked.rows(rest)}
    return found


_OF_PEOPLE = AskedOf(lambda keys: Person.objects.filter(pk__in=keys).values_list("pk", "language"))
_OF_KIN = AskedOf(lambda keys: Kin.objects.filter(pk__in=keys).values_list("pk", "language"))


def contacts_here(contact_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these contact points and kin that have not been removed, nor kept away. Two
    queries."""
    wanted = set(contact_ids)
    points = ContactPoint.objects.filter(pk__in=wanted).values_list("pk", flat=True)
    kin = Kin.objects.filter(pk__in=wanted, kept_from_at__isnull=True)
    return {*points, *kin.values_list("pk", flat=True)}
