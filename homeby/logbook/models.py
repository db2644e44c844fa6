"""Entries and their bodies; the base of every state row."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One immutable line of the logbook; the database refuses UPDATE and DELETE of it."""

    number = models.BigAutoField(primary_key=True)
    entry_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    person_id = models.UUIDField(null=True)
    actor_id = models.UUIDField(null=True)
    device = models.CharField(max_length=80)
    device_sequence = models.BigIntegerField(null=True)
    device_signature = models.BinaryField(null=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    body_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "number"], name="entry_by_subject"),
            models.Index(fields=["person_id", "number"], name="entry_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.subject}"


class EntryBody(models.Model):
    """Body and salt of an entry. Its only change is a logged erasure: both go, the leaf stays."""

    entry = models.OneToOneField(
        Entry, on_delete=models.PROTECT, primary_key=True, related_name="content"
    )
    body = models.TextField(null=True)
    salt = models.BinaryField(max_length=16, null=True)
    erased_by = models.UUIDField(null=True, help_text="the entry that erased this body")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="body_and_salt_or_erasure",
                condition=models.Q(body__isnull=False, salt__isnull=False, erased_by__isnull=True)
                | models.Q(body__isnull=True, salt__isnull=True, erased_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"body of {self.entry_id}"


class KeptCheckpoint(models.Model):
    """A checkpoint of this logbook that was signed and kept: each minute in which it grew, and
    before every backup. Not a state row: it says nothing that the entries do not say, and is
    compared with them by the replay. What it does not tell of an entry cannot be told by it."""

    size = models.BigIntegerField(primary_key=True, help_text="how many entries it covers")
    number = models.BigIntegerField(help_text="of the last of them")
    kept_at = models.DateTimeField()
    note = models.TextField(help_text="as it was signed: c2sp.org/tlog-checkpoint")
    frontier = models.BinaryField(help_text="the peaks of the tree, to go on from")
    leaves = models.BinaryField(help_text="the last leaf hashes that it covers")
    is_lasting = models.BooleanField(help_text="kept for good: the first of a day, or of a backup")

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class Auditor(models.Model):
    """When an auditor last looked, in the machine's own time, what it found, and how the outside
    heartbeat answered. Not a state row: each change of the verdict is an entry, and the rest says
    only that somebody is awake."""

    name = models.CharField(max_length=100, primary_key=True)
    started_at = models.DateTimeField()
    looked_at = models.DateTimeField()
    agrees = models.BooleanField(null=True, help_text="null: not judged yet")
    sentences = models.JSONField(default=list)
    heartbeat_set = models.BooleanField(default=False)
    heartbeat_at = models.DateTimeField(null=True, help_text="the last one that was answered well")
    heartbeat_answer = models.CharField(max_length=300, blank=True)
    outside_zero_at = models.DateTimeField(
        null=True, help_text="the zero (homeby.steady) by the clock of the other side"
    )
    outside_boot_seconds = models.FloatField(null=True, help_text="the machine's count then")
    outside_apart_seconds = models.FloatField(
        null=True, help_text="by how much our time is ahead of it"
    )
    outside_machine = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.name


class Read(models.Model):
    """One look at somebody: who, what, when, why (promise P15). The database refuses DELETE of it,
    as of an entry, and UPDATE but for emptying it, when a person is erased or its time is over:
    that there was such a look stays. Not a state row: a look changes nothing, and its history is
    itself. One row in each ten minutes of the clock for the same look by the same reader."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    ten_minutes = models.BigIntegerField(help_text="which ten minutes of the clock these are")
    viewer_id = models.UUIDField()
    viewed_as = models.CharField(max_length=20, help_text="in which part: a role, or LINK")
    kind = models.CharField(max_length=20)
    what = models.CharField(max_length=120, help_text="the thing: mission:<id>, person:<id>, board")
    whose = models.UUIDField(null=True, help_text="whom it is about, where it is one person")
    why = models.CharField(max_length=300, blank=True, help_text="the reason that was typed")
    device = models.CharField(max_length=80)
    erased_by = models.UUIDField(null=True, help_text="the entry that took a person out of it")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["viewer_id", "ten_minutes", "kind", "what", "why"], name="one_look"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["whose", "at"], name="read_of_person"),
            models.Index(fields=["what", "at"], name="read_of_thing"),
            models.Index(fields=["kind", "at"], name="read_of_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.what}"


class LookLeaf(models.Model):
    """A look as it was counted for the second tree: a salted hash of what of it can be emptied; the
    salt goes with that. Not a state row: it follows from the looks, and entries tell its root."""

    number = models.BigIntegerField(primary_key=True, help_text="of the look")
    inner = models.BinaryField()
    salt = models.BinaryField(help_text="empty once the look was emptied")

    def __str__(self) -> str:
        return f"leaf of look {self.number}"


class StateRow(models.Model):
    """Base of every row that is working truth: written only through a `Book`, rebuilt by `verify`.

    `logbook_excluded` names columns that are no truth of their own (leases) or must not be copied
    into the logbook (password hashes).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    logbook_excluded: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True


class Station(StateRow):
    """Which station this logbook belongs to, and the place where it is the live one (P18). Anywhere
    else it is a copy, and quarantined until a person says otherwise. One row."""

    only = models.BooleanField(default=True, unique=True)
    place = models.CharField(max_length=1000)
    quarantined_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=2500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="only_one_station", condition=models.Q(only=True)),
            models.CheckConstraint(
                name="quarantined_for_a_reason",
                condition=models.Q(quarantined_at__isnull=True, why="")
                | (models.Q(quarantined_at__isnull=False) & ~models.Q(why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"station {self.pk}"
