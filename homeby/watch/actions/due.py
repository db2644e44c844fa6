"""What is due: the open alarms and deadlines that the next batch of the watch judges."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from homeby.comms import queries as comms
from homeby.database.asked import NOW, Asked, AskedOf
from homeby.watch import queries, rules
from homeby.watch.actions import outages
from homeby.watch.actions.stepping import about
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineState, Phase

BATCH = 500
CLOCKS_APART = dt.timedelta(days=1)  # an alarm may be of a clock that was ahead of its messages
WAITING_MAX = 4 * BATCH  # more alarms at once in the middle of their steps are not expected
URGENCY = Case(
    When(kind__in=rules.EXERCISES, then=Value(3)),  # after everything in earnest
    When(phase=Phase.DISTRESS, then=Value(0)),
    When(phase=Phase.ALERT, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)

_Keys = frozenset[uuid.UUID]
_ANY_ALARM = Asked(lambda: Alarm.objects.filter(state=AlarmState.OPEN).values_list("pk")[:1])
_DUE_DEADLINE = Asked(
    lambda: Deadline.objects.filter(state=DeadlineState.OPEN, act_at__lte=NOW).values_list("pk")[:1]
)


def alarms(
    now: dt.datetime,
    skip: _Keys,
    outage: rules.Outage | None = None,
    phase: Phase | None = None,
) -> list[uuid.UUID]:
    """The first batch of open alarms that are due (of one phase alone, if it is given), most urgent
    first; `skip` names those left out this time. Two to six queries while an alarm is open."""
    if not _ANY_ALARM.any():
        return []
    at_once = [*_followed_at_once(now), *queries.held_by_nobody()] or [_NOBODYS]
    if outage is None and phase is None and not skip:
        return [key for (key,) in _DUE_ALARMS.rows(at_once, now=now)]
    rows = _alarms_to_judge(now, at_once, outage, phase)
    rows = rows.exclude(pk__in=skip) if skip else rows
    return [key for (key,) in rows[:BATCH]]


def _alarms_to_judge(
    now: dt.datetime,
    at_once: Sequence[uuid.UUID],
    outage: rules.Outage | None = None,
    phase: Phase | None = None,
) -> QuerySet[Alarm, tuple[uuid.UUID]]:
    """The keys of the open alarms that are due, and of those that are `at_once`."""
    open_ones = Alarm.objects.filter(state=AlarmState.OPEN)
    if phase is not None:
        open_ones = open_ones.filter(phase=phase)
    due = open_ones.filter(outages.through_the_doors(now, outage), act_at__lte=now)
    due |= open_ones.filter(_written_ahead(now))
    due |= open_ones.filter(kind__in=rules.EXERCISES)  # what is in earnest stops them
    due |= open_ones.filter(pk__in=at_once)
    order = (URGENCY, "due_at") if outage is None else (outages.gravest(now), "due_at")
    due = due.filter(outages.exercises_wait(now, outage))
    return due.order_by(*order).values_list("pk")


_NOBODYS = uuid.UUID(int=0)
_DUE_ALARMS = AskedOf(lambda at_once: _alarms_to_judge(NOW, at_once)[:BATCH])


def _written_ahead(now: dt.datetime) -> Q:
    """Alarms that wait for an instant further ahead than it can lie (`rules.believable`)."""
    free = Q(holder_id__isnull=True)
    flies = Q(kind=AlarmKind.CANARY)  # its pauses are longer, and no step is followed at once
    lost = flies & Q(act_at__gt=now + rules.CANARY_EVERY + rules.SKEW)
    return lost | ~flies & (
        Q(ran_at__gt=now + rules.SKEW)
        | Q(hold_until__gt=now + rules.HOLDS_WITHIN + rules.SKEW)
        | Q(expires_at__gt=now + rules.EXPIRES_WITHIN + rules.SKEW)
        | Q(co_expires_at__gt=now + rules.EXPIRES_WITHIN + rules.SKEW)
        | (free & Q(ran_at__isnull=True, act_at__gt=now + rules.GOES_ON_WITHIN + rules.SKEW))
    )


def _followed_at_once(now: dt.datetime) -> list[uuid.UUID]:
    """Alarms that wait for the hour of their next step, though the present one has reached nobody.

    Asked of the outbox anew at each look: whoever only remembered it might be killed, meet a locked
    row or a full batch, and the next people would be told an hour late (promise 4).
    """
    waiting = Alarm.objects.filter(
        state=AlarmState.OPEN,
        holder_id__isnull=True,
        last_resort=False,  # once everybody is told, repetitions keep their pauses
    )
    oldest_at = waiting.order_by("opened_at").values_list("opened_at", flat=True).first()
    lost = comms.lost_since(min(oldest_at, now) - CLOCKS_APART) if oldest_at else set()
    if not lost:
        return []
    waiting = waiting.exclude(kind=AlarmKind.CANARY).filter(
        Q(hold_until__isnull=True) | Q(hold_until__lte=now),
        act_at__gt=now,
        pk__in=[one.removeprefix("alarm:") for one in lost if one.startswith("alarm:")],
    )
    newest = waiting.order_by(URGENCY, "-opened_at").only("round")[:WAITING_MAX]
    rounds = {about(alarm): f"{about(alarm)}/{alarm.round}/" for alarm in newest}
    found = comms.reached_nobody(rounds) if rounds else set()
    return [uuid.UUID(cause.partition(":")[2]) for cause in found]


def deadlines(
    now: dt.datetime, skip: _Keys, outage: rules.Outage | None = None, *, paused: bool
) -> list[uuid.UUID]:
    """The first batch of open deadlines that are due, longest overdue first. Exercises come when
    nothing in earnest is due. Two queries."""
    if not _DUE_DEADLINE.any(now=now):
        return []
    if outage is None and not skip and not paused:
        rows = _DUE_DEADLINES.rows(now=now)
    else:
        due = _deadlines_to_judge(now, outage)
        due = due.filter(kind__in=rules.NEVER_PAUSED) if paused else due
        due = due.exclude(pk__in=skip) if skip else due
        rows = list(due[:BATCH])
    # Exercises by themselves: they must see the alarms that what is in earnest opens.
    return [key for key, kind in rows if kind not in rules.EXERCISES] or [key for key, _ in rows]


def _deadlines_to_judge(
    now: dt.datetime, outage: rules.Outage | None = None
) -> QuerySet[Deadline, tuple[uuid.UUID, str]]:
    due = Deadline.objects.filter(state=DeadlineState.OPEN, act_at__lte=now)
    if outage is None:
        in_order = due.order_by("act_at", "pk")
    else:
        due = due.filter(outages.through_the_doors(now, outage))
        in_order = due.order_by(outages.gravest(now), "due_at", "pk")
    return in_order.values_list("pk", "kind")


_DUE_DEADLINES = Asked(lambda: _deadlines_to_judge(NOW)[:BATCH])
