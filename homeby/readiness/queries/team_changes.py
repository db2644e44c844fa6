"""Changes of team for the person and the leaders of both teams."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import plain
from homeby.people import queries as people
from homeby.people.rules import STATION, Role, Viewer
from homeby.readiness.models import TeamChange, TeamChangeItem
from homeby.readiness.queries.team_change_items import Named, named, owner_of, states, to_settle
from homeby.readiness.rules.team_changes import OPEN, ChangeState, ItemKind, ItemState, Side

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
    """Something that a change left, for a reader: what it is, where it stands, who sees to it, what
    the reader may do with it (`settle`, `take`)."""

    id: uuid.UUID
    kind: ItemKind
    what: Named
    state: ItemState
    owner: str
    settled_at: dt.datetime | None
    settled_by: str
    may: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """A change of team for a reader: who agreed for which side, for which sides she may. `ahead`:
    what it would leave if it counted now; `open_count`: how much of what it left is not settled."""

    row: TeamChange
    person: str
    from_team: str
    to_team: str
    agreed: dict[Side, str]
    refused_by: str
    items: list[ItemRow]
    ahead: list[tuple[ItemKind, Named]]
    open_count: int
    may_agree: list[Side]
    may_withdraw: bool


def changes(viewer: Viewer, *, now: dt.datetime) -> list[ChangeRow]:
    """Those that the viewer may see, the newest first, but before them those that have left
    something that is not settled."""
    rows = visible_changes(viewer).select_related("from_team", "to_team")
    waits = Q(items__settled_at__isnull=True) & ~Q(items__kind=ItemKind.ROLE)
    left = rows.filter(waits, state=ChangeState.DONE).distinct()
    found = {one.pk: one for one in left.order_by("-asked_at", "pk")}
    items = _items_of(found.values(), now=now)
    still = [one for one in found.values() if _open_count(items.get(one.pk, []))]
    newest = [*still, *rows.order_by("-asked_at", "pk")[:LISTED]]
    listed = list({one.pk: one for one in newest}.values())[:LISTED]
    return [_row(viewer, one, items=items.get(one.pk, [])) for one in listed]


def change(viewer: Viewer, key: uuid.UUID, *, now: dt.datetime) -> ChangeRow | None:
    """One of them; a look at whom it is about is recorded."""
    row = visible_changes(viewer).select_related("from_team", "to_team").filter(pk=key).first()
    if row is None:
        return None
    opened(ReadKind.PERSON, what=f"person:{row.person_id}", whose=row.person_id)
    items = _items_of([row], now=now).get(row.pk, [])
    ahead: list[tuple[ItemKind, Named]] = []
    if row.state in OPEN:
        left = to_settle(row.person_id, row.from_team_id, now=now)
        ahead = [(kind, named(viewer, kind, ref)) for kind, ref in left]
    return _row(viewer, row, items=items, ahead=ahead)


def _items_of(
    rows: Iterable[TeamChange], *, now: dt.datetime
) -> dict[uuid.UUID, list[tuple[TeamChangeItem, ItemState]]]:
    keys = [one.pk for one in rows]
    found = TeamChangeItem.objects.filter(change__in=keys).select_related("change")
    items = list(found.order_by("kind", "pk")) if keys else []
    stand = states(items, now=now)
    by_change: dict[uuid.UUID, list[tuple[TeamChangeItem, ItemState]]] = {}
    for one in items:
        by_change.setdefault(one.change_id, []).append((one, stand[one.pk]))
    return by_change


def _open_count(items: Iterable[tuple[TeamChangeItem, ItemState]]) -> int:
    return sum(state is ItemState.OPEN for _one, state in items)


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


def may_with(viewer: Viewer, item: TeamChangeItem, state: ItemState) -> frozenset[str]:
    """What the viewer may do with something that is open: whoever sees to it, and the leaders of
    both teams but for herself, say that it stays; those leaders take it over."""
    if state is not ItemState.OPEN or viewer.person_id is None:
        return frozenset()
    row, owner = item.change, owner_of(item)
    is_leader = Side.PERSON not in sides_of(viewer, row) and bool(sides_of(viewer, row))
    found = {"settle"} if is_leader or viewer.person_id == owner else set()
    found |= {"take"} if is_leader and viewer.person_id != owner else set()
    return frozenset(found)


def _row(
    viewer: Viewer,
    row: TeamChange,
    *,
    items: list[tuple[TeamChangeItem, ItemState]],
    ahead: Sequence[tuple[ItemKind, Named]] = (),
) -> ChangeRow:
    agreed = agreed_by(row)
    keys = {row.person_id, row.refused_by_id, *agreed.values()}
    keys |= {one.settled_by_id for one, _state in items} | {owner_of(one) for one, _state in items}
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
        items=[_item(viewer, one, state, names) for one, state in items],
        ahead=list(ahead),
        open_count=_open_count(items),
        may_agree=open_sides if is_asked and not spoken else [],
        may_withdraw=row.state in (ChangeState.ASKED, ChangeState.AGREED)
        and viewer.person_id in (row.person_id, row.asked_by_id),
    )


def _item(
    viewer: Viewer, row: TeamChangeItem, state: ItemState, names: dict[uuid.UUID, str]
) -> ItemRow:
    kind, owner = ItemKind(row.kind), owner_of(row)
    return ItemRow(
        id=row.pk,
        kind=kind,
        what=named(viewer, kind, row.ref),
        state=state,
        owner=names.get(owner, "?") if owner is not None else "",
        settled_at=row.settled_at,
        settled_by=names.get(row.settled_by_id, "?") if row.settled_by_id else "",
        may=may_with(viewer, row, state),
    )


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
