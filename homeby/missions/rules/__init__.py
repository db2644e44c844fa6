"""One outing: its states, its times, who of the party is out, what a sign-in asks. Pure.

Keeps promises 5, 6 and 12: a check-in never moves the expected return; nobody is home because
somebody else is; nothing here blocks a way home. "Record first, judge after": what fits nothing is
kept as unmatched.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _


class MissionState(StrEnum):
    """PLANNED until the first signs out, OUT until nobody is missing, then BACK."""

    PLANNED = "PLANNED"
    OUT = "OUT"
    BACK = "BACK"
    CANCELLED = "CANCELLED"
    UNCONFIRMED = "UNCONFIRMED"  # imported as still out; no deadline until a person confirms it


class MemberState(StrEnum):
    """Where one of the party stands."""

    PLANNED = "PLANNED"
    OUT = "OUT"
    BACK = "BACK"
    STAYED = "STAYED"  # did not go after all


class Acceptance(StrEnum):
    """Whether the assignment was accepted; refusing is a normal answer (`STORY.md` 14)."""

    NOT_ASKED = "NOT_ASKED"
    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


class How(StrEnum):
    """How sure a gate act is: the person's own device, seen by somebody, or told by somebody."""

    DEVICE = "DEVICE"
    SEEN = "SEEN"
    TOLD = "TOLD"


class Link(StrEnum):
    """By which link a check-in or an extension came."""

    OWN_DEVICE = "OWN_DEVICE"
    RADIO = "RADIO"
    PHONE = "PHONE"
    SATELLITE = "SATELLITE"
    IN_PERSON = "IN_PERSON"


class Word(StrEnum):
    """What another member may say of somebody whom they have seen or heard."""

    BACK = "BACK"
    FINE = "FINE"
    MORE_TIME = "MORE_TIME"


class Hurt(StrEnum):
    """The answer to "are you hurt?". Refusing is kept as refusal, never as no."""

    YES = "YES"
    NO = "NO"
    WILL_NOT_SAY = "WILL_NOT_SAY"


class ExtensionState(StrEnum):
    """An extension counts once a person has granted it."""

    ASKED = "ASKED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


class Conditions(StrEnum):
    """Conditions and kit level as planned; they may only make the watch call out earlier."""

    NORMAL = "NORMAL"
    DEMANDING = "DEMANDING"
    SEVERE = "SEVERE"


#: Minutes by which conditions bring the call-out time forward, never below due (`STORY.md` 5).
EARLIER_MINUTES = {Conditions.NORMAL: 0, Conditions.DEMANDING: 15, Conditions.SEVERE: 30}

PARTY_MAX = 200
ENTERED_LATE_DAYS = 7
LONGEST_DAYS = 400
CHECK_INS_MAX = 50


def sign_out_problem(*, happened_at: dt.datetime, now: dt.datetime) -> str | None:
    """What is wrong with the time of a sign-out that is entered afterwards. From so long ago it is
    a slip, and a watch that begins there would ask for check-ins long past."""
    if now - happened_at > dt.timedelta(days=ENTERED_LATE_DAYS):
        return _("That is more than {days} days ago; check the date.").format(
            days=ENTERED_LATE_DAYS
        )
    return None


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The organisation's limits, minutes."""

    grace_minutes: int = 60
    grace_minutes_solo: int = 30
    grace_minutes_max: int = 240
    check_in_minutes_solo: int = 120


@dataclass(frozen=True, kw_only=True)
class PlanTimes:
    """What the planner asked for; `call_out_at` None lets the organisation's grace decide,
    `sets_out_at` None says not when they leave."""

    due_at: dt.datetime
    call_out_at: dt.datetime | None = None
    check_in_minutes: int | None = None
    check_ins: tuple[dt.datetime, ...] = ()
    sets_out_at: dt.datetime | None = None


def call_out_time(
    times: PlanTimes, limits: Limits, *, solo: bool, conditions: Conditions
) -> dt.datetime:
    """The call-out time: as typed or due plus grace; solo and hard conditions bring it earlier,
    never later, and never before the expected return."""
    grace = limits.grace_minutes_solo if solo else limits.grace_minutes
    wanted = times.call_out_at or times.due_at + dt.timedelta(minutes=grace)
    if solo:
        wanted = min(wanted, times.due_at + dt.timedelta(minutes=limits.grace_minutes_solo))
    wanted -= dt.timedelta(minutes=EARLIER_MINUTES[conditions])
    return max(wanted, times.due_at)


def check_in_minutes(times: PlanTimes, limits: Limits, *, solo: bool) -> int | None:
    """The check-in interval: alone, check-ins are required and at most the organisation's apart."""
    if not solo:
        return times.check_in_minutes
    return min(times.check_in_minutes or limits.check_in_minutes_solo, limits.check_in_minutes_solo)


