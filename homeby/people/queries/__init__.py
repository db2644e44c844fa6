"""Reading people. Every query takes its viewer first and finds nothing without one."""

from __future__ import annotations

import datetime as dt
import functools
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.database.asked import NOW, Asked, AskedOf
from homeby.logbook.reading import ReadKind, opened
from homeby.people.models import (
    Account,
    Badge,
    ContactPoint,
    Device,
    Invitation,
    Kin,
    LogInLink,
    LogInTry,
    Membership,
    Organisation,
    Person,
    PersonalToken,
    PersonKey,
    Pin,
    Rank,
    Rest,
    RoleHeld,
    StayAway,
    Team,
)
from homeby.people.queries import blocks, kept, minors, retention, seasons
from homeby.people.queries.apart import apart_from, visible_stay_aways
from homeby.people.queries.callsigns import BY_CALLSIGN as _BY_CALLSIGN
from homeby.people.queries.callsigns import has_text as has_text
from homeby.people.queries.reaching import contacts_here as contacts_here
from homeby.people.queries.reaching import kin_by_id as kin_by_id
from homeby.people.queries.reaching import kin_recipients as kin_recipients
from homeby.people.queries.reaching import languages_of as languages_of
from homeby.people.queries.reaching import reach_of as reach_of
from homeby.people.queries.reaching import recipient_at as recipient_at
from homeby.people.queries.reaching import recipients as recipients
from homeby.people.rules import PersonKind, Reach, Role, Viewer
from homeby.people.rules_callsigns import stand_in


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
    call_whom: str = ""
    call_phone: str = ""


def visible_people(viewer: Viewer | None) -> models.QuerySet[Person]:
    """Whoever keeps watch or administers sees everybody; a member sees herself and the teams she is
    in or has a role for, from the moment she joins to the moment she leaves. Duty officers of a
    partner station are nobody's: messages name them, no list of people does."""
    if viewer is not None and _knows_all(viewer):
        known = Person.objects.exclude(kind=PersonKind.ELSEWHERE)
        return known.exclude(pk__in=viewer.apart) if viewer.apart else known
    if viewer is None or viewer.person_id is None:
        return Person.objects.none()
    teams = Membership.objects.filter(person_id=viewer.person_id, to_at__isnull=True)
    of_teams = Q(team__in=teams.values("team")) | Q(team__in=viewer.teams(*Role))
    mates = Membership.objects.filter(of_teams, to_at__isnull=True)
    known = Person.objects.filter(Q(pk=viewer.person_id) | Q(pk__in=mates.values("person")))
    return known.exclude(pk__in=viewer.apart) if viewer.apart else known


def _knows_all(viewer: Viewer) -> bool:
    return viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)


def _own_or(
    model: type[models.Model], sees_all: Callable[[Viewer], bool]
) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        if viewer is None:
            return rows.none()
        if viewer.is_station:
            return rows
        if sees_all(viewer):
            return rows.exclude(person_id__in=viewer.apart) if viewer.apart else rows
        opened = viewer.opened if model in _OPENED_BY_GLASS else frozenset()
        return rows.filter(person_id__in={viewer.person_id, *opened} - {None})

    return visible


#: What a broken glass opens about the people of one party.
_OPENED_BY_GLASS = (ContactPoint, Kin)


def _is_office(viewer: Viewer) -> bool:
    return viewer.has(Role.ADMINISTRATOR, Role.LEADER)


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


visible_contacts = _own_or(ContactPoint, _is_office)
visible_kin = _own_or(Kin, _is_office)
visible_ranks = _everybody_known(Rank)
visible_teams = _everybody_known(Team)
visible_accounts = _own_or(Account, _is_office)
visible_roles = _own_or(RoleHeld, _knows_all)
_memberships = _own_or(Membership, _knows_all)


def visible_memberships(viewer: Viewer | None) -> models.QuerySet[Membership]:
    """One's own; everybody's for whoever knows everybody; and who is now in a team, for whoever has
    a role for it: the same people as `visible_people`."""
    rows: models.QuerySet[Membership] = _memberships(viewer)
    if viewer is None or not (led := viewer.teams(*Role)):
        return rows
    now_in = Membership.objects.filter(team_id__in=led, to_at__isnull=True)
    return rows | now_in.exclude(person_id__in=viewer.apart)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Organisation: _everybody_known(Organisation),
    Rank: visible_ranks,
    Person: visible_people,
    Team: visible_teams,
    Membership: visible_memberships,
    RoleHeld: visible_roles,
    PersonKey: _station_only(PersonKey),
    ContactPoint: visible_contacts,
    Kin: visible_kin,
    Account: visible_accounts,
    Device: _own_or(Device, _knows_all),
    Pin: _own_or(Pin, lambda viewer: viewer.has(Role.ADMINISTRATOR)),
    Badge: _own_or(Badge, _knows_all),
    LogInLink: _station_only(LogInLink),
    LogInTry: _own_or(LogInTry, lambda viewer: False),
    StayAway: visible_stay_aways,
    Rest: _own_or(Rest, lambda viewer: False),
    Invitation: _own_or(Invitation, lambda viewer: viewer.has(Role.ADMINISTRATOR)),
    PersonalToken: _own_or(PersonalToken, lambda viewer: viewer.has(Role.ADMINISTRATOR)),
    **blocks.VISIBLE,
    **kept.VISIBLE,
    **minors.VISIBLE,
    **retention.VISIBLE,
    **seasons.VISIBLE,
}


