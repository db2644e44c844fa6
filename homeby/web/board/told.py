"""Who was told about an alarm: each step, each person, and what became of each message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeby import instants
from homeby.comms import queries as comms
from homeby.comms.queries import LastTest, Tried, Written
from homeby.comms.rules import DeliveryState, MessageState
from homeby.logbook.rules import Line
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.web import words

TEST_SHOWN = dt.timedelta(hours=1)

#: A message's state -> the word and outline of `alarms/_state.html`.
STATES = {
    MessageState.QUEUED: "waiting",
    MessageState.TROUBLE: "trouble",
    MessageState.HANDED: "handed",
    MessageState.ANSWERED: "answered",
    MessageState.CANCELLED: "cancelled",
    MessageState.UNREACHABLE: "failed",
}

#: The same for a message on one channel.
_ON_CHANNEL = {
    DeliveryState.QUEUED: "waiting",
    DeliveryState.HANDED: "handed",
    DeliveryState.RECEIVED: "received",
    DeliveryState.FAILED: "failed",
    DeliveryState.SPARED: "spared",
    DeliveryState.CANCELLED: "cancelled",
}


def state_of(message: Written) -> tuple[str, dt.datetime | None]:
    """How a message stands over all its channels, in the word of `alarms/_state.html`, and since
    when."""
    received = [one.received_at for one in message.tried if one.received_at]
    if message.state == MessageState.HANDED and received:
        return "received", min(received)
    waiting = [one for one in message.tried if one.state == DeliveryState.QUEUED]
    if message.state == MessageState.QUEUED and any(one.throttled_at for one in waiting):
        return "throttled", None
    return STATES[MessageState(message.state)], message.at


@dataclass(frozen=True, kw_only=True)
class ToldChannel:
    """One message on one channel, and when it came so far."""

    channel: str
    state: str
    at: dt.datetime | None
    detail: str


def channels_of(message: Written, *, now: dt.datetime) -> tuple[ToldChannel, ...]:
    """What became of a message on each channel, in the order of their turns."""
    return tuple(_channel(one, now) for one in message.tried)


def _channel(one: Tried, now: dt.datetime) -> ToldChannel:
    state = _ON_CHANNEL[DeliveryState(one.state)]
    if one.state == DeliveryState.QUEUED and one.throttled_at:
        state = "throttled"
    elif one.state == DeliveryState.QUEUED and one.tries:
        state = "trouble"
    return ToldChannel(
        channel=words.word(words.CHANNELS, one.channel),
        state=state,
        at=one.received_at or one.handed_at,
        detail=_tried(one, now),
    )


def test_of(last: LastTest | None, *, now: dt.datetime) -> ToldChannel | None:
    """What became of the last test of a contact point, for an hour."""
    if last is None or now - last.written_at > TEST_SHOWN:
        return None
    return _channel(last.tried, now)


@dataclass(frozen=True, kw_only=True)
class ToldPerson:
    """One message of a step."""

    person: str
    state: str
    at: dt.datetime | None
    detail: str
    channels: tuple[ToldChannel, ...]


@dataclass(frozen=True, kw_only=True)
class ToldStep:
    """One step of the escalation plan, or another act that told people."""

    step: str
    at: dt.datetime
    reached: bool
    why_not: str
    messages: tuple[ToldPerson, ...]


def told(viewer: Viewer, alarm: Any, lines: Sequence[Line], *, now: dt.datetime) -> list[ToldStep]:
    """Everybody who was told about an alarm, newest step first. Three queries.

    `lines` are the logbook's about the alarm; an earlier alarm of the same subject stands in them
    too and is told apart by its number.
    """
    about = f"alarm:{alarm.pk}"
    rounds: dict[str, list[Written]] = {}
    for message in comms.messages_about(viewer, [about]):
        part = message.key.removeprefix(about).strip("/").rpartition("/")[0]
        rounds.setdefault(part, []).append(message)
    flat = [message for group in rounds.values() for message in group]
    keys = [key for one in flat for key in (one.person_id, one.kin_of)]
    names = people.names(keys, to=viewer)
    steps = [
        _step(step, line.recorded_at, _people(rounds.pop(str(step.get("round")), []), names, now))
        for line in lines
        if line.facts.get("alarm") == alarm.number
        for step in line.facts.get("steps", [])
    ]
    steps += [
        ToldStep(
            step=_other_act(part, group[0].created_at, lines),
            at=group[0].created_at,
            reached=True,
            why_not="",
            messages=_people(group, names, now),
        )
        for part, group in rounds.items()
    ]
    steps.sort(key=lambda one: one.at)
    return steps[::-1]


def _step(step: Mapping[str, Any], at: dt.datetime, messages: tuple[ToldPerson, ...]) -> ToldStep:
    title = _("Step %(number)s: %(targets)s") % {
        "number": step["step"],
        "targets": words.targets(step.get("targets", [])),
    }
    if step.get("repeat"):
        title += " " + _("(repetition %d)") % step["repeat"]
    why_not = _("This step reached nobody, so the next one followed at once.")
    reached = bool(step.get("reached"))
    return ToldStep(
        step=title, at=at, reached=reached, why_not="" if reached else why_not, messages=messages
    )


def _other_act(part: str, at: dt.datetime, lines: Sequence[Line]) -> str:
    if part.partition("/")[0] == "end":
        return _("How it ended")
    if part == "back":
        return _("Back, after it had ended")
    found = [line.label for line in lines if line.recorded_at == at]
    return found[-1] if found else _("Also told")


def _people(
    group: Sequence[Written], names: Mapping[Any, str], now: dt.datetime
) -> tuple[ToldPerson, ...]:
    return tuple(_person(message, names, now) for message in group)


def _person(message: Written, names: Mapping[Any, str], now: dt.datetime) -> ToldPerson:
    state, at = state_of(message)
    return ToldPerson(
        person=recipient(message, names),
        state=state,
        at=at,
        detail="" if message.tried else _("No verified contact point that may be used now."),
        channels=channels_of(message, now=now),
    )


def recipient(message: Written, names: Mapping[Any, str]) -> str:
    """Whom a message is for; kin have no name here."""
    if message.kin_of is not None:
        return _("kin of %s") % names.get(message.kin_of, "?")
    return names.get(message.person_id, "?")


def _tried(one: Tried, now: dt.datetime) -> str:
    """What there is to say of the tries on one channel: how many, what was wrong, what comes."""
    said = [_("In one list with others.")] if one.listed and one.handed_at else []
    if one.tries > 1 or one.trouble:
        said.append(ngettext("%d try.", "%d tries.", one.tries) % one.tries)
    if one.trouble:
        said.append(one.trouble)
    if one.state == DeliveryState.QUEUED and one.next_try_at:
        at = instants.relative(max(one.next_try_at, now), now)
        if one.throttled_at:
            said.append(_("This person had many messages; it goes %s.") % at)
        elif one.tries:
            said.append(_("Next try: %s.") % at)
        elif one.next_try_at > now:
            said.append(_("Its turn comes %s, if it is needed then.") % at)
    return " ".join(said)
