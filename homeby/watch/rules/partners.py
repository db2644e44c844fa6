"""The minute message of a partner station: what it says, and what is wrong with it. Pure.

Keeps P9 and P18 between two stations (`RELIABILITY.md` 5, row "Partner station"): silence, a
logbook that contradicts itself, a message that nobody sends, a watch that sleeps and clocks that
are apart are seen by the other one. Everything the other station says may be a lie: it is read
with limits, silence is measured by our own clock alone, and nothing it says puts a deadline off.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from homeby import instants
from homeby.findings import Finding, amber, green, red
from homeby.logbook.rules import canonical
from homeby.sentences import gettext as _
from homeby.steady import so_far
from homeby.watch.rules.kinds import PARTNER_AWAITED as PARTNER_AWAITED
from homeby.watch.rules.kinds import PARTNER_ENDED as PARTNER_ENDED
from homeby.watch.rules.kinds import PARTNER_HEARD as PARTNER_HEARD
from homeby.watch.rules.kinds import PARTNER_INVITED as PARTNER_INVITED
from homeby.watch.rules.kinds import PARTNER_KEPT as PARTNER_KEPT
from homeby.watch.rules.kinds import PARTNER_PAIRED as PARTNER_PAIRED
from homeby.watch.rules.kinds import PARTNER_TROUBLED as PARTNER_TROUBLED
from homeby.watch.rules.plans import Step
from homeby.watch.rules.words import SKEW, Anchor, Target

SILENT_AFTER = dt.timedelta(minutes=5)
CALL_OUT_AFTER = dt.timedelta(minutes=25)  # from UNCERTAINTY to ALERT: half an hour of silence
EVERY = dt.timedelta(minutes=1)
SOONEST = dt.timedelta(seconds=20)  # more often is a flood: it is answered and not written down
UNSENT_SECONDS = 120
APART_SECONDS = 30
STUCK = dt.timedelta(seconds=120)  # so long may the other's next act have been due
ASK_AGAIN = dt.timedelta(hours=1)
ASK_AGAIN_AT_MOST = dt.timedelta(days=1)
KEEP_EVERY = dt.timedelta(hours=1)  # a checkpoint of the other's into our own logbook
UNPROVEN_MAX = 5  # messages whose logbook is not shown to be the one we hold a checkpoint of
CODE_LASTS = dt.timedelta(minutes=10)
PARTNERS_MAX = 8
NAME_MAX = 80
MESSAGE_MAX = 4000  # characters of one minute message
OFFICERS_MAX, ADDRESSES_MAX, ADDRESS_MAX = 10, 4, 300
_COUNT_MAX = 2**53
_DIGEST = re.compile(r"[0-9a-f]{64}")


def ref_of(partner_id: uuid.UUID) -> str:
    """The reference of a partner station as a subject of the watch."""
    return f"partner:{partner_id}"


class Verb(StrEnum):
    """What a signed message is for."""

    MINUTE = "MINUTE"
    END = "END"  # a person there has ended the partnership
    ASK = "ASK"  # at a start, before anything leaves: which checkpoint of ours do you hold?


class Trouble(StrEnum):
    """What is wrong with a partner station by its own minute message."""

    LOGBOOK = "LOGBOOK"  # shorter than before, or another history
    ASLEEP = "ASLEEP"
    UNSENT = "UNSENT"
    STUCK = "STUCK"
    CLOCK = "CLOCK"
    SPLIT = "SPLIT"  # two partner stations were shown different histories


@dataclass(frozen=True, kw_only=True)
class Point:
    """A checkpoint: so many entries, the id of the last, SHA-256 over their leaf hashes."""

    entries: int
    last: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class Said:
    """One signed message, read. `earlier` is what the sender's logbook gives now for the number of
    entries that the receiver holds of it; None where the sender does not know that number yet."""

    verb: Verb
    sender: uuid.UUID
    receiver: uuid.UUID
    name: str
    sequence: int
    at: dt.datetime
    point: Point
    earlier: Point | None
    unsent_seconds: float
    next_act_at: dt.datetime | None
    is_awake: bool
    out: int
    reason: str = ""


def written(said: Said) -> str:
    """The message as it is signed: canonical JSON, without a name of anybody."""
    fields: dict[str, Any] = dict(vars(said))
    fields["point"] = vars(said.point)
    fields["earlier"] = vars(said.earlier) if said.earlier else None
    return canonical(fields)


class Nonsense(Exception):
    """A message that cannot be read; the text is a sentence."""


def read(text: str) -> Said:
    """Read a message whose signature was right. Raises Nonsense."""
    if len(text) > MESSAGE_MAX:
        raise Nonsense(_("The message is too long."))
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Nonsense(_("The message is not JSON.")) from None
    try:
        return _said(found)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        raise Nonsense(_("The message lacks a field, or one of them cannot be.")) from None


def _said(found: Mapping[str, Any]) -> Said:
    due = found["next_act_at"]
    earlier = found["earlier"]
    if not isinstance(found["is_awake"], bool):
        raise ValueError
    return Said(
        verb=Verb(found["verb"]),
        sender=uuid.UUID(found["sender"]),
        receiver=uuid.UUID(found["receiver"]),
        name=plain_name(found["name"]),
        sequence=_number(found["sequence"]),
        at=_instant(found["at"]),
        point=_point(found["point"]),
        earlier=None if earlier is None else _point(earlier),
        unsent_seconds=_number(found["unsent_seconds"]),
        next_act_at=None if due is None else _instant(due),
        is_awake=found["is_awake"],
        out=_number(found["out"]),
        reason=plain_name(found["reason"], most=200),
    )


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _COUNT_MAX:
        raise ValueError
    return int(value)


def _instant(value: object) -> dt.datetime:
    found = dt.datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError
    return found.astimezone(dt.UTC)


def _point(found: Mapping[str, Any]) -> Point:
    digest, last = str(found["digest"]), str(found["last"])
    if not _DIGEST.fullmatch(digest) or len(last) > 36:
        raise ValueError
    return Point(entries=_number(found["entries"]), last=last, digest=digest)


def plain_name(value: object, *, most: int = NAME_MAX) -> str:
    """A name or a reason that somebody else chose: one line of printable characters, bounded."""
    if not isinstance(value, str):
        raise TypeError
    clean = "".join(c if c.isprintable() else " " for c in value[: 4 * most])
    return " ".join(clean.split())[:most]


def troubles(
    said: Said, *, seen: Point | None, unproven: int, now: dt.datetime
) -> tuple[Trouble, ...]:
    """What is wrong by this message. `seen` is the checkpoint that we hold of the other station,
    `unproven` how many messages in a row did not show that they go on from it, `now` our clock."""
    lost = seen is not None and contradicts(said, seen)
    found = {
        Trouble.LOGBOOK: lost or unproven >= UNPROVEN_MAX,
        Trouble.ASLEEP: not said.is_awake,
        Trouble.UNSENT: said.unsent_seconds > UNSENT_SECONDS,
        Trouble.STUCK: said.next_act_at is not None and said.at - said.next_act_at > STUCK,
        Trouble.CLOCK: abs((said.at - now).total_seconds()) > APART_SECONDS,
    }
    return tuple(trouble for trouble, is_so in found.items() if is_so)


def contradicts(said: Said, seen: Point) -> bool:
    """Whether the logbook told of cannot be the one we hold a checkpoint of, grown since."""
    if said.point.entries < seen.entries:
        return True
    if said.point.entries == seen.entries and said.point != seen:
        return True
    earlier = said.earlier
    return earlier is not None and earlier.entries == seen.entries and earlier != seen


def may_keep(said: Said, *, seen: Point | None) -> bool:
    """Whether its checkpoint takes the place of the one we hold: only where it was shown to be that
    one, grown. So of two copies of a station one alone can go on with us."""
    if seen is None or said.point == seen:
        return True
    return not contradicts(said, seen) and said.earlier == seen


def why_not_live(ours: Point | None, held: Point) -> str:
    """Why our own logbook is not the one of which a partner holds our signed checkpoint; empty when
    it is. `ours`: what our logbook gives for that number of entries, None where it is shorter."""
    if ours is None:
        return _(
            "A partner station holds our signed checkpoint of %d entries, and this logbook is "
            "shorter: an earlier state."
        ) % (held.entries)
    if ours != held:
        return _(
            "A partner station holds our signed checkpoint of %d entries, and this logbook has "
            "other ones: another history."
        ) % (held.entries)
    return ""


def missing_words(*, held: int, here: int, last_number: int) -> str:
    """How many of the entries that a partner has seen are missing, and from where on; empty where
    that cannot be told. `here`: how many of ours are as old as what it holds, `last_number` the
    number of the last of these."""
    if held <= here:
        return ""
    words = _("Missing entries: %(count)d, from the one behind entry %(number)d on.")
    return words % {"count": held - here, "number": last_number}


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What the watch knows of a partner when its deadline has come. `well_at`: the last message
    with which nothing was wrong, or since when we could hear at all."""

    well_at: dt.datetime
    troubles: tuple[str, ...]


