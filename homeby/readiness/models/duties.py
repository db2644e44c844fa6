"""Duties: their time and seats, who was asked and what became of it, and what each decision saw."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person, Team
from homeby.readiness.models.special_units import SpecialUnit
from homeby.readiness.rules.decision_groups import NAME_MAX
from homeby.readiness.rules.duty_planning import (
    NOTE_MAX,
    WHAT_MAX,
    Attended,
    DutyAnswer,
    DutyType,
    NotPicked,
    StoodDown,
)
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.readiness.rules.whose import Whose

KEY_MAX = 40


def _choices(words: type) -> list[tuple[str, str]]:
    return [(one, one) for one in words]  # type: ignore[attr-defined]


class Duty(StateRow):
    """A shift, training or activity as it stands. Its time, and what it asks of everybody, are its
    frame: `frame` counts from 1, and a new time is a new decision (`DutyDecision`).

    `group_id` is shared by all that were decided together: a series, or a `DecisionGroup`.
    """

    kind = models.CharField(max_length=10, choices=_choices(DutyType))
    what = models.CharField(max_length=WHAT_MAX)
    place = models.CharField(max_length=WHAT_MAX, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(SpecialUnit, on_delete=models.PROTECT, null=True, related_name="+")
    zone = models.CharField(max_length=64)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    frame = models.PositiveSmallIntegerField(default=1)
    time_is_free = models.BooleanField(default=True, help_text="whoever plans it chose the time")
    position = models.CharField(max_length=KEY_MAX, blank=True, help_text="all of them hold it")
    also = models.JSONField(default=list, help_text="further positions that all of them hold")
    rank_place = models.PositiveSmallIntegerField(null=True, help_text="this rank, or a higher one")
    group_id = models.UUIDField()
    is_series = models.BooleanField(default=False)
    planned_by_id = models.UUIDField(null=True)
    planner_since_at = models.DateTimeField(
        null=True, help_text="since when it is hers; null: she planned it"
    )
    planner_said_at = models.DateTimeField(null=True, help_text="when she said that she has it")
    mentor_id = models.UUIDField(null=True, help_text="a one-to-one with this mentor")
    is_open = models.BooleanField(default=False, help_text="whoever fits may sign up herself")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=NOTE_MAX, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="duty_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["starts_at"], name="duty_by_start"),
            models.Index(fields=["ends_at"], name="duty_by_end"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def ref(self) -> str:
        """How other rooms name it."""
        return f"duty:{self.pk}"

    @property
    def whose(self) -> Whose:
        """Whose people it is planned for."""
        return Whose(self.team_id, self.unit_id)

    @property
    def needs(self) -> tuple[str, ...]:
        """The positions that all of them hold."""
        return tuple(one for one in (self.position, *self.also) if one)


class DecisionGroup(StateRow):
    """What is decided together and begins within some weeks, by the name that whoever plans it
    gave: a roster, an expedition of missions and duties. Of one team, special unit, or everybody.

    `first_at` and `last_at` are the first beginning in it and the last; of a mission, when it is
    expected back. It takes in more until the last one has begun.
    """

    name = models.CharField(max_length=NAME_MAX, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(SpecialUnit, on_delete=models.PROTECT, null=True, related_name="+")
    begun_by_id = models.UUIDField(null=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name

    @property
    def whose(self) -> Whose:
        """Whose people it is planned for."""
        return Whose(self.team_id, self.unit_id)


class GroupedMission(StateRow):
    """A mission that was decided together with others; it counts as long as the mission is for the
    same team or special unit as its group."""

    mission_id = models.UUIDField(unique=True)
    group = models.ForeignKey(DecisionGroup, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.mission_id)


class DutySeat(StateRow):
    """One seat; `is_fixed` where whoever has it goes by her office, and by no choice."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    position = models.CharField(max_length=KEY_MAX, blank=True, help_text="empty: anybody")
    also = models.JSONField(default=list, help_text="further positions that it needs")
    role = models.CharField(max_length=60, blank=True, help_text="what whoever has it is there")
    is_fixed = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "number"], name="duty_seat_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.position}"

    @property
    def needs(self) -> tuple[str, ...]:
        """The positions that it needs, all of them; none: anybody."""
        return tuple(one for one in (self.position, *self.also) if one)


