"""Reading missions. Every query takes its viewer first and finds nothing without one."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.logbook import queries as logbook
from homeby.logbook.rules import Line
from homeby.missions import rules
from homeby.missions.models import (
    DelayReason,
    Gate,
    Mission,
    MissionKind,
    PartyMember,
    Site,
)
from homeby.missions.queries import home, homecomings
from homeby.missions.queries.glass import VISIBLE as _OF_GLASS
from homeby.missions.queries.lessons import VISIBLE as _OF_LESSONS
from homeby.missions.queries.visible import VISIBLE as _VISIBLE
from homeby.missions.queries.visible import closed_missions as closed_missions
from homeby.missions.queries.visible import visible_first_reports as visible_first_reports
from homeby.missions.queries.visible import visible_gates as visible_gates
from homeby.missions.queries.visible import visible_kinds as visible_kinds
from homeby.missions.queries.visible import visible_missions as visible_missions
from homeby.missions.queries.visible import visible_party as visible_party
from homeby.missions.queries.visible import visible_reasons as visible_reasons
from homeby.missions.queries.visible import visible_sites as visible_sites
from homeby.missions.queries.visible import visible_unmatched as visible_unmatched
from homeby.missions.queries.where import wheres
from homeby.missions.rules import ExtensionState, MemberState, MissionState
from homeby.people import queries as people
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.watch import queries as watch
from homeby.watch import rules as watch_rules
from homeby.watch.rules import DeadlineKind, Target, Times

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {**_VISIBLE, **_OF_GLASS, **_OF_LESSONS}


def limits() -> rules.Limits:
    """The organisation's limits as the rules read them."""
    return limits_of(people.organisation())


def limits_of(found: people.OrganisationFacts | None) -> rules.Limits:
    """The same, of an organisation whose facts are at hand."""
    if found is None:
        return rules.Limits()
    return rules.Limits(
        grace_minutes=found.grace_minutes,
        grace_minutes_solo=found.grace_minutes_solo,
        grace_minutes_max=found.grace_minutes_max,
        check_in_minutes_solo=found.check_in_minutes_solo,
    )


def mission(viewer: Viewer | None, mission_id: uuid.UUID) -> Mission | None:
    """One mission, if the viewer may see it; for one of its party who is home as she left it."""
    beside = ("leader", "team", "unit", "buddy", "delay_reason", "kind")
    found = visible_missions(viewer).filter(pk=mission_id).select_related(*beside).first()
    own = home.parts(viewer, [mission_id]) if found is not None else {}
    return home.as_known(found, own.get(mission_id)) if found is not None else None


def called(mission: Mission, *, to_kin: bool = False) -> str:
    """For whom a mission is: what its team, or its special unit, is called; "" for neither, and to
    kin for a secret one. At most one query where they are not at hand."""
    if mission.unit is not None:
        return "" if to_kin and mission.unit.is_secret else mission.unit.called
    return (mission.team.callsign or mission.team.name) if mission.team else ""


def party(viewer: Viewer | None, mission_id: uuid.UUID) -> list[PartyMember]:
    """The party of a visible mission, leader first; for one of it the others who left without
    states, unless an open alarm about them came to her."""
    rows = home.with_fellows(viewer, mission_id)
    return sorted(rows, key=lambda r: (r.person_id != r.mission.leader_id, r.person.shown_as))


def open_outings(
    person_ids: Iterable[uuid.UUID], *, told_to: Viewer | None = None
) -> list[PartyMember]:
    """Outings that these people are on now. For gate acts, which record first and judge after; of
    those that are told to somebody, without those of secret units that are not hers to know."""
    rows = PartyMember.objects.filter(person_id__in=list(person_ids), state=MemberState.OUT)
    if told_to is not None:
        rows = rows.exclude(mission__in=closed_missions(told_to))
    return list(rows.select_related("person", "mission").order_by("out_at"))


def sees_all(viewer: Viewer, mission_ids: Iterable[uuid.UUID]) -> bool:
    """Whether the viewer sees each of these missions."""
    wanted = set(mission_ids)
    if viewer.keeps_watch:
        return not closed_missions(viewer).filter(pk__in=wanted).exists()
    return visible_missions(viewer).filter(pk__in=wanted).count() == len(wanted)


