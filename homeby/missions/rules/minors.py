"""What speaks against a minor on a mission. Pure: it advises, and asks for an adult's approval with
a reason; it blocks nobody's way, and least of all the way home (promise 12)."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass

from homeby import instants
from homeby.missions.rules import Conditions
from homeby.people.rules_private import ADULT_YEARS, MinorFacts
from homeby.sentences import gettext as _


@dataclass(frozen=True, kw_only=True)
class Outing:
    """A mission as these rules see it: when from and until when, in which zone, in what conditions,
    how many adults (humans of age) are of the party; `kind` by its code, "" for an ordinary one.
    `out_at` None: not known yet."""

    out_at: dt.datetime | None
    due_at: dt.datetime
    zone: str
    conditions: Conditions
    adults: int
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """One limit of a rule pack, handed down from readiness: for everybody under `below_age`, only
    between `begins` and `ends`, for `hours` at most, never alone and with `adults` of age, on no
    mission of these `kinds`. What it does not speak of is None or empty; `name` names the rule."""

    name: str
    below_age: int
    begins: dt.time | None = None
    ends: dt.time | None = None
    hours: float | None = None
    adults: int | None = None
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Company:
    """What a limit asks of a mission; `kind` by its code, "" for an ordinary one."""

    out_at: dt.datetime | None
    due_at: dt.datetime
    zone: str
    people: int
    adults: int
    kind: str = ""


def broken(limit: Limit, company: Company, *, who: str) -> str:
    """What this limit says against one whom it is for, in a sentence; "" where it is kept."""
    words = {"who": who, "rule": limit.name}
    if limit.begins is not None and limit.ends is not None:
        if _between(limit.begins, limit.ends, company):
            return ""
        words |= {"begins": f"{limit.begins:%H:%M}", "ends": f"{limit.ends:%H:%M}"}
        return _("{who} may be out from {begins} to {ends} only ({rule}).").format(**words)
    if limit.hours is not None:
        length = company.due_at - (company.out_at or company.due_at)
        if length <= dt.timedelta(hours=limit.hours):
            return ""
        words["hours"] = instants.span(3600 * limit.hours)
        return _("{who} may be out for {hours} at most ({rule}).").format(**words)
    if limit.adults is not None:
        return _alone(limit.adults, company, words)
    if company.kind in limit.kinds:
        return _("{who} may not be on a mission of this kind ({rule}).").format(**words)
    return ""


def _alone(adults: int, company: Company, words: dict[str, str]) -> str:
    if company.people < 2:
        return _("{who} may not be out alone ({rule}).").format(**words)
    if company.adults < adults:
        words = words | {"adults": str(adults)}
        return _("{who} needs {adults} of age in the party ({rule}).").format(**words)
    return ""


def _between(begins: dt.time, ends: dt.time, company: Company) -> bool:
    """Whether both ends lie within these hours of one and the same local day."""
    place = instants.zone_info(company.zone)
    due = company.due_at.astimezone(place)
    out = due if company.out_at is None else company.out_at.astimezone(place)
    return out.date() == due.date() and begins <= out.time() and begins <= due.time() <= ends


def age_on(one: MinorFacts, day: dt.date) -> int:
    """Whole years on this day, by the day on which she comes of age."""
    years = one.until_date.year - day.year
    later = (one.until_date.month, one.until_date.day) > (day.month, day.day)
    return ADULT_YEARS - years - (1 if later else 0)


def by_limits(
    outing: Outing, minors: Sequence[MinorFacts], limits: Sequence[Limit], *, people: int
) -> list[str]:
    """What the limits of the organisation say against these minors. Who comes of age on the way is
    judged by her age when it begins."""
    company = Company(
        out_at=outing.out_at,
        due_at=outing.due_at,
        zone=outing.zone,
        people=people,
        adults=outing.adults,
        kind=outing.kind,
    )
    begins = (outing.out_at or outing.due_at).astimezone(instants.zone_info(outing.zone)).date()
    said = [
        broken(limit, company, who=one.callsign)
        for one in minors
        for limit in limits
        if age_on(one, begins) < limit.below_age
    ]
    return [sentence for sentence in said if sentence]


def against(outing: Outing, minors: Sequence[MinorFacts]) -> list[str]:
    """What the limits that were set for each of them say against it, a sentence each; empty where
    every limit is kept."""
    found = []
    if minors and not outing.adults:
        found.append(_("No adult is of the party."))
    for one in minors:
        if one.only_normal and outing.conditions is not Conditions.NORMAL:
            found.append(_("{who} may be out in normal conditions only.").format(who=one.callsign))
        if not _within_hours(outing, one):
            found.append(
                _("{who} may be out from {first} to {last} only.").format(
                    who=one.callsign, first=f"{one.not_before:%H:%M}", last=f"{one.not_after:%H:%M}"
                )
            )
    return found


def _within_hours(outing: Outing, one: MinorFacts) -> bool:
    """Both ends lie within the hours of one and the same day."""
    zone = zoneinfo.ZoneInfo(outing.zone)
    due = outing.due_at.astimezone(zone)
    if due.time() > one.not_after or due.time() < one.not_before:
        return False
    if outing.out_at is None:
        return True
    out = outing.out_at.astimezone(zone)
    return out.date() == due.date() and out.time() >= one.not_before
