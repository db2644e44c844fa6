"""The kit room: what there is, what I have, and one page for each thing, where its code leads."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.logbook import queries as logbook
from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.queries.own import own_outings
from homeby.missions.rules import MemberState
from homeby.readiness.actions import kit as actions
from homeby.readiness.actions.kit import CheckFields, ReturnFields
from homeby.readiness.actions.kit_reminding import put_off
from homeby.readiness.queries import kit as queries
from homeby.readiness.queries.kit import KEEPERS, KitRow
from homeby.readiness.rules.kit import KitState, Returned
from homeby.web import timeline, words
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate.acts import already
from homeby.web.kit.forms import CheckForm, ReturnForm, TakeForm
from homeby.web.office.timed import key_of
from homeby.web.timeline import Entry

PAGE_SIZE = 100
CUSTODY_LINES = 40
STATES: words.Words = {
    KitState.READY: gettext_lazy("ready"),
    KitState.OUT: gettext_lazy("out"),
    KitState.TO_CHECK: gettext_lazy("to be checked"),
    KitState.DAMAGED: gettext_lazy("damaged"),
    KitState.MISSING: gettext_lazy("missing"),
}
#: The colour of a state, as phases of a mission have theirs.
LEVELS = {
    KitState.READY: "green",
    KitState.OUT: "plain",
    KitState.TO_CHECK: "amber",
    KitState.DAMAGED: "red",
    KitState.MISSING: "red",
}
_SHOWN: dict[str, Callable[[KitRow], bool]] = {
    "all": lambda row: True,
    "ready": lambda row: row.state is KitState.READY and not row.against,
    "out": lambda row: row.state is KitState.OUT,
    "see-to": lambda row: row.state not in (KitState.READY, KitState.OUT) or bool(row.against),
    "soon": lambda row: row.is_due_soon,
}
_SHOWN_WORDS: words.Words = {
    "all": gettext_lazy("all"),
    "ready": gettext_lazy("ready"),
    "out": gettext_lazy("out"),
    "see-to": gettext_lazy("to see to"),
    "soon": gettext_lazy("dates within a month"),
}


@page()
def kit_room(door: Door) -> HttpResponse:
    """All kit by label; what the viewer has herself first. A label typed, or read by a reader of
    codes, opens its page."""
    text = door.request.GET.get("text", "").strip()[:200]
    if text and (found := queries.labelled(door.viewer, text)):
        return redirect("kit-item", kit_id=found)
    shown = door.request.GET.get("show", "all")
    shown = shown if shown in _SHOWN else "all"
    everything = queries.kit(door.viewer, now=door.now)
    said = text.lower()
    rows = [
        row
        for row in everything
        if _SHOWN[shown](row) and (not said or said in f"{row.label} {row.name} {row.team}".lower())
    ]
    on_page = Paginator(rows, PAGE_SIZE).get_page(door.request.GET.get("page"))
    context = {
        "rows": [described(row) for row in on_page],
        "page": on_page,
        "query": urlencode({"show": shown, "text": text}) + "&",
        "mine": [described(row) for row in everything if row.is_mine],
        "restock": [
            {"id": row.id, "label": row.label, "name": row.name, "lacks": row.lacks}
            for row in everything
            if row.lacks and row.state is not KitState.OUT
        ],
        "choices": [
            {"key": key, "label": label, "current": key == shown}
            for key, label in _SHOWN_WORDS.items()
        ],
        "text": text,
        "is_any": bool(everything),
        "may_keep": door.viewer.has_somewhere(*KEEPERS),
    }
    return render(door.request, "kit/room.html", context)


def described(row: KitRow) -> dict[str, Any]:
    """A thing as a line of a list; who has it on an outing stands on its page, where a look at the
    party is recorded."""
    return {
        "row": row,
        **_standing(row),
        "holder": row.holder if row.is_mine or row.mission_id is None else "",
        "is_mine": row.is_mine,
    }


def _standing(row: KitRow) -> dict[str, str]:
    """How a thing stands, in a word and its colour: what something speaks against is not ready."""
    if row.against and row.state is KitState.READY:
        return {"state": words.word(_SHOWN_WORDS, "see-to"), "level": "amber"}
    level = "amber" if row.against else LEVELS[row.state]
    return {"state": words.word(STATES, row.state), "level": level}


@page()
def kit_item(door: Door, kit_id: uuid.UUID) -> HttpResponse:
    """One thing: take it, bring it back, look it through. Its code leads here."""
    row = queries.kit_item(door.viewer, kit_id, now=door.now)
    if row is None:
        raise Http404
    forms = _forms(door, row)
    if door.request.method != "POST":
        return _shown(door, row, forms)
    return _done(door, row, forms) or redirect("kit-item", kit_id=kit_id)


def _done(door: Door, row: KitRow, forms: dict[str, Any]) -> HttpResponse | None:
    """What was sent, done; the page with its sentences where it cannot be. A tap that comes twice
    gets its answer again, and one on a page that is no longer true is told so."""
    wanted = door.request.POST.get("act", "")
    form = forms.get(wanted)
    if before := already(door):
        messages.success(door.request, before.answer)
    elif wanted in _BY_FORM and form is None:
        messages.error(door.request, _("It stands differently by now: look again."))
    elif wanted not in _ACTS or (form is not None and not form.is_valid()):
        return _shown(door, row, forms, status=422)
    else:
        try:
            messages.success(door.request, _ACTS[wanted](door, row, forms))
        except Refused as refused:
            if form is not None:
                show(form, refused)
                return _shown(door, row, forms, status=422)
            messages.error(door.request, str(refused))
    return None


def _shown(door: Door, row: KitRow, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {
        "row": row,
        **_standing(row),
        "forms": forms,
        "mission": _mission_of(door, row),
        "may_keep": door.viewer.has_somewhere(*KEEPERS),
        "may_find": row.state is KitState.MISSING,
        "entries": _custody(door, row),
        "may_miss": row.state is not KitState.MISSING or row.is_mine,
    }
    return render(door.request, "kit/item.html", context, status=status)


def _custody(door: Door, row: KitRow) -> list[Entry]:
    """Who had a controlled thing when, for those who keep the watch; a look at each is recorded."""
    if not row.is_controlled or not door.viewer.keeps_watch:
        return []
    lines = logbook.lines(door.viewer, subjects=[f"kit:{row.id}"], limit=CUSTODY_LINES)
    for key in {line.person_id for line in lines} - {None}:
        opened(ReadKind.STATUS, what=f"kit:{row.id}", whose=key)
    return timeline.entries(door.viewer, lines, zone=door.zone, now=door.now)


def _mission_of(door: Door, row: KitRow) -> Any:
    found = missions.mission(door.viewer, row.mission_id) if row.mission_id else None
    if found is not None:
        party = [one.person_id for one in missions.party(door.viewer, found.pk)]
        opened(ReadKind.STATUS, what=found.ref, party=party)
    return found


def _forms(door: Door, row: KitRow) -> dict[str, Any]:
    """What can be done with a thing as it stands, by the name of the act; only the form that was
    sent is bound."""
    sent = door.request.POST if door.request.method == "POST" else None
    wanted = sent.get("act", "") if sent is not None else ""

    def data(name: str) -> Any:
        return sent if wanted == name else None

    found: dict[str, Any] = {}
    if not (row.is_mine and row.state is KitState.OUT) and not row.is_ended:
        found["take"] = TakeForm(
            data("take"),
            missions=_own_missions(door),
            asks_why=bool(row.against) or not row.may_leave,
            auto_id="take-%s",
        )
    if row.state in (KitState.OUT, KitState.MISSING):
        found["give_back"] = ReturnForm(data("give_back"), parts=row.parts, auto_id="back-%s")
    elif not row.is_ended:
        found["check"] = CheckForm(
            data("check"),
            parts=row.parts,
            asks_inspection=row.inspection_due is not None,
            asks_mended=row.is_damaged,
            auto_id="check-%s",
        )
    return found


def _own_missions(door: Door) -> list[tuple[str, str]]:
    """The viewer's own missions that are planned or out."""
    ahead = (MemberState.PLANNED, MemberState.OUT)
    found = own_outings(door.viewer, now=door.now)
    return [
        (str(one.mission_id), ", ".join(part for part in (one.what, one.place) if part))
        for one in found
        if one.state in ahead
    ]


