"""The cards of an examination: what its reader can do with it now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from homeby.readiness.actions import examination_moves, examining
from homeby.readiness.actions import examinations as asking
from homeby.readiness.actions.examining import BoardFields, ResultFields
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import examinations as queries
from homeby.readiness.queries.examinations import ExaminationRow
from homeby.readiness.queries.ready import ready
from homeby.web.door import Door, tap_of
from homeby.web.path.cards import Button, Card
from homeby.web.path.forms import AnswerForm, AppealForm, BoardForm, MoveForm, ResultForm, WhyForm


def cards(door: Door, found: ExaminationRow) -> list[Card]:
    """What the reader can do now."""
    return [make(door, found) for act, make in _CARDS.items() if act in found.may]


def _act(
    door: Door, found: ExaminationRow, action: Callable[..., str], said: Callable[[Any], Any]
) -> Callable[[Any], str]:
    """The act on this examination, with what the form says."""
    key, by, now, tap = found.row.pk, door.viewer, door.now, tap_of(door.request)
    return lambda form: action(examination_id=key, **said(form), by=by, now=now, tap=tap)


def _all(form: Any) -> dict[str, Any]:
    said: dict[str, Any] = form.cleaned_data
    return said


def _answer(door: Door, found: ExaminationRow) -> Card:
    who = found.row.person_id
    doubts = standing.lacks(found.row.what, who, day=days.today(now=door.now))
    return Card(
        title=_("The request"),
        note=_(
            "Have you spoken with her? Ask whether she is ready: skills, rest, injuries, how much "
            "there was of late. Why she wants it is hers."
        ),
        facts=ready(door.viewer, [who], now=door.now)[who],
        doubts=doubts,
        make=lambda sent: AnswerForm(sent, auto_id="answer-%s"),
        buttons=[
            Button(act="approve", label=_("Approve"), do=_act(door, found, asking.approve, _all)),
            Button(
                act="refuse",
                label=_("Refuse"),
                do=_act(door, found, asking.refuse, _all),
                look="plain",
            ),
        ],
    )


def _offered(door: Door, found: ExaminationRow) -> tuple[list[tuple[str, str]], bool]:
    """Who may sit on the board, as choices, and whether nobody of them holds it."""
    offered = queries.may_examine(door.viewer, found.row, day=days.today(now=door.now))
    choices = [
        (str(key), _("%s, holds it") % label if holds else label) for key, label, holds in offered
    ]
    return choices, not any(holds for _key, _label, holds in offered)


def _fields(form: Any) -> BoardFields:
    said = form.cleaned_data
    return BoardFields(
        examiner_ids=[uuid.UUID(one) for one in said["examiners"]],
        held_date=said["held_date"],
        parts=said.get("parts", ""),
        why=said.get("why", ""),
        despite=said["despite"],
    )


def _board(door: Door, found: ExaminationRow) -> Card:
    choices, asks_why = _offered(door, found)
    again = queries.parts_to_repeat(found.row)

    def make(sent: Any) -> forms.Form:
        return BoardForm(
            sent,
            examiners=choices,
            asks_why=asks_why,
            initial={"parts": "\n".join(again)},
            auto_id="board-%s",
        )

    do = _act(door, found, examining.set_board, lambda form: {"fields": _fields(form)})
    return Card(
        title=_("The board"),
        note=_("At least one holds it. A mentor, or you yourself, sit on it with others only."),
        make=make,
        buttons=[Button(act="board", label=_("Set it"), do=do)],
    )


def _move(door: Door, found: ExaminationRow) -> Card:
    choices, asks_why = _offered(door, found)
    start = {
        "held_date": found.row.held_date,
        "examiners": queries.board_of(found.row),
        "parts": "\n".join(one.name for one in found.parts),
    }

    def said(form: Any) -> dict[str, Any]:
        return {"fields": _fields(form), "moved_why": form.cleaned_data["moved_why"]}

    def make(sent: Any) -> forms.Form:
        return MoveForm(
            sent, examiners=choices, asks_why=asks_why, initial=start, auto_id="move-%s"
        )

    do = _act(door, found, examination_moves.move, said)
    return Card(
        title=_("Another day, board or parts"),
        note=_("Each of them is told and says that she has read it. The day before stays here."),
        make=make,
        buttons=[Button(act="move", label=_("Move it"), do=do, look="plain")],
    )


def _seen(door: Door, found: ExaminationRow) -> Card:
    do = _act(door, found, examination_moves.seen, lambda _form: {})
    return Card(
        title=_("Day and board"),
        note=_("Say that you have read them as they stand here."),
        buttons=[Button(act="seen", label=_("I have read it"), do=do)],
    )


def _result(door: Door, found: ExaminationRow) -> Card:
    def said(form: Any) -> dict[str, Any]:
        again = form.cleaned_data["retake_date"]
        return {"fields": ResultFields(passed=form.passed(), notes=form.notes(), retake_date=again)}

    do = _act(door, found, examining.give_result, said)
    return Card(
        title=_("The result"),
        note=_("Whoever passes every part holds it from the day of the examination on."),
        make=lambda sent: ResultForm(sent, parts=found.parts, auto_id="result-%s"),
        buttons=[Button(act="result", label=_("Give the result"), do=do)],
    )


def _appeal(door: Door, found: ExaminationRow) -> Card:
    had_part = queries.had_part(found.row)
    offered = queries.deciders(door.viewer, but=had_part, now=door.now)
    choices = [(str(key), label) for key, label in offered]

    def said(form: Any) -> dict[str, Any]:
        fields = form.cleaned_data
        return {"to_id": uuid.UUID(fields["to"]), "text": fields["text"]}

    do = _act(door, found, examining.appeal, said)
    return Card(
        title=_("Appeal"),
        note=_("Somebody who had no part in it looks at the result again, within 30 days."),
        make=lambda sent: AppealForm(sent, to=choices, auto_id="appeal-%s"),
        buttons=[Button(act="appeal", label=_("Ask for it"), do=do, look="plain")],
    )


def _review(door: Door, found: ExaminationRow) -> Card:
    def decides(*, upheld: bool) -> Callable[[Any], str]:
        return _act(door, found, examining.review, lambda form: {**_all(form), "upheld": upheld})

    return Card(
        title=_("The appeal"),
        note=_("If it is upheld, another board examines anew; the result stays in the history."),
        make=lambda sent: WhyForm(sent, auto_id="review-%s"),
        buttons=[
            Button(act="uphold", label=_("Uphold it"), do=decides(upheld=True)),
            Button(act="dismiss", label=_("The result stands"), do=decides(upheld=False),
                   look="plain"),
        ],
    )  # fmt: skip


def _withdraw(door: Door, found: ExaminationRow) -> Card:
    do = _act(door, found, asking.withdraw, lambda _form: {})
    return Card(
        title=_("Take it back"),
        note=_("Without a reason, until the result; you can ask again."),
        buttons=[Button(act="withdraw", label=_("Take it back"), do=do, look="plain")],
    )


_CARDS: dict[str, Callable[[Door, ExaminationRow], Card]] = {
    "approve": _answer,
    "board": _board,
    "seen": _seen,
    "result": _result,
    "appeal": _appeal,
    "review": _review,
    "move": _move,
    "withdraw": _withdraw,
}
