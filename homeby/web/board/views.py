"""The board: who is out, when they are due, who looks after it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from homeby.web import context
from homeby.web.board import strips
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door, at_door, page


@page()
def home(door: Door) -> HttpResponse:
    """The first page: the board for whoever keeps watch, her missions for a member."""
    return redirect("board" if door.viewer.keeps_watch else "missions")


@page()
def places(door: Door) -> HttpResponse:
    """The live part of every page's frame: where one may go, and what waits there."""
    nav = context.places(door.viewer, at=door.request.GET.get("at", ""))
    return render(door.request, "_places.html", {"nav": nav})


def pause_bar(request: HttpRequest) -> HttpResponse:
    """The live part of the bar of a paused watch; pages without a log-in show it too."""
    door = at_door(request)
    return render(request, "_pause_bar.html", context.pause_bar(door.viewer, door.now, shown=True))


@page(*WATCHERS)
def board(door: Door) -> HttpResponse:
    """Who is out; `?wall=1` shows the board alone and larger."""
    shown = strips.board(door.viewer, now=door.now)
    shown["wall_board"] = door.request.GET.get("wall") == "1"
    return render(door.request, "board/board.html", shown)


@page(*WATCHERS)
def board_rows(door: Door) -> HttpResponse:
    """The live part of the board."""
    return render(door.request, "board/_rows.html", strips.board(door.viewer, now=door.now))
