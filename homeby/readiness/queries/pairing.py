"""Who went with whom and who likes to, for whoever picks a crew: of what the viewer may see."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import plain
from homeby.missions.queries.duties import went_together
from homeby.missions.queries.visible import visible_party
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.in_teams import own_teams, team_people
from homeby.people.queries.led import of_role
from homeby.people.rules import Viewer
from homeby.readiness.models import PairWish
from homeby.readiness.queries import days
from homeby.readiness.queries.duties import visible_duty_people
from homeby.readiness.queries.duty_access import ON, PLANNERS
from homeby.readiness.rules import pairing as rules
from homeby.readiness.rules.duty_planning import Attended
from homeby.readiness.rules.pairing import Went


def visible_wishes(viewer: Viewer | None) -> models.QuerySet[PairWish]:
    """Her own; those of the people for whom the viewer plans, but never that somebody wishes to go
    with herself; none about anybody she is kept away from."""
    rows = PairWish.objects.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    own = models.Q(person_id=viewer.person_id)
    theirs = models.Q() if viewer.has(*PLANNERS) else of_role(viewer, *PLANNERS, column="person_id")
    rows = rows.filter(own | (theirs & ~models.Q(other_id=viewer.person_id)))
    return rows.exclude(person_id__in=viewer.apart).exclude(other_id__in=viewer.apart)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {PairWish: visible_wishes}


@dataclass(frozen=True, kw_only=True)
class Together:
    """What is said of some people to whoever picks: who went with whom, who likes to; and when each
    of them was on something last, of what the viewer sees."""

    pairs: list[rules.Pair]
    wishes: list[tuple[uuid.UUID, uuid.UUID]]
    last: dict[uuid.UUID, dt.datetime]


def together(viewer: Viewer, person_ids: Collection[uuid.UUID], *, now: dt.datetime) -> Together:
    """Of these people, half a year back. A look at each of whom it says something is recorded.
    Four queries, besides those that ask what the viewer sees."""
    keys = [key for key in dict.fromkeys(person_ids) if key not in viewer.apart]
    went = _went(viewer, keys, now=now)
    away = apart_from(keys)
    wished = visible_wishes(viewer).filter(person_id__in=keys, other_id__in=keys)
    wishes = [
        (person, other)
        for person, other in wished.order_by("said_at", "pk").values_list("person_id", "other_id")
        if other not in away.get(person, frozenset())
    ]
    last = rules.last_out(went)
    for key in sorted({*last, *(one for both in wishes for one in both)}, key=str):
        opened(ReadKind.STATUS, what=f"person:{key}", whose=key)
    return Together(pairs=rules.pairs(went), wishes=wishes, last=last)


def _went(viewer: Viewer, keys: Collection[uuid.UUID], *, now: dt.datetime) -> list[Went]:
    since = now - rules.HALF_YEAR
    out = visible_party(viewer).filter(person_id__in=keys, out_at__gte=since, out_at__lte=now)
    found = [
        Went(f"mission:{mission}", person, at)
        for mission, person, at in out.values_list("mission_id", "person_id", "out_at")
        if at is not None
    ]
    on = visible_duty_people(viewer).filter(
        ON,
        person_id__in=keys,
        duty__starts_at__gte=since,
        duty__starts_at__lte=now,
        duty__cancelled_at__isnull=True,
    )
    on = on.exclude(attended__in=(Attended.EXCUSED, Attended.NOT_THERE))
    found += [
        Went(f"duty:{duty}", person, at)
        for duty, person, at in on.values_list("duty_id", "person_id", "duty__starts_at")
    ]
    return found


def said(viewer: Viewer, found: Together) -> tuple[list[str], list[str]]:
    """The same in sentences: who went together, who likes to. One query."""
    named = {key for one in found.pairs for key in one.both}
    named |= {key for both in found.wishes for key in both}
    names = people.names(named, to=viewer)
    zone = days.zone()
    return (
        rules.said_of_pairs(found.pairs, names=names, zone=zone),
        rules.said_of_wishes(found.wishes, names=names),
    )


def own_wishes(viewer: Viewer) -> list[tuple[uuid.UUID, str]]:
    """With whom the viewer likes to go, by the key of the wish and what screens call them."""
    if viewer.person_id is None:
        return []
    rows = list(visible_wishes(viewer).filter(person_id=viewer.person_id))
    names = people.names([row.other_id for row in rows], to=viewer)
    found = [(row.pk, names.get(row.other_id, "?")) for row in rows]
    return sorted(found, key=lambda one: one[1].casefold())


def wishable(viewer: Viewer) -> list[tuple[uuid.UUID, str]]:
    """With whom she may say that she likes to go: people of her teams, and with whom she was out;
    nobody from whom she is kept away. A few queries."""
    if viewer.person_id is None:
        return []
    found = dict(went_together(viewer))
    keys = [key for team in own_teams(viewer) for key in team_people(viewer, team)]
    found |= people.names([key for key in keys if key not in found], to=viewer)
    said_already = PairWish.objects.filter(person_id=viewer.person_id).values_list("other_id")
    out = {viewer.person_id, *viewer.apart, *(key for (key,) in said_already)}
    shown = [(key, name) for key, name in found.items() if key not in out]
    return sorted(shown, key=lambda one: one[1].casefold())


def own_data(viewer: Viewer) -> list[dict[str, Any]]:
    """With whom the viewer likes to go, for her archive."""
    if viewer.person_id is None:
        return []
    rows = visible_wishes(viewer).filter(person_id=viewer.person_id).order_by("said_at", "pk")
    return [plain(row) for row in rows.values("other_id", "said_at")]
