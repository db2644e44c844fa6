"""Who looks, with all that is kept from them: of this room, too."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from homeby.database.asked import Asked
from homeby.missions.queries import who
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import (
    Duty,
    DutyPerson,
    Examination,
    Holding,
    KitItem,
    Mentorship,
    PlanStep,
    TaskBook,
)
from homeby.readiness.queries.duties import visible_duties
from homeby.readiness.queries.duty_access import duties_kept_from
from homeby.watch.queries.by_subject import refs_about


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now. Whoever has a part in the watch or the office is
    told nothing of duties of secret units that are not for her. Whoever is kept away from somebody
    reads in no logbook and no outbox of what is hers: of the duties she is on, her examinations,
    papers, task books and mentors, and of the kit that is hers. One query more than for missions,
    up to six where there are such duties, seven for whoever is kept away."""
    viewer = _but_closed(who.viewer_for(person_id, now=now))
    if viewer.apart_refs is None:
        return viewer
    refs = {f"{noun}:{key}" for noun, rows in _hers(viewer) for key in rows}
    return replace(viewer, apart_refs=viewer.apart_refs | refs)


_ANY_SECRET = Asked(lambda: Duty.objects.filter(unit__is_secret=True).values_list("pk")[:1])


def _but_closed(viewer: Viewer) -> Viewer:
    if not (viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)) or not _ANY_SECRET.any():
        return viewer
    secret = Duty.objects.filter(unit__is_secret=True)
    closed = list(secret.exclude(pk__in=visible_duties(viewer)).values_list("pk", flat=True))
    starts = DutyPerson.objects.filter(duty__in=closed).values_list("pk", flat=True)
    refs = refs_about(f"duty:{key}" for key in [*closed, *starts])
    return replace(viewer, closed_refs=viewer.closed_refs | frozenset(refs))


def _hers(viewer: Viewer) -> Iterator[tuple[str, Any]]:
    """What she has, by the noun under which logbook and outbox know it, and its keys."""
    apart = viewer.apart
    yield "person", apart

    def keys(rows: QuerySet[Any]) -> Any:
        return rows.values_list("pk", flat=True)

    yield "duty", keys(duties_kept_from(viewer, Duty.objects.all()))
    yield "examination", keys(Examination.objects.filter(person_id__in=apart))
    yield "holding", keys(Holding.objects.filter(person_id__in=apart))
    yield "task-book", keys(TaskBook.objects.filter(person_id__in=apart))
    yield "mentorship", keys(Mentorship.objects.filter(learner_id__in=apart))
    yield "plan-step", keys(PlanStep.objects.filter(person_id__in=apart))
    own = KitItem.objects.filter(issued_to_id__in=apart)
    yield "kit", keys(own.exclude(held_by_id=viewer.person_id))
