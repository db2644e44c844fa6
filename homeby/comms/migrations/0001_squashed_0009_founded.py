"""The tables as all the steps named below leave them: a new station takes this one step, and one that
has made some of them makes the others. `tests/house/test_tables.py` holds both ways to be one."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import homeby.comms.rules.postings
import homeby.comms.rules.words


class Migration(migrations.Migration):
    replaces = [
        ("comms", "0001_initial"),
        ("comms", "0002_canary"),
        ("comms", "0003_turns_of_channels"),
        ("comms", "0004_lists_and_limits"),
        ("comms", "0005_failing_contacts"),
        ("comms", "0006_message_said_once"),
        ("comms", "0007_wakes_by_index"),
        ("comms", "0008_exercise_messages"),
        ("comms", "0009_webhooks"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="FailingContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("contact_id", models.UUIDField(unique=True)),
                ("person_id", models.UUIDField()),
                ("kin_of", models.UUIDField(null=True)),
                ("channel", models.CharField(max_length=20)),
                ("since_at", models.DateTimeField()),
                ("trouble", models.CharField(blank=True, max_length=500)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ListMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("contact_id", models.UUIDField()),
                ("is_of_alarms", models.BooleanField()),
                ("message_ids", models.JSONField(default=list)),
                ("created_at", models.DateTimeField()),
                ("token", models.CharField(max_length=40, unique=True)),
                ("code", models.CharField(blank=True, max_length=12)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["contact_id", "created_at"], name="list_by_contact")
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("about", models.CharField(db_index=True, max_length=80)),
                ("cause", models.CharField(blank=True, max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.comms.rules.words.MessageKind["ALARM"],
                                homeby.comms.rules.words.MessageKind["ALARM"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["REMINDER"],
                                homeby.comms.rules.words.MessageKind["REMINDER"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["GOOD_NEWS"],
                                homeby.comms.rules.words.MessageKind["GOOD_NEWS"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["NOTICE"],
                                homeby.comms.rules.words.MessageKind["NOTICE"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["VERIFICATION"],
                                homeby.comms.rules.words.MessageKind["VERIFICATION"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["TEST"],
                                homeby.comms.rules.words.MessageKind["TEST"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["CANARY"],
                                homeby.comms.rules.words.MessageKind["CANARY"],
                            ),
                            (
                                homeby.comms.rules.words.MessageKind["EXERCISE"],
                                homeby.comms.rules.words.MessageKind["EXERCISE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("in_danger", models.BooleanField(default=False)),
                ("is_first", models.BooleanField(help_text="no limit holds it back", null=True)),
                (
                    "urgency",
                    models.PositiveSmallIntegerField(help_text="0 is the gravest", null=True),
                ),
                ("since_at", models.DateTimeField(null=True)),
                ("person_id", models.UUIDField()),
                ("kin_of", models.UUIDField(null=True)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                (
                    "said_once",
                    models.CharField(
                        blank=True,
                        help_text="a sentence of the text that a list says once for all",
                        max_length=300,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.comms.rules.words.MessageState["QUEUED"],
                                homeby.comms.rules.words.MessageState["QUEUED"],
                            ),
                            (
                                homeby.comms.rules.words.MessageState["TROUBLE"],
                                homeby.comms.rules.words.MessageState["TROUBLE"],
                            ),
                            (
                                homeby.comms.rules.words.MessageState["HANDED"],
                                homeby.comms.rules.words.MessageState["HANDED"],
                            ),
                            (
                                homeby.comms.rules.words.MessageState["ANSWERED"],
                                homeby.comms.rules.words.MessageState["ANSWERED"],
                            ),
                            (
                                homeby.comms.rules.words.MessageState["CANCELLED"],
                                homeby.comms.rules.words.MessageState["CANCELLED"],
                            ),
                            (
                                homeby.comms.rules.words.MessageState["UNREACHABLE"],
                                homeby.comms.rules.words.MessageState["UNREACHABLE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("handed_at", models.DateTimeField(null=True)),
                (
                    "failed_at",
                    models.DateTimeField(help_text="when every channel had failed once", null=True),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("token", models.CharField(max_length=40, unique=True)),
                ("code", models.CharField(blank=True, max_length=12)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["created_at"], name="message_by_time"),
                    models.Index(
                        condition=models.Q(("cause", ""), _negated=True),
                        fields=["cause"],
                        name="message_by_cause",
                    ),
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    homeby.comms.rules.words.MessageState["TROUBLE"],
                                    homeby.comms.rules.words.MessageState["UNREACHABLE"],
                                ),
                            ),
                            models.Q(("cause", ""), _negated=True),
                        ),
                        fields=["created_at", "cause"],
                        name="message_lost",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("name", models.CharField(max_length=100)),
                ("kinds", models.JSONField(default=list)),
                ("sealed", models.BinaryField(help_text="address and secret as JSON, sealed")),
                ("where", models.CharField(help_text="host and port, for lists", max_length=300)),
                (
                    "from_number",
                    models.BigIntegerField(help_text="entries behind this number are posted"),
                ),
                ("looked_number", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("failing_since_at", models.DateTimeField(null=True)),
                (
                    "told_at",
                    models.DateTimeField(
                        help_text="when its person was told that it fails", null=True
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by_id__isnull", True)),
                            models.Q(("ended_at__isnull", False), ("ended_by_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="webhook_ended_in_pairs",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField(null=True)),
                ("contact_id", models.UUIDField()),
                ("channel", models.CharField(max_length=20)),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        help_text="whose turn is first: 0; null (old rows) counts as 0", null=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.comms.rules.words.DeliveryState["QUEUED"],
                                homeby.comms.rules.words.DeliveryState["QUEUED"],
                            ),
                            (
                                homeby.comms.rules.words.DeliveryState["HANDED"],
                                homeby.comms.rules.words.DeliveryState["HANDED"],
                            ),
                            (
                                homeby.comms.rules.words.DeliveryState["RECEIVED"],
                                homeby.comms.rules.words.DeliveryState["RECEIVED"],
                            ),
                            (
                                homeby.comms.rules.words.DeliveryState["FAILED"],
                                homeby.comms.rules.words.DeliveryState["FAILED"],
                            ),
                            (
                                homeby.comms.rules.words.DeliveryState["SPARED"],
                                homeby.comms.rules.words.DeliveryState["SPARED"],
                            ),
                            (
                                homeby.comms.rules.words.DeliveryState["CANCELLED"],
                                homeby.comms.rules.words.DeliveryState["CANCELLED"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                (
                    "throttled_at",
                    models.DateTimeField(help_text="since when a limit holds it back", null=True),
                ),
                ("list_id", models.UUIDField(help_text="the list in which it went out", null=True)),
                ("handed_at", models.DateTimeField(null=True)),
                ("received_at", models.DateTimeField(null=True)),
                ("provider_ref", models.CharField(blank=True, max_length=200)),
                ("trouble", models.CharField(blank=True, max_length=500)),
                ("lease_until", models.DateTimeField(null=True)),
                ("lease_token", models.UUIDField(null=True)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="comms.message",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state", homeby.comms.rules.words.DeliveryState["QUEUED"])
                        ),
                        fields=["next_try_at"],
                        name="delivery_due",
                    ),
                    models.Index(
                        condition=models.Q(("handed_at__isnull", False)),
                        fields=["channel", "handed_at"],
                        name="delivery_handed",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state", homeby.comms.rules.words.DeliveryState["QUEUED"])
                        ),
                        fields=["contact_id"],
                        name="delivery_waits_there",
                    ),
                    models.Index(
                        condition=models.Q(("handed_at__isnull", False)),
                        fields=["person_id", "handed_at"],
                        name="delivery_lately",
                    ),
                    models.Index(
                        condition=models.Q(("provider_ref", ""), _negated=True),
                        fields=["provider_ref"],
                        name="delivery_by_ref",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "contact_id"), name="one_message_a_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("next_try_at__isnull", False),
                                ("state", homeby.comms.rules.words.DeliveryState["QUEUED"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", homeby.comms.rules.words.DeliveryState["QUEUED"]),
                                    _negated=True,
                                ),
                                ("next_try_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="queued_has_next_try",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("entry_id", models.UUIDField()),
                ("entry_number", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.comms.rules.postings.PostingState["QUEUED"],
                                homeby.comms.rules.postings.PostingState["QUEUED"],
                            ),
                            (
                                homeby.comms.rules.postings.PostingState["HANDED"],
                                homeby.comms.rules.postings.PostingState["HANDED"],
                            ),
                            (
                                homeby.comms.rules.postings.PostingState["GIVEN_UP"],
                                homeby.comms.rules.postings.PostingState["GIVEN_UP"],
                            ),
                            (
                                homeby.comms.rules.postings.PostingState["WITHHELD"],
                                homeby.comms.rules.postings.PostingState["WITHHELD"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("tries", models.PositiveIntegerField(default=0)),
                ("next_try_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=500)),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="postings",
                        to="comms.webhook",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state", homeby.comms.rules.postings.PostingState["QUEUED"])
                        ),
                        fields=["webhook", "entry_number"],
                        name="posting_waits",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("webhook", "entry_number"), name="one_posting_an_entry"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("next_try_at__isnull", False),
                                ("state", homeby.comms.rules.postings.PostingState["QUEUED"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", homeby.comms.rules.postings.PostingState["QUEUED"]),
                                    _negated=True,
                                ),
                                ("next_try_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="queued_posting_has_next_try",
                    ),
                ],
            },
        ),
    ]
