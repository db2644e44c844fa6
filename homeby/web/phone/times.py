"""Typed times said back: what was understood, and which reading counts when the clocks change."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from homeby import instants
from homeby.instants import Problem, Reading, Typed

_PARTS = re.compile(r"\s*(?:[,;]|\band\b)\s*")

#: How a form writes an instant back, in a way that reads the same tomorrow.
_WRITTEN = "%Y-%m-%d %H:%M"


def written(at: dt.datetime | None, zone: str) -> str:
    """An instant as a form's field takes it again."""
    return at.astimezone(instants.zone_info(zone)).strftime(_WRITTEN) if at else ""


def reading(typed: Typed, *, now: dt.datetime) -> str:
    """Which reading of a local time was taken, "" for one that happens once."""
    taken = instants.wall(typed.instant, typed.zone, now)
    if typed.kind is Reading.AMBIGUOUS:
        return _(
            "“%(typed)s” happens twice, because the clocks go back then. The first one counts: "
            "%(taken)s, %(span)s."
        ) % {
            "typed": typed.typed,
            "taken": taken,
            "span": instants.relative(typed.instant, now),
        }
    if typed.kind is Reading.MISSING:
        return _(
            "“%(typed)s” does not happen, because the clocks go forward then. The earlier reading "
            "counts: %(taken)s, %(span)s."
        ) % {
            "typed": typed.typed,
            "taken": taken,
            "span": instants.relative(typed.instant, now),
        }
    return ""


def said(found: Typed | Problem, *, now: dt.datetime) -> str:
    """What is understood, in a line: "in 7 h 30, 18:30"."""
    if isinstance(found, Problem):
        return found.sentence
    if note := reading(found, now=now):
        return note
    wall = instants.wall(found.instant, found.zone, now)
    line = f"{instants.relative(found.instant, now)}, {wall}"
    return f"{line}. " + _("That is past.") if found.instant <= now else line


def call_out(text: str, zone: str, due: Typed | Problem, *, now: dt.datetime) -> Typed | Problem:
    """A typed call-out time. It counts from the expected return, so that "+30 min" and "01:15" mean
    after it; only where that is not understood, from now."""
    after = due.instant if isinstance(due, Typed) else now
    return instants.parse_typed(text, zone, after)


def listed(text: str, zone: str, *, now: dt.datetime) -> tuple[dt.datetime, ...] | Problem:
    """Several times typed in one field, parted by commas, semicolons or "and". Each counts from
    now; one that would come before the last counts from that: "22:00, 02:00" is one night."""
    found: list[dt.datetime] = []
    for part in _PARTS.split(text.strip()):
        if not part:
            continue
        typed = instants.parse_typed(part, zone, now)
        if found and isinstance(typed, Typed) and typed.instant <= found[-1]:
            typed = instants.parse_typed(part, zone, found[-1])
        if isinstance(typed, Problem):
            return typed
        found.append(typed.instant)
    return tuple(dict.fromkeys(found))


def written_list(times: Iterable[dt.datetime], zone: str) -> str:
    """Instants as the field takes them again."""
    return ", ".join(written(at, zone) for at in times)
