"""Taking a lease on what is due: who works on which delivery until when, and what is to be sent."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms import channels, rules
from homeby.comms.actions import parcels, station_mail
from homeby.comms.actions.parcels import Parcel
from homeby.comms.models import Delivery, ListMessage, Message
from homeby.comms.rules import DeliveryState, Leases, MessageKind
from homeby.database.asked import NOW, OTHER, Asked, AskedOf
from homeby.database.turns import take_turn
from homeby.logbook import actions as logbook
from homeby.people import private
from homeby.people.queries import languages_of
from homeby.people.rules import Purpose
from homeby.people.texts import in_language

BATCH = 16
HELD_ROUNDS = 64
_EXERCISES_LAST = Case(
    When(message__kind=MessageKind.EXERCISE, then=Value(1)),
    default=Value(0),
    output_field=IntegerField(),
)
_FIRST = (
    *(_EXERCISES_LAST, "-message__in_danger", "tries"),
    *("message__urgency", "message__since_at", "next_try_at", "pk"),
)
LINK_ROOM = 160  # for the link, and for the line that counts what did not fit


def _due(now: dt.datetime, begin: dt.datetime, never: dt.datetime) -> QuerySet[Delivery]:
    """What waits, is due, and under no lease."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=begin) | Q(lease_until__gt=never)
    return Delivery.objects.filter(free, state=DeliveryState.QUEUED, next_try_at__lte=now)


def _in_turn(due: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return parcels.locked(due.order_by(*_FIRST))


_FIRST_DUE = Asked(lambda: _in_turn(_due(NOW, *OTHER))[:BATCH])
_DUE = Asked(
    lambda: Delivery.objects.filter(state=DeliveryState.QUEUED, next_try_at__lte=NOW).values_list(
        "pk"
    )[:1]
)


_CROWDED = AskedOf(lambda contact_ids: parcels.crowded(_due(NOW, *OTHER), contact_ids))
_ANY_CROWD = Asked(lambda: parcels.crowded(_due(NOW, *OTHER))[:1])
LISTS = "lists"


def _one_makes_lists(now: dt.datetime, others: tuple[dt.datetime, dt.datetime]) -> None:
    """Where many wait for somebody, one watchkeeper claims them all: two that skip each other's
    rows would make two lists of them."""
    if connection.vendor == "postgresql" and _ANY_CROWD.rows(now=now, others=others):
        take_turn(LISTS)


@dataclass(frozen=True, kw_only=True)
class Leased:
    """One sending under lease with all that is needed for it without the database. `delivery_ids`
    are all the deliveries that go out with it as one list."""

    delivery_id: uuid.UUID
    delivery_ids: tuple[uuid.UUID, ...]
    token: uuid.UUID
    channel: str
    outgoing: channels.Outgoing | None


def lease(*, now: dt.datetime, leases: Leases | None = None, note: str = "") -> list[Leased]:
    """Claim up to a batch of what is due for `LEASE_SECONDS`: those in danger first, then what was
    tried least, so that nothing waits behind the many that a dead line keeps back, then the gravest
    and the longest worry. What is over a limit is put off. `leases` says how leases are counted."""
    begin, until = (leases or Leases()).term(now=now)
    never = until + (until - begin)  # no lease lasts so long: that clock was set back since
    others = (begin, never)
    if not _DUE.any(now=now):
        return []  # nothing is locked for nothing
    for _round in range(HELD_ROUNDS):
        with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
            _one_makes_lists(now, others)
            rows: list[Delivery] = _FIRST_DUE.rows(now=now, others=others)
            if not rows:
                return []
            contact_ids = {row.contact_id for row in rows}
            many = {key for (key,) in _CROWDED.rows(contact_ids, now=now, others=others)}
            due = _due(now, *others)
            going = parcels.hold_back(book, parcels.pack(rows, due, many))
            going = [parcels.write_list(book, one) for one in going]
            token = uuid.uuid4()
            Delivery.objects.filter(pk__in=[row.pk for one in going for row in one.rows]).update(
                lease_until=until, lease_token=token
            )
        if going:
            break
    contacts = [one.lead.contact_id for one in going]
    addresses = private.addresses(contacts, purpose=Purpose.DELIVER)
    to = {one.lead.pk: addresses.get(one.lead.contact_id) for one in going}
    spoken = languages_of(one.lead.message.person_id for one in going)
    sent = []
    for one in going:
        with in_language(spoken.get(one.lead.message.person_id, "")):
            sent.append((one, _to_send(one, to[one.lead.pk], note, now=now)))
    return [_leased(one, token, outgoing) for one, outgoing in _with_kin_pages(sent)]


def _with_kin_pages(
    sent: Sequence[tuple[Parcel, channels.Outgoing | None]],
) -> Iterator[tuple[Parcel, channels.Outgoing | None]]:
    """What goes to kin links to their own page, where they have one."""
    kin = [one.lead.contact_id for one, _ in sent if one.lead.message.kin_of is not None]
    links = private.kin_links(kin, purpose=Purpose.DELIVER) if kin else {}
    for one, outgoing in sent:
        link = links.get(one.lead.contact_id)
        if outgoing is not None and link is not None:
            outgoing = replace(outgoing, link=f"{settings.current().public_url}/k/{link}")
        yield one, outgoing


def _leased(parcel: Parcel, token: uuid.UUID, outgoing: channels.Outgoing | None) -> Leased:
    return Leased(
        delivery_id=parcel.lead.pk,
        delivery_ids=tuple(row.pk for row in parcel.rows),
        token=token,
        channel=parcel.lead.channel,
        outgoing=outgoing,
    )


def _to_send(
    parcel: Parcel, address: str | None, note: str, *, now: dt.datetime
) -> channels.Outgoing | None:
    address = address or station_mail.address(parcel.lead)
    if address is None:
        return None
    if parcel.listed is None:
        return replace(_outgoing(parcel.lead, address, note), sent_at=now)
    return replace(_list_outgoing(parcel, parcel.listed, address, note), sent_at=now)


def _list_outgoing(
    parcel: Parcel, listed: ListMessage, address: str, note: str
) -> channels.Outgoing:
    """A list as it leaves: every party is named, as far as the channel has room; the link opens the
    whole of it, the code takes all of it."""
    station = settings.current()
    items = rules.in_order([parcels.item_of(row.message) for row in parcel.rows])
    lines = [rules.line(item) for item in items]
    subject, end = _("%d messages for you") % len(lines), _("The link opens them all.")
    if parcel.is_of_alarms:
        subject = _("%d alarms for you") % len(lines)
        end = _("Open the link and take them; opening alone takes nothing.")
        end = f"{note}\n{end}" if note else end
    end = "\n".join([*parcels.said_once(parcel), end])
    if listed.code:
        end += "\n" + _("Code to take them all: %s") % listed.code
    room = channels.most_text(parcel.lead.channel) - len(end) - len(subject) - LINK_ROOM
    shown = rules.fitting(lines, most=room)
    said = lines[:shown]
    if shown < len(lines):
        said.append(_("… and %d more on the page behind the link.") % (len(lines) - shown))
    return channels.Outgoing(
        key=f"list:{listed.pk}",
        to_address=address,
        subject=subject,
        text="\n".join([*said, end]),
        link=f"{station.public_url}/m/{listed.token}",
        urgent=any(row.message.in_danger for row in parcel.rows),
        from_name=station.station_name,
        sent_as=parcel.lead.message.kind,
        written_at=listed.created_at,
    )


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
