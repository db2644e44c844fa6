"""Whom a step tells, resolved at the moment it runs: targets -> people. Read once for a batch.

The list of people to tell is never empty: a gap in the watch bill falls back to the standing watch,
then to every duty officer, every leader, every administrator (house rule 8).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeby.people import queries as people
from homeby.people.rules import Recipient, Role
from homeby.watch import queries, rules
from homeby.watch.models import Subject
from homeby.watch.rules import Target

#: Who is told when the watch bill names nobody, in this order.
FALLBACK = (Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Everybody the watch can reach in one batch. `officers` is never empty where the organisation
    has anybody with a role at all; `everybody` holds them all, for when nobody else is reached."""

    officers: tuple[uuid.UUID, ...]
    deputies: tuple[uuid.UUID, ...]
    leaders: tuple[uuid.UUID, ...]
    team_leaders: dict[uuid.UUID, tuple[uuid.UUID, ...]]
    people: dict[uuid.UUID, Recipient]
    kin: dict[uuid.UUID, tuple[Recipient, ...]]
    everybody: tuple[uuid.UUID, ...] = ()


def call_roll(subjects: Iterable[Subject], *, named: Iterable[uuid.UUID], now: dt.datetime) -> Roll:
    """Read everybody a batch may need in a fixed number of queries."""
    subjects = list(subjects)
    bill = queries.bill(now=now)
    officers = tuple(rules.officers(bill, now=now))
    held = {role: tuple(people.holders(role, now=now)) for role in FALLBACK}
    for role in FALLBACK:
        officers = officers or held[role]
    everybody = dict.fromkeys(key for role in FALLBACK for key in held[role])
    deputies = tuple(rules.deputies(bill, now=now))
    teams = {s.team_id for s in subjects if s.team_id is not None}
    team_leaders = {
        team: tuple(people.holders(Role.LEADER, now=now, team_id=team)) for team in teams
    }
    party = {uuid.UUID(key) for subject in subjects for key in subject.party}
    wanted = {*officers, *deputies, *everybody, *party, *named}
    wanted |= {key for group in team_leaders.values() for key in group}
    wanted |= {key for s in subjects for key in (s.leader_id, s.buddy_id) if key is not None}
    kin: dict[uuid.UUID, list[Recipient]] = {}
    for one in people.kin_recipients(party):
        assert one.kin_of is not None, "kin belong to somebody"
        kin.setdefault(one.kin_of, []).append(one)
    return Roll(
        officers=officers,
        deputies=deputies,
        leaders=held[Role.LEADER] or officers,
        team_leaders=team_leaders,
        people=people.recipients(wanted),
        kin={key: tuple(found) for key, found in kin.items()},
        everybody=tuple(everybody),
    )


def of_target(
    target: Target, subject: Subject, named: Sequence[uuid.UUID], roll: Roll
) -> list[uuid.UUID]:
    """People of the organisation behind one target; kin are resolved by `kin_of`."""
    team = roll.team_leaders.get(subject.team_id, ()) if subject.team_id else ()
    found: dict[Target, Iterable[uuid.UUID]] = {
        Target.PARTY: [uuid.UUID(key) for key in subject.party],
        Target.LEADER: [subject.leader_id] if subject.leader_id else [],
        Target.DUTY_OFFICER: roll.officers,
        Target.DEPUTY: roll.deputies,
        Target.TEAM_LEADERS: team,
        Target.EVERY_LEADER: roll.leaders,
        Target.NAMED: named,
        Target.KIN: [],
    }
    return list(found[target])


def resolve(
    targets: Iterable[Target], subject: Subject, named: Sequence[uuid.UUID], roll: Roll
) -> list[Recipient]:
    """The people of these targets, each once, in order."""
    keys = [key for target in targets for key in of_target(target, subject, named, roll)]
    return [roll.people[key] for key in dict.fromkeys(keys) if key in roll.people]


def kin_of(subject: Subject, roll: Roll) -> list[Recipient]:
    """Kin of those who are still out."""
    return [one for key in subject.party for one in roll.kin.get(uuid.UUID(key), ())]
