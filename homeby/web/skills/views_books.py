"""One task book: what was shown, and the signatures."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from homeby import instants
from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.missions.queries.done import outings_with
from homeby.readiness.actions import task_books as actions
from homeby.readiness.actions.task_books import SignFields
from homeby.readiness.queries import books
from homeby.readiness.queries.books import BookSheet
from homeby.readiness.queries.days import today
from homeby.readiness.rules.qualifications import Stage
from homeby.web import words
from homeby.web.door import Door, page, show, tap_of
from homeby.web.gate.acts import already
from homeby.web.office.timed import key_of
from homeby.web.skills.forms import CertifyForm, SignForm
from homeby.web.skills.shown import STAGES

#: In the list of what may be signed this stands for the final evaluation.
FINAL = "final"


@page()
def task_book(door: Door, book_id: uuid.UUID) -> HttpResponse:
    """A task book, to read and to sign."""
    book = books.book(door.viewer, book_id)
    if book is None:
        raise Http404
    if not book.is_mine:
        opened(ReadKind.PERSON, what=f"person:{book.person_id}", whose=book.person_id)
    forms = _forms(door, book)
    if door.request.method == "POST" and _done(door, book, forms):
        return redirect("task-book", book_id=book_id)
    status = 422 if any(form.errors for form in forms.values()) else 200
    context = {
        "book": book,
        "stages": [{"line": one, "word": words.word(STAGES, one.stage)} for one in book.stages],
        "forms": forms,
        "may_close": book.is_open
        and (book.is_mine or books.may_open(door.viewer, book.person_id, book.key, now=door.now)),
    }
    return render(door.request, "skills/book.html", context, status=status)


def _forms(door: Door, book: BookSheet) -> dict[str, Any]:
    """What can be signed as the book stands; nobody is offered to sign her own."""
    if not book.is_open or book.is_mine:
        return {}
    sent = door.request.POST if door.request.method == "POST" else None
    wanted = sent.get("act", "") if sent is not None else ""
    found: dict[str, Any] = {}
    if tasks := _to_sign(book):
        found["sign"] = SignForm(
            sent if wanted == "sign" else None,
            tasks=tasks,
            missions=_missions(door, book),
            today=today(now=door.now),
            auto_id="sign-%s",
        )
    if book.is_evaluated and books.may_certify(door.viewer, book.person_id):
        found["certify"] = CertifyForm(
            sent if wanted == "certify" else None, asks_why=wanted == "certify", auto_id="last-%s"
        )
    return found


def _to_sign(book: BookSheet) -> list[tuple[str, str]]:
    left = [(str(one.number), one.what) for one in book.tasks if not one.is_signed]
    if left or book.is_evaluated:
        return left
    return [(FINAL, str(words.word(STAGES, Stage.FINAL)))]


def _missions(door: Door, book: BookSheet) -> list[tuple[str, str]]:
    found = outings_with(door.viewer, book.person_id, now=door.now)
    return [
        (str(one.mission_id), f"{one.what}, {instants.wall(one.out_at, one.zone, door.now)}")
        for one in found
    ]


def _done(door: Door, book: BookSheet, forms: dict[str, Any]) -> bool:
    """What was sent, done; False where the page comes again with its sentences."""
    wanted = door.request.POST.get("act", "")
    if before := already(door):
        messages.success(door.request, before.answer)
        return True
    form = forms.get(wanted)
    if form is not None and not form.is_valid():
        return False
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    try:
        if wanted == "close":
            answer = actions.close_book(book_id=book.id, by=by, now=now, tap=tap)
        elif form is None:
            return True
        elif wanted == "sign":
            fields = _signed(form.cleaned_data)
            answer = actions.sign(book_id=book.id, fields=fields, by=by, now=now, tap=tap)
        else:
            why = form.cleaned_data["why"]
            answer = actions.certify(book_id=book.id, why=why, by=by, now=now, tap=tap)
    except Refused as refused:
        if form is None:
            messages.error(door.request, str(refused))
            return True
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True


def _signed(said: dict[str, Any]) -> SignFields:
    is_final = said["task"] == FINAL
    return SignFields(
        stage=Stage.FINAL if is_final else Stage.EVALUATE,
        task=None if is_final else int(said["task"]),
        on_date=said["on_date"],
        mission_id=key_of(said["mission"]),
    )
