"""When the search for people who are left out is on, whom it has spoken of, and what it holds."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person, Team
from homeby.welfare.models.concerns import Concern
from homeby.welfare.rules.evidence import QUESTIONS
from homeby.welfare.rules.kept import DIGEST_BYTES
from homeby.welfare.rules.switch import ONE_IN_YEARS, Unasked


class SearchPeriod(StateRow):
    """The search is on from an instant until another, with one promise: at most one false signal in
    so many years of one member. None without an end: it is off."""

    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    one_in_years = models.PositiveIntegerField(choices=[(one, str(one)) for one in ONE_IN_YEARS])
    by_id = models.UUIDField(null=True, help_text="who switched it on, or chose this promise")
    is_open = models.BooleanField(
        null=True, default=True, unique=True, help_text="null: it is over"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="search_period",
                condition=Q(to_at__isnull=True, is_open=True)
                | Q(to_at__gte=F("from_at"), is_open__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"search from {self.from_at:%Y-%m-%d}"


class NotAbout(StateRow):
    """Somebody wants nothing of a kind said about herself unasked, from an instant until another:
    none is raised of what was decided then, or that would be raised then. Nobody else reads it."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said = models.CharField(max_length=10, choices=[(one, one) for one in Unasked])
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "said"],
                condition=Q(to_at__isnull=True),
                name="one_open_not_about",
            ),
            models.CheckConstraint(
                name="not_about_period",
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} not about {self.person_id}"


class LeftOutSignal(StateRow):
    """It was enough to say so: of whom, in which team, by which question, at which decision. Once
    raised it stays; where the records are others by now and would not say so, that is noted."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=40, choices=[(one.name, one.name) for one in QUESTIONS])
    at = models.DateTimeField(help_text="when that decision was over")
    key = models.CharField(max_length=80, blank=True, help_text="the last activity; blank: faded")
    raised_at = models.DateTimeField()
    not_found_at = models.DateTimeField(null=True, help_text="by the records as they are by now")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="signals")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "team", "question", "at"], name="signal_raised_once"
            )
        ]

    def __str__(self) -> str:
        return f"signal {self.pk}"


class TeamState(models.Model):
    """What is known of a team's decisions so far, or was at the turn of a month (`month`, counted
    through; 0: as it stands). No state row: it follows from the records alone, and is made again
    from them (docs/decisions/0023)."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    month = models.PositiveIntegerField(default=0)
    until_at = models.DateTimeField()
    until_key = models.CharField(max_length=80)
    body = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "month"], name="one_state_a_month")
        ]

    def __str__(self) -> str:
        return f"state of {self.team_id}"


class TeamBase(models.Model):
    """How a team stood when what its earliest decisions saw was erased: whatever is made again is
    made from here on (docs/decisions/0023). No state row, as `TeamState`."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="+")
    until_at = models.DateTimeField()
    until_key = models.CharField(max_length=80)
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"base of {self.team_id}"


class TakenIn(models.Model):
    """A decision, or what else counted, that a team's state holds, as a few bytes of it: so it is
    noticed when a record of it is another one. No state row, as `TeamState`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    key = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=DIGEST_BYTES)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "at", "key"], name="taken_in_once")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.team_id}"


class SearchLook(models.Model):
    """Up to which entry and instant the search has looked: nothing is read again where nothing has
    come since. One row; no state row, as `TeamState`."""

    only = models.BooleanField(default=True, unique=True)
    number = models.BigIntegerField()
    until_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"looked until {self.until_at}"
