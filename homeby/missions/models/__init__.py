"""Tables of missions: plan, party, extension, first report; sites, gates, reasons; unmatched."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.missions.models import sealed as sealed
from homeby.missions.models.debrief_items import DebriefItem as DebriefItem
from homeby.missions.models.lessons import Lesson as Lesson
from homeby.missions.models.lessons import PlaceLesson as PlaceLesson
from homeby.missions.models.minors import MinorApproval as MinorApproval
from homeby.missions.models.minors import MinorLimit as MinorLimit
from homeby.missions.models.openings import ArchiveOpening as ArchiveOpening
from homeby.missions.models.units import MissionUnit as MissionUnit
from homeby.missions.rules import (
    Acceptance,
    Conditions,
    ExtensionState,
    How,
    Hurt,
    MemberState,
    MissionState,
)
from homeby.missions.rules.glass import LENGTH_MOST, without_passkey
from homeby.people.models import Person, Team


class Site(StateRow):
    """A place people leave from and come home to. It may have several gates."""

    name = models.CharField(max_length=200, unique=True)
    zone = models.CharField(max_length=64, default="UTC")
    ended_at = models.DateTimeField(null=True, help_text="nobody leaves from here any more")

    def __str__(self) -> str:
        return self.name


class Gate(StateRow):
    """A point of a site where out and back are recorded."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="gates")
    name = models.CharField(max_length=200)
    is_by_phone = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, help_text="closed for good")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="gate_name_once_a_site")
        ]

    def __str__(self) -> str:
        return self.name


class DelayReason(StateRow):
    """A plain reason for a delay; `is_trouble` raises a flag that a named person clears."""

    code = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=200)
    is_trouble = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, help_text="no longer offered")

    def __str__(self) -> str:
        return self.label


def ref_of(mission_id: uuid.UUID) -> str:
    """The text by which the watch and the logbook know a mission."""
    return f"mission:{mission_id}"


class MissionKind(StateRow):
    """A kind of mission: what limits of minors and hours on missions of a kind go by. A mission
    without one is an ordinary one, and real."""

    code = models.CharField(max_length=40, unique=True, help_text="as rule packs name it")
    name = models.CharField(max_length=200)
    is_exercise = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, help_text="no longer offered")

    def __str__(self) -> str:
        return self.name