def may_hear(viewer: Viewer, mission_ids: Iterable[uuid.UUID]) -> bool:
    """Whether the answer to an act on these missions may say what it did. Another member, who saw
    or heard somebody, learns nothing of them (promise 8), nor does one of their party at home."""
    wanted = set(mission_ids)
    return sees_all(viewer, wanted) and not home.own_returns(viewer, wanted)


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardRow:
    """One mission that is out, as the board shows it; instants are aware UTC."""

    mission_id: uuid.UUID
    title: str
    leader: str
    what: str
    place: str  # as the viewer may read it
    place_once_due: str  # and as she may once they are overdue; whoever shows it knows the hour
    zone: str
    unit: str
    is_solo: bool
    out_count: int
    party_count: int
    out_at: dt.datetime | None
    due_at: dt.datetime | None
    call_out_at: dt.datetime | None
    check_in_at: dt.datetime | None
    heard_at: dt.datetime | None
    asked_due_at: dt.datetime | None
    alarm_id: uuid.UUID | None
    alarm_number: int | None
    phase: str
    taken_by: str
    second_missing: bool
    taken_until: dt.datetime | None
    alarm_heard_at: dt.datetime | None

    @property
    def urgency(self) -> tuple[int, dt.datetime]:
        """What the board is sorted by. Whoever has promised no time stands before whoever has."""
        soonest = [at for at in (self.due_at, self.check_in_at) if at is not None]
        return _PHASE_RANK[self.phase], min(soonest, default=_NO_TIME)


_PHASE_RANK = {"DISTRESS": 0, "ALERT": 1, "UNCERTAINTY": 2, "": 3}
_NO_TIME = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


def missions_out(viewer: Viewer | None) -> list[uuid.UUID]:
    """The missions that are out now. One query."""
    found = home.in_states(viewer, visible_missions(viewer), [MissionState.OUT])
    return list(found.values_list("pk", flat=True))


def board(
    viewer: Viewer | None,
    *,
    now: dt.datetime,
    only: Iterable[uuid.UUID] | None = None,
    near: Viewer | None = None,
) -> list[BoardRow]:
    """Everybody who is out, most urgent first; with `only` those of these missions. Where they are
    stands there as `near` may read it (None: the viewer). A fixed number of queries."""
    wanted = home.in_states(viewer, visible_missions(viewer), [MissionState.OUT])
    if only is not None:
        wanted = wanted.filter(pk__in=list(only))
    rows = list(wanted.select_related("leader", "unit").prefetch_related(_parties(), "extensions"))
    refs = [row.ref for row in rows]
    alarms = watch.open_alarms_of(refs)
    places = wheres(near or viewer, rows, now=now, alarms=alarms, by_clock=False)
    checks = watch.check_ins_due(refs)
    holders = people.names([key for a in alarms.values() for key in a.takers], to=viewer)
    found = [
        _board_row(row, places[row.pk].shown, alarms.get(row.ref), checks.get(row.ref), holders)
        for row in rows
    ]
    return sorted(found, key=lambda row: row.urgency)


def _parties() -> models.Prefetch[str]:
    """Parties with their people in one query. Asked for by themselves, a thousand people would be a
    thousand conditions, which SQLite refuses."""
    return models.Prefetch("party", queryset=PartyMember.objects.select_related("person"))


