"""Who was hurt: facts, sealed under the person's key, read by medics and by herself."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person
from homeby.readiness.rules.injuries import InjuryState, Level, NoteKind, ToldAs


class Injury(StateRow):
    """An injury, or that somebody said yes to "are you hurt?". What it is stands sealed in its
    notes; `level` says how soon somebody looks again, `not_before_at` what planners see of it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mission_id = models.UUIDField(null=True)
    told_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(one, one) for one in InjuryState])
    level = models.CharField(max_length=8, choices=[(one, one) for one in Level])
    check_at = models.DateTimeField(null=True, help_text="when somebody looks again")
    not_before_at = models.DateTimeField(null=True)
    clears_at = models.DateTimeField(null=True, help_text="cleared then, if nothing is told until")
    clears_by_id = models.UUIDField(null=True, help_text="the medic who set that time")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="open_injury_is_checked",
                condition=Q(state=InjuryState.OPEN, check_at__isnull=False, ended_at__isnull=True)
                | (
                    ~Q(state=InjuryState.OPEN)
                    & Q(check_at__isnull=True, ended_at__isnull=False, ended_by_id__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="nobody_clears_herself",
                condition=Q(ended_by_id__isnull=True) | ~Q(person=F("ended_by_id")),
            ),
            models.CheckConstraint(
                name="a_medic_sets_the_time",
                condition=Q(clears_at__isnull=True, clears_by_id__isnull=True)
                | (Q(clears_at__isnull=False) & ~Q(person=F("clears_by_id"))),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="injury_open", condition=Q(state=InjuryState.OPEN))
        ]

    def __str__(self) -> str:
        return f"injury of {self.person_id}"


class InjuryNote(StateRow):
    """What was said of an injury, and by whom; a later one is an update and corrects nothing."""

    injury = models.ForeignKey(Injury, on_delete=models.PROTECT, related_name="notes")
    told_at = models.DateTimeField()
    told_as = models.CharField(max_length=10, choices=[(one, one) for one in ToldAs])
    by_id = models.UUIDField(null=True, help_text="who said it; null: one of her kin")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in NoteKind])
    sealed = models.BinaryField(help_text="the facts as JSON, sealed")

    def __str__(self) -> str:
        return f"{self.kind} of {self.injury_id}"
