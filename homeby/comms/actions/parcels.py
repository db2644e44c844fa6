"""What goes out together and what waits: many messages for one person at once become one list, and
what is over a limit waits until the window opens. Done when a lease is taken, so that the watch
need not know."""

from __future__ import annotations

import datetime as dt
import functools
import logging
import secrets
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.db import connection, models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from homeby import settings
from homeby.comms import rules
from homeby.comms.models import Delivery, ListMessage, Message
from homeby.comms.rules import Limit, MessageKind, Sent
from homeby.logbook.actions import Book
from homeby.steady import SKEW

log = logging.getLogger("homeby.comms")


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What goes to one contact point in one sending: one delivery, or several as a list."""

    rows: tuple[Delivery, ...]
    is_of_alarms: bool = False
    listed: ListMessage | None = None

    @property
    def lead(self) -> Delivery:
        """The delivery that stands for all of them."""
        return self.rows[0]

    @property
    def is_alarm(self) -> bool:
        """Whether it brings an alarm."""
        return MessageKind(self.lead.message.kind) is MessageKind.ALARM

    @property
    def is_exercise(self) -> bool:
        """Whether it brings a drill or a weekly test."""
        return MessageKind(self.lead.message.kind) is MessageKind.EXERCISE

    @property
    def never_held(self) -> bool:
        """Whether no limit holds it back."""
        return any(
            rules.is_never_held(MessageKind(row.message.kind), is_first=bool(row.message.is_first))
            for row in self.rows
        )


def item_of(message: Message) -> rules.Item:
    """A message as the rules of lists read it."""
    return rules.Item(
        message_id=message.pk,
        kind=MessageKind(message.kind),
        subject=message.subject,
        text=message.text,
        may_take=bool(message.code),
        is_for_kin=message.kin_of is not None,
        urgency=rules.URGENCY_LEAST if message.urgency is None else message.urgency,
        since_at=message.since_at or message.created_at,
    )


def said_once(parcel: Parcel) -> list[str]:
    """The sentences that its messages share, each once."""
    found = dict.fromkeys(str(row.message.said_once) for row in parcel.rows)
    return [one for one in found if one]


def locked(rows: models.QuerySet[Delivery]) -> models.QuerySet[Delivery]:
    """These deliveries with their messages, locked; what another works on is skipped."""
    skip = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=skip, of=("self",) if skip else ()).select_related(
        "message"
    )


def crowded(
    due: models.QuerySet[Delivery], contact_ids: Collection[uuid.UUID] | None = None
) -> models.QuerySet[Delivery, tuple[uuid.UUID]]:
    """Those (of these) contact points for which so many wait that they become a list."""
    late = Count("pk", filter=~Q(message__said_once=""))
    due = due if contact_ids is None else due.filter(contact_id__in=contact_ids)
    counted = due.values("contact_id").annotate(n=Count("pk"), late=late)
    many = counted.filter(Q(n__gte=rules.LIST_FROM) | Q(late__gte=rules.LATE_LIST_FROM))
    return many.values_list("contact_id")


def pack(
    rows: Sequence[Delivery], due: models.QuerySet[Delivery], many: Collection[uuid.UUID]
) -> list[Parcel]:
    """Rows as parcels, of all that is `due`. Where `many` wait for one contact point, all of these
    are fetched and put into lists. One query where there are many."""
    parcels = [Parcel(rows=(row,)) for row in rows if row.contact_id not in many]
    if not many:
        return parcels
    first = {row.pk for row in rows}
    waiting: dict[tuple[uuid.UUID, bool | None], list[Delivery]] = {}
    for row in locked(due.filter(contact_id__in=many)).order_by("pk")[: rules.LIST_MOST]:
        kind = rules.is_alarm_list(item_of(row.message))
        waiting.setdefault((row.contact_id, kind), []).append(row)
    for (_contact, kind), together in waiting.items():
        so_late = sum(bool(row.message.said_once) for row in together)
        if kind is not None and rules.become_a_list(len(together), so_late):
            parcels.append(Parcel(rows=tuple(together), is_of_alarms=kind))
        else:
            parcels += [Parcel(rows=(row,)) for row in together if row.pk in first]
    return parcels


def hold_back(book: Book, parcels: Sequence[Parcel]) -> list[Parcel]:
    """Put off what is over a limit, and in a flood what can share the next list; the rest. One
    query."""
    now, limits = book.now, _limits(tuple(settings.current().message_limits))
    sent = _sent_lately(parcels, limits, now)
    going = []
    for parcel in sorted(parcels, key=lambda one: not one.never_held):
        lately = sent.setdefault(parcel.lead.message.person_id, [])
        gathers = parcel.never_held and parcel.is_alarm
        if gathers:
            until = _gathers_until(parcel, lately, now)
        elif parcel.never_held:
            until = None
        else:
            until = rules.opens_at(limits, parcel.lead.channel, lately, now=now)
        if until is None and parcel.is_exercise:
            going.append(parcel)  # it counts against no limit
        elif until is None:
            lately.append(Sent(channel=parcel.lead.channel, at=now))
            going.append(parcel)
        else:
            _wait(book, parcel, until, throttled=not gathers)
    return going


def _gathers_until(parcel: Parcel, lately: Iterable[Sent], now: dt.datetime) -> dt.datetime | None:
    contact_id = parcel.lead.contact_id
    lists = [one.at for one in lately if one.alarm_list_to == contact_id]
    return rules.gathers_until(
        written_at=min(row.message.created_at for row in parcel.rows),
        last_list_at=max(lists, default=None),
        after_an_outage=all(row.message.said_once for row in parcel.rows),
        now=now,
    )


def _wait(book: Book, parcel: Parcel, until: dt.datetime, *, throttled: bool) -> None:
    facts = {
        "channel": parcel.lead.channel,
        "count": len(parcel.rows),
        "person": parcel.lead.message.person_id,
        "until": until,
    }
    about = parcel.lead.message.about
    page = book.entry(rules.MESSAGE_THROTTLED, subject=about, facts=facts)
    for row in parcel.rows:
        since = row.throttled_at or (book.now if throttled else None)
        page.change(row, next_try_at=until, throttled_at=since)


def _sent_lately(
    parcels: Iterable[Parcel], limits: Sequence[Limit], now: dt.datetime
) -> dict[uuid.UUID, list[Sent]]:
    """What these people got within the longest window; a list counts once. One query."""
    to = {one.lead.message.person_id for one in parcels}
    longest = max((limit.within for limit in limits), default=rules.FLOOD)
    lately = (now - max(longest, rules.FLOOD), now + SKEW)
    rows = Delivery.objects.filter(person_id__in=to, handed_at__range=lately)
    rows = rows.exclude(message__kind=MessageKind.EXERCISE)
    found = rows.annotate(sending=Coalesce("list_id", "id")).values_list(
        "person_id", "contact_id", "channel", "handed_at", "list_id", "message__kind", "sending"
    )
    sent: dict[uuid.UUID, list[Sent]] = {}
    for person_id, contact_id, channel, handed_at, list_id, kind, _sending in found.distinct():
        is_list = list_id is not None and kind == MessageKind.ALARM
        assert person_id is not None, "it was filtered by it"
        assert handed_at is not None, "it was filtered by it"
        one = Sent(channel=channel, at=handed_at, alarm_list_to=contact_id if is_list else None)
        sent.setdefault(person_id, []).append(one)
    return sent


@functools.cache
def _limits(words: tuple[str, ...]) -> tuple[Limit, ...]:
    """The limits of the settings. One that cannot be understood limits nothing; doctor says so."""
    found: list[Limit] = []
    for word in words:
        try:
            found += rules.limits_of([word])
        except ValueError as problem:
            log.error("message_limits: %s", problem)
    return tuple(found)


def write_list(book: Book, parcel: Parcel) -> Parcel:
    """The parcel with its list. The same messages, tried again, are the same list."""
    if len(parcel.rows) == 1:
        return parcel
    wanted = sorted(str(row.message_id) for row in parcel.rows)
    row = parcel.lead
    if row.list_id is not None and all(one.list_id == row.list_id for one in parcel.rows):
        before = ListMessage.objects.filter(pk=row.list_id).first()
        if before is not None and before.message_ids == wanted:
            return replace(parcel, listed=before)
    listed = ListMessage(
        id=uuid.uuid4(),
        person_id=row.message.person_id,
        contact_id=row.contact_id,
        is_of_alarms=parcel.is_of_alarms,
        message_ids=wanted,
        created_at=book.now,
        token=secrets.token_urlsafe(16),
        code=f"{secrets.randbelow(1_000_000):06d}" if parcel.is_of_alarms else "",
    )
    whose = row.message.person_id
    facts = {"count": len(wanted), "channel": row.channel, "person": whose}
    page = book.entry(rules.MESSAGES_LISTED, subject=f"list:{listed.pk}", person=whose, facts=facts)
    page.add(listed)
    for one in parcel.rows:
        page.change(one, list_id=listed.pk)
    return replace(parcel, listed=listed)
