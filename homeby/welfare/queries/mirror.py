"""The mirror of whoever decides: her own decisions of a year, counted for her alone, and what could
still be mended of what she plans."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homeby.logbook.reading import ReadKind, opened
from homeby.missions.queries.out_times import last_out
from homeby.missions.queries.visible import visible_first_reports
from homeby.missions.rules import Hurt
from homeby.people import queries as people
from homeby.people.queries.in_teams import team_people
from homeby.people.rules import STATION, Viewer
from homeby.readiness.queries.decisions import (
    Became,
    ClosedDuty,
    Concerned,
    closed_duties,
    last_on_duty,
)
from homeby.readiness.queries.duties import DutyLine, lines, people_of, visible_duties
from homeby.readiness.queries.duty_access import may_plan
from homeby.readiness.queries.duty_advice import against, could_be_asked
from homeby.readiness.queries.mission_decisions import MissionChoice, mission_choices
from homeby.readiness.rules.duty_planning import Against, DutyAnswer
from homeby.sentences import gettext as _
from homeby.welfare.queries.chances import may_open
from homeby.welfare.queries.of_missions import KIND as MISSION
from homeby.welfare.rules.chances import told_in_time
from homeby.welfare.rules.own_decisions import Again, Decided, Figure, again, figures

LOOK_BACK = dt.timedelta(days=365)
#: So many of the next duties are looked at for what could still be mended.
AHEAD = 6


@dataclass(frozen=True, kw_only=True)
class Behind:
    """An activity that a figure counts, `yes`: in its second number, too; `ref` is None where she
    may not open it any more."""

    kind: str
    at: dt.datetime
    ref: str | None
    yes: bool


@dataclass(frozen=True, kw_only=True)
class Mirror:
    """What she decided in a year, in sentences, each with what it is counted from, the newest
    first; and the same reasons again, with names."""

    figures: list[tuple[Figure, list[Behind]]]
    again: list[tuple[str, Again]]


@dataclass(frozen=True, kw_only=True)
class Ahead:
    """A duty that she plans and that has not begun: what could still be mended."""

    line: DutyLine
    said: list[str]


def mirror(viewer: Viewer, *, now: dt.datetime) -> Mirror:
    """The viewer's own decisions of the last year. What was about people she is kept away from is
    left out. A fixed number of queries."""
    if viewer.person_id is None:
        return Mirror(figures=[], again=[])
    closed = list(
        closed_duties(STATION, now=now, since=now - LOOK_BACK, decided_by=viewer.person_id)
    )
    missions = _last_choices(viewer, now=now)
    decided = [*_of_duties(viewer, closed), *_of_missions(viewer, missions)]
    was = {f"duty:{one.duty_id}": (one.kind, one.starts_at) for one in closed}
    was |= {f"mission:{key}": (MISSION, one.at) for key, one in missions.items()}
    seen = team_people(viewer, None, among={key for one in decided for key, _why in one.without})
    names = people.names([key for key in seen if key != viewer.person_id])
    found = again(decided, names)
    for one in found:
        opened(ReadKind.STATUS, what=f"person:{one.person_id}", whose=one.person_id)
    return Mirror(
        figures=_traced(viewer, figures(decided), was),
        again=[(names[one.person_id], one) for one in found],
    )


def _traced(
    viewer: Viewer, found: list[Figure], was: Mapping[str, tuple[str, dt.datetime]]
) -> list[tuple[Figure, list[Behind]]]:
    opens = may_open(viewer, {key for one in found for key in one.keys})
    several = []
    for one in found:
        behind = [
            Behind(kind=kind, at=at, ref=key if key in opens else None, yes=key in one.yes)
            for key in one.keys
            for kind, at in [was[key]]
        ]
        several.append((one, sorted(behind, key=lambda each: each.at, reverse=True)))
    return several


def _of_duties(viewer: Viewer, closed: Iterable[ClosedDuty]) -> Iterable[Decided]:
    for duty in closed:
        is_near = viewer.apart & {one.person_id for one in duty.people if one.in_crew}
        if not is_near and not duty.was_called_off and duty.team_id is not None:
            yield _of_duty(viewer, duty)


def _of_duty(viewer: Viewer, duty: ClosedDuty) -> Decided:
    """What she decided about one duty; what others decided about it is not hers."""
    me, away = viewer.person_id, viewer.apart
    own = [one for one in duty.decisions if one.by == me]
    pool = {one.person_id: one for each in own for one in each.pool if one.person_id not in away}
    became = {one.person_id: one for one in duty.people if one.person_id not in away}
    frames = [one for one in own if one.kind == "FRAME" and one.time_is_free]
    asked = [one for one in became.values() if one.asked_by == me and one.asked_at is not None]
    picks = any(one.kind == "CREW" for one in own)
    without = tuple(_without(one, me) for one in became.values() if picks and _could_go(one))
    taken = {one.seat for one in became.values() if one.in_crew}
    return Decided(
        key=f"duty:{duty.duty_id}",
        concerned=frozenset({*pool, *(one.person_id for one in asked)} - {me}),
        against_somebody=_against_somebody(pool.values()) if frames else None,
        asked_all=_asked_all(pool.values(), became) if asked and pool else None,
        told_late=_told_late(duty, asked) if len(asked) > 1 else None,
        is_choice=bool(without) and any(one.in_crew for one in became.values()),
        without=without,
        went_wrong=any(seat.number not in taken for seat in duty.seats),
    )


def _could_go(one: Became) -> bool:
    return one.answer == DutyAnswer.YES and not one.in_crew


def _without(one: Became, me: uuid.UUID | None) -> tuple[uuid.UUID, str]:
    """Who could have gone and did not, and the reason that she gave."""
    stood_down = one.stood_down if one.stood_down_by == me else ""
    return one.person_id, stood_down or one.not_picked


def _against_somebody(pool: Iterable[Concerned]) -> bool:
    return any(one.against not in ("", Against.LEAVE) for one in pool)


def _asked_all(pool: Iterable[Concerned], became: dict[uuid.UUID, Became]) -> bool:
    able = (one.person_id for one in pool if one.fits and not one.against)
    return all(one in became for one in able)


def _told_late(duty: ClosedDuty, asked: Iterable[Became]) -> bool:
    leads = {
        one.person_id: (duty.starts_at - one.asked_at).total_seconds() / 3600
        for one in asked
        if one.asked_at is not None and not one.is_reserve
    }
    return any(not well for well, _fair in told_in_time(leads).values())


def _last_choices(viewer: Viewer, *, now: dt.datetime) -> dict[uuid.UUID, MissionChoice]:
    """The last that she decided about the party of each mission."""
    choices = mission_choices(STATION, since=now - LOOK_BACK, by=viewer.person_id)
    return {one.mission_id: one for one in choices if one.team_id is not None}


def _of_missions(viewer: Viewer, last: Mapping[uuid.UUID, MissionChoice]) -> list[Decided]:
    """What she decided about their parties."""
    reports = visible_first_reports(viewer).filter(mission__in=list(last), hurt=Hurt.YES)
    hurt = set(reports.values_list("mission_id", flat=True))
    found = []
    for key, one in last.items():
        if one.left and not viewer.apart & one.left:
            could = [
                each.person_id
                for each in one.pool
                if each.available and each.fits and each.person_id not in one.left
            ]
            shown = [each for each in could if each not in {*viewer.apart, viewer.person_id}]
            found.append(
                Decided(
                    key=f"mission:{key}",
                    concerned=one.left | frozenset(shown),
                    is_choice=bool(shown),
                    without=tuple((each, one.reason) for each in shown),
                    went_wrong=key in hurt,
                )
            )
    return found


def ahead(viewer: Viewer, *, now: dt.datetime) -> list[Ahead]:
    """The next duties that the viewer plans and what could still be mended: what speaks against the
    time, who was not told yet, how many seats are open, who has waited longest."""
    if viewer.person_id is None:
        return []
    rows = visible_duties(viewer).filter(starts_at__gt=now, cancelled_at__isnull=True)
    rows = rows.filter(team__isnull=False)
    planned = [one for one in lines(viewer, rows) if may_plan(viewer, one.duty.whose)][:AHEAD]
    return [Ahead(line=one, said=_mended(viewer, one, now=now)) for one in planned]


def _mended(viewer: Viewer, line: DutyLine, *, now: dt.datetime) -> list[str]:
    duty = line.duty
    times = (duty.starts_at, duty.ends_at)
    said = against(viewer, line.kind, duty.whose, times, now=now, but=duty.ref)
    there = {one.row.person_id: one for one in people_of(viewer, duty)}
    could = could_be_asked(viewer, duty.whose, times, but=duty.ref)
    not_told = sum(one.against is None and one.person_id not in there for one in could)
    if not_told:
        said.append(
            _("Not told yet, though nothing is noted against it: {count}.").format(count=not_told)
        )
    if line.free:
        said.append(_("Seats that nobody has: {count}.").format(count=line.free))
        waits = {
            key: one.name
            for key, one in there.items()
            if one.answer == DutyAnswer.YES and one.has_answered and not one.is_on
        }
        said += _waited(waits, now=now)
    return said


def _waited(waits: dict[uuid.UUID, str], *, now: dt.datetime) -> list[str]:
    """Who of those who said that they can come was on a duty or out the longest ago: one name, and
    no order of the others; none where nobody stands out."""
    if len(waits) < 2:
        return []
    out = last_out(list(waits))
    went = last_on_duty(STATION, list(waits), now=now, since=now - LOOK_BACK)
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    since = {key: max(went.get(key, never), out.get(key, never)) for key in waits}
    first = [key for key in waits if since[key] == min(since.values())]
    if len(first) > 1:
        return []
    opened(ReadKind.STATUS, what=f"person:{first[0]}", whose=first[0])
    return [_("Has waited longest: {who}.").format(who=waits[first[0]])]
