"""What the search for people who are left out is fed with: every duty that has closed, with each
decision about it as it was taken, and what was known then. For the station alone: no page shows it,
and it gives no order of people."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Max, Q

from homeby.people.rules import Viewer
from homeby.readiness.models import Duty, DutyDecision, DutyPerson, DutySeat
from homeby.readiness.queries.duties import visible_duties
from homeby.readiness.rules.duty_planning import stood_down_as

T = TypeVar("T", DutyDecision, DutyPerson, DutySeat)
#: A duty closes so long after its end; what is entered later is replayed.
CLOSES_AFTER = dt.timedelta(hours=72)
#: The facts of a frame that was set, the invitations of a moment, a crew that was picked, with what
#: it is decided from now on.
KINDS = ("FRAME", "ASKED", "CREW", "GROUP")


@dataclass(frozen=True, kw_only=True)
class Concerned:
    """Somebody a decision could concern, as she stood when it was taken. `against` says what she
    had at that time ("" for nothing, `LEAVE` for leave), `against_ref` which, `known_at` since when
    that was known; `available` is None where nothing was said."""

    person_id: uuid.UUID
    fits: bool
    against: str
    against_ref: str
    known_at: dt.datetime | None
    available: bool | None


@dataclass(frozen=True, kw_only=True)
class SeatThen:
    """A seat as it stood when a crew was picked: what it needed, whether it was still open, and who
    of everybody it could concern held that; None where nobody was ruled out, because who holds it
    was not kept."""

    number: int
    position: str
    also: tuple[str, ...]
    role: str
    is_fixed: bool
    is_open: bool
    fits: frozenset[uuid.UUID] | None


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision: its kind, when and by whom, for which time, what it asked of everybody, and
    everybody it could concern. `named` are those who were asked, or picked; `reason` the one of the
    non-picks; `seats` those of a crew that was picked."""

    kind: str
    at: dt.datetime
    by: uuid.UUID | None
    frame: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    time_is_free: bool
    position: str
    also: tuple[str, ...]
    rank_place: int | None
    seats: tuple[SeatThen, ...]
    named: frozenset[uuid.UUID]
    on_already: frozenset[uuid.UUID]
    reason: str
    pool: tuple[Concerned, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """The positions that it asks of everybody."""
        return tuple(each for each in (self.position, *self.also) if each)


@dataclass(frozen=True, kw_only=True)
class Became:
    """What became of somebody who was asked, or signed up (`asked_at` None). `answered_by` tells
    her own refusal from one that somebody entered for her."""

    person_id: uuid.UUID
    asked_at: dt.datetime | None
    asked_by: uuid.UUID | None
    told_at: dt.datetime | None
    is_reserve: bool
    answer: str
    answered_at: dt.datetime | None
    answered_by: uuid.UUID | None
    in_crew: bool
    picked_by: uuid.UUID | None
    not_picked: str
    stood_down: str
    stood_down_by: uuid.UUID | None
    seat: int | None
    attended: str


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A seat: what it needs, what whoever has it is there, and whether it goes by office."""

    number: int
    position: str
    also: tuple[str, ...]
    role: str
    is_fixed: bool


@dataclass(frozen=True, kw_only=True)
class ClosedDuty:
    """A duty that has closed. `group_id` is shared by what was decided together, `mentor_id` names
    the mentor of a one-to-one."""

    duty_id: uuid.UUID
    kind: str
    team_id: uuid.UUID | None
    planned_by: uuid.UUID | None
    mentor_id: uuid.UUID | None
    group_id: uuid.UUID
    is_series: bool
    starts_at: dt.datetime
    ends_at: dt.datetime
    closed_at: dt.datetime
    was_called_off: bool
    seats: tuple[Seat, ...]
    decisions: tuple[Decision, ...]
    people: tuple[Became, ...]


def closed_duties(
    viewer: Viewer | None,
    *,
    now: dt.datetime,
    since: dt.datetime | None = None,
    teams: Collection[uuid.UUID] | None = None,
    decided_by: uuid.UUID | None = None,
) -> Iterator[ClosedDuty]:
    """Every duty that has closed by now (since an instant; of some teams; that somebody planned or
    decided something about), in the order in which they closed; without decisions of which what
    they saw was erased. Nothing for anybody but the station. Four queries."""
    if viewer is None or not viewer.is_station:
        return
    rows = visible_duties(viewer).filter(ends_at__lte=now - CLOSES_AFTER)
    if since is not None:
        rows = rows.filter(ends_at__gt=since - CLOSES_AFTER)
    if teams is not None:
        rows = rows.filter(team__in=teams)
    if decided_by is not None:
        hers = DutyDecision.objects.filter(by_id=decided_by).values("duty")
        rows = rows.filter(Q(planned_by_id=decided_by) | Q(pk__in=hers))
    duties = list(rows.order_by("ends_at", "pk"))
    keys = [one.pk for one in duties]
    decisions = _by_duty(
        DutyDecision.objects.filter(duty__in=keys).exclude(facts={}).order_by("number")
    )
    people = _by_duty(
        DutyPerson.objects.filter(duty__in=keys).select_related("seat").order_by("pk")
    )
    seats = _by_duty(DutySeat.objects.filter(duty__in=keys).order_by("number"))
    for duty in duties:
        yield _closed(
            duty, decisions.get(duty.pk, []), people.get(duty.pk, []), seats.get(duty.pk, [])
        )


def last_on_duty(
    viewer: Viewer | None, people: Collection[uuid.UUID], *, now: dt.datetime, since: dt.datetime
) -> dict[uuid.UUID, dt.datetime]:
    """When the last closed duty began that each of these people was on, of those who were on one
    since. For the station alone. One query."""
    if viewer is None or not viewer.is_station:
        return {}
    rows = DutyPerson.objects.filter(
        person__in=people,
        picked_at__isnull=False,
        stood_down_at__isnull=True,
        duty__cancelled_at__isnull=True,
        duty__ends_at__gt=since - CLOSES_AFTER,
        duty__ends_at__lte=now - CLOSES_AFTER,
    )
    found = rows.values("person_id").annotate(last=Max("duty__starts_at"))
    return dict(found.order_by("person_id").values_list("person_id", "last"))


def times_of_groups(
    viewer: Viewer | None, group_ids: Iterable[uuid.UUID]
) -> dict[uuid.UUID, list[tuple[dt.datetime, dt.datetime]]]:
    """From when until when each duty of these groups is that was not called off, the first first;
    also those that have not closed. For the station alone. One query."""
    found: dict[uuid.UUID, list[tuple[dt.datetime, dt.datetime]]] = {}
    if viewer is None or not viewer.is_station:
        return found
    rows = visible_duties(viewer).filter(group_id__in=set(group_ids), cancelled_at__isnull=True)
    for key, begins, ends in rows.order_by("starts_at", "pk").values_list(
        "group_id", "starts_at", "ends_at"
    ):
        found.setdefault(key, []).append((begins, ends))
    return found


def _by_duty(rows: Iterable[T]) -> dict[uuid.UUID, list[T]]:
    found: dict[uuid.UUID, list[T]] = {}
    for row in rows:
        found.setdefault(row.duty_id, []).append(row)
    return found


def _closed(
    duty: Duty,
    decisions: list[DutyDecision],
    people: list[DutyPerson],
    seats: list[DutySeat],
) -> ClosedDuty:
    return ClosedDuty(
        duty_id=duty.pk,
        kind=duty.kind,
        team_id=duty.team_id,
        # Whoever planned it: to whom it passed later had no part in what was decided before.
        planned_by=decisions[0].by_id if decisions else duty.planned_by_id,
        mentor_id=duty.mentor_id,
        group_id=duty.group_id,
        is_series=duty.is_series,
        starts_at=duty.starts_at,
        ends_at=duty.ends_at,
        closed_at=duty.ends_at + CLOSES_AFTER,
        was_called_off=duty.cancelled_at is not None,
        seats=tuple(
            Seat(
                number=one.number,
                position=one.position,
                also=tuple(one.also),
                role=one.role,
                is_fixed=one.is_fixed,
            )
            for one in seats
        ),
        decisions=tuple(_decision(one) for one in decisions),
        people=tuple(_became(one) for one in people),
    )


def _decision(row: DutyDecision) -> Decision:
    facts: Mapping[str, Any] = row.facts
    named = facts.get("picked") or facts.get("asked") or []
    on = facts.get("on") or []
    assert isinstance(named, list), "written by actions.duties"
    assert isinstance(on, list), "written by actions.duty_crew"
    rank = facts["rank_place"]
    return Decision(
        kind=row.kind,
        at=row.at,
        by=row.by_id,
        frame=row.frame,
        starts_at=dt.datetime.fromisoformat(str(facts["starts_at"])),
        ends_at=dt.datetime.fromisoformat(str(facts["ends_at"])),
        zone=str(facts["zone"]),
        time_is_free=bool(facts["time_is_free"]),
        position=str(facts["position"]),
        also=tuple(facts.get("also", ())),
        rank_place=rank if isinstance(rank, int) else None,
        seats=tuple(
            _seat_then(number, one) for number, one in enumerate(facts.get("seats", ()), 1)
        ),
        named=frozenset(uuid.UUID(key) for key in named),
        on_already=frozenset(uuid.UUID(key) for key in on),
        reason=str(facts.get("reason", "")),
        pool=tuple(concerned(one) for one in row.pool),
    )


def _seat_then(number: int, one: Mapping[str, Any]) -> SeatThen:
    """What was kept before `fits` was says of no seat who could have it: nobody is ruled out."""
    fits = one.get("fits")
    return SeatThen(
        number=one.get("number", number),
        position=one["position"],
        also=tuple(one.get("also", ())),
        role=one.get("role", ""),
        is_fixed=one["is_fixed"],
        is_open=one.get("is_open", not one["is_fixed"]),
        fits=None if fits is None else frozenset(uuid.UUID(key) for key in fits),
    )


def concerned(one: Mapping[str, object]) -> Concerned:
    """Somebody in a pool as a decision keeps it. No viewer: the caller has asked."""
    known, available = one["known_at"], one["available"]
    return Concerned(
        person_id=uuid.UUID(str(one["person"])),
        fits=bool(one["fits"]),
        against=str(one["against"]),
        against_ref=str(one["against_ref"]),
        known_at=dt.datetime.fromisoformat(str(known)) if known else None,
        available=None if available is None else bool(available),
    )


def _became(row: DutyPerson) -> Became:
    return Became(
        person_id=row.person_id,
        asked_at=row.asked_at,
        asked_by=row.asked_by_id,
        told_at=row.told_at,
        is_reserve=row.is_reserve,
        answer=row.answer or "",
        answered_at=row.answered_at,
        answered_by=row.answered_by_id,
        in_crew=row.is_on,
        picked_by=row.picked_by_id,
        not_picked=row.not_picked,
        stood_down=stood_down_as(row.stood_down_why),
        stood_down_by=row.stood_down_by_id,
        seat=row.seat.number if row.seat is not None else None,
        attended=row.attended,
    )
