"""Welfare checks: of whoever was told that a duty began without somebody."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

from homeby.people.rules import STATION, Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.by_subject import newest_alarm
from homeby.watch.queries.visible import visible_alarms, visible_deadlines
from homeby.watch.rules import AlarmState, DeadlineState
from homeby.welfare.models import ConcernNote, OwnGrace, WelfareCheck
from homeby.welfare.queries.concerns import visible_notes
from homeby.welfare.rules.checks import GRACE_MINUTES, NOUN, STEPS, is_check, ref_of, seat_of
from homeby.welfare.rules.concerns import NoteKind


def grace_of(person_id: uuid.UUID) -> int:
    """After how many minutes somebody is looked for. No viewer: the watch goes by it."""
    row = OwnGrace.objects.filter(person_id=person_id).first()
    return GRACE_MINUTES if row is None else row.minutes


def missed(seat_id: uuid.UUID) -> Any | None:
    """The open alarm that tells that she is missed. No viewer: an act judges by it."""
    alarm = newest_alarm(ref_of(seat_id))
    return alarm if alarm is not None and alarm.state == AlarmState.OPEN else None


def has_begun(seat_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether her duty has begun and she is still waited for. No viewer: an act judges by it."""
    rows = visible_deadlines(STATION).filter(state=DeadlineState.OPEN, subject__ref=ref_of(seat_id))
    waits = rows.select_related("subject").first()
    if waits is None or not waits.subject.party:
        return False
    grace = grace_of(uuid.UUID(waits.subject.party[0]))
    return bool(waits.due_at - dt.timedelta(minutes=grace) <= now)


def soon_or_open(*, now: dt.datetime) -> list[Any]:
    """What the watch knows of each duty that may be missed within the hour, or is. No viewer: the
    hourly round settles who is rung. Two queries."""
    rows = visible_deadlines(STATION).filter(
        state=DeadlineState.OPEN, subject__ref__startswith=NOUN, due_at__lt=now + _SOON
    )
    soon = [one.subject for one in rows.select_related("subject")]
    missed_now = [one.subject for one in watch.open_alarms(STATION) if is_check(one.subject.ref)]
    return list({one.pk: one for one in (*soon, *missed_now)}.values())


def without_check() -> list[Any]:
    """Open alarms about a missed duty that have no check yet. No viewer: the station opens them."""
    found = [one for one in watch.open_alarms(STATION) if is_check(one.subject.ref)]
    known = set(
        WelfareCheck.objects.filter(
            seat_id__in=[seat_of(one.subject.ref) for one in found]
        ).values_list("seat_id", flat=True)
    )
    return [one for one in found if seat_of(one.subject.ref) not in known]


def checks_near(*, now: dt.datetime) -> bool:
    """Whether a duty may be missed within the hour. No viewer: the hourly round stays for it."""
    rows = visible_deadlines(STATION).filter(state=DeadlineState.OPEN)
    return rows.filter(subject__ref__startswith=NOUN, due_at__lt=now + _SOON).exists()


_SOON = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class CheckFacts:
    """One check as whoever looks for her sees it: the alarm that tells of it, the row once there
    is one, and the steps that were made."""

    seat_id: uuid.UUID
    person_id: uuid.UUID
    callsign: str
    began_at: dt.datetime
    alarm: Any
    row: WelfareCheck | None = None
    steps: tuple[ConcernNote, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to look."""
        return bool(self.alarm.state == AlarmState.OPEN)


def check(viewer: Viewer | None, seat_id: uuid.UUID) -> CheckFacts | None:
    """A check that the viewer may make: the watch tells her of it, and it is not about her."""
    alarm = newest_alarm(ref_of(seat_id))
    if viewer is None or alarm is None or not visible_alarms(viewer).filter(pk=alarm.pk).exists():
        return None
    if not _may_make(viewer, alarm):
        return None
    row = WelfareCheck.objects.filter(seat_id=seat_id).first()
    steps = _steps(viewer, row) if row is not None else ()
    return replace(_facts(alarm), row=row, steps=steps)


def open_checks(viewer: Viewer | None) -> list[CheckFacts]:
    """Those that are open and the viewer may make, without what was done. One query."""
    if viewer is None:
        return []
    found = (one for one in watch.open_alarms(viewer) if is_check(one.subject.ref))
    return [_facts(one) for one in found if _may_make(viewer, one)]


def _may_make(viewer: Viewer, alarm: Any) -> bool:
    person_id = uuid.UUID(alarm.subject.party[0])
    return person_id != viewer.person_id and person_id not in viewer.apart


def _facts(alarm: Any) -> CheckFacts:
    return CheckFacts(
        seat_id=seat_of(alarm.subject.ref),
        person_id=uuid.UUID(alarm.subject.party[0]),
        callsign=alarm.subject.title,
        began_at=alarm.due_at,
        alarm=alarm,
    )


def _steps(viewer: Viewer, row: WelfareCheck) -> tuple[ConcernNote, ...]:
    """What was agreed with her is for officers and whoever found her."""
    found = Q(kind=NoteKind.FOUND, pk__in=visible_notes(viewer).values("pk"))
    rows = ConcernNote.objects.filter(Q(kind__in=STEPS) | found, concern=row.concern_id)
    return tuple(rows.order_by("at", "pk"))


def may_open(viewer: Viewer, facts: CheckFacts) -> bool:
    """Whether she may open where to look and whom to call: whoever has taken the open alarm."""
    return facts.is_open and viewer.person_id is not None and viewer.person_id in facts.alarm.takers
