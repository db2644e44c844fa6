"""What is done from a mission's page: one-tap acts, signing out and in, check-in by radio, more
time, the first report."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby import instants
from homeby.instants import Problem
from homeby.logbook.rules import Refused
from homeby.missions.actions import assignment, gate, plan, report
from homeby.missions.actions import extend as extensions
from homeby.missions.actions.correct import correct
from homeby.missions.actions.debrief import debrief_given
from homeby.missions.actions.extend import Wanted
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import Link, MissionState
from homeby.web import door as doors
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate import acts, reports
from homeby.web.gate.forms import ActForm
from homeby.web.gate.here import sheet_or_404
from homeby.web.phone import lessons, signing, times
from homeby.web.phone.forms import ExtendForm


def _check_in(door: Door, sheet: Sheet) -> str:
    return gate.check_in(
        mission_id=sheet.mission.pk,
        link=Link.OWN_DEVICE,
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _help(door: Door, sheet: Sheet) -> str:
    return gate.ask_for_help(
        mission_id=sheet.mission.pk,
        why=door.request.POST.get("note", ""),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _answer(door: Door, sheet: Sheet, *, accept: bool) -> str:
    return assignment.answer(
        mission_id=sheet.mission.pk,
        accept=accept,
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _decide(door: Door, sheet: Sheet, *, grant: bool) -> str:
    asked = {str(one.pk): one.pk for one in sheet.asked}
    key = asked.get(door.request.POST.get("ask", ""))
    if key is None:
        raise Refused(_("This request was decided already."))
    return extensions.decide(
        extension_id=key, grant=grant, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _approve(door: Door, sheet: Sheet) -> str:
    return plan.approve(
        mission_id=sheet.mission.pk, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _cancel(door: Door, sheet: Sheet) -> str:
    return plan.cancel(
        mission_id=sheet.mission.pk, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _clear_trouble(door: Door, sheet: Sheet) -> str:
    return report.clear_trouble(
        mission_id=sheet.mission.pk,
        note=door.request.POST.get("note", ""),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _take_back(door: Door, sheet: Sheet) -> str:
    person = acts.member_or_404(sheet, door.request.POST.get("person", ""))
    return acts.take_back(door, sheet, person).answer


def _debrief(door: Door, sheet: Sheet) -> str:
    return debrief_given(
        mission_id=sheet.mission.pk,
        person_id=acts.member_or_404(sheet, door.request.POST.get("person", "")),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _correct(door: Door, sheet: Sheet) -> str:
    number = door.request.POST.get("number", "")
    if not number.isdecimal():
        raise Refused(_("Choose the line that is wrong."))
    return correct(
        mission_id=sheet.mission.pk,
        number=int(number[:18]),
        text=door.request.POST.get("text", ""),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


ACTS: dict[str, Callable[[Door, Sheet], str]] = {
    "check_in": _check_in,
    "help": _help,
    "accept": lambda door, sheet: _answer(door, sheet, accept=True),
    "refuse": lambda door, sheet: _answer(door, sheet, accept=False),
    "acknowledge": lambda door, sheet: _decide(door, sheet, grant=True),
    "decline": lambda door, sheet: _decide(door, sheet, grant=False),
    "approve": _approve,
    "cancel": _cancel,
    "clear_trouble": _clear_trouble,
    "take_back": _take_back,
    "debrief": _debrief,
    "correct": _correct,
    "lesson": lessons.offer,
    "share_lesson": lessons.share,
    "keep_lesson": lessons.keep,
    "end_lesson": lessons.end,
}


@require_POST
@page()
def mission_act(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """One tap on a mission's page; its answer stands on the page that follows."""
    sheet = sheet_or_404(door, mission_id)
    wanted = ACTS.get(door.request.POST.get("act", ""))
    if wanted is None:
        raise Http404
    before = acts.already(door)
    if before is not None:
        messages.success(door.request, before.answer)
        return redirect("mission", mission_id)
    return doors.act(door, lambda: wanted(door, sheet), to="mission", mission_id=mission_id)