#: A check-in this shortly before an agreed time counts for it.
CHECKED_IN_EARLY = dt.timedelta(minutes=15)


def next_check_in(
    *,
    heard_at: dt.datetime,
    interval_minutes: int | None,
    due_at: dt.datetime,
    now: dt.datetime,
    times: Sequence[dt.datetime] = (),
) -> dt.datetime | None:
    """When the next check-in is due after one at `heard_at`, by the interval or the times agreed
    one by one, whichever comes first; None when the return comes first. A late-arriving one counts
    from when it was made, but never asks for a moment already past."""
    wanted = [at for at in times if at > heard_at + CHECKED_IN_EARLY]
    if interval_minutes is not None:
        wanted.append(heard_at + dt.timedelta(minutes=interval_minutes))
    if not wanted:
        return None
    at = max(min(wanted), now)
    return at if at < due_at else None


def needs_approval(
    *, solo: bool, approved_by: uuid.UUID | None, planned_by: uuid.UUID | None
) -> bool:
    """Alone asks for a second person (`STORY.md` 42)."""
    return solo and (approved_by is None or approved_by == planned_by)


def counts_as_solo(*, heads: int, is_unit: bool, said: bool) -> bool:
    """Whether the stricter rules for one alone hold: a party of one human is solo by itself; a unit
    (a crew, a vehicle) only where the planner says that one person alone goes with it."""
    return heads == 1 and (said or not is_unit)


#: From this long before the expected return a mission is shown as due soon.
DUE_SOON = dt.timedelta(hours=1)


def phase_shown(
    *, state: str, alarm_phase: str, due_at: dt.datetime | None, now: dt.datetime
) -> str:
    """The word on a mission's chip: the phase of its open alarm, else what its times say."""
    if alarm_phase:
        return alarm_phase
    if state != MissionState.OUT or due_at is None:
        return state
    return "DUE_SOON" if due_at - now <= DUE_SOON else state


def owes_afterwards(*, state: str, is_unit: bool, by_a_person: bool) -> bool:
    """Whether one of a party owes a first report and, after rest, a debrief: a human whom a person
    has signed in. Neither a crew or vehicle, nor somebody of imported history."""
    return state == MemberState.BACK and not is_unit and by_a_person


def state_of(members: Sequence[MemberState]) -> MissionState:
    """The state that follows from the party: BACK only when nobody is missing (promise 6)."""
    if MemberState.OUT in members:
        return MissionState.OUT
    if MemberState.BACK in members:
        return MissionState.BACK
    if all(state is MemberState.STAYED for state in members):
        return MissionState.CANCELLED
    return MissionState.PLANNED


def headcount_problem(*, heads: int, named: int, out: int) -> str | None:
    """Signing a party in together: names ticked and heads counted must agree."""
    if heads == named:
        return None
    return _(
        "You counted {heads} heads, but {named} of {out} names are ticked. "
        "Count again, or tick exactly those who stand here."
    ).format(heads=heads, named=named, out=out)


class Decider(StrEnum):
    """Who may grant an extension asked for at this hour."""

    ANYBODY_ON_WATCH = "ANYBODY_ON_WATCH"  # before the due time: once acknowledged
    DUTY_OFFICER = "DUTY_OFFICER"  # between expected back and call-out
    TWO_PEOPLE = "TWO_PEOPLE"  # after the call-out time


def who_decides(*, due_at: dt.datetime, call_out_at: dt.datetime, now: dt.datetime) -> Decider:
    """Who decides on an extension now (`FIELD.md` 4 rule 11)."""
    if now < due_at:
        return Decider.ANYBODY_ON_WATCH
    return Decider.DUTY_OFFICER if now < call_out_at else Decider.TWO_PEOPLE


def extension_problem(
    *, due_at: dt.datetime, new_due_at: dt.datetime, now: dt.datetime
) -> str | None:
    """What is wrong with a new expected return."""
    if new_due_at <= now:
        return _("The new time lies in the past; give a time still to come.")
    if new_due_at > now + dt.timedelta(days=LONGEST_DAYS):
        return _("The new time lies more than {days} days ahead; check the date.").format(
            days=LONGEST_DAYS
        )
    return None


def means_the_first(*, same_mission: bool) -> dt.timedelta:
    """For how long after a return a second sign-in is taken for the first one, from another screen
    or by another person: for the same mission half a day, as a page may stand open; said of a
    person without a mission only half an hour, for they may have left again without a word."""
    return dt.timedelta(hours=12) if same_mission else dt.timedelta(minutes=30)


