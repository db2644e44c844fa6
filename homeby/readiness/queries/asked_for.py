"""For each skill how often people were asked for it in a year, and what it kept them from: for
whoever disposes of people or cares for them, about these people alone, and counts of no person."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from homeby.people.queries.led import of_whom
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import DutyDecision, DutyPerson, PartyPosition
from homeby.readiness.queries import qualifications as recorded
from homeby.readiness.queries import standing
from homeby.readiness.queries.days import today
from homeby.readiness.queries.matrix import disposed
from homeby.readiness.rules.asked_for import FEW, Ask, Missed, counted
from homeby.readiness.rules.duty_planning import Against

YEAR = dt.timedelta(days=365)
#: So many of the newest times that were set are looked at for what a skill kept people from.
DECISIONS_MAX = 500
_KEPT = (Against.DUTY, Against.MISSION)


@dataclass(frozen=True, kw_only=True)
class AskedFor:
    """A skill: how many hold it today, how often somebody was asked for it, how many people that
    were, and from how many duties of which kind it kept them. None where these are too few to be
    shown to anybody but a welfare officer of theirs."""

    key: str
    name: str
    holders: int
    times: int | None
    people: int | None
    kept_from: dict[str, int]


def asked_for(viewer: Viewer, *, now: dt.datetime) -> list[AskedFor]:
    """The skills for which somebody was asked within a year of whom the viewer disposes, or for
    whom she cares as a welfare officer, the most often asked for first, then those of too few
    people to be counted, by name. Seven queries."""
    cared = of_whom(viewer, Role.WELFARE_OFFICER)
    named = set(disposed(viewer)) | cared
    asks = [*_seats(named, since=now - YEAR), *_positions(named, now=now)]
    found = counted(asks, _missed(named, since=now - YEAR))
    day, known = today(now=now), standing.known()
    stands = recorded.standings(list(named), list(found), day=day).values()
    rows = [
        AskedFor(
            key=key,
            name=known[key].name if key in known else key,
            holders=sum(key in one and one[key].current_on(day) for one in stands),
            times=counts.times if is_shown else None,
            people=len(counts.people) if is_shown else None,
            kept_from=counts.kept_from if is_shown else {},
        )
        for key, counts in found.items()
        for is_shown in [len(counts.people) >= FEW or counts.people <= cared]
    ]
    return sorted(rows, key=lambda one: (-(one.times or 0), one.name))


def _seats(named: Collection[uuid.UUID], *, since: dt.datetime) -> Iterator[Ask]:
    rows = DutyPerson.objects.filter(
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__starts_at__gt=since,
    )
    for row in rows.select_related("duty", "seat"):
        if row.person_id in named:
            needs = row.seat.needs if row.seat is not None else ()
            for key in {*needs, *row.duty.needs}:
                yield Ask(key=key, person_id=row.person_id, ref=row.duty.ref)


def _positions(named: Collection[uuid.UUID], *, now: dt.datetime) -> Iterator[Ask]:
    rows = PartyPosition.objects.exclude(done_date__lt=today(now=now) - YEAR)
    for person, mission, key in rows.values_list("person_id", "mission_id", "qualification__key"):
        if person in named:
            yield Ask(key=key, person_id=person, ref=f"mission:{mission}")


def _missed(named: Collection[uuid.UUID], *, since: dt.datetime) -> Iterator[Missed]:
    """Who could not come when the time of a duty was set, and for what: the last time of each."""
    rows = DutyDecision.objects.filter(kind="FRAME", duty__starts_at__gt=since)
    rows = rows.filter(duty__cancelled_at__isnull=True).order_by("-at", "pk")
    seen: set[uuid.UUID] = set()
    for duty, kind, pool in rows.values_list("duty_id", "duty__kind", "pool")[:DECISIONS_MAX]:
        if duty in seen:
            continue
        seen.add(duty)
        for one in pool:
            person = uuid.UUID(one["person"])
            if person in named and one["against"] in _KEPT:
                yield Missed(person_id=person, kind=kind, against=one["against_ref"])
