"""What a gate's page stands on: the gate, the mission, and what was just recorded."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby.logbook import queries as logbook
from homeby.logbook.rules import Line
from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.queries import sheets
from homeby.missions.queries.home import UNSAID
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer
from homeby.watch.rules import AlarmState, Ending
from homeby.web.door import Door
from homeby.web.gate import acts, waits
from homeby.web.kit.carried import carried, to_bring_back

#: How long callsigns stay on the screen after an act; twice as long where another act waits.
NAMES_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Here:
    """The gate at which somebody stands."""

    key: uuid.UUID
    name: str
    site: str
    zone: str


def gate_or_404(viewer: Viewer, key: uuid.UUID) -> Here:
    """The gate of an address; a page that does not exist where there is none."""
    for row in missions.gates(viewer, ended=True):
        if row.pk == key:
            return Here(key=row.pk, name=row.name, site=row.site.name, zone=row.site.zone)
    raise Http404


def sheet_or_404(door: Door, mission_id: uuid.UUID | str) -> Sheet:
    """The mission of an address or a form, if the viewer may see it."""
    try:
        found = sheets.sheet(door.viewer, uuid.UUID(str(mission_id)), now=door.now)
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def line_or_404(viewer: Viewer, entry_id: uuid.UUID) -> Line:
    """What was recorded, if the viewer may read it."""
    found = logbook.line(viewer, entry_id)
    if found is None:
        raise Http404
    return found


def done(door: Door, here: Here, act: str, line: Line) -> dict[str, Any]:
    """The context of `gate/done.html`: the stored answer, and what follows from it."""
    room, _sep, key = line.subject.partition(":")
    known = room == "mission" and line.kind != rules.ENTRY_UNMATCHED
    sheet = sheets.sheet(door.viewer, uuid.UUID(key), now=door.now) if known else None
    context: dict[str, Any] = {
        "gate": here,
        "zone": here.zone,
        "act": act,
        "headline": logbook.answer_given(line.entry_id),
    }
    if sheet is None:
        return context
    if act == "out":
        return context | _gone(door, sheet, line)
    if act == "in":
        return context | _back(door, sheet, line, here)
    return context | {"sentences": [acts.facts(sheet)["label"]]}


def _gone(door: Door, sheet: Sheet, line: Line) -> dict[str, Any]:
    promise = acts.promised(sheet, now=door.now)
    assert promise is not None, "whoever is out has both times"
    if line.kind == rules.SIGN_IN_TAKEN_BACK:
        return {"sentences": promise.sentences[:1], "clear_after": NAMES_SECONDS}
    return {
        "headline": _("Signed out: %s") % acts.facts(sheet)["label"],
        "sentences": promise.sentences,
        "promise": promise.lines,
        "clear_after": NAMES_SECONDS,
    }


def _back(door: Door, sheet: Sheet, line: Line, here: Here) -> dict[str, Any]:
    back = {uuid.UUID(str(one)) for one in line.facts.get("people", [])}
    rows = [
        row
        for row in sheet.party
        if row.person_id in back
        and missions.owes_afterwards(row)
        and row.person_id not in sheet.reported
    ]
    where = [(row.person.shown_as, [here.key, sheet.mission.pk, row.person_id]) for row in rows]
    reports = [(name, reverse("gate-first-report", args=args)) for name, args in where]
    one, said = len(rows) == 1, _("First report of %s")
    elsewhere = [row for row in sheets.out_elsewhere(door.viewer, sheet) if row.person_id in back]
    here_again = [
        (row.person_id, row.person.shown_as) for row in sheet.party if row.person_id in back
    ]
    return {
        "sentences": _who_knows(sheet, line),
        "waits": waits.sentences(door, sheet, here_again),
        "report_url": reports[0][1] if one else "",
        "open_items": [
            *([] if one else [{"text": said % name, "url": url} for name, url in reports]),
            *_kit(door, sheet),
        ],
        "wrong": [
            {"label": name, "url": reverse("gate-take-back", args=args)} for name, args in where
        ],
        "elsewhere": [
            {
                "text": _("%(who)s is still out on “%(what)s”.")
                % {"who": row.person.shown_as, "what": row.mission.what},
                "label": row.person.shown_as,
                "tile": f"{row.mission_id}/{row.person_id}",
            }
            for row in elsewhere
        ],
        "clear_after": NAMES_SECONDS if one and not elsewhere else 2 * NAMES_SECONDS,
    }


def _kit(door: Door, sheet: Sheet) -> list[dict[str, str]]:
    """What the party brings back to its place, once everybody is back; it can wait."""
    if sheet.mission.state != MissionState.BACK:
        return []
    return to_bring_back(carried(door, sheet.mission.pk))


def _who_knows(sheet: Sheet, line: Line) -> list[str]:
    out = [row.person.shown_as for row in sheet.party if row.state == MemberState.OUT]
    if out and not sheet.ids(UNSAID):
        return [_("Still out: %s.") % ", ".join(out)]
    if sheet.mission.state != MissionState.BACK:
        return []
    alarm = sheet.alarm
    ended = (
        alarm is not None
        and alarm.state == AlarmState.ENDED
        and alarm.ending == Ending.SIGNED_IN
        and alarm.ended_at == line.recorded_at
    )
    if ended:
        return [_("Back, all informed: the alarm is over, and everybody who was told is told so.")]
    return [_("Nobody of this mission is missing.")]
