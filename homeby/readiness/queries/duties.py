"""Duties for those who may see them: the calendar, a duty's people, what is one's own."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby import instants
from homeby.logbook.rules import plain
from homeby.people.queries.in_teams import own_teams
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import (
    BusyFeed,
    CalendarLink,
    Duty,
    DutyApproval,
    DutyDecision,
    DutyPerson,
    DutySeat,
    DutySwap,
    OwnTime,
)
from homeby.readiness.queries.duty_access import (
    ON,
    PLANNERS,
    duties_kept_from,
    own_duties,
    planned_herself,
)
from homeby.readiness.queries.special_units import kept_units, own_units
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, DutyType

CALENDAR_MAX = 500


def visible_duties(viewer: Viewer | None) -> models.QuerySet[Duty]:
    """Duties of everybody and of one's teams and special units, those one is asked for, those one
    plans (not what a team that one has left asked, or planned); whoever keeps watch sees all, but
    those of secret units, which are for whoever belongs to them and for duty officers. What
    somebody is on from whom one is kept away is not seen, but for what one was asked for, or has
    planned, oneself."""
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return Duty.objects.none()
    if viewer.is_station:
        return Duty.objects.all()
    assert viewer.person_id is not None, "it is a person who reads"
    own = own_duties(viewer)
    mine = own | planned_herself(viewer)
    rows = Duty.objects.all()
    if not viewer.keeps_watch:
        teams = [*own_teams(viewer), *viewer.teams(*Role)]
        near = Q(team__isnull=True, unit__isnull=True) | Q(unit__in=own_units(viewer))
        rows = rows.filter(mine | near | Q(team_id__in=teams))
    if not viewer.has(Role.DUTY_OFFICER):
        known = Q(unit__is_secret=False) | Q(unit__in=own_units(viewer))
        rows = rows.filter(own | Q(unit__isnull=True) | known)
    if viewer.apart:
        rows = rows.exclude(pk__in=duties_kept_from(viewer, Duty.objects.all()).values("pk"))
    return rows


def _planned_by(viewer: Viewer) -> Q:
    """The duties whose answers the viewer reads."""
    if viewer.is_station or viewer.has(*PLANNERS):
        return Q()
    return Q(duty__team_id__in=viewer.teams(*PLANNERS)) | Q(duty__unit__in=kept_units(viewer))


def visible_duty_people(viewer: Viewer | None) -> models.QuerySet[DutyPerson]:
    """Of a visible duty who is on it; what anybody answered is for her and for those who plan."""
    rows = DutyPerson.objects.filter(duty__in=visible_duties(viewer))
    if viewer is None or viewer.is_station:
        return rows
    rows = rows.exclude(person_id__in=viewer.apart) if viewer.apart else rows
    plans = _planned_by(viewer)
    return rows.filter(plans | ON | Q(person_id=viewer.person_id)) if plans else rows


def _visible_approvals(viewer: Viewer | None) -> models.QuerySet[DutyApproval]:
    """For whoever plans it: they tell who is a minor."""
    rows = DutyApproval.objects.filter(duty__in=visible_duties(viewer))
    if viewer is None or viewer.is_station:
        return rows
    plans = _planned_by(viewer)
    rows = rows.filter(plans) if plans else rows
    return rows.exclude(person_id__in=viewer.apart)


def _visible_swaps(viewer: Viewer | None) -> models.QuerySet[DutySwap]:
    rows = DutySwap.objects.filter(duty__in=visible_duties(viewer))
    if viewer is None or viewer.is_station:
        return rows
    apart = Q(from_person_id__in=viewer.apart) | Q(to_person_id__in=viewer.apart)
    me = viewer.person_id
    mine = Q(from_person_id=me) | Q(to_person_id=me)
    plans = _planned_by(viewer)
    return rows.filter(mine | plans if plans else Q()).exclude(apart)


def _of_visible(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        return model._default_manager.filter(duty__in=visible_duties(viewer))

    return visible


def _station_only(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        return rows if viewer is not None and viewer.is_station else rows.none()

    return visible


def _own_only(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        if viewer is None:
            return rows.none()
        own = {viewer.person_id} - {None}
        return rows if viewer.is_station else rows.filter(person_id__in=own)

    return visible


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Duty: visible_duties,
    DutySeat: _of_visible(DutySeat),
    DutyPerson: visible_duty_people,
    DutyApproval: _visible_approvals,
    DutyDecision: _station_only(DutyDecision),
    DutySwap: _visible_swaps,
    OwnTime: _own_only(OwnTime),
    BusyFeed: _own_only(BusyFeed),
    CalendarLink: _own_only(CalendarLink),
}


@dataclass(frozen=True, kw_only=True)
class DutyLine:
    """A duty in a list; `mine` is the viewer's own row of it, `on` who is on it as far as she may
    know, `free` how many seats nobody has (None: it has no seats)."""

    duty: Duty
    kind: DutyType
    mine: DutyPerson | None
    on: tuple[str, ...]
    free: int | None

    @property
    def asks_me(self) -> bool:
        """Whether the viewer's answer is wanted: none yet, or the time is another one since."""
        row = self.mine
        if row is None or self.duty.cancelled_at is not None or row.stood_down_at is not None:
            return False
        return row.answer is None or row.answered_frame < self.duty.frame


