"""Who looks, with all that is kept from them: of this room, too."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import QuerySet

from homeby.database.asked import Asked
from homeby.database.references import Away, RefsOf
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
from homeby.watch.queries.by_subject import refs_around


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now. Whoever has a part in the watch or the office is
    told nothing of duties of secret units that are not for her. Whoever is kept away from somebody
    reads in no logbook and no outbox of what is hers: of the duties she is on, her examinations,
    papers, task books and mentors, and of the kit that is hers. One query more than for missions
    at most: what is kept from her is found once it is asked for."""
    viewer = _but_closed(who.viewer_for(person_id, now=now))
    if viewer.apart_refs is None:
        return viewer
    return replace(viewer, apart_refs=viewer.apart_refs.and_also(partial(_hers_refs, viewer)))


def _hers_refs(viewer: Viewer) -> list[object]:
    people = (f"person:{key}" for key in viewer.apart)
    return [*people, *(RefsOf(noun, rows) for noun, rows in _hers(viewer))]


_ANY_SECRET = Asked(lambda: Duty.objects.filter(unit__is_secret=True).values_list("pk")[:1])


def _but_closed(viewer: Viewer) -> Viewer:
    if not (viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)) or who.sees_secret(viewer):
        return viewer
    if not _ANY_SECRET.any():
        return viewer
    before = viewer.closed_refs or Away(find=tuple)
    return replace(viewer, closed_refs=before.and_also(partial(_closed_refs, viewer)))


def _closed_refs(viewer: Viewer) -> list[RefsOf]:
    """Duties of secret units that are not for the viewer, their starts, and what is about these."""
    secret = Duty.objects.filter(unit__is_secret=True)
    closed = secret.exclude(pk__in=visible_duties(viewer).values("pk"))
    starts = DutyPerson.objects.filter(duty__in=closed.values("pk"))
    checks = RefsOf("check", starts)  # of the room above: who missed one is looked for
    about = (RefsOf("duty", closed), RefsOf("duty", starts), checks)
    return [one for refs in about for one in refs_around(refs)]


def _hers(viewer: Viewer) -> Iterator[tuple[str, QuerySet[Any]]]:
    """What she has, by the noun under which logbook and outbox know it."""
    apart = viewer.apart
    yield "duty", duties_kept_from(viewer, Duty.objects.all())
    yield "examination", Examination.objects.filter(person_id__in=apart)
    yield "holding", Holding.objects.filter(person_id__in=apart)
    yield "task-book", TaskBook.objects.filter(person_id__in=apart)
    yield "mentorship", Mentorship.objects.filter(learner_id__in=apart)
    yield "plan-step", PlanStep.objects.filter(person_id__in=apart)
    own = KitItem.objects.filter(issued_to_id__in=apart)
    yield "kit", own.exclude(held_by_id=viewer.person_id)
