"""What was known when the party of a mission was named: whom that decision could concern."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from homeby.logbook.models import StateRow
from homeby.readiness.models.duties import _choices
from homeby.readiness.rules.duty_planning import NotPicked


class MissionDecision(StateRow):
    """Who was named for a mission, and everybody it could concern: who had something else, who was
    available, who is not crewed with them, what it needs and who holds that. Another party, time
    or need is another decision, and so is a reason for those who were not named. Written and never
    changed."""

    mission_id = models.UUIDField()
    number = models.PositiveSmallIntegerField(help_text="in the order in which they were taken")
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=20, blank=True, choices=_choices(NotPicked))
    facts = models.JSONField(default=dict)
    pool = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mission_id", "number"], name="decisions_of_a_mission"),
        ]

    def __str__(self) -> str:
        return f"{self.mission_id} {self.number}"
