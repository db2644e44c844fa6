"""Taking messages out of the outbox: lease, send, and only then mark as handed.

Killed between send and mark, the lease runs out and the message goes again under the same key:
perhaps twice, never not at all (promise 2).
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms import channels
from homeby.comms.actions import station_mail
from homeby.comms.models import Delivery, Message
from homeby.comms.rules import (
    LEASE_SECONDS,
    MESSAGE_FAILED,
    MESSAGE_HANDED,
    SEND_SECONDS,
    DeliveryState,
    MessageKind,
    MessageState,
    Outcome,
    gives_up,
    message_state,
    next_try,
)
from homeby.logbook import actions as logbook
from homeby.people import private
from homeby.people.rules import Purpose

log = logging.getLogger("homeby.comms")
BATCH = 16
SENDERS = 16  # all of a batch at once: one slow provider costs one `SEND_SECONDS`, well in a lease

Landed = Callable[[logbook.Page, str], None]
Send = Callable[[str, channels.Outgoing], channels.Result]


@dataclass(frozen=True, kw_only=True)
class Leased:
    """A delivery under lease with all that is needed to send it without the database."""

    delivery_id: uuid.UUID
    token: uuid.UUID
    channel: str
    outgoing: channels.Outgoing | None


@dataclass(frozen=True, kw_only=True)
class Delivered:
    """What a round of deliveries did. `causes` are the alarms of which a
    message could not be handed on any channel."""

    tried: int
    handed: int
    causes: frozenset[str]


def deliver(
    *,
    now: dt.datetime,
    send: Send | None = None,
    lease_factor: float = 1.0,
    channel_name: str | None = None,
    landed: Landed | None = None,
    note: str = "",
) -> Delivered:
    """Send one batch of what is due, most urgent first. Give it a `send` to stand in for channels
    (simulations); `lease_factor` stretches leases where the clock runs faster than life; `landed`
    is told the cause of each canary that was handed, with the page that says so; `note` is added to
    every alarm message of the batch."""
    leased = lease(now=now, lease_factor=lease_factor, channel_name=channel_name, note=note)
    if not leased:
        return Delivered(tried=0, handed=0, causes=frozenset())
    outcomes = [_send_one(item, send) for item in leased] if send else _send_all(leased)
    return record(outcomes, now=now, landed=landed)


def lease(
    *,
    now: dt.datetime,
    lease_factor: float = 1.0,
    channel_name: str | None = None,
    note: str = "",
) -> list[Leased]:
    """Claim up to a batch of due deliveries for `LEASE_SECONDS`."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    due = Delivery.objects.filter(free, state=DeliveryState.QUEUED, next_try_at__lte=now)
    if channel_name is not None:
        due = due.filter(channel=channel_name)
    skip = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = list(
            due.select_for_update(skip_locked=skip, of=("self",) if skip else ())
            .select_related("message")
            .order_by("-message__in_danger", "next_try_at", "pk")[:BATCH]
        )
        if not rows:
            return []
        token = uuid.uuid4()
        until = now + dt.timedelta(seconds=LEASE_SECONDS * lease_factor)
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            lease_until=until, lease_token=token
        )
    contacts = [row.contact_id for row in rows]
    addresses = private.addresses(contacts, purpose=Purpose.DELIVER)
    return [
        _leased(row, token, addresses.get(row.contact_id) or station_mail.address(row), note)
        for row in rows
    ]


def _leased(row: Delivery, token: uuid.UUID, address: str | None, note: str) -> Leased:
    outgoing = None if address is None else _outgoing(row, address, note)
    return Leased(delivery_id=row.pk, token=token, channel=row.channel, outgoing=outgoing)


def _outgoing(row: Delivery, address: str, note: str) -> channels.Outgoing:
    """The message as it leaves: its words, its code, a link that opens a page and does nothing."""
    station, message = settings.current(), row.message
    text = message.text
    if note and message.kind == MessageKind.ALARM:
        text = f"{note}\n{text}"
    if message.code:
        words = _("Your code: %s") if _verifies(message) else _("Code to take it: %s")
        text += "\n" + words % message.code
    return channels.Outgoing(
        key=f"{message.key}/{row.contact_id}",
        to_address=address,
        subject=message.subject,
        text=text,
        link="" if _has_no_page(message) else f"{station.public_url}/m/{message.token}",
        urgent=message.in_danger,
        from_name=station.station_name,
        sent_as=message.kind,
        written_at=message.created_at,
    )


def _has_no_page(message: Message) -> bool:
    return message.kin_of is not None or message.kind == MessageKind.CANARY


def _verifies(message: Message) -> bool:
    return message.kind == MessageKind.VERIFICATION


def channel_settings() -> channels.ChannelSettings:
    """What the channels need of the station's settings."""
    station = settings.current()
    return channels.ChannelSettings(
        smtp_host=station.smtp_host,
        smtp_port=station.smtp_port,
        smtp_user=station.smtp_user,
        smtp_password=station.smtp_password.get_secret_value(),
        smtp_tls=station.smtp_security,
        smtp_from=station.sender_address,
        public_url=station.public_url,
        webhook_secret=station.webhook_secret.get_secret_value(),
        webhook_allowed_hosts=tuple(station.webhook_allowed_hosts),
        apprise_allowed_schemes=tuple(station.apprise_allowed_schemes),
    )


@functools.cache
def _channel(name: str) -> channels.Channel:
    return channels.channel(name, channel_settings())


