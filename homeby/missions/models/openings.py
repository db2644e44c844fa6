"""The table of openings of the archive: who asked two officers to open what is sealed to somebody,
why, when they may, and when they did. It holds nothing that opens anything."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.missions.models.sealed import ArchiveKey, ReaderKey
from homeby.missions.rules.openings import Why, ref_of


class ArchiveOpening(StateRow):
    """Two officers are asked to open, by the archive, what is sealed to one reader's key."""

    archive = models.ForeignKey(ArchiveKey, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ReaderKey, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=20, choices=[(one, one) for one in Why])
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField()
    risk_by_id = models.UUIDField(null=True, help_text="says that a life is at risk")
    risk_also_by_id = models.UUIDField(null=True, help_text="says so as well")
    hurried_at = models.DateTimeField(null=True, help_text="both said so: nobody waits")
    opened_at = models.DateTimeField(null=True, help_text="something was first handed over")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["archive", "key"],
                name="one_opening_of_a_key",
                condition=Q(ended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="hurried_by_two",
                condition=Q(hurried_at__isnull=True)
                | (
                    Q(risk_by_id__isnull=False, risk_also_by_id__isnull=False)
                    & ~Q(risk_by_id=F("risk_also_by_id"))
                ),
            ),
        ]

    @property
    def ref(self) -> str:
        """The text by which the logbook knows it."""
        return ref_of(self.pk)

    def __str__(self) -> str:
        return f"opening {self.pk}"