def zone() -> str:
    """The zone of the organisation, in which its days begin and end; UTC before there is one."""
    row = next(iter(ORGANISATION.rows()), None)
    return row.zone if row is not None else "UTC"


def organisation() -> OrganisationFacts | None:
    """The organisation's name and limits, None before `homeby init`. Holds nothing personal."""
    return organisation_found(ORGANISATION.rows())


def organisation_found(rows: Sequence[Organisation]) -> OrganisationFacts | None:
    """The same, out of the answer to `ORGANISATION` that was asked together with other things."""
    row = next(iter(rows), None)
    if row is None:
        return None
    return OrganisationFacts(
        **{one.name: getattr(row, one.name) for one in fields(OrganisationFacts)}
    )


#: Every page begins with the organisation and with who looks.
ORGANISATION = Asked(lambda: Organisation.objects.order_by("pk")[:1])


def _held_at(now: dt.datetime) -> Q:
    return Q(from_at__lte=now) & (Q(to_at__isnull=True) | Q(to_at__gt=now))


def viewer_for(person_id: uuid.UUID, *, now: dt.datetime) -> Viewer:
    """The viewer that a logged-in person is now, as far as this room knows; what she is kept away
    from besides people is added by `readiness.queries.who.viewer_for`. Three queries."""
    person = next(iter(_ACTIVE.rows([person_id])), None)
    if person is None:
        return Viewer()
    held = {(Role(role), team) for role, team in _ROLES_HELD.rows([person_id], now=now)}
    return Viewer(
        person_id=person_id,
        name=person.shown_as,
        roles=frozenset(role for role, team in held if team is None) | {Role.MEMBER},
        team_roles=frozenset((role, team) for role, team in held if team is not None),
        apart=apart_from([person_id]).get(person_id, frozenset()),
    )


_ACTIVE = AskedOf(lambda keys: Person.objects.filter(pk__in=keys, is_active=True))
_NAMED = AskedOf(lambda keys: Person.objects.filter(pk__in=keys))
_ROLES_HELD = AskedOf(
    lambda keys: RoleHeld.objects.filter(_held_at(NOW), person_id__in=keys).values_list(
        "role", "team_id"
    )
)