class Mission(StateRow):
    """One outing with an expected return. Every time is instant + zone + what was typed."""

    key = models.CharField(max_length=200, null=True, unique=True, help_text="key of an import")
    state = models.CharField(max_length=20, choices=[(s, s) for s in MissionState])
    what = models.CharField(max_length=300)
    place = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    route_gpx = models.TextField(blank=True)
    leader = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="led")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    unit = models.ForeignKey(MissionUnit, on_delete=models.PROTECT, null=True)
    kind = models.ForeignKey(MissionKind, on_delete=models.PROTECT, null=True)
    is_solo = models.BooleanField(default=False)
    zone = models.CharField(max_length=64)
    sets_out_at = models.DateTimeField(null=True, help_text="as planned; null: nobody said")
    sets_out_typed = models.CharField(max_length=100, blank=True)
    due_at = models.DateTimeField(null=True)
    due_typed = models.CharField(max_length=100, blank=True)
    call_out_at = models.DateTimeField(null=True)
    call_out_typed = models.CharField(max_length=100, blank=True)
    party_call_out_at = models.DateTimeField(
        null=True, help_text="the call-out time of the party, while one of it is alone"
    )
    check_in_minutes = models.PositiveIntegerField(null=True)
    check_in_times = models.JSONField(default=list, help_text="instants agreed one by one")
    check_in_typed = models.CharField(max_length=300, blank=True)
    alone_at = models.DateTimeField(null=True, help_text="since when one of the party is alone")
    party_check_in_minutes = models.PositiveIntegerField(
        null=True, help_text="the check-ins of the party, while one of it is alone"
    )
    conditions = models.CharField(
        max_length=20, default=Conditions.NORMAL, choices=[(c, c) for c in Conditions]
    )
    vehicle = models.CharField(max_length=300, blank=True)
    kit = models.TextField(blank=True)
    communications = models.CharField(max_length=300, blank=True)
    device = models.CharField(max_length=300, blank=True)
    buddy = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="buddy_of")
    planned_by_id = models.UUIDField(null=True)
    asked_by_id = models.UUIDField(null=True)
    assigned_by_id = models.UUIDField(null=True)
    acceptance = models.CharField(
        max_length=20, default=Acceptance.NOT_ASKED, choices=[(a, a) for a in Acceptance]
    )
    acceptance_note = models.CharField(max_length=500, blank=True)
    approved_by_id = models.UUIDField(null=True)
    approved_at = models.DateTimeField(null=True)
    out_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    delay_reason = models.ForeignKey(DelayReason, on_delete=models.PROTECT, null=True)
    is_trouble = models.BooleanField(default=False)
    trouble_cleared_by_id = models.UUIDField(null=True)
    trouble_cleared_at = models.DateTimeField(null=True)
    debrief_due_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="mission_call_out_after_due",
                condition=Q(call_out_at__isnull=True)
                | Q(due_at__isnull=True)
                | Q(call_out_at__gte=F("due_at")),
            ),
            models.CheckConstraint(
                name="approved_in_pairs",
                condition=Q(approved_by_id__isnull=True, approved_at__isnull=True)
                | Q(approved_by_id__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="cleared_in_pairs",
                condition=Q(trouble_cleared_by_id__isnull=True, trouble_cleared_at__isnull=True)
                | Q(trouble_cleared_by_id__isnull=False, trouble_cleared_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], name="mission_out", condition=Q(state=MissionState.OUT)
            ),
            models.Index(fields=["due_at", "id"], name="mission_by_due"),  # the list, by pages
            models.Index(fields=["planned_by_id"], name="mission_planned_by"),
            models.Index(fields=["assigned_by_id"], name="mission_assigned_by"),
            models.Index(fields=["unit"], name="mission_of_unit", condition=Q(unit__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def ref(self) -> str:
        """The text by which the watch and the logbook know this mission."""
        return ref_of(self.pk)


class PartyMember(StateRow):
    """One person or unit of a party: planned, out, back. Each signs in for themselves."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="party")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="outings")
    state = models.CharField(max_length=20, choices=[(s, s) for s in MemberState])
    description = models.CharField(max_length=1000, blank=True, help_text="looks, wears, carries")
    acceptance = models.CharField(
        max_length=20, default=Acceptance.NOT_ASKED, choices=[(a, a) for a in Acceptance]
    )
    acceptance_note = models.CharField(max_length=500, blank=True)
    out_at = models.DateTimeField(null=True)
    out_gate = models.ForeignKey(Gate, on_delete=models.PROTECT, null=True, related_name="+")
    out_how = models.CharField(max_length=10, blank=True, choices=[(h, h) for h in How])
    out_by_id = models.UUIDField(null=True)
    back_at = models.DateTimeField(null=True)
    back_gate = models.ForeignKey(Gate, on_delete=models.PROTECT, null=True, related_name="+")
    back_how = models.CharField(max_length=10, blank=True, choices=[(h, h) for h in How])
    back_by_id = models.UUIDField(null=True)
    debriefed_at = models.DateTimeField(null=True)
    debriefed_by_id = models.UUIDField(null=True)
    kin_confirmed_at = models.DateTimeField(
        null=True, help_text="when they confirmed for this mission whom they named to be told"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mission", "person"], name="once_in_a_party"),
            models.CheckConstraint(
                name="back_has_time",
                condition=~Q(state=MemberState.BACK) | Q(back_at__isnull=False),
            ),
            models.CheckConstraint(
                name="out_has_time", condition=~Q(state=MemberState.OUT) | Q(out_at__isnull=False)
            ),
            models.CheckConstraint(
                name="debriefed_in_pairs",
                condition=Q(debriefed_by_id__isnull=True, debriefed_at__isnull=True)
                | Q(debriefed_by_id__isnull=False, debriefed_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="person_out", condition=Q(state=MemberState.OUT)),
            models.Index(fields=["person", "out_at"], name="outings_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"


class Extension(StateRow):
    """A request for more time. It counts once granted; until then the old time stands."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="extensions")
    due_at = models.DateTimeField()
    due_typed = models.CharField(max_length=100, blank=True)
    call_out_at = models.DateTimeField()
    why = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=20)
    asked_by_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in ExtensionState])
    first_by_id = models.UUIDField(null=True, help_text="the first of two, after the call-out time")
    decided_by_id = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_why = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mission"],
                condition=Q(state=ExtensionState.ASKED),
                name="one_open_extension",
            )
        ]

    def __str__(self) -> str:
        return f"until {self.due_at:%H:%M} {self.state}"


