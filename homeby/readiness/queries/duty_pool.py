"""What is known of people when a duty is planned: what they have at that time, who fits, who could
come. No viewer here: it is what a decision saw; pages ask for names by what their viewer may see.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from homeby import instants
from homeby.missions.queries.out_times import last_out, out_times, planned_times
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import everybody_of_team, rank_places
from homeby.readiness.models import Duty, DutyDecision, DutyPerson, DutySeat, Examination, OwnTime
from homeby.readiness.queries import days, standing
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.rules import duty_planning as rules
from homeby.readiness.rules.duty_planning import Against, Attended, DutyAnswer, Taken
from homeby.readiness.rules.examinations import OPEN
from homeby.readiness.rules.own_times import OwnTimeKind

#: So many earlier duties are asked whether somebody could not come to them either.
EARLIER = 6
_OF_OWN = {OwnTimeKind.LEAVE: Against.LEAVE, OwnTimeKind.BUSY: Against.BUSY}


def holders(
    position: str,
    person_ids: Collection[uuid.UUID],
    *,
    at: dt.datetime,
    until: dt.datetime | None = None,
) -> frozenset[uuid.UUID] | None:
    """Who of these people holds a position on the day of this time, and on the last day of what
    lasts `until`, where the organisation is. None: nobody here has ever held it, so it is not kept
    yet, and nobody is left out for it; where the last one has lapsed it is kept, and nobody fits.
    No viewer: it decides who fits. At most sixteen queries."""
    first = at.astimezone(days.here()).date()
    last = max(first, _last_day(until)) if until is not None else first
    found = frozenset(standing.holders_of(position, day=first))
    if last != first:
        found &= frozenset(standing.holders_of(position, day=last))
    if not found and not standing.was_ever_held(position):
        return None
    return found.intersection(person_ids)


def _last_day(ends: dt.datetime) -> dt.date:
    """The day on which something is over: what ends at midnight is not of the day that begins."""
    return (ends - dt.timedelta(microseconds=1)).astimezone(days.here()).date()


def holders_of_all(
    needs: Collection[str],
    person_ids: Collection[uuid.UUID],
    *,
    at: dt.datetime,
    until: dt.datetime | None = None,
) -> frozenset[uuid.UUID] | None:
    """Who of these people holds all of several positions, from when until when. None: of none of
    them is kept who holds it. No viewer: as `holders`."""
    known: frozenset[uuid.UUID] | None = None
    for key in needs:
        found = holders(key, person_ids, at=at, until=until)
        if found is not None:
            known = found if known is None else known & found
    return known


def taken(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> dict[uuid.UUID, list[Taken]]:
    """What these people have within a time: duties they are on, missions they are out on or planned
    for, examinations, leave, outside duties. Six queries."""
    found: list[Taken] = []
    on = DutyPerson.objects.filter(
        person_id__in=person_ids,
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__starts_at__lt=ends,
        duty__ends_at__gt=begins,
    ).select_related("duty")
    for row in on:
        found.append(
            Taken(
                person_id=row.person_id,
                begins=row.duty.starts_at,
                ends=row.duty.ends_at,
                what=Against.DUTY,
                ref=row.duty.ref,
                known_at=row.picked_at,
            )
        )
    for out in out_times(person_ids, begins=begins, ends=ends):
        found.append(
            Taken(
                person_id=out.person_id,
                begins=out.begins,
                ends=out.ends,
                what=Against.MISSION,
                ref=f"mission:{out.mission_id}",
                known_at=out.begins,
            )
        )
    found += [*_planned_missions(person_ids, begins, ends), *_examined(person_ids, begins, ends)]
    for own in OwnTime.objects.filter(
        person_id__in=person_ids,
        kind__in=list(_OF_OWN),
        ended_at__isnull=True,
        starts_at__lt=ends,
        ends_at__gt=begins,
    ):
        found.append(
            Taken(
                person_id=own.person_id,
                begins=own.starts_at,
                ends=own.ends_at,
                what=_OF_OWN[OwnTimeKind(own.kind)],
                ref=f"own:{own.pk}",
                known_at=own.known_at,
            )
        )
    by_person: dict[uuid.UUID, list[Taken]] = {}
    for one in found:
        by_person.setdefault(one.person_id, []).append(one)
    return by_person


def _planned_missions(
    person_ids: Collection[uuid.UUID], begins: dt.datetime, ends: dt.datetime
) -> list[Taken]:
    times = planned_times(person_ids, begins=begins, ends=ends)
    return [
        Taken(
            person_id=one.person_id,
            begins=one.begins,
            ends=one.ends,
            what=Against.MISSION,
            ref=f"mission:{one.mission_id}",
        )
        for one in times
    ]


def _examined(
    person_ids: Collection[uuid.UUID], begins: dt.datetime, ends: dt.datetime
) -> list[Taken]:
    """The days on which they are examined: no hour is kept of it."""
    here = days.here()
    first, last = begins.astimezone(here).date(), ends.astimezone(here).date()
    rows = Examination.objects.filter(
        person_id__in=person_ids, state__in=OPEN, held_date__range=(first, last)
    )
    found = []
    for row in rows:
        assert row.held_date is not None, "asked for by its day"
        midnight = instants.resolve(
            dt.datetime.combine(row.held_date, dt.time()), days.zone()
        ).instant
        found.append(
            Taken(
                person_id=row.person_id,
                begins=midnight,
                ends=midnight + dt.timedelta(days=1),
                what=Against.EXAMINATION,
                ref=f"examination:{row.pk}",
                known_at=row.decided_at,
            )
        )
    return found


def offered(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> set[uuid.UUID]:
    """Who of these people has said that she is available for the whole of a time. One query."""
    rows = OwnTime.objects.filter(
        person_id__in=person_ids,
        kind=OwnTimeKind.AVAILABLE,
        ended_at__isnull=True,
        starts_at__lte=begins,
        ends_at__gte=ends,
    )
    return set(rows.values_list("person_id", flat=True))


def on_leave(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> set[uuid.UUID]:
    """Who of these people has leave within a time. One query."""
    rows = OwnTime.objects.filter(
        person_id__in=person_ids,
        kind=OwnTimeKind.LEAVE,
        ended_at__isnull=True,
        starts_at__lt=ends,
        ends_at__gt=begins,
    )
    return set(rows.values_list("person_id", flat=True))


#: A duty that somebody is on: which one, from when until when.
ShiftSpan = tuple[uuid.UUID, dt.datetime, dt.datetime]


def shifts_of(
    person_ids: Collection[uuid.UUID], *, since: dt.datetime, but: uuid.UUID | None = None
) -> dict[uuid.UUID, list[ShiftSpan]]:
    """The duties they are on that were not called off, without one of them (`but`), and without
    those to which they did not come. No viewer: it decides who rests. Two queries."""
    rows = DutyPerson.objects.filter(
        person_id__in=person_ids,
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__ends_at__gt=since,
    ).exclude(attended__in=(Attended.EXCUSED, Attended.NOT_THERE))
    rows = rows.exclude(duty_id=but) if but is not None else rows
    pairs = list(rows.values_list("person_id", "duty_id"))
    times = Duty.objects.filter(cancelled_at__isnull=True, ends_at__gt=since)  # once, not for each
    spans = {one[0]: one for one in times.values_list("pk", "starts_at", "ends_at")}
    found: dict[uuid.UUID, list[ShiftSpan]] = {}
    for key, duty_id in pairs:
        if duty_id in spans:
            found.setdefault(key, []).append(spans[duty_id])
    return found


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


def pool_of(duty: Duty) -> list[InPool]:
    """Everybody of the duty's team, and everybody asked for it. `fits` says whether she may have a
    seat by rank and position, by the limits of a minor, and by who is on it already. A fixed number
    of queries."""
    rows = {row.person_id: row for row in DutyPerson.objects.filter(duty=duty)}
    everybody = list(dict.fromkeys([*everybody_of_team(duty.team_id), *rows]))
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
    everybody = [*everybody_of_team(duty.team_id), *asked.values_list("person_id", flat=True)]
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
    """What a frame says: the time and what it asks of everybody."""
    return {
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
    earlier = Duty.objects.filter(
        team,
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
    rows = DutyPerson.objects.filter(person_id__in=person_ids, asked_at__isnull=False)
    found = last_out(person_ids)
    for key, at in rows.order_by("asked_at").values_list("person_id", "asked_at"):
        if at is not None:
            found[key] = max(at, found.get(key, at))
    return found
