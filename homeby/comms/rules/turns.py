"""Whose turn it is: the channels of one message one after the other, in the person's order. Pure.

The first goes at once. The next follows in parallel when the message was not handed within 30 s,
or, where the channel gives receipts, not received within 60 s; a failed try brings it at once
(`RELIABILITY.md` 4, Channels). Contact points of the same rank have their turn together.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.comms.rules.outbox import Order
from homeby.comms.rules.words import DeliveryState
from homeby.people.rules import Reach

NOT_HANDED = dt.timedelta(seconds=30)
NOT_RECEIVED = dt.timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class FirstTurn:
    """A contact point, its place in the order (0 goes first), and when its turn comes at last."""

    reach: Reach
    place: int
    at: dt.datetime


def first_turns(order: Order, *, now: dt.datetime) -> list[FirstTurn]:
    """The turns of a new message, if nothing is heard of the channels before them. Hours hold back
    what is not about a person in danger, and so does a rest; nothing is lost by it."""
    begin = max(now, order.not_before or now)
    if not order.in_danger:
        begin = max(begin, order.recipient.rests_until or begin)
    found: list[FirstTurn] = []
    ranks: list[int] = []
    for reach in order.recipient.reaches_ever(in_danger=order.in_danger):
        rank = reach.rank_for(in_danger=order.in_danger)
        if rank not in ranks:
            ranks.append(rank)
        place = ranks.index(rank)
        at = reach.opens_at(now=begin + place * NOT_HANDED, in_danger=order.in_danger)
        found.append(FirstTurn(reach=reach, place=place, at=at))
    return found


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One channel of a message as it stands. `under_way`: somebody is sending it just now."""

    id: uuid.UUID
    place: int
    state: DeliveryState
    tries: int
    next_try_at: dt.datetime | None
    under_way: bool = False

    @property
    def waits(self) -> bool:
        """Its turn has not come yet."""
        return self.state is DeliveryState.QUEUED and not self.tries and not self.under_way

    @property
    def took(self) -> bool:
        """The provider took the message here."""
        return self.state in (DeliveryState.HANDED, DeliveryState.RECEIVED)


#: For each channel whose turn moves: when it comes now; None when it is not needed any more.
Moves = dict[uuid.UUID, dt.datetime | None]


def after_handed(turns: Sequence[Turn], *, gives_receipts: bool, now: dt.datetime) -> Moves:
    """A channel took the message. Where it gives receipts the others wait for one; where it gives
    none, nothing more can be learned, and they are not needed."""
    waiting = [turn for turn in turns if turn.waits]
    if not gives_receipts:
        return {turn.id: None for turn in waiting}
    return _one_by_one(waiting, first_at=now + NOT_RECEIVED)


def after_received(turns: Sequence[Turn]) -> Moves:
    """The device has the message: the channels whose turn has not come are not needed."""
    return {turn.id: None for turn in turns if turn.waits}


def after_lost(turns: Sequence[Turn], *, now: dt.datetime) -> Moves:
    """A message that was taken did not arrive. If no other channel has it, those that wait or were
    spared for its sake have their turns now."""
    if any(turn.took for turn in turns):
        return {}
    spared = [turn for turn in turns if turn.state is DeliveryState.SPARED]
    return _one_by_one([*[turn for turn in turns if turn.waits], *spared], first_at=now)


def after_failed(turns: Sequence[Turn], *, is_first_try: bool, now: dt.datetime) -> Moves:
    """A try failed. The first one on a channel brings the next at once, unless the device has the
    message already; repeats bring nobody. No turn is put off by it."""
    if not is_first_try or any(turn.state is DeliveryState.RECEIVED for turn in turns):
        return {}
    waiting = [turn for turn in turns if turn.waits]
    moved = _one_by_one(waiting, first_at=now)
    return {
        turn.id: at
        for turn in waiting
        if (at := moved[turn.id]) is not None
        and (turn.next_try_at is None or at < turn.next_try_at)
    }


def _one_by_one(waiting: Sequence[Turn], *, first_at: dt.datetime) -> Moves:
    """The waiting places in their order, 30 s apart."""
    places = sorted({turn.place for turn in waiting})
    return {turn.id: first_at + places.index(turn.place) * NOT_HANDED for turn in waiting}
