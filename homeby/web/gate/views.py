"""The gate: who goes, who is fine, who is back. At most two taps for one person."""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.queries.homecomings import passed_by_device
from homeby.missions.queries.sheets import Sheet
from homeby.people.rules import WATCHERS
from homeby.web.door import Door, page, show
from homeby.web.gate import acts, reports, seen, strangers, tiles, waits
from homeby.web.gate.forms import ActForm
from homeby.web.gate.here import Here, done, gate_or_404, line_or_404, sheet_or_404
from homeby.web.kin import numbers
from homeby.web.open_screens import is_seen

#: Seconds after which a form leaves the screen while nobody touches it.
FORM_SECONDS = 180


@page(*WATCHERS)
def gates(door: Door) -> HttpResponse:
    """Which gate; where there is one only, that one."""
    found = missions.gates(door.viewer)
    if len(found) == 1:
        return redirect("gate", key=found[0].pk)
    return render(door.request, "gate/gates.html", {"gates": found})


@page(*WATCHERS)
def gate(door: Door, key: uuid.UUID) -> HttpResponse:
    """The gate at rest: three acts, no name, no number."""
    here = gate_or_404(door.viewer, key)
    context = {"gate": here, "zone": here.zone, "is_waited_for": waits.is_somebody(door)}
    context |= {"seen": True, "glass_held": ()} if is_seen(door.request) else {"seen": False}
    return render(door.request, "gate/gate.html", context)


@page(*WATCHERS)
def waited_for(door: Door, key: uuid.UUID) -> HttpResponse:
    """The live part of it: that somebody is home by a device, and somebody waits for them."""
    here = gate_or_404(door.viewer, key)
    to_strangers = is_seen(door.request)
    context = {"gate": here, "is_waited_for": waits.is_somebody(door), "seen": to_strangers}
    return render(door.request, "gate/_waited_for.html", context)


@page(*WATCHERS)
def pick(door: Door, key: uuid.UUID, act: str) -> HttpResponse:
    """Who? A tap on a tile records, unless there is something to look at first."""
    here = gate_or_404(door.viewer, key)
    if is_seen(door.request):
        if "tile" not in door.request.POST:
            return seen.by_callsign(door, here, act)
        _direct(door, here, act)
        return seen.nameless(door, str(here.key))
    if door.request.method == "POST":
        return _direct(door, here, act)
    text = door.request.GET.get("q", "").strip()[:60]
    exact = door.request.GET.get("exact") == "1"
    context = {
        "gate": here,
        "zone": here.zone,
        "act": act,
        "q": text,
        "exact": exact,
        "tiles": tiles.tiles(door.viewer, act, text=text, exact=exact, now=door.now),
        "waits": waits.by_devices(door) if act == "in" else "",
        "passed": _passed(door, here, act),
        "form": ActForm(asks=["link"]) if act == "check-in" and not exact else None,
    }
    return render(door.request, "gate/pick.html", context)


def _passed(door: Door, here: Here, act: str) -> list[tuple[str, dt.datetime]]:
    """Who passed here by phone or kiosk a while ago; checking in is no passing."""
    if act == "check-in":
        return []
    return passed_by_device(door.viewer, here.key, home=act == "in", now=door.now)


def _direct(door: Door, here: Here, act: str) -> HttpResponse:
    """One tap on a tile. What turns out to need a look leads to the page where it is shown."""
    if (before := acts.already(door)) is not None:
        return redirect("gate-done", here.key, act, before.entry_id)
    mission, _sep, person = door.request.POST.get("tile", "").partition("/")
    sheet = sheet_or_404(door, mission)
    try:
        if act == "check-in":
            form = ActForm(door.request.POST, asks=["link"])
            form.is_valid()
            done_now = acts.check_in(door, sheet, form)
        else:
            one = acts.member_or_404(sheet, person)
            done_now = acts.sign_one(door, sheet, act, one, gate_id=here.key)
    except Refused as refused:
        messages.error(door.request, str(refused))
        return redirect("gate-confirm", here.key, act, sheet.mission.pk)
    return redirect("gate-done", here.key, act, done_now.entry_id)