def _board_row(
    row: Mission,
    place: str,
    alarm: watch.Alarm | None,
    check_in_at: dt.datetime | None,
    holders: dict[uuid.UUID, str],
) -> BoardRow:
    members = list(row.party.all())
    out = [m for m in members if m.state == MemberState.OUT]
    asked = [e.due_at for e in row.extensions.all() if e.state == ExtensionState.ASKED]
    return BoardRow(
        mission_id=row.pk,
        title=party_title([m.person.shown_as for m in out]),
        leader=row.leader.shown_as,
        what=row.what,
        place=place,
        place_once_due=row.place,
        zone=row.zone,
        unit=row.unit.called if row.unit is not None else "",
        is_solo=row.is_solo,
        out_count=len(out),
        party_count=sum(m.state != MemberState.STAYED for m in members),
        out_at=row.out_at,
        due_at=row.due_at,
        call_out_at=row.call_out_at,
        check_in_at=check_in_at,
        heard_at=row.heard_at,
        asked_due_at=asked[0] if asked else None,
        alarm_id=alarm.pk if alarm else None,
        alarm_number=alarm.number if alarm else None,
        phase=alarm.phase if alarm else "",
        taken_by=alarm.taken_by(holders) if alarm else "",
        second_missing=alarm is not None and alarm.second_missing,
        taken_until=alarm.taken_until if alarm else None,
        alarm_heard_at=alarm.heard_at if alarm else None,
    )


def party_title(names: list[str]) -> str:
    """How a party is called: its callsigns, the first three and a number."""
    shown = sorted(names)
    if len(shown) <= 3:
        return ", ".join(shown)
    return ", ".join(shown[:3]) + f" +{len(shown) - 3}"


@dataclass(frozen=True, kw_only=True)
class PromiseStep:
    """One line of the promise made at sign-out: at `at`, these are told (`STORY.md` 63). `phase` is
    REMINDER, UNCERTAINTY, ALERT, or REPEAT for the last step, until a person takes the alarm."""

    at: dt.datetime
    targets: tuple[Target, ...]
    phase: str


def promise(times: Times, kind: DeadlineKind = DeadlineKind.RETURN) -> list[PromiseStep]:
    """Who will be told, and when, if nobody signs in, or checks in; by the organisation's plan."""
    plan = watch.default_plan(kind) or watch.default_plan(DeadlineKind.RETURN)
    return promise_of(plan, times) if plan else []


def promise_of(plan: watch_rules.Plan, times: Times) -> list[PromiseStep]:
    """The same by a certain plan."""
    due_at, call_out_at = times.due_at, times.call_out_at
    steps = []
    for step in watch_rules.in_order(plan, times):
        at = watch_rules.step_at(step, times)
        phase = "REMINDER" if at < due_at else "UNCERTAINTY" if at < call_out_at else "ALERT"
        steps.append(PromiseStep(at=at, targets=step.targets, phase=phase))
    if steps:
        again_at = steps[-1].at + dt.timedelta(minutes=plan.repeat_minutes)
        steps.append(PromiseStep(at=again_at, targets=steps[-1].targets, phase="REPEAT"))
    return steps


def timeline(viewer: Viewer | None, mission_id: uuid.UUID) -> list[Line]:
    """The logbook lines of a visible mission and its alarms, oldest first, as far as they are the
    viewer's to read."""
    found = mission(viewer, mission_id)
    if found is None:
        return []
    lines = logbook.mission_lines(subjects=[found.ref, *watch.alarm_refs(found.ref)])
    return homecomings.lines_for(viewer, found, lines)


def unconfirmed(viewer: Viewer | None) -> list[Mission]:
    """Imported missions that are still open and watched by nobody until a person confirms them."""
    found = visible_missions(viewer).filter(state=MissionState.UNCONFIRMED)
    return list(found.select_related("leader").prefetch_related(_parties()).order_by("out_at"))


def owes_afterwards(row: PartyMember) -> bool:
    """Whether this one of a party owes a first report and a debrief; the person is at hand."""
    return rules.owes_afterwards(
        state=row.state,
        is_unit=row.person.kind == PersonKind.UNIT,
        by_a_person=row.back_by_id is not None,
    )


def may_say_debriefed(viewer: Viewer, found: Mission, person_id: uuid.UUID) -> bool:
    """Whether the viewer may say that this person's debrief was given: the person, or a leader."""
    leads = viewer.has_for(found.team_id, Role.LEADER, Role.DUTY_OFFICER)
    return leads or (
        viewer.person_id is not None and viewer.person_id in (person_id, found.leader_id)
    )


