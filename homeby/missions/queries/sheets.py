"""Missions as lists, tiles and their own page show them: a summary of many, the sheet of one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import models
from django.db.models import Q

from homeby.logbook.reading import ReadKind, opened
from homeby.missions import rules
from homeby.missions.models import Extension, FirstReport, Mission, PartyMember
from homeby.missions.queries import (
    home,
    mission,
    party,
    party_title,
    visible_first_reports,
    visible_missions,
)
from homeby.missions.queries.homecomings import heard_for
from homeby.missions.queries.looked import note_list
from homeby.missions.queries.where import place_holds, where_of, wheres
from homeby.missions.rules import ExtensionState, MemberState, MissionState
from homeby.missions.rules.fading import Where
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch import queries as watch

#: A mission may be approved until it is back.
_APPROVABLE = (MissionState.PLANNED, MissionState.OUT)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """One mission as a list or a tile at the gate shows it; instants are aware UTC."""

    mission_id: uuid.UUID
    state: str
    what: str
    place: str  # as the viewer may read it
    zone: str
    members: dict[uuid.UUID, tuple[str, str]]  # person -> (callsign, state or ""), of who went
    is_solo: bool
    waits_for_approval: bool
    trouble_open: bool
    out_at: dt.datetime | None
    due_at: dt.datetime | None
    back_at: dt.datetime | None
    phase: str  # of the open alarm, "" without one

    def ids(self, state: str) -> list[uuid.UUID]:
        """Those of the party who are in this state."""
        return [key for key, (_, now) in self.members.items() if now == state]

    @property
    def title(self) -> str:
        """How the party is called."""
        return party_title([name for name, _ in self.members.values()])


def listed(
    viewer: Viewer | None,
    *,
    now: dt.datetime,
    states: Iterable[str] = (),
    text: str = "",
    due_after: dt.datetime | None = None,
) -> models.QuerySet[Mission]:
    """Missions in these states (none named: all) whose callsign, purpose or place, as far as she
    may read it, fits the text: planned and out by expected return, the others newest first.
    Paginate, then `summaries`."""
    found = visible_missions(viewer)
    note_list(viewer, "missions")
    wanted = list(states)
    if wanted:
        found = home.in_states(viewer, found, wanted)
    if due_after is not None:
        found = found.filter(due_at__gt=due_after)
    if text and viewer is not None:
        people_called = people.visible_people(viewer).filter(people.has_text(text))
        party_of = PartyMember.objects.filter(person__in=people_called).values("mission")
        there = place_holds(viewer, text, now=now)
        found = found.filter(Q(pk__in=party_of) | Q(what__icontains=text) | there)
    soonest_first = bool(wanted) and set(wanted) <= {MissionState.PLANNED, MissionState.OUT}
    order = "due_at" if soonest_first else "-due_at"
    return found.prefetch_related("party__person").order_by(order, "pk")


def counts(viewer: Viewer | None) -> dict[str, int]:
    """How many missions there are in each state, as the viewer finds them. One query; up to four
    more for a member."""
    found = visible_missions(viewer).order_by().values_list("state")
    return home.counted(viewer, dict(found.annotate(number=models.Count("pk", distinct=True))))


def summaries(viewer: Viewer | None, rows: Iterable[Mission], *, now: dt.datetime) -> list[Summary]:
    """The facts of these missions, with the phase of their open alarms. One query beside theirs;
    up to four for whoever may not know who is back, and three for whoever may not know where all of
    them are."""
    known = list(rows)
    own = home.parts(viewer, [row.pk for row in known])
    known = [home.as_known(row, own.get(row.pk)) for row in known]
    left = {key for key, part in own.items() if part.state == MemberState.BACK}
    alarms = watch.open_alarms_of([row.ref for row in known if row.pk not in left])
    places = wheres(viewer, known, now=now, alarms=alarms)
    return [
        _summary(
            row,
            home.party_of(viewer, row, own),
            places[row.pk],
            alarms[row.ref].phase if row.ref in alarms else "",
        )
        for row in known
    ]


def _summary(row: Mission, party: list[PartyMember], at: Where, phase: str) -> Summary:
    leader_first = sorted(party, key=lambda m: (m.person_id != row.leader_id, m.person.shown_as))
    return Summary(
        mission_id=row.pk,
        state=row.state,
        what=row.what,
        place=at.shown,
        zone=row.zone,
        members={
            m.person_id: (m.person.shown_as, m.state)
            for m in leader_first
            if m.state != MemberState.STAYED or row.state == MissionState.CANCELLED
        },
        is_solo=row.is_solo,
        waits_for_approval=row.state in _APPROVABLE
        and rules.needs_approval(
            solo=row.is_solo, approved_by=row.approved_by_id, planned_by=row.planned_by_id
        ),
        trouble_open=row.is_trouble and row.trouble_cleared_at is None,
        out_at=row.out_at,
        due_at=row.due_at,
        back_at=row.back_at,
        phase=phase,
    )


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything a mission's page shows; where they are by `where`, for this viewer."""

    mission: Mission
    where: Where
    heard_at: dt.datetime | None
    party: list[PartyMember]
    asked: list[Extension]
    alarm: watch.Alarm | None  # the newest, open or ended
    check_in_at: dt.datetime | None
    reported: frozenset[uuid.UUID]  # who gave a first report
    reports: list[FirstReport]  # those of them that the viewer may read

    def ids(self, state: str) -> list[uuid.UUID]:
        """Those of the party who are in this state."""
        return [row.person_id for row in self.party if row.state == state]

    @property
    def waits_for_approval(self) -> bool:
        """Whether a second person has yet to approve that one goes, or is, alone."""
        row = self.mission
        return row.state in _APPROVABLE and rules.needs_approval(
            solo=row.is_solo, approved_by=row.approved_by_id, planned_by=row.planned_by_id
        )

    @property
    def leaves_unapproved(self) -> bool:
        """Whether one would leave alone whom no second person has approved yet."""
        return self.mission.state == MissionState.PLANNED and self.waits_for_approval


