"""The page of whoever looks for somebody who missed a duty: call, call whom she named, go."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries.kept import kept_for_check
from homeby.people.queries.kin import kin_named
from homeby.people.rules import STATION, Purpose
from homeby.web import words as common
from homeby.web.care import shown, words
from homeby.web.care.forms import FoundForm, StepForm, at_noon
from homeby.web.door import Door, page, past_instant, tap_of
from homeby.web.office.private_forms import TITLES, lines
from homeby.web.office.views import saved
from homeby.welfare.actions import checks
from homeby.welfare.queries import checks as queries
from homeby.welfare.queries.checks import CheckFacts
from homeby.welfare.rules.checks import STEPS, Found
from homeby.welfare.rules.concerns import HowFound, NoteKind, Outcome


@sensitive_post_parameters()
@page()
def check(door: Door, seat_id: uuid.UUID) -> HttpResponse:
    """One check. Whoever took its alarm opens where to look; whoever found her says so."""
    facts = queries.check(door.viewer, seat_id)
    if facts is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    act = sent.get("act", "") if sent is not None else ""
    step, found = (
        StepForm(sent if act in STEPS else None, auto_id="step-%s"),
        FoundForm(sent if act == "found" else None, auto_id="found-%s"),
    )
    form = found if act == "found" else step
    acts = _acts(door, facts, step, found)
    done = act in acts and (not form.is_bound or form.is_valid()) and saved(door, form, acts[act])
    if done and act != "where":
        return redirect("welfare-check", seat_id=seat_id)
    context = {
        "one": facts,
        "holders": ", ".join(people.names(facts.alarm.takers, to=door.viewer).values()),
        "may_open": queries.may_open(door.viewer, facts),
        "opened": _opened(facts) if done else None,
        "steps": [(one, common.word(words.NOTES, one)) for one in STEPS],
        "notes": _made(door, facts),
        "step_form": step,
        "found_form": found,
    }
    return render(door.request, "care/check.html", context, status=422 if form.errors else 200)


def _acts(
    door: Door, facts: CheckFacts, step: StepForm, found: FoundForm
) -> dict[str, Callable[[], str]]:
    at: dict[str, Any] = {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}
    key = facts.seat_id

    def make(kind: NoteKind) -> Callable[[], str]:
        return lambda: checks.make_step(
            seat_id=key, step=kind, words=step.cleaned_data["words"], **at
        )

    def find() -> str:
        said = found.cleaned_data
        typed = said["at"].strip()
        result = Found(
            at=past_instant(typed, door.zone, now=door.now, field="at") if typed else door.now,
            where=said["where"],
            how=HowFound(said["how"]),
            agreed=said["words"],
            outcome=Outcome(said["outcome"]),
            next_at=None if said["she_says_no"] else at_noon(said["next_at"], door.zone),
            she_says_no=said["she_says_no"],
        )
        return checks.find(seat_id=key, found=result, **at)

    where = {"where": lambda: checks.open_where(seat_id=key, **at)}
    return {**{str(one): make(one) for one in STEPS}, "found": find, **where}


def _opened(facts: CheckFacts) -> dict[str, Any]:
    """How she and whom she named are reached, where she lives, where she would be: the act has
    judged who asks, and written it down."""
    points = people.contact_points(STATION, facts.person_id)
    kin = [one for one in kin_named(STATION, facts.person_id) if not one.is_kept_from]
    purpose = Purpose.WELFARE_CHECK
    hers = private.addresses([one.id for one in points], purpose=purpose)
    named = []
    for one in kin:
        try:
            named.append(private.unseal(one.person_id, one.sealed, purpose=purpose))
        except private.Shredded:
            continue
    cards = [
        {"title": common.word(TITLES, one.kept), "lines": lines(one, purpose)}
        for one in kept_for_check(facts.person_id)
    ]
    return {"numbers": list(hers.values()), "kin": named, "cards": cards}


def _made(door: Door, facts: CheckFacts) -> list[dict[str, Any]]:
    if facts.row is None:
        return []
    return shown.of_check(door, facts.row.concern, facts.steps)
