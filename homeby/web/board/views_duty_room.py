"""What hangs and lies in the duty room beside the board: the siren, and T-cards on paper."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from homeby.logbook.queries import visible_checkpoints
from homeby.missions.queries.cards import cards as cards_of
from homeby.web.board import siren as sirens
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door, page
from homeby.web.qr import square


@page(*WATCHERS)
def siren(door: Door) -> HttpResponse:
    """A screen that is red and loud while an alarm waits for somebody to take it."""
    return render(door.request, "board/siren.html", sirens.siren(door.viewer))


@page(*WATCHERS)
def siren_state(door: Door) -> HttpResponse:
    """The live part of the siren."""
    return render(door.request, "board/_siren.html", sirens.siren(door.viewer))


@page(*WATCHERS)
def cards(door: Door) -> HttpResponse:
    """A T-card for each party that is out, to be printed and written on by hand."""
    made = cards_of(door.viewer, now=door.now)
    heads = sum(len(card.names) for card in made)
    context = {"cards": made, "heads": heads, "by": door.viewer.name, "proof": _proof(door)}
    return render(door.request, "board/cards.html", context)


def _proof(door: Door) -> dict[str, Any] | None:
    """The newest checkpoint of the logbook: on paper nobody who has the machine can change it."""
    kept = visible_checkpoints(door.viewer).order_by("-size").first()
    if kept is None:
        return None
    lines = kept.note.split("\n\n")[0].splitlines()
    return {"kept_at": kept.kept_at, "lines": lines, "square": square(kept.note)}
