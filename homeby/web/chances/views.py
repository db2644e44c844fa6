"""My chances: what was decided about me in my teams, counted, for nobody but me."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy

from homeby.web.chances.picture import timeline
from homeby.web.door import Door, page
from homeby.web.duties import said
from homeby.web.words import Words, word
from homeby.welfare.queries.chances import Chance, TeamChances, own_chances
from homeby.welfare.queries.of_missions import KIND as MISSION
from homeby.welfare.rules import said_of_chances as words
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
    }
    return render(door.request, "chances/mine.html", context)


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
