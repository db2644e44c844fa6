"""Who opens all addresses in the crawl, and what of pages need not be made again each time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client

from homeby.watch import queries as _watch
from homeby.web import context, middleware
from tests.promises.crawling import ACT, API, OPEN, PAGE, SAME, SECRET, Village
from tests.rooms.api_client import Programs
from tests.rooms.devices import kiosk
from tests.rooms.pages import Pages


def errors_once(patch: pytest.MonkeyPatch) -> None:
    """Draw an error page once for each person and sentence: around the sentence it is the frame
    that stands on all of their pages, and half of a crawl ends on one. Called again when something
    has happened."""
    drawn: dict[tuple[Any, ...], str] = {}

    def draw(template: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        who = request.user.pk if request is not None else None
        key = (template, who, *(str(value) for value in context.values()))
        if who is None or key not in drawn:
            drawn[key] = render_to_string(template, context, request=request)
        return drawn[key]

    patch.setattr(middleware, "render_to_string", draw)
    patch.setattr(context, "watch", _AlarmsOnce())


class _AlarmsOnce:
    """The watch for the frame of a page, which counts the alarms of each viewer once."""

    def __init__(self) -> None:
        self._found: dict[Any, list[Any]] = {}

    def open_alarms(self, viewer: Any) -> list[Any]:
        if viewer.person_id not in self._found:
            self._found[viewer.person_id] = _watch.open_alarms(viewer)
        return self._found[viewer.person_id]

    def __getattr__(self, name: str) -> Any:
        return getattr(_watch, name)


#: Who sends every form empty; the others press the buttons that they were offered.
POSTING = ("outsider", "head", "admin")


@dataclass
class Looking:
    """Somebody at all the addresses of some kinds; `posts` are those whose forms they send."""

    client: Client
    kinds: frozenset[str]
    posts: frozenset[str] = frozenset()


def lookers(
    here: Village, patch: pytest.MonkeyPatch, who: tuple[str, ...]
) -> Iterator[tuple[str, Looking]]:
    """These people, each with a browser and a program; a kiosk; nobody. Secret links are opened by
    whoever was forwarded one: a member, an officer, nobody. Each must be answered the same."""
    pages, programs = Pages(here.world, patch), Programs(here.world, patch)
    seen = frozenset({PAGE, OPEN})
    for one in who:
        #: An act answers nobody's GET, and a file everybody's alike.
        kinds = seen | {ACT, SAME, SECRET} if one == "outsider" else seen
        kinds = seen | {SECRET} if one == "head" else kinds
        posts = seen | {ACT} if one in POSTING else frozenset({OPEN})
        yield one, Looking(pages.as_(one), kinds, posts)
        program = programs.of(one)
        yield one, Looking(Client(headers=program.headers), frozenset({API}))
    yield "nobody", Looking(Client(), seen | {SECRET, API, ACT, SAME}, posts=seen | {SECRET, ACT})
    device = Client(headers={"Authorization": f"Bearer {kiosk(here.world).key}"})
    yield "kiosk", Looking(device, frozenset({OPEN, API, PAGE}))
