"""The board: who is out, when they are due, who looks after it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from homeby.web.board import strips
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door, page


@page()
def home(door: Door) -> HttpResponse:
    """The first page: the board for whoever keeps watch, her missions for a member."""
    return redirect("board" if door.viewer.keeps_watch else "missions")


@page(*WATCHERS)
def board(door: Door) -> HttpResponse:
    """Who is out; `?wall=1` shows the board alone and larger."""
    context = strips.board(door.viewer, now=door.now)
    context["wall_board"] = door.request.GET.get("wall") == "1"
    return render(door.request, "board/board.html", context)


@page(*WATCHERS)
def board_rows(door: Door) -> HttpResponse:
    """The live part of the board."""
    context = strips.board(door.viewer, now=door.now)
    return render(door.request, "board/_rows.html", context)
