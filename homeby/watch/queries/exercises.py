"""Reading drills, weekly tests and duty phones."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from homeby.comms import queries as comms
from homeby.comms.queries import Written
from homeby.comms.rules import DeliveryState, MessageState
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.sentences import gettext as _
from homeby.watch import rules
from homeby.watch.models import Alarm, BillRow, Deadline, Drill, DutyPhone, EscalationPlan
from homeby.watch.queries.visible import has_it
from homeby.watch.rules import (
    AlarmState,
    ChannelReached,
    DeadlineKind,
    DeadlineState,
    PersonReached,
    PhoneFacts,
    Watch,
)

TESTS_SHOWN = 20


def _sees_exercises(viewer: Viewer) -> bool:
    """An exercise is about nobody: an administrator, who sees to the station, sees it as well."""
    return viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)


def visible_drills(viewer: Viewer | None) -> QuerySet[Drill]:
    """Whoever keeps the watch sees how drills went: afterwards they are no secret."""
    if viewer is None or not _sees_exercises(viewer):
        return Drill.objects.none()
    return Drill.objects.all()


def visible_phones(viewer: Viewer | None) -> QuerySet[DutyPhone]:
    """Whoever keeps the watch sees who is unproven; everybody her own."""
    if viewer is None:
        return DutyPhone.objects.none()
    if _sees_exercises(viewer):
        return DutyPhone.objects.all()
    if viewer.person_id is None:
        return DutyPhone.objects.none()
    return DutyPhone.objects.filter(person_id=viewer.person_id)


def visible_exercises(viewer: Viewer | None) -> QuerySet[Alarm]:
    """The alarms of exercises: whoever keeps the watch sees them, and whoever was asked to take
    one that she has or was offered."""
    if viewer is None:
        return Alarm.objects.none()
    found = Alarm.objects.filter(kind__in=rules.EXERCISES)
    if _sees_exercises(viewer):
        return found
    if viewer.person_id is None:
        return Alarm.objects.none()
    return found.filter(has_it(viewer))


def exercise(viewer: Viewer | None, alarm_id: uuid.UUID) -> Alarm | None:
    """One exercise with its subject, if the viewer may see it. One query."""
    return visible_exercises(viewer).filter(pk=alarm_id).select_related("subject").first()


def open_exercises(viewer: Viewer | None) -> list[Alarm]:
    """The drill that is on, and the viewer's own test. One query."""
    found = visible_exercises(viewer).filter(state=AlarmState.OPEN).select_related("subject")
    own = "" if viewer is None else str(viewer.person_id)
    return [one for one in found if one.subject.ref in (rules.DRILL_REF, _test_ref(own))]


def _test_ref(person_id: str) -> str:
    return f"{rules.EXERCISE_REF}test:{person_id}"


def plans_to_drill() -> dict[str, uuid.UUID]:
    """The plans that a drill may follow, by name. One query."""
    kinds = [DeadlineKind.RETURN, DeadlineKind.CHECK_IN]
    rows = EscalationPlan.objects.filter(kind__in=kinds).order_by("name")
    return dict(rows.values_list("name", "pk"))


def bill_ahead(*, now: dt.datetime) -> list[Watch]:
    """The watches that have not ended, those still to come included. One query."""
    rows = BillRow.objects.filter(Q(to_at__isnull=True) | Q(to_at__gt=now))
    return [
        Watch(
            person_id=row.person_id, deputy_id=row.deputy_id, from_at=row.from_at, to_at=row.to_at
        )
        for row in rows.order_by("from_at", "pk")
    ]


def phone_facts(row: DutyPhone) -> PhoneFacts:
    """A duty phone as the rules read it."""
    return PhoneFacts(
        person_id=row.person_id,
        since_at=row.since_at,
        hour=row.hour,
        asked_at=row.asked_at,
        proven_at=row.proven_at,
    )


@dataclass(frozen=True, kw_only=True)
class DutyPhoneSeen:
    """One person on the watch bill, and whether an alarm is known to reach her. `unproven_since`
    None: it is."""

    person_id: uuid.UUID
    name: str
    facts: PhoneFacts
    proven_by: str
    unproven_since: dt.datetime | None


def duty_phones(viewer: Viewer | None, *, now: dt.datetime) -> list[DutyPhoneSeen]:
    """Everybody on the watch bill of the coming week, those unproven longest first. Three
    queries."""
    on_bill = rules.on_the_bill(bill_ahead(now=now), now=now)
    rows = {row.person_id: row for row in visible_phones(viewer).filter(person_id__in=on_bill)}
    shown = on_bill if viewer is not None and _sees_exercises(viewer) else rows
    names = people.names(shown, to=viewer)
    found = []
    for key in shown:
        row = rows.get(key)
        # Who was put on the bill before the first look through it is as new as that.
        facts = (
            phone_facts(row) if row else PhoneFacts(person_id=key, since_at=min(on_bill[key], now))
        )
        found.append(
            DutyPhoneSeen(
                person_id=key,
                name=names.get(key, "?"),
                facts=facts,
                proven_by=row.proven_by if row else "",
                unproven_since=rules.unproven_since(facts, now=now),
            )
        )
    return sorted(found, key=lambda one: (one.unproven_since or now, one.name.lower()))