def holders(role: Role, *, now: dt.datetime, team_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Active humans who hold a role now (of one team, when given, or of the whole organisation)."""
    of_teams = _HOLDERS[role].rows(now=now)
    return list(  # a role may be held twice, for two teams
        dict.fromkeys(key for key, of in of_teams if team_id is None or of in (team_id, None))
    )


def holders_over(person_id: uuid.UUID, role: Role, *, now: dt.datetime) -> list[uuid.UUID]:
    """Active humans who hold a role now over a person: of a team of hers, or of the whole
    organisation. Two queries."""
    rows = Membership.objects.filter(person_id=person_id, to_at__isnull=True)
    teams = {None, *rows.values_list("team_id", flat=True)}
    return list(dict.fromkeys(key for key, of in _HOLDERS[role].rows(now=now) if of in teams))


def _holders(role: Role) -> models.QuerySet[RoleHeld, tuple[uuid.UUID, uuid.UUID | None]]:
    held = RoleHeld.objects.filter(
        _held_at(NOW), role=role, person__is_active=True, person__kind=PersonKind.HUMAN
    )
    return held.order_by("from_at", "pk").values_list("person_id", "team_id")


_HOLDERS = {role: Asked(functools.partial(_holders, role)) for role in Role}


def names(
    person_ids: Iterable[uuid.UUID | None], *, to: Viewer | None = None
) -> dict[uuid.UUID, str]:
    """What boards call these people. `to` is who reads it: somebody she is kept away from is shown
    like one who has no callsign, by a stand-in. One query."""
    wanted = {key for key in person_ids if key is not None}
    found = {person.pk: person.shown_as for person in _NAMED.rows(wanted)}
    hidden = to.apart.intersection(found) if to is not None else frozenset()
    return found | {key: stand_in(key) for key in hidden}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Somebody who can be chosen on a form, by what screens call them."""

    person_id: uuid.UUID
    label: str
    is_unit: bool


def choices(
    viewer: Viewer | None, *, text: str = "", keep: Iterable[uuid.UUID] = (), limit: int = 60
) -> tuple[list[Choice], bool]:
    """The people a viewer may choose: those chosen already (`keep`) first, then those whose
    callsign has this text, at most `limit`; and whether there are more than these. Two queries."""
    active = visible_people(viewer).filter(is_active=True)
    kept = list(visible_people(viewer).filter(pk__in=set(keep)))
    if text:
        active = active.filter(has_text(text))
    rest = list(
        active.exclude(pk__in=[row.pk for row in kept]).order_by(*_BY_CALLSIGN)[: limit + 1]
    )
    shown = sorted(kept, key=lambda row: row.shown_as.lower()) + rest[:limit]
    found = [
        Choice(person_id=row.pk, label=row.shown_as, is_unit=row.kind == PersonKind.UNIT)
        for row in shown
    ]
    return found, len(rest) > limit


def team_choices(viewer: Viewer | None) -> list[tuple[uuid.UUID, str]]:
    """Every team by its callsign, else its name. One query."""
    rows = visible_teams(viewer).order_by("name")
    return [(row.pk, row.callsign or row.name) for row in rows]


def person(viewer: Viewer | None, person_id: uuid.UUID) -> Person | None:
    """One person or unit, if the viewer may see them."""
    return visible_people(viewer).filter(pk=person_id).first()


def listed(
    viewer: Viewer | None, *, text: str = "", kind: PersonKind | None = None
) -> models.QuerySet[Person]:
    """People and units whose callsign or name holds the text, by callsign, those who left last.
    Only the office sees (and finds by) names. Paginate."""
    found = visible_people(viewer)
    if kind is not None:
        found = found.filter(kind=kind)
    if text:
        office = viewer is not None and _is_office(viewer)
        called = has_text(text)
        found = found.filter(called | Q(name__icontains=text) if office else called)
    return found.order_by("-is_active", *_BY_CALLSIGN)


@dataclass(frozen=True, kw_only=True)
class Held:
    """A role or a membership that somebody has now; `role` is "" for a membership."""

    id: uuid.UUID
    person_id: uuid.UUID
    role: str = ""
    team_id: uuid.UUID | None = None
    team: str = ""
    from_at: dt.datetime
    to_at: dt.datetime | None = None


def roles_held(
    viewer: Viewer | None, person_ids: Iterable[uuid.UUID] | None = None, *, now: dt.datetime
) -> list[Held]:
    """The roles that these people hold now, everybody's when nobody is named. One query."""
    rows = _held_by(visible_roles(viewer), person_ids, now)
    return [_held(row, role=row.role) for row in rows.order_by("role", "from_at")]


def memberships(
    viewer: Viewer | None, person_ids: Iterable[uuid.UUID] | None = None, *, now: dt.datetime
) -> list[Held]:
    """The memberships of these people now, of everybody when nobody is named. One query."""
    rows = _held_by(visible_memberships(viewer), person_ids, now)
    return [_held(row) for row in rows.order_by("team__name", "from_at")]


def _held_by(rows: Any, person_ids: Iterable[uuid.UUID] | None, now: dt.datetime) -> Any:
    rows = rows.filter(_held_at(now)).select_related("team")
    return rows if person_ids is None else rows.filter(person_id__in=set(person_ids))


def _held(row: RoleHeld | Membership, *, role: str = "") -> Held:
    team = row.team.name if row.team else ""
    return Held(
        id=row.pk,
        person_id=row.person_id,
        role=role,
        team_id=row.team_id,
        team=team,
        from_at=row.from_at,
        to_at=row.to_at,
    )


def teams(viewer: Viewer | None) -> list[Team]:
    """Every team by name. One query."""
    return list(visible_teams(viewer).order_by("name"))


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """A contact point without its address; the office and the own page open that themselves."""

    id: uuid.UUID
    code_until: dt.datetime | None
    reach: Reach


def contact_points(viewer: Viewer | None, person_id: uuid.UUID) -> list[ContactFacts]:
    """How a person can be reached, in order. One query."""
    opened(ReadKind.CONTACTS, what=f"person:{person_id}", whose=person_id)
    rows = visible_contacts(viewer).filter(person_id=person_id).order_by("rank", "pk")
    return [
        ContactFacts(id=row.pk, code_until=row.code_expires_at, reach=reach_of(row)) for row in rows
    ]


def account_of(viewer: Viewer | None, person_id: uuid.UUID) -> Account | None:
    """The log-in of a person, if there is one."""
    found: Account | None = visible_accounts(viewer).filter(person_id=person_id).first()
    return found
