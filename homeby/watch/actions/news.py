"""News of an alarm to those who were told of it: it ended, or they are back."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from functools import partial

from homeby.comms import queries as comms
from homeby.comms.rules import MessageKind, Order
from homeby.people import queries as people
from homeby.people.queries.apart import apart_since
from homeby.people.rules import Recipient
from homeby.people.texts import Words, say_to
from homeby.watch import texts, texts_acts
from homeby.watch.actions.stepping import about, marked
from homeby.watch.models import Alarm


def news_orders(
    alarm: Alarm,
    told: set[uuid.UUID],
    words: Callable[[Recipient], Words],
    *,
    back: bool,
    part: str,
    party: Collection[uuid.UUID] = (),
) -> list[Order]:
    """News of an alarm to those who were told of it, but for whoever is kept away from one of the
    party and was not rung all the same; kin hear no more than was agreed."""
    ref = about(alarm)
    out = [uuid.UUID(key) for key in alarm.subject.party]
    named = map(uuid.UUID, alarm.subject.named)
    hear = who_hears_news(ref, told, {*out, *party}, naming=named)
    everybody: list[Recipient] = list(people.recipients(hear).values())
    kin = [one for one in people.kin_by_id(told) if one.kin_of is not None]
    orders, to_kin = [], partial(texts.good_news_to_kin, back=back)
    if alarm.subject.is_gentle:
        to_kin = partial(texts_acts.looked_in)
    for one in [*everybody, *kin]:
        own = say_to(one, to_kin) if one.kin_of else words(one)
        orders.append(
            Order(
                key=f"{ref}/{part}/{one.person_id}",
                about=ref,
                recipient=one,
                kind=MessageKind.GOOD_NEWS,
                subject=own[0],
                text=own[1],
                in_danger=one.person_id not in out,
            )
        )
    return [marked(alarm, order) for order in orders]


def who_hears_news(
    ref: str,
    told: Collection[uuid.UUID],
    party: Collection[uuid.UUID],
    *,
    naming: Iterable[uuid.UUID] = (),
) -> set[uuid.UUID]:
    """Of those who were told of an alarm, whoever hears how it went on: nobody who is kept away
    from one of the party, or of those whom it names, since. Whoever was rung all the same, because
    nobody else was left, hears it: else they would search on. So does everybody where nobody else
    was told at all."""
    hear, since = set(told), apart_since({*party, *naming})
    for key in since.keys() & hear:
        if key not in comms.people_told([ref], since=since[key]):
            hear.discard(key)
    return hear if hear - set(party) else set(told)
