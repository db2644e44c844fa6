"""The tables as all the steps named below leave them: a new station takes this one step, and one that
has made some of them makes the others. `tests/house/test_tables.py` holds both ways to be one."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import homeby.missions.rules


class Migration(migrations.Migration):
    replaces = [
        ("missions", "0001_initial"),
        ("missions", "0002_amendments_and_debriefs"),
        ("missions", "0003_acceptance_alone_check_ins_ended"),
        ("missions", "0004_kin_confirmed"),
        ("missions", "0005_unverified"),
        ("missions", "0006_early"),
        ("missions", "0007_minors"),
        ("missions", "0008_broken_glass"),
        ("missions", "0009_mission_by_due"),
        ("missions", "0010_glass_proved_with"),
        ("missions", "0011_minor_limits"),
        ("missions", "0012_mission_kind"),
        ("missions", "0013_untold_glass"),
        ("missions", "0014_mission_unit"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_squashed_0021_founded"),
    ]

    operations = [
        migrations.CreateModel(
            name="DelayReason",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=200)),
                ("is_trouble", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(help_text="no longer offered", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Gate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("is_by_phone", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(help_text="closed for good", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MinorLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField(unique=True)),
                ("name", models.CharField(max_length=300)),
                ("below_age", models.PositiveSmallIntegerField()),
                ("begins", models.TimeField(help_text="local", null=True)),
                ("ends", models.TimeField(help_text="local", null=True)),
                ("hours", models.FloatField(null=True)),
                (
                    "adults",
                    models.PositiveSmallIntegerField(
                        help_text="never alone, and so many", null=True
                    ),
                ),
                ("kinds", models.JSONField(default=list, help_text="kinds of mission")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MissionKind",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "code",
                    models.CharField(help_text="as rule packs name it", max_length=40, unique=True),
                ),
                ("name", models.CharField(max_length=200)),
                ("is_exercise", models.BooleanField(default=False)),
                ("ended_at", models.DateTimeField(help_text="no longer offered", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MissionUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("called", models.CharField(blank=True, max_length=100)),
                ("is_secret", models.BooleanField(default=False)),
                ("members", models.JSONField(default=list)),
                ("keepers", models.JSONField(default=list)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                (
                    "ended_at",
                    models.DateTimeField(help_text="nobody leaves from here any more", null=True),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Mission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="key of an import", max_length=200, null=True, unique=True
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.missions.rules.MissionState["PLANNED"],
                                homeby.missions.rules.MissionState["PLANNED"],
                            ),
                            (
                                homeby.missions.rules.MissionState["OUT"],
                                homeby.missions.rules.MissionState["OUT"],
                            ),
                            (
                                homeby.missions.rules.MissionState["BACK"],
                                homeby.missions.rules.MissionState["BACK"],
                            ),
                            (
                                homeby.missions.rules.MissionState["CANCELLED"],
                                homeby.missions.rules.MissionState["CANCELLED"],
                            ),
                            (
                                homeby.missions.rules.MissionState["UNCONFIRMED"],
                                homeby.missions.rules.MissionState["UNCONFIRMED"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("what", models.CharField(max_length=300)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("latitude", models.FloatField(null=True)),
                ("longitude", models.FloatField(null=True)),
                ("route_gpx", models.TextField(blank=True)),
                ("is_solo", models.BooleanField(default=False)),
                ("zone", models.CharField(max_length=64)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_typed", models.CharField(blank=True, max_length=100)),
                ("call_out_at", models.DateTimeField(null=True)),
                ("call_out_typed", models.CharField(blank=True, max_length=100)),
                (
                    "party_call_out_at",
                    models.DateTimeField(
                        help_text="the call-out time of the party, while one of it is alone",
                        null=True,
                    ),
                ),
                ("check_in_minutes", models.PositiveIntegerField(null=True)),
                (
                    "check_in_times",
                    models.JSONField(default=list, help_text="instants agreed one by one"),
                ),
                ("check_in_typed", models.CharField(blank=True, max_length=300)),
                (
                    "alone_at",
                    models.DateTimeField(
                        help_text="since when one of the party is alone", null=True
                    ),
                ),
                (
                    "party_check_in_minutes",
                    models.PositiveIntegerField(
                        help_text="the check-ins of the party, while one of it is alone", null=True
                    ),
                ),
                (
                    "conditions",
                    models.CharField(
                        choices=[
                            (
                                homeby.missions.rules.Conditions["NORMAL"],
                                homeby.missions.rules.Conditions["NORMAL"],
                            ),
                            (
                                homeby.missions.rules.Conditions["DEMANDING"],
                                homeby.missions.rules.Conditions["DEMANDING"],
                            ),
                            (
                                homeby.missions.rules.Conditions["SEVERE"],
                                homeby.missions.rules.Conditions["SEVERE"],
                            ),
                        ],
                        default=homeby.missions.rules.Conditions["NORMAL"],
                        max_length=20,
                    ),
                ),
                ("vehicle", models.CharField(blank=True, max_length=300)),
                ("kit", models.TextField(blank=True)),
                ("communications", models.CharField(blank=True, max_length=300)),
                ("device", models.CharField(blank=True, max_length=300)),
                ("planned_by_id", models.UUIDField(null=True)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("assigned_by_id", models.UUIDField(null=True)),
                (
                    "acceptance",
                    models.CharField(
                        choices=[
                            (
                                homeby.missions.rules.Acceptance["NOT_ASKED"],
                                homeby.missions.rules.Acceptance["NOT_ASKED"],
                            ),
                            (
                                homeby.missions.rules.Acceptance["ASKED"],
                                homeby.missions.rules.Acceptance["ASKED"],
                            ),
                            (
                                homeby.missions.rules.Acceptance["ACCEPTED"],
                                homeby.missions.rules.Acceptance["ACCEPTED"],
                            ),
                            (
                                homeby.missions.rules.Acceptance["REFUSED"],
                                homeby.missions.rules.Acceptance["REFUSED"],
                            ),
                        ],
                        default=homeby.missions.rules.Acceptance["NOT_ASKED"],
                        max_length=20,
                    ),
                ),
                ("acceptance_note", models.CharField(blank=True, max_length=500)),
                ("approved_by_id", models.UUIDField(null=True)),
                ("approved_at", models.DateTimeField(null=True)),
                ("out_at", models.DateTimeField(null=True)),
                ("back_at", models.DateTimeField(null=True)),
                ("heard_at", models.DateTimeField(null=True)),
                ("is_trouble", models.BooleanField(default=False)),
                ("trouble_cleared_by_id", models.UUIDField(null=True)),
                ("trouble_cleared_at", models.DateTimeField(null=True)),
                ("debrief_due_at", models.DateTimeField(null=True)),
                (
                    "buddy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="buddy_of",
                        to="people.person",
                    ),
                ),
                (
                    "delay_reason",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="missions.delayreason",
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led",
                        to="people.person",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, to="people.team"
                    ),
                ),
                (
                    "kind",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="missions.missionkind",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="missions.missionunit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", homeby.missions.rules.MissionState["OUT"])),
                        fields=["due_at"],
                        name="mission_out",
                    ),
                    models.Index(fields=["due_at", "id"], name="mission_by_due"),
                    models.Index(fields=["planned_by_id"], name="mission_planned_by"),
                    models.Index(fields=["assigned_by_id"], name="mission_assigned_by"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("call_out_at__isnull", True),
                            ("due_at__isnull", True),
                            ("call_out_at__gte", models.F("due_at")),
                            _connector="OR",
                        ),
                        name="mission_call_out_after_due",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at__isnull", True), ("approved_by_id__isnull", True)
                            ),
                            models.Q(
                                ("approved_at__isnull", False), ("approved_by_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="approved_in_pairs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("trouble_cleared_at__isnull", True),
                                ("trouble_cleared_by_id__isnull", True),
                            ),
                            models.Q(
                                ("trouble_cleared_at__isnull", False),
                                ("trouble_cleared_by_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="cleared_in_pairs",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MinorApproval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("by_id", models.UUIDField()),
                ("reason", models.CharField(max_length=500)),
                ("approved_at", models.DateTimeField()),
                (
                    "mission",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="missions.mission",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartyMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.missions.rules.MemberState["PLANNED"],
                                homeby.missions.rules.MemberState["PLANNED"],
                            ),
                            (
                                homeby.missions.rules.MemberState["OUT"],
                                homeby.missions.rules.MemberState["OUT"],
                            ),
                            (
                                homeby.missions.rules.MemberState["BACK"],
                                homeby.missions.rules.MemberState["BACK"],
                            ),
                            (
                                homeby.missions.rules.MemberState["STAYED"],
                                homeby.missions.rules.MemberState["STAYED"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "description",
                    models.CharField(
                        blank=True, help_text="looks, wears, carries", max_length=1000
                    ),
                ),
                (
                    "acceptance",
                    models.CharField(
                        choices=[
                            (
                                homeby.missions.rules.Acceptance["NOT_ASKED"],
                                homeby.missions.rules.Acceptance["NOT_ASKED"],
                            ),
                            (
                                homeby.missions.rules.Acceptance["ASKED"],
                                homeby.missions.rules.Acceptance["ASKED"],
                            ),
                            (
                                homeby.missions.rules.Acceptance["ACCEPTED"],
                                homeby.missions.rules.Acceptance["ACCEPTED"],
                            ),
                            (
                                homeby.missions.rules.Acceptance["REFUSED"],
                                homeby.missions.rules.Acceptance["REFUSED"],
                            ),
                        ],
                        default=homeby.missions.rules.Acceptance["NOT_ASKED"],
                        max_length=20,
                    ),
                ),
                ("acceptance_note", models.CharField(blank=True, max_length=500)),
                ("out_at", models.DateTimeField(null=True)),
                (
                    "out_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.missions.rules.How["DEVICE"],
                                homeby.missions.rules.How["DEVICE"],
                            ),
                            (homeby.missions.rules.How["SEEN"], homeby.missions.rules.How["SEEN"]),
                            (homeby.missions.rules.How["TOLD"], homeby.missions.rules.How["TOLD"]),
                        ],
                        max_length=10,
                    ),
                ),
                ("out_by_id", models.UUIDField(null=True)),
                ("back_at", models.DateTimeField(null=True)),
                (
                    "back_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.missions.rules.How["DEVICE"],
                                homeby.missions.rules.How["DEVICE"],
                            ),
                            (homeby.missions.rules.How["SEEN"], homeby.missions.rules.How["SEEN"]),
                            (homeby.missions.rules.How["TOLD"], homeby.missions.rules.How["TOLD"]),
                        ],
                        max_length=10,
                    ),
                ),
                ("back_by_id", models.UUIDField(null=True)),
                ("debriefed_at", models.DateTimeField(null=True)),
                ("debriefed_by_id", models.UUIDField(null=True)),
                (
                    "kin_confirmed_at",
                    models.DateTimeField(
                        help_text="when they confirmed for this mission whom they named to be told",
                        null=True,
                    ),
                ),
                (
                    "back_gate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="missions.gate",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="party",
                        to="missions.mission",
                    ),
                ),
                (
                    "out_gate",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="missions.gate",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outings",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", homeby.missions.rules.MemberState["OUT"])),
                        fields=["person"],
                        name="person_out",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("mission", "person"), name="once_in_a_party"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", homeby.missions.rules.MemberState["BACK"]), _negated=True
                            ),
                            ("back_at__isnull", False),
                            _connector="OR",
                        ),
                        name="back_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", homeby.missions.rules.MemberState["OUT"]), _negated=True
                            ),
                            ("out_at__isnull", False),
                            _connector="OR",
                        ),
                        name="out_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("debriefed_at__isnull", True), ("debriefed_by_id__isnull", True)
                            ),
                            models.Q(
                                ("debriefed_at__isnull", False), ("debriefed_by_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="debriefed_in_pairs",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="gate",
            name="site",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="gates",
                to="missions.site",
            ),
        ),
        migrations.CreateModel(
            name="Unmatched",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("person_id", models.UUIDField(null=True)),
                ("mission_id", models.UUIDField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("why", models.CharField(max_length=500)),
                (
                    "is_unverified",
                    models.BooleanField(default=False, help_text="from a source nobody knows"),
                ),
                (
                    "is_early",
                    models.BooleanField(
                        default=False,
                        help_text="fits nothing only because no sign-out before it has come yet",
                    ),
                ),
                ("settled_by_id", models.UUIDField(null=True)),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_how", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("settled_by_id__isnull", True)),
                            models.Q(
                                ("settled_at__isnull", False), ("settled_by_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="settled_in_pairs",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FirstReport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("given_at", models.DateTimeField()),
                ("given_by_id", models.UUIDField(null=True)),
                (
                    "hurt",
                    models.CharField(
                        choices=[
                            (homeby.missions.rules.Hurt["YES"], homeby.missions.rules.Hurt["YES"]),
                            (homeby.missions.rules.Hurt["NO"], homeby.missions.rules.Hurt["NO"]),
                            (
                                homeby.missions.rules.Hurt["WILL_NOT_SAY"],
                                homeby.missions.rules.Hurt["WILL_NOT_SAY"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("urgent", models.CharField(blank=True, max_length=1000)),
                ("still_out", models.CharField(blank=True, max_length=1000)),
                ("kit_missing", models.CharField(blank=True, max_length=1000)),
                ("danger", models.CharField(blank=True, max_length=1000)),
                (
                    "amends",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="added",
                        to="missions.firstreport",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="people.person"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="first_reports",
                        to="missions.mission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("amends__isnull", True)),
                        fields=("mission", "person"),
                        name="one_first_report",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Extension",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("due_typed", models.CharField(blank=True, max_length=100)),
                ("call_out_at", models.DateTimeField()),
                ("why", models.CharField(blank=True, max_length=500)),
                ("link", models.CharField(max_length=20)),
                ("asked_by_id", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.missions.rules.ExtensionState["ASKED"],
                                homeby.missions.rules.ExtensionState["ASKED"],
                            ),
                            (
                                homeby.missions.rules.ExtensionState["GRANTED"],
                                homeby.missions.rules.ExtensionState["GRANTED"],
                            ),
                            (
                                homeby.missions.rules.ExtensionState["REFUSED"],
                                homeby.missions.rules.ExtensionState["REFUSED"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "first_by_id",
                    models.UUIDField(
                        help_text="the first of two, after the call-out time", null=True
                    ),
                ),
                ("decided_by_id", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.CharField(blank=True, max_length=500)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="extensions",
                        to="missions.mission",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", homeby.missions.rules.ExtensionState["ASKED"])
                        ),
                        fields=("mission",),
                        name="one_open_extension",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BrokenGlass",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("holder_id", models.UUIDField()),
                ("held_as", models.CharField(help_text="in which role", max_length=20)),
                ("device", models.CharField(max_length=80)),
                (
                    "proved_with",
                    models.CharField(
                        blank=True,
                        help_text="the proofs of its holder; of earlier ones unknown",
                        max_length=80,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("party", models.JSONField(default=list, help_text="the people whom it opens")),
                (
                    "officers",
                    models.JSONField(default=list, help_text="who was told beside the party"),
                ),
                ("opened_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                (
                    "party_told_at",
                    models.DateTimeField(help_text="later while a silent alarm is open", null=True),
                ),
                ("reviewed_by_id", models.UUIDField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("review", models.CharField(blank=True, max_length=300)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="glass",
                        to="missions.mission",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("reviewed_at__isnull", True)),
                        fields=["until_at"],
                        name="glass_to_review",
                    ),
                    models.Index(
                        condition=models.Q(("party_told_at__isnull", True)),
                        fields=["holder_id"],
                        name="glass_untold",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="glass_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gte", models.F("opened_at"))),
                        name="glass_opens_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("review", ""),
                                ("reviewed_at__isnull", True),
                                ("reviewed_by_id__isnull", True),
                            ),
                            models.Q(
                                ("reviewed_at__isnull", False),
                                ("reviewed_by_id__isnull", False),
                                models.Q(("review", ""), _negated=True),
                                models.Q(("reviewed_by_id", models.F("holder_id")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="glass_is_reviewed_by_somebody_else",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="gate",
            constraint=models.UniqueConstraint(
                fields=("site", "name"), name="gate_name_once_a_site"
            ),
        ),
    ]
