"""Tables of the sealed debrief: keys of readers, authors and the archive, what is sealed to them,
and how far it has come with each. No row holds anything that opens a debrief."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import StateRow
from homeby.missions.rules.sealed import ref_of
from homeby.people.models import Person


class ReaderKey(StateRow):
    """The public half of a reader's key. The secret half was made in her browser, and lies here
    only wrapped (`ReaderWrap`)."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    public = models.CharField(max_length=62, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="nothing more is sealed to it")
    ended_by_id = models.UUIDField(null=True)
    tried_at = models.DateTimeField(null=True, help_text="she last opened a test file by its paper")
    trial_asked_at = models.DateTimeField(null=True, help_text="she was last asked to")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"], name="one_reader_key", condition=Q(ended_at__isnull=True)
            ),
            models.CheckConstraint(
                name="reader_key_ended_in_pairs",
                condition=Q(ended_at__isnull=True, ended_by_id__isnull=True)
                | Q(ended_at__isnull=False, ended_by_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.public


class ReaderWrap(StateRow):
    """The secret half of a reader's key, sealed to one thing that only she has: a passkey, by its
    id, or (no `credential`) a paper code."""

    key = models.ForeignKey(ReaderKey, on_delete=models.PROTECT, related_name="wraps")
    credential = models.CharField(max_length=1400, blank=True)
    label = models.CharField(max_length=100, blank=True)
    made_at = models.DateTimeField()
    wrapped = models.TextField(help_text="a file of age, armoured")

    logbook_excluded: ClassVar[frozenset[str]] = frozenset({"wrapped"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "credential"], name="one_wrap_a_way")
        ]

    def __str__(self) -> str:
        return self.label


class AuthorKey(StateRow):
    """The public half of a key with which somebody signs what she seals, made in a browser that
    never gives the other half away."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    public = models.CharField(max_length=100, unique=True, help_text="P-256, the point, base64url")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.public


class ArchiveKey(StateRow):
    """The key that every debrief is sealed to as well. Two of three officers open it together:
    `pairs` holds its secret half sealed to each two of them, one within the other."""

    only = models.BooleanField(default=True)
    public = models.CharField(max_length=62, unique=True)
    officers = models.JSONField(help_text="ids of three people, in the order of their envelopes")
    pairs = models.JSONField(help_text="for 1+2, 1+3, 2+3: a file of age, armoured")
    shares = models.JSONField(
        default=list, help_text="the public halves of the three envelopes, to try each alone"
    )
    tried = models.JSONField(default=list, help_text="when each envelope last opened a test file")
    trial_asked_at = models.DateTimeField(null=True, help_text="its officers were last asked to")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    logbook_excluded: ClassVar[frozenset[str]] = frozenset({"pairs"})

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["only"], name="one_archive_key", condition=Q(ended_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.public


class SealedDebrief(StateRow):
    """That a debrief was sealed, when, by whom, how large; and the hash of what was given in."""

    mission = models.ForeignKey("missions.Mission", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    archive = models.ForeignKey(ArchiveKey, on_delete=models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    steps = models.PositiveIntegerField(help_text="of 4096 bytes")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["author", "sealed_at"], name="sealed_by")]

    @property
    def ref(self) -> str:
        """The text by which the logbook knows it."""
        return ref_of(self.pk)

    def __str__(self) -> str:
        return f"debrief {self.pk}"


class SealedText(StateRow):
    """What was sealed, as it came. Not in the logbook, which holds its hash."""

    debrief = models.OneToOneField(SealedDebrief, on_delete=models.PROTECT, related_name="text")
    content = models.BinaryField()

    logbook_excluded: ClassVar[frozenset[str]] = frozenset({"content"})

    def __str__(self) -> str:
        return f"text of {self.debrief_id}"


class SealedFor(StateRow):
    """One reader of a sealed debrief, and how far it has come with her."""

    debrief = models.ForeignKey(SealedDebrief, on_delete=models.PROTECT, related_name="readers")
    key = models.ForeignKey(ReaderKey, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(help_text="in the order in which they are asked")
    role = models.CharField(
        max_length=20, blank=True, help_text="as what the author chose her; so is who follows her"
    )
    ask_at = models.DateTimeField(null=True, help_text="when she is asked for it; null: no more")
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["debrief", "key"], name="sealed_for_once"),
            models.CheckConstraint(
                name="opened_after_delivered",
                condition=Q(opened_at__isnull=True) | Q(delivered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="answered_after_opened",
                condition=Q(answered_at__isnull=True) | Q(opened_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["ask_at"], name="unopened_to_ask", condition=Q(ask_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return f"{self.debrief_id} for {self.key_id}"
