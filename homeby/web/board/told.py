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
from homeby.comms.queries import Tried, Written
from homeby.comms.rules import DeliveryState, MessageState
from homeby.logbook.rules import Line
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.web import words

#: A message's state -> the word and outline of `alarms/_state.html`.
STATES = {
    MessageState.QUEUED: "waiting",
    MessageState.TROUBLE: "trouble",
    MessageState.HANDED: "handed",
    MessageState.ANSWERED: "answered",
    MessageState.CANCELLED: "cancelled",
    MessageState.UNREACHABLE: "failed",
}


@dataclass(frozen=True, kw_only=True)
class ToldPerson:
    """One message of a step."""

    person: str
    channel: str
    state: str
    at: dt.datetime | None
    detail: str


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
    names = people.names([key for one in flat for key in (one.person_id, one.kin_of)])
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
    if part == "end":
        return _("How it ended")
    if part == "back":
        return _("Back, after it had ended")
    found = [line.label for line in lines if line.recorded_at == at]
    return found[-1] if found else _("Also told")


def _people(
    group: Sequence[Written], names: Mapping[Any, str], now: dt.datetime
) -> tuple[ToldPerson, ...]:
    return tuple(
        ToldPerson(
            person=recipient(message, names),
            channel=", ".join(
                dict.fromkeys(words.word(words.CHANNELS, one.channel) for one in message.tried)
            ),
            state=STATES[MessageState(message.state)],
            at=message.at,
            detail=detail(message, now=now),
        )
        for message in group
    )


def recipient(message: Written, names: Mapping[Any, str]) -> str:
    """Whom a message is for; kin have no name here."""
    if message.kin_of is not None:
        return _("kin of %s") % names.get(message.kin_of, "?")
    return names.get(message.person_id, "?")


def detail(message: Written, *, now: dt.datetime) -> str:
    """The tries on each channel in a sentence, where there is something to say."""
    if not message.tried:
        return _("No verified contact point that may be used now.")
    said = [_tried(one, now) for one in message.tried]
    return " ".join(sentence for sentence in said if sentence)


def _tried(one: Tried, now: dt.datetime) -> str:
    if not one.trouble and one.tries < 2:
        return ""
    tries = ngettext("%d try", "%d tries", one.tries) % one.tries
    said = f"{words.word(words.CHANNELS, one.channel)}, {tries}."
    if one.trouble:
        said += f" {one.trouble}"
    if one.state == DeliveryState.QUEUED and one.next_try_at:
        next_try_at = max(one.next_try_at, now)
        said += " " + _("Next try: %s.") % instants.relative(next_try_at, now)
    return said
