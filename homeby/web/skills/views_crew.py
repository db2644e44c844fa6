"""For whoever disposes of people: who holds what, what ends soon, who can go, who was what."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from homeby.archive import leaving
from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.rules import MemberState
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.readiness.actions import mission_decisions
from homeby.readiness.actions import positions as actions
from homeby.readiness.actions.positions import PositionFields
from homeby.readiness.queries import catalogue_pages, matrix, pairing
from homeby.readiness.queries import mission_decisions as decided
from homeby.readiness.queries.asked_for import asked_for as asked_for_skills
from homeby.readiness.queries.days import today
from homeby.readiness.queries.matrix import WhoCanGo
from homeby.readiness.queries.qualifications import OVERSEERS
from homeby.readiness.rules.duty_planning import NotPicked
from homeby.readiness.rules.who_can_go import Outcome, Sieve
from homeby.web import words
from homeby.web.door import Door, page, show, tap_of
from homeby.web.duties.said import KINDS, NOT_PICKED
from homeby.web.gate.acts import already
from homeby.web.office import ledger
from homeby.web.office.timed import key_of
from homeby.web.skills.forms import NEEDS_MAX, PositionForm
from homeby.web.skills.shown import stands

PAGE_SIZE = 50
DAYS_USUAL, DAYS_MAX = 60, 3650
#: Of those who can go, and of the others, so many are named, whoever comes first.
NAMED_MAX = 60


@page(*OVERSEERS)
def skill_matrix(door: Door) -> HttpResponse:
    """People by skills, gaps first."""
    opened(ReadKind.PEOPLE, what="people")
    asked = door.request.GET
    families, teams = matrix.families(door.viewer), people.team_choices(door.viewer)
    family = asked.get("family", "")
    family = family if family in families else ""
    number = int(asked["page"]) if asked.get("page", "").isdecimal() else 1
    first = PAGE_SIZE * (min(max(number, 1), 1000) - 1)
    team = key_of(asked.get("team", ""))
    found = matrix.matrix(
        door.viewer, now=door.now, family=family, team_id=team, first=first, size=PAGE_SIZE
    )
    day = today(now=door.now)
    context = {
        "columns": found.columns,
        "rows": [
            {"row": row, "cells": [stands(cell, day=day) for cell in row.cells]}
            for row in found.rows
        ],
        "page": Paginator(range(found.count), PAGE_SIZE).get_page(number),
        "query": urlencode({"family": family, "team": team or ""}) + "&",
        "families": [(one, one == family) for one in families],
        "teams": [(str(key), name, key == team) for key, name in teams],
    }
    return render(door.request, "skills/matrix.html", context)


@page(*OVERSEERS)
def ends_soon(door: Door) -> HttpResponse:
    """What ends soon, or has lapsed, and whether they were told."""
    opened(ReadKind.PEOPLE, what="people")
    days, team = _ending_asked(door)
    teams = people.team_choices(door.viewer)
    context = {
        "lines": matrix.ending(door.viewer, days=days, team_id=team, now=door.now),
        "days": days,
        "most": DAYS_MAX,
        "teams": [(str(key), name, key == team) for key, name in teams],
        "query": urlencode({"days": days, "team": team or ""}),
    }
    return render(door.request, "skills/ends_soon.html", context)


def _ending_asked(door: Door) -> tuple[int, uuid.UUID | None]:
    """Within how many days, and of which team."""
    typed = door.request.GET.get("days", "")
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(DAYS_MAX))
    days = int(typed) if is_number else DAYS_USUAL
    return min(max(days, 1), DAYS_MAX), key_of(door.request.GET.get("team", ""))


@page(*OVERSEERS)
def ends_soon_file(door: Door) -> HttpResponse:
    """The same as a table for a spreadsheet, in which no cell is a formula."""
    opened(ReadKind.PEOPLE, what="people")
    days, team = _ending_asked(door)
    lines = matrix.ending(door.viewer, days=days, team_id=team, now=door.now)
    titles = (("who", _("Who")), ("teams", _("Teams")), ("what", _("What")),
              ("through", _("Last day")), ("lapsed", _("lapsed")), ("told", _("Told")))  # fmt: skip
    word = {True: _("yes"), False: _("no")}
    rows = [
        (one.callsign, ", ".join(one.teams), one.name, one.through, word[one.is_over],
         word[one.is_warned])
        for one in lines
    ]  # fmt: skip
    columns = [ledger.Column(key=key, title=title) for key, title in titles]
    text = ledger.as_csv(columns, rows, leaving.in_one_line(now=door.now))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="homeby-ends-soon.csv"'
    return response


@page(*OVERSEERS, Role.WELFARE_OFFICER)
def asked_for(door: Door) -> HttpResponse:
    """Who is asked for which skill, how often, and what it keeps them from: counts of skills."""
    opened(ReadKind.PEOPLE, what="people")
    rows = [
        {
            "row": one,
            "kept": ", ".join(
                f"{words.word(KINDS, kind)} {count}"
                for kind, count in sorted(one.kept_from.items())
            ),
        }
        for one in asked_for_skills(door.viewer, now=door.now)
    ]
    context = {"rows": rows, "disposes": door.viewer.has_somewhere(*OVERSEERS)}
    return render(door.request, "skills/asked_for.html", context)


@page(*OVERSEERS)
def who_can_go(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """People by fit to what a mission needs, with the counts and the reasons."""
    choices = catalogue_pages.key_choices(door.viewer)
    needs = _needs_in(door.request.GET, choices)
    if needs is None:
        needs = decided.needs_said(door.viewer, mission_id)
    asked = matrix.asked_for(door.viewer, mission_id, needs, now=door.now)
    mission = missions.mission(door.viewer, mission_id)
    if asked is None or mission is None:
        raise Http404
    opened(ReadKind.STATUS, what=mission.ref,
           party=[one.person_id for one in missions.party(door.viewer, mission_id)])  # fmt: skip
    if door.request.method == "POST":
        wanted = _needs_in(door.request.POST, choices)
        if wanted is None:
            _say_why_not(door, mission_id, needs)
            return redirect(door.request.get_full_path())
        _say_needs(door, mission_id, wanted)
        return redirect(f"{door.request.path}?{urlencode(_named(wanted))}")
    context = {"mission": mission, "asked": asked, "needs": needs,
               "asked_for": _fields(needs, choices),
               "reasons": words.choices(NOT_PICKED)}  # fmt: skip
    if needs:
        found = matrix.who_can(door.viewer, asked, now=door.now)
        context |= _answer(found, _pairs(door, mission_id, found))
    return render(door.request, "skills/who_can_go.html", context)


def _needs_in(sent: QueryDict, choices: list[tuple[str, str]]) -> list[str] | None:
    """What is said to be needed, each once; None where nothing is said of it."""
    given = {key for key, _name in choices}
    said = [one for name, one in sorted(sent.items()) if name.startswith("need")]
    return list(dict.fromkeys(one for one in said if one in given))[:NEEDS_MAX] if said else None


def _say_needs(door: Door, mission_id: uuid.UUID, needs: list[str]) -> None:
    """What is looked for is kept with the mission by the tap that shows who can go. Whoever may
    only look is shown the same."""
    with suppress(Refused):
        mission_decisions.say_needs(
            mission_id=mission_id,
            needs=needs,
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )


def _say_why_not(door: Door, mission_id: uuid.UUID, needs: list[str]) -> None:
    """Why the others do not go, in one tap, for what was looked for."""
    said = door.request.POST.get("not_picked", "")
    if before := already(door):
        messages.success(door.request, before.answer)
    elif said not in NotPicked.__members__:
        messages.error(door.request, _("Choose one of the reasons."))
    else:
        try:
            answer = mission_decisions.say_why_not(
                mission_id=mission_id,
                not_picked=NotPicked(said),
                needs=needs,
                by=door.viewer,
                now=door.now,
                tap=tap_of(door.request),
            )
            messages.success(door.request, answer)
        except Refused as refused:
            messages.error(door.request, str(refused))


def _named(needs: list[str]) -> list[tuple[str, str]]:
    """What is needed by the names of its fields, with an empty one after these."""
    shown = [*needs, ""][:NEEDS_MAX]
    return [(f"need-{number}", one) for number, one in enumerate(shown)]


def _fields(needs: list[str], choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The fields of what is needed, by name, with their choices. They are no form: of so many
    choices each widget would take longer than the answer."""
    selected = mark_safe(" selected")
    return [
        (
            name,
            format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                ((key, selected if key == one else "", label) for key, label in choices),
            ),
        )
        for name, one in _named(needs)
    ]


