"""Rule packs: rest and limits as data that an organisation can read, change and add to. Pure.

A pack is a file with a table `[pack]` and a table `[[rule]]` for each rule. What a rule of each
kind may say stands in `FIELDS`; limits that nothing could keep get a sentence with file, rule and
field.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from homeby.people.rules_private import ADULT_YEARS
from homeby.readiness.rules.entries_of_files import Entry, Fault, opened, twice
from homeby.sentences import gettext as _


class RuleKind(StrEnum):
    """What a rule demands."""

    REST_AFTER = "REST_AFTER"  # after every duty: `hours`, or `share` of its length if that is more
    NIGHT_REST = "NIGHT_REST"  # after a duty that touched the night: `hours`
    WORK_RATIO = "WORK_RATIO"  # `rest_hours` for every `work_hours`, within a day from `begins`
    DAILY_REST = "DAILY_REST"  # `hours` in one piece in every 24 h
    WEEKLY_REST = "WEEKLY_REST"  # `hours` in one piece in every `days`
    LONGEST_DUTY = "LONGEST_DUTY"  # no duty over `hours`; with `begins`, `ends`: where it is night
    HOURS_IN_DAYS = "HOURS_IN_DAYS"  # at most `hours` in `days`, or on average over `average_days`
    DAYS_IN_A_ROW = "DAYS_IN_A_ROW"  # after `days` of duty, `days_off` whole days
    MINOR_HOURS = "MINOR_HOURS"  # under `below_age`: only between `begins` and `ends`
    MINOR_LONGEST = "MINOR_LONGEST"  # under `below_age`: no mission over `hours`
    MINOR_SOLO = "MINOR_SOLO"  # under `below_age`: never alone, and `adults` of the party
    MINOR_KINDS = "MINOR_KINDS"  # under `below_age`: none of these `kinds` of mission


class DutyKind(StrEnum):
    """What a duty was, where rules tell them apart."""

    WORK = "WORK"
    TRAVEL = "TRAVEL"
    STAND_BY = "STAND_BY"  # at the station; at home and reachable is no duty


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule; what its kind does not use is None or empty."""

    key: str
    kind: RuleKind
    name: str
    source: str = ""
    hours: float | None = None
    hours_most: float | None = None
    share: float | None = None
    work_hours: float | None = None
    rest_hours: float | None = None
    days: int | None = None
    days_off: int | None = None
    average_days: int | None = None
    least_hours: float | None = None
    begins: dt.time | None = None
    ends: dt.time | None = None
    below_age: int | None = None
    adults: int | None = None
    kinds: tuple[str, ...] = ()
    counts: frozenset[DutyKind] = frozenset(DutyKind)


@dataclass(frozen=True, kw_only=True)
class Pack:
    """Rules that belong together: whose they are, as of which day."""

    key: str
    name: str
    source: str
    dated: dt.date
    rules: tuple[Rule, ...]


#: For every kind what it must say, and after the bar what it may say.
FIELDS: dict[RuleKind, str] = {
    RuleKind.REST_AFTER: "hours | share hours_most counts",
    RuleKind.NIGHT_REST: "hours begins ends | counts",
    RuleKind.WORK_RATIO: "work_hours rest_hours begins | counts",
    RuleKind.DAILY_REST: "hours | counts",
    RuleKind.WEEKLY_REST: "hours days | counts",
    RuleKind.LONGEST_DUTY: "hours | begins ends least_hours counts",
    RuleKind.HOURS_IN_DAYS: "hours days | average_days counts",
    RuleKind.DAYS_IN_A_ROW: "days days_off | counts",
    RuleKind.MINOR_HOURS: "below_age begins ends |",
    RuleKind.MINOR_LONGEST: "below_age hours |",
    RuleKind.MINOR_SOLO: "below_age | adults",
    RuleKind.MINOR_KINDS: "below_age kinds |",
}
#: Least and most of the numbers, whatever the kind.
_HOURS = {
    "hours": (0.25, 24 * 366),
    "hours_most": (0.25, 24 * 14),
    "share": (0, 10),
    "work_hours": (0.25, 24),
    "rest_hours": (0.25, 24),
    "least_hours": (0, 24),
}
_WHOLE = {
    "days": (1, 366),
    "days_off": (1, 60),
    "average_days": (2, 366),
    "below_age": (1, 25),
    "adults": (0, 20),
}
_COMMON = ("key", "kind", "name", "source")


def read_pack(text: str, *, file: str, kept: bool = False) -> Pack | list[Fault]:
    """The pack in this file, or a sentence for each thing that is wrong with it. One that is `kept`
    was chosen when less of it was looked at: it holds until somebody chooses another."""
    sheet = opened(text, file=file)
    if sheet.faults:
        return sheet.faults
    sheet.only("pack", "rule")
    head = sheet.single("pack")
    key, name = head.named(), head.text("name", needed=True)
    source, dated = head.text("source", needed=True), head.date("dated", needed=True)
    head.done()
    rules: list[Rule] = []
    lines: dict[str, int] = {}
    for entry in sheet.many("rule"):
        rule = _rule(entry, kept=kept)
        if rule is None or twice(lines, entry, rule.key):
            continue
        lines[rule.key] = entry.line
        rules.append(rule)
    if not rules and not sheet.faults:
        sheet.fault(line=1, name="rule", sentence=_("{where}: there is no table [[{field}]]."))
    if sheet.faults or dated is None:
        return sheet.faults
    return Pack(key=key, name=name, source=source, dated=dated, rules=tuple(rules))


