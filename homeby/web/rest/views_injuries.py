"""Injuries: told in three taps by oneself, a colleague or kin; opened and looked at by medics.

Opening is a tap of its own: the entry is committed first, and the page that answers it shows what
was opened, once.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from homeby import clock, instants
from homeby.logbook.reading import ReadKind
from homeby.logbook.rules import Refused
from homeby.missions.queries.duties import went_together
from homeby.people.private import Shredded, unseal
from homeby.people.queries import kin as kin_queries
from homeby.people.queries.kin import Waiting
from homeby.people.rules import Purpose, Role
from homeby.readiness.actions import injuries as actions
from homeby.readiness.actions.injuries import Look
from homeby.readiness.queries import injuries as queries
from homeby.web import recheck
from homeby.web import words as common
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate.acts import already
from homeby.web.kin.facts import is_a_copy
from homeby.web.kin.limits import opened_too_often
from homeby.web.kin.views import SECRET, nothing, often, shown, to_kin_page
from homeby.web.office.forms import Choices
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved
from homeby.web.rest import words
from homeby.web.rest.forms import HurtForm, LookForm

#: What a medic sends once she has looked.
_LOOKS = ("look", "time", "clear")


@sensitive_post_parameters()
@page()
def hurt(door: Door) -> HttpResponse:
    """Somebody is hurt: where, and what can be seen. Herself first; or one of those she knows."""
    choices = _who(door)
    start = {"person": door.request.GET.get("person", choices[0][0])}
    sent = door.request.POST if door.request.method == "POST" else None
    form = HurtForm(sent, people=choices, initial=start)
    if sent is not None and form.is_valid():
        person_id = key_of(form.cleaned_data["person"])
        assert person_id is not None, "one of the choices"
        by, now, tap, facts = door.viewer, door.now, tap_of(door.request), form.facts
        if saved(
            door,
            form,
            lambda: actions.tell(person_id=person_id, facts=facts, by=by, now=now, tap=tap),
        ):
            return redirect("rest")
    return render(
        door.request, "rest/hurt.html", {"form": form}, status=422 if form.errors else 200
    )


def _who(door: Door) -> Choices:
    """Herself, then those she was out with, then whoever the address names and she may see."""
    found = {str(door.viewer.person_id): _("I myself")}
    found |= {str(key): name for key, name in went_together(door.viewer).items()}
    asked = key_of(door.request.GET.get("person", door.request.POST.get("person", "")))
    if asked is not None and str(asked) not in found:
        found |= {str(key): name for key, name in queries.may_tell_of(door.viewer, asked).items()}
    return list(found.items())


@page()
def injuries(door: Door) -> HttpResponse:
    """Who is hurt, for medics: whose next look is due first, and nothing of what it is."""
    found = [one for one in queries.injuries(door.viewer) if not one.is_own]
    if not door.viewer.has_somewhere(Role.MEDIC):
        raise Http404
    return render(door.request, "rest/injuries.html", {"found": found})


@sensitive_post_parameters()
@page()
def injury(door: Door, injury_id: uuid.UUID) -> HttpResponse:
    """One injury. A medic opens what was said in a tap that is written down; her own is open to
    whoever was hurt."""
    found = queries.injury(door.viewer, injury_id)
    if found is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    act = sent.get("act", "") if sent is not None else ""
    if act == "open" and not found.is_own and (again := recheck.needed(door)):
        return again
    is_open = found.is_own or (act == "open" and _opened(door, injury_id))
    form = LookForm(sent if act in _LOOKS else None)
    if act in _LOOKS and form.is_valid() and _looked(door, injury_id, form, act):
        return redirect("injuries")
    context = {
        "one": found,
        "notes": _notes(door, injury_id, own=found.is_own) if is_open else None,
        "form": form if found.row.check_at and not found.is_own else None,
    }
    return render(door.request, "rest/injury.html", context, status=422 if form.errors else 200)


def _opened(door: Door, injury_id: uuid.UUID) -> bool:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    try:
        said = actions.open_notes(injury_id=injury_id, by=by, now=now, tap=tap)
    except Refused as refused:
        messages.error(door.request, str(refused))
        return False
    messages.success(door.request, said)
    return True


def _looked(door: Door, injury_id: uuid.UUID, form: LookForm, act: str) -> bool:
    if before := already(door):
        messages.success(door.request, before.answer)
        return True
    said = form.cleaned_data
    look = Look(
        said=said["said"],
        again_hours=said["again_hours"] if act == "look" else None,
        clears=act == "clear",
        clears_at=_morning(said["clears_on"], door.zone) if act == "time" else None,
        not_before_at=_morning(said["not_before"], door.zone),
    )
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    return saved(
        door,
        form,
        lambda: actions.look_again(injury_id=injury_id, look=look, by=by, now=now, tap=tap),
    )


def _morning(day: dt.date | None, zone: str) -> dt.datetime | None:
    """When a local day begins."""
    if day is None:
        return None
    return instants.resolve(dt.datetime.combine(day, dt.time()), zone).instant


def _notes(door: Door, injury_id: uuid.UUID, *, own: bool) -> list[dict[str, Any]]:
    purpose = Purpose.OWN_PAGE if own else Purpose.HEALTH
    person_id = queries.injury(door.viewer, injury_id)
    assert person_id is not None, "found before"
    found = []
    for note in queries.notes(door.viewer, injury_id):
        try:
            facts = unseal(
                person_id.row.person_id, note.sealed, purpose=purpose, kind=ReadKind.HEALTH
            )
        except Shredded:
            facts = {}
        found.append(
            {
                "kind": common.word(words.NOTES, note.kind),
                "at": note.told_at,
                "by": common.word(words.TOLD_AS, note.told_as),
                "lines": [_line(name, text) for name, text in facts.items()],
            }
        )
    return found


def _line(name: str, text: str) -> dict[str, Any]:
    label, answers = words.FACTS.get(name, (name, None))
    return {"label": label, "text": common.word(answers, text) if answers else text}


@sensitive_post_parameters()
@csrf_exempt  # the secret in the address is the permission; another site cannot know it
@require_http_methods(["GET", "HEAD", "POST"])
def kin_hurt(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Kin say that the person who named them is hurt. Nothing of it is shown to them afterwards."""
    waiting = kin_queries.kin_by_link(secret) if SECRET.fullmatch(secret) else None
    if waiting is None:
        return nothing(request)
    if request.method != "POST" and opened_too_often(secret):
        return often()
    if is_a_copy():  # no word reaches anybody from here: the page of kin says so, and whom to call
        return to_kin_page(secret)
    with common.spoken(waiting.language):
        form = HurtForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid() and (said := _said_by_kin(request, waiting, form)):
            return shown("kin/note.html", {"title": _("Thank you."), "text": said})
        context = {"secret": secret, "form": form, "entry_id": uuid.uuid4()}
        return shown("rest/kin_hurt.html", context, status=422 if form.errors else 200)


def _said_by_kin(request: HttpRequest, waiting: Waiting, form: HurtForm) -> str:
    """What kin said, kept; "" where it could not be, with the sentences in the form."""
    now, tap = clock.now(), tap_of(request)
    try:
        return actions.tell_as_kin(person_id=waiting.person_id, facts=form.facts, now=now, tap=tap)
    except Refused as refused:
        show(form, refused)
        return ""
