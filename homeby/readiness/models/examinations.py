"""Examinations from the request to the result, and the promotions that came of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person
from homeby.readiness.rules.entries_of_files import KEY_MAX
from homeby.readiness.rules.examinations import (
    OPEN,
    PART_MAX,
    WHY_MAX,
    AppealState,
    ExaminationState,
)


class Examination(StateRow):
    """One request of a person to be examined for a position or rank of the catalogue, what became
    of it, and the appeal against its result. Asking anew, or trying again, is a new row that
    `follows` the one before; dates are days of the organisation."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=KEY_MAX, help_text="key of the catalogue")
    asked = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", help_text="who decides on the request"
    )
    asked_at = models.DateTimeField()
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=10,
        default=ExaminationState.ASKED,
        choices=[(one, one) for one in ExaminationState],
    )
    decided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=WHY_MAX, blank=True)
    spoken = models.BooleanField(default=False, help_text="whoever decided had spoken with her")
    held_date = models.DateField(null=True)
    frame = models.PositiveSmallIntegerField(default=1, help_text="each new day or board, a higher")
    set_at = models.DateTimeField(null=True, help_text="since when day and board stand so")
    seen_frame = models.PositiveSmallIntegerField(default=0, help_text="which one she has read")
    seen_at = models.DateTimeField(null=True)
    board_why = models.CharField(max_length=WHY_MAX, blank=True)
    result_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    result_at = models.DateTimeField(null=True)
    retake_date = models.DateField(null=True, help_text="from which day it may be tried again")
    ended_at = models.DateTimeField(null=True)
    appeal = models.CharField(
        max_length=10, blank=True, choices=[(one, one) for one in AppealState]
    )
    appeal_to = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    appeal_at = models.DateTimeField(null=True)
    appeal_text = models.CharField(max_length=WHY_MAX, blank=True)
    appeal_decided_at = models.DateTimeField(null=True)
    appeal_why = models.CharField(max_length=WHY_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "what"],
                condition=Q(state__in=OPEN),
                name="one_open_examination",
            ),
            models.CheckConstraint(
                name="nobody_decides_on_herself",
                condition=~Q(person=F("asked"))
                & (Q(decided_by__isnull=True) | ~Q(person=F("decided_by")))
                & (Q(result_by__isnull=True) | ~Q(person=F("result_by")))
                & (Q(appeal_to__isnull=True) | ~Q(person=F("appeal_to"))),
            ),
            models.CheckConstraint(
                name="a_result_has_a_day_and_a_name",
                condition=~Q(state__in=(ExaminationState.PASSED, ExaminationState.FAILED))
                | Q(result_by__isnull=False, result_at__isnull=False, held_date__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.state}"


class Examiner(StateRow):
    """One of the board of an examination, or a mentor whom the candidate named with her request:
    such a one examines and decides never alone. Whoever leaves a board keeps her row, with its end;
    `seen_frame` says which day and board she has read."""

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="examiners")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_mentor = models.BooleanField(default=False, help_text="named as mentor; not of the board")
    ended_at = models.DateTimeField(null=True, help_text="off the board again")
    seen_frame = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["examination", "person", "is_mentor"], name="one_seat_an_examiner"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} of {self.examination_id}"


class ExaminationMove(StateRow):
    """One time at which an examination that was set got another day or board: the day before it,
    and why. Never changed."""

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="moves")
    frame = models.PositiveSmallIntegerField(help_text="which one it made")
    before_date = models.DateField()
    moved_at = models.DateTimeField()
    moved_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=WHY_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["examination", "frame"], name="one_move_a_frame"),
        ]

    def __str__(self) -> str:
        return f"{self.examination_id} from {self.before_date}"


class ExaminationPart(StateRow):
    """One part of an examination and its result."""

    examination = models.ForeignKey(Examination, on_delete=models.PROTECT, related_name="parts")
    line = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=PART_MAX)
    passed = models.BooleanField(null=True, help_text="null: not examined yet")
    note = models.CharField(max_length=WHY_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["examination", "line"], name="one_line_a_part"),
        ]

    def __str__(self) -> str:
        return self.name


class Promotion(StateRow):
    """Somebody holds a position or rank from a day on, by which examination. Never changed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=KEY_MAX)
    from_date = models.DateField()
    examination = models.OneToOneField(
        Examination, on_delete=models.PROTECT, related_name="promotion"
    )

    def __str__(self) -> str:
        return f"{self.what} of {self.person_id} from {self.from_date}"