def _pairs(door: Door, mission_id: uuid.UUID, found: WhoCanGo) -> dict[uuid.UUID, list[str]]:
    """Of each of those who are named: how often she went with those who are in the party already,
    and whom of them she likes to go with. Nothing while nobody is."""
    party = {one.person_id for one in missions.party(door.viewer, mission_id)}
    can = [one.person_id for one in found.answer.outcomes if one.taken_off is None][:NAMED_MAX]
    if not party:
        return {}
    known = pairing.together(door.viewer, [*party, *can], now=door.now)
    said: dict[uuid.UUID, list[str]] = {}
    for key in (one for one in can if one not in party):
        pairs = [one for one in known.pairs if key in one.both and party & set(one.both)]
        wishes = [both for both in known.wishes if key in both and party & set(both)]
        if pairs or wishes:
            only = replace(known, pairs=pairs, wishes=wishes)
            said[key] = [one for several in pairing.said(door.viewer, only) for one in several]
    return said


def _answer(found: WhoCanGo, pairs: dict[uuid.UUID, list[str]]) -> dict[str, Any]:
    can = [one for one in found.answer.outcomes if one.taken_off is None]
    cannot = [one for one in found.answer.outcomes if one.taken_off is not None]

    def lines(outcomes: list[Outcome]) -> list[dict[str, Any]]:
        return [
            {
                "person_id": one.person_id,
                "callsign": found.callsigns[one.person_id],
                "covers": [found.known[key].name for key in one.covers],
                "sentences": one.sentences,
                "pairs": pairs.get(one.person_id, []),
                "is_rest": one.taken_off is Sieve.RESTED,
            }
            for one in outcomes[:NAMED_MAX]
        ]

    return {
        "funnels": [one.said(found.known) for one in found.answer.funnels],
        "can": lines(can),
        "more_can": max(0, len(can) - NAMED_MAX),
        "cannot": lines(cannot),
        "more": max(0, len(cannot) - NAMED_MAX),
    }


