"""What a device said, and what its key lets it do. Pure.

Keeps P16 (`RELIABILITY.md`): an entry counts once, in whatever order it arrives, and no clock of a
device clears an alarm.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from homeby.logbook.rules import FUTURE_LIMIT
from homeby.logbook.signed import Signed
from homeby.missions import rules
from homeby.people.rules import Act, DeviceFacts, DeviceKind

#: How many entries of sources that nobody knows may wait to be looked into at once; more would
#: bury those of people (`RELIABILITY.md` 12, threat 12).
UNVERIFIED_MAX = 200
#: So many calls for help among them have a place of their own, which nothing else takes up.
UNVERIFIED_HELP_MAX = 100

#: As which entry kind an act is kept when it fits nothing.
KINDS = {
    Act.SIGN_OUT: rules.MISSION_SIGNED_OUT,
    Act.CHECK_IN: rules.MISSION_CHECKED_IN,
    Act.SIGN_IN: rules.MISSION_SIGNED_IN,
    Act.HELP: rules.MISSION_ASKED_FOR_HELP,
    Act.MORE_TIME: rules.EXTENSION_ASKED,
}


#: What somebody could be forced to say on her own phone.
ASKED_ON_PHONES = frozenset({Act.SIGN_IN, Act.CHECK_IN})


class Taken(StrEnum):
    """What became of an entry: it counts; it was here before; it cannot be, and why; it is kept and
    a person looks at it, because its source is unknown or because it fits nothing."""

    COUNTED = "counted"
    AGAIN = "again"
    REFUSED = "refused"
    UNVERIFIED = "unverified"


class Proof(StrEnum):
    """How somebody at a kiosk has shown who they are: not at all; by their PIN or badge; by a PIN
    or badge that does not fit; by their duress PIN, which looks like the second to whoever forces
    them and is told to nobody but those who keep the watch."""

    NONE = "none"
    SHOWN = "shown"
    WRONG = "wrong"
    DURESS = "duress"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One entry as a device sent it. `happened_at` is what it means in our time, `claimed_at` what
    its clock said; without either it is now. `callsign` names somebody where no id does. `gate_id`
    is where a phone says that it is. `pin` and `code` (of a badge) are judged before, into `proof`,
    and go no further. `forced` is whose duress PIN was typed while PINs were not looked at: the
    claim is answered as with a wrong one, and told as with a duress PIN. `signed`: by the device's
    own key, which is kept with the entry and decides nothing."""

    entry_id: uuid.UUID
    act: Act
    mission_id: uuid.UUID | None = None
    person_ids: tuple[uuid.UUID, ...] = ()
    callsign: str = ""
    gate_id: uuid.UUID | None = None
    happened_at: dt.datetime | None = None
    claimed_at: dt.datetime | None = None
    sequence: int | None = None
    note: str = ""
    heads: int | None = None
    due_at: dt.datetime | None = None
    anyway: bool = False
    pin: str = field(default="", repr=False)
    code: str = field(default="", repr=False)
    proof: Proof = Proof.NONE
    forced: uuid.UUID | None = None
    signed: Signed | None = None

    @property
    def is_by_duress(self) -> bool:
        """Whether those who keep the watch hear of it silently, whatever is answered."""
        return self.proof is Proof.DURESS or self.forced is not None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the device is told of one entry. `first` is what became of it when it came `AGAIN`."""

    entry_id: uuid.UUID
    taken: Taken
    sentence: str
    first: Taken | None = None


@dataclass(frozen=True, kw_only=True)
class Steady:
    """What a device knew of a tap beside what its clock showed. `ahead`: what was to be added to
    its clock for our time when it heard us last; `not_before`: our time that had surely come, by
    what we said last and what a clock that nobody moves had counted since; `since`: what that clock
    has surely counted between the tap and the sending, never less than nothing."""

    ahead: dt.timedelta | None = None
    not_before: dt.datetime | None = None
    since: dt.timedelta | None = None


def in_our_time(
    claimed_at: dt.datetime,
    *,
    sent_at: dt.datetime | None,
    now: dt.datetime,
    steady: Steady | None = None,
) -> dt.datetime:
    """What a device's clock said, put right: by how wrong it was when it sent, or, where it was
    moved between the tap and then, by how wrong it was known to be at the tap. What can be neither
    is put at the earliest that it can have been. Without anything `steady`, a correction that leads
    into the future shows that the clock was moved: then the claim stands."""
    by_sending = _by_sending(claimed_at, sent_at=sent_at, now=now)
    if steady is None or sent_at is None:
        return by_sending
    by_tap = _moved(claimed_at, steady.ahead)
    found = [at for at in (by_tap, by_sending) if at is not None and _can_be(at, steady, now)]
    if not found:
        return min(steady.not_before, now) if steady.not_before else by_sending
    agree = abs(found[0] - by_sending) <= FUTURE_LIMIT
    holds = agree or _ran_on(claimed_at, sent_at, steady)
    return by_sending if holds and by_sending in found else found[0]


def _by_sending(
    claimed_at: dt.datetime, *, sent_at: dt.datetime | None, now: dt.datetime
) -> dt.datetime:
    if sent_at is None or abs(now - sent_at) <= FUTURE_LIMIT:
        return claimed_at
    found = _moved(claimed_at, now - sent_at)
    return claimed_at if found is None or found > now + FUTURE_LIMIT else found


def _moved(at: dt.datetime, by: dt.timedelta | None) -> dt.datetime | None:
    """None where nothing is known, or the sum is no time."""
    try:
        return None if by is None else at + by
    except OverflowError:
        return None


def _can_be(at: dt.datetime, steady: Steady, now: dt.datetime) -> bool:
    """Whether a tap can have been then, by what was surely so before and has surely passed since.
    Nothing that a device says lets it speak of the time to come."""
    latest = now - (steady.since or dt.timedelta())
    earliest = min(steady.not_before, latest) if steady.not_before else None
    is_late = at - latest > FUTURE_LIMIT
    return not is_late and (earliest is None or earliest - at <= FUTURE_LIMIT)


def _ran_on(claimed_at: dt.datetime, sent_at: dt.datetime, steady: Steady) -> bool:
    """Whether the device's clock counted between tap and sending what the steady one did: then
    nobody moved it."""
    if steady.since is None:
        return False
    return abs((sent_at - claimed_at) - steady.since) <= FUTURE_LIMIT


def may_speak(
    device: DeviceFacts,
    wanted: Collection[uuid.UUID],
    *,
    party: Collection[uuid.UUID],
    leader_id: uuid.UUID | None,
) -> bool:
    """Whether a phone may say something of these people on a mission: its own person, if on it, or
    as its leader of the party."""
    if device.kind is not DeviceKind.PHONE:
        return True
    if device.person_id is not None and device.person_id == leader_id:
        return set(wanted) <= {*party, leader_id}
    return set(wanted) == {device.person_id} and device.person_id in party


def speaks_of_its_own(device: DeviceFacts, wanted: Collection[uuid.UUID]) -> bool:
    """Whether a phone speaks of its own person alone, as it must where it names no mission: by one
    its rights over others can be judged. A kiosk speaks of whoever stands there."""
    return device.kind is not DeviceKind.PHONE or set(wanted) == {device.person_id}


def is_of_an_earlier_outing(*, happened_at: dt.datetime, out_at: dt.datetime | None) -> bool:
    """Whether a sign-in that a device kept speaks of a time before they left: then it is about an
    earlier outing, or the clock is wrong, and it must not end this one."""
    return out_at is not None and happened_at < out_at - FUTURE_LIMIT


def is_to_come(happened_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Whether what a device says was at a time still to come, by a clock that nobody could put
    right: then nobody knows how long ago it was."""
    return happened_at is not None and happened_at > now + FUTURE_LIMIT


