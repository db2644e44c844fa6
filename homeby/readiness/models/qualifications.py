"""What one may do: the catalogue, task books and their signatures, what is held, what was done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person
from homeby.readiness.rules.entries_of_files import KEY_MAX
from homeby.readiness.rules.qualifications import QualificationKind, Stage

NAME_MAX = 200
WHY_MAX = 500


class Qualification(StateRow):
    """A qualification of the organisation. `content` says what it needs, its tasks and what keeps
    it current, as a file of the catalogue says it (`rules.catalogue_text`)."""

    key = models.CharField(max_length=KEY_MAX, unique=True)
    name = models.CharField(max_length=NAME_MAX)
    kind = models.CharField(max_length=10, choices=[(one, one) for one in QualificationKind])
    family = models.CharField(max_length=KEY_MAX, blank=True)
    content = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True, help_text="no longer given")

    def __str__(self) -> str:
        return self.name


class TaskBook(StateRow):
    """Somebody on the way to a qualification. `tasks` are those of the day on which it was opened:
    what the catalogue says later changes no open book."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="books")
    tasks = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_certified = models.BooleanField(default=False, help_text="it led to the qualification")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "qualification"],
                condition=Q(ended_at__isnull=True),
                name="one_open_task_book",
            ),
            models.CheckConstraint(
                name="certified_book_has_ended",
                condition=Q(is_certified=False) | Q(ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"task book of {self.person_id}"


class SignOff(StateRow):
    """A stage that somebody signed in a task book; `task` is its number there, for EVALUATE. With a
    mission that was no exercise it was shown on a real one."""

    book = models.ForeignKey(TaskBook, on_delete=models.PROTECT, related_name="signed")
    stage = models.CharField(max_length=10, choices=[(one, one) for one in Stage])
    task = models.PositiveSmallIntegerField(null=True)
    by_id = models.UUIDField()
    on_date = models.DateField()
    mission_id = models.UUIDField(null=True)
    is_exercise = models.BooleanField(default=False, help_text="the mission was one")
    led_her = models.BooleanField(default=False)
    why = models.CharField(max_length=WHY_MAX, blank=True, help_text="although something lacked")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["book", "task"], condition=Q(stage=Stage.EVALUATE), name="task_signed_once"
            ),
            models.UniqueConstraint(
                fields=["book", "stage"],
                condition=~Q(stage=Stage.EVALUATE),
                name="stage_signed_once",
            ),
            models.CheckConstraint(
                name="task_for_an_evaluation",
                condition=Q(stage=Stage.EVALUATE, task__isnull=False)
                | (~Q(stage=Stage.EVALUATE) & Q(task__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.task or ''}"


class Holding(StateRow):
    """Certified from a day on, by a task book or by a paper. Never overwritten: whoever gets it
    again gets another row.

    `through_date` is the last day on which it is current by what is recorded (null: no end), which
    `actions.currency` works out again whenever something is recorded that bears on it.
    `warned_through` is the day of which the person was warned.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(
        Qualification, on_delete=models.PROTECT, related_name="holdings"
    )
    from_date = models.DateField()
    expires_date = models.DateField(null=True, help_text="the last day, where a paper says one")
    withdrawn_date = models.DateField(null=True)
    withdrawn_by_id = models.UUIDField(null=True)
    withdrawn_why = models.CharField(max_length=WHY_MAX, blank=True)
    book = models.ForeignKey(TaskBook, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.CharField(max_length=NAME_MAX, blank=True, help_text="who issued it, its number")
    recorded_by_id = models.UUIDField(null=True)
    through_date = models.DateField(null=True)
    warned_through = models.DateField(null=True)
    warnings = models.PositiveSmallIntegerField(default=0)
    badge_place = models.PositiveIntegerField(
        null=True, unique=True, help_text="its place in the list of what was withdrawn"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="holding_ends_after_it_begins",
                condition=Q(expires_date__isnull=True) | Q(expires_date__gte=F("from_date")),
            ),
            models.CheckConstraint(
                name="withdrawn_after_it_begins",
                condition=Q(withdrawn_date__isnull=True) | Q(withdrawn_date__gte=F("from_date")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "qualification"], name="holding_of_a_person"),
            models.Index(
                fields=["through_date"],
                name="holding_that_ends",
                condition=Q(through_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.qualification_id} of {self.person_id}"


class PartyPosition(StateRow):
    """A position that somebody has on a mission. Once the mission is back it counts: `done_date` is
    the local day of its return, `begun_date` that of its start (null: before it was kept), `hours`
    how long it was."""

    mission_id = models.UUIDField()
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="+")
    as_trainee = models.BooleanField(default=False)
    is_exercise = models.BooleanField(default=False)
    mission_kind = models.CharField(max_length=KEY_MAX, blank=True, help_text="for hours of a kind")
    done_date = models.DateField(null=True)
    begun_date = models.DateField(null=True)
    hours = models.FloatField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mission_id", "person", "qualification"], name="position_once_a_mission"
            ),
            models.CheckConstraint(
                name="done_has_hours",
                condition=Q(done_date__isnull=True, hours__isnull=True)
                | Q(done_date__isnull=False, hours__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="positions_of_a_person")]

    def __str__(self) -> str:
        return f"{self.qualification_id} on {self.mission_id}"
