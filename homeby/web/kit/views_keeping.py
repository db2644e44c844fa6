"""Keeping the kit room: adding and changing things, and the label to print."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import settings
from homeby.people import queries as people
from homeby.readiness.actions.kit_room import KitFields, end_kit, set_kit
from homeby.readiness.queries import kit as queries
from homeby.readiness.queries.kit import KEEPERS, KitRow
from homeby.readiness.rules.kit import written
from homeby.web.door import Door, page, tap_of
from homeby.web.kit.forms import KitForm
from homeby.web.office.forms import chosen
from homeby.web.office.views import saved
from homeby.web.qr import square

OFFERED = 500


def _form(door: Door, sent: Any, row: KitRow | None) -> KitForm:
    start = {} if row is None else _start(door, row)
    issued = start.get("issued_to")
    offered, _more = people.choices(door.viewer, keep=[issued] if issued else [], limit=OFFERED)
    choices = [(str(one.person_id), one.label) for one in offered]
    teams = [(str(key), name) for key, name in people.team_choices(door.viewer)]
    form = KitForm(sent, people=choices, teams=teams, initial=start)
    if issued and str(issued) not in {key for key, _label in choices}:
        del form.fields["issued_to"]  # to somebody whom she does not see: it stays as it is
    return form


def _start(door: Door, row: KitRow) -> dict[str, Any]:
    facts = queries.kept_of(door.viewer, row.id)
    return {**facts, "contents": written(row.parts)}


def _fields(form: KitForm) -> KitFields:
    said = dict(form.cleaned_data)
    said.pop("team")
    said["team_id"] = chosen(form, "team")
    if "issued_to" not in said:
        return KitFields(**said, issued_to_id=form.initial["issued_to"])
    said.pop("issued_to")
    return KitFields(**said, issued_to_id=chosen(form, "issued_to"))


@page(*KEEPERS)
def kit_new(door: Door) -> HttpResponse:
    """Add a thing."""
    sent = door.request.POST if door.request.method == "POST" else None
    form = _form(door, sent, None)
    if sent is not None and form.is_valid() and _is_saved(door, form, None):
        return redirect("kit")
    return _page(door, form, title=_("Add kit"), back=(reverse("kit"), _("Kit")))


@page(*KEEPERS)
def kit_change(door: Door, kit_id: uuid.UUID) -> HttpResponse:
    """Change what is said of a thing, or take it off the list."""
    row = queries.kit_item(door.viewer, kit_id, now=door.now)
    if row is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    is_end = sent is not None and sent.get("act") in ("end", "again")
    form = _form(door, None if is_end else sent, row)
    if sent is not None and (is_end or form.is_valid()) and _is_saved(door, form, row):
        return redirect("kit-item", kit_id=kit_id)
    danger = None if sent is not None and not is_end else _end(row)
    return _page(
        door,
        form,
        title=row.label,
        back=(reverse("kit-item", args=[kit_id]), row.label),
        danger=danger,
    )


def _page(
    door: Door, form: KitForm, *, title: str, back: tuple[str, str], danger: Any = None
) -> HttpResponse:
    context = {
        "title": title,
        "form": form,
        "back_url": back[0],
        "back_label": back[1],
        "danger": danger,
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _end(row: KitRow) -> dict[str, str]:
    if row.is_ended:
        sentence = _("It is no longer on the list.")
        return {"act": "again", "label": _("Put it on the list again"), "sentence": sentence}
    sentence = _("What was recorded of it stays in the logbook.")
    return {"act": "end", "label": _("It is no longer here"), "sentence": sentence}


def _is_saved(door: Door, form: KitForm, row: KitRow | None) -> bool:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    wanted = door.request.POST.get("act")
    if row is not None and wanted in ("end", "again"):
        ended, key = wanted == "end", row.id
        return saved(door, form, lambda: end_kit(item_id=key, ended=ended, by=by, now=now, tap=tap))
    key_or_none, fields = row.id if row else None, _fields(form)
    return saved(
        door, form, lambda: set_kit(item_id=key_or_none, fields=fields, by=by, now=now, tap=tap)
    )


@page()
def kit_label(door: Door, kit_id: uuid.UUID) -> HttpResponse:
    """The label of a thing, to print and stick on it: an address and no secret."""
    row = queries.kit_item(door.viewer, kit_id, now=door.now)
    if row is None:
        raise Http404
    address = f"{settings.current().public_url}{reverse('kit-item', args=[kit_id])}"
    context = {"row": row, "address": address, "square": square(address)}
    return render(door.request, "kit/label.html", context)
