"""Limits of minors as a rule pack: hours, length, alone, kinds of mission. Pure.

What they say is shown and asks for an adult's approval with a reason; it stands in nobody's way
home (promise 12). Ages are counted here from the day of birth, which is handed in and handed out
nowhere: sentences name the rule, never the age.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from homeby.missions.rules.minors import Company, Limit, broken
from homeby.readiness.rules.duties import local_day
from homeby.readiness.rules.packs import Pack, Rule, RuleKind

OF_MINORS = frozenset(
    {RuleKind.MINOR_HOURS, RuleKind.MINOR_LONGEST, RuleKind.MINOR_SOLO, RuleKind.MINOR_KINDS}
)


@dataclass(frozen=True, kw_only=True)
class Minor:
    """One of a party: how she is called, and when she was born (None: of age)."""

    callsign: str
    born: dt.date | None


@dataclass(frozen=True, kw_only=True)
class Outing:
    """A mission as these rules see it. `kind` is as the organisation writes it in its packs."""

    out_at: dt.datetime
    due_at: dt.datetime
    zone: str
    kind: str
    people: int
    adults: int


@dataclass(frozen=True, kw_only=True)
class MinorBlock:
    """What speaks against one minor on this mission."""

    callsign: str
    pack: Pack
    rule: Rule
    sentence: str


def age_on(born: dt.date, day: dt.date) -> int:
    """Whole years on this day; born on 29 February, a year more from 1 March, as
    `people.rules_private.adult_on` has it."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def against(outing: Outing, minors: list[Minor], pack: Pack) -> list[MinorBlock]:
    """What speaks against these people on this mission, rule by rule, person by person. Who comes
    of age on the way is judged by her age when it begins."""
    begins_on = local_day(outing.out_at, outing.zone)
    company = Company(
        out_at=outing.out_at,
        due_at=outing.due_at,
        zone=outing.zone,
        people=outing.people,
        adults=outing.adults,
        kind=outing.kind,
    )
    found = []
    for one in minors:
        for rule in pack.rules:
            limit = limit_of(rule, pack)
            if limit is None or one.born is None:
                continue
            if age_on(one.born, begins_on) < limit.below_age and (
                said := broken(limit, company, who=one.callsign)
            ):
                found.append(MinorBlock(callsign=one.callsign, pack=pack, rule=rule, sentence=said))
    return found


def limit_of(rule: Rule, pack: Pack) -> Limit | None:
    """A rule for minors as missions keep it, where it is handed down; None for any other rule."""
    if rule.kind not in OF_MINORS:
        return None
    adults = (rule.adults or 0) if rule.kind is RuleKind.MINOR_SOLO else None
    return Limit(
        name=f"{rule.name}, {pack.name}",
        below_age=rule.below_age or 0,
        begins=rule.begins,
        ends=rule.ends,
        hours=rule.hours,
        adults=adults,
        kinds=rule.kinds,
    )


def limits_of(pack: Pack) -> list[Limit]:
    """All that a pack says of minors."""
    found = (limit_of(rule, pack) for rule in pack.rules)
    return [limit for limit in found if limit is not None]
