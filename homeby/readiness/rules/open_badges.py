"""A qualification as an Open Badge 3.0: a verifiable credential (W3C VC data model 2.0), and the
list of those that were withdrawn. Pure: what is signed, not how.

It names her by the name that she bears here and by nothing else: no id of hers leaves the station,
only those of the paper and of what it is for.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from homeby.readiness.rules.qualifications import Qualification, QualificationKind
from homeby.sentences import gettext as _

CONTEXTS = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
)
#: Places of the list of what was withdrawn. The standard asks for at least as many, so that nobody
#: learns from a look at the list about whom it was.
PLACES = 131_072
#: So long a copy of the list may be relied on.
LIST_HOLDS = dt.timedelta(days=1)
_TYPES = {
    QualificationKind.COURSE: "Course",
    QualificationKind.SKILL: "Competency",
    QualificationKind.POSITION: "Certification",
    QualificationKind.RANK: "Certification",
}

Claims = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Issuer:
    """The station: the address under which others reach it, and the name of the organisation."""

    url: str
    name: str

    @property
    def id(self) -> str:
        """Where its profile stands."""
        return f"{self.url}/open-badges/issuer"

    @property
    def key_id(self) -> str:
        """Where its public key stands."""
        return f"{self.url}/open-badges/key"

    @property
    def list_url(self) -> str:
        """Where the list of what was withdrawn stands."""
        return f"{self.url}/open-badges/withdrawn"

    def profile(self) -> Claims:
        """Who it is, as a badge says it."""
        return {"id": self.id, "type": ["Profile"], "name": self.name, "url": self.url}


@dataclass(frozen=True, kw_only=True)
class BadgeFacts:
    """What a badge says. `until` is the last instant at which it is valid by what is recorded."""

    id: str
    achievement_id: str
    name: str
    what: Qualification
    since: dt.datetime
    until: dt.datetime | None
    place: int
    needs: Sequence[str]


def instant(at: dt.datetime) -> str:
    """An instant as credentials write it."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def badge(facts: BadgeFacts, issuer: Issuer) -> Claims:
    """What is signed for one qualification of one person."""
    found: Claims = {
        "@context": list(CONTEXTS),
        "id": facts.id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer.profile(),
        "validFrom": instant(facts.since),
        "name": facts.what.name,
        "credentialSubject": {
            "id": f"{facts.id}#holder",  # the standard asks for one; it is another for each paper
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": facts.name,
                    "identityType": "name",
                }
            ],
            "achievement": _achievement(facts),
        },
        "credentialStatus": {
            "id": f"{issuer.list_url}#{facts.place}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(facts.place),
            "statusListCredential": issuer.list_url,
        },
    }
    if facts.until is not None:
        found["validUntil"] = instant(facts.until)
    return with_claims(found, since=facts.since, until=facts.until)


def _achievement(facts: BadgeFacts) -> Claims:
    return {
        "id": facts.achievement_id,
        "type": ["Achievement"],
        "achievementType": _TYPES[facts.what.kind],
        "name": facts.what.name,
        "description": _described(facts.what),
        "criteria": {"narrative": narrative(facts.what, facts.needs)},
    }


def _described(what: Qualification) -> str:
    return f"{what.name} ({what.family})" if what.family else what.name


def narrative(what: Qualification, needs: Sequence[str]) -> str:
    """What had to be there and to be shown for it."""
    said = []
    if needs:
        said.append(_("Held before: {names}.").format(names=", ".join(needs)))
    if what.tasks:
        tasks = "; ".join(task.what.rstrip(".") for task in what.tasks)
        said.append(_("Shown to somebody who holds it: {tasks}.").format(tasks=tasks))
    return " ".join(said) or _("Recorded by the organisation from a paper or a course.")


def withdrawn_list(places: Iterable[int], issuer: Issuer, *, now: dt.datetime) -> Claims:
    """What is signed of everything that was withdrawn: one bit for each badge, and no word."""
    bits = bytearray(PLACES // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8  # the first place is the highest bit
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()
    found: Claims = {
        "@context": [CONTEXTS[0]],
        "id": issuer.list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": instant(now),
        "validUntil": instant(now + LIST_HOLDS),
        "credentialSubject": {
            "id": f"{issuer.list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": f"u{packed}",
        },
    }
    return with_claims(found, since=now, until=now + LIST_HOLDS)


def with_claims(found: Claims, *, since: dt.datetime, until: dt.datetime | None) -> Claims:
    """A credential with the names that JSON web tokens have for the same facts."""
    issuer = found["issuer"]
    claims = {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": found["id"],
        "sub": found["credentialSubject"]["id"],
        "nbf": int(since.timestamp()),
    }
    if until is not None:
        claims["exp"] = int(until.timestamp())
    return {**found, **claims}
