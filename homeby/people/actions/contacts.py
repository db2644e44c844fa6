"""How people are reached: contact points, sealed and verified."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import private, queries, rules
from homeby.people.actions import kin_apart
from homeby.people.actions.organisation import require
from homeby.people.models import ContactPoint
from homeby.people.rules import ChannelName, Recipient, Role, Viewer

CODE_MINUTES = 15
CODE_TRIES_MAX = 5
CODE_PAUSE = dt.timedelta(minutes=1)
CONTACTS_MAX = 10
RANK_MAX = 99


VERIFIED = gettext_lazy("Verified. This contact point counts from now on.")


@dataclass(frozen=True, kw_only=True)
class Hours:
    """Local hours in which a contact point may be used; both None means always."""

    from_time: dt.time | None = None
    to_time: dt.time | None = None
    zone: str = "UTC"


ALWAYS = Hours()


@logbook.once
def add_contact(  # noqa: PLR0913 - the fields of a contact point
    *,
    person_id: uuid.UUID,
    channel: ChannelName,
    address: str,
    hours: Hours = ALWAYS,
    verified: bool = False,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Add a way to reach a person. It counts for the watch once it is verified; only the station
    itself (a demonstration, a replay) may call it verified from the start."""
    own_or_administrator(by, person_id)
    assert by.is_station or not verified, "only the station adds verified contact points"
    if not address.strip():
        raise Refused(address=_("Give an address."))
    known = ContactPoint.objects.filter(person_id=person_id)
    if known.count() >= CONTACTS_MAX:
        raise Refused(_("%d contact points are enough; remove one first.") % CONTACTS_MAX)
    last = known.aggregate(last=Max("rank"))["last"]
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.CONTACT_ADDED,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"channel": channel},
            tap=tap,
            answer=_("Contact point added. It counts once it is verified."),
        )
        page.add(
            ContactPoint(
                id=tap.entry_id,
                person_id=person_id,
                rank=(last or 0) + 1,
                channel=channel,
                address_sealed=private.seal(person_id, {"address": address.strip()}),
                verified_at=now if verified else None,
                **asdict(hours),
            )
        )
        if verified:
            kin_apart.found_at(page, person_id, now=now)
    return _("Contact point added. It counts once it is verified.")


def own_or_administrator(by: Viewer, person_id: uuid.UUID) -> None:
    """Refuse unless it is the viewer's own record or the viewer administers it."""
    if by.person_id != person_id:
        require(by, Role.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Verification:
    """A fresh code, and the one contact point to which it goes."""

    code: str = field(repr=False)
    recipient: Recipient


def begin_verification(
    book: logbook.Book, *, contact_id: uuid.UUID, by: Viewer, now: dt.datetime
) -> Verification:
    """Store the hash of a fresh six-digit code for a contact point and give the code to the caller,
    who sends it there. The last code is a minute old at least, so that nobody can be flooded."""
    contact = ContactPoint.objects.select_for_update().filter(pk=contact_id).first()
    recipient = queries.recipient_at(contact_id)
    if contact is None or recipient is None:
        raise Refused(_("This contact point is here no more."))
    own_or_administrator(by, contact.person_id)
    lasts = dt.timedelta(minutes=CODE_MINUTES)
    if contact.code_expires_at and contact.code_expires_at - lasts + CODE_PAUSE > now:
        raise Refused(code=_("A code was sent just now. Wait a minute before you ask for another."))
    code = f"{secrets.randbelow(1_000_000):06d}"
    page = book.entry(
        rules.CONTACT_CHANGED,
        subject=f"person:{contact.person_id}",
        person=contact.person_id,
        facts={"verification": "code sent"},
    )
    page.change(
        contact, code_hash=_code_hash(contact, code), code_expires_at=now + lasts, code_tries=0
    )
    return Verification(code=code, recipient=recipient)


def _code_hash(contact: ContactPoint, code: str) -> str:
    return hashlib.sha256(f"{contact.pk}|{code}".encode()).hexdigest()


@logbook.once
def confirm_contact(
    *, contact_id: uuid.UUID, code: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Verify a contact point by the code that was sent to it. A wrong code counts as a try."""
    trouble: Refused | None = None
    with logbook.writing(now=now, by=by.person_id) as book:
        contact = ContactPoint.objects.select_for_update().get(pk=contact_id)
        own_or_administrator(by, contact.person_id)
        if contact.verified_at is not None and contact.code_expires_at is None:
            return str(VERIFIED)  # the form was sent twice
        fresh = contact.code_expires_at is not None and contact.code_expires_at > now
        if not fresh or contact.code_tries >= CODE_TRIES_MAX:
            raise Refused(code=_("This code has lapsed. Have a new one sent."))
        right = secrets.compare_digest(contact.code_hash, _code_hash(contact, code.strip()))
        page = book.entry(
            rules.CONTACT_VERIFIED if right else rules.CONTACT_CHANGED,
            subject=f"person:{contact.person_id}",
            person=contact.person_id,
            facts={"verification": "verified" if right else "wrong code"},
            tap=tap,
            answer=str(VERIFIED) if right else None,
        )
        if right:
            page.change(contact, verified_at=now, code_hash="", code_expires_at=None)
            kin_apart.found_at(page, contact.person_id, now=now)
        else:
            page.change(contact, code_tries=contact.code_tries + 1)
            trouble = page.refuse(code=_("That is not the code. Look again at the message."))
    if trouble:
        raise trouble
    return str(VERIFIED)


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """A contact point's place in both orders: 1 goes first, equal numbers go together."""

    rank: int
    rank_in_danger: int


@logbook.once
def order_contacts(
    *,
    person_id: uuid.UUID,
    ranks: Mapping[uuid.UUID, Ranks],
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Set the order in which a person's contact points are used, for messages about somebody in
    danger and for all others. A contact point that is not named keeps its place."""
    own_or_administrator(by, person_id)
    if any(not 1 <= n <= RANK_MAX for r in ranks.values() for n in (r.rank, r.rank_in_danger)):
        raise Refused(_("A place in the order is a number from 1 to %d.") % RANK_MAX)
    answer = _("The order is kept.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = ContactPoint.objects.select_for_update().filter(person_id=person_id)
        known = {row.pk: row for row in rows.order_by("pk")}
        if not ranks.keys() <= known.keys():
            raise Refused(_("This contact point is here no more."))
        page = book.entry(
            rules.CONTACTS_ORDERED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=answer,
        )
        for key, given in ranks.items():
            page.change(known[key], **asdict(given))
    return answer


@logbook.once
def remove_contact(*, contact_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Remove a contact point."""
    with logbook.writing(now=now, by=by.person_id) as book:
        contact = ContactPoint.objects.select_for_update().get(pk=contact_id)
        own_or_administrator(by, contact.person_id)
        page = book.entry(
            rules.CONTACT_REMOVED,
            subject=f"person:{contact.person_id}",
            person=contact.person_id,
            facts={"channel": contact.channel},
            tap=tap,
            answer=_("Removed."),
        )
        page.remove(contact)
        kin_apart.given_up(page, contact.person_id, now=now)
    return _("Removed.")
