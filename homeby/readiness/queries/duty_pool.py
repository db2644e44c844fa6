"""What is known of people when a duty is planned: what they have at that time, who fits, who could
come. No viewer here: it is what a decision saw; pages ask for names by what their viewer may see.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q, QuerySet

from homeby.database.asked import NOW, Asked, AskedOf
from homeby.missions.queries.out_times import last_out
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import everybody_of_team, rank_places
from homeby.readiness.models import Duty, DutyDecision, DutyPerson, DutySeat, OwnTime
from homeby.readiness.queries import days, standing
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.queries.special_units import members_of
from homeby.readiness.queries.times_taken import taken
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import Attended, DutyAnswer, Taken
from homeby.readiness.rules.own_times import OwnTimeKind, joined

#: So many earlier duties are asked whether somebody could not come to them either.
EARLIER = 6


def holders(
    position: str,
    person_ids: Collection[uuid.UUID],
    *,
    at: dt.datetime,
    until: dt.datetime | None = None,
) -> frozenset[uuid.UUID] | None:
    """Who of these people holds a position on the day of this time, where the organisation is, and
    on the last day of what lasts `until` then: what ends in between does not last for it. None:
    nobody here has ever held it, so it is not kept yet, and nobody is left out for it; where the
    last one has lapsed it is kept, and nobody fits. No viewer: it decides who fits. At most nine
    queries a day."""
    found = frozenset(standing.holders_of(position, day=at.astimezone(days.here()).date()))
    if found and until is not None and (last := _last_day(at, until)) is not None:
        return found.intersection(standing.holders_of(position, day=last), person_ids)
    if not found and not standing.was_ever_held(position):
        return None
    return found.intersection(person_ids)


def _last_day(at: dt.datetime, until: dt.datetime) -> dt.date | None:
    """The last local day of what begins `at` and ends just before `until`; None where that is the
    first as well."""
    here, end = days.here(), max(at, until - dt.timedelta(microseconds=1))
    last = end.astimezone(here).date()
    return last if last != at.astimezone(here).date() else None


def holders_of_all(
    needs: Collection[str],
    person_ids: Collection[uuid.UUID],
    *,
    at: dt.datetime,
    until: dt.datetime,
) -> frozenset[uuid.UUID] | None:
    """Who of these people holds all of several positions from then until then. None: of none of
    them is kept who holds it. No viewer: as `holders`."""
    known: frozenset[uuid.UUID] | None = None
    for key in needs:
        found = holders(key, person_ids, at=at, until=until)
        if found is not None:
            known = found if known is None else known & found
    return known


def offered(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> set[uuid.UUID]:
    """Who of these people has said that she is available for the whole of a time, in one piece or
    in several that touch. One query."""
    rows = OwnTime.objects.filter(
        person_id__in=person_ids,
        kind=OwnTimeKind.AVAILABLE,
        ended_at__isnull=True,
        starts_at__lte=ends,
        ends_at__gte=begins,
    )
    spans: dict[uuid.UUID, list[tuple[dt.datetime, dt.datetime]]] = {}
    for key, starts_at, ends_at in rows.values_list("person_id", "starts_at", "ends_at"):
        spans.setdefault(key, []).append((starts_at, ends_at))
    return {
        key
        for key, several in spans.items()
        if any(first <= begins and ends <= last for first, last in joined(several))
    }


#: A duty that somebody is on: which one, from when until when, of which kind.
ShiftSpan = tuple[uuid.UUID, dt.datetime, dt.datetime, str]


def shifts_of(
    person_ids: Collection[uuid.UUID], *, since: dt.datetime, but: uuid.UUID | None = None
) -> dict[uuid.UUID, list[ShiftSpan]]:
    """The duties they are on that were not called off, without one of them (`but`), and without
    those to which they did not come. No viewer: it decides who rests. Two queries."""
    pairs = _SHIFTS.rows(person_ids, now=since)
    spans = {one[0]: one for one in _TIMES.rows(now=since)}  # once, not for each
    found: dict[uuid.UUID, list[ShiftSpan]] = {}
    if but is not None:
        spans.pop(but, None)
    for key, duty_id in pairs:
        if (span := spans.get(duty_id)) is not None:
            found.setdefault(key, []).append(span)
    return found


def _shifts(keys: Collection[uuid.UUID]) -> QuerySet[DutyPerson, Any]:
    rows = DutyPerson.objects.filter(
        person_id__in=keys,
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__ends_at__gt=NOW,
    ).exclude(attended__in=(Attended.EXCUSED, Attended.NOT_THERE))
    return rows.values_list("person_id", "duty_id")


def _times() -> QuerySet[Duty, Any]:
    rows = Duty.objects.filter(cancelled_at__isnull=True, ends_at__gt=NOW)
    return rows.values_list("pk", "starts_at", "ends_at", "kind")


_SHIFTS, _TIMES = AskedOf(_shifts), Asked(_times)


@dataclass(frozen=True, kw_only=True)
class InPool:
    """Somebody whom a decision could concern, as it was known then."""

    person_id: uuid.UUID
    fits: bool
    clash: Taken | None
    available: bool | None
    asked_at: dt.datetime | None
    answer: str | None
    answered_by_self: bool


def _everybody(duty: Duty) -> list[uuid.UUID]:
    return members_of(duty.unit_id) if duty.unit_id else everybody_of_team(duty.team_id)


def pool_of(duty: Duty) -> list[InPool]:
    """Everybody of the duty's team or special unit, and everybody asked for it. `fits` says whether
    she may have a seat by rank and position, by the limits of a minor, and by who is on it already.
    A fixed number of queries."""
    rows = {row.person_id: row for row in DutyPerson.objects.filter(duty=duty)}
    its = _everybody(duty)
    everybody = list(dict.fromkeys([*its, *rows]))
    busy = taken(everybody, begins=duty.starts_at, ends=duty.ends_at)
    free = offered(everybody, begins=duty.starts_at, ends=duty.ends_at)
    kept_off = barred(duty, everybody)
    fit = fitting(duty, everybody)
    kept_off |= set(against_duty(duty, everybody, with_others=False))
    found = []
    for key in everybody:
        row = rows.get(key)
        current = row if row is not None and row.answered_frame == duty.frame else None
        answer = DutyAnswer(current.answer) if current is not None and current.answer else None
        clash = rules.clash_of(
            busy.get(key, ()), begins=duty.starts_at, ends=duty.ends_at, but=duty.ref
        )
        is_offered = key in free
        found.append(
            InPool(
                person_id=key,
                fits=key in fit and key not in kept_off,
                clash=clash,
                available=rules.is_available(answer=answer, is_offered=is_offered, clash=clash),
                asked_at=row.asked_at if row else None,
                answer=answer,
                answered_by_self=current is not None and current.answered_by_id == key,
            )
        )
    return found


def fitting(duty: Duty, person_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Who of these people has the rank and the positions that the duty asks of everybody."""
    found = set(person_ids)
    if duty.rank_place is not None:
        places = rank_places(person_ids)
        found = {key for key in found if places.get(key, duty.rank_place + 1) <= duty.rank_place}
    known = holders_of_all(duty.needs, person_ids, at=duty.starts_at, until=duty.ends_at)
    return found if known is None else found & known


