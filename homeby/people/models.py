"""Tables of people: who they are, what they may do, how they are reached, who waits for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from homeby.logbook.models import StateRow
from homeby.people import rules_callsigns
from homeby.people.models_callsigns import CallsignDue as CallsignDue
from homeby.people.models_callsigns import CallsignSeason as CallsignSeason
from homeby.people.models_log_ins import LogInTry as LogInTry
from homeby.people.models_private import Block as Block
from homeby.people.models_private import Health as Health
from homeby.people.models_private import Home as Home
from homeby.people.models_private import Minor as Minor
from homeby.people.models_private import Rest as Rest
from homeby.people.models_private import Retention as Retention
from homeby.people.models_private import StayAway as StayAway
from homeby.people.models_private import WhereIWouldBe as WhereIWouldBe
from homeby.people.rules import ChannelName, DeviceKind, MayKnow, PersonKind, Role

#: The salt that Django itself uses, so that log-ins from before this release go on.
_SESSION_SALT = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"


class Organisation(StateRow):
    """The one organisation of a station and its limits. Times in minutes."""

    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=64, default="UTC")
    grace_minutes = models.PositiveIntegerField(default=60)
    grace_minutes_solo = models.PositiveIntegerField(default=30)
    grace_minutes_max = models.PositiveIntegerField(default=240)
    check_in_minutes_solo = models.PositiveIntegerField(default=120)
    acknowledge_minutes = models.PositiveIntegerField(default=20)
    rest_hours = models.PositiveIntegerField(default=11)
    call_whom = models.CharField(max_length=100, blank=True, help_text="whom kin call")
    call_phone = models.CharField(max_length=60, blank=True, help_text="and at which number")

    def __str__(self) -> str:
        return self.name


class Rank(StateRow):
    """A rank of this organisation, in its order (1 is the highest); data, never code."""

    name = models.CharField(max_length=60, unique=True)
    short = models.CharField(max_length=20, blank=True)
    place = models.PositiveSmallIntegerField(default=1)
    ended_at = models.DateTimeField(null=True, help_text="no longer given")

    def __str__(self) -> str:
        return self.short or self.name


class Person(StateRow):
    """A human or a unit. The name is private to the office; screens show the callsign."""

    kind = models.CharField(max_length=10, default=PersonKind.HUMAN)
    name = models.CharField(max_length=200)
    callsign = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, default="en")
    key = models.CharField(max_length=200, null=True, unique=True, help_text="key of an import")
    is_active = models.BooleanField(default=True)
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.shown_as

    @property
    def shown_as(self) -> str:
        """What boards and messages call this person; a human without a callsign by a stand-in."""
        is_human = self.kind == PersonKind.HUMAN
        return rules_callsigns.shown_as(
            person_id=self.pk, callsign=self.callsign, name=self.name, is_human=is_human
        )


class Team(StateRow):
    """A team or special unit with a callsign of its own."""

    name = models.CharField(max_length=200, unique=True)
    callsign = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class Membership(StateRow):
    """A person in a team from an instant until another; gaps stay visible."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    decided_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "team"],
                condition=Q(to_at__isnull=True),
                name="one_open_membership",
            ),
            models.CheckConstraint(
                name="membership_period",
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.team_id}"


class RoleHeld(StateRow):
    """A role, for a team or (team null) for the whole organisation, for a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=20, choices=[(role, role) for role in Role])
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="role_period", condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"


class PersonKey(StateRow):
    """A person's data key, wrapped by the people key; destroying it erases what it sealed."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="data_key")
    wrapped = models.BinaryField(null=True)

    logbook_excluded = frozenset({"wrapped"})

    def __str__(self) -> str:
        return f"key of {self.person_id}"


class ContactPoint(StateRow):
    """How to reach a person: the address is sealed under the person's key. Hours are local.

    `rank` 1 goes first; `rank_in_danger` is the order when somebody is in danger, null for the same
    order. Equal ranks go together.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="contact_points")
    rank = models.PositiveSmallIntegerField(default=1)
    rank_in_danger = models.PositiveSmallIntegerField(null=True)
    channel = models.CharField(max_length=20, choices=[(name, name) for name in ChannelName])
    address_sealed = models.BinaryField()
    verified_at = models.DateTimeField(null=True)
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    zone = models.CharField(max_length=64, default="UTC")
    code_hash = models.CharField(max_length=64, blank=True)
    code_expires_at = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    # Six digits are found from their hash at once, so it stays out of the logbook.
    logbook_excluded = frozenset({"code_hash"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contact_hours_in_pairs",
                condition=Q(from_time__isnull=True, to_time__isnull=True)
                | Q(from_time__isnull=False, to_time__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} of {self.person_id}"


class Kin(StateRow):
    """Whom a person named to be told, in order; kinship not required. Name and address sealed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="kin")
    rank = models.PositiveSmallIntegerField(default=1)
    sealed = models.BinaryField(help_text="name, relation, address as JSON, sealed")
    channel = models.CharField(max_length=20, choices=[(name, name) for name in ChannelName])
    may_know = models.CharField(
        max_length=20, default=MayKnow.NOTHING, choices=[(m, m) for m in MayKnow]
    )
    language = models.CharField(max_length=10, default="en")
    from_time = models.TimeField(null=True)
    to_time = models.TimeField(null=True)
    zone = models.CharField(max_length=64, default="UTC")
    link_hash = models.CharField(
        max_length=64, null=True, unique=True, help_text="of the secret link to their page"
    )
    link_sealed = models.BinaryField(null=True, help_text="that secret, sealed")
    link_at = models.DateTimeField(null=True, help_text="when it was made")
    kept_from_at = models.DateTimeField(null=True, help_text="told nothing since: kept away")
    looks_in = models.BooleanField(default=False, help_text='asked if she says no "awake"')

    def __str__(self) -> str:
        return f"kin {self.rank} of {self.person_id}"


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by log-in name, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(login=(username or "").lower())


