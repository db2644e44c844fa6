"""The catalogue: what there is, one of it with its ladder, and changing it as data."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby.readiness.actions import catalogue as actions
from homeby.readiness.queries import catalogue_pages as queries
from homeby.readiness.queries.catalogue_pages import QualificationSheet
from homeby.readiness.queries.qualifications import KEEPERS
from homeby.readiness.rules.ladder import BOX_HEIGHT, BOX_WIDTH
from homeby.web import words
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved
from homeby.web.skills.forms import ChangeForm, ReadForm
from homeby.web.skills.shown import KINDS, LEVELS, STANDINGS


@page()
def catalogue(door: Door) -> HttpResponse:
    """Everything that can be held here, by family."""
    found = queries.catalogue(door.viewer)
    found = sorted(found, key=lambda one: not one.family)  # those without a family come last
    families = itertools.groupby(found, key=lambda one: one.family)
    context = {
        "families": [
            {"name": name, "lines": [{"line": one, "kind": words.word(KINDS, one.kind)}
                                     for one in lines]}
            for name, lines in families
        ],
        "may_keep": door.viewer.has(*KEEPERS),
    }  # fmt: skip
    return render(door.request, "skills/catalogue.html", context)


@page()
def qualification(door: Door, qualification_id: uuid.UUID) -> HttpResponse:
    """One qualification: what it needs, what must be shown, and the ladder to it."""
    found = queries.qualification(door.viewer, qualification_id, now=door.now)
    if found is None:
        raise Http404
    one = found.one
    context = {
        "id": found.id,
        "one": one,
        "kind": words.word(KINDS, one.kind),
        "is_ended": found.is_ended,
        "needs": [found.names.get(key, key) for key in one.needs.all_of],
        "one_of": [[found.names.get(key, key) for key in group] for group in one.needs.one_of],
        "held": [(found.names.get(key, key), months) for key, months in one.needs.held_months],
        "equivalents": [found.names.get(key, key) for key in one.equivalents],
        "ladder": found.ladder,
        "boxes": _boxes(found),
        "size": {"width": BOX_WIDTH, "height": BOX_HEIGHT},
        "may_keep": door.viewer.has(*KEEPERS),
    }
    return render(door.request, "skills/qualification.html", context)


def _boxes(found: QualificationSheet) -> list[dict[str, Any]]:
    return [
        {
            "box": box,
            "url": reverse("qualification", args=[found.ids[box.key]]),
            "name": found.names[box.key],
            "level": LEVELS[found.mine[box.key]] if box.key in found.mine else "none",
            "word": words.word(STANDINGS, found.mine[box.key]) if box.key in found.mine else "",
        }
        for box in found.ladder.boxes
    ]


@page(*KEEPERS)
def catalogue_read(door: Door) -> HttpResponse:
    """Take a file of the organisation into the catalogue."""
    sent = door.request.POST if door.request.method == "POST" else None
    form = ReadForm(sent, door.request.FILES if sent is not None else None)
    if sent is not None and form.is_valid():
        text = form.to_read()
        if text is not None and _loaded(door, form, text):
            return redirect("catalogue")
    context = {
        "title": _("Read a catalogue"),
        "intro": _("What has a known key is changed, all else is added; the rest stays."),
        "form": form,
        "back_url": reverse("catalogue"),
        "back_label": _("Qualifications"),
        "submit": _("Read it"),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _loaded(door: Door, form: Any, text: tuple[str, str]) -> bool:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    return saved(door, form, lambda: actions.load(files=[text], by=by, now=now, tap=tap))


@page(*KEEPERS)
def qualification_change(door: Door, qualification_id: uuid.UUID) -> HttpResponse:
    """Change what one qualification says, or give it no more."""
    found = queries.qualification(door.viewer, qualification_id, now=door.now)
    if found is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    is_end = sent is not None and sent.get("act") in ("end", "again")
    text = queries.text_of(door.viewer, qualification_id, now=door.now)
    form = ChangeForm(None if is_end else sent, initial={"text": text})
    if is_end and _is_ended(door, found, form):
        return redirect("qualification", qualification_id=qualification_id)
    if sent is not None and not is_end and form.is_valid() and _changed(door, found, form):
        return redirect("qualification", qualification_id=qualification_id)
    back = reverse("qualification", args=[qualification_id])
    context = {
        "title": found.one.name,
        "form": form,
        "back_url": back,
        "back_label": found.one.name,
        "danger": _end(found),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _changed(door: Door, found: QualificationSheet, form: Any) -> bool:
    return _loaded(door, form, (found.one.name, form.cleaned_data["text"]))


def _end(found: QualificationSheet) -> dict[str, str]:
    if found.is_ended:
        sentence = _("It is no longer given; whoever holds it keeps it.")
        return {"act": "again", "label": _("Give it again"), "sentence": sentence}
    sentence = _("Whoever holds it keeps it; no task book is opened for it any more.")
    return {"act": "end", "label": _("Give it no more"), "sentence": sentence}


def _is_ended(door: Door, found: QualificationSheet, form: Any) -> bool:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    ended = door.request.POST.get("act") == "end"
    return saved(
        door,
        form,
        lambda: actions.end(qualification_id=found.id, ended=ended, by=by, now=now, tap=tap),
    )


@page()
def catalogue_file(door: Door) -> HttpResponse:
    """The whole catalogue as a file, to take along or to change and read again."""
    text = queries.text_of(door.viewer, None, now=door.now)
    answer = HttpResponse(text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="catalogue.toml"'
    return answer
