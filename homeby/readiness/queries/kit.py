"""Kit as it stands: what is where, who has it for whoever may know, what a party carries."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.logbook.rules import plain
from homeby.missions.queries.home import known_with
from homeby.missions.queries.visible import visible_missions, visible_party
from homeby.missions.rules import MemberState
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import KitContent, KitItem
from homeby.readiness.queries import days
from homeby.readiness.rules import kit as rules
from homeby.readiness.rules.kit import KitFacts, KitState, Part

#: Who keeps the kit room: adds, changes, ends.
KEEPERS = (Role.ADMINISTRATOR, Role.LEADER, Role.GATE_KEEPER)
#: So many days ahead a date is shown.
SOON_DAYS = 30


def visible_kit(viewer: Viewer | None) -> models.QuerySet[KitItem]:
    """Things are known to everybody who logs in; who has one is asked for apart. What is issued to
    somebody from whom the viewer is kept away is nothing to her, unless she has it."""
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return KitItem.objects.none()
    rows = KitItem.objects.all()
    if not viewer.apart:
        return rows
    hers = Q(issued_to_id__isnull=False, issued_to_id__in=viewer.apart)
    return rows.filter(~hers | Q(held_by_id=viewer.person_id))


def _listed(viewer: Viewer | None) -> models.QuerySet[KitItem]:
    """What stands on a list. A thing that is issued to somebody tells by its state whether she is
    here, so only she reads of it, whoever has it, and those who watch over everybody; whoever holds
    it in her hand opens its page by its code."""
    rows = visible_kit(viewer)
    if viewer is None or viewer.keeps_watch:
        return rows
    own = Q(issued_to_id=viewer.person_id) | Q(held_by_id=viewer.person_id)
    return rows.filter(Q(issued_to_id__isnull=True) | own)


def _visible_contents(viewer: Viewer | None) -> models.QuerySet[KitContent]:
    return KitContent.objects.filter(item__in=visible_kit(viewer))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    KitItem: visible_kit,
    KitContent: _visible_contents,
}


@dataclass(frozen=True, kw_only=True)
class KitRow:
    """A thing for a reader: `holder` is "" for whoever may not know, `against` says what speaks
    against taking it today, `is_damaged` until somebody says it is mended, `lacks` and `over` what
    of a set is missing or past its date."""

    id: uuid.UUID
    label: str
    name: str
    place: str
    state: KitState
    is_controlled: bool
    may_leave: bool
    issued_to: str
    team: str
    parts: list[Part]
    holder: str
    is_mine: bool
    held_at: dt.datetime | None
    mission_id: uuid.UUID | None
    against: list[str]
    is_damaged: bool
    lacks: list[Part]
    over: list[Part]
    expires_date: dt.date | None
    inspection_due: dt.date | None
    is_due_soon: bool
    is_ended: bool
    is_holder_back: bool = False


def facts_of(row: KitItem, parts: Iterable[Part]) -> KitFacts:
    """A row as rules judge it."""
    return KitFacts(
        state=KitState(row.state),
        was_damaged=row.was_damaged,
        may_leave=row.may_leave,
        expires_date=row.expires_date,
        inspected_date=row.inspected_date,
        inspect_days=row.inspect_days,
        parts=tuple(parts),
    )


def parts_of(row: KitItem) -> list[Part]:
    """What a set should hold, in the order in which it was written."""
    lines = sorted(row.contents.all(), key=lambda one: (one.line, one.name))
    return [
        Part(name=one.name, wanted=one.wanted, there=one.there, expires_date=one.expires_date)
        for one in lines
    ]


def kit(viewer: Viewer | None, *, now: dt.datetime, ended: bool = False) -> list[KitRow]:
    """Everything the viewer may know, by label; what is no longer here only when asked for. A fixed
    number of queries."""
    rows = _listed(viewer)
    rows = rows if ended else rows.filter(ended_at__isnull=True)
    return _rows(viewer, rows, now=now)


def kit_item(viewer: Viewer | None, item_id: uuid.UUID, *, now: dt.datetime) -> KitRow | None:
    """One thing."""
    found = _rows(viewer, visible_kit(viewer).filter(pk=item_id), now=now)
    return found[0] if found else None


def kept_of(viewer: Viewer | None, item_id: uuid.UUID) -> dict[str, Any]:
    """What is said of a thing, as a form of the kit room starts with it."""
    names = ("label", "name", "place", "is_controlled", "may_leave", "expires_date")
    found = visible_kit(viewer).filter(pk=item_id)
    said = found.values(*names, "inspect_days", "inspected_date", "issued_to", "team").first()
    return said or {}


def labelled(viewer: Viewer | None, label: str) -> uuid.UUID | None:
    """The thing with this label, as a reader of codes or a hand types it."""
    rows = _listed(viewer).filter(label__iexact=label.strip())
    return rows.values_list("pk", flat=True).first()


def held(viewer: Viewer, *, now: dt.datetime) -> list[KitRow]:
    """What the viewer has with her: what is still to be brought back."""
    if viewer.person_id is None:
        return []
    return _rows(viewer, visible_kit(viewer).filter(held_by_id=viewer.person_id), now=now)


def own_kit(viewer: Viewer) -> list[dict[str, Any]]:
    """What the viewer has, and what is issued to her, for her archive."""
    if viewer.person_id is None:
        return []
    own = Q(held_by_id=viewer.person_id) | Q(issued_to_id=viewer.person_id)
    rows = visible_kit(viewer).filter(own).order_by("label")
    names = ("label", "name", "held_at", "mission_id")
    return [plain(row) for row in rows.values(*names)]


def carried(viewer: Viewer | None, mission_id: uuid.UUID, *, now: dt.datetime) -> list[KitRow]:
    """What the party of a visible mission has with it, and whose holder is back already; for those
    who look for them, too."""
    if not visible_missions(viewer).filter(pk=mission_id).exists():
        return []
    rows = visible_kit(viewer).filter(mission_id=mission_id)
    there = visible_party(viewer).filter(mission=mission_id, state=MemberState.BACK)
    back = set(there.values_list("person_id", flat=True))
    with_them = set(rows.filter(held_by__in=back).values_list("pk", flat=True)) if back else set()
    return [
        replace(one, is_holder_back=one.id in with_them) for one in _rows(viewer, rows, now=now)
    ]


def _rows(
    viewer: Viewer | None, rows: models.QuerySet[KitItem], *, now: dt.datetime
) -> list[KitRow]:
    found = list(
        rows.select_related("issued_to", "team").prefetch_related("contents").order_by("label")
    )
    known = _holders_known(viewer, found)
    day = days.today(now=now)
    return [_row(viewer, one, known, day) for one in found]


def _holders_known(viewer: Viewer | None, rows: Iterable[KitItem]) -> dict[uuid.UUID, str]:
    """By the key of a thing, the callsign of whoever has it, where the viewer may know: her own,
    that of a mission whose party she sees, and, where no outing is behind it, for keepers."""
    out = [row for row in rows if row.held_by_id is not None]
    if viewer is None or not out:
        return {}
    missions = {row.mission_id for row in out if row.mission_id is not None}
    there = known_with(viewer, missions) if missions else set()
    keeps = viewer.is_station or viewer.has_somewhere(*KEEPERS)

    def may_know(row: KitItem) -> bool:
        if row.held_by_id == viewer.person_id:
            return True
        if row.held_by_id in viewer.apart:
            return False
        if row.mission_id is not None:
            return (row.mission_id, row.held_by_id) in there
        return keeps

    shown = [row for row in out if may_know(row)]
    names = people.names([row.held_by_id for row in shown], to=viewer) if shown else {}
    return {row.pk: names.get(row.held_by_id, "?") for row in shown if row.held_by_id}


def _row(viewer: Viewer | None, row: KitItem, known: dict[uuid.UUID, str], day: dt.date) -> KitRow:
    parts = parts_of(row)
    facts = facts_of(row, parts)
    due, soon = rules.inspection_due(facts), day + dt.timedelta(days=SOON_DAYS)
    dates = [due, row.expires_date, *(part.expires_date for part in parts)]
    own = row.issued_to
    return KitRow(
        id=row.pk,
        label=row.label,
        name=row.name,
        place=row.place,
        state=facts.state,
        is_controlled=row.is_controlled,
        may_leave=row.may_leave,
        issued_to=own.shown_as if own is not None and own.pk not in _apart(viewer) else "",
        team=str(row.team) if row.team is not None else "",
        parts=parts,
        holder=known.get(row.pk, ""),
        is_mine=viewer is not None
        and row.held_by_id is not None
        and row.held_by_id == viewer.person_id,
        held_at=row.held_at if row.pk in known else None,
        mission_id=row.mission_id if row.pk in known else None,
        against=rules.against(facts, for_mission=False, today=day),
        is_damaged=rules.is_damaged(facts),
        lacks=[part for part in parts if part.lacking],
        over=[part for part in parts if part.is_over(today=day)],
        expires_date=row.expires_date,
        inspection_due=due,
        is_due_soon=any(one is not None and one <= soon for one in dates),
        is_ended=row.ended_at is not None,
    )


def _apart(viewer: Viewer | None) -> frozenset[uuid.UUID]:
    return viewer.apart if viewer is not None else frozenset()


def to_remind(*, now: dt.datetime) -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    """The controlled things that somebody has and may be asked for now, with their missions."""
    asked = Q(remind_at__lte=now) | Q(remind_at__isnull=True, mission_id__isnull=False)
    rows = KitItem.objects.filter(asked, held_by__isnull=False, is_controlled=True)
    return list(rows.order_by("pk").values_list("pk", "mission_id"))
