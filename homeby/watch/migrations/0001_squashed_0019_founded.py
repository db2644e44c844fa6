"""The tables as all the steps named below leave them: a new station takes this one step, and one that
has made some of them makes the others. `tests/house/test_tables.py` holds both ways to be one."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import homeby.people.rules
import homeby.watch.rules.clocks
import homeby.watch.rules.kin
import homeby.watch.rules.pauses
import homeby.watch.rules.words


class Migration(migrations.Migration):
    replaces = [
        ("watch", "0001_initial"),
        ("watch", "0002_billrow_deputy_aside_at"),
        ("watch", "0003_alarm_lapsed"),
        ("watch", "0004_canary"),
        ("watch", "0005_clock_dispute"),
        ("watch", "0006_subject_due_at_and_buddy"),
        ("watch", "0007_subject_asked_until_at"),
        ("watch", "0008_clock_told_outside"),
        ("watch", "0009_pause"),
        ("watch", "0010_alarm_held_by"),
        ("watch", "0011_partner_stations"),
        ("watch", "0012_watchkeeper_boot_seconds_outage"),
        ("watch", "0013_wakes_by_index"),
        ("watch", "0014_drills_and_duty_phones"),
        ("watch", "0015_two_must_take_it"),
        ("watch", "0016_kin_news"),
        ("watch", "0017_duress"),
        ("watch", "0018_last_resort"),
        ("watch", "0019_acts"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AlarmNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("next_number", models.PositiveBigIntegerField(default=1000)),
            ],
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("station_id", models.UUIDField()),
                ("name", models.CharField(max_length=80)),
                ("url", models.CharField(max_length=300)),
                ("public_key", models.CharField(help_text="Ed25519, hexadecimal", max_length=64)),
                ("officers", models.JSONField(default=list)),
                ("paired_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_them", models.BooleanField(default=False)),
                ("end_reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("station_id",),
                        name="one_partnership_a_station",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="partnership_ends_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerInvitation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32)),
                ("expires_at", models.DateTimeField()),
                ("used_by", models.UUIDField(help_text="the partner it led to", null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ref", models.CharField(help_text='"mission:<id>"', max_length=80, unique=True)),
                (
                    "title",
                    models.CharField(help_text="callsigns, as messages show them", max_length=300),
                ),
                ("place", models.CharField(blank=True, max_length=300)),
                ("zone", models.CharField(default="UTC", max_length=64)),
                ("party", models.JSONField(default=list, help_text="ids of those still out")),
                ("leader_id", models.UUIDField(null=True)),
                ("team_id", models.UUIDField(null=True)),
                ("team_title", models.CharField(blank=True, max_length=200)),
                (
                    "due_at",
                    models.DateTimeField(help_text="when they promised to be back", null=True),
                ),
                (
                    "buddy_id",
                    models.UUIDField(help_text="who checks on them, and is not of them", null=True),
                ),
                (
                    "asked_until_at",
                    models.DateTimeField(
                        help_text="the return that is asked for and not decided yet", null=True
                    ),
                ),
                (
                    "wanted",
                    models.CharField(
                        blank=True,
                        help_text="the act that is waited for, a sentence as it stands in the catalog; empty: they are out, and must come back",
                        max_length=200,
                    ),
                ),
                (
                    "responsible",
                    models.JSONField(
                        default=list,
                        help_text="who is told of the act: names of roles, ids of people",
                    ),
                ),
                (
                    "is_gentle",
                    models.BooleanField(default=False, help_text="an act of care: seen by few"),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Watchkeeper",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("looked_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("machine", models.CharField(blank=True, max_length=100)),
                ("zero_at", models.DateTimeField(null=True)),
                (
                    "boot_seconds",
                    models.FloatField(help_text="the machine's count at that look", null=True),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BillRow",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("deputy_id", models.UUIDField()),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "aside_at",
                    models.DateTimeField(
                        help_text='when the person said "not fit to watch"', null=True
                    ),
                ),
                (
                    "deputy_aside_at",
                    models.DateTimeField(help_text="when the deputy said so, too", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_at__isnull", True),
                            ("to_at__gt", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="watch_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person_id", models.F("deputy_id")), _negated=True),
                        name="deputy_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClockDispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("machine", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.clocks.ClockTrouble["BACK"],
                                homeby.watch.rules.clocks.ClockTrouble["BACK"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockTrouble["FORWARD"],
                                homeby.watch.rules.clocks.ClockTrouble["FORWARD"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockTrouble["BEHIND"],
                                homeby.watch.rules.clocks.ClockTrouble["BEHIND"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("zero_at", models.DateTimeField()),
                ("boot_seconds", models.FloatField(help_text="the machine's count when it began")),
                (
                    "apart_seconds",
                    models.FloatField(help_text="by how much the wall clock was moved"),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.watch.rules.clocks.ClockEnding["AGREED"],
                                homeby.watch.rules.clocks.ClockEnding["AGREED"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockEnding["OUTSIDE"],
                                homeby.watch.rules.clocks.ClockEnding["OUTSIDE"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockEnding["ACCEPTED"],
                                homeby.watch.rules.clocks.ClockEnding["ACCEPTED"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockEnding["BY_PERSON"],
                                homeby.watch.rules.clocks.ClockEnding["BY_PERSON"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockEnding["TURNED"],
                                homeby.watch.rules.clocks.ClockEnding["TURNED"],
                            ),
                            (
                                homeby.watch.rules.clocks.ClockEnding["GONE"],
                                homeby.watch.rules.clocks.ClockEnding["GONE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("settled_zero_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("machine",),
                        name="one_open_dispute_a_machine",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", True),
                                ("ending", ""),
                                ("settled_zero_at__isnull", True),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("settled_zero_at__isnull", False),
                                models.Q(("ending", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_ends_in_a_way",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyPhone",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField(unique=True)),
                ("since_at", models.DateTimeField(help_text="first seen on the watch bill")),
                (
                    "hour",
                    models.PositiveSmallIntegerField(
                        help_text="local; null: office hours", null=True
                    ),
                ),
                ("asked_at", models.DateTimeField(null=True)),
                ("proven_at", models.DateTimeField(null=True)),
                (
                    "proven_by",
                    models.CharField(
                        blank=True, help_text="by an alarm of which kind", max_length=20
                    ),
                ),
                (
                    "channels",
                    models.JSONField(default=list, help_text="what had handed it to her then"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hour__isnull", True),
                            models.Q(("hour__gte", 7), ("hour__lte", 19)),
                            _connector="OR",
                        ),
                        name="test_by_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EscalationPlan",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.words.DeadlineKind["RETURN"],
                                homeby.watch.rules.words.DeadlineKind["RETURN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["CHECK_IN"],
                                homeby.watch.rules.words.DeadlineKind["CHECK_IN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["CANARY"],
                                homeby.watch.rules.words.DeadlineKind["CANARY"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["PARTNER"],
                                homeby.watch.rules.words.DeadlineKind["PARTNER"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["EXERCISE"],
                                homeby.watch.rules.words.DeadlineKind["EXERCISE"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["TEST"],
                                homeby.watch.rules.words.DeadlineKind["TEST"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["KIN"],
                                homeby.watch.rules.words.DeadlineKind["KIN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["DUTY"],
                                homeby.watch.rules.words.DeadlineKind["DUTY"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["CARE"],
                                homeby.watch.rules.words.DeadlineKind["CARE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                ("repeat_minutes", models.PositiveIntegerField(default=10)),
                ("repeat_minutes_max", models.PositiveIntegerField(default=60)),
                (
                    "two_must_take",
                    models.BooleanField(
                        default=False,
                        help_text="an alarm counts as taken once two people have taken it",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("kind",),
                        name="one_default_plan_a_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KinWorry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kin_id", models.UUIDField()),
                ("person_id", models.UUIDField(help_text="whose kin")),
                (
                    "subject_ref",
                    models.CharField(
                        blank=True, help_text="blank where nobody is out", max_length=80
                    ),
                ),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("told_at", models.DateTimeField(help_text="when the watch was last told")),
                (
                    "count",
                    models.PositiveIntegerField(
                        default=1, help_text="words since the watch was told"
                    ),
                ),
                ("said", models.CharField(blank=True, max_length=300)),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by_id", models.UUIDField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answered_at__isnull", True), ("answered_by_id__isnull", True)
                            ),
                            models.Q(
                                ("answered_at__isnull", False), ("answered_by_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="answered_in_pairs",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("kin_id",),
                        name="one_open_worry_a_kin",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField(unique=True)),
                ("to_at", models.DateTimeField()),
                ("doors_until_at", models.DateTimeField()),
                ("reminders_dropped", models.PositiveIntegerField(default=0)),
                ("told_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["to_at"], name="outage_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_at__gt", models.F("from_at"))),
                        name="blind_for_a_while",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerMark",
            fields=[
                (
                    "partner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="mark",
                        serialize=False,
                        to="watch.partner",
                    ),
                ),
                (
                    "well_at",
                    models.DateTimeField(
                        help_text="the last good message, or since when we could hear"
                    ),
                ),
                ("heard_at", models.DateTimeField(null=True)),
                ("sequence", models.BigIntegerField(default=-1)),
                (
                    "said",
                    models.TextField(blank=True, help_text="the last message, as it was signed"),
                ),
                ("troubles", models.JSONField(default=list)),
                (
                    "seen",
                    models.TextField(blank=True, help_text="the message whose checkpoint we hold"),
                ),
                ("seen_signature", models.CharField(blank=True, max_length=128)),
                (
                    "unproven",
                    models.PositiveIntegerField(
                        default=0, help_text="messages in a row, not shown to fit"
                    ),
                ),
                ("kept_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("sent_sequence", models.BigIntegerField(default=-1)),
                ("sent_entries", models.BigIntegerField(default=0)),
                (
                    "held_entries",
                    models.BigIntegerField(help_text="of ours, as they last told us", null=True),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name="partner",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, to="watch.escalationplan"
            ),
        ),
        migrations.CreateModel(
            name="Pause",
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
                                homeby.watch.rules.pauses.PauseState["ASKED"],
                                homeby.watch.rules.pauses.PauseState["ASKED"],
                            ),
                            (
                                homeby.watch.rules.pauses.PauseState["NOTICE"],
                                homeby.watch.rules.pauses.PauseState["NOTICE"],
                            ),
                            (
                                homeby.watch.rules.pauses.PauseState["PAUSED"],
                                homeby.watch.rules.pauses.PauseState["PAUSED"],
                            ),
                            (
                                homeby.watch.rules.pauses.PauseState["OVER"],
                                homeby.watch.rules.pauses.PauseState["OVER"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                ("asked_by_id", models.UUIDField()),
                ("asked_at", models.DateTimeField()),
                ("with_notice", models.BooleanField(default=False)),
                ("agreed_by_id", models.UUIDField(null=True)),
                (
                    "from_at",
                    models.DateTimeField(help_text="when it began, or will begin after its notice"),
                ),
                ("until_at", models.DateTimeField(help_text="when it ends by itself")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by_id",
                    models.UUIDField(help_text="null where it ended by itself", null=True),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", homeby.watch.rules.pauses.PauseState["PAUSED"]),
                                _negated=True,
                            ),
                            ("agreed_by_id__isnull", False),
                            ("with_notice", True),
                            _connector="OR",
                        ),
                        name="paused_by_two_or_with_notice",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by_id", models.F("asked_by_id")), _negated=True
                        ),
                        name="a_second_person_agrees",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_at__gt", models.F("from_at"))), name="pause_ends"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state", homeby.watch.rules.pauses.PauseState["OVER"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", homeby.watch.rules.pauses.PauseState["OVER"]),
                                    _negated=True,
                                ),
                                ("ended_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="over_is_ended",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", homeby.watch.rules.pauses.PauseState["OVER"]), _negated=True
                        ),
                        fields=("state",),
                        name="one_pause_a_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                (
                    "anchor",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.words.Anchor["DUE"],
                                homeby.watch.rules.words.Anchor["DUE"],
                            ),
                            (
                                homeby.watch.rules.words.Anchor["CALL_OUT"],
                                homeby.watch.rules.words.Anchor["CALL_OUT"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("offset_minutes", models.IntegerField()),
                ("targets", models.JSONField(default=list)),
                ("people", models.JSONField(default=list)),
                ("wait_minutes", models.PositiveIntegerField(default=5)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="watch.escalationplan",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "rank"), name="one_step_a_rank")
                ],
            },
        ),
        migrations.CreateModel(
            name="KinNews",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kin_id", models.UUIDField()),
                ("person_id", models.UUIDField(help_text="whose kin")),
                ("told_at", models.DateTimeField()),
                (
                    "count",
                    models.PositiveIntegerField(default=0, help_text="words since the first"),
                ),
                (
                    "next_at",
                    models.DateTimeField(help_text="the hour named for the next word", null=True),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "said_back",
                    models.BooleanField(
                        default=False, help_text="the last word was that they are back"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kin_news",
                        to="watch.subject",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "kin_id"), name="one_news_a_kin"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("next_at__isnull", False)),
                            models.Q(("ended_at__isnull", False), ("next_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="open_news_has_an_hour",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="KinCare",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "step",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.watch.rules.kin.SearchStep["REACHING"],
                                homeby.watch.rules.kin.SearchStep["REACHING"],
                            ),
                            (
                                homeby.watch.rules.kin.SearchStep["GOING"],
                                homeby.watch.rules.kin.SearchStep["GOING"],
                            ),
                            (
                                homeby.watch.rules.kin.SearchStep["CALLED"],
                                homeby.watch.rules.kin.SearchStep["CALLED"],
                            ),
                            (
                                homeby.watch.rules.kin.SearchStep["SEARCHING"],
                                homeby.watch.rules.kin.SearchStep["SEARCHING"],
                            ),
                            (
                                homeby.watch.rules.kin.SearchStep["UNTIL_LIGHT"],
                                homeby.watch.rules.kin.SearchStep["UNTIL_LIGHT"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("step_at", models.DateTimeField(null=True)),
                ("step_by_id", models.UUIDField(null=True)),
                (
                    "speaker",
                    models.CharField(blank=True, help_text="as kin read the name", max_length=100),
                ),
                ("held_at", models.DateTimeField(null=True)),
                ("held_by_id", models.UUIDField(null=True)),
                ("hold_ended_at", models.DateTimeField(null=True)),
                ("hold_ended_by_id", models.UUIDField(null=True)),
                (
                    "subject",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kin_care",
                        to="watch.subject",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("held_at__isnull", True),
                            models.Q(("speaker", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="a_hold_names_who_speaks",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hold_ended_at__isnull", True),
                            ("hold_ended_by_id__isnull", False),
                            _connector="OR",
                        ),
                        name="a_hold_is_ended_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hold_ended_at__isnull", True),
                            ("hold_ended_at__gte", models.F("held_at")),
                            _connector="OR",
                        ),
                        name="a_hold_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("person_id", models.UUIDField()),
                ("who", models.CharField(help_text="as messages call them", max_length=200)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            (
                                homeby.people.rules.Act["SIGN_OUT"],
                                homeby.people.rules.Act["SIGN_OUT"],
                            ),
                            (
                                homeby.people.rules.Act["CHECK_IN"],
                                homeby.people.rules.Act["CHECK_IN"],
                            ),
                            (
                                homeby.people.rules.Act["SIGN_IN"],
                                homeby.people.rules.Act["SIGN_IN"],
                            ),
                            (homeby.people.rules.Act["HELP"], homeby.people.rules.Act["HELP"]),
                            (
                                homeby.people.rules.Act["MORE_TIME"],
                                homeby.people.rules.Act["MORE_TIME"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, help_text="the gate; empty: their phone", max_length=400
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("noted_at", models.DateTimeField()),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duress",
                        to="watch.subject",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Deadline",
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
                                homeby.watch.rules.words.DeadlineKind["RETURN"],
                                homeby.watch.rules.words.DeadlineKind["RETURN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["CHECK_IN"],
                                homeby.watch.rules.words.DeadlineKind["CHECK_IN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["CANARY"],
                                homeby.watch.rules.words.DeadlineKind["CANARY"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["PARTNER"],
                                homeby.watch.rules.words.DeadlineKind["PARTNER"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["EXERCISE"],
                                homeby.watch.rules.words.DeadlineKind["EXERCISE"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["TEST"],
                                homeby.watch.rules.words.DeadlineKind["TEST"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["KIN"],
                                homeby.watch.rules.words.DeadlineKind["KIN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["DUTY"],
                                homeby.watch.rules.words.DeadlineKind["DUTY"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineKind["CARE"],
                                homeby.watch.rules.words.DeadlineKind["CARE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("call_out_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.words.DeadlineState["OPEN"],
                                homeby.watch.rules.words.DeadlineState["OPEN"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineState["MET"],
                                homeby.watch.rules.words.DeadlineState["MET"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineState["MISSED"],
                                homeby.watch.rules.words.DeadlineState["MISSED"],
                            ),
                            (
                                homeby.watch.rules.words.DeadlineState["CANCELLED"],
                                homeby.watch.rules.words.DeadlineState["CANCELLED"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("next_step", models.PositiveSmallIntegerField(default=0)),
                ("act_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="watch.escalationplan"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadlines",
                        to="watch.subject",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state", homeby.watch.rules.words.DeadlineState["OPEN"])
                        ),
                        fields=["act_at"],
                        name="deadline_acts",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("act_at__isnull", False),
                                ("state", homeby.watch.rules.words.DeadlineState["OPEN"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", homeby.watch.rules.words.DeadlineState["OPEN"]),
                                    _negated=True,
                                ),
                                ("act_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="open_deadline_acts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("call_out_at__gte", models.F("due_at"))),
                        name="call_out_after_due",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state", homeby.watch.rules.words.DeadlineState["OPEN"])
                        ),
                        fields=("subject", "kind"),
                        name="one_open_deadline_a_kind",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveBigIntegerField(unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.words.AlarmKind["OVERDUE"],
                                homeby.watch.rules.words.AlarmKind["OVERDUE"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["MISSED_CHECK_IN"],
                                homeby.watch.rules.words.AlarmKind["MISSED_CHECK_IN"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["HELP"],
                                homeby.watch.rules.words.AlarmKind["HELP"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["NOT_JUDGED"],
                                homeby.watch.rules.words.AlarmKind["NOT_JUDGED"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["CANARY"],
                                homeby.watch.rules.words.AlarmKind["CANARY"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["PARTNER"],
                                homeby.watch.rules.words.AlarmKind["PARTNER"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["EXERCISE"],
                                homeby.watch.rules.words.AlarmKind["EXERCISE"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["TEST"],
                                homeby.watch.rules.words.AlarmKind["TEST"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["DURESS"],
                                homeby.watch.rules.words.AlarmKind["DURESS"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["DUTY"],
                                homeby.watch.rules.words.AlarmKind["DUTY"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmKind["CARE"],
                                homeby.watch.rules.words.AlarmKind["CARE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.words.Phase["UNCERTAINTY"],
                                homeby.watch.rules.words.Phase["UNCERTAINTY"],
                            ),
                            (
                                homeby.watch.rules.words.Phase["ALERT"],
                                homeby.watch.rules.words.Phase["ALERT"],
                            ),
                            (
                                homeby.watch.rules.words.Phase["DISTRESS"],
                                homeby.watch.rules.words.Phase["DISTRESS"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.watch.rules.words.AlarmState["OPEN"],
                                homeby.watch.rules.words.AlarmState["OPEN"],
                            ),
                            (
                                homeby.watch.rules.words.AlarmState["ENDED"],
                                homeby.watch.rules.words.AlarmState["ENDED"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("call_out_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("act_at", models.DateTimeField(null=True)),
                ("next_step", models.PositiveSmallIntegerField(default=0)),
                ("repeats", models.PositiveIntegerField(default=0)),
                (
                    "last_resort",
                    models.BooleanField(
                        default=False,
                        help_text="the last step that ran went to everybody with a role",
                    ),
                ),
                (
                    "round",
                    models.PositiveIntegerField(
                        default=0, help_text="messages of one run share it"
                    ),
                ),
                ("wait_minutes", models.PositiveIntegerField(default=0)),
                ("ran_at", models.DateTimeField(null=True)),
                ("holder_id", models.UUIDField(null=True)),
                ("taken_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "co_holder_id",
                    models.UUIDField(
                        help_text="where two must take it: the other; without a holder, the first of two",
                        null=True,
                    ),
                ),
                ("co_expires_at", models.DateTimeField(null=True)),
                ("offered_to_id", models.UUIDField(null=True)),
                (
                    "offered_by_id",
                    models.UUIDField(help_text="who has it and offers it, if they do", null=True),
                ),
                (
                    "held_by",
                    models.JSONField(
                        default=list,
                        help_text="who had it since it was last taken from nobody, as text",
                    ),
                ),
                ("heard_at", models.DateTimeField(null=True)),
                ("hold_until", models.DateTimeField(null=True)),
                ("held_step", models.IntegerField(default=-1)),
                (
                    "lapsed",
                    models.BooleanField(
                        default=False, help_text="an acknowledgement ran out; nobody yet"
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.UUIDField(null=True)),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.watch.rules.words.Ending["SIGNED_IN"],
                                homeby.watch.rules.words.Ending["SIGNED_IN"],
                            ),
                            (
                                homeby.watch.rules.words.Ending["STOOD_DOWN"],
                                homeby.watch.rules.words.Ending["STOOD_DOWN"],
                            ),
                            (
                                homeby.watch.rules.words.Ending["DONE"],
                                homeby.watch.rules.words.Ending["DONE"],
                            ),
                            (
                                homeby.watch.rules.words.Ending["CANARY"],
                                homeby.watch.rules.words.Ending["CANARY"],
                            ),
                            (
                                homeby.watch.rules.words.Ending["EXERCISE"],
                                homeby.watch.rules.words.Ending["EXERCISE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("end_reason", models.CharField(blank=True, max_length=1000)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="watch.escalationplan"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarms",
                        to="watch.subject",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", homeby.watch.rules.words.AlarmState["OPEN"])),
                        fields=["act_at"],
                        name="alarm_acts",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("holder_id__isnull", True),
                            ("repeats", 0),
                            ("state", homeby.watch.rules.words.AlarmState["OPEN"]),
                        ),
                        fields=["opened_at"],
                        name="alarm_waits",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("state", homeby.watch.rules.words.AlarmState["OPEN"]),
                            models.Q(
                                ("holder_id__isnull", False),
                                ("co_holder_id__isnull", False),
                                _connector="OR",
                            ),
                        ),
                        fields=["holder_id"],
                        name="alarm_held",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("act_at__isnull", False),
                                ("ended_at__isnull", True),
                                ("state", homeby.watch.rules.words.AlarmState["OPEN"]),
                            ),
                            models.Q(
                                ("act_at__isnull", True),
                                ("ended_at__isnull", False),
                                ("state", homeby.watch.rules.words.AlarmState["ENDED"]),
                            ),
                            _connector="OR",
                        ),
                        name="open_alarm_acts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", homeby.watch.rules.words.AlarmState["OPEN"]),
                            models.Q(
                                ("ended_by_id__isnull", False),
                                models.Q(("ending", ""), _negated=True),
                                models.Q(
                                    ("kind", homeby.watch.rules.words.AlarmKind["CANARY"]),
                                    _negated=True,
                                ),
                                models.Q(
                                    ("ending", homeby.watch.rules.words.Ending["CANARY"]),
                                    _negated=True,
                                ),
                                models.Q(
                                    ("ending", homeby.watch.rules.words.Ending["EXERCISE"]),
                                    _negated=True,
                                ),
                                models.Q(
                                    (
                                        "ended_by_id",
                                        uuid.UUID("57a71015-0000-4000-8000-0000000000ca"),
                                    ),
                                    _negated=True,
                                ),
                            ),
                            models.Q(
                                ("ended_by_id", uuid.UUID("57a71015-0000-4000-8000-0000000000ca")),
                                ("ending", homeby.watch.rules.words.Ending["CANARY"]),
                                ("kind", homeby.watch.rules.words.AlarmKind["CANARY"]),
                            ),
                            models.Q(
                                ("ended_by_id", uuid.UUID("57a71015-0000-4000-8000-0000000000ca")),
                                ("ending", homeby.watch.rules.words.Ending["EXERCISE"]),
                                (
                                    "kind__in",
                                    [
                                        homeby.watch.rules.words.AlarmKind["EXERCISE"],
                                        homeby.watch.rules.words.AlarmKind["TEST"],
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ended_by_a_human",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("expires_at__isnull", True),
                                ("holder_id__isnull", True),
                                ("taken_at__isnull", True),
                            ),
                            models.Q(
                                ("expires_at__isnull", False),
                                ("holder_id__isnull", False),
                                ("taken_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="taken_in_pairs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("co_expires_at__isnull", True), ("co_holder_id__isnull", True)
                            ),
                            models.Q(
                                ("co_expires_at__isnull", False), ("co_holder_id__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="co_taken_in_pairs",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("holder_id", models.F("co_holder_id")), _negated=True),
                        name="two_different_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", homeby.watch.rules.words.AlarmState["OPEN"])),
                        fields=("subject",),
                        name="one_open_alarm",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Drill",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "followed",
                    models.CharField(help_text="the name of the plan it follows", max_length=200),
                ),
                (
                    "left_out",
                    models.JSONField(
                        default=list, help_text="targets that an exercise never tells"
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(help_text="when it ends by itself")),
                (
                    "began_by_id",
                    models.UUIDField(help_text="null: by a command on the machine", null=True),
                ),
                ("alarm_id", models.UUIDField(null=True, unique=True)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="watch.escalationplan",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["began_at"], name="drill_by_time")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("began_at"))),
                        name="drill_has_time",
                    )
                ],
            },
        ),
    ]
