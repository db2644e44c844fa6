"""Changes of team for the person and the leaders of both teams."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import plain
from homeby.missions import queries as missions
from homeby.missions.queries.visible import visible_missions
from homeby.missions.rules import MissionState
from homeby.people import queries as people
from homeby.people.rules import STATION, Role, Viewer
from homeby.readiness.models import DutyPerson, TeamChange, TeamChangeItem
from homeby.readiness.queries import duties
from homeby.readiness.rules.duty_planning import DutyAnswer
from homeby.readiness.rules.team_changes import ChangeState, ItemKind, Side
from homeby.watch import queries as watch

LISTED = 100
#: The station looks anew after an hour; a little longer, for it begins a little late.
ROUND_EVERY = dt.timedelta(minutes=65)


def visible_changes(viewer: Viewer | None) -> models.QuerySet[TeamChange]:
    """The person's own; those from and to her teams for a leader; for a leader of the whole
    organisation all, but of people she is kept away from."""
    if viewer is not None and viewer.is_station:
        return TeamChange.objects.all()
    if viewer is None or viewer.person_id is None:
        return TeamChange.objects.none()
    seen = Q(person_id=viewer.person_id)
    teams = viewer.teams(Role.LEADER)
    seen |= Q(from_team_id__in=teams) | Q(to_team_id__in=teams)
    found = TeamChange.objects.all() if viewer.has(Role.LEADER) else TeamChange.objects.filter(seen)
    return found.exclude(person_id__in=viewer.apart) if viewer.apart else found


def _visible_items(viewer: Viewer | None) -> models.QuerySet[TeamChangeItem]:
    return TeamChangeItem.objects.filter(change__in=visible_changes(viewer))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    TeamChange: visible_changes,
    TeamChangeItem: _visible_items,
}


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """Something to be settled, for a reader; `mission_id`, `duty_id` where she may open it."""

    id: uuid.UUID
    kind: ItemKind
    said: str
    mission_id: uuid.UUID | None
    duty_id: uuid.UUID | None
    settled_at: dt.datetime | None
    settled_by: str


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A change of team for a reader: who agreed for which side, for which sides she may."""

    row: TeamChange
    person: str
    from_team: str
    to_team: str
    agreed: dict[Side, str]
    refused_by: str
    items: list[ItemRow]
    may_agree: list[Side]
    may_withdraw: bool
    may_settle: bool


def changes(viewer: Viewer) -> list[ChangeRow]:
    """Those that the viewer may see, the newest first."""
    rows = visible_changes(viewer).select_related("from_team", "to_team")
    return [_row(viewer, one) for one in rows.order_by("-asked_at", "pk")[:LISTED]]


def change(viewer: Viewer, key: uuid.UUID) -> ChangeRow | None:
    """One of them; a look at whom it is about is recorded."""
    row = visible_changes(viewer).select_related("from_team", "to_team").filter(pk=key).first()
    if row is None:
        return None
    opened(ReadKind.PERSON, what=f"person:{row.person_id}", whose=row.person_id)
    return _row(viewer, row)


def agreed_by(row: TeamChange) -> dict[Side, uuid.UUID | None]:
    """Who has agreed for which side. No viewer: it decides who may."""
    return {
        Side.PERSON: row.person_id if row.person_agreed_at else None,
        Side.FROM: row.from_agreed_by_id,
        Side.TO: row.to_agreed_by_id,
    }


def sides_of(viewer: Viewer, row: TeamChange) -> list[Side]:
    """For which sides the viewer may speak at all: for herself as the person, else for the teams
    that she leads."""
    if viewer.person_id == row.person_id:
        return [Side.PERSON]
    teams = {Side.FROM: row.from_team_id, Side.TO: row.to_team_id}
    return [side for side, team in teams.items() if viewer.has_for(team, Role.LEADER)]


def _row(viewer: Viewer, row: TeamChange) -> ChangeRow:
    agreed = agreed_by(row)
    items = list(row.items.order_by("kind", "pk"))
    keys = {row.person_id, row.refused_by_id, *agreed.values()}
    keys |= {one.settled_by_id for one in items}
    names = people.names(key for key in keys if key not in viewer.apart)
    sides = sides_of(viewer, row)
    is_asked = row.state == ChangeState.ASKED
    open_sides = [side for side in sides if agreed[side] is None]
    spoken = viewer.person_id in agreed.values()
    return ChangeRow(
        row=row,
        person=names.get(row.person_id, "?"),
        from_team=row.from_team.name,
        to_team=row.to_team.name,
        agreed={side: names.get(key, "?") for side, key in agreed.items() if key is not None},
        refused_by=names.get(row.refused_by_id, "?") if row.refused_by_id else "",
        items=[_item(viewer, one, names) for one in items],
        may_agree=open_sides if is_asked and not spoken else [],
        may_withdraw=row.state in (ChangeState.ASKED, ChangeState.AGREED)
        and viewer.person_id in (row.person_id, row.asked_by_id),
        may_settle=row.state == ChangeState.DONE and Side.PERSON not in sides,
    )


