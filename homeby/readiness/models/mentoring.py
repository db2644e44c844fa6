"""Who teaches whom, and what a person wants to learn."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person
from homeby.readiness.models.qualifications import NAME_MAX, WHY_MAX, Qualification


class Mentorship(StateRow):
    """A mentor and a learner, from a day until another."""

    learner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    to_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["learner", "mentor"],
                condition=Q(to_date__isnull=True),
                name="one_open_mentorship",
            ),
            models.CheckConstraint(
                name="mentorship_period",
                condition=Q(to_date__isnull=True) | Q(to_date__gte=F("from_date")),
            ),
            models.CheckConstraint(
                name="nobody_mentors_herself", condition=~Q(learner=F("mentor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} teaches {self.learner_id}"


class MentorAim(StateRow):
    """A skill that both aim at, and how far."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.PROTECT, related_name="aims")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=NAME_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mentorship", "qualification"], name="one_aim_a_skill")
        ]

    def __str__(self) -> str:
        return f"{self.qualification_id} {self.level}"


class MentorSession(StateRow):
    """Time spent together, as one of the two wrote it down."""

    mentorship = models.ForeignKey(Mentorship, on_delete=models.PROTECT, related_name="sessions")
    held_date = models.DateField()
    minutes = models.PositiveIntegerField()
    practised = models.CharField(max_length=WHY_MAX, blank=True)
    is_attended = models.BooleanField(default=True, help_text="the learner was there")

    def __str__(self) -> str:
        return f"{self.held_date} {self.minutes} min"


class PlanStep(StateRow):
    """A step of somebody's own development plan; she alone writes it, and chooses in which order
    and with whom. That binds nobody."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    qualification = models.ForeignKey(
        Qualification, on_delete=models.PROTECT, null=True, related_name="+"
    )
    aim = models.CharField(max_length=WHY_MAX, blank=True)
    by_date = models.DateField(null=True)
    done_date = models.DateField(null=True)
    mentor = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="with whom"
    )
    place = models.PositiveIntegerField(default=0, help_text="in her order")

    def __str__(self) -> str:
        return f"step of {self.person_id}"
