"""Who somebody is to Homeby: roles, the viewer, hours of a contact point. Pure.

Keeps promise 8 (need to know): every query takes a `Viewer`; without one it finds nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import uuid
import zoneinfo
from dataclasses import dataclass, field
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _


class Role(StrEnum):
    """What a person may do, for a team or for the whole organisation, for a time."""

    MEMBER = "MEMBER"
    LEADER = "LEADER"
    DUTY_OFFICER = "DUTY_OFFICER"
    GATE_KEEPER = "GATE_KEEPER"
    ADMINISTRATOR = "ADMINISTRATOR"


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


@dataclass(frozen=True, kw_only=True)
class DeviceFacts:
    """A device as the intake knows it by its key. `person_id` for a phone, `gate_id` for a kiosk;
    `works` is False once the key is revoked, or its person is no longer with us; `asks_pin` where
    its person wants to be back or fine by her PIN only."""

    id: uuid.UUID
    kind: DeviceKind
    acts: frozenset[Act]
    person_id: uuid.UUID | None = None
    gate_id: uuid.UUID | None = None
    language: str = ""
    works: bool = True
    asks_pin: bool = False

    @property
    def label(self) -> str:
        """How the entries of this device name it; 80 characters fit."""
        return f"{self.kind.lower()}:{self.id}"


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
    PARTNER = "PARTNER"  # the addresses of duty officers, for the partner station


_WATCHERS = frozenset({Role.LEADER, Role.DUTY_OFFICER, Role.GATE_KEEPER, Role.ADMINISTRATOR})
_OFFICE = frozenset({Role.LEADER, Role.ADMINISTRATOR})


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who reads: a person with the roles held now, or the station itself."""

    person_id: uuid.UUID | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()
    is_station: bool = False

    def has(self, *roles: Role) -> bool:
        """Whether the viewer holds one of the roles now."""
        return bool(self.roles & set(roles))

    @property
    def keeps_watch(self) -> bool:
        """Whether the viewer stands where everybody's return is watched."""
        return self.is_station or bool(self.roles & _WATCHERS)

    def may_read(self, audience: str) -> bool:
        """Whether entries for this audience are for the viewer."""
        if self.is_station:
            return True
        match audience:
            case Audience.MISSION | Audience.WATCH:
                return self.keeps_watch
            case Audience.OFFICE:
                return bool(self.roles & _OFFICE)
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
    language: str = "en"
    reaches: tuple[Reach, ...] = field(default=())

    def reaches_ever(self, *, in_danger: bool) -> tuple[Reach, ...]:
        """The verified contact points, in the person's order for this kind of message; of equal
        ranks the one entered first. Hours may hold some of them back now."""
        found = [reach for reach in self.reaches if reach.verified]
        return tuple(sorted(found, key=lambda reach: reach.rank_for(in_danger=in_danger)))

    def reaches_now(self, *, now: dt.datetime, in_danger: bool) -> tuple[Reach, ...]:
        """Those of them that may be used now."""
        found = self.reaches_ever(in_danger=in_danger)
        return tuple(reach for reach in found if reach.usable(now=now, in_danger=in_danger))


def hash_of(secret: str) -> str:
    """What is kept of a secret that we make (a link of kin, the key of a device, a token), and what
    it is found by. It has 192 random bits or more: nobody can try them, so no slow hash is needed.
    What somebody sends in its place may be anything."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


PIN_DIGITS = (4, 8)


def problem_with_pin(pin: str) -> str:
    """What is wrong with a new PIN, in a sentence; "" when it can be used. One digit repeated and
    digits in their order are what anybody tries first."""
    least, most = PIN_DIGITS
    if not (least <= len(pin) <= most and pin.isascii() and pin.isdigit()):
        return _("A PIN has 4 to 8 digits.")
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        return _("This PIN is what anybody would try first. Choose another.")
    return ""


def problem_with_duress_pin(duress: str, *, pin: str) -> str:
    """What is wrong with a new duress PIN beside this PIN, in a sentence; "" when it can be used.
    One slip of a finger (a digit wrong, missing, too many, or two changed places) must not make the
    one of the other: it would send people out, or keep them at home."""
    if problem := problem_with_pin(duress):
        return problem
    if duress == pin:
        return _("The duress PIN must be another one than the PIN.")
    if _is_slip(duress, pin):
        return _("Too near to the PIN: one slip would make it the other. Change two digits.")
    return ""


def _is_slip(one: str, other: str) -> bool:
    """Whether one slip of typing makes the one of the other."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) == len(shorter) + 1:
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    if len(longer) != len(shorter):
        return False
    wrong = [at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if len(wrong) != 2:
        return len(wrong) == 1
    first, second = wrong
    swapped = (one[second], one[first]) == (other[first], other[second])
    return second == first + 1 and swapped


class PinFits(StrEnum):
    """What a PIN that somebody typed is: not theirs, theirs, or their duress PIN."""

    NO = "no"
    YES = "yes"
    DURESS = "duress"


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
TOKEN_FLOODED = _office(
    "TOKEN_FLOODED", "A personal token sent very many acts", Erasure.NOTHING_PERSONAL
)
PIN_SET = _office("PIN_SET", "A PIN was set", Erasure.NOTHING_PERSONAL)
PIN_REMOVED = _office("PIN_REMOVED", "A PIN was removed", Erasure.NOTHING_PERSONAL)
BADGE_ADDED = _office("BADGE_ADDED", "A badge was given", Erasure.ERASE_BODY)
BADGE_REMOVED = _office("BADGE_REMOVED", "A badge was removed", Erasure.NOTHING_PERSONAL)
DEVICE_ADDED = _office("DEVICE_ADDED", "A device was given a key", Erasure.NOTHING_PERSONAL)
DEVICE_KEY_TAKEN = _office(
    "DEVICE_KEY_TAKEN", "A device took a key of its own", Erasure.NOTHING_PERSONAL
)
DEVICE_REVOKED = _office("DEVICE_REVOKED", "A device's key was revoked", Erasure.NOTHING_PERSONAL)
KIN_LINK_RENEWED = _office(
    "KIN_LINK_RENEWED", "The link to a kin page was renewed", Erasure.SHRED_KEY
)
KIN_LINK_WITHDRAWN = _office(
    "KIN_LINK_WITHDRAWN", "The link to a kin page was withdrawn", Erasure.SHRED_KEY
)
_BARE = Erasure.NOTHING_PERSONAL
PASSKEY_ADDED = _office("PASSKEY_ADDED", "A passkey was added", _BARE)
PASSKEY_REMOVED = _office("PASSKEY_REMOVED", "A passkey was removed", _BARE)
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
