"""The tables as all the steps named below leave them: a new station takes this one step, and one that
has made some of them makes the others. `tests/house/test_tables.py` holds both ways to be one."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import homeby.people.rules
import homeby.people.rules_log_ins
import homeby.people.rules_private


class Migration(migrations.Migration):
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_order_of_contact_points"),
        ("people", "0003_further_channels"),
        ("people", "0004_rank"),
        ("people", "0005_kin_links"),
        ("people", "0006_device"),
        ("people", "0007_personal_token"),
        ("people", "0008_pin_and_badge"),
        ("people", "0009_duress_pin"),
        ("people", "0010_home_health_where_roles"),
        ("people", "0011_retention"),
        ("people", "0012_block"),
        ("people", "0013_minors"),
        ("people", "0014_stay_away"),
        ("people", "0015_invitation_and_logged_out_at"),
        ("people", "0016_log_in_tries"),
        ("people", "0017_kin_kept_from"),
        ("people", "0018_rest"),
        ("people", "0019_stay_away_of_erased"),
        ("people", "0020_printed_badge"),
        ("people", "0021_callsign_seasons"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("login", models.CharField(max_length=150, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "logged_out_at",
                    models.DateTimeField(help_text="every log-in before it has ended", null=True),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CallsignSeason",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveIntegerField(unique=True)),
                ("begun_at", models.DateTimeField()),
                ("with_units", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("grace_minutes", models.PositiveIntegerField(default=60)),
                ("grace_minutes_solo", models.PositiveIntegerField(default=30)),
                ("grace_minutes_max", models.PositiveIntegerField(default=240)),
                ("check_in_minutes_solo", models.PositiveIntegerField(default=120)),
                ("acknowledge_minutes", models.PositiveIntegerField(default=20)),
                ("rest_hours", models.PositiveIntegerField(default=11)),
                (
                    "call_whom",
                    models.CharField(blank=True, help_text="whom kin call", max_length=100),
                ),
                (
                    "call_phone",
                    models.CharField(blank=True, help_text="and at which number", max_length=60),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        default=homeby.people.rules.PersonKind["HUMAN"], max_length=10
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("callsign", models.CharField(blank=True, max_length=60)),
                ("language", models.CharField(default="en", max_length=10)),
                (
                    "key",
                    models.CharField(
                        help_text="key of an import", max_length=200, null=True, unique=True
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Rank",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True)),
                ("short", models.CharField(blank=True, max_length=20)),
                ("place", models.PositiveSmallIntegerField(default=1)),
                ("ended_at", models.DateTimeField(help_text="no longer given", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("callsign", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LogInLink",
            fields=[
                ("token_hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("expires_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Kin",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("sealed", models.BinaryField(help_text="name, relation, address as JSON, sealed")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules.ChannelName["EMAIL"],
                                homeby.people.rules.ChannelName["EMAIL"],
                            ),
                            (
                                homeby.people.rules.ChannelName["SMS"],
                                homeby.people.rules.ChannelName["SMS"],
                            ),
                            (
                                homeby.people.rules.ChannelName["NTFY"],
                                homeby.people.rules.ChannelName["NTFY"],
                            ),
                            (
                                homeby.people.rules.ChannelName["WEBPUSH"],
                                homeby.people.rules.ChannelName["WEBPUSH"],
                            ),
                            (
                                homeby.people.rules.ChannelName["APPRISE"],
                                homeby.people.rules.ChannelName["APPRISE"],
                            ),
                            (
                                homeby.people.rules.ChannelName["WEBHOOK"],
                                homeby.people.rules.ChannelName["WEBHOOK"],
                            ),
                            (
                                homeby.people.rules.ChannelName["CONSOLE"],
                                homeby.people.rules.ChannelName["CONSOLE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "may_know",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules.MayKnow["NOTHING"],
                                homeby.people.rules.MayKnow["NOTHING"],
                            ),
                            (
                                homeby.people.rules.MayKnow["BACK_OR_LATE"],
                                homeby.people.rules.MayKnow["BACK_OR_LATE"],
                            ),
                            (
                                homeby.people.rules.MayKnow["OUT_AND_DUE"],
                                homeby.people.rules.MayKnow["OUT_AND_DUE"],
                            ),
                            (
                                homeby.people.rules.MayKnow["AREA"],
                                homeby.people.rules.MayKnow["AREA"],
                            ),
                            (
                                homeby.people.rules.MayKnow["UNIT"],
                                homeby.people.rules.MayKnow["UNIT"],
                            ),
                        ],
                        default=homeby.people.rules.MayKnow["NOTHING"],
                        max_length=20,
                    ),
                ),
                ("language", models.CharField(default="en", max_length=10)),
                ("from_time", models.TimeField(null=True)),
                ("to_time", models.TimeField(null=True)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                (
                    "link_hash",
                    models.CharField(
                        help_text="of the secret link to their page",
                        max_length=64,
                        null=True,
                        unique=True,
                    ),
                ),
                ("link_sealed", models.BinaryField(help_text="that secret, sealed", null=True)),
                ("link_at", models.DateTimeField(help_text="when it was made", null=True)),
                (
                    "kept_from_at",
                    models.DateTimeField(
                        help_text="told nothing since then: the person is kept away from them",
                        null=True,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kin",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Home",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField(help_text="the fields as JSON, sealed")),
                ("written_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Health",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField(help_text="the fields as JSON, sealed")),
                ("written_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CallsignDue",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="due",
                        to="people.callsignseason",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="account",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="account",
                to="people.person",
            ),
        ),
        migrations.CreateModel(
            name="PersonKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("wrapped", models.BinaryField(null=True)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_key",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pin_hash", models.CharField(blank=True, max_length=200)),
                ("duress_hash", models.CharField(blank=True, max_length=200)),
                (
                    "asks_on_phone",
                    models.BooleanField(
                        default=False, help_text="own phone: back and fine need it"
                    ),
                ),
                ("set_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pin",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="person",
            name="rank",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.rank",
            ),
        ),
        migrations.CreateModel(
            name="Retention",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "lasting",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules_private.Lasting["PLACES"],
                                homeby.people.rules_private.Lasting["PLACES"],
                            ),
                            (
                                homeby.people.rules_private.Lasting["MESSAGES"],
                                homeby.people.rules_private.Lasting["MESSAGES"],
                            ),
                            (
                                homeby.people.rules_private.Lasting["REPORTS"],
                                homeby.people.rules_private.Lasting["REPORTS"],
                            ),
                            (
                                homeby.people.rules_private.Lasting["CONTACTS"],
                                homeby.people.rules_private.Lasting["CONTACTS"],
                            ),
                            (
                                homeby.people.rules_private.Lasting["LOG_INS"],
                                homeby.people.rules_private.Lasting["LOG_INS"],
                            ),
                            (
                                homeby.people.rules_private.Lasting["ENTRIES"],
                                homeby.people.rules_private.Lasting["ENTRIES"],
                            ),
                        ],
                        max_length=20,
                        unique=True,
                    ),
                ),
                ("days", models.PositiveIntegerField(help_text="null: for ever", null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__isnull", True), ("days__gte", 30), _connector="OR"
                        ),
                        name="kept_for_a_month_at_least",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WhereIWouldBe",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sealed", models.BinaryField(help_text="the fields as JSON, sealed")),
                ("written_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Minor",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("born_sealed", models.BinaryField(help_text="date of birth, sealed")),
                ("until_date", models.DateField(help_text="on that day she is of age")),
                ("guardian_kin_id", models.UUIDField(null=True)),
                ("not_before", models.TimeField(help_text="local")),
                ("not_after", models.TimeField(help_text="local")),
                (
                    "only_normal",
                    models.BooleanField(default=True, help_text="only in normal conditions"),
                ),
                (
                    "guardian",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("guardian__isnull", True), ("guardian_kin_id__isnull", False)
                            ),
                            models.Q(
                                ("guardian__isnull", False), ("guardian_kin_id__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        name="one_guardian",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("not_before__lt", models.F("not_after"))),
                        name="hours_of_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogInTry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(help_text="of several in one hour the last")),
                ("hour", models.BigIntegerField(help_text="which hour of the clock this is")),
                ("succeeded", models.BooleanField()),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules_log_ins.Proof["PASSWORD"],
                                homeby.people.rules_log_ins.Proof["PASSWORD"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["PASSKEY"],
                                homeby.people.rules_log_ins.Proof["PASSKEY"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["APP"],
                                homeby.people.rules_log_ins.Proof["APP"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["RECOVERY_CODE"],
                                homeby.people.rules_log_ins.Proof["RECOVERY_CODE"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["PROVIDER"],
                                homeby.people.rules_log_ins.Proof["PROVIDER"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["LINK"],
                                homeby.people.rules_log_ins.Proof["LINK"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["INVITATION"],
                                homeby.people.rules_log_ins.Proof["INVITATION"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["DOOR"],
                                homeby.people.rules_log_ins.Proof["DOOR"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "proof_too",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.people.rules_log_ins.Proof["PASSWORD"],
                                homeby.people.rules_log_ins.Proof["PASSWORD"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["PASSKEY"],
                                homeby.people.rules_log_ins.Proof["PASSKEY"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["APP"],
                                homeby.people.rules_log_ins.Proof["APP"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["RECOVERY_CODE"],
                                homeby.people.rules_log_ins.Proof["RECOVERY_CODE"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["PROVIDER"],
                                homeby.people.rules_log_ins.Proof["PROVIDER"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["LINK"],
                                homeby.people.rules_log_ins.Proof["LINK"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["INVITATION"],
                                homeby.people.rules_log_ins.Proof["INVITATION"],
                            ),
                            (
                                homeby.people.rules_log_ins.Proof["DOOR"],
                                homeby.people.rules_log_ins.Proof["DOOR"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "browser",
                    models.CharField(blank=True, help_text="as it calls itself", max_length=200),
                ),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person", "-at"], name="tries_of_person")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("replaces", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.UUIDField(null=True)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="invitation_expires_after_it_is_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at__isnull", True), ("revoked_at__isnull", True), _connector="OR"
                        ),
                        name="invitation_used_or_revoked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Device",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules.DeviceKind["PHONE"],
                                homeby.people.rules.DeviceKind["PHONE"],
                            ),
                            (
                                homeby.people.rules.DeviceKind["KIOSK"],
                                homeby.people.rules.DeviceKind["KIOSK"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("gate_id", models.UUIDField(help_text="of a kiosk", null=True)),
                ("acts", models.JSONField(default=list, help_text="what it may say")),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("added_at", models.DateTimeField()),
                ("added_by_id", models.UUIDField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by_id", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        help_text="of a phone",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="devices",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("gate_id__isnull", True),
                                ("kind", homeby.people.rules.DeviceKind["PHONE"]),
                                ("person__isnull", False),
                            ),
                            models.Q(
                                ("gate_id__isnull", False),
                                ("kind", homeby.people.rules.DeviceKind["KIOSK"]),
                                ("person__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="device_of_a_person_or_of_a_gate",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(default=1)),
                ("rank_in_danger", models.PositiveSmallIntegerField(null=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules.ChannelName["EMAIL"],
                                homeby.people.rules.ChannelName["EMAIL"],
                            ),
                            (
                                homeby.people.rules.ChannelName["SMS"],
                                homeby.people.rules.ChannelName["SMS"],
                            ),
                            (
                                homeby.people.rules.ChannelName["NTFY"],
                                homeby.people.rules.ChannelName["NTFY"],
                            ),
                            (
                                homeby.people.rules.ChannelName["WEBPUSH"],
                                homeby.people.rules.ChannelName["WEBPUSH"],
                            ),
                            (
                                homeby.people.rules.ChannelName["APPRISE"],
                                homeby.people.rules.ChannelName["APPRISE"],
                            ),
                            (
                                homeby.people.rules.ChannelName["WEBHOOK"],
                                homeby.people.rules.ChannelName["WEBHOOK"],
                            ),
                            (
                                homeby.people.rules.ChannelName["CONSOLE"],
                                homeby.people.rules.ChannelName["CONSOLE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("address_sealed", models.BinaryField()),
                ("verified_at", models.DateTimeField(null=True)),
                ("from_time", models.TimeField(null=True)),
                ("to_time", models.TimeField(null=True)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("code_expires_at", models.DateTimeField(null=True)),
                ("code_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("from_time__isnull", True), ("to_time__isnull", True)),
                            models.Q(("from_time__isnull", False), ("to_time__isnull", False)),
                            _connector="OR",
                        ),
                        name="contact_hours_in_pairs",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField()),
                (
                    "blocked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "blocked"), name="blocked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("blocked")), _negated=True),
                        name="nobody_blocks_herself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Badge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("code_hash", models.CharField(max_length=64)),
                (
                    "is_printed",
                    models.BooleanField(default=False, help_text="by herself: asks for her PIN"),
                ),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="badges",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("code_hash",),
                        name="one_holder_of_a_badge",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_printed", True), ("removed_at__isnull", True)),
                        fields=("person",),
                        name="one_printed_badge_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PersonalToken",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("rights", models.JSONField(default=list)),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by_id", models.UUIDField(null=True)),
                (
                    "flooded_at",
                    models.DateTimeField(help_text="when it last sent very many acts", null=True),
                ),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="token_expires_after_it_is_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by_id__isnull", True)),
                            models.Q(
                                ("revoked_at__isnull", False), ("revoked_by_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="token_revoked_in_pairs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rest",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gte", models.F("from_at"))),
                        name="rest_lasts",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StayAway",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("filed_by_id", models.UUIDField(null=True)),
                ("filed_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "other",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("other")), _negated=True),
                        name="stay_away_of_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "other"),
                        name="one_open_stay_away",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RoleHeld",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules.Role["MEMBER"],
                                homeby.people.rules.Role["MEMBER"],
                            ),
                            (
                                homeby.people.rules.Role["LEADER"],
                                homeby.people.rules.Role["LEADER"],
                            ),
                            (
                                homeby.people.rules.Role["DUTY_OFFICER"],
                                homeby.people.rules.Role["DUTY_OFFICER"],
                            ),
                            (
                                homeby.people.rules.Role["GATE_KEEPER"],
                                homeby.people.rules.Role["GATE_KEEPER"],
                            ),
                            (
                                homeby.people.rules.Role["ADMINISTRATOR"],
                                homeby.people.rules.Role["ADMINISTRATOR"],
                            ),
                            (homeby.people.rules.Role["MEDIC"], homeby.people.rules.Role["MEDIC"]),
                            (
                                homeby.people.rules.Role["WELFARE_OFFICER"],
                                homeby.people.rules.Role["WELFARE_OFFICER"],
                            ),
                            (
                                homeby.people.rules.Role["SAFEGUARDING_LEAD"],
                                homeby.people.rules.Role["SAFEGUARDING_LEAD"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roles",
                        to="people.person",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="people.team"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_at__isnull", True),
                            ("to_at__gte", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="role_period",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                ("decided_by_id", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.person",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_at__isnull", True)),
                        fields=("person", "team"),
                        name="one_open_membership",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_at__isnull", True),
                            ("to_at__gte", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="membership_period",
                    ),
                ],
            },
        ),
    ]
