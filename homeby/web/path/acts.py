"""The cards of an examination: what its reader can do with it now."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from homeby.readiness.actions import examinations as asking
from homeby.readiness.actions import examining
from homeby.readiness.actions.examining import BoardFields, ResultFields
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import examinations as queries
from homeby.readiness.queries.examinations import ExaminationRow
from homeby.readiness.queries.ready import ready
from homeby.web.door import Door, tap_of
from homeby.web.path.cards import Button, Card
from homeby.web.path.forms import AnswerForm, AppealForm, BoardForm, ResultForm, WhyForm


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


def _board(door: Door, found: ExaminationRow) -> Card:
    day = days.today(now=door.now)
    offered = queries.may_examine(door.viewer, found.row, day=day)
    choices = [
        (str(key), _("%s, holds it") % label if holds else label) for key, label, holds in offered
    ]
    again = queries.parts_to_repeat(found.row)

    def said(form: Any) -> dict[str, Any]:
        fields = form.cleaned_data
        keys = [uuid.UUID(one) for one in fields["examiners"]]
        rest = {name: fields[name] for name in ("held_date", "parts")}
        return {"fields": BoardFields(examiner_ids=keys, why=fields.get("why", ""), **rest)}

    def make(sent: Any) -> forms.Form:
        return BoardForm(
            sent,
            examiners=choices,
            asks_why=not any(holds for _key, _label, holds in offered),
            initial={"parts": "\n".join(again)},
            auto_id="board-%s",
        )

    do = _act(door, found, examining.set_board, said)
    return Card(
        title=_("The board"),
        note=_("At least one holds it. A mentor, or you yourself, sit on it with others only."),
        make=make,
        buttons=[Button(act="board", label=_("Set it"), do=do)],
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
    "result": _result,
    "appeal": _appeal,
    "review": _review,
    "withdraw": _withdraw,
}
