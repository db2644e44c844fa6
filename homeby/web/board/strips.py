"""The board's strips: everybody who is out, most urgent first, and what they add up to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from homeby.missions import queries as missions
from homeby.missions.queries import BoardRow
from homeby.missions.queries.trouble import open_troubles
from homeby.people.rules import Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.outages import outages_shown
from homeby.watch.rules import AlarmKind
from homeby.watch.rules.unplaced import is_unplaced

SOON = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One strip of `board/_row.html`."""

    mission_id: uuid.UUID
    label: str
    heads: int
    solo: bool
    where: str
    zone: str
    due_at: dt.datetime | None
    call_out_at: dt.datetime | None
    asked_until_at: dt.datetime | None
    last_heard_at: dt.datetime | None
    heard: bool
    phase: str
    alarmed: bool
    taken_by: str
    second_missing: bool


def strip(row: BoardRow, *, now: dt.datetime) -> Strip:
    """A mission that is out, as its strip."""
    return Strip(
        mission_id=row.mission_id,
        label=row.title,
        heads=row.out_count,
        solo=row.is_solo,
        where=", ".join(part for part in (row.unit, row.what, _place(row, now)) if part),
        zone=row.zone,
        due_at=row.due_at,
        call_out_at=row.call_out_at,
        asked_until_at=row.asked_due_at,
        last_heard_at=row.heard_at,
        heard=row.alarm_heard_at is not None,
        phase=row.phase or ("DUE_SOON" if _is_soon(row, now) else "OUT"),
        alarmed=row.alarm_id is not None,
        taken_by=row.taken_by,
        second_missing=row.second_missing,
    )


def _place(row: BoardRow, now: dt.datetime) -> str:
    """Whoever is overdue is looked for, even if the watch sleeps and no alarm says so."""
    return row.place_once_due if row.due_at is not None and row.due_at <= now else row.place


def _is_soon(row: BoardRow, now: dt.datetime) -> bool:
    return row.due_at is not None and row.due_at <= now + SOON


def counts(rows: Sequence[BoardRow], *, now: dt.datetime) -> dict[str, int]:
    """People out, due within the hour and overdue; and alarms that nobody has taken."""
    overdue = [row for row in rows if row.due_at is not None and row.due_at <= now]
    soon = [row for row in rows if _is_soon(row, now) and row not in overdue]
    return {
        "out": sum(row.out_count for row in rows),
        "due_soon": sum(row.out_count for row in soon),
        "overdue": sum(row.out_count for row in overdue),
        "alarms": sum(
            row.alarm_id is not None and (not row.taken_by or row.second_missing) for row in rows
        ),
    }


def _named(alarm: Any) -> dict[str, Any]:
    return {"id": alarm.pk, "title": alarm.subject.title}


def above(viewer: Viewer, rows: Sequence[BoardRow], *, now: dt.datetime) -> dict[str, Any]:
    """What stands above the rows, the context of `board/_top.html`. A fixed number of queries."""
    figures, found = missions.status_figures(viewer), watch.open_alarms(viewer)
    return {
        "counts": counts(rows, now=now),
        "troubles": open_troubles(viewer),
        "unmatched": figures["unmatched_open"],
        "unconfirmed": figures["missions_unconfirmed"],
        "blind": [
            {"from_at": one.from_at, "to_at": one.to_at} for one in outages_shown(viewer, now=now)
        ],
        "partners": [_named(one) for one in found if one.kind == AlarmKind.PARTNER],
        "unplaced": [_named(one) for one in found if is_unplaced(one.subject.ref)],
    }
