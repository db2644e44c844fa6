"""Who is a minor, and within which limits; a date of birth is in none of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from homeby.database.asked import AskedOf
from homeby.people.models import Kin, Minor, Person
from homeby.people.queries.apart import apart_from
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.people.rules_private import MinorFacts


def visible_minors(viewer: Viewer | None) -> models.QuerySet[Minor]:
    """The safeguarding lead sees all, a minor herself. An administrator sets, and reads none."""
    if viewer is not None and (viewer.is_station or viewer.has(Role.SAFEGUARDING_LEAD)):
        return Minor.objects.exclude(person_id__in=viewer.apart)
    if viewer is None or viewer.person_id is None:
        return Minor.objects.none()
    return Minor.objects.filter(person_id=viewer.person_id)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {Minor: visible_minors}


def minors(viewer: Viewer | None, *, on: dt.date) -> list[MinorFacts]:
    """Everybody the viewer may know as a minor on a day, by callsign. One query."""
    return _facts(visible_minors(viewer), on)


def own_born_sealed(viewer: Viewer | None) -> bytes | None:
    """The viewer's own date of birth, sealed; None where none is kept: it is of minors only. One
    query."""
    if viewer is None or viewer.person_id is None:
        return None
    rows = Minor.objects.filter(person_id=viewer.person_id)
    found = rows.values_list("born_sealed", flat=True).first()
    return None if found is None else bytes(found)


def minors_among(person_ids: Iterable[uuid.UUID], *, on: dt.date) -> list[MinorFacts]:
    """Those of a party who are minors on a day. One query."""
    return _as_facts([row for row in _OF.rows(person_ids) if row.until_date > on])


_OF = AskedOf(lambda keys: Minor.objects.filter(person_id__in=keys).select_related("person"))


def ever_minors() -> models.QuerySet[Any, Any]:
    """The ids of all who are minors, or were: to look for their missions with. No viewer: it is
    part of another query, which asks who may know."""
    return Minor.objects.values("person_id")


def guardians_of(
    person_ids: Iterable[uuid.UUID], *, on: dt.date
) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Who answers for the minors among these people: persons here, and kin. One query."""
    rows = Minor.objects.filter(person_id__in=list(person_ids), until_date__gt=on).order_by("pk")
    found: list[tuple[uuid.UUID | None, uuid.UUID | None]]
    found = list(rows.values_list("guardian_id", "guardian_kin_id"))
    persons = [one for one, _kin in found if one is not None]
    return persons, [kin for _one, kin in found if kin is not None]


def _facts(rows: models.QuerySet[Minor], on: dt.date) -> list[MinorFacts]:
    return _as_facts(rows.filter(until_date__gt=on).select_related("person"))


def _as_facts(rows: Iterable[Minor]) -> list[MinorFacts]:
    found = [
        MinorFacts(
            person_id=row.person_id,
            callsign=row.person.shown_as,
            until_date=row.until_date,
            not_before=row.not_before,
            not_after=row.not_after,
            only_normal=row.only_normal,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.callsign.lower())


def guardian_choices(viewer: Viewer, person_id: uuid.UUID, *, on: dt.date) -> list[tuple[str, str]]:
    """Who may be named as the guardian of a minor: adults of the organisation by callsign, and the
    kin she named, by their number alone; nobody whom the viewer or the minor is kept away from.
    Four queries."""
    young = {one.person_id for one in _facts(Minor.objects.all(), on)} | {person_id}
    humans = Person.objects.filter(is_active=True, kind=PersonKind.HUMAN).exclude(pk__in=young)
    humans = humans.exclude(
        pk__in=viewer.apart | apart_from([person_id]).get(person_id, frozenset())
    )
    kin = Kin.objects.filter(person_id=person_id).order_by("rank", "pk")
    people = sorted(((str(row.pk), row.shown_as) for row in humans), key=lambda one: one[1].lower())
    return [*((f"kin:{row.pk}", f"kin {n}") for n, row in enumerate(kin, start=1)), *people]