class DutyPerson(StateRow):
    """Somebody asked for a duty, or who signed up, and what became of it. She is on it while she is
    picked and not stood down.

    `answered_frame` and `seen_frame` say for which time she answered, and which one she has seen.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, help_text="null: she signed up herself")
    asked_by_id = models.UUIDField(null=True)
    is_reserve = models.BooleanField(default=False, help_text="called later, for somebody else")
    told_frame = models.PositiveSmallIntegerField(default=1)
    told_at = models.DateTimeField(null=True)
    seen_frame = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=10, null=True, choices=_choices(DutyAnswer))
    answered_at = models.DateTimeField(null=True)
    answered_frame = models.PositiveSmallIntegerField(default=0)
    answered_by_id = models.UUIDField(null=True, help_text="who entered it")
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    picked_at = models.DateTimeField(null=True)
    picked_by_id = models.UUIDField(null=True)
    not_picked = models.CharField(max_length=20, blank=True, choices=_choices(NotPicked))
    seat = models.OneToOneField(DutySeat, on_delete=models.PROTECT, null=True, related_name="taken")
    stood_down_at = models.DateTimeField(null=True)
    stood_down_by_id = models.UUIDField(null=True)
    stood_down_why = models.CharField(max_length=20, blank=True, choices=_choices(StoodDown))
    attended = models.CharField(max_length=20, blank=True, choices=_choices(Attended))
    attended_at = models.DateTimeField(null=True)
    attended_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "person"], name="once_on_a_duty"),
            models.CheckConstraint(
                name="duty_seat_is_of_the_picked",
                condition=Q(seat__isnull=True)
                | Q(picked_at__isnull=False, stood_down_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "asked_at"], name="duties_of_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.answer or ''}"

    @property
    def is_on(self) -> bool:
        """Whether she is picked for it and not stood down."""
        return self.picked_at is not None and self.stood_down_at is None


class DutyApproval(StateRow):
    """An adult says that a minor may be on this duty though a limit speaks against it, and why. It
    is of the time that the duty had then (`frame`); one for each, the newest counts."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="approvals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    frame = models.PositiveSmallIntegerField()
    by_id = models.UUIDField()
    reason = models.CharField(max_length=NOTE_MAX)
    approved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "person"], name="one_approval_on_a_duty"),
            models.CheckConstraint(name="another_approves", condition=~Q(person=F("by_id"))),
        ]

    def __str__(self) -> str:
        return f"approval of {self.person_id}"


class DutyDecision(StateRow):
    """What a decision saw (`FRAME`, `ASKED`, `CREW`, `GROUP`): its frame, everybody it could
    concern, who of them fitted, was away, had something else, was available. Written and never
    changed."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(help_text="in the order in which they were taken")
    kind = models.CharField(max_length=10)
    frame = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    pool = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["duty", "number"], name="decisions_of_a_duty"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class DutySwap(StateRow):
    """One offers her duty to another: for nothing, for one of the other's (`for_duty`), or at the
    hand-over with a note. Open until the other answers, or it is taken back."""

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="swaps")
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    for_duty = models.ForeignKey(Duty, on_delete=models.PROTECT, null=True, related_name="+")
    is_hand_over = models.BooleanField(default=False)
    note = models.CharField(max_length=NOTE_MAX, blank=True)
    offered_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    is_taken = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["duty", "from_person"],
                condition=Q(ended_at__isnull=True),
                name="one_open_offer_of_a_duty",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_person_id} to {self.to_person_id}"


class OwnTime(StateRow):
    """A span that a person says of herself: leave, or that she is available; or that an outside
    calendar says: busy, and nothing more. `known_at` is when Homeby learned of it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=_choices(OwnTimeKind))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    known_at = models.DateTimeField()
    entered_by_id = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="taken back, or no longer in the feed")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="own_time_ends_after_it_begins", condition=Q(ends_at__gt=F("starts_at"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person", "ends_at"], name="own_times_of_one")]

    def __str__(self) -> str:
        return f"{self.kind} {self.starts_at}"


class BusyFeed(StateRow):
    """The outside calendar of a person, by its sealed address; read by the hour."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    address_sealed = models.BinaryField()
    set_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, help_text="when it was last read whole")
    tried_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=NOTE_MAX, blank=True)
    spans = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"feed of {self.person_id}"


class CalendarLink(StateRow):
    """The address by which a program reads a person's own duties; only its hash is kept."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    shows_all = models.BooleanField(default=False, help_text="what and where, too")

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"
