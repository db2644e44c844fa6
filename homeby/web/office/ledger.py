"""The rows of the page of logbook and looks, as cells: for the screen, a table, a program."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.archive.words import LOOKED_AT
from homeby.logbook import looks
from homeby.logbook.rules import Line
from homeby.missions.queries import looked
from homeby.people import queries as people
from homeby.people.queries.callsigns import OverTime, over_time
from homeby.people.rules_callsigns import ERASED_NAME
from homeby.web import timeline, words
from homeby.web.door import Door
from homeby.web.office import look_words

#: A spreadsheet takes what begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column: its key for programs, its heading for people."""

    key: str
    title: str | Promise


ENTRIES = (
    Column(key="recorded_at", title=gettext_lazy("Recorded")),
    Column(key="what", title=gettext_lazy("What")),
    Column(key="words", title=gettext_lazy("Words")),
    Column(key="person", title=gettext_lazy("Person")),
    Column(key="actor", title=gettext_lazy("By")),
    Column(key="happened_at", title=gettext_lazy("Happened")),
    Column(key="device", title=gettext_lazy("Device")),
)
LOOKS = (
    Column(key="at", title=gettext_lazy("When")),
    Column(key="reader", title=gettext_lazy("Who")),
    Column(key="what", title=gettext_lazy("What")),
    Column(key="person", title=gettext_lazy("Person")),
    Column(key="why", title=gettext_lazy("Why")),
    Column(key="device", title=gettext_lazy("Device")),
)


def entry_rows(door: Door, rows: Iterable[Any], *, then: bool = False) -> list[list[Any]]:
    """These entries; people by the callsigns they have now, or `then`, for a file that is kept, by
    those they had at the time. At most two queries beside theirs."""
    lines = looks.lines_of(rows)
    if then:
        called = over_time(timeline.people_in(lines), to=door.viewer)
        said = timeline.said_then(door.viewer, lines, called, zone=door.zone, now=door.now)
        return [_entry_row(one, called.at(one.recorded_at), said) for one in lines]
    keys = {key for one in lines for key in (one.person_id, one.actor_id)}
    names = people.names(keys, to=door.viewer)
    said = timeline.said(door.viewer, lines, zone=door.zone, now=door.now)
    return [_brief(_entry_row(one, names, said)) for one in lines]


def _entry_row(
    one: Line, names: Mapping[uuid.UUID, str], said: Mapping[uuid.UUID, str]
) -> list[Any]:
    return [
        one.recorded_at,
        str(one.label),
        said[one.entry_id],
        names.get(one.person_id, "") if one.person_id else "",
        names.get(one.actor_id, "") if one.actor_id else "",
        one.happened_at,
        one.device,
    ]


def _brief(cells: list[Any]) -> list[Any]:
    """On a page it stands when a thing happened where that is not when it was recorded."""
    recorded_at, happened_at = cells[0], cells[5]
    return cells if recorded_at - happened_at >= timeline.LATE else [*cells[:5], "", *cells[6:]]


def look_rows(door: Door, rows: Iterable[Any], *, then: bool = False) -> list[list[Any]]:
    """These looks, in the same way. Three queries beside theirs."""
    found = list(rows)
    keys = {key for one in found for key in (one.viewer_id, one.whose)}
    names_now = OverTime(now=people.names(keys, to=door.viewer), given={})
    called = over_time(keys, to=door.viewer) if then else names_now
    missions = {key for one in found if (key := _mission_id(one.what)) is not None}
    named = looked.called(door.viewer, missions) if missions else {}
    return [
        [
            one.at,
            names.get(one.viewer_id, ERASED_NAME),
            look_words.what_of(one.kind, one.what, named),
            names.get(one.whose, "") if one.whose else "",
            look_words.why_of(one.viewed_as, one.why),
            one.device,
        ]
        for one in found
        for names in [called.at(one.at)]
    ]


def _mission_id(what: str) -> uuid.UUID | None:
    room, _sep, key = what.partition(":")
    return uuid.UUID(key.partition("/")[0]) if room == "mission" else None


def as_csv(columns: Sequence[Column], rows: Iterable[Sequence[Any]], checkpoint: str) -> str:
    """A table for a spreadsheet, in which no cell is a formula. Instants are ISO 8601 in UTC. The
    last line is the checkpoint of the logbook, where there is one."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow([str(column.title) for column in columns])
    writer.writerows([_guarded(value) for value in row] for row in rows)
    if checkpoint:
        rest = [""] * (len(columns) - 2)
        writer.writerow([_("Checkpoint of the logbook"), checkpoint, *rest])
    return made.getvalue()


def _guarded(value: Any) -> str:
    text = _plain(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    return str(value)


def as_json(columns: Sequence[Column], rows: Iterable[Sequence[Any]], checkpoint: str) -> str:
    """The same for a program: the lines as objects, and the checkpoint beside them."""
    keys = [column.key for column in columns]
    found = [dict(zip(keys, map(_plain, row), strict=True)) for row in rows]
    told = {"checkpoint": checkpoint, "lines": found}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def kind_choices(door: Door, *, of_looks: bool) -> list[tuple[str, str]]:
    """The kinds that the viewer may read, by their words."""
    if of_looks:
        return [(str(key), str(said)) for key, said in words.choices(LOOKED_AT)]
    return looks.kinds_for(door.viewer)
