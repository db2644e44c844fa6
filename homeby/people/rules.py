"""Who somebody is to Homeby: roles, the viewer, hours of a contact point. Pure.

Keeps promise 8 (need to know): every query takes a `Viewer`; without one it finds nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
import zoneinfo
from dataclasses import dataclass, field
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, Matters, declare
from homeby.people import kinds as kinds
from homeby.people.rules_pins import PIN_DIGITS as PIN_DIGITS
from homeby.people.rules_pins import PinFits as PinFits
from homeby.people.rules_pins import problem_with_duress_pin as problem_with_duress_pin
from homeby.people.rules_pins import problem_with_pin as problem_with_pin
from homeby.sentences import gettext as _


class Role(StrEnum):
    """What a person may do, for a team or for the whole organisation, for a time."""

    MEMBER = "MEMBER"
    LEADER = "LEADER"
    DUTY_OFFICER = "DUTY_OFFICER"
    GATE_KEEPER = "GATE_KEEPER"
    ADMINISTRATOR = "ADMINISTRATOR"
    MEDIC = "MEDIC"
    WELFARE_OFFICER = "WELFARE_OFFICER"
    SAFEGUARDING_LEAD = "SAFEGUARDING_LEAD"


class PersonKind(StrEnum):
    """A human, or a unit (an ICS resource: a crew or a vehicle with a callsign)."""

    HUMAN = "HUMAN"
    UNIT = "UNIT"
    ELSEWHERE = "ELSEWHERE"  # a duty officer of a partner station: told, on no list of ours


class MayKnow(StrEnum):
    """What kin may be told (`STORY.md` 41). The default is the least: the person says more."""

    NOTHING = "NOTHING"  # never written to by Homeby; a person may call them
    BACK_OR_LATE = "BACK_OR_LATE"  # only: late, and back
    OUT_AND_DUE = "OUT_AND_DUE"  # also when she is expected
    AREA = "AREA"  # also the area
    UNIT = "UNIT"  # also with which team


class ChannelName(StrEnum):
    """Ways to reach somebody."""

    EMAIL = "EMAIL"
    SMS = "SMS"
    NTFY = "NTFY"
    WEBPUSH = "WEBPUSH"
    APPRISE = "APPRISE"
    WEBHOOK = "WEBHOOK"
    CONSOLE = "CONSOLE"


class Right(StrEnum):
    """What a personal token may do, always within what its person may see and do."""

    READ_PEOPLE = "READ_PEOPLE"
    READ_MISSIONS = "READ_MISSIONS"
    READ_ENTRIES = "READ_ENTRIES"
    READ_ALARMS = "READ_ALARMS"
    READ_WATCH_BILL = "READ_WATCH_BILL"
    PLAN = "PLAN"
    GATE = "GATE"  # sign out, check in, sign in, ask for HELP
    ALARMS = "ALARMS"  # take, hand over, stand down


class DeviceKind(StrEnum):
    """Whose device it is: a person's own phone, or the kiosk of a gate, which anybody may touch."""

    PHONE = "PHONE"
    KIOSK = "KIOSK"


class Act(StrEnum):
    """What a device may say. A device key holds some of these, for one person or for one gate."""

    SIGN_OUT = "SIGN_OUT"
    CHECK_IN = "CHECK_IN"
    SIGN_IN = "SIGN_IN"
    HELP = "HELP"
    MORE_TIME = "MORE_TIME"


#: What a kiosk may be given at most; more time is asked for by whoever is out, not at a gate.
KIOSK_ACTS = (Act.SIGN_OUT, Act.SIGN_IN, Act.CHECK_IN, Act.HELP)

#: What stands before the id in an entry that was said by a text message.
BY_TEXT = "sms"
KIN_PAGE = "kin page"  # of a contact, by which one of the kin said something


