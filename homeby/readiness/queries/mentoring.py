"""Who teaches whom, the time spent, and a person's own plan, for both of them and her leaders."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Viewer
from homeby.readiness.models import MentorAim, MentorSession, Mentorship, PlanStep
from homeby.readiness.queries import days
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules.currency import Standing

SESSIONS_MAX = 100
#: So many people are offered as mentors.
OFFERED = 500


def visible_mentorships(viewer: Viewer | None) -> models.QuerySet[Mentorship]:
    """Of both of them, and of whoever oversees the learner; never of one kept away from either."""
    if viewer is None:
        return Mentorship.objects.none()
    if viewer.is_station:
        return Mentorship.objects.all()
    if viewer.person_id is None:
        return Mentorship.objects.none()
    own = Q(mentor_id=viewer.person_id) | Q(learner_id=viewer.person_id)
    found = Mentorship.objects.filter(own | queries.overseen(viewer, column="learner_id"))
    away = Q(mentor_id__in=viewer.apart) | Q(learner_id__in=viewer.apart)
    return found.exclude(away) if viewer.apart else found


def taught(
    viewer: Viewer | None, *, mentors: Collection[uuid.UUID] | None = None
) -> list[tuple[uuid.UUID, uuid.UUID, dt.date, dt.date | None]]:
    """Mentor (one of these), learner, from which day until which (None: still), of all whom the
    viewer may see. One query."""
    rows = visible_mentorships(viewer).order_by("from_date", "pk")
    rows = rows if mentors is None else rows.filter(mentor__in=mentors)
    return list(rows.values_list("mentor_id", "learner_id", "from_date", "to_date"))


def _of_mentorship(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        return model._default_manager.filter(mentorship__in=visible_mentorships(viewer))

    return visible


def visible_steps(viewer: Viewer | None) -> models.QuerySet[PlanStep]:
    """Her plan is hers; whoever teaches her now sees it, nobody else."""
    if viewer is None:
        return PlanStep.objects.none()
    if viewer.is_station:
        return PlanStep.objects.all()
    if viewer.person_id is None:
        return PlanStep.objects.none()
    mine = Mentorship.objects.filter(mentor_id=viewer.person_id, to_date__isnull=True)
    mine = mine.exclude(learner_id__in=viewer.apart)
    return PlanStep.objects.filter(
        Q(person_id=viewer.person_id) | Q(person_id__in=mine.values("learner_id"))
    )


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Mentorship: visible_mentorships,
    MentorAim: _of_mentorship(MentorAim),
    MentorSession: _of_mentorship(MentorSession),
    PlanStep: visible_steps,
}


def may_teach(viewer: Viewer, learner_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Whom the viewer may name as somebody's mentor, by what screens call them; nobody who is kept
    away from her. Three queries."""
    out = {learner_id, *apart_from([learner_id]).get(learner_id, frozenset())}
    offered, _more = people.choices(viewer, limit=OFFERED)
    return [
        (one.person_id, one.label)
        for one in offered
        if not one.is_unit and one.person_id not in out
    ]


@dataclass(frozen=True, kw_only=True)
class AimLine:
    """A skill both aim at, how far, and whether the learner holds it by now: by signatures, never
    because time has passed."""

    name: str
    level: str
    is_held: bool


@dataclass(frozen=True, kw_only=True)
class SessionLine:
    """Time spent together."""

    held_date: dt.date
    minutes: int
    practised: str
    is_attended: bool


@dataclass(frozen=True, kw_only=True)
class MentorshipSheet:
    """A mentorship for a reader; `hours` are those of sessions to which the learner came."""

    id: uuid.UUID
    learner_id: uuid.UUID
    learner: str
    mentor_id: uuid.UUID
    mentor: str
    from_date: dt.date
    to_date: dt.date | None
    aims: list[AimLine]
    sessions: list[SessionLine]
    hours: float

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.to_date is None