def is_unproven(claim: Claim, device: DeviceFacts, *, has_pin: bool) -> bool:
    """Whether a person must look before this counts: at a kiosk, by a PIN or badge that does not
    fit, or without the PIN that the person has; on a phone that asks for it, so much only of being
    back or fine. HELP needs no proof."""
    if device.kind is DeviceKind.PHONE:
        missing = claim.proof is Proof.NONE and device.asks_pin
        return claim.act in ASKED_ON_PHONES and (claim.proof is Proof.WRONG or missing)
    if claim.act is Act.HELP:
        return False
    return claim.proof is Proof.WRONG or (claim.proof is Proof.NONE and has_pin)


def hears_promise(claim: Claim) -> bool:
    """Whether a kiosk says the hours of the promise (`STORY.md` 63), which name nobody and no
    place: at a sign-out, to whoever has shown who they are. A duress PIN looks the same."""
    return claim.act is Act.SIGN_OUT and claim.proof in (Proof.SHOWN, Proof.DURESS)


def is_plain(claim: Claim, device: DeviceFacts | None) -> bool:
    """Whether it is a check-in of a phone's own person for a mission it names, at no gate, by a key
    that works and asks for no PIN: what a device says most, and many may be noted of together."""
    is_of_phone = (
        device is not None
        and device.works
        and device.kind is DeviceKind.PHONE
        and not device.asks_pin
        and Act.CHECK_IN in device.acts
    )
    return is_of_phone and _is_bare(claim) and claim.person_ids in ((), (_person_of(device),))


def _is_bare(claim: Claim) -> bool:
    is_named = claim.mission_id is not None and claim.gate_id is None
    return is_named and claim.act is Act.CHECK_IN and claim.proof is Proof.NONE


def _person_of(device: DeviceFacts | None) -> uuid.UUID | None:
    return device.person_id if device is not None else None