def _send_all(leased: list[Leased]) -> list[Outcome]:
    if len(leased) == 1:
        return [_send_one(leased[0], None)]
    with ThreadPoolExecutor(max_workers=SENDERS) as pool:
        return list(pool.map(lambda item: _send_one(item, None), leased))


def _send_one(item: Leased, send: Send | None) -> Outcome:
    """Try one channel. An adapter that breaks is a failed try, never a stopped watch."""
    if item.outgoing is None:
        return Outcome(
            delivery_id=item.delivery_id,
            token=item.token,
            handed=False,
            sentence="The address cannot be opened any more (removed, or its key is gone).",
            permanent=True,
        )
    try:
        give = send or _by_channel
        result = give(item.channel, item.outgoing)
    except Exception as trouble:  # a poisoned message must not stop the others
        log.exception("channel %s broke", item.channel)
        result = channels.Refused(
            sentence=f"The channel {item.channel} failed inside: {type(trouble).__name__}.",
            permanent=False,
        )
    if isinstance(result, channels.Handed):
        return Outcome(
            delivery_id=item.delivery_id,
            token=item.token,
            handed=True,
            provider_ref=result.provider_ref[:200],
        )
    return Outcome(
        delivery_id=item.delivery_id,
        token=item.token,
        handed=False,
        sentence=result.sentence[:500],
        permanent=result.permanent,
    )


def _by_channel(name: str, outgoing: channels.Outgoing) -> channels.Result:
    return _channel(name).send(outgoing, timeout_seconds=SEND_SECONDS)


def record(outcomes: list[Outcome], *, now: dt.datetime, landed: Landed | None = None) -> Delivered:
    """Write down what became of the tries; a result whose lease was taken over is dropped. If they
    cannot be written together, each for itself, so that one stops no other."""
    try:
        return _record(outcomes, now=now, landed=landed)
    except Exception:
        if len(outcomes) == 1:
            log.exception("could not write what became of %s", outcomes[0].delivery_id)
            return Delivered(tried=1, handed=0, causes=frozenset())
        log.exception("a round of %d could not be written; one by one", len(outcomes))
    done = [record([outcome], now=now, landed=landed) for outcome in outcomes]
    return Delivered(
        tried=len(done),
        handed=sum(one.handed for one in done),
        causes=frozenset(cause for one in done for cause in one.causes),
    )


def _record(outcomes: list[Outcome], *, now: dt.datetime, landed: Landed | None) -> Delivered:
    by_id = {outcome.delivery_id: outcome for outcome in outcomes}
    causes: set[str] = set()
    handed = 0
    with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
        due = Delivery.objects.filter(pk__in=by_id, state=DeliveryState.QUEUED)
        wanted = set(due.values_list("message_id", flat=True))
        locked = Message.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
        messages = {message.pk: message for message in locked}
        rows = [
            row
            for row in due.select_for_update().order_by("pk")
            if row.lease_token == by_id[row.pk].token and row.message_id in messages
        ]
        siblings = _siblings(set(messages))
        for row in rows:
            message = messages[row.message_id]
            page = _record_one(book, row, message, by_id[row.pk], siblings[message.pk], now)
            if landed and message.kind == MessageKind.CANARY and message.cause and row.handed_at:
                landed(page, message.cause)
            handed += by_id[row.pk].handed
            if message.state in (MessageState.TROUBLE, MessageState.UNREACHABLE):
                causes.add(message.cause)
    return Delivered(tried=len(outcomes), handed=handed, causes=frozenset(causes - {""}))


_States = dict[uuid.UUID, tuple[DeliveryState, int]]


def _siblings(message_ids: set[uuid.UUID]) -> dict[uuid.UUID, _States]:
    found: dict[uuid.UUID, _States] = {key: {} for key in message_ids}
    for row in Delivery.objects.filter(message_id__in=message_ids):
        found[row.message_id][row.pk] = (DeliveryState(row.state), row.tries)
    return found


def _record_one(
    book: logbook.Book,
    row: Delivery,
    message: Message,
    outcome: Outcome,
    siblings: _States,
    now: dt.datetime,
) -> logbook.Page:
    facts = {"channel": row.channel, "try": row.tries + 1, "person": message.person_id}
    if outcome.handed:
        page = book.entry(MESSAGE_HANDED, subject=message.about, facts=facts)
        page.change(
            row,
            state=DeliveryState.HANDED,
            tries=row.tries + 1,
            next_try_at=None,
            handed_at=now,
            provider_ref=outcome.provider_ref,
            trouble="",
        )
    else:
        page = book.entry(
            MESSAGE_FAILED, subject=message.about, facts=facts | {"trouble": outcome.sentence}
        )
        kind = MessageKind(message.kind)
        over = outcome.permanent or gives_up(kind=kind, created_at=message.created_at, now=now)
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        again = None if over else next_try(tries=row.tries + 1, now=now, jitter=jitter)
        page.change(
            row,
            state=DeliveryState.FAILED if over else DeliveryState.QUEUED,
            tries=row.tries + 1,
            next_try_at=again,
            trouble=outcome.sentence,
            lease_until=None,
        )
    siblings[row.pk] = (DeliveryState(row.state), row.tries)
    _move_message(page, message, siblings, now)
    return page


def _move_message(
    page: logbook.Page, message: Message, siblings: _States, now: dt.datetime
) -> None:
    state = message_state(list(siblings.values()), before=MessageState(message.state))
    if state == message.state:
        return
    if state is MessageState.HANDED:
        page.change(message, state=state, handed_at=now)
    else:
        page.change(message, state=state, failed_at=message.failed_at or now)