def calendar(
    viewer: Viewer | None,
    *,
    begins: dt.datetime,
    ends: dt.datetime,
    team_id: uuid.UUID | None = None,
    cancelled: bool = True,
) -> list[DutyLine]:
    """What is on between two instants, by start. Four queries."""
    rows = visible_duties(viewer).filter(starts_at__lt=ends, ends_at__gt=begins)
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    if not cancelled:
        rows = rows.filter(cancelled_at__isnull=True)
    return lines(viewer, rows)


def lines(viewer: Viewer | None, rows: models.QuerySet[Duty]) -> list[DutyLine]:
    """These duties as lists show them, by start."""
    found = list(rows.select_related("team", "unit").order_by("starts_at", "pk")[:CALENDAR_MAX])
    keys = [row.pk for row in found]
    seen = list(visible_duty_people(viewer).filter(duty__in=keys).select_related("person"))
    seats = DutySeat.objects.filter(duty__in=keys).values("duty_id")
    counted = seats.annotate(n=models.Count("pk"), gone=models.Count("taken"))
    free = {one["duty_id"]: one["n"] - one["gone"] for one in counted}
    me = viewer.person_id if viewer else None
    mine = {one.duty_id: one for one in seen if me is not None and one.person_id == me}
    on: dict[uuid.UUID, list[str]] = {}
    for one in seen:
        if one.is_on:
            on.setdefault(one.duty_id, []).append(one.person.shown_as)
    return [
        DutyLine(
            duty=row,
            kind=DutyType(row.kind),
            mine=mine.get(row.pk),
            on=tuple(sorted(on.get(row.pk, ()))),
            free=free.get(row.pk),
        )
        for row in found
    ]


def duty_line(viewer: Viewer | None, duty_id: uuid.UUID) -> DutyLine | None:
    """One duty, if the viewer may see it."""
    found = lines(viewer, visible_duties(viewer).filter(pk=duty_id))
    return found[0] if found else None


def own_lines(viewer: Viewer, *, now: dt.datetime) -> list[DutyLine]:
    """What the viewer is asked for, or on, and that is not over: by start."""
    if viewer.person_id is None:
        return []
    own = DutyPerson.objects.filter(person_id=viewer.person_id).values("duty_id")
    return lines(viewer, visible_duties(viewer).filter(pk__in=own, ends_at__gt=now))


def open_lines(viewer: Viewer, *, now: dt.datetime) -> list[DutyLine]:
    """What the viewer may sign up for herself: open, still to come, not hers yet, a seat free."""
    rows = visible_duties(viewer).filter(is_open=True, cancelled_at__isnull=True, starts_at__gt=now)
    return [one for one in lines(viewer, rows) if one.mine is None and one.free != 0]


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """Somebody of a duty for a reader: what she answered stands there for those who plan it."""

    row: DutyPerson
    name: str
    is_on: bool
    has_answered: bool
    answer: DutyAnswer | None
    attended: Attended | None
    has_seen: bool


