"""Whom a step tells, resolved at the moment it runs: targets -> people. Read once for a batch.

The list of people to tell is never empty: a gap in the watch bill falls back to the standing watch,
then to every duty officer, every leader, every administrator (house rule 8).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Recipient, Role
from homeby.watch import queries, rules
from homeby.watch.models import Subject
from homeby.watch.rules import Target

#: Who is told when the watch bill names nobody, in this order.
FALLBACK = (Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR)
#: The steps with which the watch is told.
_WATCHING = frozenset({Target.DUTY_OFFICER, Target.EVERY_LEADER})


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Everybody the watch can reach in one batch. `levels` are those who hold the watch, then those
    to fall back on, level by level; `everybody` is whoever has a role, for when nobody else is
    reached; `responsible` whom the subjects themselves name, by their references; `resting` who is
    let rest, and told only where nobody else is left; `reached` who can be rung now. Nobody in it
    is inactive."""

    levels: tuple[tuple[uuid.UUID, ...], ...]
    deputies: tuple[uuid.UUID, ...]
    leaders: tuple[uuid.UUID, ...]
    team_leaders: dict[uuid.UUID, tuple[uuid.UUID, ...]]
    people: dict[uuid.UUID, Recipient]
    kin: dict[uuid.UUID, tuple[Recipient, ...]]
    everybody: tuple[uuid.UUID, ...] = ()
    apart: dict[uuid.UUID, frozenset[uuid.UUID]] = field(default_factory=dict)
    responsible: dict[str, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()
    reached: frozenset[uuid.UUID] = frozenset()

    @property
    def officers(self) -> tuple[uuid.UUID, ...]:
        """Who holds the watch."""
        return self.on_watch()

    def on_watch(self, *, without: Collection[str] = ()) -> tuple[uuid.UUID, ...]:
        """Who holds the watch over people that are not themselves `without` (ids as text): the
        first level that has anybody else. Whoever is missing does not watch over herself, and
        whoever rests does only where nobody else is left who can be reached."""
        for asleep in (self.resting, frozenset[str]()):
            for level in self.levels:
                others = tuple(
                    key
                    for key in level
                    if key in self.people
                    and str(key) not in {*without, *asleep}
                    and (not asleep or key in self.reached)
                )
                if others:
                    return others
        return ()

    def away_from(self, party: Iterable[str]) -> frozenset[str]:
        """Whom a message about this party goes round: those who are kept away from one of it."""
        if not self.apart:
            return frozenset()
        return frozenset(
            str(key) for one in party for key in self.apart.get(uuid.UUID(one), frozenset())
        )

    def of_everybody(self) -> Roll:
        """The same, going round nobody, who rests neither."""
        return replace(self, apart={}, resting=frozenset())

    def watching_over(self, subject: Subject) -> tuple[uuid.UUID, ...]:
        """Who holds the watch over this party and is not of it, nor kept away from one of whom is
        spoken. Where nobody else is left at all, those who are kept away: an alarm is never
        lost."""
        own, away = subject.party, self.away_from(subject.spoken_of)
        return self.on_watch(without={*own, *away}) or self.on_watch(without=own)


def operators(*, now: dt.datetime) -> list[uuid.UUID]:
    """Whoever holds the watch, and every administrator: they hear of the station's trouble."""
    officers = call_roll([], named=(), now=now).officers
    return list(dict.fromkeys([*officers, *people.holders(Role.ADMINISTRATOR, now=now)]))


def call_roll(subjects: Iterable[Subject], *, named: Iterable[uuid.UUID], now: dt.datetime) -> Roll:
    """Read everybody a batch may need in a fixed number of queries."""
    subjects = list(subjects)
    bill = queries.bill(now=now)
    deputies = tuple(rules.deputies(bill, now=now))
    held = {role: tuple(people.holders(role, now=now)) for role in FALLBACK}
    levels = (tuple(rules.officers(bill, now=now)), deputies, *(held[role] for role in FALLBACK))
    everybody = dict.fromkeys(key for level in levels for key in level)
    teams = {s.team_id for s in subjects if s.team_id is not None}
    team_leaders = {
        team: tuple(people.holders(Role.LEADER, now=now, team_id=team)) for team in teams
    }
    party = {uuid.UUID(key) for subject in subjects for key in subject.party}
    wanted = {*(key for level in levels for key in level), *party, *named}
    wanted |= {key for group in team_leaders.values() for key in group}
    wanted |= {key for s in subjects for key in (s.leader_id, s.buddy_id) if key is not None}
    responsible = {s.ref: _responsible(s, now=now) for s in subjects if s.responsible}
    wanted |= {key for group in responsible.values() for key in group}
    kin: dict[uuid.UUID, list[Recipient]] = {}
    for one in people.kin_recipients(party):
        assert one.kin_of is not None, "kin belong to somebody"
        kin.setdefault(one.kin_of, []).append(one)
    recipients = people.recipients(wanted)
    return Roll(
        levels=levels,
        deputies=deputies,
        leaders=held[Role.LEADER],
        team_leaders=team_leaders,
        people=recipients,
        resting=frozenset(str(key) for key, one in recipients.items() if one.rests(now=now)),
        reached=frozenset(
            key for key, one in recipients.items() if one.reaches_now(now=now, in_danger=True)
        ),
        kin={key: tuple(found) for key, found in kin.items()},
        everybody=tuple(everybody),
        apart=apart_from({uuid.UUID(key) for s in subjects for key in s.spoken_of}),
        responsible=responsible,
    )


def _responsible(subject: Subject, *, now: dt.datetime) -> tuple[uuid.UUID, ...]:
    """Whom a subject names: whoever holds one of the roles for its team or for all, and people."""
    found: dict[uuid.UUID, None] = {}
    for name in subject.responsible:
        if name in Role.__members__:
            found |= dict.fromkeys(_of_role(Role(name), subject, now=now))
        elif name != Target.KIN:
            found[uuid.UUID(name)] = None
    return tuple(found)


def _of_role(role: Role, subject: Subject, *, now: dt.datetime) -> list[uuid.UUID]:
    """Who holds the role for its team or for all; of an act of care, only who holds it over her:
    what is about her health names her to nobody else."""
    if not subject.is_gentle:
        return people.holders(role, now=now, team_id=subject.team_id)
    party = [uuid.UUID(key) for key in subject.party]
    return [key for one in party for key in people.holders_over(one, role, now=now)]


def of_target(
    target: Target, subject: Subject, named: Sequence[uuid.UUID], roll: Roll
) -> list[uuid.UUID]:
    """People of the organisation behind one target; kin are resolved by `kin_of`."""
    away = roll.away_from(subject.spoken_of) | roll.resting
    team = roll.team_leaders.get(subject.team_id, ()) if subject.team_id else ()
    on_watch = roll.watching_over(subject)
    leaders = [key for key in roll.leaders if str(key) not in subject.party and key in roll.people]
    found: dict[Target, Iterable[uuid.UUID]] = {
        Target.PARTY: [uuid.UUID(key) for key in subject.party],
        Target.LEADER: [subject.leader_id] if subject.leader_id else [],
        Target.DEPUTY: roll.deputies,
        Target.TEAM_LEADERS: team,
        Target.EVERY_LEADER: leaders,
        Target.NAMED: named,
        Target.RESPONSIBLE: [
            key
            for key in roll.responsible.get(subject.ref, ())
            if str(key) not in subject.party and key in roll.people
        ],
        Target.KIN: [],
    }
    if target is Target.DUTY_OFFICER:
        return list(on_watch)
    others = [key for key in found[target] if target is Target.PARTY or str(key) not in away]
    falls_back = target in (Target.EVERY_LEADER, Target.RESPONSIBLE)
    return others or list(on_watch if falls_back else ())


def resolve(
    targets: Iterable[Target], subject: Subject, named: Sequence[uuid.UUID], roll: Roll
) -> list[Recipient]:
    """The people of these targets, each once, in order."""
    keys = [key for target in targets for key in of_target(target, subject, named, roll)]
    return [roll.people[key] for key in dict.fromkeys(keys) if key in roll.people]


def kin_of(subject: Subject, roll: Roll) -> list[Recipient]:
    """Kin of those who are still out."""
    return [one for key in subject.party for one in roll.kin.get(uuid.UUID(key), ())]


def looking_in(subject: Subject, targets: Collection[Target], roll: Roll) -> list[Recipient]:
    """Kin whom she allowed to be asked, where the act is one that asks them: with the watch, and so
    after herself and whoever is responsible."""
    if Target.KIN not in subject.responsible or not _WATCHING.intersection(targets):
        return []
    return [one for one in kin_of(subject, roll) if one.looks_in]


def deciders(*, now: dt.datetime, without: Collection[uuid.UUID] = ()) -> list[uuid.UUID]:
    """Who is told, and decides, what cannot wait about these people: `officers_about` them."""
    return officers_about(without, now=now)


def officers_about(
    party: Collection[uuid.UUID], *, now: dt.datetime, knows: Collection[uuid.UUID | None] = ()
) -> list[uuid.UUID]:
    """Who hears what names this party or its times: whoever holds the watch, else the next level
    that has anybody who can be reached and is not one of it, nor kept away from one of it as long
    as there is somebody else. Whoever `knows` it already is not told, and nobody in their place.
    If nobody can be reached at all, the first level that has anybody, so that pages show whom it
    would have been for."""
    roll = call_roll([], named=(), now=now)
    own, away = {str(key) for key in party}, {str(key) for key in away_from_any(party)}
    for round_them in (own | away | roll.resting, own | away, own):
        for level in roll.levels:
            found = [
                key
                for key in dict.fromkeys(level)
                if key in roll.people
                and str(key) not in round_them
                and (key in knows or roll.people[key].reaches_now(now=now, in_danger=True))
            ]
            if found:
                return [key for key in found if key not in knows]
    return [key for key in roll.on_watch(without=own) if key not in knows]


def rising_about(party: Collection[uuid.UUID], *, now: dt.datetime) -> list[list[uuid.UUID]]:
    """Who hears of what cannot wait about this party if nobody takes it up, level after level, all
    of whom can be reached: whoever rests comes last, whoever is kept away only where nobody else
    is. Empty where nobody outside the party can be reached at all."""
    roll = call_roll([], named=(), now=now)
    own, away = {str(key) for key in party}, {str(key) for key in away_from_any(party)}

    def left(level: Iterable[uuid.UUID], without: Collection[str]) -> list[uuid.UUID]:
        return [key for key in level if key in roll.reached and str(key) not in without]

    found = [left(level, own | away | roll.resting) for level in roll.levels]
    found.append(left(roll.everybody, own | away))
    last = left(roll.everybody, own)
    return [level for level in found if level] or ([last] if last else [])


def away_from_any(party: Iterable[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Whom what is said about this party goes round. One query."""
    return frozenset(key for keys in apart_from(party).values() for key in keys)


class Hears(StrEnum):
    """Whom an alarm that opened now would reach."""

    WATCH = "WATCH"  # somebody who holds the watch
    OTHERS = "OTHERS"  # of those who hold the watch nobody, but somebody with a role
    NOBODY = "NOBODY"


def who_hears(*, now: dt.datetime) -> Hears:
    """Whom an alarm that opened now would reach, by verified contact points; whether a channel then
    takes the message is seen only when it is sent. Six queries."""
    roll = call_roll([], named=(), now=now)
    reached = {key for key, one in roll.people.items() if one.reaches_now(now=now, in_danger=True)}
    if reached & set(roll.officers):
        return Hears.WATCH
    return Hears.OTHERS if reached else Hears.NOBODY
