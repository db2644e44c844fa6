"""When people were, are, or will be out, for the rules of rest."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from homeby.database.asked import NOW, AskedOf
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries.visible import visible_party
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import PersonKind, Role, Viewer

_OVER = (MissionState.CANCELLED, MissionState.UNCONFIRMED)


class Outing(NamedTuple):
    """One person on one mission: out since (planned: None), back since; expected back, while she is
    not. Of many people there are many."""

    person_id: uuid.UUID
    mission_id: uuid.UUID
    out_at: dt.datetime | None
    back_at: dt.datetime | None
    due_at: dt.datetime | None


def _outings(keys: Collection[uuid.UUID]) -> QuerySet[PartyMember, Any]:
    # By people, and their missions one by one: joined, SQLite goes by all missions there are.
    mission = Mission.objects.filter(pk=OuterRef("mission_id"))
    rows = PartyMember.objects.filter(
        Q(back_at__isnull=True) | Q(back_at__gt=NOW),
        ~Exists(mission.filter(state__in=_OVER)),
        person_id__in=keys,
    )
    rows = rows.exclude(state=MemberState.STAYED)
    due_at = Case(When(back_at__isnull=True, then=Subquery(mission.values("due_at"))))
    return rows.values_list("person_id", "mission_id", "out_at", "back_at", due_at)


_OUTINGS = AskedOf(_outings)


def outings_of(person_ids: Collection[uuid.UUID], *, since: dt.datetime) -> list[Outing]:
    """What these people were out on since an instant, are out on or are planned for, in any order.
    No viewer: it decides who rests, and is shown to nobody as it is. One query for a thousand
    people."""
    return [Outing._make(row) for row in _OUTINGS.rows(person_ids, now=since)]


@dataclass(frozen=True, kw_only=True)
class Back:
    """Somebody who is back from a mission."""

    person_id: uuid.UUID
    mission_id: uuid.UUID
    team_id: uuid.UUID | None
    callsign: str
    what: str
    out_at: dt.datetime
    back_at: dt.datetime
    is_hard: bool


def back_since(
    viewer: Viewer | None,
    roles: Collection[Role],
    *,
    since: dt.datetime,
    mission_id: uuid.UUID | None = None,
) -> list[Back]:
    """Who came in since an instant from a mission that the viewer leads, or for which she holds one
    of these roles (of one of them alone, if so asked); the longest back first. One query."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = visible_party(viewer).filter(state=MemberState.BACK, back_at__gt=since)
    rows = rows if mission_id is None else rows.filter(mission_id=mission_id)
    rows = rows.filter(person__kind=PersonKind.HUMAN, person__is_active=True)
    if not viewer.has(*roles):
        rows = rows.filter(
            Q(mission__leader_id=viewer.person_id) | Q(mission__team_id__in=viewer.teams(*roles))
        )
    rows = rows.select_related("person", "mission").order_by("back_at", "pk").distinct()
    return [
        Back(
            person_id=row.person_id,
            mission_id=row.mission_id,
            team_id=row.mission.team_id,
            callsign=row.person.shown_as,
            what=row.mission.what,
            out_at=row.out_at,
            back_at=row.back_at,
            is_hard=_is_hard(row.mission),
        )
        for row in rows
        if row.out_at is not None and row.back_at is not None
    ]


def hard_and_over(*, since: dt.datetime) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The hard missions whose last one came back since an instant, each with everybody who was out
    on it. No viewer: to each of them the same is said. Two queries."""
    over = Mission.objects.filter(state=MissionState.BACK, back_at__gt=since).order_by("back_at")
    found: dict[uuid.UUID, list[uuid.UUID]] = {one.pk: [] for one in over if _is_hard(one)}
    rows = PartyMember.objects.filter(mission_id__in=found, state=MemberState.BACK)
    rows = rows.filter(person__kind=PersonKind.HUMAN, person__is_active=True).order_by("pk")
    for mission_id, person_id in rows.values_list("mission_id", "person_id"):
        found[mission_id].append(person_id)
    return found


def _is_hard(mission: Mission) -> bool:
    """Whether a mission was a hard one, for all of its party alike: trouble was said of it, or its
    call-out time passed before everybody was back."""
    ended = mission.back_at
    late = ended is not None and mission.call_out_at is not None and ended > mission.call_out_at
    return bool(mission.is_trouble or late)


def hard_missions(person_id: uuid.UUID, *, since: dt.datetime) -> bool:
    """Whether this person was on a hard mission since an instant: then support is offered to her as
    to all of its party. No viewer: it is said to herself only. One query."""
    rows = PartyMember.objects.filter(person_id=person_id, back_at__gt=since)
    return any(_is_hard(row.mission) for row in rows.select_related("mission"))


def went_together(viewer: Viewer | None) -> dict[uuid.UUID, str]:
    """Whom the viewer was, is or will be out with, by callsign; nobody whom she is kept away from.
    Whether they are back it does not say. Two queries."""
    if viewer is None or viewer.person_id is None:
        return {}
    own = PartyMember.objects.filter(person_id=viewer.person_id)
    missions = list(own.order_by("-mission__out_at").values_list("mission_id", flat=True)[:30])
    rows = PartyMember.objects.filter(mission_id__in=missions, person__kind=PersonKind.HUMAN)
    rows = rows.exclude(person_id=viewer.person_id).exclude(person_id__in=viewer.apart)
    found = {row.person_id: row.person.shown_as for row in rows.select_related("person")}
    return dict(sorted(found.items(), key=lambda one: one[1].lower()))
