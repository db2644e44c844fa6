"""The office's door, its general tables, forms and buttons."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby.logbook.rules import Refused
from homeby.missions.queries.looked import note_list
from homeby.people.queries.who import whose
from homeby.people.rules import Role
from homeby.web import recheck
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page, show, tap_of
from homeby.web.office import blanks_people, blanks_places, glass_sheets, rooms, tables
from homeby.web.office.acts import ACTS
from homeby.web.office.blanks import Blank

BLANKS = blanks_people.BLANKS | blanks_places.BLANKS
#: Before these, whoever sits there proves once more who it is.
OPENS_DOORS = frozenset({"roles", "accounts", "passwords"})
#: How she is reached, and who is told of her: whoever changes it proves first that it is she.
REACHES_HER = frozenset({"contact-points", "contact-order", "kin"})


@page(*OFFICE_ROLES)
def office(door: Door) -> HttpResponse:
    """The office's door: its rooms, and what in them asks for attention."""
    return render(
        door.request,
        "office/index.html",
        {"groups": rooms.rooms(door), "glass_to_review": glass_sheets.to_review(door)},
    )


def may(door: Door, roles: tuple[Role, ...]) -> None:
    """What a viewer may not see is not there."""
    if roles and not door.viewer.has(*roles):
        raise Http404


@page()
def office_list(door: Door, kind: str) -> HttpResponse:
    """A general table."""
    if kind not in tables.TABLES:
        raise Http404
    may(door, tables.TABLES[kind].roles)
    if kind in tables.OF_PEOPLE_OUT:
        note_list(door.viewer, kind)
    return render(door.request, "office/list.html", tables.context(door, kind))


@page()
def office_form(door: Door, kind: str, item: str) -> HttpResponse:
    """A general form: shown empty, or with what was typed and sentences beside it."""
    if kind not in BLANKS:
        raise Http404
    blank = BLANKS[kind]
    may(door, blank.roles)
    if kind in OPENS_DOORS and (again := recheck.needed_for_others(door)):
        return again
    if kind in REACHES_HER and (again := recheck.needed_at_its_strongest(door)):
        return again
    sent = door.request.POST if door.request.method == "POST" else None
    form = blank.form(door, item, sent)
    if sent is not None and form.is_valid() and _saved(door, blank, item, form):
        return redirect(_after(door, blank, item))
    return render(
        door.request,
        "office/form.html",
        form_context(blank, form) | _way(blank, door, item),
        status=422 if form.errors else 200,
    )


def form_context(blank: Blank, form: Any) -> dict[str, Any]:
    """What `office/form.html` shows of a blank."""
    return {"title": blank.title, "intro": blank.intro, "submit": blank.submit, "form": form}


def _way(blank: Blank, door: Door, item: str) -> dict[str, str]:
    url, label = blank.back(door, item)
    return {"back_url": url, "back_label": label}


def _saved(door: Door, blank: Blank, item: str, form: Any) -> bool:
    return saved(door, form, lambda: blank.keep(door, item, form, tap_of(door.request)))


def _after(door: Door, blank: Blank, item: str) -> str:
    if blank.after is not None:
        return blank.after(door, item, tap_of(door.request))
    return blank.back(door, item)[0]


def saved(door: Door, form: Any, save: Callable[[], str]) -> bool:
    """Do what a valid form asks for; say the answer on the next page, or the sentences beside the
    fields; above the page where a button was pressed beside a form that nobody filled in."""
    try:
        messages.success(door.request, save())
    except Refused as refused:
        if form.is_bound:
            show(form, refused)
        else:
            messages.error(door.request, str(refused))
        return False
    return True


@require_POST
@page()
def office_act(door: Door, kind: str, item: uuid.UUID) -> HttpResponse:
    """One button of the office; its answer stands on the page that follows."""
    act = ACTS.get((kind, door.request.POST.get("act", "")))
    if act is None:
        raise Http404
    may(door, act.roles)
    if act.proves and (again := recheck.needed_for_others(door)):
        return again
    if act.proves_own and (again := recheck.needed_at_its_strongest(door)):
        return again
    back = _back(door)
    if door.viewer.apart and whose(kind, item) in door.viewer.apart:
        item = uuid.uuid4()  # of whoever she is kept away from nothing is there
    try:
        messages.success(door.request, act.do(door, item, tap_of(door.request)))
    except Refused as refused:
        messages.error(door.request, str(refused))
        return redirect(back)
    except ObjectDoesNotExist:
        messages.error(door.request, _("This is here no more."))
        return redirect(back)
    return redirect(act.then(item) if act.then is not None else back)


def _back(door: Door) -> str:
    """The page the button stands on, as the form names it; only a page of ours."""
    wanted = door.request.POST.get("back", "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return reverse("office" if door.viewer.has(*OFFICE_ROLES) else "account")
