"""What the alarm pages show: where an alarm stands, what comes next, and what the viewer may do."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook.reading import ReadKind, opened
from homeby.missions import queries as missions
from homeby.missions.queries.looked import note_list
from homeby.missions.queries.where import wheres
from homeby.missions.rules.fading import Where
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.watch import queries as watch
from homeby.watch import texts_duress
from homeby.watch.queries import exercises
from homeby.watch.queries.kin import open_worries
from homeby.watch.queries.outages import outages_since
from homeby.watch.queries.searching import may_search
from homeby.watch.rules import OF_ACTS, AlarmKind, AlarmState, Ending, Phase
from homeby.watch.rules.duress import about_of
from homeby.watch.rules.unplaced import is_unplaced
from homeby.watch.texts import mark_of, partner_said, unplaced
from homeby.watch.texts_acts import not_done
from homeby.web import timeline, words
from homeby.web.board.told import told
from homeby.web.kin.desks import worries
from homeby.welfare.rules.checks import is_check, seat_of

#: An alarm as `watch.queries` gives it; its table is the watch's own.
Alarm = Any


@dataclass(frozen=True, kw_only=True)
class AlarmLine:
    """An alarm in a list, and the head of its own page. `said`: what is wrong with a partner
    station, was done by a duress PIN (`is_silent`), was asked for without a mission
    (`is_unplaced`), or not done; "" where people are missing."""

    id: uuid.UUID
    mission_id: uuid.UUID | None
    label: str
    number: str
    where: str
    phase: str
    zone: str
    opened_at: dt.datetime
    due_at: dt.datetime
    call_out_at: dt.datetime
    asked_until_at: dt.datetime | None
    heard_at: dt.datetime | None
    heard: bool
    taken_by: str
    second_missing: bool
    taken_until_at: dt.datetime | None
    offered_to: str
    next_step_at: dt.datetime | None
    held_until_at: dt.datetime | None
    ended_at: dt.datetime | None
    ended_phase: str
    ended_how: str
    last_heard_at: dt.datetime | None = None
    next_step: str = ""
    mark: str = ""
    said: str = ""
    is_silent: bool = False
    is_partner: bool = False
    is_unplaced: bool = False


def alarm_line(
    alarm: Alarm,
    names: Mapping[uuid.UUID, str],
    *,
    now: dt.datetime,
    places: Mapping[uuid.UUID, Where] | None = None,
) -> AlarmLine:
    """An alarm as the pages show it; `names` holds the callsigns of whoever has to do with it,
    `places` where the missions of ended ones are for the reader (`places_of`)."""
    is_open = alarm.state == AlarmState.OPEN
    mark = mark_of(alarm.kind)
    held = alarm.hold_until if alarm.hold_until and alarm.hold_until > now else None
    return AlarmLine(
        id=alarm.pk,
        mission_id=mission_id_of(alarm),
        label=f"{mark}: {alarm.subject.title}" if mark else alarm.subject.title,
        mark=mark,
        said=_said(alarm, now=now),
        is_silent=alarm.kind == AlarmKind.DURESS,
        is_partner=alarm.kind == AlarmKind.PARTNER,
        is_unplaced=is_unplaced(alarm.subject.ref),
        number=str(alarm),
        where=alarm.subject.place if is_open else _place_after(alarm, places or {}),
        phase=alarm.phase,
        zone=alarm.subject.zone,
        opened_at=alarm.opened_at,
        due_at=alarm.due_at,
        call_out_at=alarm.call_out_at,
        asked_until_at=alarm.subject.asked_until_at if is_open else None,
        heard_at=alarm.heard_at,
        heard=alarm.heard_at is not None,
        taken_by=alarm.taken_by(names) if is_open else "",
        second_missing=alarm.second_missing,
        taken_until_at=alarm.taken_until if is_open else None,
        offered_to=names.get(alarm.offered_to_id, "") if is_open else "",
        next_step_at=alarm.act_at,
        held_until_at=held if is_open else None,
        ended_at=alarm.ended_at,
        ended_phase="BACK" if alarm.ending == Ending.SIGNED_IN else "STOOD_DOWN",
        ended_how="" if is_open else _ended_how(alarm, names),
    )


def places_of(viewer: Viewer, alarms: list[Alarm], *, now: dt.datetime) -> dict[uuid.UUID, Where]:
    """Where those are about whom these alarms were: once one has ended, the place is again for
    whoever needs it, the alarm's page or not. Five queries at most."""
    ended = [mission_id_of(one) for one in alarms if one.state != AlarmState.OPEN]
    keys = {key for key in ended if key is not None}
    found = list(missions.visible_missions(viewer).filter(pk__in=keys)) if keys else []
    return wheres(viewer, found, now=now)


def _place_after(alarm: Alarm, places: Mapping[uuid.UUID, Where]) -> str:
    key = mission_id_of(alarm)
    if key is None:
        return str(alarm.subject.place)
    return places[key].shown if key in places else ""


def _said(alarm: Alarm, *, now: dt.datetime) -> str:
    if alarm.kind == AlarmKind.PARTNER:
        return partner_said(alarm, now=now)
    if is_unplaced(alarm.subject.ref):
        return unplaced(alarm)
    if alarm.kind in OF_ACTS:
        return not_done(alarm, now=now)
    return texts_duress.said(alarm, now=now) if alarm.kind == AlarmKind.DURESS else ""


