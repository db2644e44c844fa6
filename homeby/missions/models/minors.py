"""Tables of what limits minors, and of who let one go beyond."""

from __future__ import annotations

from django.db import models

from homeby.logbook.models import StateRow


class MinorLimit(StateRow):
    """A limit of minors, handed down when the organisation chooses its rules."""

    rank = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=300)
    below_age = models.PositiveSmallIntegerField()
    begins = models.TimeField(null=True, help_text="local")
    ends = models.TimeField(null=True, help_text="local")
    hours = models.FloatField(null=True)
    adults = models.PositiveSmallIntegerField(null=True, help_text="never alone, and so many")
    kinds = models.JSONField(default=list, help_text="kinds of mission")

    def __str__(self) -> str:
        return self.name


class MinorApproval(StateRow):
    """An adult says that a minor may go on this mission though a limit speaks against it, and why.
    One a mission; the newest counts."""

    mission = models.OneToOneField("missions.Mission", on_delete=models.PROTECT, related_name="+")
    by_id = models.UUIDField()
    reason = models.CharField(max_length=500)
    approved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"approval of {self.mission_id}"