@page()
def sign(door: Door, mission_id: uuid.UUID, act: str) -> HttpResponse:
    """Sign out or in from a mission's page: who, at which gate, how sure."""
    sheet = sheet_or_404(door, mission_id)
    form = signing.form_for(door, sheet, act)
    if _done(door, form, lambda: signing.sign(door, sheet, act, form)):
        return redirect("mission", mission_id)
    return render(door.request, "missions/sign.html", signing.context(door, sheet, act, form))


@page()
def radio(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """A check-in that somebody enters for the party: by which link, when, what was said."""
    sheet = sheet_or_404(door, mission_id)
    data = door.request.POST if door.request.method == "POST" else None
    form = ActForm(data, asks=["link", "happened", "note"])
    if _done(door, form, lambda: acts.check_in(door, sheet, form).answer):
        return redirect("mission", mission_id)
    context = {"mission": acts.facts(sheet), "zone": sheet.mission.zone, "form": form}
    return render(door.request, "missions/check_in.html", context)


def _done(door: Door, form: ActForm | ExtendForm, act: Callable[[], str]) -> bool:
    """Do a posted form's act once; False while there is something to show or to mend."""
    if door.request.method != "POST":
        return False
    before = acts.already(door)
    if before is None and not form.is_valid():
        return False
    try:
        messages.success(door.request, before.answer if before else act())
    except Refused as refused:
        show(form, refused)
        return False
    return True


@page()
def extend(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """Ask for more time; the old time stands until a person has granted it."""
    sheet = sheet_or_404(door, mission_id)
    form = ExtendForm(door.request.POST if door.request.method == "POST" else None)
    if sheet.mission.due_at is None:
        raise Http404
    if _going(door, sheet):
        del form.fields["link"]
    if _done(door, form, lambda: _ask(door, sheet, form)):
        return redirect("mission", mission_id)
    context = {
        "mission": acts.facts(sheet),
        "zone": sheet.mission.zone,
        "rule": signing.who_decides(sheet, now=door.now),
        "form": form,
    }
    return render(door.request, "missions/extend.html", context)


def _going(door: Door, sheet: Sheet) -> bool:
    return door.viewer.person_id in {row.person_id for row in sheet.party}


def _ask(door: Door, sheet: Sheet, form: ExtendForm) -> str:
    said, zone = form.cleaned_data, sheet.mission.zone
    if sheet.mission.state == MissionState.BACK:  # for her, if she is home and others are not
        raise Refused(_("This mission is not out, so there is nothing to extend."))
    found = instants.parse_typed(said["expected_back"], zone, door.now)
    if isinstance(found, Problem):
        raise Refused(expected_back=found.sentence)
    wanted = Wanted(
        due_at=found.instant,
        due_typed=found.typed,
        why=said["reason"],
        link=Link(said.get("link") or Link.OWN_DEVICE),
    )
    tap = tap_of(door.request, happened="happened", zone=zone)
    try:
        answer = extensions.ask(
            mission_id=sheet.mission.pk, wanted=wanted, by=door.viewer, now=door.now, tap=tap
        )
    except Refused as refused:
        raise acts.renamed(refused, {"due": "expected_back"}) from refused
    return f"{answer} {times.reading(found, now=door.now)}".strip()


@page()
def first_report(door: Door, mission_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """The first report of one person who is back, from the mission's page."""
    sheet = sheet_or_404(door, mission_id)
    form = reports.form_for(door, sheet, person_id)
    if door.request.method == "POST" and reports.give(door, sheet, person_id, form):
        return redirect("mission", mission_id)
    context = {
        "mission": acts.facts(sheet),
        "who": reports.name_of(sheet, person_id),
        "adding": person_id in sheet.reported,
        "form": form,
    }
    return render(door.request, "missions/report.html", context)