def _ended_how(alarm: Alarm, names: Mapping[uuid.UUID, str]) -> str:
    if alarm.ending == Ending.EXERCISE:
        return str(alarm.end_reason)
    who = names.get(alarm.ended_by_id, "?")
    if alarm.ending == Ending.SIGNED_IN:
        return _("Everybody is signed in, by %s") % who
    if alarm.ending == Ending.DONE:
        return _("%(who)s: %(how)s") % {"who": who, "how": alarm.end_reason}
    return _("Stood down by %(who)s: %(reason)s") % {"who": who, "reason": alarm.end_reason}


def mission_id_of(alarm: Alarm) -> uuid.UUID | None:
    """The mission an alarm is about, if it is about one."""
    room, _sign, key = about_of(alarm.subject.ref).partition(":")
    return uuid.UUID(key) if room == "mission" else None


def seen(alarm: Alarm) -> Alarm:
    """Note that somebody looks at this one alarm, which says of a party how it stands with it."""
    if mission_id_of(alarm) is not None:
        party = [uuid.UUID(key) for key in alarm.subject.party]
        opened(ReadKind.STATUS, what=alarm.subject.ref, party=party)
    return alarm


def seen_in_list(alarm: Alarm) -> None:
    """Note that somebody looks at a list on which this alarm stands, beside others."""
    mission_id = mission_id_of(alarm)
    if mission_id is not None:
        party = [uuid.UUID(key) for key in alarm.subject.party]
        opened(ReadKind.BOARD, what=f"mission:{mission_id}", party=party)


def lists(viewer: Viewer, *, now: dt.datetime) -> dict[str, Any]:
    """The context of `alarms/_list.html`. Eleven queries at most."""
    note_list(viewer, "alarms")
    is_open, ended = watch.open_alarms(viewer), watch.ended_alarms(viewer)
    drills = exercises.open_exercises(viewer)
    names = names_in(viewer, [*is_open, *ended, *drills])
    places = places_of(viewer, ended, now=now)
    worried = open_worries(viewer)
    return {
        "worries": worries(worried, people.names((row.person_id for row in worried), to=viewer)),
        "exercises": [alarm_line(alarm, names, now=now) for alarm in drills],
        "open_alarms": [alarm_line(alarm, names, now=now) for alarm in is_open],
        "ended_alarms": [alarm_line(alarm, names, now=now, places=places) for alarm in ended],
    }


def names_in(viewer: Viewer, alarms: list[Alarm]) -> dict[uuid.UUID, str]:
    """What the viewer calls everybody who holds, was offered or ended these alarms. One query."""
    roles = ("holder_id", "co_holder_id", "offered_to_id", "ended_by_id")
    return people.names([getattr(alarm, role) for alarm in alarms for role in roles], to=viewer)


@dataclass(frozen=True, kw_only=True)
class May:
    """What the viewer may do with an alarm now."""

    take: bool = False
    renew: bool = False
    hand_over: bool = False
    stand_down: bool = False
    distress: bool = False


def is_about(viewer: Viewer, alarm: Alarm) -> bool:
    """Whether the viewer is one of those who are missed: she cannot take an alarm about herself."""
    return str(viewer.person_id) in alarm.subject.party


def may(viewer: Viewer, alarm: Alarm) -> May:
    """The buttons of an alarm's page; the actions judge again."""
    if alarm.state != AlarmState.OPEN or viewer.person_id is None:
        return May()
    mine = viewer.person_id in alarm.takers
    return May(
        take=not mine and not is_about(viewer, alarm) and watch.may_take(viewer, alarm),
        renew=mine,
        hand_over=mine or viewer.has_for(alarm.subject.team_id, Role.DUTY_OFFICER),
        stand_down=watch.may_stand_down(viewer, alarm),
        distress=(mine or viewer.watches(alarm.subject.team_id)) and alarm.phase != Phase.DISTRESS,
    )


def alarm_page(viewer: Viewer, alarm: Alarm, *, zone: str, now: dt.datetime) -> dict[str, Any]:
    """The context of `alarms/_alarm.html`. A fixed number of queries."""
    lines = watch.alarm_lines(viewer, seen(alarm))
    names = names_in(viewer, [alarm])
    line = alarm_line(alarm, names, now=now, places=places_of(viewer, [alarm], now=now))
    mission = missions.mission(viewer, line.mission_id) if line.mission_id else None
    shown = {
        **{name: getattr(line, name) for name in AlarmLine.__dataclass_fields__},
        "last_heard_at": mission.heard_at if mission else alarm.heard_at,
        "mission_id": line.mission_id if mission else None,
        "next_step": next_step(alarm, line),
    }
    return {
        "alarm": shown,
        "may": may(viewer, alarm),
        "may_settle": line.is_unplaced and viewer.keeps_watch,
        "check_id": seat_of(alarm.subject.ref) if is_check(alarm.subject.ref) else None,
        "may_search": may_search(viewer, alarm, now=now) and bool(alarm.subject.party),
        "told": told(viewer, alarm, lines, now=now),
        "entries": timeline.entries(viewer, lines, zone=zone, now=now),
        "blind": blind_meanwhile(viewer, alarm),
    }


def blind_meanwhile(viewer: Viewer, alarm: Alarm) -> list[Any]:
    """The blind periods between when the alarm was due and its end. One query."""
    began, ended = min(alarm.due_at, alarm.opened_at), alarm.ended_at
    found = outages_since(viewer, since=began)
    return [one for one in found if ended is None or one.from_at < ended]


def next_step(alarm: Alarm, line: AlarmLine) -> str:
    """Who is told next if nothing happens."""
    if line.ended_at is not None:
        return ""
    told_next = words.targets(watch.next_targets(alarm))
    if line.taken_by and not line.second_missing:
        return _("%(who)s is asked again, then: %(targets)s") % {
            "who": line.taken_by,
            "targets": told_next,
        }
    return told_next