def next_due_at(heard: Heard, *, now: dt.datetime) -> dt.datetime | None:
    """By when the next good minute message must have come; None when it is missed. An instant ahead
    of us proves nothing: the clock was set back since."""
    due_at = heard.well_at + SILENT_AFTER
    if heard.troubles or not now < due_at <= now + SILENT_AFTER + SKEW:
        return None
    return due_at


def steps(officers: tuple[uuid.UUID, ...]) -> tuple[Step, ...]:
    """Who is told of a partner's silence: our duty officer and the other station's at once, then
    more people, the last step again and again until somebody takes it."""
    them = (Target.NAMED,) if officers else ()
    return tuple(
        Step(anchor=anchor, offset_minutes=minutes, targets=(*whom, *them), people=officers)
        for anchor, minutes, whom in (
            (Anchor.DUE, 0, (Target.DUTY_OFFICER,)),
            (Anchor.DUE, 10, (Target.DUTY_OFFICER, Target.DEPUTY)),
            (Anchor.CALL_OUT, 0, (Target.DUTY_OFFICER, Target.EVERY_LEADER)),
        )
    )


PART = "partner station"  # as a part of the watch


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A partner station as the page "Is the watch awake?" needs it."""

    name: str
    heard_at: dt.datetime | None
    paired_at: dt.datetime
    answered_at: dt.datetime | None
    answer: str
    troubles: tuple[str, ...]
    officers: int


def finding(one: Watched, *, now: dt.datetime, pace: float) -> Finding:
    """What is known of a partner station, as a sentence with a level."""
    limit = SILENT_AFTER * pace
    heard = now - (so_far(one.heard_at, now) or one.paired_at)
    call = _("Call its duty officers: perhaps nobody is watched there.")
    if heard > limit:
        ago = instants.span(heard.total_seconds())
        return red(PART, _("%(name)s: silent for %(ago)s.") % {"name": one.name, "ago": ago}, call)
    if one.troubles:
        wrong = "; ".join(sentence(trouble) for trouble in one.troubles)
        return red(PART, f"{one.name}: {wrong}.", call)
    if now - (so_far(one.answered_at, now) or one.paired_at) > limit:
        return red(
            PART,
            _("%(name)s does not hear us: %(why)s") % {"name": one.name, "why": one.answer},
            _("Look at the line to the network: it may be ringing its duty officers about us."),
        )
    if not one.officers:
        return amber(
            PART,
            _("%s has given no address of a duty officer that works from here.") % one.name,
            _("Pair again once its duty officers have e-mail or SMS that is verified."),
        )
    ago = instants.span(max(1.0, heard.total_seconds()))
    return green(
        PART, _("%(name)s was heard %(ago)s ago, and hears us.") % {"name": one.name, "ago": ago}
    )


def sentence(trouble: str) -> str:
    """A trouble in words."""
    return {
        Trouble.LOGBOOK: _("its logbook is shorter than it was, or tells another history"),
        Trouble.ASLEEP: _("its own watch does not look any more"),
        Trouble.UNSENT: _("its messages have not left for more than two minutes"),
        Trouble.STUCK: _("its next act has been due for more than two minutes"),
        Trouble.CLOCK: _("its clock and ours are more than 30 seconds apart"),
        Trouble.SPLIT: _(
            "it shows us another history of its logbook than it shows to another partner station"
        ),
    }[Trouble(trouble)]
