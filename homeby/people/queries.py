"""Reading people. Every query takes its viewer first and finds nothing without one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.people.models import (
    Account,
    ContactPoint,
    Kin,
    LogInLink,
    Membership,
    Organisation,
    Person,
    PersonKey,
    RoleHeld,
    Team,
)
from homeby.people.rules import (
    ChannelName,
    MayKnow,
    PersonKind,
    Reach,
    Recipient,
    Role,
    Viewer,
)


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """The organisation's limits; times in minutes (see the model)."""

    name: str
    zone: str
    grace_minutes: int
    grace_minutes_solo: int
    grace_minutes_max: int
    check_in_minutes_solo: int
    acknowledge_minutes: int
    rest_hours: int


def visible_people(viewer: Viewer | None) -> models.QuerySet[Person]:
    """Whoever keeps watch sees everybody; a member sees herself and the teams she is in."""
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return Person.objects.none()
    if viewer.keeps_watch:
        return Person.objects.all()
    teams = Membership.objects.filter(person_id=viewer.person_id, to_at__isnull=True)
    mates = Membership.objects.filter(team__in=teams.values("team"), to_at__isnull=True)
    return Person.objects.filter(Q(pk=viewer.person_id) | Q(pk__in=mates.values("person")))


def _own_or_office(model: type[models.Model], path: str) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        if viewer is None:
            return rows.none()
        if viewer.is_station or viewer.has(Role.ADMINISTRATOR, Role.LEADER):
            return rows
        return rows.filter(**{path: viewer.person_id}) if viewer.person_id else rows.none()

    return visible


def _everybody_known(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
        return rows if known else rows.none()

    return visible


def _station_only(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        return rows if viewer is not None and viewer.is_station else rows.none()

    return visible


visible_contacts = _own_or_office(ContactPoint, "person_id")
visible_kin = _own_or_office(Kin, "person_id")
visible_teams = _everybody_known(Team)
visible_accounts = _own_or_office(Account, "person_id")
visible_roles = _own_or_office(RoleHeld, "person_id")
visible_memberships = _own_or_office(Membership, "person_id")

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Organisation: _everybody_known(Organisation),
    Person: visible_people,
    Team: visible_teams,
    Membership: visible_memberships,
    RoleHeld: visible_roles,
    PersonKey: _station_only(PersonKey),
    ContactPoint: visible_contacts,
    Kin: visible_kin,
    Account: visible_accounts,
    LogInLink: _station_only(LogInLink),
}


def organisation() -> OrganisationFacts | None:
    """The organisation's name and limits, None before `homeby init`. Holds nothing personal."""
    row = Organisation.objects.first()
    if row is None:
        return None
    return OrganisationFacts(
        name=row.name,
        zone=row.zone,
        grace_minutes=row.grace_minutes,
        grace_minutes_solo=row.grace_minutes_solo,
        grace_minutes_max=row.grace_minutes_max,
        check_in_minutes_solo=row.check_in_minutes_solo,
        acknowledge_minutes=row.acknowledge_minutes,
        rest_hours=row.rest_hours,
    )


def _held_at(now: dt.datetime) -> Q:
    return Q(from_at__lte=now) & (Q(to_at__isnull=True) | Q(to_at__gt=now))


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now. Two queries."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return Viewer()
    held = RoleHeld.objects.filter(_held_at(now), person_id=person_id)
    roles = frozenset(Role(role) for role in held.values_list("role", flat=True))
    return Viewer(person_id=person_id, name=person.shown_as, roles=roles | {Role.MEMBER})


def holders(
    role: Role, *, now: dt.datetime, team_id: uuid.UUID | None = None
) -> list[uuid.UUID]:
    """Active humans who hold a role now (of one team, when given, or of the whole organisation)."""
    held = RoleHeld.objects.filter(
        _held_at(now), role=role, person__is_active=True, person__kind=PersonKind.HUMAN
    )
    if team_id is not None:
        held = held.filter(Q(team_id=team_id) | Q(team_id__isnull=True))
    return list(held.order_by("from_at", "pk").values_list("person_id", flat=True).distinct())


def _reach(row: ContactPoint | Kin, *, verified: bool) -> Reach:
    return Reach(
        contact_id=row.pk,
        channel=ChannelName(row.channel),
        verified=verified,
        zone=row.zone,
        from_time=row.from_time,
        to_time=row.to_time,
    )


def recipients(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Recipient]:
    """How these people can be reached, without any address. Two queries."""
    wanted = set(person_ids)
    points: dict[uuid.UUID, list[Reach]] = {}
    for point in ContactPoint.objects.filter(person_id__in=wanted).order_by("rank", "pk"):
        reach = _reach(point, verified=point.verified_at is not None)
        points.setdefault(point.person_id, []).append(reach)
    return {
        person.pk: Recipient(
            person_id=person.pk,
            name=person.shown_as,
            callsign=person.callsign,
            language=person.language,
            reaches=tuple(points.get(person.pk, ())),
        )
        for person in Person.objects.filter(pk__in=wanted)
    }


def kin_recipients(person_ids: Iterable[uuid.UUID]) -> list[Recipient]:
    """Kin of these people who may be told something, in the person's order. One query.

    An address that the person herself entered for her kin counts as verified: nobody else may ask
    kin to prove themselves before the person goes out.
    """
    rows = Kin.objects.filter(person_id__in=set(person_ids)).exclude(may_know=MayKnow.NOTHING)
    return [
        Recipient(
            person_id=kin.pk,
            name="kin",
            kin_of=kin.person_id,
            may_know=MayKnow(kin.may_know),
            language=kin.language,
            reaches=(_reach(kin, verified=True),),
        )
        for kin in rows.order_by("person_id", "rank", "pk")
    ]


def names(person_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """What boards call these people (callsign, else name). One query."""
    wanted = {key for key in person_ids if key is not None}
    return {person.pk: person.shown_as for person in Person.objects.filter(pk__in=wanted)}


def login_names(*, now: dt.datetime) -> list[tuple[str, Role]]:
    """One log-in name for each role held now; for the demonstration's printed links."""
    found = []
    for role in Role:
        account = Account.objects.filter(
            person__in=holders(role, now=now), is_active=True
        ).order_by("login")
        found += [(row.login, role) for row in account[:1]]
    return found


def kin_by_id(kin_ids: Iterable[uuid.UUID]) -> list[Recipient]:
    """Kin by their own ids, as they stand now; removed kin are not found. One query."""
    wanted = set(kin_ids)
    owners = Kin.objects.filter(pk__in=wanted).values_list("person_id", flat=True)
    return [one for one in kin_recipients(set(owners)) if one.person_id in wanted]
