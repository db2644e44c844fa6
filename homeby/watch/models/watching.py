"""Tables of watching itself: who looked last, and when nobody did."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow


class Watchkeeper(models.Model):
    """When a watchkeeper process last finished a look, in the machine's own time. Not a state row:
    it says only that somebody is awake, and by which clock. `machine` and `zero_at` are those of
    `homeby.steady`; null while an older version has left the row."""

    name = models.CharField(max_length=100, primary_key=True)
    looked_at = models.DateTimeField()
    started_at = models.DateTimeField()
    machine = models.CharField(max_length=100, blank=True)
    zero_at = models.DateTimeField(null=True)
    boot_seconds = models.FloatField(null=True, help_text="the machine's count at that look")

    def __str__(self) -> str:
        return self.name


class Outage(StateRow):
    """A blind period: nobody watched `from_at` .. `to_at`. Until `doors_until_at` sign-ins come
    before alarms; `told_at` is when those who were out were told of it."""

    from_at = models.DateTimeField(unique=True)
    to_at = models.DateTimeField()
    doors_until_at = models.DateTimeField()
    reminders_dropped = models.PositiveIntegerField(default=0)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="blind_for_a_while", condition=Q(to_at__gt=F("from_at")))
        ]
        indexes: ClassVar = [models.Index(fields=["to_at"], name="outage_by_end")]

    def __str__(self) -> str:
        return f"{self.from_at:%Y-%m-%d %H:%M} .. {self.to_at:%H:%M}"
