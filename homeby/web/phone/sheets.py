"""A mission's page: its facts in words, what this viewer may do now, what waits for somebody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Line
from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.queries import check_ins
from homeby.missions.queries import sheets as found_sheets
from homeby.missions.queries.home import UNSAID
from homeby.missions.queries.sheets import Sheet
from homeby.missions.queries.then import looking_back
from homeby.missions.queries.visible import keeps_unit
from homeby.missions.rules import Acceptance, Conditions, How, MemberState, MissionState
from homeby.missions.rules.fading import Sight, Where
from homeby.people import queries as people
from homeby.people.queries import ranks
from homeby.people.rules import Role
from homeby.readiness.actions.positions import may_say
from homeby.readiness.queries.qualifications import OVERSEERS
from homeby.watch import queries as watch
from homeby.watch import texts_duress
from homeby.watch.queries.duress import silent_alarm
from homeby.watch.rules import AlarmState
from homeby.web import timeline, together, words
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door
from homeby.web.gate import acts
from homeby.web.kin.forms import SPEAK
from homeby.web.kit.carried import carried, to_bring_back
from homeby.web.phone.lessons import on_mission
from homeby.web.phone.owed import debriefs
from homeby.web.phone.planning import written_coordinates
from homeby.web.phone.reported import reports
from homeby.web.rest.to_release import to_be_released

#: How many of the newest lines of the logbook can be put right on the page.
CORRECTABLE = 30
#: So long HELP is offered on a mission whose people are back: as long as a phone shows it.
HELP_AFTER_BACK = dt.timedelta(hours=12)

Names = dict[uuid.UUID, str]

HOW_WORDS: words.Words = {
    How.DEVICE: gettext_lazy("own device"),
    How.SEEN: gettext_lazy("seen"),
    How.TOLD: gettext_lazy("told"),
}

CONDITION_WORDS: words.Words = {
    Conditions.NORMAL: gettext_lazy("normal"),
    Conditions.DEMANDING: gettext_lazy("demanding"),
    Conditions.SEVERE: gettext_lazy("severe"),
}

ACCEPTANCE_WORDS: words.Words = {
    Acceptance.NOT_ASKED: "",
    Acceptance.ASKED: gettext_lazy("asked, not answered yet"),
    Acceptance.ACCEPTED: gettext_lazy("yes"),
    Acceptance.REFUSED: gettext_lazy("no, and that is a normal answer"),
}


def context(door: Door, sheet: Sheet) -> dict[str, Any]:
    """The context of `missions/_mission.html`. A fixed number of queries."""
    row, now = sheet.mission, door.now
    keys = [row.asked_by_id, row.assigned_by_id, row.approved_by_id, row.planned_by_id]
    asked = [key for one in sheet.asked for key in (one.asked_by_id, one.first_by_id)]
    takers = sheet.alarm.takers if sheet.alarm else []
    names = people.names([*keys, *asked, *takers], to=door.viewer)
    promise = acts.promised(sheet, now=now) if row.state in _PROMISED else None
    lines = missions.timeline(door.viewer, row.pk)
    kit = carried(door, row.pk)
    return {
        "mission": _facts(sheet, names, now=now) | {"group": together.of_mission(door.viewer, row)},
        "zone": row.zone,
        "may": may(door, sheet),
        "alarm": _alarm(door, sheet, names),
        "silent": _silent(door, sheet),
        "members": _members(door, sheet),
        "is_unsaid": bool(sheet.ids(UNSAID)),
        "asks": _asks(door, sheet, names),
        "open_items": _open_items(door, sheet, kit),
        "carried": kit,
        "reports": reports(door, sheet),
        "lessons": on_mission(door, sheet),
        "promise": promise.lines if promise else [],
        "entries": timeline.entries(door.viewer, lines, zone=row.zone, now=now),
        "lines": _lines(lines, zone=row.zone, now=now),
    }


_PROMISED = (MissionState.PLANNED, MissionState.OUT, MissionState.BACK)


def _facts(sheet: Sheet, names: Names, *, now: dt.datetime) -> dict[str, Any]:
    row = sheet.mission
    gates = sorted({m.out_gate.name for m in sheet.party if m.out_gate})
    if sheet.where.at is not None or sheet.where.route_gpx:
        opened(ReadKind.PLACE, what=row.ref, party=[m.person_id for m in sheet.party])
    alarm = _open_alarm(sheet)
    conditions = Conditions(row.conditions)
    return acts.facts(sheet) | {
        "what": row.what,
        "where": sheet.where.place,
        "where_note": _where_note(sheet.where),
        "phase": rules.phase_shown(
            state=row.state, alarm_phase=alarm.phase if alarm else "", due_at=row.due_at, now=now
        ),
        "sets_out_at": row.sets_out_at,
        "out_at": row.out_at,
        "back_at": row.back_at if row.state == MissionState.BACK else None,
        "last_heard_at": sheet.heard_at,
        "gate": ", ".join(gates) or (_("by phone") if row.out_at else ""),
        "vehicle": row.vehicle,
        "kit": row.kit,
        "communications": row.communications,
        "device": row.device,
        "buddy": row.buddy.shown_as if row.buddy else "",
        "team": missions.called(row) if row.team else "",
        "unit": (missions.called(row) or _("without a callsign")) if row.unit else "",
        "unit_is_secret": row.unit is not None and row.unit.is_secret,
        "kind": row.kind.name if row.kind else "",
        "conditions": ""
        if conditions is Conditions.NORMAL
        else words.word(CONDITION_WORDS, conditions),
        "check_in": _check_in(sheet, now=now),
        "coordinates": _coordinates(sheet.where),
        "route_url": reverse("mission-route", args=[row.pk]) if sheet.where.route_gpx else "",
        "planned_by": names.get(row.planned_by_id, "") if row.planned_by_id else "",
        "asked_by": names.get(row.asked_by_id, "") if row.asked_by_id else "",
        "assigned_by": names.get(row.assigned_by_id, "") if row.assigned_by_id else "",
        "approved_by": names.get(row.approved_by_id, "") if row.approved_by_id else "",
        "accepted": words.word(ACCEPTANCE_WORDS, row.acceptance),
        "delay_reason": row.delay_reason.label if row.delay_reason else "",
    }


def _coordinates(where: Where) -> str:
    """The coordinates of a mission as this reader may read them."""
    if where.at is None:
        return ""
    written = written_coordinates(*where.at)
    return _("around %s") % written if where.is_around else written


def _where_note(where: Where) -> str:
    """Why less stands there than was planned, and when more does."""
    if where.sight is Sight.SECTOR:
        return _(
            "While they are out a leader reads the sector. Once an alarm is open or they are "
            "overdue the exact place stands here; before that break-glass shows it."
        )
    if where.sight is Sight.NONE:
        return _(
            "Where they are is for the party and the duty officer. Once an alarm is open or they "
            "are overdue it stands here."
        )
    return ""


def _check_in(sheet: Sheet, *, now: dt.datetime) -> str:
    row = sheet.mission
    parts = []
    if row.check_in_minutes:
        parts.append(_("every %s") % instants.span(row.check_in_minutes * 60))
    if row.check_in_times:
        walls = [instants.wall(at, row.zone, now) for at in check_ins.listed(row)]
        parts.append(_("at %s") % ", ".join(walls))
    if parts and sheet.check_in_at is not None and row.state == MissionState.OUT:
        parts.append(_("next %s") % instants.wall(sheet.check_in_at, row.zone, now))
    return ", ".join(parts)


def _open_alarm(sheet: Sheet) -> Any:
    alarm = sheet.alarm
    return alarm if alarm is not None and alarm.state == AlarmState.OPEN else None


def _silent(door: Door, sheet: Sheet) -> dict[str, str] | None:
    """What was done by a duress PIN, for whoever keeps the watch and is not of the party: to them
    this page must not say that all is well."""
    alarm = silent_alarm(door.viewer, sheet.mission.ref)
    if alarm is None:
        return None
    return {
        "said": texts_duress.said(alarm, now=door.now),
        "url": reverse("alarm", args=[alarm.pk]),
    }


def _alarm(door: Door, sheet: Sheet, names: Names) -> dict[str, Any] | None:
    alarm = _open_alarm(sheet)
    if alarm is None:
        return None
    seen = watch.may_take(door.viewer, alarm)
    return {
        "id": alarm.pk,
        "phase": alarm.phase,
        "taken_by": alarm.taken_by(names),
        "second_missing": alarm.second_missing,
        "heard_at": alarm.heard_at,
        "url": reverse("alarm", args=[alarm.pk]) if seen else "",
    }


def may(door: Door, sheet: Sheet) -> dict[str, bool]:
    """What this viewer may do on this mission now."""
    row, viewer = sheet.mission, door.viewer
    watches = viewer.watches(row.team_id) or keeps_unit(viewer, row.unit_id)
    going = viewer.person_id in {m.person_id for m in sheet.party}
    out, planned = row.state == MissionState.OUT, row.state == MissionState.PLANNED
    own = [Acceptance(m.acceptance) for m in sheet.party if m.person_id == viewer.person_id]
    asked = bool(own) and planned and own[0] is not Acceptance.NOT_ASKED
    left_to_go = bool(acts.candidates(sheet, "out"))
    trouble = row.is_trouble and row.trouble_cleared_at is None
    return {
        "sign_out": left_to_go and not acts.blocked(sheet, now=door.now),
        "sign_in": out,
        "check_in": out and going,
        "radio": out,
        "extend": out,
        "help": out or _just_back(_over_at(sheet), now=door.now),
        "change": planned and (going or watches),
        "cancel": planned and (going or watches),
        "accept": asked and own[0] is not Acceptance.ACCEPTED,
        "refuse": asked and own[0] is not Acceptance.REFUSED,
        "clear_trouble": trouble and watches and not going,
        "break_glass": viewer.watches_some and not going and row.pk not in viewer.last_resort,
        "kin": row.out_at is not None and not going and viewer.has_for(row.team_id, *SPEAK),
        "crew": (out or planned) and viewer.has_somewhere(*OVERSEERS),
        "positions": may_say(viewer, row.pk),
        "look_back": bool(looking_back(viewer, [row.pk])),
    }


def _over_at(sheet: Sheet) -> dt.datetime | None:
    """Since when nobody should be out. To one of the party who is home it is not said whether the
    others are, and they may ring her: for her that is the call-out time, where it comes later."""
    back_at, call_out_at = sheet.mission.back_at, sheet.mission.call_out_at
    if back_at is None or call_out_at is None or not sheet.ids(UNSAID):
        return back_at
    return max(back_at, call_out_at)


def _just_back(back_at: dt.datetime | None, *, now: dt.datetime) -> bool:
    """Whoever was signed in too early, or comes to harm on the last steps, must find HELP."""
    return back_at is not None and now - back_at < HELP_AFTER_BACK


def _lines(lines: Sequence[Line], *, zone: str, now: dt.datetime) -> list[dict[str, Any]]:
    """The newest lines of the logbook, to choose the one that is to be put right."""
    return [
        {
            "number": line.number,
            "label": f"{instants.wall(line.happened_at, zone, now)} {line.label}",
        }
        for line in list(reversed(lines))[:CORRECTABLE]
    ]


def _members(door: Door, sheet: Sheet) -> list[dict[str, Any]]:
    found = []
    watches = door.viewer.watches(sheet.mission.team_id)
    ranked = ranks.beside(member.person_id for member in sheet.party)
    for member in sheet.party:
        back = member.state == MemberState.BACK
        gate = member.back_gate if back else member.out_gate
        at = member.back_at if back else member.out_at if member.state else None
        how = words.word(HOW_WORDS, member.back_how if back else member.out_how)
        where = gate.name if gate else _("by phone")
        found.append(
            {
                "id": member.person_id,
                "may_take_back": back
                and member.person_id not in sheet.reported
                and (watches or member.person_id == door.viewer.person_id),
                "label": member.person.shown_as,
                "who_url": _who(door, sheet, member) if member.person.callsign else "",
                "rank": ranked.get(member.person_id, ""),
                "leads": member.person_id == sheet.mission.leader_id and len(sheet.party) > 1,
                "state": member.state,
                "at": at,
                "how": ", ".join(part for part in (how, where) if part) if at else "",
                "description": member.description,
                "answer": words.word(ACCEPTANCE_WORDS, member.acceptance),
            }
        )
    return found


def _who(door: Door, sheet: Sheet, member: Any) -> str:
    """Where the viewer asks for the name behind this callsign; "" where she may not, or is it."""
    leads = door.viewer.person_id == sheet.mission.leader_id
    if member.person_id == door.viewer.person_id or not (leads or door.viewer.has(*OFFICE_ROLES)):
        return ""
    return f"{reverse('who', args=[member.person_id])}?mission={sheet.mission.pk}"


def _asks(door: Door, sheet: Sheet, names: Names) -> list[dict[str, Any]]:
    """What waits for a person: more time that is asked for, the approval of one alone."""
    row, viewer, now = sheet.mission, door.viewer, door.now
    going = viewer.person_id in {m.person_id for m in sheet.party}
    found = []
    for one in sheet.asked:
        earlier = row.due_at is not None and one.due_at < row.due_at
        asked = _("An earlier return is asked for: expected back %s.")
        asked = asked if earlier else _("More time is asked for: expected back %s.")
        text = asked % instants.wall(one.due_at, row.zone, now)
        if one.first_by_id:
            text += " " + _("%s has granted it; a second person must too.") % names.get(
                one.first_by_id, "?"
            )
        found.append(
            {
                "id": one.pk,
                "kind": "extension",
                "text": f"{text} {one.why}".strip(),
                "by": names.get(one.asked_by_id, "?") if one.asked_by_id else "?",
                "at": one.asked_at,
                "may_answer": viewer.watches(row.team_id) and not going,
            }
        )
    if sheet.waits_for_approval:
        second = viewer.has_for(row.team_id, Role.LEADER, Role.DUTY_OFFICER)
        found.append(
            {
                "id": row.pk,
                "kind": "approval",
                "text": _("One person alone: a second person, a leader or duty officer, approves.")
                if row.state == MissionState.PLANNED
                else _("Out alone, and nobody has approved it; it may still be approved."),
                "by": names.get(row.planned_by_id, "?") if row.planned_by_id else "?",
                "at": None,
                "may_answer": second and not going and viewer.person_id != row.planned_by_id,
            }
        )
    return found


def _open_items(door: Door, sheet: Sheet, kit: list[dict[str, Any]]) -> list[dict[str, str]]:
    row, viewer = sheet.mission, door.viewer
    found = [
        {
            "text": _("%(who)s is still out on “%(what)s”: sign in there too")
            % {"who": one.person.shown_as, "what": one.mission.what},
            "url": reverse("mission-sign-in", args=[one.mission_id]),
        }
        for one in found_sheets.out_elsewhere(viewer, sheet)
    ]
    for member in sheet.party:
        if not missions.owes_afterwards(member) or member.person_id in sheet.reported:
            continue
        own = member.person_id == viewer.person_id
        url = reverse("mission-report", args=[row.pk, member.person_id])
        found.append(
            {
                "text": _("First report of %s, one minute") % member.person.shown_as,
                "url": url if own or viewer.watches(row.team_id) else "",
            }
        )
    if row.is_trouble and row.trouble_cleared_at is None:
        found.append({"text": _("Trouble was reported; a named person looks into it."), "url": ""})
    back = to_bring_back(kit) if row.state == MissionState.BACK else []
    back += to_be_released(door, row.pk)
    return found + back + debriefs(door, sheet)
