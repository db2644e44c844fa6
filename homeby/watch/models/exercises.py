"""Tables of exercises: drills, and the phones that the weekly tests ring."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.watch.rules import FIRST_HOUR, LAST_HOUR


class Drill(StateRow):
    """A drill: which plan it follows, how far, how long. Its steps stand in a plan of its own, its
    alarm and its messages are those of its exercise party."""

    plan = models.ForeignKey("watch.EscalationPlan", on_delete=models.PROTECT, related_name="+")
    followed = models.CharField(max_length=200, help_text="the name of the plan it follows")
    left_out = models.JSONField(default=list, help_text="targets that an exercise never tells")
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="when it ends by itself")
    began_by_id = models.UUIDField(null=True, help_text="null: by a command on the machine")
    alarm_id = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="drill_has_time", condition=Q(ends_at__gt=F("began_at")))
        ]
        indexes: ClassVar = [models.Index(fields=["began_at"], name="drill_by_time")]

    def __str__(self) -> str:
        return f"drill of {self.began_at:%Y-%m-%d %H:%M}"


class DutyPhone(StateRow):
    """Of one person on the watch bill: the hour of her weekly test, and when she last took an
    alarm, a drill or a test that had reached her."""

    person_id = models.UUIDField(unique=True)
    since_at = models.DateTimeField(help_text="first seen on the watch bill")
    hour = models.PositiveSmallIntegerField(null=True, help_text="local; null: office hours")
    asked_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True)
    proven_by = models.CharField(max_length=20, blank=True, help_text="by an alarm of which kind")
    channels = models.JSONField(default=list, help_text="what had handed it to her then")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="test_by_day",
                condition=Q(hour__isnull=True) | Q(hour__gte=FIRST_HOUR, hour__lte=LAST_HOUR),
            )
        ]

    def __str__(self) -> str:
        return f"duty phone of {self.person_id}"