def _item(viewer: Viewer, row: TeamChangeItem, names: dict[uuid.UUID, str]) -> ItemRow:
    kind, mission, duty = ItemKind(row.kind), None, None
    if kind is ItemKind.MISSION:
        mission = missions.mission(viewer, uuid.UUID(row.ref))
    elif kind is ItemKind.DUTY:
        duty = duties.visible_duties(viewer).filter(pk=uuid.UUID(row.ref)).first()
    shown = mission or duty
    return ItemRow(
        id=row.pk,
        kind=kind,
        said=shown.what if shown is not None else "",
        mission_id=mission.pk if mission is not None else None,
        duty_id=duty.pk if duty is not None else None,
        settled_at=row.settled_at,
        settled_by=names.get(row.settled_by_id, "?") if row.settled_by_id else "",
    )


def to_settle(
    person_id: uuid.UUID, from_team_id: uuid.UUID, *, now: dt.datetime
) -> list[tuple[ItemKind, str]]:
    """What a change of team leaves to be settled: missions planned with her for the old team, its
    duties that she is on or may still come to, and her watches ahead. No viewer: kept with the
    change, for its readers."""
    planned = visible_missions(STATION).filter(
        state=MissionState.PLANNED, party__person_id=person_id, team_id=from_team_id
    )
    found = [(ItemKind.MISSION, str(key)) for key in planned.values_list("pk", flat=True)]
    on_duty = DutyPerson.objects.filter(
        person_id=person_id,
        duty__team_id=from_team_id,
        duty__ends_at__gt=now,
        duty__cancelled_at__isnull=True,
        stood_down_at__isnull=True,
        not_picked="",
    ).exclude(answer=DutyAnswer.NO)
    in_order = on_duty.order_by("duty__starts_at").values_list("duty_id", flat=True)
    found += [(ItemKind.DUTY, str(key)) for key in in_order]
    for one in watch.bill_rows(STATION, now=now):
        if person_id in (one.watch.person_id, one.watch.deputy_id):
            found.append((ItemKind.WATCH, str(one.id)))
    return found


def due(*, now: dt.datetime) -> list[uuid.UUID]:
    """The changes that were agreed and whose hour has come. No viewer: the station carries out."""
    rows = TeamChange.objects.filter(state=ChangeState.AGREED, effective_at__lte=now)
    return list(rows.order_by("effective_at", "pk").values_list("pk", flat=True))


def waiting(*, now: dt.datetime) -> bool:
    """Whether a change that is agreed, or may be until then, counts before the next round of the
    station. No viewer: the station carries out."""
    may_be = Q(state=ChangeState.ASKED, effective_at__gt=now)  # else it counts as it is agreed
    rows = TeamChange.objects.filter(Q(state=ChangeState.AGREED) | may_be)
    return rows.filter(effective_at__lte=now + ROUND_EVERY).exists()


def teams_of(person_id: uuid.UUID) -> set[uuid.UUID]:
    """The teams to which somebody belongs now. No viewer: it decides what may be asked."""
    rows = people.visible_memberships(STATION).filter(person_id=person_id, to_at__isnull=True)
    return set(rows.values_list("team_id", flat=True))


def leaders_of(teams: Iterable[uuid.UUID], *, now: dt.datetime) -> list[uuid.UUID]:
    """Who leads one of these teams, or else the organisation. No viewer: it decides who is told."""
    found = [key for team in teams for key in people.holders(Role.LEADER, now=now, team_id=team)]
    return list(dict.fromkeys(found))


def own_data(viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's own changes of team, for her archive."""
    if viewer.person_id is None:
        return []
    rows = TeamChange.objects.filter(person_id=viewer.person_id).order_by("asked_at", "pk")
    names = ("from_team__name", "to_team__name", "reason", "asked_at", "effective_at", "state")
    return [plain(row) for row in rows.values(*names, "done_at")]
