"""Missions as programs read them, page by page."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models

from homeby.logbook.reading import ReadKind, opened
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries import home, homecomings, visible_missions
from homeby.missions.queries.looked import note_list
from homeby.missions.queries.where import wheres
from homeby.missions.rules import MemberState
from homeby.missions.rules.fading import Where
from homeby.people.rules import Viewer
from homeby.watch import queries as watch


@dataclass(frozen=True, kw_only=True)
class MemberFacts:
    """One of a party; instants are aware UTC. `state` is "" where the viewer may not know."""

    person_id: uuid.UUID
    callsign: str
    state: str
    out_at: dt.datetime | None
    back_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class MissionFacts:
    """A mission as its page shows it; instants are aware UTC, `phase` is "" without an alarm."""

    id: uuid.UUID
    state: str
    what: str
    place: str
    zone: str
    kind: str
    unit: str
    is_solo: bool
    leader_id: uuid.UUID
    party: tuple[MemberFacts, ...]
    out_at: dt.datetime | None
    sets_out_at: dt.datetime | None
    due_at: dt.datetime | None
    call_out_at: dt.datetime | None
    check_in_at: dt.datetime | None
    heard_at: dt.datetime | None
    back_at: dt.datetime | None
    alarm_id: uuid.UUID | None
    phase: str


def missions_after(
    viewer: Viewer | None,
    *,
    states: Iterable[str] = (),
    after: uuid.UUID | None,
    limit: int,
    now: dt.datetime,
) -> list[MissionFacts]:
    """The missions that the viewer may see (in these states, if any are named), behind this id, in
    the order of their ids. Four queries, however many; up to six more for whoever may not know
    where all of them are, or who is back."""
    rows = visible_missions(viewer)
    if states := list(states):
        rows = home.in_states(viewer, rows, states)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    note_list(viewer, "missions")
    return _facts(viewer, rows.order_by("pk")[:limit], now=now)


def mission_facts(
    viewer: Viewer | None, mission_id: uuid.UUID, *, now: dt.datetime
) -> MissionFacts | None:
    """One of them, None when the viewer may not see it. Four queries, up to ten."""
    rows = visible_missions(viewer).filter(pk=mission_id)
    found = next(iter(_facts(viewer, rows, now=now)), None)
    if found is not None:
        going = [one.person_id for one in found.party]
        opened(ReadKind.STATUS, what=f"mission:{found.id}", party=going)
    return found


def _facts(
    viewer: Viewer | None, rows: models.QuerySet[Mission], *, now: dt.datetime
) -> list[MissionFacts]:
    known = list(rows.select_related("kind", "unit").prefetch_related("party__person"))
    own = home.parts(viewer, [row.pk for row in known])
    known = [home.as_known(row, own.get(row.pk)) for row in known]
    left = {key for key, part in own.items() if part.state == MemberState.BACK}
    refs = [row.ref for row in known if row.pk not in left]
    alarms, checks = watch.open_alarms_of(refs), watch.check_ins_due(refs)
    answered = homecomings.answered_for(viewer, [row.pk for row in known])
    places = wheres(viewer, known, now=now, alarms=alarms)
    return [
        _one(
            viewer,
            row,
            places[row.pk],
            alarms.get(row.ref),
            checks.get(row.ref),
            party=home.party_of(viewer, row, own),
            answers=row.pk in answered,
        )
        for row in known
    ]


def _one(  # noqa: PLR0913 - what was asked for all of them at once
    viewer: Viewer | None,
    row: Mission,
    at: Where,
    alarm: watch.Alarm | None,
    check_in_at: dt.datetime | None,
    *,
    party: list[PartyMember],
    answers: bool,
) -> MissionFacts:
    names = ("state", "what", "zone", "is_solo", "leader_id")
    times = ("out_at", "sets_out_at", "due_at", "call_out_at", "back_at")
    everybody = sorted(party, key=lambda m: (m.person_id != row.leader_id, m.person.shown_as))
    hidden = homecomings.hidden_members(viewer, everybody, answers=answers)
    return MissionFacts(
        id=row.pk,
        place=at.shown,
        party=tuple(_member(member) for member in everybody if member not in hidden),
        heard_at=homecomings.heard_for(row, hidden),
        check_in_at=check_in_at,
        alarm_id=alarm.pk if alarm else None,
        phase=alarm.phase if alarm else "",
        kind=row.kind.code if row.kind is not None else "",
        unit=row.unit.called if row.unit is not None else "",
        **{name: getattr(row, name) for name in (*names, *times)},
    )


def _member(row: PartyMember) -> MemberFacts:
    return MemberFacts(
        person_id=row.person_id,
        callsign=row.person.shown_as,
        state=row.state,
        out_at=row.out_at,
        back_at=row.back_at,
    )
