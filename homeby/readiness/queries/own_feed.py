"""What a person's own calendar holds for a program elsewhere: duties, missions and examinations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from homeby.logbook.revisions import revisions
from homeby.missions.queries.fed import fed_outings
from homeby.readiness.models import CalendarLink, DutyPerson, Examination, Examiner
from homeby.readiness.rules import duty_planning as kinds
from homeby.readiness.rules.examinations import (
    EXAMINATION_MOVED,
    EXAMINATION_SET,
    EXAMINATION_WITHDRAWN,
    ExaminationState,
)

FED_MAX = 500
#: What may put somebody on a duty, take her off it, or move it; what others answer is none of it.
_MOVES = (
    kinds.DUTY_PLANNED, kinds.DUTY_MOVED, kinds.DUTY_CANCELLED, kinds.DUTY_PICKED,
    kinds.DUTY_STOOD_DOWN, kinds.DUTY_PASSED,
)  # fmt: skip
_SETS = (EXAMINATION_SET, EXAMINATION_MOVED, EXAMINATION_WITHDRAWN)
_OFF = (ExaminationState.REFUSED, ExaminationState.WITHDRAWN)


class FedKind(StrEnum):
    """What a line of the feed is."""

    DUTY = "DUTY"
    MISSION = "MISSION"
    EXAMINATION = "EXAMINATION"


@dataclass(frozen=True, kw_only=True)
class Fed:
    """A line of the feed, known by `key` for good; `sequence` is higher after each change and never
    falls (RFC 5545, 3.8.7.4). An examination has a day and no hour; what and where is known of
    duties alone."""

    key: str
    kind: FedKind
    begins: dt.datetime | dt.date
    ends: dt.datetime | dt.date
    is_on: bool
    changed_at: dt.datetime
    sequence: int
    what: str = ""
    place: str = ""


def fed(link: CalendarLink, *, begins: dt.datetime, ends: dt.datetime) -> list[Fed]:
    """What the feed behind an address holds: the secret is the permission. Eight queries."""
    missions = [
        Fed(
            key=str(one.mission_id),
            kind=FedKind.MISSION,
            begins=one.begins,
            ends=one.ends,
            is_on=one.is_on,
            changed_at=one.changed_at,
            sequence=one.sequence,
        )
        for one in fed_outings(link.person_id, begins=begins, ends=ends)
    ]
    return [*_duties(link, begins, ends), *missions, *_examinations(link, begins, ends)]


def _duties(link: CalendarLink, begins: dt.datetime, ends: dt.datetime) -> list[Fed]:
    rows = DutyPerson.objects.filter(
        person_id=link.person_id,
        picked_at__isnull=False,
        duty__starts_at__lt=ends,
        duty__ends_at__gt=begins,
    )
    found = list(rows.select_related("duty").order_by("duty__starts_at", "pk")[:FED_MAX])
    refs = [row.duty.ref for row in found]
    changed = revisions(refs, kinds=_MOVES, person_id=link.person_id)
    lines = []
    for row in found:
        off = (row.stood_down_at, row.duty.cancelled_at)
        changes = [at for at in (row.picked_at, row.told_at, *off) if at is not None]
        lines.append(
            Fed(
                key=str(row.duty_id),
                kind=FedKind.DUTY,
                begins=row.duty.starts_at.astimezone(dt.UTC),
                ends=row.duty.ends_at.astimezone(dt.UTC),
                is_on=row.is_on and row.duty.cancelled_at is None,
                changed_at=max(changes),
                # Twice the frame beside it: older feeds counted so, and it may not fall for them.
                sequence=2 * row.duty.frame + len(changed.get(row.duty.ref, ())),
                what=row.duty.what,
                place=row.duty.place,
            )
        )
    return lines


def _examinations(link: CalendarLink, begins: dt.datetime, ends: dt.datetime) -> list[Fed]:
    me = link.person_id
    seats = Examiner.objects.filter(person_id=me, is_mentor=False)
    rows = Examination.objects.filter(
        Q(person_id=me) | Q(pk__in=seats.values("examination")),
        held_date__gte=begins.date(),
        held_date__lte=ends.date(),
    )
    found = list(rows.order_by("held_date", "pk")[:FED_MAX])
    off = set(seats.filter(ended_at__isnull=False).values_list("examination_id", flat=True))
    refs = [f"examination:{row.pk}" for row in found]
    changed = revisions(refs, kinds=_SETS, person_id=me)
    lines = []
    for row in found:
        assert row.held_date is not None, "asked for by its day"
        entries = changed.get(f"examination:{row.pk}", [])
        lines.append(
            Fed(
                key=str(row.pk),
                kind=FedKind.EXAMINATION,
                begins=row.held_date,
                ends=row.held_date + dt.timedelta(days=1),
                is_on=row.state not in _OFF and (row.person_id == me or row.pk not in off),
                changed_at=max((one.at for one in entries), default=row.asked_at),
                sequence=len(entries),
            )
        )
    return lines
