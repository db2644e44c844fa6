"""Special units: those that the viewer may know of, and the page of one."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.readiness.actions import special_unit_wishes as wishing
from homeby.readiness.actions import special_units as actions
from homeby.readiness.actions.special_units import Asked, UnitFields
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import special_units as queries
from homeby.readiness.queries.ready import ready
from homeby.readiness.queries.special_units import PlaceRow, UnitRow
from homeby.readiness.rules.special_units import Place, Reason
from homeby.web import words
from homeby.web.door import Door, page, tap_of
from homeby.web.path.cards import Button, Card, done
from homeby.web.path.forms_units import (
    PLACES,
    REASONS,
    JoinForm,
    LeaveForm,
    UnitForm,
    WishForm,
)


def told(rows: Sequence[PlaceRow]) -> list[dict[str, Any]]:
    """Places as lines of a list."""
    return [
        {
            "found": one,
            "place": words.word(PLACES, one.row.place),
            "began": words.word(REASONS, one.row.begin_reason),
            "ended": words.word(REASONS, one.row.end_reason) if one.row.end_reason else "",
        }
        for one in rows
    ]


def _unit_form(sent: Any, start: dict[str, Any] | None = None) -> UnitForm:
    known = sorted(standing.known().values(), key=lambda one: (one.family, one.name))
    groups = itertools.groupby(known, key=lambda one: one.family)
    requires = [(family, [(one.key, one.name) for one in group]) for family, group in groups]
    return UnitForm(sent, requires=requires, initial=start, auto_id="unit-%s")


def _said(form: Any) -> UnitFields:
    return UnitFields(**form.cleaned_data)


@page()
def special_units(door: Door) -> HttpResponse:
    """The units that the viewer may know of; a leader founds one."""
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    card = Card(
        title=_("Found a special unit"),
        note=_("You keep it, until you ask somebody else to and leave."),
        make=_unit_form,
        buttons=[
            Button(
                act="found",
                label=_("Found it"),
                do=lambda form: actions.found_unit(fields=_said(form), by=by, now=now, tap=tap),
            )
        ],
    )
    is_done, shown = done(door, [card] if by.has(*queries.FOUNDERS) else [])
    if is_done:
        return redirect("special-units")
    context = {"units": queries.units(by), "cards": shown}
    status = 422 if any(one.form.errors for one in shown) else 200
    return render(door.request, "path/units.html", context, status=status)


@page()
def special_unit(door: Door, unit_id: uuid.UUID) -> HttpResponse:
    """One unit: what it requires, who stands in it, and what the viewer may do."""
    found = queries.unit(door.viewer, unit_id, now=door.now)
    if found is None:
        raise Http404
    is_done, shown = done(door, _cards(door, found))
    if is_done:
        still = queries.unit(door.viewer, unit_id, now=door.now)
        return redirect("special-unit", unit_id=unit_id) if still else redirect("path")
    context = {
        "found": found,
        "now_there": told(found.now),
        "asked": _asked(door, found),
        "before": told(found.before),
        "cards": shown,
    }
    status = 422 if any(one.form.errors for one in shown) else 200
    return render(door.request, "path/unit.html", context, status=status)


def _asked(door: Door, found: UnitRow) -> list[dict[str, Any]]:
    """Who is asked, for whoever keeps the unit with how ready each of them is."""
    others = [one.row.person_id for one in found.asked if found.keeps and not one.row.is_wish]
    facts = ready(door.viewer, others, now=door.now) if others else {}
    return [
        {**line, "ready": facts.get(one.row.person_id, [])}
        for one, line in zip(found.asked, told(found.asked), strict=True)
    ]


def _cards(door: Door, found: UnitRow) -> list[Card]:
    asked = [one for one in found.my_places if one.row.from_at is None]
    cards = [_mine(door, one) if one.row.is_wish else _answer(door, one) for one in asked]
    cards += [_wish(door, found)] if found.may_wish else []
    cards += _wishes(door, found) if found.keeps else []
    cards += [_join(door, found)] if found.keeps else []
    cards += [_leave(door, found)] if _may_end(found) else []
    cards += [_change(door, found)] if found.keeps else []
    return cards


def _answer(door: Door, asked: PlaceRow) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), asked.row.pk

    def answer(*, joins: bool) -> str:
        return actions.answer_whether_to_join(place_id=key, joins=joins, by=by, now=now, tap=tap)

    return Card(
        title=_("You are asked: %s") % words.word(PLACES, asked.row.place),
        note=_("No is a normal answer and needs no reason."),
        buttons=[
            Button(act=f"yes-{key}", label=_("Yes"), do=lambda _form: answer(joins=True)),
            Button(
                act=f"no-{key}", label=_("No"), do=lambda _form: answer(joins=False), look="plain"
            ),
        ],
    )


def _wish(door: Door, found: UnitRow) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), found.row.pk
    return Card(
        title=_("Ask for a place"),
        note=_("Nobody asks why you want it. Whoever keeps the unit speaks with you."),
        buttons=[
            Button(
                act="wish",
                label=_("Ask for it"),
                do=lambda _form: wishing.wish_to_join(unit_id=key, by=by, now=now, tap=tap),
            )
        ],
    )


def _mine(door: Door, wish: PlaceRow) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), wish.row.pk

    def take_back(_form: Any) -> str:
        return actions.leave_unit(place_id=key, reason=Reason.OWN_WISH, by=by, now=now, tap=tap)

    return Card(
        title=_("You have asked for a place"),
        note=_("Whoever keeps the unit answers; you read it here."),
        buttons=[
            Button(
                act="take-back",
                label=_("Take it back"),
                do=take_back,
                look="plain",
            )
        ],
    )


def _wishes(door: Door, found: UnitRow) -> list[Card]:
    """Those who asked for a place, each with what she lacks and how ready she is."""
    keys = [one.row.person_id for one in found.wishes]
    facts = ready(door.viewer, keys, now=door.now) if keys else {}
    return [_let_in(door, found, one, facts[one.row.person_id]) for one in found.wishes]


def _let_in(door: Door, found: UnitRow, wish: PlaceRow, facts: list[str]) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), wish.row.pk
    day = days.today(now=now)

    def do(form: Any, *, lets_in: bool) -> str:
        said = form.cleaned_data["refuses"]
        if not lets_in and not said:
            raise Refused(refuses=_("Choose for what; she reads it."))
        refuses = None if lets_in else Reason(said)
        return wishing.answer_wish(
            place_id=key, refuses=refuses, approval=form.approval, by=by, now=now, tap=tap
        )

    return Card(
        title=_("%s asks for a place") % wish.who,
        note=_("Speak with her. Ask whether she is ready; why she wants it is hers."),
        facts=facts,
        doubts=standing.missing_of(found.row.requires, wish.row.person_id, day=day),
        make=lambda sent: WishForm(sent, auto_id=f"wish-{key}-%s"),
        buttons=[
            Button(act=f"let-{key}", label=_("Let her in"), do=partial(do, lets_in=True)),
            Button(
                act=f"refuse-{key}",
                label=_("Refuse"),
                do=partial(do, lets_in=False),
                look="plain",
            ),
        ],
    )


def _join(door: Door, found: UnitRow) -> Card:
    by, now, tap, key = door.viewer, door.now, tap_of(door.request), found.row.pk
    offered, _more = people.choices(by, limit=500)
    choices = [(str(one.person_id), one.label) for one in offered if not one.is_unit]

    def do(form: Any) -> str:
        said = form.cleaned_data
        asked = Asked(
            person_id=uuid.UUID(said["person"]),
            place=Place(said["place"]),
            reason=Reason(said["reason"]),
            callsign=said["callsign"],
            approval=form.approval,
        )
        return actions.ask_to_join(unit_id=key, asked=asked, by=by, now=now, tap=tap)

    return Card(
        title=_("Ask somebody"),
        note=_(
            "Speak with her before, and ask whether she is ready. She is told that something waits "
            "for her, and reads here what it is. What she held here before is not given back by a "
            "return."
        ),
        make=lambda sent: JoinForm(sent, people=choices, auto_id="join-%s"),
        buttons=[Button(act="ask", label=_("Ask her"), do=do)],
    )


def _may_end(found: UnitRow) -> list[PlaceRow]:
    asked = [one for one in found.asked if not one.row.is_wish]
    ends = [one for one in found.now + asked if found.keeps or one.is_mine]
    return [one for one in ends if one.row.from_at is not None or not one.is_mine]


def _leave(door: Door, found: UnitRow) -> Card:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    places = [
        (str(one.row.pk), f"{one.who}, {words.word(PLACES, one.row.place)}")
        for one in _may_end(found)
    ]

    def make(sent: Any) -> forms.Form:
        return LeaveForm(sent, places=places, auto_id="leave-%s")

    def do(form: Any) -> str:
        key, reason = uuid.UUID(form.cleaned_data["place"]), Reason(form.cleaned_data["reason"])
        return actions.leave_unit(place_id=key, reason=reason, by=by, now=now, tap=tap)

    return Card(
        title=_("End a place"),
        note=_("What the place opened ends in this moment. The history stays."),
        make=make,
        buttons=[Button(act="leave", label=_("End it"), do=do, look="plain")],
    )


def _change(door: Door, found: UnitRow) -> Card:
    by, now, tap, row = door.viewer, door.now, tap_of(door.request), found.row
    names = ("name", "callsign", "is_secret", "requires")
    start = {name: getattr(row, name) for name in names}
    return Card(
        title=_("About the unit"),
        make=lambda sent: _unit_form(sent, start),
        buttons=[
            Button(
                act="change",
                label=_("Keep"),
                do=lambda form: actions.change_unit(
                    unit_id=row.pk, fields=_said(form), by=by, now=now, tap=tap
                ),
                look="plain",
            )
        ],
    )
