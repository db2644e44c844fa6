"""Concerns about people, what was said and done about them, and when somebody asks again. Words lie
sealed under the key of whom they are about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person, Team
from homeby.welfare.rules.concerns import (
    ConcernKind,
    ConcernState,
    HowFound,
    NextStep,
    NoteKind,
    Outcome,
    Span,
)


class Concern(StateRow):
    """Somebody is looked after: about whom, why, since when, by whom. It ends by a person alone.
    `key` is what it was opened for: the same matter opens none twice."""

    key = models.CharField(max_length=200, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(one, one) for one in ConcernKind])
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, related_name="+", help_text="concerned by it"
    )
    opened_at = models.DateTimeField()
    opened_by_id = models.UUIDField(null=True, help_text="who spoke; null: the station")
    answer_by = models.DateTimeField(null=True, help_text="until then whoever spoke is answered")
    answered_at = models.DateTimeField(null=True)
    asked_again_at = models.DateTimeField(null=True, help_text="when officers were reminded last")
    owner_id = models.UUIDField(null=True)
    owned_since = models.DateTimeField(null=True)
    known_at = models.DateTimeField(null=True, help_text="since when she knows of it")
    may_ask_at = models.DateTimeField(null=True, help_text="since when others may be asked")
    state = models.CharField(max_length=8, choices=[(one, one) for one in ConcernState])
    outcome = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in Outcome])
    ended_at = models.DateTimeField(null=True)
    ended_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_person_ends_a_concern",
                condition=Q(
                    state=ConcernState.OPEN,
                    outcome="",
                    ended_at__isnull=True,
                    ended_by_id__isnull=True,
                )
                | (
                    Q(state=ConcernState.ENDED, ended_at__isnull=False, ended_by_id__isnull=False)
                    & ~Q(outcome="")
                ),
            ),
            models.CheckConstraint(
                name="an_owner_since",
                condition=Q(owner_id__isnull=True, owned_since__isnull=True)
                | Q(owner_id__isnull=False, owned_since__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["person"], name="concern_open", condition=Q(state=ConcernState.OPEN)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NotShownTo(StateRow):
    """Somebody who does not read a concern though she is a welfare officer: she decided what it is
    about, or whoever spoke asks for another one."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="not_shown_to")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["concern", "person"], name="not_shown_once")
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} not to {self.person_id}"


class ConcernNote(StateRow):
    """What was said or done about a concern, by whom; a later one corrects nothing."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=16, choices=[(one, one) for one in NoteKind])
    at = models.DateTimeField()
    by_id = models.UUIDField(null=True, help_text="null: the station")
    step = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in NextStep])
    sealed = models.BinaryField(
        null=True, help_text="the words as JSON, sealed; null: none, or gone"
    )

    def __str__(self) -> str:
        return f"{self.kind} of {self.concern_id}"


class FollowUp(StateRow):
    """Somebody asks again, by a day; it is done by a person, or dropped because she says no."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="follow_ups")
    due_at = models.DateTimeField()
    span = models.CharField(max_length=8, choices=[(one, one) for one in Span])
    owner_id = models.UUIDField()
    asked_at = models.DateTimeField(null=True, help_text="when its owner was told that it is due")
    passed_on_at = models.DateTimeField(null=True, help_text="when others were told, too")
    done_at = models.DateTimeField(null=True)
    done_by_id = models.UUIDField(null=True)
    dropped = models.BooleanField(default=False, help_text="she said no")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_person_does_a_follow_up",
                condition=Q(done_at__isnull=True, done_by_id__isnull=True)
                | Q(done_at__isnull=False, done_by_id__isnull=False),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="follow_up_due", condition=Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"follow-up of {self.concern_id}"


class WelfareCheck(StateRow):
    """A duty began without her: somebody calls, then calls whom she named, then goes. The watch
    waits for it (`seat:<id>`); how she was is recorded by whoever found her."""

    concern = models.OneToOneField(Concern, on_delete=models.PROTECT, related_name="check_of")
    seat_id = models.UUIDField(unique=True, help_text="her place on the duty")
    began_at = models.DateTimeField(help_text="when the duty began")
    found_at = models.DateTimeField(null=True)
    found_by_id = models.UUIDField(null=True)
    how = models.CharField(
        max_length=12,
        blank=True,
        choices=[(one, one) for one in HowFound],
        help_text="blank once she was found: it was erased",
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="found_by_somebody",
                condition=Q(found_at__isnull=True, found_by_id__isnull=True, how="")
                | Q(found_at__isnull=False, found_by_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"check of {self.concern_id}"


class OwnGrace(StateRow):
    """After how many minutes she wants to be looked for, when a duty begins without her."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="grace_of_two_hours_at_most", condition=Q(minutes__gte=0, minutes__lte=120)
            )
        ]

    def __str__(self) -> str:
        return f"{self.minutes} minutes of {self.person_id}"