# --- how a drill went ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DrillReport:
    """A drill, and how it went so far. `alarm` is "" for one that never opened its alarm."""

    id: uuid.UUID
    plan: str
    left_out: tuple[rules.Target, ...]
    began_at: dt.datetime
    ends_at: dt.datetime
    began_by: str
    alarm_id: uuid.UUID | None
    alarm: str
    is_over: bool
    ended_at: dt.datetime | None
    ended_how: str
    people: tuple[PersonReached, ...]
    figures: rules.DrillFigures


def drill_reports(viewer: Viewer | None, *, limit: int = 2) -> list[DrillReport]:
    """The newest drills, each compared by its reader with the one after it in this list. A fixed
    number of queries for each."""
    drills = list(visible_drills(viewer).order_by("-began_at")[:limit])
    return [_report(viewer, drill) for drill in drills]


def drill_report(viewer: Viewer | None, drill_id: uuid.UUID) -> DrillReport | None:
    """One drill, None where the viewer sees none of this id."""
    drill = visible_drills(viewer).filter(pk=drill_id).first()
    return None if drill is None else _report(viewer, drill)


def _report(viewer: Viewer | None, drill: Drill) -> DrillReport:
    alarm = Alarm.objects.filter(pk=drill.alarm_id).first() if drill.alarm_id else None
    about = f"alarm:{drill.alarm_id}"
    written = comms.messages_about(viewer, [about]) if alarm else []
    asked = [one for one in written if one.code or one.state == MessageState.UNREACHABLE]
    everybody = {one.person_id for one in asked} | {drill.began_by_id} | _ender(alarm)
    names = people.names(everybody, to=viewer)
    reached = _people(asked, names)
    waits = Deadline.objects.filter(plan_id=drill.plan_id, state=DeadlineState.OPEN).exists()
    return DrillReport(
        id=drill.pk,
        plan=drill.followed,
        left_out=tuple(rules.Target(one) for one in drill.left_out),
        began_at=drill.began_at,
        ends_at=drill.ends_at,
        began_by=_called(drill.began_by_id, names) or _("a command on the machine"),
        alarm_id=drill.alarm_id,
        alarm=str(alarm) if alarm else "",
        is_over=alarm.state == AlarmState.ENDED if alarm else not waits,
        ended_at=alarm.ended_at if alarm else None,
        ended_how=_ended_how(alarm, names, waits=waits),
        people=reached,
        figures=rules.figures(reached),
    )


def _called(key: uuid.UUID | None, names: dict[uuid.UUID, str]) -> str:
    return names.get(key, "?") if key is not None else ""


def _ender(alarm: Alarm | None) -> set[uuid.UUID | None]:
    return set() if alarm is None else {alarm.ended_by_id}


def _ended_how(alarm: Alarm | None, names: dict[uuid.UUID, str], *, waits: bool) -> str:
    if alarm is None:
        return "" if waits else _("Not begun: an alarm in earnest came first, or its end.")
    if alarm.state != AlarmState.ENDED:
        return ""
    if alarm.ending == rules.Ending.EXERCISE:
        return alarm.end_reason
    who = _called(alarm.ended_by_id, names)
    return _("Ended by {who}: {reason}").format(who=who, reason=alarm.end_reason)


def _people(written: Iterable[Written], names: dict[uuid.UUID, str]) -> tuple[PersonReached, ...]:
    by_person: dict[uuid.UUID, list[Written]] = {}
    for one in sorted(written, key=lambda one: (one.created_at, one.key)):
        by_person.setdefault(one.person_id, []).append(one)
    return tuple(_person(key, names.get(key, "?"), messages) for key, messages in by_person.items())


def _person(key: uuid.UUID, name: str, messages: list[Written]) -> PersonReached:
    channels = tuple(
        ChannelReached(
            channel=one.channel,
            handed_seconds=_seconds(one.handed_at, message),
            received_seconds=_seconds(one.received_at, message),
            trouble=one.trouble,
        )
        for message in messages
        for one in message.tried
        if one.state not in (DeliveryState.SPARED, DeliveryState.CANCELLED) or one.tries
    )
    answered = [one for one in messages if one.state == MessageState.ANSWERED]
    reached = any(one.handed_seconds is not None for one in channels)
    return PersonReached(
        person_id=key,
        name=name,
        asked_at=messages[0].created_at,
        messages=len(messages),
        channels=channels,
        taken_seconds=_seconds(answered[0].at, messages[0]) if answered else None,
        why_not="" if reached else _why_not(messages, channels),
    )


def _seconds(at: dt.datetime | None, message: Written) -> float | None:
    return None if at is None else (at - message.created_at).total_seconds()


def _why_not(messages: list[Written], channels: tuple[ChannelReached, ...]) -> str:
    """Why nothing was handed to somebody."""
    troubles = [one.trouble for one in channels if one.trouble]
    if troubles:
        return troubles[-1]
    if all(one.state == MessageState.CANCELLED for one in messages):
        return _("Not needed any more: somebody had it, or the drill was over.")
    if any(not one.tried for one in messages):
        return _("No verified contact point.")
    return _("Still on its way.")
