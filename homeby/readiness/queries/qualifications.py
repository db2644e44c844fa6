"""The catalogue, and what is recorded of people: who may see it, and as the rules judge it.

A person sees her own; leaders and duty officers those of whom they dispose; mentors those of their
learners; a book is seen, too, by whoever holds what it is for and could sign it.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast

from homeby.database.asked import Asked, AskedOf
from homeby.people import queries as people
from homeby.people.queries.led import of_role
from homeby.people.queries.minors import minors_among
from homeby.people.rules import Role, Viewer
from homeby.people.rules_private import ADULT_YEARS
from homeby.readiness.models import (
    Holding,
    Mentorship,
    PartyPosition,
    Qualification,
    SignOff,
    TaskBook,
)
from homeby.readiness.rules import currency
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules.catalogue_text import qualification_of, tasks_of
from homeby.readiness.rules.currency import Standing, Validity

#: Who disposes of people, and so sees what they may do.
OVERSEERS = (Role.LEADER, Role.DUTY_OFFICER)
#: Who keeps the catalogue, which is about nobody.
KEEPERS = (Role.ADMINISTRATOR, Role.LEADER)


def visible_catalogue(viewer: Viewer | None) -> models.QuerySet[Qualification]:
    """The catalogue is known to everybody who logs in."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return Qualification.objects.all() if known else Qualification.objects.none()


def overseen(viewer: Viewer | None, column: str = "person_id") -> Q:
    """The rows of the viewer herself, of those of whom she disposes, and of her learners."""
    found = of_role(viewer, *OVERSEERS, column=column)
    if viewer is None or viewer.person_id is None or viewer.has(*OVERSEERS):
        return found
    learners = Mentorship.objects.filter(mentor_id=viewer.person_id, to_date__isnull=True)
    learners = learners.exclude(learner_id__in=viewer.apart)
    return found | Q(**{f"{column}__in": learners.values("learner_id")})


def visible_holdings(viewer: Viewer | None) -> models.QuerySet[Holding]:
    """What she holds, and those whom she oversees."""
    return Holding.objects.filter(overseen(viewer))


def visible_positions(viewer: Viewer | None) -> models.QuerySet[PartyPosition]:
    """What she was on missions, and those whom she oversees."""
    return PartyPosition.objects.filter(overseen(viewer))


def visible_books(viewer: Viewer | None) -> models.QuerySet[TaskBook]:
    """Her own, of those whom she oversees, and open ones that she could sign as a holder."""
    found = overseen(viewer)
    if viewer is None or viewer.person_id is None or viewer.has(*OVERSEERS):
        return TaskBook.objects.filter(found)
    mine = Holding.objects.filter(person_id=viewer.person_id, withdrawn_date__isnull=True)
    near = Q(person__in=people.visible_people(viewer)) & ~Q(person_id__in=viewer.apart)
    signable = near & Q(ended_at__isnull=True, qualification__in=mine.values("qualification"))
    return TaskBook.objects.filter(found | signable)


def visible_sign_offs(viewer: Viewer | None) -> models.QuerySet[SignOff]:
    """What was signed in the books that she sees."""
    return SignOff.objects.filter(book__in=visible_books(viewer))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Qualification: visible_catalogue,
    Holding: visible_holdings,
    PartyPosition: visible_positions,
    TaskBook: visible_books,
    SignOff: visible_sign_offs,
}


def rows_by_key(keys: Collection[str] | None = None) -> dict[str, Qualification]:
    """The rows of the catalogue by key, of all or of these. One query."""
    rows = Qualification.objects.order_by("name", "key")
    return {row.key: row for row in (rows if keys is None else rows.filter(key__in=keys))}


def as_rule(row: Qualification) -> facts.Qualification:
    """A row as rules judge it."""
    return qualification_of(
        key=row.key, name=row.name, kind=row.kind, family=row.family, content=row.content
    )


def known(rows: Mapping[str, Qualification] | None = None) -> dict[str, facts.Qualification]:
    """The whole catalogue as rules judge it; what is no longer given stays, for whoever holds it.
    One query at most."""
    if rows is None:
        return {one.key: one for one in (_rule(*row) for row in _WHOLE.rows())}
    return {key: as_rule(row) for key, row in rows.items()}


def _whole() -> models.QuerySet[Qualification, Any]:
    said = Cast("content", models.TextField())
    rows = Qualification.objects.order_by("name", "key")
    return rows.values_list("key", "name", "kind", "family", said)


_WHOLE = Asked(_whole)


@lru_cache(maxsize=4096)
def _rule(key: str, name: str, kind: str, family: str, content: str) -> facts.Qualification:
    """Hundreds of them are asked for again and again, and change once a year."""
    return qualification_of(
        key=key, name=name, kind=kind, family=family, content=json.loads(content)
    )


def with_tasks_of(
    book: TaskBook, catalogue: Mapping[str, facts.Qualification]
) -> dict[str, facts.Qualification]:
    """The catalogue with the tasks that an open book was opened with."""
    one = catalogue[book.qualification.key]
    return {**catalogue, one.key: replace(one, tasks=tasks_of(book.tasks))}


def holding_of(row: Holding, key: str) -> facts.Holding:
    """A row as rules judge it."""
    return facts.Holding(
        key=key,
        from_date=row.from_date,
        expires_date=row.expires_date,
        withdrawn_date=row.withdrawn_date,
    )


