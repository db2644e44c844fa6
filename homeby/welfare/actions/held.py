"""What the search holds of a team, put away and taken out. No state rows: it follows from the
records alone, and `homeby welfare recompute` makes it again (docs/decisions/0023)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from homeby.welfare.models import SearchLook, TakenIn, TeamBase, TeamState
from homeby.welfare.rules.kept import digest, is_kept, month_of, unpacked
from homeby.welfare.rules.left_out import Happened, Team
from homeby.welfare.rules.replaying import Order, Played, Stood

ROWS_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a team's state holds, after an instant (`since`, None: all of it); or that none of it is
    believed."""

    since: dt.datetime | None
    is_believed: bool = True
    digests: dict[Order, bytes] = field(default_factory=dict)


def all_held(
    since: dt.datetime | None, *, only: Collection[uuid.UUID] | None
) -> dict[uuid.UUID, Held]:
    """By team (of these; None: of all) what is held. One query."""
    rows = TakenIn.objects.all() if since is None else TakenIn.objects.filter(at__gt=since)
    rows = rows if only is None else rows.filter(team__in=only)
    found: dict[uuid.UUID, Held] = {}
    for team, at, key, one in rows.values_list("team_id", "at", "key", "digest").iterator():
        found.setdefault(team, Held(since=since)).digests[(at, key)] = bytes(one)
    return found


def everything(team_id: uuid.UUID) -> tuple[list[object], list[object]] | None:
    """All that is held of a team, to be compared; None where nothing is. Two queries."""
    states = TeamState.objects.filter(team_id=team_id).order_by("month")
    taken = TakenIn.objects.filter(team_id=team_id).order_by("at", "key")
    stood: list[object] = [
        (month, at, key, bytes(body))
        for month, at, key, body in states.values_list("month", "until_at", "until_key", "body")
    ]
    told: list[object] = [
        (at, key, bytes(one)) for at, key, one in taken.values_list("at", "key", "digest")
    ]
    return (stood, told) if stood else None


def stood_before(team_id: uuid.UUID, first: Order) -> tuple[Order, Team] | None:
    """The newest state of a team that holds nothing of what is to be played; None where there is
    none, or none that can be read."""
    for row in TeamState.objects.filter(team_id=team_id).order_by("-until_at", "-until_key"):
        until = (row.until_at, row.until_key)
        if until < first:
            team = unpacked(bytes(row.body))
            if team is not None:
                return until, team
    base = base_of(team_id)
    return base if base is not None and base[0] < first else None


def base_of(team_id: uuid.UUID) -> tuple[Order, Team] | None:
    """How a team stood when what its earliest decisions saw was erased; None where nothing was. One
    query."""
    row = TeamBase.objects.filter(team_id=team_id).first()
    team = unpacked(bytes(row.body)) if row is not None else None
    return ((row.until_at, row.until_key), team) if row is not None and team is not None else None


def lay_base(team_id: uuid.UUID, stood: Stood) -> None:
    """From now on a team is made again from here; what it held before is not held."""
    at, key = stood.until
    values = {"until_at": at, "until_key": key, "body": stood.body}
    TeamBase.objects.update_or_create(team_id=team_id, defaults=values)
    taken = TakenIn.objects.filter(team_id=team_id)
    taken.filter(at__lt=at).delete()
    taken.filter(at=at, key__lte=key).delete()
    TeamState.objects.filter(team_id=team_id, month__gt=0, until_at__lt=at).delete()


def put_away(team_id: uuid.UUID, played: Played, first: Order, *, newest: dt.datetime) -> None:
    """Keep how a team stands now and stood at the turns of months; what holds anything from `first`
    on, and what is no longer kept, goes."""
    rows = TeamState.objects.filter(team_id=team_id)
    last = month_of(newest)
    for pk, month, at, key in rows.values_list("pk", "month", "until_at", "until_key"):
        is_over = (at, key) >= first or month in played.months
        if month == 0 or is_over or not is_kept(month, newest=last):
            TeamState.objects.filter(pk=pk).delete()
    stood = dict(played.months)
    if played.stands is not None:
        stood[0] = played.stands
    TeamState.objects.bulk_create([_row(team_id, month, one) for month, one in stood.items()])


def _row(team_id: uuid.UUID, month: int, stood: Stood) -> TeamState:
    at, key = stood.until
    return TeamState(team_id=team_id, month=month, until_at=at, until_key=key, body=stood.body)


def note_taken(team_id: uuid.UUID, happened: Sequence[Happened], first: Order) -> None:
    """Note what the state of a team holds from `first` on."""
    at, key = first
    rows = TakenIn.objects.filter(team_id=team_id)
    rows.filter(at__gt=at).delete()
    rows.filter(at=at, key__gte=key).delete()
    TakenIn.objects.bulk_create(
        [
            TakenIn(team_id=team_id, at=one.order[0], key=one.order[1], digest=digest(one))
            for one in happened
            if one.order >= first
        ],
        batch_size=ROWS_AT_ONCE,
    )


def note_look(*, number: int, now: dt.datetime) -> None:
    """Note up to where was looked."""
    values = {"number": number, "until_at": now}
    SearchLook.objects.update_or_create(only=True, defaults=values)


def hold_nothing() -> None:
    """Delete all of it; the records stay as they are."""
    for table in (TeamState, TeamBase, TakenIn, SearchLook):
        table._default_manager.all().delete()