class Account(StateRow, AbstractBaseUser):
    """A log-in of a person. The password's hash never enters the logbook."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="account")
    login = models.CharField(max_length=150, unique=True)
    is_active = models.BooleanField(default=True)
    logged_out_at = models.DateTimeField(null=True, help_text="every log-in before it has ended")

    logbook_excluded = frozenset({"password", "last_login"})

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[AccountManager] = AccountManager()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must carry to be one of this account: another `logged_out_at` ends all of
        them with their next look, whether any list knows of them or not."""
        ended = "" if self.logged_out_at is None else self.logged_out_at.isoformat()
        kept = f"{self.password}{ended}"
        return salted_hmac(_SESSION_SALT, kept, secret=secret, algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        return self.login


class Device(StateRow):
    """A device with a key of its own and narrow rights: a person's phone, or the kiosk of a gate.

    The key is 256 random bits, here as its SHA-256, from which nobody finds it, so the logbook may
    hold it and `verify` finds another's. The gate is an id: this room knows no gates.
    """

    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in DeviceKind])
    name = models.CharField(max_length=100)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="devices", help_text="of a phone"
    )
    gate_id = models.UUIDField(null=True, help_text="of a kiosk")
    acts = models.JSONField(default=list, help_text="what it may say")
    key_hash = models.CharField(max_length=64, unique=True)
    sign_key = models.CharField(max_length=200, default="", help_text="by which it signs entries")
    added_at = models.DateTimeField()
    added_by_id = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by_id = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="device_of_a_person_or_of_a_gate",
                condition=Q(kind=DeviceKind.PHONE, person__isnull=False, gate_id__isnull=True)
                | Q(kind=DeviceKind.KIOSK, person__isnull=True, gate_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Pin(StateRow):
    """The four to eight digits by which a person shows at a kiosk that it is she. They are found
    from any hash soon, so it stays out of the logbook; empty: no PIN. Beside each stands the hash
    of a duress PIN: whoever has none has that of something nobody types, so that not even the table
    tells who has one."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="pin")
    pin_hash = models.CharField(max_length=200, blank=True)
    duress_hash = models.CharField(max_length=200, blank=True)
    asks_on_phone = models.BooleanField(default=False, help_text="own phone: back and fine need it")
    set_at = models.DateTimeField()

    logbook_excluded = frozenset({"pin_hash", "duress_hash"})

    def __str__(self) -> str:
        return f"PIN of {self.person_id}"


class Badge(StateRow):
    """A card, badge or printed code that a reader at a kiosk reads, and whose it is. What it says
    is kept as a keyed hash, whose key is no part of the database: a number on a card is short. One
    that she printed herself names her, but proves nothing: paper is photographed."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="badges")
    name = models.CharField(max_length=100)
    code_hash = models.CharField(max_length=64)
    is_printed = models.BooleanField(default=False, help_text="by herself: asks for her PIN")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code_hash"],
                condition=Q(removed_at__isnull=True),
                name="one_holder_of_a_badge",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(removed_at__isnull=True, is_printed=True),
                name="one_printed_badge_a_person",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LogInLink(models.Model):
    """A one-time log-in link (first administrator, demonstration). No state: it lapses."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"link for {self.account_id}"


class Invitation(StateRow):
    """A link by which a person opens her own log-in, once, within its time. Its secret is 256
    random bits, of which the SHA-256 stands here. With one that `replaces`, whoever lost a phone
    begins anew: what she proved herself with before counts no more."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="invitations")
    secret_hash = models.CharField(max_length=64, unique=True)
    replaces = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invitation_expires_after_it_is_made", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="invitation_used_or_revoked",
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.person_id}"


class PersonalToken(StateRow):
    """A key with which a program of a person reads and acts in her name, within narrow rights, for
    a time. It is 256 random bits, shown once and kept as its SHA-256. When it was last used is no
    history: it stays out of the logbook, and is noted once a minute at most."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    rights = models.JSONField(default=list)
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by_id = models.UUIDField(null=True)
    flooded_at = models.DateTimeField(null=True, help_text="when it last sent very many acts")
    used_at = models.DateTimeField(null=True)

    logbook_excluded = frozenset({"used_at"})

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="token_expires_after_it_is_made", condition=Q(expires_at__gt=F("made_at"))
            ),
            models.CheckConstraint(
                name="token_revoked_in_pairs",
                condition=Q(revoked_at__isnull=True, revoked_by_id__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name