def records(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, facts.Record]:
    """What is recorded of these people, as rules judge it. No viewer: whoever shows any of it asks
    first whether it may be seen. Three queries."""
    held: dict[uuid.UUID, list[facts.Holding]] = {}
    for row in Holding.objects.filter(person_id__in=person_ids).select_related("qualification"):
        held.setdefault(row.person_id, []).append(holding_of(row, row.qualification.key))
    done: dict[uuid.UUID, list[facts.Performed]] = {}
    rows = PartyPosition.objects.filter(person_id__in=person_ids, done_date__isnull=False)
    for one in rows.select_related("qualification"):
        done.setdefault(one.person_id, []).append(_performed(one))
    signed: dict[uuid.UUID, list[facts.SignOff]] = {}
    open_books = SignOff.objects.filter(book__person_id__in=person_ids, book__ended_at__isnull=True)
    for sign in open_books.select_related("book__qualification"):
        signed.setdefault(sign.book.person_id, []).append(sign_off_of(sign))
    return {
        key: facts.Record(
            person_id=key,
            holdings=tuple(held.get(key, ())),
            performed=tuple(done.get(key, ())),
            signed=tuple(signed.get(key, ())),
        )
        for key in person_ids
    }


def record(person_id: uuid.UUID) -> facts.Record:
    """What is recorded of one person."""
    return records([person_id])[person_id]


def record_with_age(person_id: uuid.UUID, *, day: dt.date) -> facts.Record:
    """The record of one person, with an age. Four queries."""
    return aged(record(person_id), day=day)


def aged(found: facts.Record, *, day: dt.date) -> facts.Record:
    """This record with an age: what is known of a minor is the day on which she comes of age, and
    no more. Nobody else's age is known. No viewer: as `records`. One query."""
    young = minors_among([found.person_id], on=day)
    born = None
    if young:
        until = young[0].until_date
        born = currency.months_after(until, -12 * ADULT_YEARS)
    return replace(found, born=born)


def _performed(row: PartyPosition) -> facts.Performed:
    assert row.done_date is not None, "asked for as done"
    return facts.Performed(
        key=row.qualification.key,
        on_date=row.done_date,
        from_date=row.begun_date,
        hours=row.hours or 0.0,
        mission_kind=row.mission_kind,
        real=not row.is_exercise,
        as_trainee=row.as_trainee,
        mission_id=row.mission_id,
    )


def was_exercise(mission_id: uuid.UUID) -> bool:
    """Whether a position of this mission was said to be one of an exercise. No viewer: it decides
    what a signature counts for. One query."""
    return PartyPosition.objects.filter(mission_id=mission_id, is_exercise=True).exists()


def sign_off_of(row: SignOff) -> facts.SignOff:
    """A row as rules judge it."""
    return facts.SignOff(
        key=row.book.qualification.key,
        stage=facts.Stage(row.stage),
        by=row.by_id,
        learner=row.book.person_id,
        on_date=row.on_date,
        task=row.task,
        real=row.mission_id is not None and not row.is_exercise,
        led_her=row.led_her,
    )


def standings(
    person_ids: Collection[uuid.UUID], keys: Collection[str] | None = None, *, day: dt.date
) -> dict[uuid.UUID, dict[str, Validity]]:
    """How these people stand to what they hold, on a day, by the last days that are kept in the
    rows. No viewer: whoever shows any of it asks first. One query."""
    found: dict[uuid.UUID, dict[str, Validity]] = {}
    if keys is not None and not keys:
        return found
    asked = _held_of(None if keys is None else tuple(sorted(keys)))
    for person_id, key, begins, withdrawn, through in asked.rows(person_ids):
        one = currency.stands(begins, withdrawn, through, day)
        hers = found.setdefault(person_id, {})
        hers[key] = currency.best((hers[key], one)) if key in hers else one
    return found


@lru_cache(maxsize=64)
def _held_of(keys: tuple[str, ...] | None) -> AskedOf:
    """What people hold of these: the same few are asked for again and again."""

    def held(person_ids: Sequence[uuid.UUID]) -> models.QuerySet[Holding, Any]:
        rows = Holding.objects.filter(person_id__in=person_ids)
        rows = rows if keys is None else rows.filter(qualification__key__in=keys)
        return rows.values_list(
            "person_id", "qualification__key", "from_date", "withdrawn_date", "through_date"
        )

    return AskedOf(held)


def current_sql(day: dt.date) -> Q:
    """The holdings that are current on a day."""
    open_ended = Q(through_date__isnull=True) | Q(through_date__gte=day)
    kept = Q(withdrawn_date__isnull=True) | Q(withdrawn_date__gt=day)
    return Q(from_date__lte=day) & open_ended & kept


def is_current(person_id: uuid.UUID, key: str, *, day: dt.date) -> bool:
    """Whether somebody holds this validly on a day."""
    found = standings([person_id], [key], day=day).get(person_id, {})
    return key in found and found[key].standing is Standing.CURRENT


def names_of(person_ids: Iterable[uuid.UUID], viewer: Viewer) -> dict[uuid.UUID, str]:
    """What screens call these people, without those whom the viewer is kept away from. One
    query."""
    return people.names(set(person_ids) - viewer.apart)
