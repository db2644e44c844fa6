"""What people have within a time: duties, missions, examinations, leave and outside duties.
No viewer here: whoever plans is told that a time is taken, and of private times no more.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from itertools import chain
from typing import Any

from django.db.models import Q, QuerySet

from homeby import instants
from homeby.database.asked import NOW, OTHER, AskedOf
from homeby.missions.queries.done import OnMission
from homeby.missions.queries.out_times import OutTime, out_times, planned_times
from homeby.readiness.models import DutyPerson, Examination, OwnTime
from homeby.readiness.queries import days
from homeby.readiness.rules.duty_planning import Against, Taken, clash_of
from homeby.readiness.rules.examinations import OPEN
from homeby.readiness.rules.own_times import OwnTimeKind

_OF_OWN = {OwnTimeKind.LEAVE: Against.LEAVE, OwnTimeKind.BUSY: Against.BUSY}


def taken(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> dict[uuid.UUID, list[Taken]]:
    """What these people have within a time: duties they are on, missions they are out on or planned
    for, examinations, leave, outside duties. Six queries."""
    missions = [
        of_mission(one, known_at=one.begins)
        for one in out_times(person_ids, begins=begins, ends=ends)
    ]
    missions += [of_mission(one) for one in planned_times(person_ids, begins=begins, ends=ends)]
    return _by_person(
        _duties(person_ids, begins, ends),
        missions,
        _examined(person_ids, begins, ends),
        _own(person_ids, begins, ends),
    )


def taken_beside_missions(
    person_ids: Collection[uuid.UUID], *, begins: dt.datetime, ends: dt.datetime
) -> dict[uuid.UUID, list[Taken]]:
    """The same without missions. No viewer: as `taken`. Three queries."""
    return _by_person(
        _duties(person_ids, begins, ends),
        _examined(person_ids, begins, ends),
        _own(person_ids, begins, ends),
    )


def of_mission(one: OutTime | OnMission, *, known_at: dt.datetime | None = None) -> Taken:
    """The time that a mission takes of somebody. No viewer: it reckons."""
    return Taken(
        person_id=one.person_id,
        begins=one.begins,
        ends=one.ends,
        what=Against.MISSION,
        ref=f"mission:{one.mission_id}",
        known_at=known_at,
    )


def _by_person(*several: list[Taken]) -> dict[uuid.UUID, list[Taken]]:
    found: dict[uuid.UUID, list[Taken]] = {}
    for one in chain(*several):
        found.setdefault(one.person_id, []).append(one)
    return found


def _duties(
    person_ids: Collection[uuid.UUID], begins: dt.datetime, ends: dt.datetime
) -> list[Taken]:
    return [
        Taken(
            person_id=key,
            begins=starts_at,
            ends=ends_at,
            what=Against.DUTY,
            ref=f"duty:{duty_id}",
            known_at=picked_at,
        )
        for key, duty_id, picked_at, starts_at, ends_at in _ON.rows(
            person_ids, now=begins, others=(ends,)
        )
    ]


def _own(person_ids: Collection[uuid.UUID], begins: dt.datetime, ends: dt.datetime) -> list[Taken]:
    return [
        Taken(
            person_id=key,
            begins=starts_at,
            ends=ends_at,
            what=_OF_OWN[OwnTimeKind(kind)],
            ref=f"own:{own_id}",
            known_at=known_at,
        )
        for key, own_id, kind, starts_at, ends_at, known_at in _OWN.rows(
            person_ids, now=begins, others=(ends,)
        )
    ]


def _on(keys: Collection[uuid.UUID]) -> QuerySet[DutyPerson, Any]:
    rows = DutyPerson.objects.filter(
        person_id__in=keys,
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__starts_at__lt=OTHER[0],
        duty__ends_at__gt=NOW,
    )
    return rows.values_list("person_id", "duty_id", "picked_at", "duty__starts_at", "duty__ends_at")


def _own_times(keys: Collection[uuid.UUID]) -> QuerySet[OwnTime, Any]:
    rows = OwnTime.objects.filter(
        person_id__in=keys,
        kind__in=list(_OF_OWN),
        ended_at__isnull=True,
        starts_at__lt=OTHER[0],
        ends_at__gt=NOW,
    )
    return rows.values_list("person_id", "pk", "kind", "starts_at", "ends_at", "known_at")


_ON, _OWN = AskedOf(_on), AskedOf(_own_times)


def _examined(
    person_ids: Collection[uuid.UUID], begins: dt.datetime, ends: dt.datetime
) -> list[Taken]:
    """The days on which they are examined or examine: no hour is kept of it."""
    here = days.here()
    first, last = begins.astimezone(here).date(), ends.astimezone(here).date()
    found = []
    for key, exam_id, held_date, known_at in _examined_on(person_ids):
        if not first <= held_date <= last:
            continue
        first_at, next_at = (
            instants.resolve(dt.datetime.combine(day, dt.time()), days.zone()).instant
            for day in (held_date, held_date + dt.timedelta(days=1))
        )
        found.append(
            Taken(
                person_id=key,
                begins=first_at,
                ends=next_at,
                what=Against.EXAMINATION,
                ref=f"examination:{exam_id}",
                known_at=known_at,
            )
        )
    return found


def _examined_on(
    person_ids: Collection[uuid.UUID],
) -> set[tuple[uuid.UUID, uuid.UUID, dt.date, dt.datetime | None]]:
    """Who has a part in which examination, on which day, known since when."""
    found = set()
    for exam_id, held_date, decided_at, set_at, her, *seat in _HELD.rows(person_ids):
        examiner, is_mentor, ended_at = seat
        on_it = {her} if is_mentor or ended_at is not None else {her, examiner}
        for key in on_it.intersection(person_ids):
            found.add((key, exam_id, held_date, set_at or decided_at))
    return found


def _held(keys: Collection[uuid.UUID]) -> QuerySet[Examination, Any]:
    seat = Q(examiners__person_id__in=keys, examiners__is_mentor=False)
    rows = Examination.objects.filter(
        Q(person_id__in=keys) | seat & Q(examiners__ended_at__isnull=True),
        state__in=OPEN,
        held_date__isnull=False,
    )
    examiner = ("examiners__person_id", "examiners__is_mentor", "examiners__ended_at")
    return rows.values_list("pk", "held_date", "decided_at", "set_at", "person_id", *examiner)


_HELD = AskedOf(_held)


def busy_on(
    person_ids: Collection[uuid.UUID], *, day: dt.date, but: str, now: dt.datetime
) -> set[uuid.UUID]:
    """Who of these has something else on a day of the organisation, in what is still to come of it.
    No viewer: whoever names a board learns that, and not what."""
    here = days.here()
    begins, ends = (
        dt.datetime.combine(one, dt.time(), tzinfo=here)
        for one in (day, day + dt.timedelta(days=1))
    )
    begins = max(begins, now)
    if begins >= ends:
        return set()
    found = taken(person_ids, begins=begins, ends=ends)
    return {
        key
        for key, times in found.items()
        if clash_of(times, begins=begins, ends=ends, but=but) is not None
    }
