"""What the room of people keeps of the viewer herself, for her archive; sealed stays sealed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from homeby.logbook.rules import plain
from homeby.people.models import (
    Account,
    Badge,
    Block,
    ContactPoint,
    Device,
    LogInTry,
    Membership,
    Minor,
    Person,
    PersonalToken,
    Pin,
    RoleHeld,
    StayAway,
)
from homeby.people.queries.apart import filed
from homeby.people.queries.factors import factors_of
from homeby.people.rules import Viewer
from homeby.people.rules_callsigns import stand_in

#: Of what an archive holds every row, and which columns of it.
_TABLES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("roles", RoleHeld, ("role", "team__name", "from_at", "to_at")),
    ("teams", Membership, ("team__name", "from_at", "to_at")),
    ("log_ins", Account, ("login", "is_active", "last_login")),
    (
        "log_in_tries",
        LogInTry,
        ("at", "proof", "proof_too", "succeeded", "times", "browser"),
    ),
    ("devices", Device, ("name", "kind", "acts", "added_at", "revoked_at")),
    ("blocks", Block, ("blocked_id", "from_at")),
    ("minor", Minor, ("until_date", "not_before", "not_after", "only_normal")),
    ("badges", Badge, ("name", "added_at", "removed_at")),
    # Those that were filed for her; of those that others filed about her she is told nothing.
    ("stay_aways", StayAway, ("other_id", "filed_by_id", "filed_at", "ended_at")),
    ("pin", Pin, ("set_at", "asks_on_phone")),
    (
        "personal_tokens",
        PersonalToken,
        ("name", "rights", "made_at", "expires_at", "revoked_at", "used_at"),
    ),
    (
        "contact_points",
        ContactPoint,
        ("id", "channel", "rank", "verified_at", "from_time", "to_time", "zone"),
    ),
)


def own_data(viewer: Viewer | None) -> dict[str, Any]:
    """The viewer's own rows by name, as plain values. Up to 16 queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    found = Person.objects.select_related("rank").get(pk=viewer.person_id)
    person = {
        name: getattr(found, name) for name in ("name", "callsign", "kind", "language", "is_active")
    }
    person["rank"] = found.rank.name if found.rank else ""
    account = Account.objects.filter(person_id=viewer.person_id).first()
    passkeys = factors_of(viewer, account).passkeys if account is not None else ()
    return {"person": person, "passkeys": [plain(asdict(one)) for one in passkeys]} | {
        name: [
            plain(row)
            for row in table._default_manager.filter(person_id=viewer.person_id)
            .order_by("pk")
            .values(*columns)
        ]
        for name, table, columns in _TABLES
    }


def callsigns(viewer: Viewer | None, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The callsigns of these people, "" for whoever has none: a name is never given in its place.
    Who keeps away from her is shown by a stand-in. Two queries at most; nothing for a viewer who is
    nobody."""
    if viewer is None or viewer.person_id is None:
        return {}
    against, _since = filed(viewer)
    found = dict(Person.objects.filter(pk__in=set(ids)).values_list("pk", "callsign"))
    return found | {key: stand_in(key) for key in against.intersection(found)}


def person_of_login(login: str) -> uuid.UUID | None:
    """Who logs in by this name, for a command on the machine; None where nobody does. One query."""
    found = Account.objects.filter(login=login.strip().lower())
    return found.values_list("person_id", flat=True).first()
