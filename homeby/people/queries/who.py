"""Who somebody is: human or unit, by which name they log in."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from homeby.people.models import Account, Person
from homeby.people.queries import holders
from homeby.people.rules import PersonKind, Role


def units(person_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those of these ids that are units (a crew, a vehicle) and no humans. One query."""
    found = Person.objects.filter(pk__in=set(person_ids), kind=PersonKind.UNIT)
    return set(found.values_list("pk", flat=True))


def login_names(*, now: dt.datetime) -> list[tuple[str, Role]]:
    """One log-in name for each role held now; for the demonstration's printed links."""
    found = []
    for role in Role:
        account = Account.objects.filter(
            person__in=holders(role, now=now), is_active=True
        ).order_by("login")
        found += [(row.login, role) for row in account[:1]]
    return found
