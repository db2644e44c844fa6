"""What a person keeps with us for a bad day: tables of their own, sealed under the person's key."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.rules_private import DAYS_LEAST, Lasting


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


class Retention(StateRow):
    """For how many days the organisation keeps one kind of data; without a row, for ever."""

    lasting = models.CharField(max_length=20, unique=True, choices=[(one, one) for one in Lasting])
    days = models.PositiveIntegerField(null=True, help_text="null: for ever")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="kept_for_a_month_at_least",
                condition=models.Q(days__isnull=True) | models.Q(days__gte=DAYS_LEAST),
            )
        ]

    def __str__(self) -> str:
        return f"{self.lasting}: {self.days} days"


class Block(StateRow):
    """One member does not want to hear from another in the system's channels; private to her."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    blocked = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "blocked"], name="blocked_once"),
            models.CheckConstraint(
                name="nobody_blocks_herself", condition=~models.Q(person=models.F("blocked"))
            ),
        ]

    def __str__(self) -> str:
        return f"block of {self.person_id}"


class Minor(StateRow):
    """A minor: until which day, with which guardian (a person here, or one of her kin), and within
    which limits. The date of birth is sealed; pages show the day on which she comes of age."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")
    born_sealed = models.BinaryField(help_text="date of birth, sealed")
    until_date = models.DateField(help_text="on that day she is of age")
    guardian = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    guardian_kin_id = models.UUIDField(null=True)
    not_before = models.TimeField(help_text="local")
    not_after = models.TimeField(help_text="local")
    only_normal = models.BooleanField(default=True, help_text="only in normal conditions")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="one_guardian",
                condition=models.Q(guardian__isnull=True, guardian_kin_id__isnull=False)
                | models.Q(guardian__isnull=False, guardian_kin_id__isnull=True),
            ),
            models.CheckConstraint(
                name="hours_of_a_day",
                condition=models.Q(not_before__lt=models.F("not_after")),
            ),
        ]

    def __str__(self) -> str:
        return f"minor until {self.until_date}"


class Rest(StateRow):
    """Until when somebody is let rest, handed down from readiness: no message comes to her in that
    time but what is about safety, and no step of the watch while there is anybody else."""

    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="rest")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="rest_lasts", condition=Q(until_at__gte=F("from_at")))
        ]

    def __str__(self) -> str:
        return f"rest of {self.person_id}"


class StayAway(StateRow):
    """A person who is to be kept away from another: both are hidden from each other, and never
    crewed together (`RELIABILITY.md` 11). Known to whoever filed it and to welfare officers."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    #: Nobody any more, once that person was erased: that somebody was kept away stays.
    other = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", null=True
    )
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
