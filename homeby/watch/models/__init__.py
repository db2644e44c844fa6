"""Tables of the watch. Due columns are indexed where they are open; the database refuses an open
deadline or alarm without a next act."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.logbook.rules import STATION_KEY_ID
from homeby.watch.models.duress import Duress as Duress
from homeby.watch.models.exercises import Drill as Drill
from homeby.watch.models.exercises import DutyPhone as DutyPhone
from homeby.watch.models.kin import KinCare as KinCare
from homeby.watch.models.kin import KinNews as KinNews
from homeby.watch.models.kin import KinWorry as KinWorry
from homeby.watch.models.partners import Partner as Partner
from homeby.watch.models.partners import PartnerInvitation as PartnerInvitation
from homeby.watch.models.partners import PartnerMark as PartnerMark
from homeby.watch.models.watching import Outage as Outage
from homeby.watch.models.watching import Watchkeeper as Watchkeeper
from homeby.watch.rules import (
    EXERCISE_NUMBERS,
    EXERCISES,
    AlarmKind,
    AlarmState,
    Anchor,
    ClockEnding,
    ClockTrouble,
    DeadlineKind,
    DeadlineState,
    Ending,
    PauseState,
    Phase,
)


class EscalationPlan(StateRow):
    """Who is told when. Data of the organisation; one default for each kind of deadline."""

    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in DeadlineKind])
    is_default = models.BooleanField(default=False)
    repeat_minutes = models.PositiveIntegerField(default=10)
    repeat_minutes_max = models.PositiveIntegerField(default=60)
    two_must_take = models.BooleanField(
        default=False, help_text="an alarm counts as taken once two people have taken it"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(is_default=True), name="one_default_plan_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PlanStep(StateRow):
    """One step of a plan; `targets` and `people` are JSON lists."""

    plan = models.ForeignKey(EscalationPlan, on_delete=models.PROTECT, related_name="steps")
    rank = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=10, choices=[(anchor, anchor) for anchor in Anchor])
    offset_minutes = models.IntegerField()
    targets = models.JSONField(default=list)
    people = models.JSONField(default=list)
    wait_minutes = models.PositiveIntegerField(default=5)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "rank"], name="one_step_a_rank")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} step {self.rank}"


class BillRow(StateRow):
    """A watch in the watch bill, always with a deputy; `to_at` null marks the standing watch."""

    person_id = models.UUIDField()
    deputy_id = models.UUIDField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    aside_at = models.DateTimeField(null=True, help_text='when the person said "not fit to watch"')
    deputy_aside_at = models.DateTimeField(null=True, help_text="when the deputy said so, too")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="watch_period", condition=Q(to_at__isnull=True) | Q(to_at__gt=F("from_at"))
            ),
            models.CheckConstraint(
                name="deputy_is_another", condition=~Q(person_id=F("deputy_id"))
            ),
        ]

    def __str__(self) -> str:
        return f"watch of {self.person_id}"


class Subject(StateRow):
    """What the watch knows of whom it watches: text and ids handed down, never a link upwards."""

    ref = models.CharField(max_length=80, unique=True, help_text='"mission:<id>"')
    title = models.CharField(max_length=300, help_text="callsigns, as messages show them")
    place = models.CharField(max_length=300, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    party = models.JSONField(default=list, help_text="ids of those still out")
    leader_id = models.UUIDField(null=True)
    team_id = models.UUIDField(null=True)
    team_title = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField(null=True, help_text="when they promised to be back")
    buddy_id = models.UUIDField(null=True, help_text="who checks on them, and is not of them")
    asked_until_at = models.DateTimeField(
        null=True, help_text="the return that is asked for and not decided yet"
    )
    wanted = models.CharField(
        max_length=200,
        blank=True,
        help_text="the act that is waited for, a sentence as it stands in the catalog; empty: they"
        " are out, and must come back",
    )
    said = models.CharField(
        max_length=500, blank=True, help_text="of HELP that fits no mission: what they said"
    )
    responsible = models.JSONField(default=list, help_text="who is told: roles, ids of people")
    named = models.JSONField(default=list, help_text="ids of all whom one source of HELP named")
    is_gentle = models.BooleanField(default=False, help_text="an act of care: seen by few")

    def __str__(self) -> str:
        return self.ref

    @property
    def spoken_of(self) -> list[str]:
        """The ids of all it tells of: what is said of it goes round whom these are kept from."""
        return list(dict.fromkeys([*self.party, *self.named]))


class Deadline(StateRow):
    """The next moment by which we must have heard from a subject: instant, zone, what was typed."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="deadlines")
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in DeadlineKind])
    plan = models.ForeignKey(EscalationPlan, on_delete=models.PROTECT)
    due_at = models.DateTimeField()
    call_out_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=[(s, s) for s in DeadlineState])
    next_step = models.PositiveSmallIntegerField(default=0)
    act_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="open_deadline_acts",
                condition=Q(state=DeadlineState.OPEN, act_at__isnull=False)
                | (~Q(state=DeadlineState.OPEN) & Q(act_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="call_out_after_due", condition=Q(call_out_at__gte=F("due_at"))
            ),
            models.UniqueConstraint(
                fields=["subject", "kind"],
                condition=Q(state=DeadlineState.OPEN),
                name="one_open_deadline_a_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["act_at"], name="deadline_acts", condition=Q(state=DeadlineState.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d %H:%M}"


class Alarm(StateRow):
    """An open worry about one subject. Ends by a human only, the canary's by the station key; while
    it is open it has a next act."""

    number = models.PositiveBigIntegerField(unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="alarms")
    plan = models.ForeignKey(EscalationPlan, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in AlarmKind])
    phase = models.CharField(max_length=20, choices=[(phase, phase) for phase in Phase])
    state = models.CharField(max_length=10, choices=[(s, s) for s in AlarmState])
    due_at = models.DateTimeField()
    call_out_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    act_at = models.DateTimeField(null=True)
    next_step = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveIntegerField(default=0)
    last_resort = models.BooleanField(
        default=False, help_text="the last step that ran went to everybody with a role"
    )
    round = models.PositiveIntegerField(default=0, help_text="messages of one run share it")
    wait_minutes = models.PositiveIntegerField(default=0)
    ran_at = models.DateTimeField(null=True)
    holder_id = models.UUIDField(null=True)
    taken_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    co_holder_id = models.UUIDField(
        null=True, help_text="where two must take it: the other; without a holder, the first of two"
    )
    co_expires_at = models.DateTimeField(null=True)
    offered_to_id = models.UUIDField(null=True)
    offered_by_id = models.UUIDField(null=True, help_text="who has it and offers it, if they do")
    held_by = models.JSONField(
        default=list, help_text="who had it since it was last taken from nobody, as text"
    )
    heard_at = models.DateTimeField(null=True)
    hold_until = models.DateTimeField(null=True)
    held_step = models.IntegerField(default=-1)
    lapsed = models.BooleanField(default=False, help_text="an acknowledgement ran out; nobody yet")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)
    ending = models.CharField(max_length=20, blank=True, choices=[(e, e) for e in Ending])
    end_reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="open_alarm_acts",
                condition=Q(state=AlarmState.OPEN, act_at__isnull=False, ended_at__isnull=True)
                | Q(state=AlarmState.ENDED, act_at__isnull=True, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ended_by_a_human",
                condition=Q(state=AlarmState.OPEN)
                | (
                    Q(ended_by_id__isnull=False)
                    & ~Q(ending="")
                    & ~Q(kind=AlarmKind.CANARY)
                    & ~Q(ending=Ending.CANARY)
                    & ~Q(ending=Ending.EXERCISE)
                    & ~Q(ended_by_id=STATION_KEY_ID)
                )
                # The named exceptions: the station key ends what is about nobody, only that.
                | Q(kind=AlarmKind.CANARY, ending=Ending.CANARY, ended_by_id=STATION_KEY_ID)
                | Q(
                    kind__in=sorted(EXERCISES),
                    ending=Ending.EXERCISE,
                    ended_by_id=STATION_KEY_ID,
                ),
            ),
            models.CheckConstraint(
                name="taken_in_pairs",
                condition=Q(holder_id__isnull=True, taken_at__isnull=True, expires_at__isnull=True)
                | Q(holder_id__isnull=False, taken_at__isnull=False, expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="co_taken_in_pairs",
                condition=Q(co_holder_id__isnull=True, co_expires_at__isnull=True)
                | Q(co_holder_id__isnull=False, co_expires_at__isnull=False),
            ),
            models.CheckConstraint(
                name="two_different_people", condition=~Q(holder_id=F("co_holder_id"))
            ),
            models.UniqueConstraint(
                fields=["subject"], condition=Q(state=AlarmState.OPEN), name="one_open_alarm"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["act_at"], name="alarm_acts", condition=Q(state=AlarmState.OPEN)),
            models.Index(
                fields=["opened_at"],
                name="alarm_waits",
                condition=Q(state=AlarmState.OPEN, holder_id__isnull=True, repeats=0),
            ),
            models.Index(
                fields=["holder_id"],
                name="alarm_held",
                condition=Q(state=AlarmState.OPEN)
                & (Q(holder_id__isnull=False) | Q(co_holder_id__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        own = self.number - EXERCISE_NUMBERS
        return f"X-{own}" if own > 0 else f"A-{self.number}"

    @property
    def takers(self) -> list[uuid.UUID]:
        """Who has taken it, the first of two first. Without a holder a second is still missing."""
        return [key for key in (self.co_holder_id, self.holder_id) if key is not None]

    @property
    def second_missing(self) -> bool:
        """Whether one person has taken it and a second must take it too: its steps go on."""
        return self.holder_id is None and self.co_holder_id is not None

    @property
    def taken_until(self) -> dt.datetime | None:
        """When the first acknowledgement runs out."""
        return min(filter(None, (self.expires_at, self.co_expires_at)), default=None)

    def taken_by(self, names: Mapping[uuid.UUID, str]) -> str:
        """Who has taken it, as pages say it."""
        return ", ".join(names[key] for key in self.takers if key in names)


#: The columns of an alarm that nobody has taken.
UNTAKEN: dict[str, Any] = dict.fromkeys(
    ("holder_id", "taken_at", "expires_at", "co_holder_id", "co_expires_at")
)


class AlarmNumber(models.Model):
    """The next alarm number; its row lock hands out numbers without gaps or repeats."""

    next_number = models.PositiveBigIntegerField(default=1000)

    def __str__(self) -> str:
        return str(self.next_number)


class ClockDispute(StateRow):
    """A time during which a machine's wall clock is not believed. Until it ends, all processes of
    that machine count on from `zero_at` (`homeby.steady`); `settled_zero_at` is what they trust
    after it."""

    machine = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in ClockTrouble])
    zero_at = models.DateTimeField()
    boot_seconds = models.FloatField(help_text="the machine's count when it began")
    apart_seconds = models.FloatField(help_text="by how much the wall clock was moved")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ending = models.CharField(max_length=20, blank=True, choices=[(e, e) for e in ClockEnding])
    settled_zero_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["machine"],
                condition=Q(ended_at__isnull=True),
                name="one_open_dispute_a_machine",
            ),
            models.CheckConstraint(
                name="dispute_ends_in_a_way",
                condition=Q(ended_at__isnull=True, ending="", settled_zero_at__isnull=True)
                | (Q(ended_at__isnull=False, settled_zero_at__isnull=False) & ~Q(ending="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.apart_seconds:+.0f} s"


class Pause(StateRow):
    """A time during which no missed deadline is judged, from its asking to its end. Two people, or
    one with a day's notice; one at a time."""

    state = models.CharField(max_length=10, choices=[(s, s) for s in PauseState])
    reason = models.CharField(max_length=300)
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField()
    with_notice = models.BooleanField(default=False)
    agreed_by_id = models.UUIDField(null=True)
    from_at = models.DateTimeField(help_text="when it began, or will begin after its notice")
    until_at = models.DateTimeField(help_text="when it ends by itself")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True, help_text="null where it ended by itself")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="paused_by_two_or_with_notice",
                condition=~Q(state=PauseState.PAUSED)
                | Q(agreed_by_id__isnull=False)
                | Q(with_notice=True),
            ),
            models.CheckConstraint(
                name="a_second_person_agrees", condition=~Q(agreed_by_id=F("asked_by_id"))
            ),
            models.CheckConstraint(name="pause_ends", condition=Q(until_at__gt=F("from_at"))),
            models.CheckConstraint(
                name="over_is_ended",
                condition=Q(state=PauseState.OVER, ended_at__isnull=False)
                | (~Q(state=PauseState.OVER) & Q(ended_at__isnull=True)),
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=~Q(state=PauseState.OVER),
                name="one_pause_a_state",
            ),
        ]

    def __str__(self) -> str:
        return f"pause until {self.until_at:%Y-%m-%d %H:%M}"