def sheet(viewer: Viewer | None, mission_id: uuid.UUID, *, now: dt.datetime) -> Sheet | None:
    """A mission the viewer may see, with all that belongs to it. Seven queries; up to
    eight more for whoever may not know who of the party is back, and five for whoever may not know
    where."""
    found = mission(viewer, mission_id)
    if found is None:
        return None
    members = party(viewer, mission_id)
    opened(ReadKind.STATUS, what=found.ref, party=[row.person_id for row in members])
    narrowed = viewer is not None and not viewer.keeps_watch
    hidden = found.party.exclude(pk__in=[row.pk for row in members]) if narrowed else []
    seen = Sheet(
        mission=found,
        where=where_of(viewer, found, now=now),
        party=members,
        heard_at=heard_for(found, hidden),
        asked=list(found.extensions.filter(state=ExtensionState.ASKED)),
        alarm=watch.newest_alarm(found.ref),
        check_in_at=watch.check_ins_due([found.ref]).get(found.ref),
        reported=frozenset(found.first_reports.values_list("person_id", flat=True)),
        reports=list(visible_first_reports(viewer).filter(mission=found).order_by("given_at")),
    )
    left = home.own_returns(viewer, [mission_id])
    return _as_left(seen, left[mission_id]) if left else seen


def _as_left(seen: Sheet, own: PartyMember) -> Sheet:
    """Without what tells whoever is home of the others: that more is asked of the watch, that it
    still waits or rings, and who has reported."""
    return replace(
        seen,
        heard_at=own.back_at,
        asked=[],
        alarm=None,
        check_in_at=None,
        reported=seen.reported & {own.person_id},
    )


def out_elsewhere(viewer: Viewer | None, sheet: Sheet) -> list[PartyMember]:
    """Of whoever is back on this mission, the outings on which they were then and still are, as far
    as the viewer may see those missions. One query."""
    back = {row.person_id: row.back_at for row in sheet.party if row.state == MemberState.BACK}
    rows = PartyMember.objects.filter(
        person_id__in=back, state=MemberState.OUT, mission__in=visible_missions(viewer)
    ).exclude(mission=sheet.mission)
    return [
        row
        for row in rows.select_related("person", "mission").order_by("out_at", "pk")
        if _was_out(row, back[row.person_id])
    ]


def _was_out(row: PartyMember, back_at: dt.datetime | None) -> bool:
    return row.out_at is not None and back_at is not None and row.out_at <= back_at