def was_out(
    state: str, out_at: dt.datetime | None, back_at: dt.datetime | None, *, at: dt.datetime
) -> bool:
    """Whether a mission is out, or was then: its device may keep a check-in until they are back."""
    if state == MissionState.BACK and out_at is not None and back_at is not None:
        return out_at <= at < back_at
    return state == MissionState.OUT


def is_late_news(*, heard_at: dt.datetime, newest: dt.datetime | None) -> bool:
    """Whether a check-in is older than the newest known fact: then it changes nothing."""
    return newest is not None and heard_at <= newest


def _mission(name: str, label: str, erase: Erasure = Erasure.ERASE_BODY) -> str:
    return declare(name, label, seen_by=Audience.MISSION, erase=erase)


def _office(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.OFFICE, erase=Erasure.NOTHING_PERSONAL)


SITE_ADDED = _office("SITE_ADDED", "A site was added")
SITE_CHANGED = _office("SITE_CHANGED", "A site was renamed, ended or taken up again")
GATE_CHANGED = _office("GATE_CHANGED", "A gate was renamed, ended or taken up again")
REASON_CHANGED = _office(
    "REASON_CHANGED", "A reason for delay was changed, ended or taken up again"
)
GATE_ADDED = _office("GATE_ADDED", "A gate was added")
MISSION_KIND_ADDED = _office("MISSION_KIND_ADDED", "A kind of mission was added")
MISSION_KIND_CHANGED = _office(
    "MISSION_KIND_CHANGED", "A kind of mission was changed, ended or taken up again"
)
REASON_ADDED = _office("REASON_ADDED", "A reason for delay was added")
MISSION_PLANNED = _mission("MISSION_PLANNED", "Planned")
MISSION_CHANGED = _mission("MISSION_CHANGED", "The plan was changed")
MISSION_MOVED = _mission("MISSION_MOVED", "Its times were moved by new time zone data")
MISSION_APPROVED = _mission("MISSION_APPROVED", "Approved by a second person")
MISSION_ANSWERED = _mission("MISSION_ANSWERED", "The assignment was answered")
MISSION_CANCELLED = _mission("MISSION_CANCELLED", "The plan was taken back")
MISSION_SIGNED_OUT = _mission("MISSION_SIGNED_OUT", "Signed out")
MISSION_CHECKED_IN = _mission("MISSION_CHECKED_IN", "Checked in")
MISSION_ASKED_FOR_HELP = _mission("MISSION_ASKED_FOR_HELP", "Asked for HELP")
MISSION_SIGNED_IN = _mission("MISSION_SIGNED_IN", "Signed in")
SIGN_IN_REPEATED = _mission("SIGN_IN_REPEATED", "Signed in once more")
SIGN_IN_TAKEN_BACK = _mission("SIGN_IN_TAKEN_BACK", "A sign-in was taken back: still out")
MISSION_BACK = _mission("MISSION_BACK", "Back, all informed")
EXTENSION_ASKED = _mission("EXTENSION_ASKED", "More time was asked for")
EXTENSION_DECIDED = _mission("EXTENSION_DECIDED", "The request for more time was decided")
FIRST_REPORT_GIVEN = _mission("FIRST_REPORT_GIVEN", "First report given")
FIRST_REPORT_AMENDED = _mission("FIRST_REPORT_AMENDED", "Something was added to a first report")
DEBRIEF_GIVEN = _mission("DEBRIEF_GIVEN", "The debrief was given")
LESSON_OFFERED = _mission("LESSON_OFFERED", "A lesson was offered")
LESSON_DECIDED = _mission("LESSON_DECIDED", "Whether a lesson is shared was decided")
DEBRIEF_ITEM_ADDED = _office("DEBRIEF_ITEM_ADDED", "A debrief asks for one thing more")
DEBRIEF_ITEM_CHANGED = _office(
    "DEBRIEF_ITEM_CHANGED", "What a debrief asks for was changed, ended or taken up again"
)
LESSON_ENDED = _office("LESSON_ENDED", "A shared lesson holds no more")
KIN_CONFIRMED = _mission("KIN_CONFIRMED", "Confirmed whom they named to be told")
TROUBLE_CLEARED = _mission("TROUBLE_CLEARED", "The trouble flag was cleared")
ENTRY_UNMATCHED = declare(
    "ENTRY_UNMATCHED",
    "An act at the gate that fits nothing",
    seen_by=Audience.WATCH,
    erase=Erasure.ERASE_BODY,
)
UNMATCHED_SETTLED = declare(
    "UNMATCHED_SETTLED",
    "An unmatched act was looked into",
    seen_by=Audience.WATCH,
    erase=Erasure.ERASE_BODY,
)
MISSION_IMPORTED = _mission("MISSION_IMPORTED", "Imported from earlier records")
MISSION_CONFIRMED = _mission("MISSION_CONFIRMED", "An imported mission was confirmed")
