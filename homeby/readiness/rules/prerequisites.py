"""What must come first: circles in what an organisation wrote, and what one person lacks. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from homeby.people.rules_private import ADULT_YEARS
from homeby.readiness.rules import currency
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.minors import age_on
from homeby.readiness.rules.qualifications import (
    Qualification,
    Qualifications,
    Record,
    Stage,
    Where,
)
from homeby.sentences import gettext as _

#: So many circles are named at most; one that is opened often opens others.
CIRCLES_MAX = 20


class Lack(StrEnum):
    """What is missing."""

    QUALIFICATION = "QUALIFICATION"
    ONE_OF = "ONE_OF"
    HOURS = "HOURS"
    MONTHS = "MONTHS"
    AGE = "AGE"
    TASK = "TASK"
    FINAL = "FINAL"
    CERTIFY = "CERTIFY"


@dataclass(frozen=True, kw_only=True)
class Missing:
    """One thing that is missing; `key` names a qualification where that is what lacks."""

    lack: Lack
    sentence: str
    key: str = ""


def circles(known: Qualifications) -> list[tuple[str, ...]]:
    """Circles of prerequisites that nobody could get out of, each whole: what needs what, back to
    the first. Where one of several would do and another leads in, there is none."""
    stuck = _out_of_reach(known)
    found: list[tuple[str, ...]] = []
    named: set[str] = set()
    for key in sorted(stuck):
        if key not in named and len(found) < CIRCLES_MAX and (way := _way_back(key, known, stuck)):
            found.append(way)
            named |= set(way)
    return found


def _out_of_reach(known: Qualifications) -> frozenset[str]:
    """Whatever nobody could ever get, because of a circle: it stands on one, or needs one."""
    reached: set[str] = set()
    while True:
        more = {
            key
            for key, one in known.items()
            if key not in reached and _within_reach(one, known, reached)
        }
        if not more:
            return frozenset(known.keys() - reached)
        reached |= more


def _within_reach(one: Qualification, known: Qualifications, reached: set[str]) -> bool:
    needs = one.needs
    must = (*needs.all_of, *(key for key, _months in needs.held_months))
    return all(key in reached or key not in known for key in must) and all(
        any(key in reached or key not in known for key in group) for group in needs.one_of
    )


def _way_back(key: str, known: Qualifications, stuck: frozenset[str]) -> tuple[str, ...] | None:
    """The shortest way along prerequisites out of reach from a qualification to itself."""
    came_from: dict[str, str] = {}
    edge = [key]
    while edge:
        step: list[str] = []
        for one in edge:
            for needed in stuck.intersection(known[one].needs.keys()):
                if needed == key:
                    return _walked(one, key, came_from)
                if needed not in came_from:
                    came_from[needed] = one
                    step.append(needed)
        edge = sorted(step)
    return None


def _walked(last: str, first: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    way = [last]
    while way[-1] != first:
        way.append(came_from[way[-1]])
    return tuple(reversed(way))


def circle_said(way: Sequence[str]) -> str:
    """A circle in a sentence, the whole of it."""
    return _("{way}: nobody could ever get any of these; take one prerequisite away.").format(
        way=" → ".join([*way, way[0]])
    )


def below(key: str, known: Qualifications) -> list[str]:
    """Everything that must come first, by one step or several, the lowest first. Circles end it."""
    order: list[str] = []
    seen = {key}
    open_keys: list[tuple[str, Iterator[str]]] = [(key, _needed(known.get(key)))]
    while open_keys:
        one, rest = open_keys[-1]
        following = next((needed for needed in rest if needed not in seen), None)
        if following is None:
            open_keys.pop()
            order.append(one)
        else:
            seen.add(following)
            open_keys.append((following, _needed(known.get(following))))
    return order[:-1]


def _needed(one: Qualification | None) -> Iterator[str]:
    return iter(one.needs.all_of if one else ())


def missing_for(key: str, record: Record, known: Qualifications, *, day: dt.date) -> list[Missing]:
    """What this person lacks for a qualification on a day, a sentence each; empty: nothing lacks
    but the certification, or she has it."""
    own = known[key]
    state = {
        one: currency.validity(one, record, known, day=day) for one in (key, *own.needs.keys())
    }
    if state[key].standing is Standing.CURRENT:
        return []
    return [
        *_qualifications(own, known, state, day=day),
        *_time(own, record, known, day=day),
        *_tasks(own, record),
    ]


def _name(key: str, known: Qualifications) -> str:
    return known[key].name if key in known else key


def _qualifications(
    own: Qualification, known: Qualifications, state: Mapping[str, Validity], *, day: dt.date
) -> Iterator[Missing]:
    for key in own.needs.all_of:
        if state[key].standing is not Standing.CURRENT:
            said = currency.said(_name(key, known), state[key], day=day)
            yield Missing(lack=Lack.QUALIFICATION, key=key, sentence=said)
    for group in own.needs.one_of:
        if not any(state[key].standing is Standing.CURRENT for key in group):
            names = ", ".join(_name(key, known) for key in group)
            said = _("One of these is missing: {names}.").format(names=names)
            yield Missing(lack=Lack.ONE_OF, sentence=said)


def _time(
    own: Qualification, record: Record, known: Qualifications, *, day: dt.date
) -> Iterator[Missing]:
    for kind, needed in own.needs.hours:
        had = _hours_on_missions(record, kind, day=day)
        if had < needed:
            yield Missing(lack=Lack.HOURS, sentence=_hours_said(had, needed, kind))
    for key, months in own.needs.held_months:
        since = _held_since(key, record, known, day=day)
        if since is None or currency.months_after(since, months) > day:
            said = _("{name} has not been held long enough; months asked for: {months}.").format(
                name=_name(key, known), months=months
            )
            yield Missing(lack=Lack.MONTHS, key=key, sentence=said)
    if said := _too_young(own, record, day=day):
        yield Missing(lack=Lack.AGE, sentence=said)


def _too_young(own: Qualification, record: Record, *, day: dt.date) -> str:
    """Of whoever is of age no day of birth is known: that she is old enough for more than that is
    for somebody to ask and to say."""
    least = own.needs.least_age
    if least is None or (record.born is None and least <= ADULT_YEARS):
        return ""
    if record.born is None:
        return _(
            "The least age for {name} is {age}; whether she is, is not kept here: ask."
        ).format(name=own.name, age=least)
    if age_on(record.born, day) >= least:
        return ""
    return _("The least age for {name} is {age}.").format(name=own.name, age=least)


def _hours_on_missions(record: Record, kind: str, *, day: dt.date) -> float:
    """How long she was on real missions (of a kind, or of any), each once: whoever had two
    positions on one was not out twice."""
    longest: dict[object, float] = {}
    for number, one in enumerate(record.performed):
        if one.real and one.on_date <= day and kind in ("", one.mission_kind):
            key = one.mission_id or number
            longest[key] = max(one.hours, longest.get(key, 0.0))
    return sum(longest.values())


def _held_since(key: str, record: Record, known: Qualifications, *, day: dt.date) -> dt.date | None:
    """Since when what is current is held; what was withdrawn or lapsed counts for nothing."""
    days = [
        one.from_date
        for one in record.holdings
        if one.key == key
        and currency.validity(key, replace(record, holdings=(one,)), known, day=day).standing
        is Standing.CURRENT
    ]
    return min(days, default=None)


def _hours_said(had: float, needed: float, kind: str) -> str:
    if kind:
        return _("{had} of {needed} h on missions of the kind {kind}.").format(
            had=f"{had:g}", needed=f"{needed:g}", kind=kind
        )
    return _("{had} of {needed} h on missions.").format(had=f"{had:g}", needed=f"{needed:g}")


def _tasks(own: Qualification, record: Record) -> Iterator[Missing]:
    mine = [one for one in record.signed if one.key == own.key]
    shown = {one.task for one in mine if one.stage is Stage.EVALUATE}
    for number, task in enumerate(own.tasks, start=1):
        if number in shown:
            continue
        said = _("Not signed off yet: {task}.")
        if task.where is Where.REAL_ONLY:
            said = _("Not signed off yet, and on a real mission only: {task}.")
        elif task.where is Where.EXERCISE_ONLY:
            said = _("Not signed off yet, and in an exercise only: {task}.")
        yield Missing(lack=Lack.TASK, sentence=said.format(task=task.what.rstrip(".")))
    stages = {one.stage for one in mine}
    if own.tasks and Stage.FINAL not in stages:
        said = _("The final evaluation for {name} is missing.").format(name=own.name)
        yield Missing(lack=Lack.FINAL, sentence=said)
    elif own.tasks and Stage.CERTIFY not in stages:
        said = _("The certification for {name} is missing.").format(name=own.name)
        yield Missing(lack=Lack.CERTIFY, sentence=said)
