"""Changes of team: asking, agreeing, and what is to be settled after."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.people import queries as people
from homeby.readiness.actions import team_changes as actions
from homeby.readiness.actions.team_changes import REASONS, ChangeFields
from homeby.readiness.queries import team_changes as queries
from homeby.readiness.queries.team_changes import ChangeRow, ItemRow
from homeby.readiness.rules.special_units import Reason
from homeby.readiness.rules.team_changes import ChangeState, ItemKind, ItemState, Side
from homeby.web import words
from homeby.web.door import Door, page, tap_of
from homeby.web.office.forms import Choices, select
from homeby.web.office.timed import TimedForm, typed_field
from homeby.web.path.cards import Button, Card, done
from homeby.web.path.forms_units import REASONS as REASON_WORDS
from homeby.web.path.forms_units import reasons

STATES: words.Words = {
    ChangeState.ASKED: gettext_lazy("asked for"),
    ChangeState.AGREED: gettext_lazy("agreed by all"),
    ChangeState.DONE: gettext_lazy("took effect"),
    ChangeState.REFUSED: gettext_lazy("refused"),
    ChangeState.WITHDRAWN: gettext_lazy("taken back"),
}
LEVELS = {ChangeState.DONE: "green", ChangeState.AGREED: "amber"}
SIDES: words.Words = {
    Side.PERSON: gettext_lazy("the person herself"),
    Side.FROM: gettext_lazy("the team she leaves"),
    Side.TO: gettext_lazy("the team she goes to"),
}
ITEMS: words.Words = {
    ItemKind.MISSION: gettext_lazy("A mission of the old team counts on her"),
    ItemKind.DUTY: gettext_lazy("A duty of the old team counts on her"),
    ItemKind.PLANNED: gettext_lazy("She planned a duty of the old team"),
    ItemKind.WATCH: gettext_lazy("She stands in the watch bill"),
    ItemKind.MENTOR: gettext_lazy("She teaches somebody of the old team, or is taught"),
    ItemKind.BOARD: gettext_lazy("She sits on the board of an examination"),
    ItemKind.KIT: gettext_lazy("She has kit that is not issued to her"),
    ItemKind.ROLE: gettext_lazy("A role for the old team ended with the change"),
}
#: What is to be decided about each.
QUESTIONS: words.Words = {
    ItemKind.MISSION: gettext_lazy(
        "Does she still go, does somebody else go for her, or is it called off?"
    ),
    ItemKind.DUTY: gettext_lazy(
        "Is she still on it, does somebody else come for her, or is it called off?"
    ),
    ItemKind.PLANNED: gettext_lazy("Who sees to it now, or is it called off?"),
    ItemKind.WATCH: gettext_lazy("Does she keep it, or does somebody else?"),
    ItemKind.MENTOR: gettext_lazy("Do they go on, or does it end?"),
    ItemKind.BOARD: gettext_lazy("Does she still examine, or does somebody else?"),
    ItemKind.KIT: gettext_lazy("Does she keep it, or does she bring it back or hand it over?"),
    ItemKind.ROLE: "",
}
ITEM_STATES: words.Words = {
    ItemState.OPEN: gettext_lazy("to settle"),
    ItemState.STAYS: gettext_lazy("stays as it is"),
    ItemState.HANDED_OVER: gettext_lazy("not hers any more"),
    ItemState.CANCELLED: gettext_lazy("called off"),
    ItemState.OVER: gettext_lazy("over"),
}


class ChangeForm(TimedForm):
    """Who goes from where to where, why, from when on."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    from_team = forms.ChoiceField(label=gettext_lazy("From the team"))
    to_team = forms.ChoiceField(label=gettext_lazy("To the team"))
    reason = forms.ChoiceField(label=gettext_lazy("Why"))
    effective = typed_field(
        gettext_lazy("From when on"),
        gettext_lazy("Such as 22.11. 18:00; empty: as soon as all have agreed."),
        required=False,
    )

    def __init__(self, *args: Any, people: Choices, teams: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        select("person", self, people)
        select("from_team", self, teams)
        select("to_team", self, teams)
        self.fields["reason"].choices = reasons(*REASONS)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Understand from when on."""
        values = super().clean() or {}
        values["effective"] = self.instant("effective")
        return values


def described(found: ChangeRow) -> dict[str, Any]:
    """A change as a line of a list."""
    return {
        "found": found,
        "state": words.word(STATES, found.row.state),
        "level": LEVELS.get(ChangeState(found.row.state), "plain"),
        "reason": words.word(REASON_WORDS, found.row.reason),
    }


@page()
def team_changes(door: Door) -> HttpResponse:
    """All changes that the viewer may see, and asking for one."""
    may_ask = len(people.team_choices(door.viewer)) > 1
    is_done, shown = done(door, [_ask(door)] if may_ask else [])
    if is_done:
        return redirect("team-changes")
    rows = [described(one) for one in queries.changes(door.viewer, now=door.now)]
    context = {"rows": rows, "cards": shown}
    status = 422 if any(one.form.errors for one in shown) else 200
    return render(door.request, "path/changes.html", context, status=status)


def _ask(door: Door) -> Card:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    offered, _more = people.choices(by, limit=500)
    known = [(str(one.person_id), one.label) for one in offered if not one.is_unit]
    teams = [(str(key), label) for key, label in people.team_choices(by)]

    own = sorted(queries.teams_of(by.person_id)) if by.person_id is not None else []

    def make(sent: Any) -> forms.Form:
        start = {"person": by.person_id, "from_team": own[0] if len(own) == 1 else None}
        return ChangeForm(sent, zone=door.zone, now=now, people=known, teams=teams, initial=start)

    def do(form: Any) -> str:
        said = form.cleaned_data
        fields = ChangeFields(
            person_id=uuid.UUID(said["person"]),
            from_team_id=uuid.UUID(said["from_team"]),
            to_team_id=uuid.UUID(said["to_team"]),
            reason=Reason(said["reason"]),
            effective_at=said["effective"],
        )
        return actions.ask(fields=fields, by=by, now=now, tap=tap)

    return Card(
        title=_("Ask for a change"),
        note=_("It counts when she and a leader of each team have agreed: three people."),
        make=make,
        buttons=[Button(act="ask", label=_("Ask for it"), do=do)],
    )


@page()
def team_change(door: Door, change_id: uuid.UUID) -> HttpResponse:
    """One change: who agreed, what is still to be settled."""
    found = queries.change(door.viewer, change_id, now=door.now)
    if found is None:
        raise Http404
    is_done, shown = done(door, _cards(door, found))
    if is_done:
        return redirect("team-change", change_id=change_id)
    context = {
        **described(found),
        "sides": [(words.word(SIDES, one), found.agreed.get(one, "")) for one in Side],
        "items": [
            (words.word(ITEMS, one.kind), words.word(ITEM_STATES, one.state), one)
            for one in found.items
        ],
        "ahead": [(words.word(ITEMS, kind), what) for kind, what in found.ahead],
        "cards": shown,
    }
    return render(door.request, "path/change.html", context)


def _cards(door: Door, found: ChangeRow) -> list[Card]:
    cards = [_answer(door, found, side) for side in found.may_agree]
    cards += [_settle(door, one) for one in found.items if one.may]
    return cards + ([_withdraw(door, found)] if found.may_withdraw else [])


def _answer(door: Door, found: ChangeRow, side: Side) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), found.row.pk

    def do(*, agrees: bool) -> str:
        return actions.answer(change_id=key, side=side, agrees=agrees, by=by, now=now, tap=tap)

    return Card(
        title=_("For %s") % words.word(SIDES, side),
        buttons=[
            Button(act=f"agree-{side}", label=_("I agree"), do=lambda _form: do(agrees=True)),
            Button(
                act=f"refuse-{side}",
                label=_("Refuse"),
                do=lambda _form: do(agrees=False),
                look="plain",
            ),
        ],
    )


def _settle(door: Door, item: ItemRow) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), item.id
    said, buttons = words.word(ITEMS, item.kind), []
    if "settle" in item.may:
        buttons.append(
            Button(
                act=f"settle-{key}",
                label=_("It stays as it is"),
                do=lambda _form: actions.settle(item_id=key, by=by, now=now, tap=tap),
            )
        )
    if "take" in item.may:
        buttons.append(
            Button(
                act=f"take-{key}",
                label=_("I see to it"),
                do=lambda _form: actions.take(item_id=key, by=by, now=now, tap=tap),
                look="plain",
            )
        )
    title = _("%(what)s: %(mission)s") % {"what": said, "mission": item.what.said}
    note = words.word(QUESTIONS, item.kind)
    return Card(title=title if item.what.said else said, note=note, buttons=buttons)


def _withdraw(door: Door, found: ChangeRow) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), found.row.pk
    return Card(
        title=_("Take it back"),
        buttons=[
            Button(
                act="withdraw",
                label=_("Take it back"),
                do=lambda _form: actions.withdraw(change_id=key, by=by, now=now, tap=tap),
                look="plain",
            )
        ],
    )
