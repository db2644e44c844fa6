"""The board: who is out, when they are due, who looks after it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string

from homeby.web import context
from homeby.web.board.dressed import Looking, Picture
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door, at_door, page
from homeby.web.open_screens import is_seen


@page()
def home(door: Door) -> HttpResponse:
    """The first page: the board for whoever keeps watch, her missions for a member."""
    return redirect("board" if door.viewer.watches_some else "missions")


@page()
def places(door: Door) -> HttpResponse:
    """The live part of every page's frame: where one may go, and what waits there."""
    nav = context.places(door.viewer, at=door.request.GET.get("at", ""))
    return render(door.request, "_places.html", {"nav": nav})


def pause_bar(request: HttpRequest) -> HttpResponse:
    """The live part of the bar of a paused watch; pages without a log-in show it too."""
    door = at_door(request)
    unnamed = is_seen(request) or "unnamed" in request.GET
    said = context.pause_bar(door.viewer, door.now, shown=True, unnamed=unnamed)
    return render(request, "_pause_bar.html", said)


@page(*WATCHERS)
def board(door: Door) -> HttpResponse:
    """Who is out; `?wall=1` shows the board alone and larger."""
    with Looking(door.viewer, zone=door.zone, now=door.now) as looking:
        picture = looking.picture()
    shown = {**_shown(picture), "wall_board": door.request.GET.get("wall") == "1"}
    page = render_to_string("board/board.html", shown, request=door.request)
    return HttpResponse(_with_rows(page, picture))


@page(*WATCHERS)
def board_rows(door: Door) -> HttpResponse:
    """The live part of the board: nothing (304) for who has this picture; with `?since=` what is
    new since that version, as JSON; else the whole."""
    request, since = door.request, door.request.GET.get("since", "")
    with Looking(door.viewer, zone=door.zone, now=door.now) as looking:
        etag = looking.etag
        if request.headers.get("If-None-Match") == etag:
            return HttpResponse(status=304, headers={"ETag": etag})
        changes = looking.changes(since) if since else None
        if changes is not None:
            return JsonResponse(asdict(changes), headers={"ETag": etag})
        picture = looking.picture()
    whole = _with_rows(render_to_string("board/_rows.html", _shown(picture)), picture)
    return HttpResponse(whole, headers={"ETag": etag, "X-Homeby-Version": picture.version})


def _shown(picture: Picture) -> dict[str, Any]:
    """A picture as `board/_rows.html` wants it."""
    return {
        "version": picture.version,
        "top": picture.top,
        "any": picture.above["any"],
        "unconfirmed": picture.above["unconfirmed"],
    }


def _with_rows(page: str, picture: Picture) -> bytes:
    """The rows put in their place once the page is whole: each template on the way would copy them,
    and of ten thousand people they are ten megabytes. Text of people cannot hold the mark: in it
    `<` is escaped."""
    before, mark, behind = page.encode().partition(ROWS)
    return b"".join((before, *picture.rows, behind)) if mark else before


ROWS = b"<!--rows-->"
