"""Contact points that fail: noted when they begin to, and when they work again; their owner is told
on another channel. Nothing is ever switched off (`RELIABILITY.md` 4, Channels)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.utils.translation import gettext as _

from homeby.comms import rules
from homeby.comms.actions.tell import tell
from homeby.comms.models import FailingContact
from homeby.comms.rules import FAILING_AFTER, MessageKind, Order, Tried
from homeby.database.asked import NOW, Asked, AskedOf
from homeby.logbook import actions as logbook
from homeby.people import queries as people
from homeby.people.queries.apart import read_as
from homeby.people.rules import Recipient, Role
from homeby.people.texts import Words, spoken_to

TELL_MOST = 50
_UNTOLD = Asked(
    lambda: FailingContact.objects.filter(told_at__isnull=True, since_at__lte=NOW).values_list("pk")
)


_KNOWN = AskedOf(
    lambda keys: (
        FailingContact.objects.select_for_update().filter(contact_id__in=keys).order_by("pk")
    )
)


def note_tries(book: logbook.Book, tries: Mapping[uuid.UUID, Tried]) -> None:
    """What became of the last try at each contact point: one that fails is noted once, one that
    works again is taken from the list. One query."""
    failing = {row.contact_id: row for row in _KNOWN.rows(tries)}
    for contact_id, tried in tries.items():
        facts = {"channel": tried.channel, "trouble": tried.trouble}
        subject = f"person:{tried.person_id}"
        if tried.works and contact_id in failing:
            book.entry(rules.CHANNEL_RECOVERED, subject=subject, facts=facts).remove(
                failing[contact_id]
            )
        elif not tried.works and contact_id not in failing:
            book.entry(rules.CHANNEL_FAILED, subject=subject, facts=facts).add(
                FailingContact(
                    id=uuid.uuid4(),
                    contact_id=contact_id,
                    person_id=tried.person_id,
                    kin_of=tried.kin_of,
                    channel=tried.channel,
                    since_at=book.now,
                    trouble=tried.trouble,
                )
            )


def tell_owners(*, now: dt.datetime) -> int:
    """Tell the owners of what has failed for ten minutes, each once, on another channel; where they
    have none, the administrators. Gives how many were told of. One query when there is nothing."""
    due = FailingContact.objects.filter(told_at__isnull=True, since_at__lte=now - FAILING_AFTER)
    if not _UNTOLD.any(now=now - FAILING_AFTER):
        return 0
    with logbook.writing(now=now, by=None, device="watchkeeper") as book:
        rows = list(due.select_for_update().order_by("since_at", "pk")[:TELL_MOST])
        failing = set(FailingContact.objects.values_list("contact_id", flat=True))
        here = people.contacts_here([row.contact_id for row in rows])
        for row in rows:
            page = book.entry(
                rules.CHANNEL_OWNER_TOLD,
                subject=f"person:{row.kin_of or row.person_id}",
                facts={"channel": row.channel, "trouble": row.trouble},
            )
            if row.contact_id not in here:
                page.remove(row)
                continue
            to = _whom(row.kin_of or row.person_id, failing, now=now)
            tell(page, [_order(row, one) for one in to], now=now)
            page.state(told=[one.person_id for one in to])
            page.change(row, told_at=now)
    return len(rows)


def _whom(owner: uuid.UUID, failing: set[uuid.UUID], *, now: dt.datetime) -> list[Recipient]:
    """The owner where another channel works, else every administrator who can be reached."""
    for keys in ([owner], people.holders(Role.ADMINISTRATOR, now=now)):
        found = [_elsewhere(one, failing) for one in people.recipients(keys).values()]
        reached = [one for one in found if one.reaches_now(now=now, in_danger=True)]
        if reached:
            return reached
    return []


def _elsewhere(recipient: Recipient, failing: Iterable[uuid.UUID]) -> Recipient:
    reaches = tuple(one for one in recipient.reaches if one.contact_id not in failing)
    return replace(recipient, reaches=reaches)


def _order(row: FailingContact, to: Recipient) -> Order:
    owner = row.kin_of or row.person_id
    with spoken_to(to):
        head, text = _words(row, to, owner)
    return Order(
        key=f"failing:{row.pk}/{to.person_id}",
        about=f"person:{owner}",
        recipient=to,
        kind=MessageKind.NOTICE,
        subject=head,
        text=text,
        in_danger=True,
    )


def _words(row: FailingContact, to: Recipient, owner: uuid.UUID) -> Words:
    whose = _("you") if to.person_id == owner else read_as([owner]).to(to.person_id).get(owner, "?")
    if row.kin_of is not None:
        whose = _("the kin of %s") % whose
    head = _("%(channel)s does not reach %(whose)s")
    text = _(
        "Nothing has got through for over ten minutes; it is tried on. The last trouble: "
        "%(trouble)s Look at the contact point and send a test."
    )
    return head % {"channel": row.channel, "whose": whose}, text % {"trouble": row.trouble}
