"""How many messages one person gets in a while: limits by class of channel. Pure.

As GoAlert's throttles (`RELIABILITY.md` 1): what is over a limit waits until the window opens, and
is seen to wait. No limit holds back a code or a test that somebody asked for, nor the first word
that a person is in danger; repetitions and other words it does. An exercise is neither held back
nor counted: it must be as quick as an alarm, and must never make one wait.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeby.comms.rules.words import MessageKind
from homeby.people.rules import PHONE_LIKE, ChannelName

PHONE = "PHONE"


@dataclass(frozen=True, kw_only=True)
class Limit:
    """At most so many messages to one person within a time, over these channels together."""

    channels: frozenset[str]
    most: int
    within: dt.timedelta


def limits_of(words: Iterable[str]) -> tuple[Limit, ...]:
    """Limits from the setting's words: "PHONE 3/5" is three in five minutes over all phone-like
    channels. Raises ValueError with a sentence."""
    return tuple(_limit(word) for word in words)


def _limit(word: str) -> Limit:
    name, _, figures = word.strip().partition(" ")
    most, _, minutes = figures.strip().partition("/")
    known = {PHONE: PHONE_LIKE} | {one.value: frozenset({one}) for one in ChannelName}
    if name not in known:
        raise ValueError(f"There is no channel {name!r}; say one of: {', '.join(known)}.")
    if not (most.isdecimal() and minutes.isdecimal() and int(most) and int(minutes)):
        raise ValueError(f'"{word}" is no limit; write such as "{PHONE} 3/5": three in 5 minutes.')
    within = dt.timedelta(minutes=int(minutes))
    return Limit(channels=frozenset(map(str, known[name])), most=int(most), within=within)


def is_never_held(kind: MessageKind, *, is_first: bool) -> bool:
    """Whether no limit holds back such a message. `is_first`: it brings the first word of a worry,
    or of its having grown; or that somebody opened what was closed, which must be known at once."""
    if kind in (MessageKind.VERIFICATION, MessageKind.TEST, MessageKind.EXERCISE):
        return True
    return kind in (MessageKind.ALARM, MessageKind.NOTICE) and is_first


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message that a person got: on which channel, and when. `alarm_list_to` is the contact
    point if it was a list of alarms."""

    channel: str
    at: dt.datetime
    alarm_list_to: uuid.UUID | None = None


def opens_at(
    limits: Sequence[Limit], channel: str, sent: Iterable[Sent], *, now: dt.datetime
) -> dt.datetime | None:
    """When one more message may go to a person on this channel; None: now."""
    sent = list(sent)
    found: list[dt.datetime] = []
    for limit in limits:
        if channel not in limit.channels:
            continue
        lately = sorted(
            one.at for one in sent if one.channel in limit.channels and one.at > now - limit.within
        )
        if len(lately) >= limit.most:
            found.append(lately[-limit.most] + limit.within)
    return max(found, default=None)
