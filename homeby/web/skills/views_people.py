"""My qualifications, and those of somebody of whom I dispose."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.readiness.actions.holdings import PaperFields, record_paper, withdraw
from homeby.readiness.actions.mentoring import MentorFields, begin
from homeby.readiness.actions.task_books import open_book
from homeby.readiness.queries import books, catalogue_pages, mentoring, open_badges, own_skills
from homeby.readiness.queries.days import today
from homeby.readiness.queries.own_skills import SkillSheet
from homeby.web.context import OFFICE_ROLES
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate.acts import already
from homeby.web.skills.forms import GoForm, OpenBookForm, PaperForm, TowardForm, WithdrawForm
from homeby.web.skills.mentor_forms import MentorForm
from homeby.web.skills.shown import stands


@page()
def my_qualifications(door: Door) -> HttpResponse:
    """What I hold and until when, whether I can go, what is missing for more."""
    me = door.viewer.person_id
    assert me is not None, "behind a log-in"
    sheet = own_skills.sheet(door.viewer, me, now=door.now)
    if sheet is None:
        raise Http404
    choices = catalogue_pages.key_choices(door.viewer)
    go, toward = door.request.GET.get("go", ""), door.request.GET.get("toward", "")
    known = {key for key, _name in choices}
    badgeable = open_badges.badgeable(door.viewer, now=door.now)
    context = _sheet(door, sheet) | {
        "badges": [(badgeable[one.key], one.name) for one in sheet.held if one.key in badgeable],
        "answer": own_skills.can_go(door.viewer, go if go in known else "", now=door.now),
        "go_form": GoForm(initial={"go": go}, choices=choices),
        "toward_form": TowardForm(initial={"toward": toward}, choices=choices),
        "way": own_skills.way_to(door.viewer, toward, now=door.now) if toward in known else None,
        "is_any": bool(choices),
        "to_sign": books.to_sign(door.viewer, now=door.now),
    }
    return render(door.request, "skills/mine.html", context)


def _sheet(door: Door, sheet: SkillSheet) -> dict[str, Any]:
    day = today(now=door.now)
    ids = {one.key: one.id for one in catalogue_pages.catalogue(door.viewer)}
    return {
        "sheet": sheet,
        "held": [
            {"line": one, "id": ids[one.key], **stands(one.validity, day=day)} for one in sheet.held
        ],
        "books": books.books_of(door.viewer, sheet.person_id),
    }


@page()
def qualifications_of(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """What somebody holds, for whoever disposes of her or teaches her; a leader opens task books
    there, records papers, withdraws."""
    sheet = own_skills.sheet(door.viewer, person_id, now=door.now)
    if sheet is None:
        raise Http404
    opened(ReadKind.PERSON, what=f"person:{person_id}", whose=person_id)
    forms = _forms(door, sheet)
    if door.request.method == "POST" and _done(door, sheet, forms):
        return redirect("qualifications-of", person_id=person_id)
    status = 422 if any(form.errors for form in forms.values()) else 200
    is_office = door.viewer.has_somewhere(*OFFICE_ROLES)
    context = _sheet(door, sheet) | {"forms": forms, "is_office": is_office}
    return render(door.request, "skills/person.html", context, status=status)


def _forms(door: Door, sheet: SkillSheet) -> dict[str, Any]:
    """What the viewer may do; only the form that was sent is bound."""
    sent = door.request.POST if door.request.method == "POST" else None
    wanted = sent.get("act", "") if sent is not None else ""

    def data(name: str) -> Any:
        return sent if wanted == name else None

    books_for = catalogue_pages.choices(door.viewer, with_tasks=True)
    found: dict[str, Any] = {
        "open": OpenBookForm(data("open"), choices=books_for, auto_id="open-%s")
    }
    if books.may_certify(door.viewer, sheet.person_id):
        every = catalogue_pages.choices(door.viewer)
        found["mentor"] = MentorForm(
            data("mentor"), people=_mentors(door, sheet), choices=every, auto_id="mentor-%s"
        )
        found["paper"] = PaperForm(data("paper"), choices=every, auto_id="paper-%s")
        held = [
            (str(one.id), f"{one.name}, {one.from_date.isoformat()}")
            for one in sheet.history
            if one.withdrawn_date is None
        ]
        if held:
            found["withdraw"] = WithdrawForm(data("withdraw"), choices=held, auto_id="away-%s")
    return found


def _mentors(door: Door, sheet: SkillSheet) -> list[tuple[str, str]]:
    """Who may be named as her mentor."""
    found = mentoring.may_teach(door.viewer, sheet.person_id)
    return [(str(key), label) for key, label in found]


def _done(door: Door, sheet: SkillSheet, forms: dict[str, Any]) -> bool:
    """What was sent, done; False where the page comes again with its sentences."""
    wanted = door.request.POST.get("act", "")
    form = forms.get(wanted)
    if before := already(door):
        messages.success(door.request, before.answer)
        return True
    if form is None or not form.is_valid():
        return form is None
    try:
        messages.success(door.request, _ACTS[wanted](door, sheet.person_id, form.cleaned_data))
    except Refused as refused:
        show(form, refused)
        return False
    return True


def _open(door: Door, person_id: uuid.UUID, said: dict[str, Any]) -> str:
    return open_book(
        person_id=person_id,
        qualification_id=uuid.UUID(said["qualification"]),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _paper(door: Door, person_id: uuid.UUID, said: dict[str, Any]) -> str:
    fields = PaperFields(
        qualification_id=uuid.UUID(said["qualification"]),
        from_date=said["from_date"],
        expires_date=said["expires_date"],
        paper=said["paper"],
        why=said["why"],
    )
    return record_paper(
        person_id=person_id, fields=fields, by=door.viewer, now=door.now, tap=tap_of(door.request)
    )


def _withdraw(door: Door, person_id: uuid.UUID, said: dict[str, Any]) -> str:
    return withdraw(
        holding_id=uuid.UUID(said["holding"]),
        why=said["why"],
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


def _mentor(door: Door, person_id: uuid.UUID, said: dict[str, Any]) -> str:
    aims = [(uuid.UUID(said["aim"]), said["level"])] if said["aim"] else []
    return begin(
        learner_id=person_id,
        fields=MentorFields(mentor_id=uuid.UUID(said["mentor"]), aims=aims),
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


_ACTS = {"mentor": _mentor, "open": _open, "paper": _paper, "withdraw": _withdraw}
