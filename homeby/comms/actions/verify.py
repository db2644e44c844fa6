"""Proving that a contact point reaches its person: a code sent there, and a message to try it.

The code stands in the message's `code`, which never enters the logbook; the text does.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.comms import queries
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MESSAGE_QUEUED, MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.actions import contacts
from homeby.people.rules import Viewer
from homeby.people.texts import spoken_to

TEST_PAUSE = dt.timedelta(minutes=1)


@logbook.once
def send_code(*, contact_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Send a six-digit code to a contact point, which counts once the code was typed. Refused
    within a minute of the last code, and for somebody else's contact point."""
    answer = _("A code is on its way there. Type it within %d minutes.") % contacts.CODE_MINUTES
    with logbook.writing(now=now, by=by.person_id) as book:
        made = contacts.begin_verification(book, contact_id=contact_id, by=by, now=now)
        about = f"person:{made.recipient.person_id}"
        page = book.entry(
            MESSAGE_QUEUED,
            subject=about,
            person=made.recipient.person_id,
            facts={"kind": MessageKind.VERIFICATION},
            tap=tap,
            answer=answer,
        )
        with spoken_to(made.recipient):
            head = _("Your code for Homeby")
            text = _(
                "%(who)s named this as a way to be reached. Type the code on your page in Homeby. "
                "If this is not you, do nothing: nothing more will come."
            )
        order = Order(
            key=f"code:{contact_id}/{tap.entry_id}",
            about=about,
            recipient=made.recipient,
            kind=MessageKind.VERIFICATION,
            subject=head,
            text=text % {"who": made.recipient.name},
            code=made.code,
        )
        tell(page, [order], now=now)
    return answer


@logbook.once
def send_test(*, contact_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Send a message to a verified contact point, to see that it arrives. Refused within a minute
    of the last one, and for somebody else's contact point."""
    recipient = people.recipient_at(contact_id)
    known = people.contact_points(by, recipient.person_id) if recipient else []
    if recipient is None or contact_id not in {one.id for one in known if one.reach.verified}:
        raise Refused(_("Verify this contact point first; the code is its test."))
    contacts.own_or_administrator(by, recipient.person_id)
    about = f"person:{recipient.person_id}"
    if queries.written_since(about, kind=MessageKind.TEST, since=now - TEST_PAUSE):
        raise Refused(_("A test message was sent just now. Wait a minute before the next."))
    answer = _("A test message is on its way.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            MESSAGE_QUEUED,
            subject=about,
            person=recipient.person_id,
            facts={"kind": "TEST"},
            tap=tap,
            answer=answer,
        )
        with spoken_to(recipient):
            head = _("A test message from Homeby")
            text = _("This is how a message from the watch reaches you. There is nothing to do.")
        order = Order(
            key=f"test:{contact_id}/{tap.entry_id}",
            about=about,
            recipient=recipient,
            kind=MessageKind.TEST,
            subject=head,
            text=text,
        )
        tell(page, [order], now=now)
    return answer