@dataclass(frozen=True, kw_only=True)
class DeviceFacts:
    """A device as the intake knows it by its key. `person_id` for a phone, `gate_id` for a kiosk;
    `works` is False once the key is revoked, or its person is no longer with us; `asks_pin` where
    its person wants to be back or fine by her PIN only. `by_text`: it has no key, but is known by
    its number, a confirmed contact point of its person, whose id stands for it."""

    id: uuid.UUID
    kind: DeviceKind
    acts: frozenset[Act]
    person_id: uuid.UUID | None = None
    gate_id: uuid.UUID | None = None
    language: str = ""
    works: bool = True
    asks_pin: bool = False
    by_text: bool = False

    @property
    def label(self) -> str:
        """How the entries of this device name it; 80 characters fit."""
        return f"{BY_TEXT if self.by_text else self.kind.lower()}:{self.id}"


#: Channels that make a phone ring or buzz; too many messages there are not read any more.
PHONE_LIKE = frozenset(
    {ChannelName.SMS, ChannelName.NTFY, ChannelName.WEBPUSH, ChannelName.APPRISE}
)


class Purpose(StrEnum):
    """Why a sealed value is opened; every opening names one (`DESIGN.md` 6, Keys)."""

    DELIVER = "DELIVER"
    OFFICE = "OFFICE"
    OWN_PAGE = "OWN_PAGE"
    SEARCH_BRIEF = "SEARCH_BRIEF"
    OWN_ARCHIVE = "OWN_ARCHIVE"  # the archive of her own data that a person asks for
    HEALTH = "HEALTH"  # a medic cares for her
    WELFARE_CHECK = "WELFARE_CHECK"
    CONCERN = "CONCERN"  # a welfare officer, who looks after her; `welfare` notes the look itself
    BREAK_GLASS = "BREAK_GLASS"
    KEEP_AWAY = "KEEP_AWAY"  # compared, so that whoever is kept away is not told as kin
    PARTNER = "PARTNER"  # the addresses of duty officers, for the partner station


#: Who stands where returns are watched. An administrator is not among them: she keeps the station,
#: and learns by that who has which role, not who is out (separation of duties).
WATCHERS = (Role.LEADER, Role.DUTY_OFFICER, Role.GATE_KEEPER)
_OFFICE = frozenset({Role.LEADER, Role.ADMINISTRATOR})
#: Held for the whole organisation only: such a role is about the station, not about a team.
OF_ALL_ONLY = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who reads: a person with the roles held now, or the station itself.

    `roles` are those held for the whole organisation, `team_roles` those for one team, which count
    for what is that team's. `apart` are the people the viewer is kept away from, `apart_refs` the
    missions these were on, and what is about those; None while nobody has said which: then only
    what is the viewer's own is seen where only such a reference says whom it is about.
    `last_resort` are of these missions those about which an open alarm reached her all the same,
    for nobody else was left. `closed_refs` are missions and duties of secret units that are not for
    her, and what is about those, or None; `alarmed` missions of which an open alarm came to her.
    """

    person_id: uuid.UUID | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    team_roles: frozenset[tuple[Role, uuid.UUID]] = frozenset()
    apart: frozenset[uuid.UUID] = frozenset()
    apart_refs: Matters | None = None
    last_resort: frozenset[uuid.UUID] = frozenset()  # missions of these: an open alarm came to her
    closed_refs: Matters | None = None
    alarmed: frozenset[uuid.UUID] = frozenset()
    shares_all: bool = True  # False: sees who is out for a secret unit, as not all who watch do
    silent: tuple[tuple[str, dt.datetime], ...] = ()  # what her party must not read, since when
    is_station: bool = False
    opened: frozenset[uuid.UUID] = frozenset()  # whose private data a broken glass opens to her

    def has(self, *roles: Role) -> bool:
        """Whether the viewer holds one of the roles for the whole organisation now."""
        return bool(self.roles & set(roles))

    def has_somewhere(self, *roles: Role) -> bool:
        """Whether the viewer holds one of the roles, be it for one team: a page may be opened;
        what stands on it is asked for by what she may see."""
        return self.has(*roles) or any(role in roles for role, _team in self.team_roles)

    def has_for(self, team_id: uuid.UUID | None, *roles: Role) -> bool:
        """Whether the viewer holds one of the roles for this team or for the whole organisation."""
        return self.has(*roles) or any((role, team_id) in self.team_roles for role in roles)

    def teams(self, *roles: Role) -> frozenset[uuid.UUID]:
        """The teams for which the viewer holds one of the roles."""
        return frozenset(team for role, team in self.team_roles if role in roles)

    @property
    def keeps_watch(self) -> bool:
        """Whether the viewer stands where everybody's return is watched."""
        return self.is_station or self.has(*WATCHERS)

    def watches(self, team_id: uuid.UUID | None) -> bool:
        """Whether the viewer watches the return of this team's missions."""
        return self.keeps_watch or self.has_for(team_id, *WATCHERS)

    @property
    def watches_some(self) -> bool:
        """Whether the viewer watches the return of everybody or of a team."""
        return self.keeps_watch or self.has_somewhere(*WATCHERS)

    def may_read(self, audience: str) -> bool:
        """Whether entries for this audience are for the viewer."""
        if self.is_station:
            return True
        match audience:
            case Audience.MISSION | Audience.WATCH:
                return self.keeps_watch
            case Audience.OFFICE:
                return bool(self.roles & _OFFICE)
            case Audience.PERSON:
                return False
            case _:
                return Role.ADMINISTRATOR in self.roles