def people_of(viewer: Viewer | None, duty: Duty) -> list[PersonLine]:
    """Everybody of a duty whom the viewer may see, by callsign. One query beside the rules."""
    rows = visible_duty_people(viewer).filter(duty=duty).select_related("person", "seat")
    found = [
        PersonLine(
            row=row,
            name=row.person.shown_as,
            is_on=row.is_on,
            has_answered=row.answer is not None and row.answered_frame == duty.frame,
            answer=DutyAnswer(row.answer) if row.answer else None,
            attended=Attended(row.attended) if row.attended else None,
            has_seen=row.seen_frame == duty.frame,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def approvals_of(viewer: Viewer | None, duty: Duty) -> dict[uuid.UUID, DutyApproval]:
    """By whose word minors may be on a duty, as the viewer may see. One query beside the rules."""
    rows = _visible_approvals(viewer).filter(duty=duty, frame=duty.frame)
    return {row.person_id: row for row in rows}


def on_duties(
    viewer: Viewer | None, duty_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Who is on each of these duties, as far as the viewer may see. One query beside the rules."""
    rows = visible_duty_people(viewer).filter(ON, duty__in=duty_ids)
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for duty, person in rows.values_list("duty_id", "person_id"):
        found.setdefault(duty, []).append(person)
    return found


def swappable(
    viewer: Viewer, person_ids: Collection[uuid.UUID], *, but: Duty, now: dt.datetime
) -> list[tuple[str, str]]:
    """Duties to come that one of these people is on and that the viewer sees, as the choices of a
    field: what could be had in exchange."""
    rows = (
        visible_duty_people(viewer)
        .filter(
            ON,
            person_id__in=person_ids,
            duty__starts_at__gt=now,
            duty__cancelled_at__isnull=True,
        )
        .filter(
            Q(duty__team_id=but.team_id) if but.team_id else Q(duty__team__isnull=True),
            Q(duty__unit_id=but.unit_id) if but.unit_id else Q(duty__unit__isnull=True),
        )
    )
    found = rows.exclude(duty=but).select_related("duty", "person").order_by("duty__starts_at")
    return [
        (
            str(row.duty_id),
            f"{row.person.shown_as}: {row.duty.what}, "
            f"{instants.wall(row.duty.starts_at, row.duty.zone, now)}",
        )
        for row in found[:CALENDAR_MAX]
    ]


def swaps_of_mine(viewer: Viewer) -> list[DutySwap]:
    """The offers that wait for the viewer's word, and those she has made, the oldest first."""
    if viewer.person_id is None:
        return []
    me = viewer.person_id
    rows = _visible_swaps(viewer).filter(
        Q(from_person_id=me) | Q(to_person_id=me), ended_at__isnull=True
    )
    both = rows.select_related("duty", "for_duty", "from_person", "to_person")
    return list(both.order_by("offered_at", "pk"))


def own_times(viewer: Viewer, *, now: dt.datetime) -> list[OwnTime]:
    """The viewer's leave, availability and busy times that are not over, by start."""
    rows = VISIBLE[OwnTime](viewer).filter(ended_at__isnull=True, ends_at__gt=now)
    if viewer.person_id is None:
        return []
    return list(rows.filter(person_id=viewer.person_id).order_by("starts_at", "pk"))


def own_feed(viewer: Viewer) -> BusyFeed | None:
    """The viewer's outside calendar, without its address."""
    rows = VISIBLE[BusyFeed](viewer).filter(person_id=viewer.person_id)
    found: BusyFeed | None = rows.first()
    return found


def own_link(viewer: Viewer) -> CalendarLink | None:
    """Whether the viewer's own calendar has an address, and what it shows."""
    rows = VISIBLE[CalendarLink](viewer).filter(person_id=viewer.person_id)
    found: CalendarLink | None = rows.first()
    return found


def owner_of_link(key_hash: str) -> CalendarLink | None:
    """Whose calendar an address opens: the secret is the permission. One query."""
    return CalendarLink.objects.filter(key_hash=key_hash, person__is_active=True).first()


def own_data(viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """What is kept of the viewer's duties and of her time, for her archive."""
    if viewer.person_id is None:
        return {"duties": [], "own_times": []}
    duties = DutyPerson.objects.filter(person_id=viewer.person_id).order_by("duty__starts_at", "pk")
    said = ("duty__what", "duty__place", "duty__starts_at", "duty__ends_at", "asked_at", "answer")
    became = ("answered_at", "note", "picked_at", "not_picked", "stood_down_why", "attended")
    times = OwnTime.objects.filter(person_id=viewer.person_id).order_by("starts_at", "pk")
    names = ("kind", "starts_at", "ends_at", "known_at", "ended_at")
    return {
        "duties": [plain(row) for row in duties.values(*said, *became)],
        "own_times": [plain(row) for row in times.values(*names)],
    }
