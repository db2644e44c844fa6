"""Which season of callsigns it is, who waits for one, and what has been given before."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.logbook.queries import visible_entries
from homeby.people.models import CallsignDue, CallsignSeason, Person, Team
from homeby.people.rules import PERSON_ADDED, PERSON_CHANGED, STATION, Role, Viewer


def _office(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    """Whoever may begin a season; nobody else need know who waits for a callsign."""

    def visible(viewer: Viewer | None) -> Any:
        rows = model._default_manager.all()
        may = viewer is not None and (viewer.is_station or viewer.has(Role.ADMINISTRATOR))
        return rows if may else rows.none()

    return visible


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    CallsignSeason: _office(CallsignSeason),
    CallsignDue: _office(CallsignDue),
}


@dataclass(frozen=True, kw_only=True)
class SeasonFacts:
    """The season that it is, and how many still wait for its callsign."""

    number: int
    begun_at: dt.datetime
    waiting: int


def season(viewer: Viewer | None) -> SeasonFacts | None:
    """The season that it is; None before the first. Two queries."""
    row = VISIBLE[CallsignSeason](viewer).order_by("-number").first()
    if row is None:
        return None
    waiting = VISIBLE[CallsignDue](viewer).filter(person__is_active=True).count()
    return SeasonFacts(number=row.number, begun_at=row.begun_at, waiting=waiting)


def has_seasons() -> bool:
    """Whether callsigns are drawn here. No viewer: it decides what a new person is called. One
    query."""
    return CallsignSeason.objects.exists()


def waiting() -> list[uuid.UUID]:
    """Who waits for a callsign. No viewer: ids, for the draw. One query."""
    rows = CallsignDue.objects.filter(person__is_active=True).order_by("pk")
    return list(rows.values_list("person_id", flat=True))


def taken() -> set[str]:
    """All that anybody, a team included, is called or ever was, as far as the logbook has it, in
    lower case. No viewer: for the draw, which shows none of it. Three queries."""
    said = set(Person.objects.values_list("callsign", flat=True))
    said |= set(Team.objects.values_list("callsign", flat=True))
    entries = visible_entries(STATION).filter(kind__in=[PERSON_ADDED, PERSON_CHANGED])
    bodies = entries.filter(content__body__contains='"callsign"')
    for text in bodies.values_list("content__body", flat=True).iterator():
        for _how, table, _key, values in json.loads(text or "{}").get("rows", []):
            if table == "people.person" and "callsign" in values:
                said.add(values["callsign"])
    return {one.casefold() for one in said if one}