class FirstReport(StateRow):
    """The one-minute report at sign-in, one a person, and what they added to it later (`amends`),
    which takes nothing back. A refusal to say is kept as a refusal."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="first_reports")
    person = models.ForeignKey(Person, on_delete=models.PROTECT)
    given_at = models.DateTimeField()
    given_by_id = models.UUIDField(null=True)
    hurt = models.CharField(max_length=20, choices=[(h, h) for h in Hurt])
    urgent = models.CharField(max_length=1000, blank=True)
    still_out = models.CharField(max_length=1000, blank=True)
    kit_missing = models.CharField(max_length=1000, blank=True)
    danger = models.CharField(max_length=1000, blank=True)
    amends = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="added")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mission", "person"],
                name="one_first_report",
                condition=Q(amends__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"first report of {self.person_id}"


class Unmatched(StateRow):
    """An act at the gate that fits nothing: recorded, shown, never refused."""

    kind = models.CharField(max_length=60)
    person_id = models.UUIDField(null=True)
    mission_id = models.UUIDField(null=True)
    happened_at = models.DateTimeField()
    why = models.CharField(max_length=500)
    help_ref = models.CharField(max_length=80, blank=True, help_text="what its alarm is about")
    is_unverified = models.BooleanField(default=False, help_text="from a source nobody knows")
    is_early = models.BooleanField(
        default=False, help_text="fits nothing only because no sign-out before it has come yet"
    )
    settled_by_id = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_how = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="settled_in_pairs",
                condition=Q(settled_by_id__isnull=True, settled_at__isnull=True)
                | Q(settled_by_id__isnull=False, settled_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.why}"


class BrokenGlass(StateRow):
    """Somebody opened, for an hour and a reason, what is closed about one party. It ends by its own
    time, and is red until somebody else has reviewed it."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="glass")
    holder_id = models.UUIDField()
    held_as = models.CharField(max_length=20, help_text="in which role")
    device = models.CharField(max_length=80)
    proved_with = models.CharField(
        max_length=80, blank=True, help_text="the proofs of its holder; of earlier ones unknown"
    )
    reason = models.CharField(max_length=LENGTH_MOST)
    party = models.JSONField(default=list, help_text="the people whom it opens")
    officers = models.JSONField(default=list, help_text="who was told beside the party")
    opened_at = models.DateTimeField()
    until_at = models.DateTimeField()
    party_told_at = models.DateTimeField(null=True, help_text="later while a silent alarm is open")
    reviewed_by_id = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=LENGTH_MOST, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="glass_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="glass_opens_before_it_ends", condition=Q(until_at__gte=F("opened_at"))
            ),
            models.CheckConstraint(
                name="glass_is_reviewed_by_somebody_else",
                condition=Q(reviewed_by_id__isnull=True, reviewed_at__isnull=True, review="")
                | (
                    Q(reviewed_by_id__isnull=False, reviewed_at__isnull=False)
                    & ~Q(review="")
                    & ~Q(reviewed_by_id=F("holder_id"))
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["until_at"], name="glass_to_review", condition=Q(reviewed_at__isnull=True)
            ),
            models.Index(  # asked for at each page of whoever keeps the watch
                fields=["holder_id"], name="glass_untold", condition=Q(party_told_at__isnull=True)
            ),
        ]

    @property
    def is_without_passkey(self) -> bool:
        """Whether its holder proved herself by something weaker than a passkey."""
        return without_passkey(self.proved_with)

    def __str__(self) -> str:
        return f"glass of {self.holder_id}"