def mentorships(
    viewer: Viewer, *, now: dt.datetime, of: uuid.UUID | None = None
) -> list[MentorshipSheet]:
    """The mentorships of somebody as learner or mentor, the viewer's own where nobody is named;
    those that go on first. Five queries."""
    who = of or viewer.person_id
    rows = visible_mentorships(viewer).filter(Q(learner_id=who) | Q(mentor_id=who))
    found = list(rows.select_related("learner", "mentor").prefetch_related("aims__qualification"))
    day = days.today(now=now)
    held = queries.standings([row.learner_id for row in found], day=day)
    sessions: dict[uuid.UUID, list[MentorSession]] = {}
    for one in MentorSession.objects.filter(mentorship__in=found).order_by("-held_date", "pk"):
        sessions.setdefault(one.mentorship_id, []).append(one)
    sheets = [_sheet(row, sessions.get(row.pk, []), held.get(row.learner_id, {})) for row in found]
    return sorted(sheets, key=lambda one: (not one.is_open, one.from_date, str(one.id)))


def mentorship(
    viewer: Viewer, mentorship_id: uuid.UUID, *, now: dt.datetime
) -> MentorshipSheet | None:
    """One of them, if the viewer may see it."""
    row = visible_mentorships(viewer).filter(pk=mentorship_id).first()
    if row is None:
        return None
    sheets = mentorships(viewer, now=now, of=row.learner_id)
    return next((one for one in sheets if one.id == row.pk), None)


def _sheet(row: Mentorship, sessions: list[MentorSession], held: dict[str, Any]) -> MentorshipSheet:
    minutes = sum(one.minutes for one in sessions if one.is_attended)
    return MentorshipSheet(
        id=row.pk,
        learner_id=row.learner_id,
        learner=row.learner.shown_as,
        mentor_id=row.mentor_id,
        mentor=row.mentor.shown_as,
        from_date=row.from_date,
        to_date=row.to_date,
        aims=[
            AimLine(
                name=one.qualification.name,
                level=one.level,
                is_held=(state := held.get(one.qualification.key)) is not None
                and state.standing is Standing.CURRENT,
            )
            for one in sorted(row.aims.all(), key=lambda one: one.qualification.name)
        ],
        sessions=[
            SessionLine(
                held_date=one.held_date,
                minutes=one.minutes,
                practised=one.practised,
                is_attended=one.is_attended,
            )
            for one in sessions[:SESSIONS_MAX]
        ],
        hours=round(minutes / 60, 1),
    )


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """A step of a development plan; `mentor` is with whom she wants to do it."""

    id: uuid.UUID
    text: str
    mentor: str
    key: str
    by_date: dt.date | None
    done_date: dt.date | None


def steps(viewer: Viewer, person_id: uuid.UUID) -> list[StepLine]:
    """Somebody's development plan in her order, for her and whoever teaches her; open steps first.
    Two queries."""
    rows = list(visible_steps(viewer).filter(person_id=person_id).select_related("qualification"))
    named = people.names([row.mentor_id for row in rows], to=viewer)
    return [_step(row, named) for row in in_order(rows)]


def in_order(rows: Iterable[PlanStep]) -> list[PlanStep]:
    """Steps of one plan as she reads them: open ones first, in her order."""
    first, last = dt.date.min, dt.date.max
    return sorted(rows, key=lambda one: (one.done_date or first, one.place, one.by_date or last))


def may_plan_with(viewer: Viewer) -> list[tuple[uuid.UUID, str]]:
    """With whom the viewer may plan a step, by what screens call them."""
    return may_teach(viewer, viewer.person_id) if viewer.person_id is not None else []


def _step(row: PlanStep, names: Mapping[uuid.UUID, str]) -> StepLine:
    named = row.qualification.name if row.qualification else ""
    return StepLine(
        id=row.pk,
        mentor=names.get(row.mentor_id, "?") if row.mentor_id is not None else "",
        text=": ".join(part for part in (named, row.aim) if part),
        key=row.qualification.key if row.qualification else "",
        by_date=row.by_date,
        done_date=row.done_date,
    )
