"""Changes of team: who goes from where to where, who agreed, what is to be settled after."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person, Team
from homeby.readiness.rules.special_units import Reason
from homeby.readiness.rules.team_changes import OPEN, ChangeState, ItemKind


class TeamChange(StateRow):
    """One change of team; it counts from `effective_at` on, once all three agreed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    to_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=12, choices=[(one, one) for one in Reason])
    asked_by_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, default=ChangeState.ASKED, choices=[(one, one) for one in ChangeState]
    )
    person_agreed_at = models.DateTimeField(null=True)
    from_agreed_by_id = models.UUIDField(null=True)
    from_agreed_at = models.DateTimeField(null=True)
    to_agreed_by_id = models.UUIDField(null=True)
    to_agreed_at = models.DateTimeField(null=True)
    refused_by_id = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "from_team"],
                condition=Q(state__in=OPEN),
                name="one_open_change_of_team",
            ),
            models.CheckConstraint(
                name="another_team_than_before", condition=~Q(from_team=F("to_team"))
            ),
            models.CheckConstraint(
                name="done_by_agreement",
                condition=~Q(state__in=(ChangeState.AGREED, ChangeState.DONE))
                | Q(
                    person_agreed_at__isnull=False,
                    from_agreed_at__isnull=False,
                    to_agreed_at__isnull=False,
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.from_team_id} to {self.to_team_id}"


class TeamChangeItem(StateRow):
    """One thing that a change of team left; `ref` names what it is about, whose rows say whether it
    is settled. `settled_at`: since when it is said that it stays as it is."""

    change = models.ForeignKey(TeamChange, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in ItemKind])
    ref = models.CharField(max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.UUIDField(null=True, help_text="null: it ended by itself")
    owner_id = models.UUIDField(null=True, help_text="who took it over; null: by its kind")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["change", "kind", "ref"], name="one_item_a_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
