"""Writing down what became of the tries, and whose turn it is next."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from homeby import settings
from homeby.comms import rules
from homeby.comms.actions.failing import note_tries
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import DeliveryState, MessageKind, MessageState, Outcome, Tried, Turn
from homeby.database.asked import AskedOf
from homeby.logbook import actions as logbook

log = logging.getLogger("homeby.comms")

#: Told the cause of each canary that was handed, with the page that says so.
Landed = Callable[[logbook.Page, str], None]


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a round of deliveries did. `causes` are the alarms of which a message could not be
    handed on any channel; `failed_here` counts tries that failed by the station's own fault: its
    key is gone, or their results cannot be written."""

    tried: int
    handed: int
    causes: frozenset[str]
    failed_here: int = 0


def record(outcomes: list[Outcome], *, now: dt.datetime, landed: Landed | None = None) -> Delivered:
    """Write down what became of the tries; a result whose lease was taken over is dropped. If they
    cannot be written together, each for itself, so that one stops no other."""
    try:
        return _record(outcomes, now=now, landed=landed)
    except Exception:
        if len(outcomes) == 1:
            log.exception("could not write what became of %s", outcomes[0].delivery_id)
            return Delivered(tried=1, handed=0, causes=frozenset(), failed_here=1)
        log.exception("a round of %d could not be written; one by one", len(outcomes))
    done = [record([outcome], now=now, landed=landed) for outcome in outcomes]
    return Delivered(
        tried=len(done),
        handed=sum(one.handed for one in done),
        causes=frozenset(cause for one in done for cause in one.causes),
        failed_here=sum(one.failed_here for one in done),
    )


_QUEUED = AskedOf(
    lambda keys: Delivery.objects.filter(pk__in=keys, state=DeliveryState.QUEUED).values_list(
        "message_id"
    )
)
_MESSAGES = AskedOf(
    lambda keys: Message.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
)
_OF_MESSAGES = AskedOf(
    lambda keys: Delivery.objects.select_for_update().filter(message_id__in=keys).order_by("pk")
)


def _record(outcomes: list[Outcome], *, now: dt.datetime, landed: Landed | None) -> Delivered:
    by_id = {outcome.delivery_id: outcome for outcome in outcomes}
    causes: set[str] = set()
    tries: dict[uuid.UUID, Tried] = {}
    handed = 0
    with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
        wanted = {key for (key,) in _QUEUED.rows(by_id)}
        messages = {message.pk: message for message in _MESSAGES.rows(wanted)}
        all_channels = channels_of(messages)
        for message in messages.values():
            for row in list(all_channels[message.pk].values()):
                outcome = by_id.get(row.pk)
                if outcome is None or not _still_his(row, outcome):
                    continue
                page = _record_one(book, row, message, outcome, all_channels[message.pk])
                if landed and _is_canary_home(message, outcome):
                    landed(page, message.cause)
                handed += outcome.handed
                _note(tries, row, message, outcome)
                if message.state in (MessageState.TROUBLE, MessageState.UNREACHABLE):
                    causes.add(message.cause)
        note_tries(book, tries)
    return Delivered(tried=len(outcomes), handed=handed, causes=frozenset(causes - {""}))


def _is_canary_home(message: Message, outcome: Outcome) -> bool:
    return outcome.handed and message.kind == MessageKind.CANARY and bool(message.cause)


def _note(tries: dict[uuid.UUID, Tried], row: Delivery, message: Message, outcome: Outcome) -> None:
    """Remember whether a contact point works; of several tries in a round, one that worked."""
    before = tries.get(row.contact_id)
    if before is None or not before.works:
        tries[row.contact_id] = Tried(
            person_id=message.person_id,
            kin_of=message.kin_of,
            channel=row.channel,
            works=outcome.handed,
            trouble=outcome.sentence,
        )


def _still_his(row: Delivery, outcome: Outcome) -> bool:
    """Whether the lease under which this was sent still holds."""
    return row.state == DeliveryState.QUEUED and row.lease_token == outcome.token


#: The deliveries of one message by their id.
Channels = dict[uuid.UUID, Delivery]


def channels_of(message_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Channels]:
    """Every delivery of these messages, locked. One query."""
    found: dict[uuid.UUID, Channels] = {key: {} for key in message_ids}
    for row in _OF_MESSAGES.rows(found):
        found[row.message_id][row.pk] = row
    return found


def _record_one(
    book: logbook.Book, row: Delivery, message: Message, outcome: Outcome, channels: Channels
) -> logbook.Page:
    now = book.now
    whose, about = message.person_id, message.about
    facts = {"channel": row.channel, "try": row.tries + 1, "person": whose}
    if outcome.handed:
        page = book.entry(rules.MESSAGE_HANDED, subject=about, person=whose, facts=facts)
        page.change(
            row,
            state=DeliveryState.HANDED,
            tries=row.tries + 1,
            next_try_at=None,
            throttled_at=None,
            handed_at=now,
            provider_ref=outcome.provider_ref,
            trouble="",
        )
        gives = row.channel in settings.current().receipt_channels
        moves = rules.after_handed(turns_of(channels, now), gives_receipts=gives, now=now)
    else:
        facts |= {"trouble": outcome.sentence}
        page = book.entry(rules.MESSAGE_FAILED, subject=about, person=whose, facts=facts)
        is_first = row.tries == 0
        _failed(page, row, message, outcome)
        moves = rules.after_failed(turns_of(channels, now), is_first_try=is_first, now=now)
    move(page, channels, moves)
    _move_message(page, message, channels)
    return page


def _failed(page: logbook.Page, row: Delivery, message: Message, outcome: Outcome) -> None:
    kind, now = MessageKind(message.kind), page.book.now
    tries = row.tries + 1
    over = outcome.permanent or rules.gives_up(
        kind=kind, created_at=message.created_at, tries=tries, now=now
    )
    again = None if over else rules.next_try(tries=tries, now=now, jitter=outcome.jitter)
    page.change(
        row,
        state=DeliveryState.FAILED if over else DeliveryState.QUEUED,
        tries=tries,
        next_try_at=again,
        throttled_at=None,
        trouble=outcome.sentence,
        lease_until=None,
    )


def turns_of(channels: Channels, now: dt.datetime) -> list[Turn]:
    """The channels of a message as the rules of turns read them."""
    return [
        Turn(
            id=row.pk,
            place=row.place or 0,
            state=DeliveryState(row.state),
            tries=row.tries,
            next_try_at=row.next_try_at,
            under_way=row.lease_until is not None and row.lease_until > now,
        )
        for row in channels.values()
    ]


def move(page: logbook.Page, channels: Channels, moves: rules.Moves) -> None:
    """Give the channels of a message the turns that the rules say."""
    for key, at in moves.items():
        state = DeliveryState.SPARED if at is None else DeliveryState.QUEUED
        if (channels[key].state, channels[key].next_try_at) != (state, at):
            page.change(channels[key], state=state, next_try_at=at)


def _move_message(page: logbook.Page, message: Message, channels: Channels) -> None:
    stand = [(DeliveryState(row.state), row.tries) for row in channels.values()]
    state = rules.message_state(stand, before=MessageState(message.state))
    if state == message.state:
        return
    if state is MessageState.HANDED:
        page.change(message, state=state, handed_at=page.book.now)
    else:
        page.change(message, state=state, failed_at=message.failed_at or page.book.now)
