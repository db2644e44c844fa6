"""Tables of what a party learned: as one of it said it, and as the organisation keeps it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import StateRow
from homeby.missions.models.units import MissionUnit


class PlaceLesson(StateRow):
    """What whoever goes to a place should know, shared by a decision in the words of whoever
    decided. It names no mission and nobody, and stays when those are erased."""

    place = models.CharField(max_length=300)
    place_key = models.CharField(max_length=300, help_text="the place, as it is compared")
    latitude = models.FloatField(null=True, help_text="to a hundredth of a degree")
    longitude = models.FloatField(null=True)
    unit = models.ForeignKey(MissionUnit, on_delete=models.PROTECT, null=True)
    text = models.CharField(max_length=1000)
    shared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="since when it holds no more")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="place_lesson_says_something", condition=~Q(text=""))
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["place_key"], name="lesson_of_a_place", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["latitude"], name="lesson_by_latitude", condition=Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"lesson of {self.place}"


class Lesson(StateRow):
    """What one of a party would have the next ones know. Until it is shared it is read by her and
    by whoever decides."""

    mission = models.ForeignKey("missions.Mission", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000, blank=True)
    offered_at = models.DateTimeField()
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    shared = models.OneToOneField(
        PlaceLesson, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="lesson_decided_in_pairs",
                condition=Q(decided_by_id__isnull=True, decided_at__isnull=True)
                | Q(decided_by_id__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="lesson_shared_by_a_decision",
                condition=Q(shared__isnull=True) | Q(decided_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"lesson offered by {self.person_id}"
