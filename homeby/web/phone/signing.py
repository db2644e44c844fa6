"""Signing out and in away from the gate's own screen: at which gate, or by phone."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import Decider
from homeby.web.door import Door
from homeby.web.gate import acts
from homeby.web.gate.forms import ActForm
from homeby.web.kin.own import to_confirm

BY_PHONE = "phone"


def form_for(door: Door, sheet: Sheet, act: str) -> ActForm:
    """The form of the gate, with the gates to choose from; "by phone" is an answer too."""
    form = acts.form_for(door, sheet, act, asks=["gate"])
    found = missions.gates(door.viewer)
    choices = [(str(row.pk), f"{row.name}, {row.site.name}") for row in found]
    form.offer("gate", [*choices, (BY_PHONE, _("at no gate: by phone"))])
    left_by = [row.out_gate_id for row in sheet.party if row.out_gate_id]
    likely = left_by[0] if left_by else (found[0].pk if len(found) == 1 else BY_PHONE)
    form.fields["gate"].initial = here(door, (row.pk for row in found)) or str(likely)
    return form


def here(door: Door, gates: Iterable[object]) -> str:
    """The gate that the address names, by its code there (`gate/qr.py`); "" for none in use."""
    wanted = door.request.GET.get("gate", "")
    return wanted if wanted in {str(key) for key in gates} else ""


def sign(door: Door, sheet: Sheet, act: str, form: ActForm) -> str:
    """Sign out or in those who are ticked. Raises Refused."""
    gate = form.cleaned_data["gate"]
    gate_id = None if gate == BY_PHONE else uuid.UUID(gate)
    return acts.sign(door, sheet, act, form, gate_id=gate_id).answer


def context(door: Door, sheet: Sheet, act: str, form: ActForm) -> dict[str, Any]:
    """The context of `missions/sign.html`."""
    promise = acts.promised(sheet, now=door.now) if act == "out" else None
    return {
        "act": act,
        "mission": acts.facts(sheet),
        "zone": sheet.mission.zone,
        "members": acts.members(sheet, form, act),
        "nobody_left": not acts.candidates(sheet, act),
        "blocked": acts.blocked(sheet, now=door.now) if act == "out" else "",
        "advice": acts.advice(sheet, door.viewer, now=door.now) if act == "out" else [],
        "promise": promise.lines if promise else [],
        "sentences": promise.sentences if promise else [],
        "own_kin": to_confirm(door, sheet) if act == "out" else None,
        "form": form,
    }


def who_decides(sheet: Sheet, *, now: dt.datetime) -> str:
    """Who must say yes to more time now, in a sentence."""
    row = sheet.mission
    if row.due_at is None or row.call_out_at is None:
        return ""
    due = instants.wall(row.due_at, row.zone, now)
    match rules.who_decides(due_at=row.due_at, call_out_at=row.call_out_at, now=now):
        case Decider.ANYBODY_ON_WATCH:
            said = _("Somebody who keeps the watch agrees; until then %s stands.")
        case Decider.DUTY_OFFICER:
            said = _(
                "The expected return has passed: the duty officer decides. Until then %s stands."
            )
        case _other:
            said = _("It is past the call-out time: two people must agree. Until then %s stands.")
    return said % due
