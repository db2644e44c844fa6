"""Log-ins: with what somebody came in, and when a log-in ends by itself. Pure.

A log-in that nobody uses is soon somebody else's, so it ends (ASVS 5.0, 7.3.1 and 7.3.2). But
whoever keeps watch must be in when it counts: her log-in bears three days without use, a board that
is shown asks for its rows and so is used, and no log-in ends at night because its days are over.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from homeby.people.rules import WATCHERS, Role, Viewer


class Proof(StrEnum):
    """With what somebody proved who she is, or tried to."""

    PASSWORD = "PASSWORD"  # noqa: S105 - the kind of proof, no secret
    PASSKEY = "PASSKEY"
    APP = "APP"
    RECOVERY_CODE = "RECOVERY_CODE"
    PROVIDER = "PROVIDER"
    LINK = "LINK"
    INVITATION = "INVITATION"
    DOOR = "DOOR"  # of the demonstration


#: What stands in for a passkey: a recovery code comes after the password only, and is told; the
#: door of a demonstration lets anybody in as anybody.
_IN_ITS_PLACE = frozenset({Proof.PASSKEY, Proof.RECOVERY_CODE, Proof.DOOR})


def still_to_prove(held: Collection[Proof], proved: Collection[Proof]) -> frozenset[Proof]:
    """What is lacking of the strongest proof that somebody can give: her passkey, where she has
    one; else her password and the code of her app; else the one of them that she has. Whoever has
    nothing of it (the provider lets her in) lacks nothing."""
    if _IN_ITS_PLACE & set(proved):
        return frozenset()
    if Proof.PASSKEY in held:
        return frozenset({Proof.PASSKEY})
    return frozenset({Proof.PASSWORD, Proof.APP} & set(held) - set(proved))


#: Where the session of nobody, which follows on a log-in that ended by itself, keeps whose it was.
WHOSE = "whose"

#: Whose log-in opens what is private of others, or gives roles. Whoever keeps watch, too, is not
#: held to the shorter time: what is private asks for a proof each time anyhow.
_OFFICE = (Role.ADMINISTRATOR, Role.MEDIC, Role.WELFARE_OFFICER, Role.SAFEGUARDING_LEAD)
#: Between these hours of the station's own zone days may be over: somebody is there to log in anew.
DAY_FROM, DAY_TO = dt.time(10), dt.time(18)


@dataclass(frozen=True, kw_only=True)
class Lasts:
    """How long a log-in lasts: without use, and in any case."""

    idle: dt.timedelta
    most: dt.timedelta


class Over(StrEnum):
    """Why a log-in has ended by itself."""

    IDLE = "IDLE"
    DAYS = "DAYS"


def is_office_only(viewer: Viewer) -> bool:
    """Whether the shorter time without use is hers: an office, and no watch."""
    return viewer.has_somewhere(*_OFFICE) and not viewer.has_somewhere(*WATCHERS)


def ends_at(entered_at: dt.datetime, *, lasts: Lasts, zone: str) -> dt.datetime:
    """When its days are over; what would be at night is put off until the next morning."""
    try:
        place: dt.tzinfo = zoneinfo.ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        place = dt.UTC
    end = (entered_at + lasts.most).astimezone(place)
    if DAY_FROM <= end.time() < DAY_TO:
        return end.astimezone(dt.UTC)
    day = end.date() + dt.timedelta(days=end.time() >= DAY_TO)
    return dt.datetime.combine(day, DAY_FROM, tzinfo=place).astimezone(dt.UTC)


def why_over(
    *,
    entered_at: dt.datetime,
    seen_at: dt.datetime,
    now: dt.datetime,
    lasts: Lasts,
    zone: str,
) -> Over | None:
    """Whether a log-in has ended by itself, and why."""
    if now - max(seen_at, entered_at) >= lasts.idle:
        return Over.IDLE
    return Over.DAYS if now >= ends_at(entered_at, lasts=lasts, zone=zone) else None
