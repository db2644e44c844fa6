"""What a person keeps with us for a bad day: tables of their own, sealed under the person's key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow


class Kept(StateRow):
    """Base of what a person writes down: one row each at most, its text sealed."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField(help_text="the fields as JSON, sealed")
    written_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self._meta.object_name} of {self.person_id}"


class Home(Kept):
    """Where a person lives, and what whoever rings there must know."""


class Health(Kept):
    """What rescuers must know: conditions, medication, allergies, blood group."""


class WhereIWouldBe(Kept):
    """Where to look for a person first; opened only in a search or a welfare check."""


class StayAway(StateRow):
    """A person who is to be kept away from another: both are hidden from each other, and never
    crewed together (`RELIABILITY.md` 11). Known to whoever filed it and to welfare officers."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    filed_by_id = models.UUIDField(null=True)
    filed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="stay_away_of_two", condition=~Q(person=F("other"))),
            models.UniqueConstraint(
                fields=["person", "other"],
                condition=Q(ended_at__isnull=True),
                name="one_open_stay_away",
            ),
        ]

    def __str__(self) -> str:
        return f"stay-away {self.pk}"
