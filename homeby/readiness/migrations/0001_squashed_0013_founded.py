"""The tables as all the steps named below leave them: a new station takes this one step, and one that
has made some of them makes the others. `tests/house/test_tables.py` holds both ways to be one."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import homeby.readiness.rules.duty_planning
import homeby.readiness.rules.examinations
import homeby.readiness.rules.injuries
import homeby.readiness.rules.kinds_of_rest
import homeby.readiness.rules.kit
import homeby.readiness.rules.own_times
import homeby.readiness.rules.qualifications
import homeby.readiness.rules.special_units
import homeby.readiness.rules.team_changes


class Migration(migrations.Migration):
    replaces = [
        ("readiness", "0001_kit"),
        ("readiness", "0002_examinations_units_changes"),
        ("readiness", "0003_duties"),
        ("readiness", "0004_rest_and_injuries"),
        ("readiness", "0005_qualifications"),
        ("readiness", "0006_minors_on_duties"),
        ("readiness", "0007_several_needs"),
        ("readiness", "0008_release_from_a_shift"),
        ("readiness", "0009_badge_places"),
        ("readiness", "0010_mission_decisions"),
        ("readiness", "0011_duty_of_a_unit"),
        ("readiness", "0012_override_of_a_span"),
        ("readiness", "0013_kit_said_to_be_missing"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_squashed_0021_founded"),
    ]

    operations = [
        migrations.CreateModel(
            name="Qualification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.CharField(max_length=60, unique=True)),
                ("name", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.qualifications.QualificationKind["COURSE"],
                                homeby.readiness.rules.qualifications.QualificationKind["COURSE"],
                            ),
                            (
                                homeby.readiness.rules.qualifications.QualificationKind["SKILL"],
                                homeby.readiness.rules.qualifications.QualificationKind["SKILL"],
                            ),
                            (
                                homeby.readiness.rules.qualifications.QualificationKind["POSITION"],
                                homeby.readiness.rules.qualifications.QualificationKind["POSITION"],
                            ),
                            (
                                homeby.readiness.rules.qualifications.QualificationKind["RANK"],
                                homeby.readiness.rules.qualifications.QualificationKind["RANK"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("family", models.CharField(blank=True, max_length=60)),
                ("content", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(help_text="no longer given", null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RulePack",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.kinds_of_rest.PackUse["REST"],
                                homeby.readiness.rules.kinds_of_rest.PackUse["REST"],
                            ),
                            (
                                homeby.readiness.rules.kinds_of_rest.PackUse["MINORS"],
                                homeby.readiness.rules.kinds_of_rest.PackUse["MINORS"],
                            ),
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="the key of a shipped one; of the text's own", max_length=100
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="a pack of the organisation's own, as TOML"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SpecialUnit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("callsign", models.CharField(blank=True, max_length=60)),
                ("is_secret", models.BooleanField(default=False)),
                (
                    "requires",
                    models.JSONField(
                        default=list, help_text="keys of the catalogue, for all to read"
                    ),
                ),
                ("founded_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="BusyFeed",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("address_sealed", models.BinaryField()),
                ("set_at", models.DateTimeField()),
                (
                    "read_at",
                    models.DateTimeField(help_text="when it was last read whole", null=True),
                ),
                ("tried_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(blank=True, max_length=500)),
                ("spans", models.PositiveIntegerField(default=0)),
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
            name="CalendarLink",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("shows_all", models.BooleanField(default=False, help_text="what and where, too")),
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
            name="Duty",
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
                                homeby.readiness.rules.duty_planning.DutyType["SHIFT"],
                                homeby.readiness.rules.duty_planning.DutyType["SHIFT"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.DutyType["TRAINING"],
                                homeby.readiness.rules.duty_planning.DutyType["TRAINING"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.DutyType["ACTIVITY"],
                                homeby.readiness.rules.duty_planning.DutyType["ACTIVITY"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("what", models.CharField(max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("zone", models.CharField(max_length=64)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("frame", models.PositiveSmallIntegerField(default=1)),
                (
                    "time_is_free",
                    models.BooleanField(default=True, help_text="whoever plans it chose the time"),
                ),
                (
                    "position",
                    models.CharField(blank=True, help_text="all of them hold it", max_length=40),
                ),
                (
                    "also",
                    models.JSONField(
                        default=list, help_text="further positions that all of them hold"
                    ),
                ),
                (
                    "rank_place",
                    models.PositiveSmallIntegerField(
                        help_text="this rank, or a higher one", null=True
                    ),
                ),
                ("group_id", models.UUIDField()),
                ("is_series", models.BooleanField(default=False)),
                ("planned_by_id", models.UUIDField(null=True)),
                (
                    "mentor_id",
                    models.UUIDField(help_text="a one-to-one with this mentor", null=True),
                ),
                (
                    "is_open",
                    models.BooleanField(
                        default=False, help_text="whoever fits may sign up herself"
                    ),
                ),
                ("cancelled_at", models.DateTimeField(null=True)),
                ("cancelled_why", models.CharField(blank=True, max_length=500)),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.specialunit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["starts_at"], name="duty_by_start"),
                    models.Index(fields=["ends_at"], name="duty_by_end"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="duty_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutySeat",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "position",
                    models.CharField(blank=True, help_text="empty: anybody", max_length=40),
                ),
                (
                    "also",
                    models.JSONField(default=list, help_text="further positions that it needs"),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True, help_text="what whoever has it is there", max_length=60
                    ),
                ),
                ("is_fixed", models.BooleanField(default=False)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="readiness.duty",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "number"), name="duty_seat_number")
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyPerson",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(help_text="null: she signed up herself", null=True),
                ),
                ("asked_by_id", models.UUIDField(null=True)),
                (
                    "is_reserve",
                    models.BooleanField(default=False, help_text="called later, for somebody else"),
                ),
                ("told_frame", models.PositiveSmallIntegerField(default=1)),
                ("told_at", models.DateTimeField(null=True)),
                ("seen_frame", models.PositiveSmallIntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.duty_planning.DutyAnswer["YES"],
                                homeby.readiness.rules.duty_planning.DutyAnswer["YES"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.DutyAnswer["NO"],
                                homeby.readiness.rules.duty_planning.DutyAnswer["NO"],
                            ),
                        ],
                        max_length=10,
                        null=True,
                    ),
                ),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_frame", models.PositiveSmallIntegerField(default=0)),
                ("answered_by_id", models.UUIDField(help_text="who entered it", null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("picked_at", models.DateTimeField(null=True)),
                ("picked_by_id", models.UUIDField(null=True)),
                (
                    "not_picked",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["SEATS_FULL"],
                                homeby.readiness.rules.duty_planning.NotPicked["SEATS_FULL"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["TURN_OF_OTHERS"],
                                homeby.readiness.rules.duty_planning.NotPicked["TURN_OF_OTHERS"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["NOT_NEEDED"],
                                homeby.readiness.rules.duty_planning.NotPicked["NOT_NEEDED"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["TOO_HARD"],
                                homeby.readiness.rules.duty_planning.NotPicked["TOO_HARD"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["OTHER"],
                                homeby.readiness.rules.duty_planning.NotPicked["OTHER"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("stood_down_at", models.DateTimeField(null=True)),
                ("stood_down_by_id", models.UUIDField(null=True)),
                (
                    "stood_down_why",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.readiness.rules.duty_planning.StoodDown["OWN_WISH"],
                                homeby.readiness.rules.duty_planning.StoodDown["OWN_WISH"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.StoodDown["NOT_BEFORE"],
                                homeby.readiness.rules.duty_planning.StoodDown["NOT_BEFORE"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.StoodDown["LAPSED"],
                                homeby.readiness.rules.duty_planning.StoodDown["LAPSED"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.StoodDown["NOT_NEEDED"],
                                homeby.readiness.rules.duty_planning.StoodDown["NOT_NEEDED"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.StoodDown["TOO_EASY"],
                                homeby.readiness.rules.duty_planning.StoodDown["TOO_EASY"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.StoodDown["OTHER"],
                                homeby.readiness.rules.duty_planning.StoodDown["OTHER"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "attended",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.readiness.rules.duty_planning.Attended["CAME"],
                                homeby.readiness.rules.duty_planning.Attended["CAME"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.Attended["EXCUSED"],
                                homeby.readiness.rules.duty_planning.Attended["EXCUSED"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.Attended["NOT_THERE"],
                                homeby.readiness.rules.duty_planning.Attended["NOT_THERE"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("attended_at", models.DateTimeField(null=True)),
                ("attended_by_id", models.UUIDField(null=True)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="readiness.duty",
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
                (
                    "seat",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="taken",
                        to="readiness.dutyseat",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person"], name="duties_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "person"), name="once_on_a_duty"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("seat__isnull", True),
                            models.Q(("picked_at__isnull", False), ("stood_down_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="duty_seat_is_of_the_picked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutySwap",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("is_hand_over", models.BooleanField(default=False)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("offered_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("is_taken", models.BooleanField(default=False)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps",
                        to="readiness.duty",
                    ),
                ),
                (
                    "for_duty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.duty",
                    ),
                ),
                (
                    "from_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "to_person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("duty", "from_person"),
                        name="one_open_offer_of_a_duty",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Examination",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(help_text="key of the catalogue", max_length=60)),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.examinations.ExaminationState["ASKED"],
                                homeby.readiness.rules.examinations.ExaminationState["ASKED"],
                            ),
                            (
                                homeby.readiness.rules.examinations.ExaminationState["REFUSED"],
                                homeby.readiness.rules.examinations.ExaminationState["REFUSED"],
                            ),
                            (
                                homeby.readiness.rules.examinations.ExaminationState["APPROVED"],
                                homeby.readiness.rules.examinations.ExaminationState["APPROVED"],
                            ),
                            (
                                homeby.readiness.rules.examinations.ExaminationState["SET"],
                                homeby.readiness.rules.examinations.ExaminationState["SET"],
                            ),
                            (
                                homeby.readiness.rules.examinations.ExaminationState["PASSED"],
                                homeby.readiness.rules.examinations.ExaminationState["PASSED"],
                            ),
                            (
                                homeby.readiness.rules.examinations.ExaminationState["FAILED"],
                                homeby.readiness.rules.examinations.ExaminationState["FAILED"],
                            ),
                            (
                                homeby.readiness.rules.examinations.ExaminationState["WITHDRAWN"],
                                homeby.readiness.rules.examinations.ExaminationState["WITHDRAWN"],
                            ),
                        ],
                        default=homeby.readiness.rules.examinations.ExaminationState["ASKED"],
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_why", models.CharField(blank=True, max_length=1000)),
                (
                    "spoken",
                    models.BooleanField(
                        default=False, help_text="whoever decided had spoken with her"
                    ),
                ),
                ("held_date", models.DateField(null=True)),
                ("board_why", models.CharField(blank=True, max_length=1000)),
                ("result_at", models.DateTimeField(null=True)),
                (
                    "retake_date",
                    models.DateField(help_text="from which day it may be tried again", null=True),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "appeal",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.readiness.rules.examinations.AppealState["NONE"],
                                homeby.readiness.rules.examinations.AppealState["NONE"],
                            ),
                            (
                                homeby.readiness.rules.examinations.AppealState["ASKED"],
                                homeby.readiness.rules.examinations.AppealState["ASKED"],
                            ),
                            (
                                homeby.readiness.rules.examinations.AppealState["UPHELD"],
                                homeby.readiness.rules.examinations.AppealState["UPHELD"],
                            ),
                            (
                                homeby.readiness.rules.examinations.AppealState["DISMISSED"],
                                homeby.readiness.rules.examinations.AppealState["DISMISSED"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("appeal_at", models.DateTimeField(null=True)),
                ("appeal_text", models.CharField(blank=True, max_length=1000)),
                ("appeal_decided_at", models.DateTimeField(null=True)),
                ("appeal_why", models.CharField(blank=True, max_length=1000)),
                (
                    "appeal_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        help_text="who decides on the request",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.examination",
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
                (
                    "result_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    homeby.readiness.rules.examinations.ExaminationState["ASKED"],
                                    homeby.readiness.rules.examinations.ExaminationState[
                                        "APPROVED"
                                    ],
                                    homeby.readiness.rules.examinations.ExaminationState["SET"],
                                ),
                            )
                        ),
                        fields=("person", "what"),
                        name="one_open_examination",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("person", models.F("asked")), _negated=True),
                            models.Q(
                                ("decided_by__isnull", True),
                                models.Q(("person", models.F("decided_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("result_by__isnull", True),
                                models.Q(("person", models.F("result_by")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("appeal_to__isnull", True),
                                models.Q(("person", models.F("appeal_to")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="nobody_decides_on_herself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    (
                                        homeby.readiness.rules.examinations.ExaminationState[
                                            "PASSED"
                                        ],
                                        homeby.readiness.rules.examinations.ExaminationState[
                                            "FAILED"
                                        ],
                                    ),
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                ("held_date__isnull", False),
                                ("result_at__isnull", False),
                                ("result_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_result_has_a_day_and_a_name",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExaminationPart",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("line", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("passed", models.BooleanField(help_text="null: not examined yet", null=True)),
                ("note", models.CharField(blank=True, max_length=1000)),
                (
                    "examination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="readiness.examination",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("examination", "line"), name="one_line_a_part")
                ],
            },
        ),
        migrations.CreateModel(
            name="Examiner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "is_mentor",
                    models.BooleanField(
                        default=False, help_text="named as mentor; not of the board"
                    ),
                ),
                (
                    "examination",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="examiners",
                        to="readiness.examination",
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
                    models.UniqueConstraint(
                        fields=("examination", "person", "is_mentor"), name="one_seat_an_examiner"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Injury",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mission_id", models.UUIDField(null=True)),
                ("told_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.injuries.InjuryState["OPEN"],
                                homeby.readiness.rules.injuries.InjuryState["OPEN"],
                            ),
                            (
                                homeby.readiness.rules.injuries.InjuryState["CLEARED"],
                                homeby.readiness.rules.injuries.InjuryState["CLEARED"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.injuries.Level["NOW"],
                                homeby.readiness.rules.injuries.Level["NOW"],
                            ),
                            (
                                homeby.readiness.rules.injuries.Level["SOON"],
                                homeby.readiness.rules.injuries.Level["SOON"],
                            ),
                            (
                                homeby.readiness.rules.injuries.Level["LATER"],
                                homeby.readiness.rules.injuries.Level["LATER"],
                            ),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "check_at",
                    models.DateTimeField(help_text="when somebody looks again", null=True),
                ),
                ("not_before_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by_id", models.UUIDField(null=True)),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("state", homeby.readiness.rules.injuries.InjuryState["OPEN"])
                        ),
                        fields=["person"],
                        name="injury_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("check_at__isnull", False),
                                ("ended_at__isnull", True),
                                ("state", homeby.readiness.rules.injuries.InjuryState["OPEN"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", homeby.readiness.rules.injuries.InjuryState["OPEN"]),
                                    _negated=True,
                                ),
                                ("check_at__isnull", True),
                                ("ended_at__isnull", False),
                                ("ended_by_id__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="open_injury_is_checked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_by_id__isnull", True),
                            models.Q(("person", models.F("ended_by_id")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_clears_herself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InjuryNote",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("told_at", models.DateTimeField()),
                (
                    "told_as",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.injuries.ToldAs["SELF"],
                                homeby.readiness.rules.injuries.ToldAs["SELF"],
                            ),
                            (
                                homeby.readiness.rules.injuries.ToldAs["COLLEAGUE"],
                                homeby.readiness.rules.injuries.ToldAs["COLLEAGUE"],
                            ),
                            (
                                homeby.readiness.rules.injuries.ToldAs["KIN"],
                                homeby.readiness.rules.injuries.ToldAs["KIN"],
                            ),
                            (
                                homeby.readiness.rules.injuries.ToldAs["MEDIC"],
                                homeby.readiness.rules.injuries.ToldAs["MEDIC"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "by_id",
                    models.UUIDField(help_text="who said it; null: one of her kin", null=True),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.injuries.NoteKind["TOLD"],
                                homeby.readiness.rules.injuries.NoteKind["TOLD"],
                            ),
                            (
                                homeby.readiness.rules.injuries.NoteKind["UPDATE"],
                                homeby.readiness.rules.injuries.NoteKind["UPDATE"],
                            ),
                            (
                                homeby.readiness.rules.injuries.NoteKind["CHECK"],
                                homeby.readiness.rules.injuries.NoteKind["CHECK"],
                            ),
                            (
                                homeby.readiness.rules.injuries.NoteKind["CLEARANCE"],
                                homeby.readiness.rules.injuries.NoteKind["CLEARANCE"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("sealed", models.BinaryField(help_text="the facts as JSON, sealed")),
                (
                    "injury",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="readiness.injury",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="KitItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "label",
                    models.CharField(help_text="what its code says", max_length=40, unique=True),
                ),
                ("name", models.CharField(max_length=200)),
                (
                    "place",
                    models.CharField(blank=True, help_text="where it belongs", max_length=200),
                ),
                (
                    "is_controlled",
                    models.BooleanField(default=False, help_text="is asked for until it is stored"),
                ),
                ("may_leave", models.BooleanField(default=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.kit.KitState["READY"],
                                homeby.readiness.rules.kit.KitState["READY"],
                            ),
                            (
                                homeby.readiness.rules.kit.KitState["OUT"],
                                homeby.readiness.rules.kit.KitState["OUT"],
                            ),
                            (
                                homeby.readiness.rules.kit.KitState["TO_CHECK"],
                                homeby.readiness.rules.kit.KitState["TO_CHECK"],
                            ),
                            (
                                homeby.readiness.rules.kit.KitState["DAMAGED"],
                                homeby.readiness.rules.kit.KitState["DAMAGED"],
                            ),
                            (
                                homeby.readiness.rules.kit.KitState["MISSING"],
                                homeby.readiness.rules.kit.KitState["MISSING"],
                            ),
                        ],
                        default=homeby.readiness.rules.kit.KitState["READY"],
                        max_length=10,
                    ),
                ),
                ("held_at", models.DateTimeField(null=True)),
                ("mission_id", models.UUIDField(null=True)),
                ("remind_at", models.DateTimeField(null=True)),
                ("reminded", models.PositiveSmallIntegerField(default=0)),
                ("expires_date", models.DateField(null=True)),
                ("inspect_days", models.PositiveIntegerField(null=True)),
                ("inspected_date", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(help_text="no longer here", null=True)),
                (
                    "held_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "issued_to",
                    models.ForeignKey(
                        help_text="null: the pool",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("mission_id__isnull", False)),
                        fields=["mission_id"],
                        name="kit_of_a_mission",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("held_at__isnull", False),
                                ("held_by__isnull", False),
                                ("state", homeby.readiness.rules.kit.KitState["OUT"]),
                            ),
                            models.Q(
                                ("held_at__isnull", False),
                                ("held_by__isnull", False),
                                ("state", homeby.readiness.rules.kit.KitState["MISSING"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", homeby.readiness.rules.kit.KitState["OUT"]),
                                    _negated=True,
                                ),
                                ("held_at__isnull", True),
                                ("held_by__isnull", True),
                                ("mission_id__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="kit_out_is_held",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KitContent",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("line", models.PositiveSmallIntegerField(default=1)),
                ("wanted", models.PositiveIntegerField()),
                ("there", models.PositiveIntegerField()),
                ("expires_date", models.DateField(null=True)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contents",
                        to="readiness.kititem",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "name"), name="one_line_a_content"),
                    models.CheckConstraint(
                        condition=models.Q(("wanted__gte", 1)), name="kit_wants_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Mentorship",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_date", models.DateField()),
                ("to_date", models.DateField(null=True)),
                (
                    "learner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "mentor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_date__isnull", True)),
                        fields=("learner", "mentor"),
                        name="one_open_mentorship",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_date__isnull", True),
                            ("to_date__gte", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="mentorship_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("learner", models.F("mentor")), _negated=True),
                        name="nobody_mentors_herself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MentorSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("held_date", models.DateField()),
                ("minutes", models.PositiveIntegerField()),
                ("practised", models.CharField(blank=True, max_length=500)),
                (
                    "is_attended",
                    models.BooleanField(default=True, help_text="the learner was there"),
                ),
                (
                    "mentorship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sessions",
                        to="readiness.mentorship",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MissionDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mission_id", models.UUIDField()),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="in the order in which they were taken"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(null=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["SEATS_FULL"],
                                homeby.readiness.rules.duty_planning.NotPicked["SEATS_FULL"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["TURN_OF_OTHERS"],
                                homeby.readiness.rules.duty_planning.NotPicked["TURN_OF_OTHERS"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["NOT_NEEDED"],
                                homeby.readiness.rules.duty_planning.NotPicked["NOT_NEEDED"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["TOO_HARD"],
                                homeby.readiness.rules.duty_planning.NotPicked["TOO_HARD"],
                            ),
                            (
                                homeby.readiness.rules.duty_planning.NotPicked["OTHER"],
                                homeby.readiness.rules.duty_planning.NotPicked["OTHER"],
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
                ("pool", models.JSONField(default=list)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission_id", "number"), name="decisions_of_a_mission"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnTime",
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
                                homeby.readiness.rules.own_times.OwnTimeKind["LEAVE"],
                                homeby.readiness.rules.own_times.OwnTimeKind["LEAVE"],
                            ),
                            (
                                homeby.readiness.rules.own_times.OwnTimeKind["AVAILABLE"],
                                homeby.readiness.rules.own_times.OwnTimeKind["AVAILABLE"],
                            ),
                            (
                                homeby.readiness.rules.own_times.OwnTimeKind["BUSY"],
                                homeby.readiness.rules.own_times.OwnTimeKind["BUSY"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("known_at", models.DateTimeField()),
                ("entered_by_id", models.UUIDField(null=True)),
                (
                    "ended_at",
                    models.DateTimeField(
                        help_text="taken back, or no longer in the feed", null=True
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
                "indexes": [models.Index(fields=["person", "ends_at"], name="own_times_of_one")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="own_time_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Promotion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("what", models.CharField(max_length=60)),
                ("from_date", models.DateField()),
                (
                    "examination",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promotion",
                        to="readiness.examination",
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
                "abstract": False,
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
                ("aim", models.CharField(blank=True, max_length=500)),
                ("by_date", models.DateField(null=True)),
                ("done_date", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.qualification",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PartyPosition",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mission_id", models.UUIDField()),
                ("as_trainee", models.BooleanField(default=False)),
                ("is_exercise", models.BooleanField(default=False)),
                (
                    "mission_kind",
                    models.CharField(blank=True, help_text="for hours of a kind", max_length=60),
                ),
                ("done_date", models.DateField(null=True)),
                ("hours", models.FloatField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.qualification",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["person"], name="positions_of_a_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission_id", "person", "qualification"),
                        name="position_once_a_mission",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_date__isnull", True), ("hours__isnull", True)),
                            models.Q(("done_date__isnull", False), ("hours__isnull", False)),
                            _connector="OR",
                        ),
                        name="done_has_hours",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MentorAim",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.CharField(blank=True, max_length=200)),
                (
                    "mentorship",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aims",
                        to="readiness.mentorship",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.qualification",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mentorship", "qualification"), name="one_aim_a_skill"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("mission_id", models.UUIDField(null=True)),
                (
                    "duty_id",
                    models.UUIDField(help_text="the shift; then there is no mission", null=True),
                ),
                ("began_at", models.DateTimeField()),
                ("released_at", models.DateTimeField()),
                ("released_by_id", models.UUIDField()),
                ("is_fit", models.BooleanField()),
                ("refused_hurt", models.BooleanField(default=False)),
                (
                    "stands",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.kinds_of_rest.Standing["STOOD_DOWN"],
                                homeby.readiness.rules.kinds_of_rest.Standing["STOOD_DOWN"],
                            ),
                            (
                                homeby.readiness.rules.kinds_of_rest.Standing["REACHABLE"],
                                homeby.readiness.rules.kinds_of_rest.Standing["REACHABLE"],
                            ),
                            (
                                homeby.readiness.rules.kinds_of_rest.Standing["RESTING"],
                                homeby.readiness.rules.kinds_of_rest.Standing["RESTING"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("rest_until_at", models.DateTimeField(null=True)),
                ("rule", models.CharField(blank=True, max_length=300)),
                ("debrief_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(fields=["person", "released_at"], name="release_of_person")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "mission_id"), name="released_once"),
                    models.UniqueConstraint(
                        fields=("person", "duty_id"), name="released_once_of_a_shift"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duty_id__isnull", True), ("mission_id__isnull", False)),
                            models.Q(("duty_id__isnull", False), ("mission_id__isnull", True)),
                            _connector="OR",
                        ),
                        name="release_of_one_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("released_at__gte", models.F("began_at"))),
                        name="release_after_duty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RestOverride",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("by_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500)),
                ("begins_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "lifts_rest",
                    models.BooleanField(default=True, help_text="what the rules of rest say"),
                ),
                (
                    "lifts_health",
                    models.BooleanField(default=True, help_text="“not before”, for her health"),
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
                        condition=models.Q(("person", models.F("by_id")), _negated=True),
                        name="another_breaks_a_rest",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("begins_at__isnull", True), ("ends_at__isnull", True)),
                            ("ends_at__gte", models.F("begins_at")),
                            _connector="OR",
                        ),
                        name="override_of_a_span",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SleepTold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("slept", models.BooleanField()),
                ("told_at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["person", "to_at"], name="sleep_of_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_at__gt", models.F("from_at"))), name="sleep_lasts"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpecialUnitPlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.special_units.Place["MEMBER"],
                                homeby.readiness.rules.special_units.Place["MEMBER"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Place["KEEPER"],
                                homeby.readiness.rules.special_units.Place["KEEPER"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Place["INFORMED"],
                                homeby.readiness.rules.special_units.Place["INFORMED"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "callsign",
                    models.CharField(
                        blank=True, help_text="what she is called there", max_length=60
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by_id", models.UUIDField(null=True)),
                (
                    "begin_reason",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.special_units.Reason["ASKED"],
                                homeby.readiness.rules.special_units.Reason["ASKED"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["NEEDED"],
                                homeby.readiness.rules.special_units.Reason["NEEDED"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["RETURN"],
                                homeby.readiness.rules.special_units.Reason["RETURN"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["OWN_WISH"],
                                homeby.readiness.rules.special_units.Reason["OWN_WISH"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["OTHER_DUTY"],
                                homeby.readiness.rules.special_units.Reason["OTHER_DUTY"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["REST"],
                                homeby.readiness.rules.special_units.Reason["REST"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["REQUIREMENT"],
                                homeby.readiness.rules.special_units.Reason["REQUIREMENT"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["CONDUCT"],
                                homeby.readiness.rules.special_units.Reason["CONDUCT"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["NOT_TAKEN"],
                                homeby.readiness.rules.special_units.Reason["NOT_TAKEN"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_at", models.DateTimeField(null=True)),
                ("to_at", models.DateTimeField(null=True)),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                homeby.readiness.rules.special_units.Reason["ASKED"],
                                homeby.readiness.rules.special_units.Reason["ASKED"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["NEEDED"],
                                homeby.readiness.rules.special_units.Reason["NEEDED"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["RETURN"],
                                homeby.readiness.rules.special_units.Reason["RETURN"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["OWN_WISH"],
                                homeby.readiness.rules.special_units.Reason["OWN_WISH"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["OTHER_DUTY"],
                                homeby.readiness.rules.special_units.Reason["OTHER_DUTY"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["REST"],
                                homeby.readiness.rules.special_units.Reason["REST"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["REQUIREMENT"],
                                homeby.readiness.rules.special_units.Reason["REQUIREMENT"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["CONDUCT"],
                                homeby.readiness.rules.special_units.Reason["CONDUCT"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["NOT_TAKEN"],
                                homeby.readiness.rules.special_units.Reason["NOT_TAKEN"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("ended_by_id", models.UUIDField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="readiness.specialunit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_at__isnull", True)),
                        fields=("unit", "person", "place"),
                        name="one_open_place_in_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_reason", ""), ("to_at__isnull", True)),
                            models.Q(
                                ("to_at__isnull", False),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="a_place_ends_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_at__isnull", True),
                            ("from_at__isnull", True),
                            ("to_at__gte", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="a_place_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskBook",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("tasks", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "is_certified",
                    models.BooleanField(default=False, help_text="it led to the qualification"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                    ),
                ),
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="books",
                        to="readiness.qualification",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("person", "qualification"),
                        name="one_open_task_book",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_certified", False), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="certified_book_has_ended",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.qualifications.Stage["INITIATE"],
                                homeby.readiness.rules.qualifications.Stage["INITIATE"],
                            ),
                            (
                                homeby.readiness.rules.qualifications.Stage["EVALUATE"],
                                homeby.readiness.rules.qualifications.Stage["EVALUATE"],
                            ),
                            (
                                homeby.readiness.rules.qualifications.Stage["FINAL"],
                                homeby.readiness.rules.qualifications.Stage["FINAL"],
                            ),
                            (
                                homeby.readiness.rules.qualifications.Stage["CERTIFY"],
                                homeby.readiness.rules.qualifications.Stage["CERTIFY"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("task", models.PositiveSmallIntegerField(null=True)),
                ("by_id", models.UUIDField()),
                ("on_date", models.DateField()),
                ("mission_id", models.UUIDField(null=True)),
                (
                    "is_exercise",
                    models.BooleanField(default=False, help_text="the mission was one"),
                ),
                ("led_her", models.BooleanField(default=False)),
                (
                    "why",
                    models.CharField(
                        blank=True, help_text="although something lacked", max_length=500
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed",
                        to="readiness.taskbook",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("stage", homeby.readiness.rules.qualifications.Stage["EVALUATE"])
                        ),
                        fields=("book", "task"),
                        name="task_signed_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("stage", homeby.readiness.rules.qualifications.Stage["EVALUATE"]),
                            _negated=True,
                        ),
                        fields=("book", "stage"),
                        name="stage_signed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("stage", homeby.readiness.rules.qualifications.Stage["EVALUATE"]),
                                ("task__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "stage",
                                        homeby.readiness.rules.qualifications.Stage["EVALUATE"],
                                    ),
                                    _negated=True,
                                ),
                                ("task__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="task_for_an_evaluation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("from_date", models.DateField()),
                (
                    "expires_date",
                    models.DateField(help_text="the last day, where a paper says one", null=True),
                ),
                ("withdrawn_date", models.DateField(null=True)),
                ("withdrawn_by_id", models.UUIDField(null=True)),
                ("withdrawn_why", models.CharField(blank=True, max_length=500)),
                (
                    "paper",
                    models.CharField(
                        blank=True, help_text="who issued it, its number", max_length=200
                    ),
                ),
                ("recorded_by_id", models.UUIDField(null=True)),
                ("through_date", models.DateField(null=True)),
                ("warned_through", models.DateField(null=True)),
                ("warnings", models.PositiveSmallIntegerField(default=0)),
                (
                    "badge_place",
                    models.PositiveIntegerField(
                        help_text="its place in the list of what was withdrawn",
                        null=True,
                        unique=True,
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
                (
                    "qualification",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="readiness.qualification",
                    ),
                ),
                (
                    "book",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="readiness.taskbook",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "qualification"], name="holding_of_a_person"),
                    models.Index(
                        condition=models.Q(("through_date__isnull", False)),
                        fields=["through_date"],
                        name="holding_that_ends",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_date__isnull", True),
                            ("expires_date__gte", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="holding_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_date__isnull", True),
                            ("withdrawn_date__gte", models.F("from_date")),
                            _connector="OR",
                        ),
                        name="withdrawn_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.special_units.Reason["ASKED"],
                                homeby.readiness.rules.special_units.Reason["ASKED"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["NEEDED"],
                                homeby.readiness.rules.special_units.Reason["NEEDED"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["RETURN"],
                                homeby.readiness.rules.special_units.Reason["RETURN"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["OWN_WISH"],
                                homeby.readiness.rules.special_units.Reason["OWN_WISH"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["OTHER_DUTY"],
                                homeby.readiness.rules.special_units.Reason["OTHER_DUTY"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["REST"],
                                homeby.readiness.rules.special_units.Reason["REST"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["REQUIREMENT"],
                                homeby.readiness.rules.special_units.Reason["REQUIREMENT"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["CONDUCT"],
                                homeby.readiness.rules.special_units.Reason["CONDUCT"],
                            ),
                            (
                                homeby.readiness.rules.special_units.Reason["NOT_TAKEN"],
                                homeby.readiness.rules.special_units.Reason["NOT_TAKEN"],
                            ),
                        ],
                        max_length=12,
                    ),
                ),
                ("asked_by_id", models.UUIDField(null=True)),
                ("asked_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (
                                homeby.readiness.rules.team_changes.ChangeState["ASKED"],
                                homeby.readiness.rules.team_changes.ChangeState["ASKED"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ChangeState["AGREED"],
                                homeby.readiness.rules.team_changes.ChangeState["AGREED"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ChangeState["DONE"],
                                homeby.readiness.rules.team_changes.ChangeState["DONE"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ChangeState["REFUSED"],
                                homeby.readiness.rules.team_changes.ChangeState["REFUSED"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ChangeState["WITHDRAWN"],
                                homeby.readiness.rules.team_changes.ChangeState["WITHDRAWN"],
                            ),
                        ],
                        default=homeby.readiness.rules.team_changes.ChangeState["ASKED"],
                        max_length=10,
                    ),
                ),
                ("person_agreed_at", models.DateTimeField(null=True)),
                ("from_agreed_by_id", models.UUIDField(null=True)),
                ("from_agreed_at", models.DateTimeField(null=True)),
                ("to_agreed_by_id", models.UUIDField(null=True)),
                ("to_agreed_at", models.DateTimeField(null=True)),
                ("refused_by_id", models.UUIDField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "from_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
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
                (
                    "to_team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    homeby.readiness.rules.team_changes.ChangeState["ASKED"],
                                    homeby.readiness.rules.team_changes.ChangeState["AGREED"],
                                ),
                            )
                        ),
                        fields=("person", "from_team"),
                        name="one_open_change_of_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("from_team", models.F("to_team")), _negated=True),
                        name="another_team_than_before",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    (
                                        homeby.readiness.rules.team_changes.ChangeState["AGREED"],
                                        homeby.readiness.rules.team_changes.ChangeState["DONE"],
                                    ),
                                ),
                                _negated=True,
                            ),
                            models.Q(
                                ("from_agreed_at__isnull", False),
                                ("person_agreed_at__isnull", False),
                                ("to_agreed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="done_by_agreement",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamChangeItem",
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
                                homeby.readiness.rules.team_changes.ItemKind["MISSION"],
                                homeby.readiness.rules.team_changes.ItemKind["MISSION"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ItemKind["DUTY"],
                                homeby.readiness.rules.team_changes.ItemKind["DUTY"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ItemKind["WATCH"],
                                homeby.readiness.rules.team_changes.ItemKind["WATCH"],
                            ),
                            (
                                homeby.readiness.rules.team_changes.ItemKind["ROLE"],
                                homeby.readiness.rules.team_changes.ItemKind["ROLE"],
                            ),
                        ],
                        max_length=10,
                    ),
                ),
                ("ref", models.CharField(max_length=80)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "settled_by_id",
                    models.UUIDField(help_text="null: it ended by itself", null=True),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="readiness.teamchange",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "kind", "ref"), name="one_item_a_thing"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyApproval",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("frame", models.PositiveSmallIntegerField()),
                ("by_id", models.UUIDField()),
                ("reason", models.CharField(max_length=500)),
                ("approved_at", models.DateTimeField()),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="readiness.duty",
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
                    models.UniqueConstraint(
                        fields=("duty", "person"), name="one_approval_on_a_duty"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("by_id")), _negated=True),
                        name="another_approves",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="in the order in which they were taken"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("frame", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("by_id", models.UUIDField(null=True)),
                ("facts", models.JSONField(default=dict)),
                ("pool", models.JSONField(default=list)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="readiness.duty",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "number"), name="decisions_of_a_duty")
                ],
            },
        ),
    ]
