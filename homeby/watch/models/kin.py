"""What kin were told and promised, who speaks with them, and what they asked."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.watch.rules.kin import SearchStep


class KinNews(StateRow):
    """One of the kin who was told of a subject, and the hour promised for the next word. Open until
    a person has ended the worry; the subject's KIN deadline acts when the first of them is due."""

    subject = models.ForeignKey("watch.Subject", on_delete=models.PROTECT, related_name="kin_news")
    kin_id = models.UUIDField()
    person_id = models.UUIDField(help_text="whose kin")
    told_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0, help_text="words since the first")
    next_at = models.DateTimeField(null=True, help_text="the hour named for the next word")
    ended_at = models.DateTimeField(null=True)
    said_back = models.BooleanField(default=False, help_text="the last word was that they are back")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "kin_id"], name="one_news_a_kin"),
            models.CheckConstraint(
                name="open_news_has_an_hour",
                condition=Q(ended_at__isnull=True, next_at__isnull=False)
                | Q(ended_at__isnull=False, next_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"news for {self.kin_id}"


class KinCare(StateRow):
    """What a person says to the kin of a subject: which search step is taken, and who speaks with
    the family in place of the machine. One row a subject."""

    subject = models.OneToOneField(
        "watch.Subject", on_delete=models.PROTECT, related_name="kin_care"
    )
    step = models.CharField(max_length=20, blank=True, choices=[(s, s) for s in SearchStep])
    step_at = models.DateTimeField(null=True)
    step_by_id = models.UUIDField(null=True)
    speaker = models.CharField(max_length=100, blank=True, help_text="as kin read the name")
    held_at = models.DateTimeField(null=True)
    held_by_id = models.UUIDField(null=True)
    hold_ended_at = models.DateTimeField(null=True)
    hold_ended_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_hold_names_who_speaks", condition=Q(held_at__isnull=True) | ~Q(speaker="")
            ),
            models.CheckConstraint(
                name="a_hold_is_ended_by_a_person",
                condition=Q(hold_ended_at__isnull=True) | Q(hold_ended_by_id__isnull=False),
            ),
            models.CheckConstraint(
                name="a_hold_ends_after_it_began",
                condition=Q(hold_ended_at__isnull=True) | Q(hold_ended_at__gte=F("held_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"care for the kin of {self.subject_id}"

    @property
    def is_held(self) -> bool:
        """Whether a named person speaks with the family now."""
        return self.held_at is not None and self.hold_ended_at is None


class KinWorry(StateRow):
    """That one of the kin is worried: since when, how often they said so, when it last rang the
    watch, and who answered. For those who keep the watch, never for whom it is about."""

    kin_id = models.UUIDField()
    person_id = models.UUIDField(help_text="whose kin")
    subject_ref = models.CharField(max_length=80, blank=True, help_text="blank where nobody is out")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    told_at = models.DateTimeField(help_text="when the watch was last told")
    count = models.PositiveIntegerField(default=1, help_text="words since the watch was told")
    said = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="answered_in_pairs",
                condition=Q(answered_at__isnull=True, answered_by_id__isnull=True)
                | Q(answered_at__isnull=False, answered_by_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["kin_id"],
                condition=Q(answered_at__isnull=True),
                name="one_open_worry_a_kin",
            ),
        ]

    def __str__(self) -> str:
        return f"worry of {self.kin_id}"
