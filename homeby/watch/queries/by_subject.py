"""Alarms and deadlines by the references of their subjects, which the caller may show; counts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Q

from homeby.database.references import RefsOf
from homeby.watch import rules
from homeby.watch.models import Alarm, Deadline, Subject
from homeby.watch.rules import AlarmState, DeadlineKind, DeadlineState
from homeby.watch.rules.duress import silent_ref


def open_alarms_of(refs: list[str]) -> dict[str, Alarm]:
    """Open alarms of subjects that the caller may show (its own room has judged). One query."""
    found = Alarm.objects.filter(state=AlarmState.OPEN, subject__ref__in=refs)
    return {alarm.subject.ref: alarm for alarm in found.select_related("subject")}


def check_ins_due(refs: list[str]) -> dict[str, dt.datetime]:
    """When the next check-in of these subjects is due. One query."""
    found = Deadline.objects.filter(
        subject__ref__in=refs, kind=DeadlineKind.CHECK_IN, state=DeadlineState.OPEN
    )
    return dict(found.values_list("subject__ref", "due_at"))


def newest_alarm(ref: str) -> Alarm | None:
    """The newest alarm of a subject that the caller may show, open or ended. One query."""
    found = Alarm.objects.filter(subject__ref=ref).select_related("subject")
    return found.order_by("-opened_at").first()


def alarm_refs(ref: str) -> list[str]:
    """The references by which outbox and logbook know the alarms of a subject, ended ones too."""
    keys = Alarm.objects.filter(subject__ref=ref).values_list("pk", flat=True)
    return [f"alarm:{key}" for key in keys]


def ref_of(alarm_id: uuid.UUID) -> str:
    """What an alarm is about, "" for none. No viewer: the act that asks judges. One query."""
    return Alarm.objects.filter(pk=alarm_id).values_list("subject__ref", flat=True).first() or ""


def refs_about(refs: Iterable[str]) -> list[str]:
    """These subjects, the silent ones beside them, and their alarms, ended ones too, by the
    references under which outbox and logbook know them, and what kin were told. Two queries."""
    known = list(refs)
    silent = [silent_ref(ref) for ref in known]
    subjects = Subject.objects.filter(ref__in=[*known, *silent])
    alarms = Alarm.objects.filter(subject__in=subjects).values_list("pk", flat=True)
    kin = subjects.values_list("pk", flat=True)
    return [*known, *silent, *(f"alarm:{key}" for key in alarms), *(f"kin:{key}" for key in kin)]


def refs_around(about: RefsOf) -> list[RefsOf]:
    """The same of whatever the database finds, however much that is: nothing is fetched."""
    silent = RefsOf(silent_ref(about.noun), about.rows)
    subjects = Subject.objects.filter(Q(ref__in=about.found()) | Q(ref__in=silent.found()))
    alarms = Alarm.objects.filter(subject__in=subjects.values("pk"))
    known = (("alarm", alarms), ("kin", subjects))
    return [about, silent, *(RefsOf(noun, rows, is_about_subject=True) for noun, rows in known)]


def refs_of_acts(person_ids: Iterable[uuid.UUID]) -> list[str]:
    """What is waited for, or was, about these people: acts that somebody must do, and HELP that
    names them and fits no mission. One query."""
    about = Q(pk__in=[])
    for one in person_ids:
        about |= Q(party__icontains=str(one)) | Q(named__icontains=str(one))
    rows = Subject.objects.exclude(wanted="").filter(about)
    return list(rows.values_list("ref", flat=True))


def only_repeats_are_left(plan: rules.Plan) -> bool:
    """Whether nothing is due any more but last steps, of alarms by this plan, that nobody takes."""
    moment = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    steps = len(rules.ladder(plan, rules.Times(due_at=moment, call_out_at=moment)))
    alarms = Alarm.objects.filter(state=AlarmState.OPEN).exclude(kind__in=rules.OWN_ALARMS)
    waiting = Deadline.objects.filter(state=DeadlineState.OPEN)
    waiting = waiting.exclude(kind__in=rules.MISS_NOBODY)
    return not (waiting.exists() or alarms.filter(next_step__lt=steps).exists())


def alarm_counts() -> tuple[int, int]:
    """How many alarms there have been, and how many of them ended by a sign-in."""
    alarms = Alarm.objects.exclude(kind__in=rules.OWN_ALARMS)
    return alarms.count(), alarms.filter(ending=rules.Ending.SIGNED_IN).count()