STATION = Viewer(is_station=True, name="station")
NOBODY = Viewer()


@dataclass(frozen=True, kw_only=True)
class Reach:
    """One contact point as the watch sees it: never the address itself.

    `from_time`/`to_time` are local hours of `zone`; equal or absent means always. `channel` is a
    `ChannelName`, or the loopback by which the station reaches itself. `rank` is its place in the
    person's order (1 comes first, equal ranks together); `rank_in_danger` the place when somebody
    is in danger, None where the person gave no other.
    """

    contact_id: uuid.UUID
    channel: str
    verified: bool
    zone: str = "UTC"
    from_time: dt.time | None = None
    to_time: dt.time | None = None
    rank: int = 1
    rank_in_danger: int | None = None

    def rank_for(self, *, in_danger: bool) -> int:
        """Its place in the order for this kind of message."""
        return self.rank_in_danger if in_danger and self.rank_in_danger else self.rank

    def usable(self, *, now: dt.datetime, in_danger: bool) -> bool:
        """Whether it may be used now. Hours never hold back a message about a person in danger."""
        if not self.verified:
            return False
        if in_danger or self.from_time is None or self.to_time is None:
            return True
        try:
            local = now.astimezone(zoneinfo.ZoneInfo(self.zone)).time()
        except (KeyError, ValueError, OSError):
            return True  # an unknown zone must not keep anybody from hearing
        if self.from_time <= self.to_time:
            return self.from_time <= local < self.to_time or self.from_time == self.to_time
        return local >= self.from_time or local < self.to_time

    def opens_at(self, *, now: dt.datetime, in_danger: bool) -> dt.datetime:
        """From when a verified contact point may be used: now, or when its hours begin."""
        assert self.verified, "an unverified contact point never opens"
        if self.usable(now=now, in_danger=in_danger):
            return now
        assert self.from_time is not None, "without hours it is always open"
        zone = zoneinfo.ZoneInfo(self.zone)
        day = now.astimezone(zone).date()
        begins = dt.datetime.combine(day, self.from_time, tzinfo=zone).astimezone(dt.UTC)
        if begins <= now:
            day += dt.timedelta(days=1)
            begins = dt.datetime.combine(day, self.from_time, tzinfo=zone).astimezone(dt.UTC)
        return begins


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody the watch can tell: a person of the organisation, or kin of one."""

    person_id: uuid.UUID
    name: str
    callsign: str = ""
    kin_of: uuid.UUID | None = None
    may_know: MayKnow = MayKnow.NOTHING
    looks_in: bool = False  # kin whom she allowed to be asked after a wake-up check she missed
    language: str = "en"
    reaches: tuple[Reach, ...] = field(default=())
    rests_until: dt.datetime | None = None

    def rests(self, *, now: dt.datetime) -> bool:
        """Whether she is let rest now."""
        return self.rests_until is not None and now < self.rests_until

    def reaches_ever(self, *, in_danger: bool) -> tuple[Reach, ...]:
        """The verified contact points, in the person's order for this kind of message; of equal
        ranks the one entered first. Hours may hold some of them back now."""
        found = [reach for reach in self.reaches if reach.verified]
        return tuple(sorted(found, key=lambda reach: reach.rank_for(in_danger=in_danger)))

    def reaches_now(self, *, now: dt.datetime, in_danger: bool) -> tuple[Reach, ...]:
        """Those of them that may be used now; while she rests, for what is about safety only."""
        if self.rests(now=now) and not in_danger:
            return ()
        found = self.reaches_ever(in_danger=in_danger)
        return tuple(reach for reach in found if reach.usable(now=now, in_danger=in_danger))


def hash_of(secret: str) -> str:
    """What is kept of a secret that we make (a link of kin, the key of a device, a token), and what
    it is found by. It has 192 random bits or more: nobody can try them, so no slow hash is needed.
    What somebody sends in its place may be anything."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def problem_with_person(*, name: str, callsign: str) -> dict[str, str]:
    """What is wrong with a person's fields, a sentence each, by field name."""
    problems = {}
    if not name.strip():
        problems["name"] = _("Give a name; what they are called is enough.")
    elif len(name) > 200:
        problems["name"] = _("The name has {length} characters; 200 fit.").format(length=len(name))
    if len(callsign) > 60:
        problems["callsign"] = _("The callsign has {length} characters; 60 fit.").format(
            length=len(callsign)
        )
    return problems