def barred(duty: Duty, person_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Who of these people is not put on the duty beside those who are on it: two who are kept apart
    are never on one. One or two queries."""
    apart = apart_from(person_ids)
    if not apart:
        return set()
    on = set(
        DutyPerson.objects.filter(
            duty=duty, picked_at__isnull=False, stood_down_at__isnull=True
        ).values_list("person_id", flat=True)
    )
    return {key for key, away in apart.items() if away & on}


def as_facts(pool: Sequence[InPool]) -> list[dict[str, Any]]:
    """A pool as a decision keeps it."""
    return [
        {
            "person": str(one.person_id),
            "fits": one.fits,
            "against": str(one.clash.what) if one.clash else "",
            "against_ref": one.clash.ref if one.clash else "",
            "known_at": one.clash.known_at.isoformat()
            if one.clash and one.clash.known_at
            else None,
            "available": one.available,
        }
        for one in pool
    ]


def seats_as_facts(duty: Duty) -> list[dict[str, Any]]:
    """The seats of a duty as a decision keeps them: what each needs, whether it is still open, and
    who of everybody it could concern holds all of that on its days (None: of nothing it needs is
    kept who holds it, so it rules nobody out). It cannot be made up later: papers come late."""
    rows = list(DutySeat.objects.filter(duty=duty).order_by("number"))
    asked = DutyPerson.objects.filter(duty=duty)
    taken_by = set(asked.filter(seat__isnull=False).values_list("seat_id", flat=True))
    everybody = [*_everybody(duty), *asked.values_list("person_id", flat=True)]
    held = {
        needs: holders_of_all(needs, everybody, at=duty.starts_at, until=duty.ends_at)
        for needs in {row.needs for row in rows}
    }
    found = []
    for row in rows:
        fits = held[row.needs]
        one = {
            "number": row.number,
            "position": row.position,
            "also": list(row.also),
            "role": row.role,
            "is_fixed": row.is_fixed,
            "is_open": not row.is_fixed and row.pk not in taken_by,
            "fits": None if fits is None else sorted(str(key) for key in fits),
        }
        found.append(one)
    return found


def frame_of(duty: Duty) -> dict[str, Any]:
    """What a frame says: the time, what it asks of everybody, with what it was decided."""
    return {
        "group": str(duty.group_id),
        "starts_at": duty.starts_at.isoformat(),
        "ends_at": duty.ends_at.isoformat(),
        "zone": duty.zone,
        "kind": duty.kind,
        "time_is_free": duty.time_is_free,
        "position": duty.position,
        "also": list(duty.also),
        "rank_place": duty.rank_place,
    }


def could_not_come(duty: Duty) -> list[set[uuid.UUID]]:
    """For the last duties of this kind and team, the last first: who had something else when the
    time was set. One query."""
    team = Q(team_id=duty.team_id) if duty.team_id else Q(team__isnull=True)
    unit = Q(unit_id=duty.unit_id) if duty.unit_id else Q(unit__isnull=True)
    earlier = Duty.objects.filter(
        team,
        unit,
        kind=duty.kind,
        starts_at__lt=duty.starts_at,
        cancelled_at__isnull=True,
    ).order_by("-starts_at")[:EARLIER]
    keys = list(earlier.values_list("pk", flat=True))
    rows = DutyDecision.objects.filter(duty__in=keys, kind="FRAME").order_by("frame")
    last = {row.duty_id: row.pool for row in rows}
    return [
        {uuid.UUID(one["person"]) for one in last.get(key, ()) if one["against"]} for key in keys
    ]


def last_asked(person_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, dt.datetime]:
    """When each of these people was asked for a duty last, or went out on a mission, for whoever
    lets those go first who waited longest. Two queries."""
    found = last_out(person_ids)
    for key, at in _LAST_ASKED.rows(person_ids):
        found[key] = max(at, found.get(key, at))
    return found


def _last_asked(keys: Collection[uuid.UUID]) -> QuerySet[DutyPerson, Any]:
    rows = DutyPerson.objects.filter(person_id__in=keys, asked_at__isnull=False)
    return rows.values("person_id").annotate(at=Max("asked_at")).values_list("person_id", "at")


_LAST_ASKED = AskedOf(_last_asked)