@page()
def mission_positions(door: Door, mission_id: uuid.UUID) -> HttpResponse:
    """Who has which position on a mission."""
    mission = missions.mission(door.viewer, mission_id)
    if mission is None or not actions.may_say(door.viewer, mission_id):
        raise Http404
    party = missions.party(door.viewer, mission_id)
    opened(ReadKind.STATUS, what=mission.ref, party=[one.person_id for one in party])
    sent = door.request.POST if door.request.method == "POST" else None
    is_back = sent is not None and sent.get("act") == "take_back"
    form = PositionForm(
        None if is_back else sent,
        people=[(str(one.person_id), one.person.shown_as) for one in party
                if one.state != MemberState.STAYED],
        choices=catalogue_pages.choices(door.viewer),
        kinds=None if mission.kind else catalogue_pages.mission_kinds(door.viewer),
    )  # fmt: skip
    if sent is not None and _said(door, mission_id, form, is_back=is_back):
        return redirect("mission-positions", mission_id=mission_id)
    context = {
        "mission": mission,
        "form": form,
        "lines": catalogue_pages.positions_on(door.viewer, mission_id),
    }
    status = 422 if form.errors else 200
    return render(door.request, "skills/positions.html", context, status=status)


def _said(door: Door, mission_id: uuid.UUID, form: PositionForm, *, is_back: bool) -> bool:
    """What was sent, done; False where the page comes again with its sentences."""
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    if before := already(door):
        messages.success(door.request, before.answer)
        return True
    if not is_back and not form.is_valid():
        return False
    try:
        if is_back:
            key = key_of(door.request.POST.get("position", ""))
            if key is None:
                raise Refused(_("Choose what is taken back."))
            answer = actions.take_position_back(position_id=key, by=by, now=now, tap=tap)
        else:
            fields = _position(form.cleaned_data)
            answer = actions.say_position(
                mission_id=mission_id, fields=fields, by=by, now=now, tap=tap
            )
    except Refused as refused:
        if is_back:
            messages.error(door.request, str(refused))
            return True
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True


def _position(said: dict[str, Any]) -> PositionFields:
    return PositionFields(
        person_id=uuid.UUID(said["person"]),
        qualification_id=uuid.UUID(said["qualification"]),
        as_trainee=said["as_trainee"],
        is_exercise=said.get("is_exercise", False),
        mission_kind=said.get("mission_kind", ""),
    )
