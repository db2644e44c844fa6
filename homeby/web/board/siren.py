"""What the siren of the duty room says: whether an alarm waits for somebody to take it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from homeby.missions import queries as missions
from homeby.missions.queries.looked import note_list
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch import queries as watch
from homeby.watch.rules import AlarmKind

#: So many are named; the others are counted.
NAMED_MOST = 6
#: These sound no siren: strangers stand in the room, or nobody is missing and it can wait.
_QUIET = (AlarmKind.DURESS, AlarmKind.CARE)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An open alarm: by callsigns, with the phase it is in and who has taken it so far."""

    id: uuid.UUID
    title: str
    place: str
    phase: str
    opened_at: dt.datetime
    taken_by: str


def siren(viewer: Viewer) -> dict[str, Any]:
    """The context of `board/_siren.html`. `state` is ALARM while an open alarm waits for a taker,
    or for the second of two; TAKEN while all are taken; else CALM. A silent alarm is not among
    them, nor one about an act of care. At most five queries."""
    found = [one for one in watch.open_alarms(viewer) if one.kind not in _QUIET]
    names = people.names([key for one in found for key in one.takers]) if found else {}
    waiting = [one for one in found if one.second_missing or not one.takers]
    shown = waiting or found
    if shown:
        note_list(viewer, "siren")
    return {
        "state": "ALARM" if waiting else "TAKEN" if found else "CALM",
        "count": len(shown),
        "more": max(0, len(shown) - NAMED_MOST),
        "alarms": [
            Waiting(
                id=one.pk,
                title=one.subject.title,
                place=one.subject.place,
                phase=one.phase,
                opened_at=one.opened_at,
                taken_by=one.taken_by(names),
            )
            for one in shown[:NAMED_MOST]
        ],
        "people_out": missions.status_figures(viewer)["people_out"],
    }