def debriefs_owed(viewer: Viewer | None) -> list[PartyMember]:
    """The viewer's own outings whose debrief is still to give, the earliest due first; the mission
    is at hand, as she may know it. At most five queries."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = PartyMember.objects.filter(
        person_id=viewer.person_id, state=MemberState.BACK, debriefed_at__isnull=True
    ).select_related("person", "mission")
    owed = [row for row in rows if owes_afterwards(row)]
    as_left = home.own_returns(viewer, [row.mission_id for row in owed])
    for row in owed:
        if row.mission_id in as_left:
            row.mission = home.as_left(row.mission, row)
    due = [(row.mission.debrief_due_at, row.pk, row) for row in owed if row.mission.debrief_due_at]
    return [row for _at, _key, row in sorted(due, key=lambda one: one[:2])]


def still_open(viewer: Viewer | None, found: Mission) -> list[str]:
    """What is not yet done after a mission is back, as codes: FIRST_REPORT, TROUBLE, DEBRIEF."""
    seen = mission(viewer, found.pk)
    if seen is None:
        return []
    owing = [row for row in party(viewer, found.pk) if owes_afterwards(row)]
    given = found.first_reports.values_list("person_id", flat=True)
    missing = {row.person_id for row in owing} - set(given)
    codes = ["FIRST_REPORT"] if missing else []
    if seen.is_trouble and seen.trouble_cleared_at is None:
        codes.append("TROUBLE")
    if seen.debrief_due_at is not None and any(row.debriefed_at is None for row in owing):
        codes.append("DEBRIEF")
    return codes


def status_figures(viewer: Viewer | None) -> dict[str, int]:
    """Counts for `homeby status`, and for the siren."""
    found = visible_missions(viewer)
    out = home.in_states(viewer, found, [MissionState.OUT])
    people_out = PartyMember.objects.filter(mission__in=out, state=MemberState.OUT)
    return {
        "missions_out": out.count(),
        "people_out": people_out.count(),
        "missions_unconfirmed": found.filter(state=MissionState.UNCONFIRMED).count(),
        "unmatched_open": visible_unmatched(viewer).filter(settled_at__isnull=True).count(),
    }


def gates(viewer: Viewer | None, *, ended: bool = False) -> list[Gate]:
    """The gates in use with their sites, in the order of their names; with `ended` every gate, for
    the way home is open where the way out is closed. One query."""
    found = visible_gates(viewer).select_related("site").order_by("site__name", "name")
    return list(found if ended else found.filter(ended_at=None, site__ended_at=None))


def reasons(viewer: Viewer | None, *, ended: bool = False) -> list[DelayReason]:
    """The reasons for a delay that are offered; with `ended` every one. One query."""
    found = visible_reasons(viewer).order_by("label")
    return list(found if ended else found.filter(ended_at=None))


def kinds(viewer: Viewer | None, *, ended: bool = False) -> list[MissionKind]:
    """The kinds of mission that are offered; with `ended` every one. One query."""
    found = visible_kinds(viewer).order_by("name")
    return list(found if ended else found.filter(ended_at=None))


def sites(viewer: Viewer | None, *, ended: bool = False) -> list[Site]:
    """The sites in use; with `ended` every one. One query."""
    found = visible_sites(viewer).order_by("name")
    return list(found if ended else found.filter(ended_at=None))


@dataclass(frozen=True, kw_only=True)
class UnmatchedFacts:
    """An act at the gate that fits nothing and that nobody has looked into yet."""

    id: uuid.UUID
    kind: str
    person: str
    mission_id: uuid.UUID | None
    happened_at: dt.datetime
    why: str
    is_unverified: bool = False


def unmatched(viewer: Viewer | None) -> list[UnmatchedFacts]:
    """What waits to be looked into, oldest first. Two queries."""
    rows = list(visible_unmatched(viewer).filter(settled_at__isnull=True).order_by("happened_at"))
    names = people.names([row.person_id for row in rows], to=viewer)
    return [
        UnmatchedFacts(
            id=row.pk,
            kind=row.kind,
            person=names.get(row.person_id, "") if row.person_id else "",
            mission_id=row.mission_id,
            happened_at=row.happened_at,
            why=row.why,
            is_unverified=row.is_unverified,
        )
        for row in rows
    ]
