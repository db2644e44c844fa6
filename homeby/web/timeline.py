"""The logbook's lines as people read them: what, in which words, by whom."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeby import instants
from homeby.logbook.rules import Line
from homeby.missions import queries as missions
from homeby.people import queries as people
from homeby.people.queries.callsigns import OverTime
from homeby.people.rules import BY_TEXT, Viewer
from homeby.web import words

_GRAVE = frozenset(
    {"ALARM_OPENED", "ALARM_STEPPED", "ALARM_RAISED", "ALARM_LAPSED", "MISSION_ASKED_FOR_HELP"}
    | {"SIGN_IN_TAKEN_BACK"}
)
#: How the watch keeps its own time; nothing happened to anybody.
_UNSAID = frozenset({"ALARM_WAITS"})
_GOOD = frozenset({"MISSION_SIGNED_IN", "MISSION_BACK", "ALARM_ENDED", "DEADLINE_MET"})

#: Kinds of which one act by a person may leave two lines.
_DOUBLE = frozenset({"ALARM_ENDED", "ALARM_RAISED"})

#: The device under which the watchkeeper writes.
WATCHKEEPER = "watchkeeper"

#: A line recorded this long after it happened says both times.
LATE = dt.timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of `_timeline.html`."""

    happened_at: dt.datetime
    recorded_at: dt.datetime
    label: str
    text: str
    by: str
    grave: bool
    good: bool
    learned_late: bool


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What it takes to say a fact in words: callsigns, gates, the clock on the reader's wall."""

    names: Mapping[uuid.UUID, str]
    gates: Mapping[uuid.UUID, str]
    zone: str
    now: dt.datetime

    def clock(self, value: object) -> str:
        """The wall time of an instant in a fact."""
        try:
            at = dt.datetime.fromisoformat(str(value))
        except ValueError:
            return ""
        return instants.wall(at, self.zone, self.now)

    def people(self, keys: Iterable[object]) -> str:
        """The callsigns of the people in a fact."""
        found = [words.isolated(self.names.get(_key(one) or uuid.UUID(int=0), "")) for one in keys]
        return ", ".join(sorted(name for name in found if name))


def entries(viewer: Viewer, lines: Sequence[Line], *, zone: str, now: dt.datetime) -> list[Entry]:
    """Lines of the logbook, newest first, for `_timeline.html`. One query for all the callsigns,
    and one for the gates where one is named."""
    kept = _once_each(lines)
    names, gates = people.names(people_in(kept), to=viewer), gates_in(viewer, kept)
    reading = Reading(names=names, gates=gates, zone=zone, now=now)
    return [_entry(line, reading) for line in reversed(kept)]


def said(
    viewer: Viewer, lines: Sequence[Line], *, zone: str, now: dt.datetime
) -> dict[uuid.UUID, str]:
    """The words of each of these lines by its entry id. One query for all the callsigns, and one
    for the gates where one is named."""
    wanted = people_in(lines)
    names = people.names(wanted, to=viewer) if wanted else {}
    reading = Reading(names=names, gates=gates_in(viewer, lines), zone=zone, now=now)
    return {line.entry_id: _entry(line, reading).text for line in lines}


def said_then(
    viewer: Viewer, lines: Sequence[Line], called: OverTime, *, zone: str, now: dt.datetime
) -> dict[uuid.UUID, str]:
    """The same in the callsigns that people had when each line was written."""
    found, gates = {}, gates_in(viewer, lines)
    for line in lines:
        reading = Reading(names=called.at(line.recorded_at), gates=gates, zone=zone, now=now)
        found[line.entry_id] = _entry(line, reading).text
    return found


def people_in(lines: Sequence[Line]) -> set[uuid.UUID]:
    """Everybody whom these lines name."""
    return {key for line in lines for key in _people_in(line)}


def gates_in(viewer: Viewer, lines: Sequence[Line]) -> dict[uuid.UUID, str]:
    """The names of gates by their ids, where these lines name one. At most one query."""
    if not any(line.facts.get("gate") for line in lines):
        return {}
    return {gate.pk: gate.name for gate in missions.gates(viewer, ended=True)}