@page(*WATCHERS)
@seen.no_names
def confirm(door: Door, key: uuid.UUID, act: str, mission_id: uuid.UUID) -> HttpResponse:
    """One look before it counts: the promise of a sign-out, the time and link of a check-in."""
    here, sheet = gate_or_404(door.viewer, key), sheet_or_404(door, mission_id)
    if act == "in":
        return redirect("gate-party", key, mission_id)
    form = acts.form_for(door, sheet, act)
    if (done_at := _act(door, here, act, sheet, form)) is not None:
        return done_at
    promise = acts.promised(sheet, now=door.now) if act == "out" else None
    context = {
        "gate": here,
        "act": act,
        "mission": acts.facts(sheet),
        "zone": sheet.mission.zone,
        "members": acts.members(sheet, form, act),
        "blocked": acts.blocked(sheet, now=door.now) if act == "out" else "",
        "advice": acts.advice(sheet, door.viewer, now=door.now) if act == "out" else [],
        "promise": promise.lines if promise else [],
        "sentences": promise.sentences if promise else [],
        "own_kin": numbers.in_short(door, sheet) if act == "out" else None,
        "unconfirmed": waits.unconfirmed(door, sheet) if act == "out" else "",
        "form": form,
        "clear_after": FORM_SECONDS,
    }
    return render(door.request, "gate/confirm.html", context)


def _act(door: Door, here: Here, act: str, sheet: Sheet, form: ActForm) -> HttpResponse | None:
    """Where a posted form leads; None while there is something to show or to mend."""
    if door.request.method != "POST":
        return None
    recorded = acts.already(door)
    try:
        if recorded is None and form.is_valid():
            if act == "check-in":
                recorded = acts.check_in(door, sheet, form)
            else:
                recorded = acts.sign(door, sheet, act, form, gate_id=here.key)
    except Refused as refused:
        show(form, refused)
    return redirect("gate-done", here.key, act, recorded.entry_id) if recorded else None


@page(*WATCHERS)
@seen.no_names
def party(door: Door, key: uuid.UUID, mission_id: uuid.UUID) -> HttpResponse:
    """A party comes back: each by name, and heads counted against names."""
    here, sheet = gate_or_404(door.viewer, key), sheet_or_404(door, mission_id)
    form = acts.form_for(door, sheet, "in")
    if (done_at := _act(door, here, "in", sheet, form)) is not None:
        return done_at
    context = {
        "gate": here,
        "mission": acts.facts(sheet),
        "zone": sheet.mission.zone,
        "members": acts.members(sheet, form, "in"),
        "nobody_out": not acts.candidates(sheet, "in"),
        "form": form,
        "clear_after": FORM_SECONDS,
    }
    return render(door.request, "gate/party.html", context)


@page(*WATCHERS)
@seen.no_names
def unmatched(door: Door, key: uuid.UUID, act: str) -> HttpResponse:
    """Somebody who is on no tile: recorded, looked into later, never refused."""
    here = gate_or_404(door.viewer, key)
    if act == "out":
        raise Http404
    form = strangers.form_for(door)
    if door.request.method == "POST":
        recorded = acts.already(door)
        try:
            if recorded is None and form.is_valid():
                recorded = strangers.record(door, here, act, form)
        except Refused as refused:
            show(form, refused)
        if recorded is not None:
            return redirect("gate-done", here.key, act, recorded.entry_id)
    context = {"gate": here, "zone": here.zone, "act": act, "form": form}
    return render(door.request, "gate/unmatched.html", context | {"clear_after": FORM_SECONDS})


@require_POST
@page(*WATCHERS)
@seen.no_names
def take_back(
    door: Door, key: uuid.UUID, mission_id: uuid.UUID, person_id: uuid.UUID
) -> HttpResponse:
    """The wrong person was signed in: they are out again, and are missed as before."""
    here, sheet = gate_or_404(door.viewer, key), sheet_or_404(door, mission_id)
    recorded_before = acts.already(door)
    try:
        taken = recorded_before or acts.take_back(door, sheet, person_id)
    except Refused as refused:
        messages.error(door.request, str(refused))
        return redirect("gate", here.key)
    return redirect("gate-done", here.key, "out", taken.entry_id)


@page(*WATCHERS)
@seen.no_names
def recorded(door: Door, key: uuid.UUID, act: str, entry_id: uuid.UUID) -> HttpResponse:
    """It is recorded: the stored answer, and what is still open. Leaves the screen by itself."""
    here, line = gate_or_404(door.viewer, key), line_or_404(door.viewer, entry_id)
    return render(door.request, "gate/done.html", done(door, here, act, line))


@page(*WATCHERS)
@seen.no_names
def first_report(
    door: Door, key: uuid.UUID, mission_id: uuid.UUID, person_id: uuid.UUID
) -> HttpResponse:
    """The first report of one person who is back, in a minute."""
    here, sheet = gate_or_404(door.viewer, key), sheet_or_404(door, mission_id)
    form = reports.form_for(door, sheet, person_id)
    if door.request.method == "POST" and reports.give(door, sheet, person_id, form):
        return redirect("gate", key)
    context = {
        "gate": here,
        "zone": here.zone,
        "mission": acts.facts(sheet) | {"label": reports.name_of(sheet, person_id)},
        "adding": person_id in sheet.reported,
        "form": form,
        "clear_after": FORM_SECONDS,
    }
    return render(door.request, "gate/first_report.html", context)
