"""A team's state brought up to the records, from where they part from what it holds. Pure.

What comes out is what one run over all records gives, to the last bit: it goes on from a state that
one such run has left behind.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from homeby.welfare.rules.activities import Together
from homeby.welfare.rules.kept import digest, is_kept, month_of, packed
from homeby.welfare.rules.left_out import Happened, Signal, Team

Order = tuple[dt.datetime, str]


@dataclass(frozen=True, kw_only=True)
class Stood:
    """A team as it stood after something, put away (`kept.packed`)."""

    until: Order
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Played:
    """What a run gave: signals; where the team stands; and by month how it stood before the first
    of that month."""

    found: list[Signal]
    stands: Stood | None
    months: Mapping[int, Stood]


def first_that_differs(held: Mapping[Order, bytes], happened: Sequence[Happened]) -> Order | None:
    """Where the records part from what is held; None where they are the same."""
    now = {one.order: digest(one) for one in happened}
    parts = [order for order in held.keys() | now.keys() if held.get(order) != now.get(order)]
    return min(parts, default=None)


def play(
    team: Team, until: Order | None, happened: Sequence[Happened], *, newest: dt.datetime
) -> Played:
    """Go on with a team that stands at `until` (None: at its very beginning). `newest`: the month
    of this instant is the newest of which a state is kept."""
    found: list[Signal] = []
    months: dict[int, Stood] = {}
    last = month_of(newest)
    for one in happened:
        if until is not None and one.order <= until:
            continue
        month = month_of(one.order[0])
        if until is not None and month != month_of(until[0]) and is_kept(month, newest=last):
            months[month] = Stood(until=until, body=packed(team))
        found += team.meet(one)
        until = one.order
    stands = None if until is None else Stood(until=until, body=packed(team))
    return Played(found=found, stands=stands, months=months)


#: Whoever decided something in a team so lately does not look after what it led to.
DECIDED_WITHIN = dt.timedelta(weeks=60)


def deciders(happened: Iterable[Happened], *, now: dt.datetime) -> set[uuid.UUID]:
    """Whoever planned, invited, picked or led lately in what is given."""
    found: set[str] = set()
    for one in happened:
        for each in one.activities if isinstance(one, Together) else ():
            if each.begins >= now - DECIDED_WITHIN:
                found |= each.planned_by
                found |= each.choice.not_drawn if each.choice is not None else frozenset()
    return {uuid.UUID(key) for key in found}
