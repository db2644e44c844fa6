"""My mission, as the page on a phone shows it: facts in words, and facts for its script."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import instants
from homeby.keys import KeyProblem
from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.queries import check_ins
from homeby.missions.queries.own import OwnOuting, own_outings
from homeby.missions.queries.sheets import Sheet, sheet
from homeby.missions.rules import MemberState
from homeby.missions.rules.next_act import fine_until, next_act
from homeby.people.queries.devices import devices
from homeby.people.queries.proofs import pin_asked_on_phone
from homeby.watch.rules import AlarmState, DeadlineKind, Target
from homeby.watch.rules import Times as WatchTimes
from homeby.web import words
from homeby.web.door import Door
from homeby.web.gate import acts
from homeby.web.intake import sealed
from homeby.web.kin import numbers
from homeby.web.phone import my_words
from homeby.web.phone import sheets as pages


def context(door: Door) -> dict[str, Any]:
    """The context of `my/my.html` and `my/_mission.html`. A fixed number of queries."""
    mine = own_outings(door.viewer, now=door.now)
    wanted = door.request.GET.get("mission", "")
    chosen = next((row for row in mine if str(row.mission_id) == wanted), mine[0] if mine else None)
    found = sheet(door.viewer, chosen.mission_id, now=door.now) if chosen else None
    context = {"words": my_words.words(), "data": _data(door, chosen, found), "mission": None}
    if chosen is None or found is None:
        return context
    return context | _shown(door, chosen, found) | {"others": _others(mine, chosen)}


def _data(door: Door, own: OwnOuting | None, found: Sheet | None) -> dict[str, Any]:
    """What the script needs to go on by itself, without a line to the station."""
    person_id = door.viewer.person_id
    data: dict[str, Any] = {
        "person": str(person_id),
        "phones": [
            str(one.id)
            for one in devices(door.viewer, person_id=person_id)
            if one.revoked_at is None
        ],
        "as_of": door.now.isoformat(),
        "asks_pin": pin_asked_on_phone(door.viewer, person_id=person_id) if person_id else False,
        "seal": _seal(),
        "gates": {str(gate.pk): gate.name for gate in missions.gates(door.viewer)},
        "mission": "",
    }
    if own is None or found is None:
        return data
    row, asked = found.mission, _check_in(found, own, now=door.now)
    until = fine_until(check_in_at=asked.due_at if asked else None, due_at=row.due_at)
    return data | {
        "mission": str(row.pk),
        "state": own.state,
        "zone": row.zone,
        "due_at": row.due_at.isoformat() if row.due_at else "",
        "fine_until": until.isoformat() if until else "",
        "leads": row.leader_id == person_id,
        "party": [
            {"id": str(one.person_id), "label": one.person.shown_as, "state": one.state}
            for one in found.party
        ],
    }


def _seal() -> str:
    """To what the phone seals a PIN; "" where the station's own key cannot be read."""
    try:
        return sealed.public_key()
    except KeyProblem:
        return ""


def _check_in(found: Sheet, own: OwnOuting, *, now: dt.datetime) -> WatchTimes | None:
    """The check-in that is expected next; of who has not left yet, that of a departure now."""
    if own.state == MemberState.PLANNED:
        return check_ins.next_after(found.mission, heard_at=now, now=now)
    at = found.check_in_at if own.state == MemberState.OUT else None
    return check_ins.missed_at(found.mission, at) if at else None


def _shown(door: Door, own: OwnOuting, found: Sheet) -> dict[str, Any]:
    row, now = found.mission, door.now
    asked = _check_in(found, own, now=now)
    until = fine_until(check_in_at=asked.due_at if asked else None, due_at=row.due_at)
    promise = acts.promised(found, now=now) if own.state != MemberState.BACK else None
    return {
        "mission": acts.facts(found) | {"phase": _phase(found, now=now)},
        "zone": row.zone,
        "state": own.state,
        "next": next_act(own.state, fine_until=until, now=now),
        "own_kin": numbers.in_short(door, found),
        "promise_in_short": _in_short(found, asked, now=now) if promise else "",
        "sentences": promise.sentences if promise else [],
        "check_in_at": asked.due_at if asked else None,
        "back_at": own.back_at,
        "asked": [instants.wall(one.due_at, row.zone, now) for one in found.asked],
        "may": pages.may(door, found),
        "report_url": ""
        if own.state != MemberState.BACK or own.person_id in found.reported
        else reverse("mission-report", args=[row.pk, own.person_id]),
    }


def _phase(found: Sheet, *, now: dt.datetime) -> str:
    alarm = found.alarm
    is_open = alarm is not None and alarm.state == AlarmState.OPEN
    return rules.phase_shown(
        state=found.mission.state,
        alarm_phase=alarm.phase if alarm and is_open else "",
        due_at=found.mission.due_at,
        now=now,
    )


def _in_short(found: Sheet, check_in: WatchTimes | None, *, now: dt.datetime) -> str:
    """The promise in one sentence (`STORY.md` 63): by when somebody must hear, and who is the first
    beside the party that is told otherwise."""
    row = found.mission
    if row.due_at is None or row.call_out_at is None:
        return ""
    times = WatchTimes(due_at=row.due_at, call_out_at=row.call_out_at)
    kind = DeadlineKind.RETURN
    if check_in is not None and check_in.due_at < row.due_at:
        times, kind = check_in, DeadlineKind.CHECK_IN
    steps = [step for step in missions.promise(times, kind) if step.phase != "REMINDER"]
    told = next((step.targets for step in steps if set(step.targets) - {Target.PARTY}), None)
    if told is None:
        return _("There is no escalation plan yet, so nobody would be told. Set one first.")
    return _("If nobody hears from you by %(at)s, we tell: %(told)s.") % {
        "at": instants.wall(times.due_at, row.zone, now),
        "told": words.targets(target for target in told if target != Target.PARTY),
    }


def _others(mine: list[OwnOuting], chosen: OwnOuting) -> list[dict[str, Any]]:
    """The viewer's other outings, to change to."""
    return [
        {
            "url": f"{reverse('my')}?mission={row.mission_id}",
            "label": ", ".join(part for part in (row.what, row.place) if part),
            "due_at": row.due_at,
            "is_out": row.state == MemberState.OUT,
        }
        for row in mine
        if row is not chosen and row.state != MemberState.BACK
    ]