def _rule(entry: Entry, *, kept: bool) -> Rule | None:
    """A rule, or None with its faults kept in the sheet."""
    before = len(entry.sheet.faults)
    key = entry.named()
    kind = entry.choice("kind", RuleKind, needed=True)
    name, source = entry.text("name", needed=True), entry.text("source")
    if kind is None:
        return None
    needed, optional = (part.split() for part in FIELDS[kind].split("|"))
    said: dict[str, Any] = {
        one: value
        for one in (*needed, *optional)
        if (value := _value(entry, one, needed=one in needed)) not in (None, ())
    }
    entry.done()
    if len(entry.sheet.faults) > before:
        return None
    rule = Rule(key=key, kind=kind, name=name, source=source, **said)
    if not kept:
        _impossible(rule, entry)
    return rule if len(entry.sheet.faults) == before else None


def _value(entry: Entry, name: str, *, needed: bool) -> object:
    if name in _HOURS:
        least, most = _HOURS[name]
        return entry.number(name, least=least, most=most, needed=needed)
    if name in _WHOLE:
        least_whole, most_whole = _WHOLE[name]
        return entry.whole(name, least=least_whole, most=most_whole, needed=needed)
    if name in ("begins", "ends"):
        return entry.time(name, needed=needed)
    found = entry.texts(name)
    if name == "kinds":
        if needed and not found:
            entry.take(name, needed=True)
        return found
    unknown = [one for one in found if one not in DutyKind.__members__]
    if unknown:
        sentence = _("{where}: “{field}” must be one of {choices}, not {given}.")
        entry.fault(name, sentence, choices=", ".join(DutyKind), given=unknown[0])
    return frozenset(DutyKind[one] for one in found if one not in unknown) or None


def _impossible(rule: Rule, entry: Entry) -> None:
    """Complain of limits that fit one by one and that nobody could keep together."""
    _too_long(rule, entry)
    _night_of_nothing(rule, entry)
    if rule.average_days and rule.days and rule.average_days < rule.days:
        sentence = _("{where}: “{field}” is {most} days, less than the {least} it is the mean of.")
        entry.fault("average_days", sentence, most=rule.average_days, least=rule.days)
    if rule.below_age is not None and rule.below_age > ADULT_YEARS:
        sentence = _(
            "{where}: “{field}” is {age}; whoever is {adult} is of age, and bound by none."
        )
        entry.fault("below_age", sentence, age=rule.below_age, adult=ADULT_YEARS)


def _too_long(rule: Rule, entry: Entry) -> None:
    most = _most_hours(rule)
    if rule.hours is not None and rule.hours > most:
        sentence = _("{where}: “{field}” is {hours} h; no more than {most} h fit.")
        entry.fault("hours", sentence, hours=f"{rule.hours:g}", most=f"{most:g}")
    elif rule.kind in (RuleKind.DAILY_REST, RuleKind.WEEKLY_REST) and rule.hours == most:
        sentence = _("{where}: “{field}” is {hours} h of {most} h; no time is left for a duty.")
        entry.fault("hours", sentence, hours=f"{rule.hours:g}", most=f"{most:g}")
    if rule.hours_most is not None and rule.hours is not None and rule.hours_most < rule.hours:
        sentence = _("{where}: “{field}” is {most} h, less than the {least} h it must be at least.")
        entry.fault("hours_most", sentence, most=f"{rule.hours_most:g}", least=f"{rule.hours:g}")
    work, rest = rule.work_hours or 0, rule.rest_hours or 0
    if rule.kind is RuleKind.WORK_RATIO and work + rest > 24:
        sentence = _(
            "{where}: “{field}” is {rest} h for {work} h of duty; a day holds no more than 24 h."
        )
        entry.fault("rest_hours", sentence, rest=f"{rest:g}", work=f"{work:g}")


def _night_of_nothing(rule: Rule, entry: Entry) -> None:
    if rule.begins is not None and rule.begins == rule.ends:
        entry.fault(
            "ends", _("{where}: “{field}” is the time at which it begins; nothing is left.")
        )
    if rule.kind is not RuleKind.LONGEST_DUTY:
        return
    if rule.begins is None or rule.ends is None:
        if rule.begins is not rule.ends:
            missing = "ends" if rule.ends is None else "begins"
            entry.fault(missing, _("{where}: “{field}” is missing; add it."))
        return
    night = _hours_of_night(rule.begins, rule.ends)
    if rule.least_hours is not None and rule.least_hours > night:
        sentence = _("{where}: “{field}” is {hours} h; that night has no more than {most} h.")
        entry.fault("least_hours", sentence, hours=f"{rule.least_hours:g}", most=f"{night:g}")


def _hours_of_night(begins: dt.time, ends: dt.time) -> float:
    """As the clock on the wall has it; the nights on which it is changed are not the rule."""
    day = dt.date(2026, 1, 1)
    length = dt.datetime.combine(day, ends) - dt.datetime.combine(day, begins)
    return (length % dt.timedelta(days=1)) / dt.timedelta(hours=1)


def look_back(pack: Pack) -> dt.timedelta:
    """So far back duties bear on these rules: as many days as the longest of them asks for, and
    four weeks more, for a row of rests that were each broken."""
    asked = ((one.average_days or one.days or 0) + (one.days_off or 0) for one in pack.rules)
    return dt.timedelta(days=28 + max(asked, default=0))


def _most_hours(rule: Rule) -> float:
    """How many hours can fit at all into what the rule speaks of."""
    if rule.kind in (RuleKind.DAILY_REST, RuleKind.MINOR_LONGEST):
        return 24
    if rule.kind in (RuleKind.WEEKLY_REST, RuleKind.HOURS_IN_DAYS) and rule.days:
        return rule.days * 24
    return 14 * 24
