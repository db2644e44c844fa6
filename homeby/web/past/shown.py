"""A mission at a past moment in words."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.queries.then import PastMission
from homeby.missions.rules import MemberState, MissionState
from homeby.web.phone.planning import written_coordinates


def _erased() -> str:
    return _("erased since")


def phase(found: PastMission, at: dt.datetime) -> str:
    """The word on its chip."""
    alarm_phase = found.alarm.phase if found.alarm is not None else ""
    return rules.phase_shown(
        state=found.mission.state, alarm_phase=alarm_phase, due_at=found.mission.due_at, now=at
    )


def row(found: PastMission, at: dt.datetime, *, now: dt.datetime) -> dict[str, Any]:
    """A line of `past/board.html`."""
    out = [found.called(one.person_id) for one in found.out()]
    mission, alarm = found.mission, found.alarm
    return {
        "id": mission.pk,
        "label": missions.party_title(out) or _erased(),
        "heads": len(out),
        "where": ", ".join(part for part in (_text(found, "what"), _place(found)) if part),
        "zone": mission.zone or "UTC",
        "phase": phase(found, at),
        "due_at": mission.due_at,
        "call_out_at": mission.call_out_at,
        "heard_at": mission.heard_at,
        "alarmed": alarm is not None,
        "taken_by": _takers(found),
        "second_missing": alarm is not None and alarm.second_missing,
    }


def mission(found: PastMission, at: dt.datetime, *, now: dt.datetime) -> dict[str, Any]:
    """The facts of `past/mission.html`."""
    seen = found.mission
    went = [one for one in found.party if one.state != MemberState.STAYED]
    return {
        "is_gone": found.is_gone,
        "label": missions.party_title([found.called(one.person_id) for one in went]),
        "where": ", ".join(part for part in (_text(found, "what"), _place(found)) if part),
        "coordinates": _coordinates(found),
        "phase": "" if found.is_gone else phase(found, at),
        "due_at": seen.due_at,
        "call_out_at": seen.call_out_at,
        "out_at": seen.out_at if seen.state in (MissionState.OUT, MissionState.BACK) else None,
        "back_at": seen.back_at if seen.state == MissionState.BACK else None,
        "heard_at": seen.heard_at,
        "leader": found.called(_key(seen.leader_id)),
        "vehicle": _text(found, "vehicle"),
        "kit": _text(found, "kit"),
        "communications": _text(found, "communications"),
        "device": _text(found, "device"),
        "members": [_member(found, one) for one in found.party],
        "alarm": _alarm(found),
        "asks": [
            _("More time was asked for: expected back %s. Nobody had decided.")
            % instants.wall(one.due_at, seen.zone or "UTC", now)
            for one in found.asked
        ],
    }


def _key(value: Any) -> uuid.UUID | None:
    return value if isinstance(value, uuid.UUID) else None


def _text(found: PastMission, name: str) -> str:
    return _erased() if name in found.erased else str(getattr(found.mission, name))


def _place(found: PastMission) -> str:
    return _erased() if "place" in found.erased else found.where.shown


def _coordinates(found: PastMission) -> str:
    if found.where.at is None:
        return ""
    written = written_coordinates(*found.where.at)
    return _("around %s") % written if found.where.is_around else written


def _takers(found: PastMission) -> str:
    return found.alarm.taken_by(found.names) if found.alarm is not None else ""


def _alarm(found: PastMission) -> dict[str, Any] | None:
    if found.alarm is None:
        return None
    return {
        "opened_at": found.alarm.opened_at,
        "taken_by": _takers(found),
        "second_missing": found.alarm.second_missing,
    }


def _member(found: PastMission, one: Any) -> dict[str, Any]:
    back = one.state == MemberState.BACK
    left = back or one.state == MemberState.OUT
    return {
        "label": found.called(one.person_id),
        "leads": one.person_id == found.mission.leader_id and len(found.party) > 1,
        "state": one.state,
        "at": one.back_at if back else one.out_at if left else None,
    }
