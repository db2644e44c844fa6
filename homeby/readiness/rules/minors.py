"""Limits of minors as a rule pack: hours, length, alone, kinds of mission. Pure.

What they say is shown and asks for an adult's approval with a reason; it stands in nobody's way
home (promise 12). Ages are counted here from the day of birth, which is handed in and handed out
nowhere: sentences name the rule, never the age.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from homeby import instants
from homeby.readiness.rules.duties import hours, local_day
from homeby.readiness.rules.packs import Pack, Rule, RuleKind
from homeby.sentences import gettext as _


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
    found = []
    for one in minors:
        for rule in pack.rules:
            judge = _JUDGES.get(rule.kind)
            if judge is None or one.born is None:
                continue
            if age_on(one.born, begins_on) < (rule.below_age or 0) and (
                said := judge(rule, outing)
            ):
                words = said.format(who=one.callsign, rule=f"{rule.name}, {pack.name}")
                found.append(
                    MinorBlock(callsign=one.callsign, pack=pack, rule=rule, sentence=words)
                )
    return found


def _by_hours(rule: Rule, outing: Outing) -> str:
    """Both ends lie within the hours of one and the same local day."""
    assert rule.begins is not None, "hours have a beginning"
    assert rule.ends is not None, "and an end"
    place = instants.zone_info(outing.zone)
    out, due = outing.out_at.astimezone(place), outing.due_at.astimezone(place)
    same_day = out.date() == due.date()
    if same_day and rule.begins <= out.time() and due.time() <= rule.ends:
        return ""
    said = _("{who} may be out from {begins} to {ends} only ({rule}).")
    begins, ends = f"{rule.begins:%H:%M}", f"{rule.ends:%H:%M}"
    return said.replace("{begins}", begins).replace("{ends}", ends)


def _by_length(rule: Rule, outing: Outing) -> str:
    if outing.due_at - outing.out_at <= hours(rule.hours):
        return ""
    said = _("{who} may be out for {hours} at most ({rule}).")
    return said.replace("{hours}", instants.span(3600 * (rule.hours or 0)))


def _by_company(rule: Rule, outing: Outing) -> str:
    if outing.people < 2:
        return _("{who} may not be out alone ({rule}).")
    if outing.adults < (rule.adults or 0):
        said = _("{who} needs {adults} of age in the party ({rule}).")
        return said.replace("{adults}", str(rule.adults))
    return ""


def _by_kind(rule: Rule, outing: Outing) -> str:
    if outing.kind not in rule.kinds:
        return ""
    return _("{who} may not be on a mission of this kind ({rule}).")


_JUDGES: dict[RuleKind, Callable[[Rule, Outing], str]] = {
    RuleKind.MINOR_HOURS: _by_hours,
    RuleKind.MINOR_LONGEST: _by_length,
    RuleKind.MINOR_SOLO: _by_company,
    RuleKind.MINOR_KINDS: _by_kind,
}
