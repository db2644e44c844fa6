"""Contact points that share a place in the order for danger have their turn together."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.comms.rules import NOT_HANDED, MessageKind, Order, first_turns
from homeby.people.rules import ChannelName, Reach, Recipient

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def reach(channel: ChannelName, rank: int, rank_in_danger: int) -> Reach:
    return Reach(
        contact_id=uuid.uuid4(),
        channel=channel,
        verified=True,
        rank=rank,
        rank_in_danger=rank_in_danger,
    )


def test_in_danger_both_go_at_once_though_otherwise_one_waits_for_the_other() -> None:
    mail = reach(ChannelName.EMAIL, rank=1, rank_in_danger=1)
    phone = reach(ChannelName.SMS, rank=2, rank_in_danger=1)
    somebody = Recipient(person_id=uuid.uuid4(), name="Fox", reaches=(mail, phone))

    def turns(*, in_danger: bool) -> list[tuple[str, int, dt.datetime]]:
        order = Order(
            key="k",
            about="a",
            recipient=somebody,
            kind=MessageKind.ALARM,
            subject="s",
            text="t",
            in_danger=in_danger,
        )
        found = first_turns(order, now=NOW)
        return [(turn.reach.channel, turn.place, turn.at) for turn in found]

    assert sorted(turns(in_danger=True)) == [
        (ChannelName.EMAIL, 0, NOW),
        (ChannelName.SMS, 0, NOW),
    ]
    assert turns(in_danger=False) == [
        (ChannelName.EMAIL, 0, NOW),
        (ChannelName.SMS, 1, NOW + NOT_HANDED),
    ]
