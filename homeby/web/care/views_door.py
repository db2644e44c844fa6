"""The door: where help is, and a word to a welfare officer outside the team, for every member."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from homeby import settings
from homeby.people.rules import Role
from homeby.web import words as common
from homeby.web.care import closing, shown, speaking, words
from homeby.web.care.forms import GraceForm, SayForm, SpeakForm, leave_of
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved
from homeby.welfare.actions import check_starts, door, steps
from homeby.welfare.queries import concerns as queries
from homeby.welfare.queries.checks import grace_of
from homeby.welfare.rules.concerns import NextStep


@sensitive_post_parameters()
@page()
def door_page(at: Door) -> HttpResponse:
    """Where help is, what was said so far, and a form to say more. What the page's script sends
    comes to the same address as what its forms send."""
    if sentence := closing.too_large(at):
        return JsonResponse({"sentence": sentence}, status=422)
    sent = at.request.POST if at.request.method == "POST" else None
    act, me = sent.get("act", "") if sent is not None else "", speaking.me(at)
    if sent is not None and act in closing.ACTS:
        return closing.answered(at, SpeakForm(sent, **speaking.choices(at)), act)
    form = SpeakForm(sent if act in ("speak", "readers") else None, **speaking.choices(at))
    grace = GraceForm(sent if act == "grace" else None, initial={"minutes": grace_of(me)})
    if act == "speak" and form.is_valid() and saved(at, form, lambda: _speak(at, form)):
        return redirect("help")
    if act == "grace" and grace.is_valid() and saved(at, grace, lambda: _keep_grace(at, grace)):
        return redirect("help")
    context = {
        "form": form,
        "grace": grace,
        "own": queries.own_concerns(at.viewer),
        "my_id": me,
        "where_help_is": settings.current().where_help_is,
        "organisation_facts": at.organisation,
        "readers": speaking.names(at, queries.officers_outside(me, None, now=at.now)),
        **closing.offered(at, is_open=form.is_bound),
        "would_read": _would_read(at, form) if act == "readers" and form.is_valid() else None,
        "looks_after": at.viewer.has_somewhere(Role.WELFARE_OFFICER),
    }
    wrong = form.errors or grace.errors
    return render(at.request, "care/help.html", context, status=422 if wrong else 200)


def _would_read(at: Door, form: SpeakForm) -> bool:
    """Whether anybody would read what she has typed, before she says it; not who: it would tell
    whom somebody else is kept away from. Nothing is kept by asking."""
    return bool(door.who_would_read(speaking.spoken(at, form), now=at.now))


def _speak(at: Door, form: SpeakForm) -> str:
    said = speaking.spoken(at, form)
    return door.speak(spoken=said, by=at.viewer, now=at.now, tap=tap_of(at.request))


def _keep_grace(at: Door, form: GraceForm) -> str:
    minutes = form.cleaned_data["minutes"]
    return check_starts.set_grace(minutes=minutes, by=at.viewer, now=at.now, tap=tap_of(at.request))


@sensitive_post_parameters()
@page()
def own_concern(at: Door, concern_id: uuid.UUID) -> HttpResponse:
    """What was said and answered, for whoever spoke; and for her whom it is about what was done,
    what she says to it, and the steps that she alone begins."""
    row = queries.own(at.viewer, concern_id)
    if row is None:
        raise Http404
    is_hers = row.person_id == at.viewer.person_id and row.known_at is not None
    sent = at.request.POST if at.request.method == "POST" else None
    act = sent.get("act", "") if sent is not None else ""
    form = SayForm(sent if act == "say" else None, initial={"may_ask": row.may_ask_at is not None})
    acts = _own_acts(at, concern_id, form) if is_hers else {}
    if act in acts and (not form.is_bound or form.is_valid()) and saved(at, form, acts[act]):
        return redirect("own-concern", concern_id=concern_id)
    context = {
        "one": row,
        "is_hers": is_hers,
        "kind": words.kind_of(row),
        "outcome": common.word(words.OUTCOMES, row.outcome),
        "notes": shown.notes(at, row),
        "form": form if is_hers and row.ended_at is None else None,
    }
    return render(at.request, "care/own.html", context, status=422 if form.errors else 200)


def _own_acts(at: Door, key: uuid.UUID, form: SayForm) -> dict[str, Callable[[], str]]:
    by, now, tap = at.viewer, at.now, tap_of(at.request)

    def say() -> str:
        sent = form.cleaned_data
        step = NextStep(sent["step"]) if sent["step"] else None
        leave = leave_of(sent["leave_from"], sent["leave_until"], at.zone)
        said = steps.Said(words=sent["words"], may_ask=sent["may_ask"], step=step, leave=leave)
        return steps.say(concern_id=key, said=said, by=by, now=now, tap=tap)

    def leave() -> str:
        return steps.leave_it(concern_id=key, by=by, now=now, tap=tap)

    return {"say": say, "leave": leave}
