"""Signed badges: of what somebody holds today, and the list of what was withdrawn.

Signed with RS256 as JSON web tokens, which every verifier of Open Badges 3.0 must be able to check;
the key is a file beside the other keys, never a row.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import uuid
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from homeby import settings
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.models import Holding
from homeby.readiness.queries import days
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import open_badges as rules
from homeby.readiness.rules.open_badges import BadgeFacts, Claims, Issuer

ALGORITHM, TOKEN_TYPE = "RS256", "JWT"


@dataclass(frozen=True, kw_only=True)
class OpenBadge:
    """A signed badge, and how its file is called."""

    token: str
    file_name: str


def badgeable(viewer: Viewer, *, now: dt.datetime) -> dict[str, uuid.UUID]:
    """Of what the viewer herself holds validly today, by key, the row of which a badge is made: the
    one that lasts longest. One query."""
    if viewer.person_id is None:
        return {}
    rows = Holding.objects.filter(
        queries.current_sql(days.today(now=now)), person_id=viewer.person_id
    ).select_related("qualification")
    ordered = sorted(rows, key=lambda row: (row.through_date or dt.date.max, row.pk.hex))
    return {row.qualification.key: row.pk for row in ordered}


def own_valid(viewer: Viewer, holding_id: uuid.UUID, *, now: dt.datetime) -> Holding | None:
    """A row of the viewer's own that is current today; nobody takes a badge for another."""
    if viewer.person_id is None:
        return None
    rows = Holding.objects.filter(
        queries.current_sql(days.today(now=now)), pk=holding_id, person_id=viewer.person_id
    )
    return rows.select_related("qualification", "person").first()


def signed_badge(viewer: Viewer, holding_id: uuid.UUID, *, now: dt.datetime) -> OpenBadge | None:
    """The badge of what the viewer herself holds; None where it has no place in the list yet, is
    not hers, or is not valid today. Raises KeyProblem."""
    row = own_valid(viewer, holding_id, now=now)
    if row is None or row.badge_place is None:
        return None
    what, known = queries.as_rule(row.qualification), queries.known()
    zone = days.here()
    facts = BadgeFacts(
        id=f"urn:uuid:{row.pk}",
        achievement_id=f"urn:uuid:{row.qualification_id}",
        name=row.person.name,
        what=what,
        since=dt.datetime.combine(row.from_date, dt.time(), tzinfo=zone),
        until=_end_of(row.through_date, zone),
        place=row.badge_place,
        needs=[known[key].name for key in what.needs.all_of if key in known],
    )
    token = signed(rules.badge(facts, issuer()))
    return OpenBadge(token=token, file_name=f"open-badge-{what.key.lower()}.jwt")


def _end_of(day: dt.date | None, zone: dt.tzinfo) -> dt.datetime | None:
    """The last second of a day there: it is valid through the end of its day."""
    if day is None:
        return None
    next_day = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=zone)
    return next_day.astimezone(dt.UTC) - dt.timedelta(seconds=1)


def issuer() -> Issuer:
    """The station as others reach it. No viewer: it tells of nobody."""
    organisation = people.organisation()
    name = organisation.name if organisation else "Homeby"
    return Issuer(url=settings.current().public_url.rstrip("/"), name=name)


def published() -> dict[str, Any]:
    """The profile of the issuer, as others fetch it. No viewer: it tells of nobody."""
    found = issuer()
    return {"@context": list(rules.CONTEXTS), **found.profile(), "publicKey": found.key_id}


def withdrawn_list(*, now: dt.datetime) -> str:
    """The signed list of what was withdrawn. No viewer: it holds a bit for each badge, and whoever
    has none cannot tell whose it is. One query. Raises KeyProblem."""
    rows = Holding.objects.filter(badge_place__isnull=False, withdrawn_date__isnull=False)
    rows = rows.filter(withdrawn_date__lte=days.today(now=now))
    places = [place for place in rows.values_list("badge_place", flat=True) if place is not None]
    return signed(rules.withdrawn_list(places, issuer(), now=now))


def public_key() -> dict[str, Any]:
    """The key by which anybody checks what the station signed (RFC 7517). No viewer: it is public.
    Raises KeyProblem."""
    kept = _numbers(settings.open_badges_key())
    return {**kept, "alg": ALGORITHM, "use": "sig", "kid": _kid(kept)}


def _numbers(key: rsa.RSAPrivateKey) -> dict[str, str]:
    found = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: str(found[name]) for name in ("e", "kty", "n")}


def _kid(numbers: dict[str, str]) -> str:
    """Where the key stands, and which it is (its thumbprint, RFC 7638): a paper signed with an
    earlier key does not claim this one."""
    text = json.dumps(numbers, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).digest()
    return f"{issuer().key_id}#{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def signed(claims: Claims) -> str:
    """These claims, signed by the station. The header names where the key stands and does not bring
    it: nobody should take a key from the paper that it vouches for. No viewer: whoever asks has
    judged them. Raises KeyProblem."""
    key = settings.open_badges_key()
    headers = {"typ": TOKEN_TYPE, "kid": _kid(_numbers(key))}
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)
