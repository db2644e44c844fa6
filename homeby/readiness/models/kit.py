"""What people carry: things and sets, what is in them, who has them since when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person, Team
from homeby.readiness.rules.kit import LABEL_MAX, NAME_MAX, KitState


class KitItem(StateRow):
    """A thing or a set of the organisation, known by its label; dates are days of the organisation,
    each good until its end.

    While it is OUT somebody has it, and else only where another says meanwhile that it is MISSING;
    `mission_id` names the outing it is for.
    `remind_at` is when its holder is asked for it, null while the outing lasts.
    """

    label = models.CharField(max_length=LABEL_MAX, unique=True, help_text="what its code says")
    name = models.CharField(max_length=NAME_MAX)
    place = models.CharField(max_length=NAME_MAX, blank=True, help_text="where it belongs")
    issued_to = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: the pool"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, related_name="+", help_text="null: of all"
    )
    is_controlled = models.BooleanField(default=False, help_text="is asked for until it is stored")
    may_leave = models.BooleanField(default=True)
    state = models.CharField(
        max_length=10, default=KitState.READY, choices=[(one, one) for one in KitState]
    )
    held_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    held_at = models.DateTimeField(null=True)
    mission_id = models.UUIDField(null=True)
    was_damaged = models.BooleanField(
        default=False, help_text="when it was taken, or said to be missing; nobody has mended it"
    )
    remind_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    expires_date = models.DateField(null=True)
    inspect_days = models.PositiveIntegerField(null=True)
    inspected_date = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="no longer here")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="kit_out_is_held",
                condition=Q(state=KitState.OUT, held_by__isnull=False, held_at__isnull=False)
                | Q(state=KitState.MISSING, held_by__isnull=False, held_at__isnull=False)
                | (
                    ~Q(state=KitState.OUT)
                    & Q(held_by__isnull=True, held_at__isnull=True, mission_id__isnull=True)
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["mission_id"],
                name="kit_of_a_mission",
                condition=Q(mission_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class KitContent(StateRow):
    """A line of what a set should hold, and how many of it are there."""

    item = models.ForeignKey(KitItem, on_delete=models.PROTECT, related_name="contents")
    name = models.CharField(max_length=NAME_MAX)
    line = models.PositiveSmallIntegerField(default=1)
    wanted = models.PositiveIntegerField()
    there = models.PositiveIntegerField()
    expires_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "name"], name="one_line_a_content"),
            models.CheckConstraint(name="kit_wants_something", condition=Q(wanted__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.wanted} {self.name}"
