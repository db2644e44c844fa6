"""A person's own path, the examination desk, and the page of one examination."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.readiness.actions import examinations as asking
from homeby.readiness.queries import examinations as queries
from homeby.readiness.queries import standing
from homeby.readiness.queries.examinations import ExaminationRow
from homeby.readiness.queries.special_units import own_places
from homeby.readiness.rules.examinations import OPEN, AppealState, ExaminationState
from homeby.readiness.rules.qualifications import QualificationKind
from homeby.web import words
from homeby.web.door import Door, page, tap_of
from homeby.web.path import acts
from homeby.web.path.cards import Button, Card, done
from homeby.web.path.forms import RequestForm
from homeby.web.path.views_units import told

STATES: words.Words = {
    ExaminationState.ASKED: gettext_lazy("asked for"),
    ExaminationState.REFUSED: gettext_lazy("refused"),
    ExaminationState.APPROVED: gettext_lazy("approved, no board yet"),
    ExaminationState.SET: gettext_lazy("set"),
    ExaminationState.PASSED: gettext_lazy("passed"),
    ExaminationState.FAILED: gettext_lazy("not passed"),
    ExaminationState.WITHDRAWN: gettext_lazy("taken back"),
}
LEVELS = {ExaminationState.PASSED: "green", ExaminationState.SET: "amber"}
APPEALS: words.Words = {
    AppealState.ASKED: gettext_lazy("waits for an answer"),
    AppealState.UPHELD: gettext_lazy("upheld: another board examines anew"),
    AppealState.DISMISSED: gettext_lazy("the result stands"),
}
_GROUPS: words.Words = {
    QualificationKind.RANK: gettext_lazy("Ranks"),
    QualificationKind.POSITION: gettext_lazy("Positions"),
}


def described(found: ExaminationRow) -> dict[str, Any]:
    """An examination as a line of a list."""
    return {
        "found": found,
        "state": words.word(STATES, found.row.state),
        "level": LEVELS.get(ExaminationState(found.row.state), "plain"),
        "appeal": words.word(APPEALS, found.row.appeal) if found.row.appeal else "",
    }


@page()
def path(door: Door) -> HttpResponse:
    """My path: what I asked for and what became of it, what I hold; asking for an examination."""
    is_any = bool(standing.examined())
    is_done, shown = done(door, [_request(door)] if is_any else [])
    if is_done:
        return redirect("path")
    found = queries.examinations(door.viewer, now=door.now)
    context = {
        "cards": shown,
        "is_any": is_any,
        "mine": [described(one) for one in found if one.is_mine],
        "places": told(own_places(door.viewer)),
        "promotions": queries.own_promotions(door.viewer),
        "is_asked": any(
            one.waits_for_me for one in queries.examinations(door.viewer, now=door.now)
        ),
    }
    status = 422 if any(one.form.errors for one in shown) else 200
    return render(door.request, "path/path.html", context, status=status)


def _request(door: Door) -> Card:
    by_kind = itertools.groupby(standing.examined(), key=lambda one: one.kind)
    what = [
        (words.word(_GROUPS, kind), [(one.key, one.name) for one in group])
        for kind, group in by_kind
    ]
    asked = [(str(key), label) for key, label in queries.deciders(door.viewer, now=door.now)]
    mentors = [(str(key), label) for key, label in queries.may_mentor(door.viewer, now=door.now)]
    tap = tap_of(door.request)

    def do(form: Any) -> str:
        fields = form.cleaned_data
        return asking.request(
            what=fields["what"],
            asked_id=uuid.UUID(fields["asked"]),
            mentor_ids=[uuid.UUID(one) for one in fields.get("mentors", [])],
            by=door.viewer,
            now=door.now,
            tap=tap,
        )

    return Card(
        title=_("Ask for an examination"),
        note=_("Nobody asks why you want it. Refused once, you may ask again: somebody else."),
        make=lambda sent: RequestForm(sent, what=what, asked=asked, mentors=mentors),
        buttons=[Button(act="request", label=_("Ask for it"), do=do)],
    )


@page()
def examinations(door: Door) -> HttpResponse:
    """The examination desk: what waits for me, what runs, what is over."""
    found = queries.examinations(door.viewer, now=door.now)
    waiting = [one for one in found if one.waits_for_me]
    others = [one for one in found if not one.waits_for_me and not one.is_mine]
    is_running = [one.row.state in OPEN or one.row.appeal == AppealState.ASKED for one in others]
    context = {
        "waiting": [described(one) for one in waiting],
        "running": [described(one) for one in itertools.compress(others, is_running)],
        "over": [described(one) for one, runs in zip(others, is_running, strict=True) if not runs],
    }
    return render(door.request, "path/desk.html", context)


@page()
def examination(door: Door, examination_id: uuid.UUID) -> HttpResponse:
    """One examination: how it stands, and what the reader can do now."""
    found = queries.examination(door.viewer, examination_id, now=door.now)
    if found is None:
        raise Http404
    is_done, shown = done(door, acts.cards(door, found))
    if is_done:
        return redirect("examination", examination_id=examination_id)
    context = {**described(found), "cards": shown}
    status = 422 if any(one.form.errors for one in shown) else 200
    return render(door.request, "path/examination.html", context, status=status)
