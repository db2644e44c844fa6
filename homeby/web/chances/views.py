"""My chances: what was decided about me in my teams, counted, for nobody but me."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from homeby.logbook.reading import ReadKind, opened
from homeby.people import queries as people
from homeby.web.care import shown
from homeby.web.chances.picture import timeline
from homeby.web.door import Door, page
from homeby.web.duties import said
from homeby.web.words import Words, word
from homeby.welfare.queries.behind import Behind, behind, own_signals
from homeby.welfare.queries.chances import Chance, TeamChances, own_chances
from homeby.welfare.queries.of_missions import KIND as MISSION
from homeby.welfare.queries.switch import search
from homeby.welfare.rules import said_of_chances as words
from homeby.welfare.rules.concerns import ref_of
from homeby.welfare.rules.said_of_chances import Said

#: What an activity is called: a duty by its kind, or a mission.
KINDS: Words = {**said.KINDS, MISSION: gettext_lazy("mission")}


@page()
def my_chances(door: Door) -> HttpResponse:
    """My own chances of the last year in each of my teams, whether anything was ever raised or
    not."""
    context = {
        "teams": [_team(door, one) for one in own_chances(door.viewer, now=door.now)],
        "not_counted": words.not_counted(),
        "not_why": words.not_why(),
        "signals": own_signals(door.viewer),
        "search": search(door.viewer),
    }
    return render(door.request, "chances/mine.html", context)


@page()
def evidence(door: Door, concern_id: uuid.UUID) -> HttpResponse:
    """What stands behind a signal, for her and for the welfare officer who looks after her."""
    found = behind(door.viewer, concern_id, now=door.now)
    if not found:
        raise Http404
    opened(ReadKind.CONCERN, what=ref_of(concern_id), whose=found[0].person_id)
    is_mine = found[0].person_id == door.viewer.person_id
    context = {
        "signals": [_signal(door, one) for one in found],
        "who": "" if is_mine else people.names([found[0].person_id]).get(found[0].person_id, "?"),
        "is_mine": is_mine,
        "explained": [] if is_mine else shown.explained(door, concern_id),
        "concern_id": concern_id,
    }
    return render(door.request, "chances/evidence.html", context)


def _signal(door: Door, one: Behind) -> dict[str, Any]:
    if one.stretch is None:
        return {"one": one, "words": None}
    told = words.evidence(
        one.stretch, one_in_years=one.one_in_years, people=one.people, zone=door.zone
    )
    return {
        "one": one,
        "words": told,
        "picture": timeline([*one.earlier, *one.chances], zone=door.zone, since=one.chances[0].at),
        "said": counted_from(told.said, one.chances),
        "asked": words.was_asked(one.asked) if sum(one.asked) else "",
    }


def _team(door: Door, one: TeamChances) -> dict[str, Any]:
    return {
        "one": one,
        "picture": timeline(one.chances, zone=door.zone),
        "said": counted_from(one.said, one.chances),
        "is_few": one.people < words.FEW,
    }


def counted_from(said: Iterable[Said], chances: Sequence[Chance]) -> list[dict[str, Any]]:
    """Each sentence with what it is counted from, the newest first."""
    return [
        {
            "said": one,
            "behind": [_row(each) for each in reversed(chances) if each.channel is one.channel],
        }
        for one in said
    ]


def _row(one: Chance) -> dict[str, Any]:
    kind, _colon, key = (one.ref or "").partition(":")
    return {
        "at": one.at,
        "kind": word(KINDS, one.kind),
        "well": one.well,
        "url": reverse(kind, args=[key]) if kind else "",
    }
