"""The door: where help is, and a word to a welfare officer outside the team, for every member."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from homeby import settings
from homeby.people import queries as people
from homeby.people.queries.led import teams_of
from homeby.people.rules import Role
from homeby.web import words as common
from homeby.web.care import shown, words
from homeby.web.care.forms import UNLISTED, GraceForm, SayForm, SpeakForm, at_noon, leave_of
from homeby.web.door import Door, page, tap_of
from homeby.web.office.forms import Choices
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved
from homeby.welfare.actions import check_starts, door, steps
from homeby.welfare.actions.door import Spoken, may_note
from homeby.welfare.queries import concerns as queries
from homeby.welfare.queries.checks import grace_of
from homeby.welfare.rules.concerns import ConcernKind, NextStep


@sensitive_post_parameters()
@page()
def door_page(at: Door) -> HttpResponse:
    """Where help is, what was said so far, and a form to say more."""
    sent = at.request.POST if at.request.method == "POST" else None
    act = sent.get("act", "") if sent is not None else ""
    form = SpeakForm(sent if act in ("speak", "readers") else None, **_choices(at))
    grace = GraceForm(sent if act == "grace" else None, initial={"minutes": grace_of(_me(at))})
    if act == "speak" and form.is_valid() and saved(at, form, lambda: _speak(at, form)):
        return redirect("help")
    if act == "grace" and grace.is_valid() and saved(at, grace, lambda: _keep_grace(at, grace)):
        return redirect("help")
    context = {
        "form": form,
        "grace": grace,
        "own": queries.own_concerns(at.viewer),
        "my_id": _me(at),
        "where_help_is": settings.current().where_help_is,
        "organisation_facts": at.organisation,
        "readers": _names(at, queries.officers_outside(_me(at), None, now=at.now)),
        "would_read": _would_read(at, form) if act == "readers" and form.is_valid() else None,
        "looks_after": at.viewer.has_somewhere(Role.WELFARE_OFFICER),
    }
    wrong = form.errors or grace.errors
    return render(at.request, "care/help.html", context, status=422 if wrong else 200)


def _me(at: Door) -> uuid.UUID:
    assert at.viewer.person_id is not None, "a page of a member"
    return at.viewer.person_id


def _names(at: Door, keys: list[uuid.UUID]) -> Choices:
    found = people.names(keys, to=at.viewer)
    return sorted(((str(key), name) for key, name in found.items()), key=lambda one: one[1])


def _choices(at: Door) -> dict[str, Any]:
    """Whom she knows, the teams she is in, and who are welfare officers: the same whatever was said
    before."""
    me = _me(at)
    seen = people.visible_people(at.viewer).filter(is_active=True).exclude(pk=me)
    mine = teams_of([me]).get(me, set()) | set(at.viewer.teams(*Role))
    teams = [(str(key), name) for key, name in people.team_choices(at.viewer) if key in mine]
    officers = [one for one in people.holders(Role.WELFARE_OFFICER, now=at.now) if one != me]
    return {
        "people": _names(at, list(seen.values_list("pk", flat=True))),
        "teams": teams,
        "readers": _names(at, officers),
        "notes": may_note(at.viewer),
    }


def _would_read(at: Door, form: SpeakForm) -> bool:
    """Whether anybody would read what she has typed, before she says it; not who: it would tell
    whom somebody else is kept away from. Nothing is kept by asking."""
    return bool(door.who_would_read(_spoken(at, form), now=at.now))


def _speak(at: Door, form: SpeakForm) -> str:
    spoken = _spoken(at, form)
    return door.speak(spoken=spoken, by=at.viewer, now=at.now, tap=tap_of(at.request))


def _spoken(at: Door, form: SpeakForm) -> Spoken:
    said = form.cleaned_data
    kind = ConcernKind(said["kind"])
    about = key_of(said["person"]) if kind is not ConcernKind.OWN_WORD else None
    return Spoken(
        kind=kind,
        person_id=about or _me(at),
        words=said["words"],
        team_id=key_of(said.get("team", "")),
        not_to=[key for one in said.get("not_to", ()) if (key := key_of(one)) is not None],
        is_unlisted=said["person"] == UNLISTED,
        ask_by=at_noon(said.get("ask_by"), at.zone) if kind is ConcernKind.LEADERS_NOTE else None,
    )


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
