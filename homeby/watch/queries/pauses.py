"""Reading the pauses of the watch."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import models

from homeby.database.asked import Asked
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch import rules
from homeby.watch.models import Alarm, Deadline, Pause, Subject
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind, DeadlineState, PauseState


def visible_pauses(viewer: Viewer | None) -> models.QuerySet[Pause]:
    """Whoever is known sees every pause: it concerns all who are out."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return Pause.objects.all() if known else Pause.objects.none()


def facts_of(row: Pause) -> rules.PauseFacts:
    """A pause as the rules read it."""
    return rules.PauseFacts(
        state=PauseState(row.state),
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        from_at=row.from_at,
        until_at=row.until_at,
        with_notice=row.with_notice,
        agreed_by_id=row.agreed_by_id,
    )


def open_pauses() -> list[Pause]:
    """Those that are asked for, announced or under way; at most one of each. One query."""
    return list(Pause.objects.exclude(state=PauseState.OVER).order_by("asked_at"))


def paused_until(*, now: dt.datetime) -> dt.datetime | None:
    """Until when the watch is paused; None while it watches. One query."""
    held = (row.until_at for row in _PAUSED.rows() if rules.holds(facts_of(row), now=now))
    return next(held, None)


_PAUSED = Asked(lambda: Pause.objects.filter(state=PauseState.PAUSED))


@dataclass(frozen=True, kw_only=True)
class PauseSheet:
    """A pause as pages show it; `asked_by` and `agreed_by` are callsigns, "" where nobody."""

    id: uuid.UUID
    facts: rules.PauseFacts
    holds: bool
    reason: str
    asked_by: str
    agreed_by: str
    ended_at: dt.datetime | None
    ended_by: str


def pause_sheets(
    viewer: Viewer | None, *, now: dt.datetime, over: int = 0, to: Viewer | None = None
) -> list[PauseSheet]:
    """The pauses that are asked for, announced or under way, and the last `over` that are over.
    `to` is who reads them, where that is another than the viewer. Three queries."""
    visible = visible_pauses(viewer)
    rows = list(visible.exclude(state=PauseState.OVER).order_by("asked_at"))
    if over:
        rows += visible.filter(state=PauseState.OVER).order_by("-ended_at")[:over]
    keys = {k for row in rows for k in (row.asked_by_id, row.agreed_by_id, row.ended_by_id) if k}
    names = people.names(keys, to=to or viewer) if keys else {}

    def called(key: uuid.UUID | None) -> str:
        return names.get(key, "?") if key is not None else ""

    return [
        PauseSheet(
            id=row.pk,
            facts=facts_of(row),
            holds=rules.holds(facts_of(row), now=now),
            reason=row.reason,
            asked_by=called(row.asked_by_id),
            agreed_by=called(row.agreed_by_id),
            ended_at=row.ended_at,
            ended_by=called(row.ended_by_id),
        )
        for row in rows
    ]


def first_open_alarm() -> Alarm | None:
    """The first alarm that is open about anybody; the station's own are about nobody, and one of
    care is named to nobody who does not care. One query."""
    found = Alarm.objects.filter(state=AlarmState.OPEN)
    found = found.exclude(kind__in=rules.OWN_ALARMS | {AlarmKind.CARE})
    return found.order_by("number").first()


def first_overdue(*, now: dt.datetime) -> Deadline | None:
    """The first deadline of a party that has passed and is not judged yet: after an outage it may
    wait for the doors; but for acts of care, as above. One query."""
    found = Deadline.objects.filter(state=DeadlineState.OPEN, act_at__lte=now, due_at__lt=now)
    others = rules.OWN_DEADLINES | rules.NEVER_PAUSED | {DeadlineKind.CARE}
    found = found.exclude(kind__in=others)
    return found.select_related("subject").order_by("due_at").first()


def watched() -> list[Subject]:
    """Whoever the watch waits for now: subjects with an open deadline or alarm. One query."""
    waits = models.Q(deadlines__state=DeadlineState.OPEN) | models.Q(alarms__state=AlarmState.OPEN)
    out = Subject.objects.exclude(ref=rules.CANARY_REF).filter(wanted="")
    return list(out.filter(waits).distinct())
