"""Missions at a past moment, made from the logbook: who was out, where they stood, what was known.

Who may look back is whoever answers for the mission now: to one of the party it is not said who
else has come home, and the past would say it. What of the place is shown is what the reader may
read of it today.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.then import (
    Moment,
    Past,
    Values,
    Way,
    about,
    erased_in,
    is_by,
    made,
    mission_changes,
    rows_at,
    touching,
)
from homeby.missions.models import Extension, Mission, PartyMember, ref_of
from homeby.missions.queries.visible import answers_for, visible_missions
from homeby.missions.queries.where import where_then
from homeby.missions.rules import ExtensionState, MemberState, MissionState
from homeby.missions.rules.fading import Where
from homeby.people.queries.callsigns import over_time
from homeby.people.rules import Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.then import TABLES, open_alarms_then

#: The changes that a board of the past offers lie so near to its moment.
NEAR = dt.timedelta(hours=12)
_TABLES = (Mission, PartyMember, Extension, *TABLES)


@dataclass(frozen=True, kw_only=True)
class PastMission:
    """One mission as it stood, to be shown. `names` are the callsigns of that moment. `erased`:
    the columns of the mission whose words are gone; `is_gone`: even how it stood is."""

    mission: Mission
    party: list[PartyMember]
    alarm: watch.Alarm | None  # one that was open
    asked: list[Extension]
    where: Where
    names: Mapping[uuid.UUID, str]
    erased: frozenset[str]
    is_gone: bool

    def called(self, person_id: uuid.UUID | None) -> str:
        """The callsign that somebody had then."""
        return self.names.get(person_id, "") if person_id else ""

    def out(self) -> list[PartyMember]:
        """Who was out."""
        return [row for row in self.party if row.state == MemberState.OUT]


def looking_back(viewer: Viewer | None, keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, Mission]:
    """Of these missions those whose past the viewer may see, as they stand now. One query."""
    rows = visible_missions(viewer).filter(pk__in=list(keys))
    if viewer is not None and not viewer.keeps_watch:
        rows = rows.filter(answers_for(viewer))
    return {row.pk: row for row in rows.distinct()}


def mission_then(
    viewer: Viewer | None, mission_id: uuid.UUID, moment: Moment, *, now: dt.datetime
) -> PastMission | None:
    """One mission as it stood; None for whoever may not see it, or where there was none yet."""
    seen = looking_back(viewer, [mission_id])
    if viewer is None or mission_id not in seen:
        return None
    ref = ref_of(mission_id)
    past = rows_at(moment, about([ref, *watch.alarm_refs(ref)], mission_id), _TABLES)
    return next(iter(_shown(viewer, past, moment, seen, now=now)), None)


def out_then(viewer: Viewer | None, moment: Moment, *, now: dt.datetime) -> list[PastMission]:
    """The missions that were out, as far as the viewer may see them, the earliest due first. The
    whole logbook is read."""
    if viewer is None:
        return []
    past = rows_at(moment, touching(_TABLES), _TABLES)
    keys = {uuid.UUID(key) for key in past.of(Mission) | past.of(Mission, since=True)}
    was_out = {key for key in keys if _stands(past, moment, str(key)) == MissionState.OUT}
    seen = looking_back(viewer, was_out)
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    found = _shown(viewer, past, moment, seen, now=now)
    return sorted(found, key=lambda one: (one.mission.due_at or never, str(one.mission.pk)))


def changes_near(viewer: Viewer | None, at: dt.datetime) -> list[tuple[dt.datetime, str]]:
    """When something was recorded of the missions whose past the viewer may see, and what in a
    word, in order. Two queries."""
    lines = mission_changes(since=at - NEAR, until=at + NEAR)
    keys = {uuid.UUID(ref.partition(":")[2]) for _at, ref, _said in lines}
    refs = {row.ref for row in looking_back(viewer, keys).values()}
    return [(when, said) for when, ref, said in lines if ref in refs]


def _stands(past: Past, moment: Moment, key: str) -> Any:
    """The state of a mission: as it was recorded, or by when they left and came back, as is known
    now: somebody signed in by mistake was out."""
    then = past.of(Mission).get(key, {})
    if moment.way is Way.KNOWN:
        return then.get("state")
    since = past.of(Mission, since=True).get(key, {})
    if not is_by(since, "out_at", moment.at):
        state = then.get("state")
        return MissionState.PLANNED if state in (MissionState.OUT, MissionState.BACK) else state
    return MissionState.BACK if is_by(since, "back_at", moment.at) else MissionState.OUT


def _member_stands(past: Past, moment: Moment, key: str) -> Any:
    then = past.of(PartyMember).get(key, {})
    if moment.way is Way.KNOWN:
        return then.get("state")
    since = past.of(PartyMember, since=True).get(key, {})
    if is_by(since, "back_at", moment.at):
        return MemberState.BACK
    if is_by(since, "out_at", moment.at):
        return MemberState.OUT
    left = (MemberState.OUT, MemberState.BACK)
    return MemberState.PLANNED if then.get("state") in left else then.get("state")


def _shown(
    viewer: Viewer,
    past: Past,
    moment: Moment,
    seen: Mapping[uuid.UUID, Mission],
    *,
    now: dt.datetime,
) -> list[PastMission]:
    rows: dict[uuid.UUID, tuple[Mission, Values]] = {}
    for key in seen:
        state = _stands(past, moment, str(key))
        if state is not None:
            values = past.values(Mission, str(key)) | {"state": state}
            rows[key] = made(Mission, str(key), values), values
    parties, alarms = _parties(viewer, past, moment, rows), open_alarms_then(past, moment)
    asked: dict[uuid.UUID, list[Extension]] = {}
    for one in _open_asks(past, moment):
        asked.setdefault(one.mission_id, []).append(one)
    places = where_then(viewer, seen, {key: row for key, (row, _) in rows.items()}, now=now)
    ids: set[uuid.UUID | None] = {row.person_id for party in parties.values() for row in party}
    for row, _held in rows.values():
        ids |= {row.leader_id, row.planned_by_id, row.approved_by_id, row.buddy_id}
    ids |= {key for alarm in alarms.values() for key in alarm.takers}
    names = over_time(ids, to=viewer).at(moment.at)
    found = []
    for key, (row, values) in rows.items():
        party = sorted(
            parties.get(key, []),
            key=lambda one: (one.person_id != row.leader_id, names.get(one.person_id, "")),
        )
        _note(row, party, places[key])
        found.append(
            PastMission(
                mission=row,
                party=party,
                alarm=alarms.get(row.ref),
                asked=asked.get(key, []),
                where=places[key],
                names=names,
                erased=erased_in(values),
                is_gone="state" in erased_in(values),
            )
        )
    return found


def _note(row: Mission, party: list[PartyMember], where: Where) -> None:
    """A look at the past of a party is a look at it."""
    people = [one.person_id for one in party]
    opened(ReadKind.STATUS, what=row.ref, party=people)
    if where.at is not None:
        opened(ReadKind.PLACE, what=row.ref, party=people)


def _parties(
    viewer: Viewer,
    past: Past,
    moment: Moment,
    rows: Mapping[uuid.UUID, Any],
) -> dict[uuid.UUID, list[PartyMember]]:
    """Everybody of these parties, but for whom the viewer is kept away from."""
    found: dict[uuid.UUID, list[PartyMember]] = {}
    for key in past.of(PartyMember) | past.of(PartyMember, since=True):
        state = _member_stands(past, moment, key)
        values = past.values(PartyMember, key)
        if state is None or erased_in(values) & {"mission_id", "person_id"}:
            continue
        row = made(PartyMember, key, values | {"state": state})
        away = row.person_id in viewer.apart and row.mission_id not in viewer.last_resort
        if row.mission_id in rows and not away:
            found.setdefault(row.mission_id, []).append(row)
    return found


def _open_asks(past: Past, moment: Moment) -> list[Extension]:
    """The requests for more time that nobody had decided."""
    found = []
    for key, values in past.of(Extension).items():
        if values.get("state") == ExtensionState.ASKED and not erased_in(values) & {"mission_id"}:
            found.append(made(Extension, key, values))
    return sorted(found, key=lambda one: one.asked_at)
