"""Somebody at a past moment, made from the logbook: how she was called, her roles, teams and ways
to be reached. For whoever knows everybody now; addresses, names and kin are not of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.then import Moment, Past, Way, about, erased_in, is_by, made, rows_at
from homeby.people.models import ContactPoint, Membership, Person, RoleHeld, Team
from homeby.people.queries import visible_contacts, visible_people
from homeby.people.rules import Role, Viewer

_TABLES = (Person, RoleHeld, Membership, ContactPoint)
#: Without them a row says nothing.
_NEEDED = frozenset({"from_at", "to_at", "role", "team_id"})


@dataclass(frozen=True, kw_only=True)
class HeldThen:
    """A role, or a place in a team (`role` is ""), that somebody had."""

    role: str
    team: str
    from_at: dt.datetime


@dataclass(frozen=True, kw_only=True)
class PersonThen:
    """Somebody as she stood, to be shown. `contacts`: by which channel she was reached, and whether
    that was verified; None for whoever may not read it. `is_gone`: what was recorded is erased."""

    shown_as: str
    is_active: bool
    is_gone: bool
    roles: list[HeldThen]
    teams: list[HeldThen]
    contacts: list[tuple[str, bool]] | None


def may_look_back_at(viewer: Viewer | None, person_id: uuid.UUID) -> bool:
    """Whether the viewer may see somebody's past: who knows everybody, and sees her now. At most
    one query."""
    if viewer is None or not (viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)):
        return False
    return visible_people(viewer).filter(pk=person_id).exists()


def person_then(viewer: Viewer | None, person_id: uuid.UUID, moment: Moment) -> PersonThen | None:
    """Somebody as she stood; None for whoever may not see it, or where she was not there yet."""
    if not may_look_back_at(viewer, person_id):
        return None
    opened(ReadKind.PERSON, what=f"person:{person_id}", whose=person_id)
    past = rows_at(moment, about([f"person:{person_id}"], person_id), _TABLES)
    then = past.of(Person).get(str(person_id))
    if then is None:
        return None
    row = made(Person, str(person_id), then)
    office = visible_contacts(viewer).filter(person_id=person_id).exists()
    return PersonThen(
        shown_as=row.shown_as,
        is_active=row.is_active,
        is_gone=bool(erased_in(then) & {"is_active", "callsign"}),
        roles=_held(past, moment, RoleHeld, person_id),
        teams=_held(past, moment, Membership, person_id),
        contacts=_contacts(past, moment, person_id) if office else None,
    )


def _hers(past: Past, table: type[models.Model], person_id: uuid.UUID, *, since: bool) -> Any:
    rows = past.of(table, since=since)
    return [(key, row) for key, row in rows.items() if row.get("person_id") == str(person_id)]


def _held(past: Past, moment: Moment, table: Any, person_id: uuid.UUID) -> list[HeldThen]:
    """What she had: by what had been recorded, or by its times as they are known now."""
    rows = _hers(past, table, person_id, since=moment.way is Way.TRUE)
    found = [made(table, key, values) for key, values in rows if _is_held(values, moment)]
    ids = {row.team_id for row in found}
    names = dict(Team.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return sorted(
        (
            HeldThen(
                role=getattr(row, "role", ""),
                team=names.get(row.team_id, ""),
                from_at=row.from_at,
            )
            for row in found
        ),
        key=lambda one: (one.role, one.team, one.from_at),
    )


def _is_held(values: Mapping[str, Any], moment: Moment) -> bool:
    whole = not erased_in(values) & _NEEDED
    return whole and is_by(values, "from_at", moment.at) and not is_by(values, "to_at", moment.at)


def _contacts(past: Past, moment: Moment, person_id: uuid.UUID) -> list[tuple[str, bool]]:
    rows = [values for _key, values in _hers(past, ContactPoint, person_id, since=False)]
    known = [row for row in rows if not erased_in(row) & {"channel", "rank"}]
    return [
        (str(row.get("channel")), is_by(row, "verified_at", moment.at))
        for row in sorted(known, key=lambda row: row.get("rank", 0))
    ]
