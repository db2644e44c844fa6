"""Who somebody is: human or unit, by which name they log in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from homeby.people.models import (
    Account,
    Badge,
    ContactPoint,
    Device,
    Kin,
    Membership,
    Person,
    RoleHeld,
)
from homeby.people.queries import viewer_for
from homeby.people.rules import PersonKind, Viewer


def units(person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these ids that are units (a crew, a vehicle) and no humans. One query."""
    found = Person.objects.filter(pk__in=set(person_ids), kind=PersonKind.UNIT)
    return set(found.values_list("pk", flat=True))


def log_ins(*, now: dt.datetime) -> dict[str, Viewer]:
    """Every account in use by its log-in name, and the viewer it makes; for the demonstration."""
    accounts = Account.objects.filter(is_active=True, person__is_active=True).order_by("login")
    return {row.login: viewer_for(row.person_id, now=now) for row in accounts}


def role_holder(role_held_id: uuid.UUID) -> RoleHeld | None:
    """Who holds, or held, what by this row; None where there is none. One query."""
    return RoleHeld.objects.filter(pk=role_held_id).first()


_OF_A_PERSON: dict[str, type[Badge | ContactPoint | Device | Kin | Membership | RoleHeld]] = {
    "roles": RoleHeld,
    "memberships": Membership,
    "contact-points": ContactPoint,
    "kin": Kin,
    "devices": Device,
    "badges": Badge,
}


def whose(kind: str, key: uuid.UUID) -> uuid.UUID | None:
    """Whose a row of this kind is, or the person herself; None where it is nobody's. No viewer: it
    decides whether the row is there for somebody. At most one query."""
    if kind in ("people", "pins"):
        return key
    if kind not in _OF_A_PERSON:
        return None
    rows = _OF_A_PERSON[kind].objects.filter(pk=key)
    found: uuid.UUID | None = rows.values_list("person_id", flat=True).first()
    return found


def account_called(login: str) -> Account | None:
    """An account by its name, for the log-in page: what was tried there is noted. One query."""
    return Account.objects.filter(login=login.strip().lower()[:150]).first()


def account_by_id(account_id: uuid.UUID) -> Account | None:
    """An account by its id, for whoever has just given its password, or holds its secret."""
    return Account.objects.filter(pk=account_id).first()
