"""Who is kept away from whom. Both directions count alike; nobody learns from it who filed it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from homeby.database.asked import AskedOf
from homeby.people.models import Person, StayAway
from homeby.people.rules import Role, Viewer
from homeby.people.rules_callsigns import stand_in

#: Whoever was erased is nobody, and kept away from nobody.
_HOLDS = Q(ended_at__isnull=True, other_id__isnull=False)
_PAIRS = AskedOf(
    lambda keys: StayAway.objects.filter(
        Q(person_id__in=keys) | Q(other_id__in=keys), _HOLDS
    ).values_list("person_id", "other_id")
)


def apart_from(person_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    """Of these people, those who are kept away from somebody, and from whom. No viewer: it decides
    who is told and who is crewed, and is shown to nobody. One query."""
    wanted = dict.fromkeys(person_ids)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for one, other in _PAIRS.rows(wanted):
        for key, away in ((one, other), (other, one)):
            if key in wanted:
                found.setdefault(key, set()).add(away)
    return {key: frozenset(away) for key, away in found.items()}


@dataclass(frozen=True, kw_only=True)
class ReadAs:
    """What messages call some people, by who reads them."""

    called: Mapping[uuid.UUID, str]
    away: Mapping[uuid.UUID, frozenset[uuid.UUID]]

    def to(self, reader: uuid.UUID) -> Mapping[uuid.UUID, str]:
        """As pages show them to this reader: whom she is kept away from by a stand-in."""
        hidden = (one for one, others in self.away.items() if reader in others)
        return {**self.called, **{one: stand_in(one) for one in hidden}}


def read_as(person_ids: Iterable[uuid.UUID | None]) -> ReadAs:
    """What messages that name these people call them to each who reads one. No viewer: the reader
    is named when it is written. Two queries."""
    keys = {key for key in person_ids if key is not None}
    called = {row.pk: row.shown_as for row in Person.objects.filter(pk__in=keys)}
    return ReadAs(called=called, away=apart_from(called))


def apart_since(party: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.datetime]:
    """Who is kept away from one of these people, and since when at the latest. No viewer: it
    decides who is told. One query."""
    found: dict[uuid.UUID, dt.datetime] = {}
    rows = StayAway.objects.filter(Q(person_id__in=party) | Q(other_id__in=party), _HOLDS)
    for one, other, at in rows.order_by("filed_at").values_list(
        "person_id", "other_id", "filed_at"
    ):
        found |= {key: at for key, of in ((one, other), (other, one)) if of in party}
    return found


def kept_since(viewer: Viewer) -> dict[uuid.UUID, dt.datetime]:
    """Whom the viewer is kept away from, and since when at the latest. One query. No page says it:
    it decides which alarm came to her although she is."""
    rows = StayAway.objects.filter(
        Q(person_id=viewer.person_id) | Q(other_id=viewer.person_id), _HOLDS
    )
    found = rows.order_by("filed_at").values_list("person_id", "other_id", "filed_at")
    return {other if one == viewer.person_id else one: at for one, other, at in found}


def filed(viewer: Viewer) -> tuple[frozenset[uuid.UUID], tuple[tuple[uuid.UUID, dt.datetime], ...]]:
    """By whom the viewer is kept away, and from whom since when, either way round. No page says it:
    it decides whose looks she reads of. One query, and none for whom nothing was filed."""
    if viewer.person_id is None or not viewer.apart:
        return frozenset(), ()
    me = viewer.person_id
    rows = StayAway.objects.filter(Q(person_id=me) | Q(other_id=me), _HOLDS)
    found = list(rows.values_list("person_id", "other_id", "filed_at"))
    against = frozenset(one for one, other, _at in found if other == me)
    return against, tuple((other if one == me else one, at) for one, other, at in found)


def visible_stay_aways(viewer: Viewer | None) -> QuerySet[StayAway]:
    """Whoever it was filed for sees it, and a welfare officer, but not one whom it is about, nor
    what is of others whom she is kept away from herself."""
    if viewer is None:
        return StayAway.objects.none()
    if viewer.is_station:
        return StayAway.objects.all()
    if viewer.person_id is None:
        return StayAway.objects.none()
    seen = Q(person_id=viewer.person_id)
    if viewer.has(Role.WELFARE_OFFICER):
        theirs = Q(person_id__in=viewer.apart) | Q(other_id__in=viewer.apart)
        seen |= ~Q(other_id=viewer.person_id) & ~theirs
    return StayAway.objects.filter(seen)


def stay_aways(viewer: Viewer | None) -> list[StayAway]:
    """Those that hold and that the viewer may see, the newest first. One query."""
    rows = visible_stay_aways(viewer).filter(ended_at__isnull=True)
    return list(rows.select_related("person", "other").order_by("-filed_at", "pk"))
