"""The outbox: messages, and each message on each channel."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.comms.rules import DeliveryState, MessageKind, MessageState
from homeby.logbook.models import StateRow


class Message(StateRow):
    """One message to one person in one round, whatever channels carry it.

    `token` opens its page, `code` lets the person take the alarm; neither enters the logbook.
    """

    key = models.CharField(max_length=200, unique=True)
    about = models.CharField(max_length=80, db_index=True)
    cause = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=20, choices=[(kind, kind) for kind in MessageKind])
    in_danger = models.BooleanField(default=False)
    person_id = models.UUIDField()
    kin_of = models.UUIDField(null=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    state = models.CharField(max_length=20, choices=[(state, state) for state in MessageState])
    created_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True, help_text="when every channel had failed once")
    answered_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=12, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    logbook_excluded = frozenset({"token", "code", "code_tries"})

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="message_by_time"),
            models.Index(fields=["cause"], name="message_by_cause", condition=~Q(cause="")),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(StateRow):
    """A message on one channel. The lease is no truth of its own and stays out of the logbook."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    contact_id = models.UUIDField()
    channel = models.CharField(max_length=20)
    state = models.CharField(max_length=20, choices=[(state, state) for state in DeliveryState])
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    provider_ref = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=500, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)

    logbook_excluded = frozenset({"lease_until", "lease_token"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "contact_id"], name="one_message_a_channel"),
            models.CheckConstraint(
                name="queued_has_next_try",
                condition=Q(state=DeliveryState.QUEUED, next_try_at__isnull=False)
                | (~Q(state=DeliveryState.QUEUED) & Q(next_try_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="delivery_due",
                condition=Q(state=DeliveryState.QUEUED),
            ),
            models.Index(
                fields=["channel", "handed_at"],
                name="delivery_handed",
                condition=Q(handed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id}"
