"""The welfare desk, and one concern on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.web import words as common
from homeby.web.care import shown, words
from homeby.web.care.forms import (
    AgainForm,
    AskForm,
    EndForm,
    HandOnForm,
    LaterForm,
    WriteForm,
    at_noon,
)
from homeby.web.care.opening import opening
from homeby.web.door import Door, page, tap_of
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved
from homeby.welfare.actions import asking, concerns, follow_ups, steps
from homeby.welfare.actions.asking import Asking
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.actions.steps import Writing
from homeby.welfare.queries import asked, checks
from homeby.welfare.queries import concerns as queries
from homeby.welfare.rules.concerns import NextStep, NoteKind, Outcome

DESK = (Role.WELFARE_OFFICER, Role.DUTY_OFFICER)


@page(*DESK)
def desk(door: Door) -> HttpResponse:
    """Checks of missed duties first, then concerns, then follow-ups; whoever holds the watch sees
    the checks alone."""
    officer = door.viewer.has_somewhere(Role.WELFARE_OFFICER)
    opened(ReadKind.CONCERN, what="welfare")
    found: dict[str, list[Any]] = {
        "concerns": queries.desk(door.viewer),
        "follow_ups": queries.open_follow_ups(door.viewer),
        "ended": queries.ended(door.viewer),
    }
    owners = [one.owner_id for rows in found.values() for one in rows]
    names = people.names(owners, to=door.viewer)
    context: dict[str, Any] = {
        "is_officer": officer,
        "checks": checks.open_checks(door.viewer),
        "concerns": [_line(one, names) for one in found["concerns"]],
        "ended": [_line(one, names) for one in found["ended"]],
        "follow_ups": [
            {"row": one, "name": one.concern.person.shown_as, "owner": names.get(one.owner_id, "?")}
            for one in found["follow_ups"]
        ],
    }
    return render(door.request, "care/desk.html", context)


def _line(row: Any, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    return {
        "row": row,
        "name": row.person.shown_as,
        "kind": words.kind_of(row),
        "owner": names.get(row.owner_id, "?") if row.owner_id else "",
        "outcome": common.word(words.OUTCOMES, row.outcome),
    }


@sensitive_post_parameters()
@page(Role.WELFARE_OFFICER)
def concern(door: Door, concern_id: uuid.UUID) -> HttpResponse:
    """One concern: what was said and done, whose it is, and what is done next."""
    row = queries.concern(door.viewer, concern_id)
    if row is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    act = sent.get("act", "") if sent is not None else ""
    forms = _forms(door, row, act)
    acts = _acts(door, row, forms)
    form = forms.get(act, forms["write"])
    if act in acts and (not form.is_bound or form.is_valid()) and saved(door, form, acts[act]):
        return redirect("concern", concern_id=concern_id)
    names = people.names([row.person_id, row.owner_id, row.opened_by_id], to=door.viewer)
    notes = shown.notes(door, row)
    context = {
        "one": row,
        "name": names.get(row.person_id, "?"),
        "owner": names.get(row.owner_id, "") if row.owner_id else "",
        "spoke": names.get(row.opened_by_id, "") if row.opened_by_id else "",
        "is_mine": row.owner_id == door.viewer.person_id,
        "team": dict(people.team_choices(door.viewer)).get(row.team_id, "") if row.team_id else "",
        "kind": words.kind_of(row),
        "outcome": common.word(words.OUTCOMES, row.outcome),
        "notes": notes,
        **opening(door, row, notes),
        "follow_ups": [
            {"row": one, "form": _again_form(forms["again"], one.pk)}
            for one in row.follow_ups.filter(done_at__isnull=True).order_by("due_at")
        ],
        **{f"{name}_form": one for name, one in forms.items()},
    }
    return render(door.request, "care/concern.html", context, status=422 if form.errors else 200)


def _forms(door: Door, row: Any, act: str) -> dict[str, Any]:
    sent = door.request.POST
    which = key_of(sent.get("follow_up", ""))
    may = queries.who_may_have(row, now=door.now)
    names = people.names([one for one in may if one != door.viewer.person_id], to=door.viewer)
    officers = [(str(key), name) for key, name in names.items()]
    return {
        "write": WriteForm(sent if act == "write" else None, auto_id="write-%s"),
        "hand": HandOnForm(sent if act == "hand" else None, officers=officers, auto_id="hand-%s"),
        "end": EndForm(sent if act == "end" else None, auto_id="end-%s"),
        "again": AgainForm(sent if act == "again" else None, auto_id=f"again-{which}-%s"),
        "ask": AskForm(
            sent if act == "ask" else None, organisers=_organisers(door, row), auto_id="ask-%s"
        ),
        "later": LaterForm(sent if act == "later" else None, auto_id="later-%s"),
    }


def _organisers(door: Door, row: Any) -> list[tuple[str, str]]:
    """Whoever may be asked how she plans: nobody before whom it is about has said so."""
    if row.may_ask_at is None:
        return []
    found = people.names(asked.organisers(row, now=door.now), to=door.viewer)
    return sorted(((str(key), name) for key, name in found.items()), key=lambda one: one[1])


def _again_form(sent: AgainForm, key: uuid.UUID) -> AgainForm:
    """The form of one follow-up: what was sent for it, else an empty one."""
    own = f"again-{key}-%s"
    return sent if sent.is_bound and sent.auto_id == own else AgainForm(auto_id=own)


def _acts(door: Door, row: Any, forms: dict[str, Any]) -> dict[str, Callable[[], str]]:
    at: dict[str, Any] = {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}
    key = row.pk

    def write() -> str:
        said = forms["write"].cleaned_data
        step = NextStep(said["step"]) if said["step"] else None
        writing = Writing(kind=NoteKind(said["kind"]), words=said["words"], step=step)
        return steps.write(concern_id=key, writing=writing, **at)

    def hand() -> str:
        return concerns.hand_on(
            concern_id=key, to_id=key_of(forms["hand"].cleaned_data["to"]), **at
        )

    def end() -> str:
        said = forms["end"].cleaned_data
        if said["next_at"] is None and not said["she_says_no"]:
            raise Refused(next_at=_("Choose a day, or tick that she says no."))
        next_at = None if said["she_says_no"] else at_noon(said["next_at"], door.zone)
        ending = Ending(outcome=Outcome(said["outcome"]), words=said["words"], next_at=next_at)
        return concerns.end(concern_id=key, ending=ending, **at)

    def again() -> str:
        said, which = forms["again"].cleaned_data, key_of(door.request.POST.get("follow_up", ""))
        if which is None:
            raise Refused(_("There is nothing here that you may open."))
        return follow_ups.do_follow_up(follow_up_id=which, **said, **at)

    def later() -> str:
        due = at_noon(forms["later"].cleaned_data["due"], door.zone)
        assert due is not None, "a day was given"
        return follow_ups.set_follow_up(concern_id=key, due_at=due, **at)

    return {
        "take": lambda: concerns.take(concern_id=key, **at),
        "open": lambda: steps.open_again(concern_id=key, **at),
        **{
            "write": write,
            "ask": partial(_ask, forms["ask"], concern_id=key, **at),
            "hand": hand,
            "end": end,
            "again": again,
            "later": later,
        },
    }


def _ask(form: AskForm, **at: Any) -> str:
    said = dict(form.cleaned_data)
    return asking.ask_organiser(asking=Asking(person_id=key_of(said.pop("person")), **said), **at)
