"""Mentoring: whom I teach, who teaches me, and my own development plan."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.readiness.actions import mentoring as actions
from homeby.readiness.actions.mentoring import SessionFields, StepFields
from homeby.readiness.queries import books, catalogue_pages
from homeby.readiness.queries import mentoring as queries
from homeby.readiness.queries.days import today
from homeby.readiness.queries.mentoring import MentorshipSheet
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate.acts import already
from homeby.web.office.timed import key_of
from homeby.web.skills.mentor_forms import SessionForm, StepForm


@page()
def mentoring(door: Door) -> HttpResponse:
    """Whom I teach, who teaches me, and what I want to learn: my plan is mine."""
    me = door.viewer.person_id
    assert me is not None, "behind a log-in"
    sent = door.request.POST if door.request.method == "POST" else None
    form = StepForm(
        sent if sent is not None and sent.get("act") == "add" else None,
        choices=catalogue_pages.choices(door.viewer),
        mentors=[(str(key), label) for key, label in queries.may_plan_with(door.viewer)],
    )
    if sent is not None and _step(door, form):
        return redirect("mentoring")
    found = queries.mentorships(door.viewer, now=door.now)
    context = {
        "teaching": [one for one in found if one.mentor_id == me],
        "learning": [one for one in found if one.learner_id == me],
        "steps": queries.steps(door.viewer, me),
        "form": form,
    }
    return render(
        door.request, "skills/mentoring.html", context, status=422 if form.errors else 200
    )


def _step(door: Door, form: StepForm) -> bool:
    """What was sent of the plan, done; False where the page comes again with its sentences."""
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    act, key = door.request.POST.get("act", ""), key_of(door.request.POST.get("step", ""))
    if before := already(door):
        messages.success(door.request, before.answer)
        return True
    if act == "add" and not form.is_valid():
        return False
    try:
        if act == "add":
            said = form.cleaned_data
            fields = StepFields(
                qualification_id=key_of(said["qualification"]),
                aim=said["aim"],
                by_date=said["by_date"],
                mentor_id=key_of(said["mentor"]),
            )
            answer = actions.add_step(fields=fields, by=by, now=now, tap=tap)
        elif act == "earlier":
            answer = actions.step_earlier(step_id=key or uuid.UUID(int=0), by=by, now=now, tap=tap)
        else:
            is_done = act == "done"
            answer = actions.settle_step(
                step_id=key or uuid.UUID(int=0), is_done=is_done, by=by, now=now, tap=tap
            )
    except Refused as refused:
        if act != "add":
            messages.error(door.request, str(refused))
            return True
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True


@page()
def mentorship(door: Door, mentorship_id: uuid.UUID) -> HttpResponse:
    """One mentorship: what both aim at, and the time spent."""
    found = queries.mentorship(door.viewer, mentorship_id, now=door.now)
    if found is None:
        raise Http404
    me, sent = door.viewer.person_id, door.request.POST if door.request.method == "POST" else None
    if me != found.learner_id:
        opened(ReadKind.PERSON, what=f"person:{found.learner_id}", whose=found.learner_id)
    is_of = me in (found.learner_id, found.mentor_id)
    session = sent if sent is not None and sent.get("act") == "session" else None
    form = SessionForm(session, today=today(now=door.now)) if is_of and found.is_open else None
    if sent is not None and _mentored(door, found, form):
        return redirect("mentorship", mentorship_id=mentorship_id)
    context = {
        "one": found,
        "form": form,
        "steps": queries.steps(door.viewer, found.learner_id),
        "books": books.books_of(door.viewer, found.learner_id),
        "is_learner": me == found.learner_id,
        "may_end": found.is_open and (is_of or books.may_certify(door.viewer, found.learner_id)),
    }
    status = 422 if form is not None and form.errors else 200
    return render(door.request, "skills/mentorship.html", context, status=status)


def _mentored(door: Door, found: MentorshipSheet, form: Any) -> bool:
    """What was sent, done; False where the page comes again with its sentences."""
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    is_session = door.request.POST.get("act") == "session"
    if before := already(door):
        messages.success(door.request, before.answer)
        return True
    if is_session and (form is None or not form.is_valid()):
        return form is None
    try:
        if is_session:
            fields = SessionFields(**form.cleaned_data)
            answer = actions.write_session(
                mentorship_id=found.id, fields=fields, by=by, now=now, tap=tap
            )
        else:
            answer = actions.end(mentorship_id=found.id, by=by, now=now, tap=tap)
    except Refused as refused:
        if not is_session:
            messages.error(door.request, str(refused))
            return True
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True
