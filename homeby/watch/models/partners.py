"""Tables of partner stations: who they are, what was last heard, codes that pair."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import StateRow


class Partner(StateRow):
    """A station elsewhere that watches this one, and is watched by it. `officers`: ids of its duty
    officers, who are told with ours; their addresses lie sealed with those of people."""

    station_id = models.UUIDField()
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=300)
    public_key = models.CharField(max_length=64, help_text="Ed25519, hexadecimal")
    plan = models.ForeignKey("watch.EscalationPlan", on_delete=models.PROTECT)
    officers = models.JSONField(default=list)
    paired_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by_them = models.BooleanField(default=False)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["station_id"],
                condition=Q(ended_at__isnull=True),
                name="one_partnership_a_station",
            ),
            models.CheckConstraint(
                name="partnership_ends_for_a_reason",
                condition=Q(ended_at__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PartnerMark(models.Model):
    """What was last heard from a partner station, and what it last answered. Not a state row: it
    says that somebody is awake there, each minute; whatever alarms or is kept is an entry."""

    partner = models.OneToOneField(
        Partner, on_delete=models.CASCADE, primary_key=True, related_name="mark"
    )
    well_at = models.DateTimeField(help_text="the last good message, or since when we could hear")
    heard_at = models.DateTimeField(null=True)
    sequence = models.BigIntegerField(default=-1)
    said = models.TextField(blank=True, help_text="the last message, as it was signed")
    troubles = models.JSONField(default=list)
    seen = models.TextField(blank=True, help_text="the message whose checkpoint we hold")
    seen_signature = models.CharField(max_length=128, blank=True)
    unproven = models.PositiveIntegerField(
        default=0, help_text="messages in a row, not shown to fit"
    )
    witnessed = models.TextField(blank=True, help_text="its checkpoint that we cosigned last")
    told = models.TextField(
        blank=True, help_text="its checkpoint that another partner was shown, not settled yet"
    )
    told_unproven = models.PositiveIntegerField(
        default=0, help_text="messages in a row, not shown to have grown from that"
    )
    wanted = models.JSONField(
        default=list, help_text="sizes of ours whose growth it wants to be shown"
    )
    kept_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_sequence = models.BigIntegerField(default=-1)
    sent_entries = models.BigIntegerField(default=0)
    held_entries = models.BigIntegerField(null=True, help_text="of ours, as they last told us")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"mark of {self.partner_id}"


class PartnerInvitation(models.Model):
    """A pairing code that was shown to a person. No state: it lapses after ten minutes, and serves
    one station. `key` seals the two cards that are exchanged."""

    id = models.UUIDField(primary_key=True)
    key = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_by = models.UUIDField(null=True, help_text="the partner it led to")

    def __str__(self) -> str:
        return f"invitation until {self.expires_at:%H:%M}"
