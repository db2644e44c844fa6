"""The outbox: messages, and each message on each channel."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.comms.rules import DeliveryState, MessageKind, MessageState
from homeby.comms.rules.postings import PostingState
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
    is_first = models.BooleanField(null=True, help_text="no limit holds it back")
    urgency = models.PositiveSmallIntegerField(null=True, help_text="0 is the gravest")
    since_at = models.DateTimeField(null=True)
    person_id = models.UUIDField()
    kin_of = models.UUIDField(null=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    said_once = models.CharField(
        max_length=300, blank=True, help_text="a sentence of the text that a list says once for all"
    )
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
            models.Index(
                fields=["created_at", "cause"],
                name="message_lost",
                condition=Q(state__in=(MessageState.TROUBLE, MessageState.UNREACHABLE))
                & ~Q(cause=""),
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(StateRow):
    """A message on one channel. The lease is no truth of its own and stays out of the logbook."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    person_id = models.UUIDField(null=True)
    contact_id = models.UUIDField()
    channel = models.CharField(max_length=20)
    place = models.PositiveSmallIntegerField(
        null=True, help_text="whose turn is first: 0; null (old rows) counts as 0"
    )
    state = models.CharField(max_length=20, choices=[(state, state) for state in DeliveryState])
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    throttled_at = models.DateTimeField(null=True, help_text="since when a limit holds it back")
    list_id = models.UUIDField(null=True, help_text="the list in which it went out")
    handed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
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
            models.Index(
                fields=["contact_id"],
                name="delivery_waits_there",
                condition=Q(state=DeliveryState.QUEUED),
            ),
            models.Index(
                fields=["person_id", "handed_at"],
                name="delivery_lately",
                condition=Q(handed_at__isnull=False),
            ),
            models.Index(
                fields=["provider_ref"],
                name="delivery_by_ref",
                condition=~Q(provider_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.message_id}"


class ListMessage(StateRow):
    """One list to one contact point, in place of many messages that came at once. `token` opens its
    page, `code` takes all its alarms; neither enters the logbook."""

    person_id = models.UUIDField()
    contact_id = models.UUIDField()
    is_of_alarms = models.BooleanField()
    message_ids = models.JSONField(default=list)
    created_at = models.DateTimeField()
    token = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=12, blank=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    logbook_excluded = frozenset({"token", "code", "code_tries"})

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["contact_id", "created_at"], name="list_by_contact")
        ]

    def __str__(self) -> str:
        return f"list:{self.pk}"


class FailingContact(StateRow):
    """A contact point whose tries have failed since an instant; the row goes when one works."""

    contact_id = models.UUIDField(unique=True)
    person_id = models.UUIDField()
    kin_of = models.UUIDField(null=True)
    channel = models.CharField(max_length=20)
    since_at = models.DateTimeField()
    trouble = models.CharField(max_length=500, blank=True)
    told_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.channel} of {self.person_id}"


class Webhook(StateRow):
    """An address of a program of a person, to which entries of chosen kinds are posted, as far as
    the person may see them. Address and secret are sealed under the person's key; only a person
    ends it. Up to which number the logbook was looked through is no history."""

    person_id = models.UUIDField()
    name = models.CharField(max_length=100)
    kinds = models.JSONField(default=list)
    sealed = models.BinaryField(help_text="address and secret as JSON, sealed")
    where = models.CharField(max_length=300, help_text="host and port, for lists")
    from_number = models.BigIntegerField(help_text="entries behind this number are posted")
    looked_number = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    failing_since_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="when its person was told that it fails")
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)

    logbook_excluded = frozenset({"looked_number"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="webhook_ended_in_pairs",
                condition=Q(ended_at__isnull=True, ended_by_id__isnull=True)
                | Q(ended_at__isnull=False, ended_by_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Posting(StateRow):
    """One entry for one webhook: waits, is handed, is given up after days, or is withheld because
    its person may not see the entry any more."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="postings")
    entry_id = models.UUIDField()
    entry_number = models.BigIntegerField()
    state = models.CharField(max_length=20, choices=[(state, state) for state in PostingState])
    created_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook", "entry_number"], name="one_posting_an_entry"
            ),
            models.CheckConstraint(
                name="queued_posting_has_next_try",
                condition=Q(state=PostingState.QUEUED, next_try_at__isnull=False)
                | (~Q(state=PostingState.QUEUED) & Q(next_try_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["webhook", "entry_number"],
                name="posting_waits",
                condition=Q(state=PostingState.QUEUED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_number} to {self.webhook_id}"