def _once_each(lines: Sequence[Line]) -> list[Line]:
    """One act may leave two lines of a kind, on the alarm and on what it is about; the one that
    says more is shown."""
    kept: dict[tuple[str, dt.datetime, uuid.UUID | None], Line] = {}
    for line in lines:
        if line.kind in _UNSAID:
            continue
        act = (
            line.kind,
            line.recorded_at,
            line.actor_id if line.kind in _DOUBLE else line.entry_id,
        )
        if act not in kept or len(line.facts) > len(kept[act].facts):
            kept[act] = line
    return list(kept.values())


def _entry(line: Line, reading: Reading) -> Entry:
    return Entry(
        happened_at=line.happened_at,
        recorded_at=line.recorded_at,
        label=line.label,
        text=_("The words of this line were erased.") if line.erased else _text(line, reading),
        by=_by(line, reading),
        grave=line.kind in _GRAVE,
        good=line.kind in _GOOD,
        learned_late=line.recorded_at - line.happened_at > LATE,
    )


def _by(line: Line, reading: Reading) -> str:
    """Who did it; "" stands for the watchkeeper, as `_timeline.html` says it."""
    if line.actor_id is not None:
        return reading.people([line.actor_id])
    return "" if line.device == WATCHKEEPER else _("the station")


def _key(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None


def _people_in(line: Line) -> list[uuid.UUID]:
    told = [one for step in line.facts.get("steps", []) for one in step.get("told", [])]
    listed = [*line.facts.get("people", []), *line.facts.get("to", []), *told]
    known = [line.actor_id, line.person_id, *map(_key, listed)]
    return [key for key in known if key is not None]


def _text(line: Line, reading: Reading) -> str:
    facts = line.facts
    parts = [say(value, reading) for name, say in _SAYINGS.items() if (value := facts.get(name))]
    about_her = line.subject == f"person:{line.person_id}" or line.person_id == line.actor_id
    if line.person_id and not about_her and "people" not in facts:
        parts.insert(0, reading.people([line.person_id]))
    if line.device.startswith(f"{BY_TEXT}:"):
        parts.append(_("by text message"))
    return ". ".join(part.rstrip(".") for part in parts if part)


def _steps(steps: Sequence[Mapping[str, Any]], reading: Reading) -> str:
    said = []
    for step in steps:
        told = reading.people(step.get("told", [])) or words.targets(step.get("targets", []))
        phrase = _("step %(number)s: %(told)s") % {"number": step.get("step"), "told": told}
        if step.get("repeat"):
            phrase += " " + _("(repetition %d)") % step["repeat"]
        if not step.get("reached"):
            phrase += " " + _("(reached nobody)")
        said.append(phrase)
    return "; ".join(said)


def _plain(value: object, reading: Reading) -> str:
    return str(value)


def _until(value: object, reading: Reading) -> str:
    return _("until %s") % reading.clock(value)


def _due(value: object, reading: Reading) -> str:
    return _("expected back %s") % reading.clock(value)


def _at_gate(value: object, reading: Reading) -> str:
    name = reading.gates.get(_key(value) or uuid.UUID(int=0), "")
    return _("at %(gate)s") % {"gate": words.isolated(name)} if name else ""


def _going(value: Sequence[object], reading: Reading) -> str:
    named = reading.people(value)
    return named or ngettext("%d person", "%d people", len(value)) % len(value)


#: What is said of each fact, in this order; other facts are for machines.
_SAYINGS: dict[str, Callable[[Any, Reading], str]] = {
    "people": _going,
    "to": _going,
    "gate": _at_gate,
    "steps": _steps,
    "trouble": _plain,
    "what": _plain,
    "why": _plain,
    "reason": _plain,
    "note": _plain,
    "text": _plain,
    "how": lambda value, reading: words.word(words.HOWS, value),
    "link": lambda value, reading: words.word(words.LINKS, value),
    "acceptance": lambda value, reading: words.word(words.ACCEPTANCES, value),
    "granted": lambda value, reading: _("granted"),
    "role": lambda value, reading: words.word(words.ROLES, value),
    "channel": lambda value, reading: words.word(words.CHANNELS, value),
    "until": _until,
    "due_at": _due,
}
