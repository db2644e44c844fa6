"""Who was released when and rests until when, by whose word a rest was broken, what was said about
sleep, and by which rules."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from homeby.logbook.models import StateRow
from homeby.people.models import Person
from homeby.readiness.rules.kinds_of_rest import PackUse, Standing
from homeby.readiness.rules.protection import REASON_MOST


class Release(StateRow):
    """Somebody was released from a mission or a shift; her rest begins with it. Where she is,
    nobody keeps.

    `refused_hurt`: she would not say whether she is hurt, which is no "no". What she said is kept
    with her health, not here. `rule` says by which rule she rests, `debrief_at` when the rest of
    the debrief is appointed; null where all was said at once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    mission_id = models.UUIDField(null=True)
    duty_id = models.UUIDField(null=True, help_text="the shift; then there is no mission")
    began_at = models.DateTimeField()
    released_at = models.DateTimeField()
    released_by_id = models.UUIDField()
    is_fit = models.BooleanField()
    refused_hurt = models.BooleanField(default=False)
    stands = models.CharField(max_length=12, choices=[(one, one) for one in Standing])
    rest_until_at = models.DateTimeField(null=True)
    rule = models.CharField(max_length=300, blank=True)
    debrief_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "mission_id"], name="released_once"),
            models.UniqueConstraint(fields=["person", "duty_id"], name="released_once_of_a_shift"),
            models.CheckConstraint(
                name="release_of_one_thing",
                condition=Q(mission_id__isnull=False, duty_id__isnull=True)
                | Q(mission_id__isnull=True, duty_id__isnull=False),
            ),
            models.CheckConstraint(
                name="release_after_duty", condition=Q(released_at__gte=F("began_at"))
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "released_at"], name="release_of_person")
        ]

    def __str__(self) -> str:
        return f"release of {self.person_id}"


class RestOverride(StateRow):
    """Somebody took it on herself, by name and with a reason, that a rest is broken: for one duty
    or mission, whose span it has. Said of her and of no duty it has none (empty) until she is put
    on one that it lets her be on, and then that one's."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by_id = models.UUIDField()
    at = models.DateTimeField()
    reason = models.CharField(max_length=REASON_MOST)
    begins_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    lifts_rest = models.BooleanField(default=True, help_text="what the rules of rest say")
    lifts_health = models.BooleanField(default=True, help_text="“not before”, for her health")
    over_another_id = models.UUIDField(
        null=True, help_text="the duty for which it was seen that she is on another at that time"
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="another_breaks_a_rest", condition=~Q(person=F("by_id"))),
            models.CheckConstraint(
                name="override_of_a_span",
                condition=Q(begins_at__isnull=True, ends_at__isnull=True)
                | Q(ends_at__gte=F("begins_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"rest of {self.person_id} broken"


class SleepTold(StateRow):
    """What somebody said in one tap about her sleep: she slept in that time, or did not."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    slept = models.BooleanField()
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="sleep_lasts", condition=Q(to_at__gt=F("from_at")))
        ]
        indexes: ClassVar = [models.Index(fields=["person", "to_at"], name="sleep_of_person")]

    def __str__(self) -> str:
        return f"sleep of {self.person_id}"


class RulePack(StateRow):
    """The rules by which people rest, and those for minors: one that comes with Homeby, or a text
    of the organisation's own."""

    use = models.CharField(max_length=10, unique=True, choices=[(one, one) for one in PackUse])
    key = models.CharField(max_length=100, help_text="the key of a shipped one; of the text's own")
    text = models.TextField(blank=True, help_text="a pack of the organisation's own, as TOML")

    def __str__(self) -> str:
        return f"{self.use}: {self.key}"
