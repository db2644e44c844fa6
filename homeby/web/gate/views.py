"""The gate: who goes, who is fine, who is back. At most two taps for one person."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.queries import Sheet
from homeby.missions.rules import MemberState
from homeby.people.rules import Role
from homeby.web.door import Door, page, show
from homeby.web.gate import acts, done, reports, strangers, tiles
from homeby.web.gate.forms import ActForm, ReportForm
from homeby.web.gate.places import gate_or_404

KEEPERS = (Role.GATE_KEEPER, Role.LEADER, Role.DUTY_OFFICER, Role.ADMINISTRATOR)

#: Seconds after which a form with names leaves the screen, while nobody touches it.
FORM_SECONDS = 180


@page(*KEEPERS)
def gates(door: Door) -> HttpResponse:
    """Which gate; where there is one only, that one."""
    found = missions.gates(door.viewer)
    if len(found) == 1:
        return redirect("gate", key=found[0].pk)
    return render(door.request, "gate/gates.html", {"gates": found})


@page(*KEEPERS)
def gate(door: Door, key: uuid.UUID) -> HttpResponse:
    """The gate at rest: three acts, no name, no number."""
    here = gate_or_404(door.viewer, key)
    return render(door.request, "gate/gate.html", {"gate": here, "zone": here.zone})


@page(*KEEPERS)
def pick(door: Door, key: uuid.UUID, act: str) -> HttpResponse:
    """Who? A tap on a tile records, unless there is something to look at first."""
    here = gate_or_404(door.viewer, key)
    if door.request.method == "POST":
        return _direct(door, key, act)
    text = door.request.GET.get("q", "").strip()[:60]
    exact = door.request.GET.get("exact") == "1"
    context = {
        "gate": here,
        "zone": here.zone,
        "act": act,
        "q": text,
        "exact": exact,
        "tiles": tiles.tiles(door.viewer, act, text=text, exact=exact, now=door.now),
        "form": ActForm(asks=["link"]) if act == "check-in" and not exact else None,
    }
    return render(door.request, "gate/pick.html", context)


def _direct(door: Door, key: uuid.UUID, act: str) -> HttpResponse:
    """One tap on a tile. What asks for a look after all leads to the page where it is shown."""
    mission_id = _uuid_or_404(door.request.POST.get("mission", ""))
    sheet = _sheet_or_404(door, mission_id)
    if act == "check-in":
        form = ActForm(door.request.POST, asks=["link"])
        form.is_valid()
        return _on(door, key, act, acts.check_in(door, sheet, form))
    if len(acts.candidates(sheet, act)) != 1:
        return redirect("gate-party" if act == "in" else "gate-confirm", **_where(key, act, mission_id))
    form = acts.form_for(door, sheet, act)
    form.is_valid()
    form.cleaned_data["person"] = [str(one) for one in acts.candidates(sheet, act)]
    try:
        answer = acts.sign(door, sheet, act, form, gate_id=key)
    except Refused as refused:
        messages.error(door.request, str(refused))
        return redirect("gate-confirm", key=key, act=act, mission_id=mission_id)
    return _on(door, key, act, answer)