def _take(door: Door, row: KitRow, forms: dict[str, Any]) -> str:
    said = forms["take"].cleaned_data
    return actions.take(
        item_id=row.id,
        mission_id=key_of(said.get("mission", "")),
        why=said["why"],
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _give_back(door: Door, row: KitRow, forms: dict[str, Any]) -> str:
    form = forms["give_back"]
    said = form.cleaned_data
    fields = ReturnFields(how=Returned(said["how"]), used=form.counts(), note=said["note"])
    return actions.give_back(
        item_id=row.id, fields=fields, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _check(door: Door, row: KitRow, forms: dict[str, Any]) -> str:
    form = forms["check"]
    said = form.cleaned_data
    fields = CheckFields(
        there=form.counts(),
        inspected=bool(said.get("inspected")),
        mended=bool(said.get("mended")),
        why=said["why"],
    )
    return actions.check(
        item_id=row.id, fields=fields, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _plain(act: Callable[..., str]) -> Callable[[Door, KitRow, dict[str, Any]], str]:
    def do(door: Door, row: KitRow, forms: dict[str, Any]) -> str:
        return act(item_id=row.id, by=door.viewer, now=door.now, tap=tap_of(door.request))

    return do


_BY_FORM = ("take", "give_back", "check")
_ACTS: dict[str, Callable[[Door, KitRow, dict[str, Any]], str]] = {
    "take": _take,
    "give_back": _give_back,
    "check": _check,
    "missing": _plain(actions.report_missing),
    "found": _plain(actions.find),
    "tomorrow": _plain(put_off),
}