_BARE = Erasure.NOTHING_PERSONAL


def _office(name: str, label: str, erase: Erasure = Erasure.ERASE_BODY) -> str:
    return declare(name, label, seen_by=Audience.OFFICE, erase=erase)


ORGANISATION_SET = _office(
    "ORGANISATION_SET", "The organisation's settings were changed", Erasure.NOTHING_PERSONAL
)
PERSON_ADDED = _office("PERSON_ADDED", "A person was added")
PERSON_CHANGED = _office("PERSON_CHANGED", "A person's details were changed")
RANK_SET = _office("RANK_SET", "A rank was set", Erasure.NOTHING_PERSONAL)
TEAM_ADDED = _office("TEAM_ADDED", "A team was added", Erasure.NOTHING_PERSONAL)
TEAM_CHANGED = _office("TEAM_CHANGED", "A team was renamed", Erasure.NOTHING_PERSONAL)
MEMBERSHIP_BEGAN = _office("MEMBERSHIP_BEGAN", "Joined a team", Erasure.NOTHING_PERSONAL)
MEMBERSHIP_ENDED = _office("MEMBERSHIP_ENDED", "Left a team", Erasure.NOTHING_PERSONAL)
ROLE_GIVEN = _office("ROLE_GIVEN", "A role was given", Erasure.NOTHING_PERSONAL)
ROLE_ENDED = _office("ROLE_ENDED", "A role ended", Erasure.NOTHING_PERSONAL)
ACCOUNT_OPENED = _office("ACCOUNT_OPENED", "An account was opened")
PASSWORD_CHANGED = _office("PASSWORD_CHANGED", "A password was changed", Erasure.NOTHING_PERSONAL)
CONTACT_ADDED = _office("CONTACT_ADDED", "A contact point was added", Erasure.SHRED_KEY)
CONTACT_CHANGED = _office("CONTACT_CHANGED", "A contact point was changed", Erasure.SHRED_KEY)
CONTACT_VERIFIED = _office("CONTACT_VERIFIED", "A contact point was verified", Erasure.SHRED_KEY)
CONTACTS_ORDERED = _office(
    "CONTACTS_ORDERED", "The order of contact points was changed", Erasure.NOTHING_PERSONAL
)
CONTACT_REMOVED = _office("CONTACT_REMOVED", "A contact point was removed", Erasure.SHRED_KEY)
KIN_NAMED = _office("KIN_NAMED", "Kin were named", Erasure.SHRED_KEY)
KIN_CHANGED = _office("KIN_CHANGED", "What kin may know was changed", Erasure.SHRED_KEY)
KIN_REMOVED = _office("KIN_REMOVED", "Kin were removed", Erasure.SHRED_KEY)
TOKEN_MADE = _office("TOKEN_MADE", "A personal token was made", Erasure.ERASE_BODY)
TOKEN_REVOKED = _office("TOKEN_REVOKED", "A personal token was revoked", Erasure.NOTHING_PERSONAL)
TOKEN_FLOODED = _office("TOKEN_FLOODED", "A personal token sent very many acts", _BARE)
PIN_SET = _office("PIN_SET", "A PIN was set", Erasure.NOTHING_PERSONAL)
PIN_REMOVED = _office("PIN_REMOVED", "A PIN was removed", Erasure.NOTHING_PERSONAL)
BADGE_ADDED = _office("BADGE_ADDED", "A badge was given", Erasure.ERASE_BODY)
BADGE_REMOVED = _office("BADGE_REMOVED", "A badge was removed", Erasure.NOTHING_PERSONAL)
DEVICE_ADDED = _office("DEVICE_ADDED", "A device was given a key", Erasure.NOTHING_PERSONAL)
DEVICE_KEY_TAKEN = _office("DEVICE_KEY_TAKEN", "A device took a key of its own", _BARE)
DEVICE_REVOKED = _office("DEVICE_REVOKED", "A device's key was revoked", Erasure.NOTHING_PERSONAL)
KIN_LINK_RENEWED = _office(
    "KIN_LINK_RENEWED", "The link to a kin page was renewed", Erasure.SHRED_KEY
)
KIN_LINK_WITHDRAWN = _office(
    "KIN_LINK_WITHDRAWN", "The link to a kin page was withdrawn", Erasure.SHRED_KEY
)
# What she calls her passkeys stands in the answers of these.
PASSKEY_ADDED = _office("PASSKEY_ADDED", "A passkey was added")
PASSKEY_REMOVED = _office("PASSKEY_REMOVED", "A passkey was removed")
CODE_APP_ADDED = _office("CODE_APP_ADDED", "An app with codes was added", _BARE)
CODE_APP_REMOVED = _office("CODE_APP_REMOVED", "An app with codes was removed", _BARE)
RECOVERY_CODES_MADE = _office("RECOVERY_CODES_MADE", "Recovery codes were made", _BARE)
RECOVERY_CODE_USED = _office("RECOVERY_CODE_USED", "A recovery code was used", _BARE)
LOG_IN_ENDED = _office("LOG_IN_ENDED", "A log-in was ended", _BARE)
LOG_INS_ENDED = _office("LOG_INS_ENDED", "All log-ins of an account were ended", _BARE)
INVITATION_MADE = _office("INVITATION_MADE", "A person was invited to log in", _BARE)
INVITATION_USED = _office("INVITATION_USED", "An invitation was used")
INVITATION_REVOKED = _office("INVITATION_REVOKED", "An invitation was revoked", _BARE)
PROVIDER_LINKED = _office("PROVIDER_LINKED", "A log-in by a provider was linked", _BARE)
PROVIDER_UNLINKED = _office("PROVIDER_UNLINKED", "A log-in by a provider was unlinked", _BARE)
