"""What a change of team leaves to be settled, and where each of it stands by the rows behind it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from homeby.missions import queries as missions
from homeby.missions.queries.visible import visible_missions, visible_party
from homeby.missions.rules import MemberState, MissionState
from homeby.people import queries as people
from homeby.people.rules import STATION, Viewer
from homeby.readiness.models import (
    Duty,
    DutyPerson,
    Examiner,
    KitItem,
    Mentorship,
    TeamChangeItem,
)
from homeby.readiness.queries import duties
from homeby.readiness.queries.examinations import ON_BOARD, visible_examinations
from homeby.readiness.queries.kit import visible_kit
from homeby.readiness.queries.mentoring import visible_mentorships
from homeby.readiness.rules.duty_planning import DutyAnswer
from homeby.readiness.rules.examinations import OPEN
from homeby.readiness.rules.team_changes import HERS, ItemKind, ItemState
from homeby.watch import queries as watch

#: Of the party: is to go, or is out.
_GOES = (MemberState.PLANNED, MemberState.OUT)
_AHEAD = (MissionState.PLANNED, MissionState.OUT)
#: On a duty, or asked for it and no answer has taken her off.
_COUNTED_ON = Q(stood_down_at__isnull=True, not_picked="") & (
    Q(answer__isnull=True) | ~Q(answer=DutyAnswer.NO)
)
_Key = tuple[str, uuid.UUID]
_States = dict[_Key, ItemState]


def to_settle(
    person_id: uuid.UUID, from_team_id: uuid.UUID, *, now: dt.datetime
) -> list[tuple[ItemKind, str]]:
    """What a change of team leaves to be settled, or would if it counted now. No viewer: kept with
    the change, for its readers. Eight queries."""
    goes = visible_missions(STATION).filter(
        state__in=_AHEAD,
        team_id=from_team_id,
        party__person_id=person_id,
        party__state__in=_GOES,
    )
    ahead = Duty.objects.filter(
        team_id=from_team_id, ends_at__gt=now, cancelled_at__isnull=True
    ).order_by("starts_at", "pk")
    hers = ahead.filter(planned_by_id=person_id)
    on = DutyPerson.objects.filter(_COUNTED_ON, person_id=person_id).values("duty_id")
    there = people.visible_memberships(STATION).filter(team_id=from_team_id, to_at__isnull=True)
    team = there.exclude(person_id=person_id).values("person_id")
    taught = Mentorship.objects.filter(
        Q(learner_id=person_id, mentor_id__in=team) | Q(mentor_id=person_id, learner_id__in=team),
        to_date__isnull=True,
    ).order_by("from_date")
    boards = Examiner.objects.filter(ON_BOARD, person_id=person_id, examination__state__in=OPEN)
    carried = KitItem.objects.filter(held_by_id=person_id, ended_at__isnull=True)
    carried = carried.filter(Q(issued_to_id__isnull=True) | ~Q(issued_to_id=person_id))
    watches = [
        one.id
        for one in watch.bill_rows(STATION, now=now)
        if person_id in (one.watch.person_id, one.watch.deputy_id)
    ]
    found: list[tuple[ItemKind, Sequence[uuid.UUID]]] = [
        (ItemKind.MISSION, list(goes.distinct().values_list("pk", flat=True))),
        (ItemKind.DUTY, list(ahead.filter(pk__in=on).values_list("pk", flat=True))),
        (ItemKind.PLANNED, list(hers.values_list("pk", flat=True))),
        (ItemKind.WATCH, watches),
        (ItemKind.MENTOR, list(taught.values_list("pk", flat=True))),
        (ItemKind.BOARD, list(boards.values_list("examination_id", flat=True))),
        (ItemKind.KIT, list(carried.order_by("label").values_list("pk", flat=True))),
    ]
    return [(kind, str(key)) for kind, keys in found for key in keys]


def states(items: Collection[TeamChangeItem], *, now: dt.datetime) -> dict[uuid.UUID, ItemState]:
    """Where each stands: what the rows say of it, and while they say nothing new, what somebody
    said. A query for each kind among them. No viewer: it decides what is open."""
    by_kind: dict[ItemKind, list[TeamChangeItem]] = {}
    for one in items:
        by_kind.setdefault(ItemKind(one.kind), []).append(one)
    found = {}
    for kind, rows in by_kind.items():
        read = _READ.get(kind)
        people_of = {one.change.person_id for one in rows}
        stand = read([one.ref for one in rows], people_of, now) if read else {}
        for one in rows:
            # What is not there any more is over.
            state = stand.get((one.ref, one.change.person_id), ItemState.OVER)
            is_said = state is ItemState.OPEN and one.settled_at is not None
            found[one.pk] = ItemState.STAYS if is_said else state
    return found


def _missions(refs: Sequence[str], whose: Collection[uuid.UUID], _now: dt.datetime) -> _States:
    there = visible_missions(STATION).filter(pk__in=refs).values_list("pk", "state")
    party = visible_party(STATION).filter(mission_id__in=refs, person_id__in=whose)
    goes = {(one, who): state for one, who, state in
            party.values_list("mission_id", "person_id", "state")}  # fmt: skip
    found = {}
    for key, state in there:
        for who in whose:
            member = goes.get((key, who))
            found[(str(key), who)] = _mission_state(state, member)
    return found


def _mission_state(state: str, member: str | None) -> ItemState:
    if state == MissionState.CANCELLED:
        return ItemState.CANCELLED
    if member is None or member == MemberState.STAYED:
        return ItemState.HANDED_OVER
    return ItemState.OPEN if state in _AHEAD and member in _GOES else ItemState.OVER


def _duties(refs: Sequence[str], whose: Collection[uuid.UUID], now: dt.datetime) -> _States:
    counted = DutyPerson.objects.filter(_COUNTED_ON, duty_id__in=refs, person_id__in=whose)
    on = set(counted.values_list("duty_id", "person_id"))
    rows = Duty.objects.filter(pk__in=refs)
    return {
        (str(row.pk), who): _duty_state(row, now, is_hers=(row.pk, who) in on)
        for row in rows
        for who in whose
    }


def _planned(refs: Sequence[str], whose: Collection[uuid.UUID], now: dt.datetime) -> _States:
    rows = Duty.objects.filter(pk__in=refs)
    return {
        (str(row.pk), who): _duty_state(row, now, is_hers=row.planned_by_id == who)
        for row in rows
        for who in whose
    }


def _duty_state(row: Duty, now: dt.datetime, *, is_hers: bool) -> ItemState:
    if row.cancelled_at is not None:
        return ItemState.CANCELLED
    if row.ends_at <= now:
        return ItemState.OVER
    return ItemState.OPEN if is_hers else ItemState.HANDED_OVER


def _watches(refs: Sequence[str], whose: Collection[uuid.UUID], now: dt.datetime) -> _States:
    found = {}
    for row in watch.bill_rows(STATION, now=now):
        for who in whose if str(row.id) in refs else ():
            has = who in (row.watch.person_id, row.watch.deputy_id)
            found[(str(row.id), who)] = ItemState.OPEN if has else ItemState.HANDED_OVER
    return found


def _taught(refs: Sequence[str], whose: Collection[uuid.UUID], _now: dt.datetime) -> _States:
    rows = Mentorship.objects.filter(pk__in=refs, to_date__isnull=True)
    keys = rows.values_list("pk", flat=True)
    return {(str(key), who): ItemState.OPEN for key in keys for who in whose}


def _boards(refs: Sequence[str], whose: Collection[uuid.UUID], _now: dt.datetime) -> _States:
    seats = Examiner.objects.filter(ON_BOARD, examination_id__in=refs)
    on = set(seats.values_list("examination_id", "person_id"))
    held = visible_examinations(STATION).filter(pk__in=refs, state__in=OPEN)
    return {
        (str(key), who): ItemState.OPEN if (key, who) in on else ItemState.HANDED_OVER
        for key in held.values_list("pk", flat=True)
        for who in whose
    }


def _kit(refs: Sequence[str], whose: Collection[uuid.UUID], _now: dt.datetime) -> _States:
    rows = KitItem.objects.filter(pk__in=refs, ended_at__isnull=True)
    return {
        (str(row.pk), who): ItemState.OPEN
        if row.held_by_id == who and row.issued_to_id != who
        else ItemState.HANDED_OVER
        for row in rows
        for who in whose
    }


_READ: dict[ItemKind, Callable[[Sequence[str], Collection[uuid.UUID], dt.datetime], _States]] = {
    ItemKind.MISSION: _missions,
    ItemKind.DUTY: _duties,
    ItemKind.PLANNED: _planned,
    ItemKind.WATCH: _watches,
    ItemKind.MENTOR: _taught,
    ItemKind.BOARD: _boards,
    ItemKind.KIT: _kit,
}


@dataclass(frozen=True, kw_only=True)
class Named:
    """What something is for a reader, and by which of its pages she may open it; "" and no page
    where it is not hers to know."""

    said: str = ""
    page: str = ""
    args: tuple[uuid.UUID, ...] = field(default=())


def named(viewer: Viewer, kind: ItemKind, ref: str) -> Named:
    """What it is about, as far as the viewer may know."""
    key = uuid.UUID(ref)
    match kind:
        case ItemKind.MISSION:
            mission = missions.mission(viewer, key)
            return Named(said=mission.what, page="mission", args=(key,)) if mission else Named()
        case ItemKind.DUTY | ItemKind.PLANNED:
            duty = duties.visible_duties(viewer).filter(pk=key).first()
            return Named(said=duty.what, page="duty", args=(key,)) if duty else Named()
        case ItemKind.KIT:
            thing = visible_kit(viewer).filter(pk=key).first()
            return Named(said=thing.name, page="kit-item", args=(key,)) if thing else Named()
        case ItemKind.MENTOR:
            pair = visible_mentorships(viewer).filter(pk=key).first()
            if pair is None:
                return Named()
            names = people.names([pair.mentor_id, pair.learner_id], to=viewer)
            said = f"{names.get(pair.mentor_id, '?')} → {names.get(pair.learner_id, '?')}"
            return Named(said=said, page="mentorship", args=(key,))
        case ItemKind.BOARD:
            held = visible_examinations(viewer).filter(pk=key).first()
            if held is None:
                return Named()
            names = people.names([held.person_id], to=viewer)
            return Named(said=names.get(held.person_id, "?"), page="examination", args=(key,))
        case _:
            return Named()


def owner_of(item: TeamChangeItem) -> uuid.UUID | None:
    """Who sees to it: whoever took it over, else the person herself for what is hers to clear, and
    the leader who let her go for the rest."""
    if item.owner_id is not None:
        return item.owner_id
    change = item.change
    return change.person_id if ItemKind(item.kind) in HERS else change.from_agreed_by_id
