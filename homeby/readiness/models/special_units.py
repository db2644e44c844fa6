"""Special units beside the teams, and who stands in them as what, from when to when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person
from homeby.readiness.rules.special_units import CALLSIGN_MAX, NAME_MAX, Place, Reason


class SpecialUnit(StateRow):
    """A unit with a membership and a callsign of its own. Two may have one name: whoever founds one
    does not learn that there is a secret one of that name."""

    name = models.CharField(max_length=NAME_MAX)
    callsign = models.CharField(max_length=CALLSIGN_MAX, blank=True)
    is_secret = models.BooleanField(default=False)
    requires = models.JSONField(default=list, help_text="keys of the catalogue, for all to read")
    founded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.callsign or self.name

    @property
    def called(self) -> str:
        """As what whoever sees a mission or duty of it knows it."""
        return self.callsign if self.is_secret else self.name


class SpecialUnitPlace(StateRow):
    """Somebody in a special unit, as what, from an instant to another. Until she answers she is
    only asked (`from_at` null). A return is a row of its own: gaps stay."""

    unit = models.ForeignKey(SpecialUnit, on_delete=models.PROTECT, related_name="places")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=10, choices=[(one, one) for one in Place])
    callsign = models.CharField(
        max_length=CALLSIGN_MAX, blank=True, help_text="what she is called there"
    )
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField(null=True)
    begin_reason = models.CharField(max_length=12, choices=[(one, one) for one in Reason])
    from_at = models.DateTimeField(null=True)
    to_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in Reason])
    ended_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "person", "place"],
                condition=Q(to_at__isnull=True),
                name="one_open_place_in_a_unit",
            ),
            models.CheckConstraint(
                name="a_place_ends_with_a_reason",
                condition=Q(to_at__isnull=True, end_reason="")
                | (Q(to_at__isnull=False) & ~Q(end_reason="")),
            ),
            models.CheckConstraint(
                name="a_place_ends_after_it_began",
                condition=Q(to_at__isnull=True)
                | Q(from_at__isnull=True)
                | Q(to_at__gte=F("from_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.place} of {self.unit_id}"

    @property
    def is_wish(self) -> bool:
        """Whether she has asked for it herself, and nobody has answered yet."""
        asked_herself = self.asked_by_id is not None and self.asked_by_id == self.person_id
        return asked_herself and self.from_at is None and self.to_at is None
