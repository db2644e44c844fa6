"""A person's own time: leave, availability, an outside calendar read for its times only, and the
address by which her own duties are read elsewhere."""

from __future__ import annotations

import datetime as dt
import secrets
import time
import uuid

from django.db.models import F
from django.utils.translation import gettext as _

from homeby.comms.actions.deliver import channel_settings
from homeby.comms.channels import fetching
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import private
from homeby.people.rules import Purpose, Viewer
from homeby.readiness.models import BusyFeed, CalendarLink, OwnTime
from homeby.readiness.queries import days
from homeby.readiness.rules import duty_planning as kinds
from homeby.readiness.rules import own_times as rules
from homeby.readiness.rules.own_times import Busy, OwnTimeKind

OWN_TIMES_MAX = 200
READ_EVERY = dt.timedelta(minutes=55)
FETCH_SECONDS = 20.0
#: So long a round may begin with one more; the rest is read in the next.
ROUND_SECONDS = 300.0


def new_address() -> str:
    """A fresh secret for the address of an own calendar: 256 random bits."""
    return secrets.token_urlsafe(32)


@logbook.once
def enter_time(
    *,
    kind: OwnTimeKind,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Say that one is on leave, or available; nobody is asked why. Raises Refused."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    if problem := problem_with_span((starts_at, ends_at), now=now):
        raise Refused(ends=problem)
    mine = OwnTime.objects.filter(person_id=by.person_id, ended_at=None, ends_at__gt=now)
    if mine.exclude(kind=OwnTimeKind.BUSY).count() >= OWN_TIMES_MAX:
        raise Refused(_("These are %d times already; take some back first.") % OWN_TIMES_MAX)
    answer = _("Kept.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.OWN_TIME_ENTERED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            facts={"kind": kind},
            tap=tap,
            answer=answer,
        )
        _add(page, by.person_id, OwnTimeKind(kind), (starts_at, ends_at), entered_by=by.person_id)
    return answer


def problem_with_span(span: rules.Span, *, now: dt.datetime) -> str:
    """What is wrong with a time of one's own, in a sentence; "" where nothing is."""
    starts_at, ends_at = span
    if ends_at <= starts_at or ends_at <= now:
        return _("Give an end that is later than the beginning, and still to come.")
    if ends_at - starts_at > rules.OWN_TIME_LONGEST:
        return _("This is longer than a year; look at the dates again.")
    return ""


def take_leave(book: Book, span: rules.Span) -> None:
    """Whoever acts is on leave then, as part of a book: it stands in her calendar, where she may
    take it back, and says nothing of why. Raises Refused."""
    assert book.by is not None, "nobody takes leave for another"
    if problem := problem_with_span(span, now=book.now):
        raise Refused(leave_until=problem)
    page = book.entry(
        kinds.OWN_TIME_ENTERED,
        subject=f"person:{book.by}",
        person=book.by,
        facts={"kind": OwnTimeKind.LEAVE},
    )
    _add(page, book.by, OwnTimeKind.LEAVE, span, entered_by=book.by)


def _add(
    page: Page,
    person_id: uuid.UUID,
    kind: OwnTimeKind,
    span: rules.Span,
    *,
    entered_by: uuid.UUID | None,
) -> None:
    page.add(
        OwnTime(
            id=uuid.uuid4(),
            person_id=person_id,
            kind=kind,
            starts_at=span[0],
            ends_at=span[1],
            known_at=page.book.now,
            entered_by_id=entered_by,
        )
    )


@logbook.once
def end_time(*, time_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take back leave or availability that one has said. Raises Refused."""
    answer = _("Taken back.")
    if by.person_id is None:
        raise Refused(_("Log in first."))
    with logbook.writing(now=now, by=by.person_id) as book:
        row = (
            OwnTime.objects.select_for_update()
            .filter(pk=time_id, person_id=by.person_id, ended_at__isnull=True)
            .exclude(kind=OwnTimeKind.BUSY)
            .first()
        )
        if row is None:
            raise Refused(_("This is here no more."))
        page = book.entry(
            kinds.OWN_TIME_ENDED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, ended_at=now)
    return answer


@logbook.once
def set_feed(*, address: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Have one's outside calendar read from this address, by the hour; an empty one ends that, and
    what was read is forgotten with it. Raises Refused."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    address = address.strip().replace("webcal://", "https://", 1)
    if address and (problem := fetching.problem_with(address, channel_settings())):
        raise Refused(address=problem)
    answer = _("Kept: only its times are read.") if address else _("It is no longer read.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = BusyFeed.objects.select_for_update().filter(person_id=by.person_id).first()
        page = book.entry(
            kinds.BUSY_FEED_SET,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        if row is not None:
            page.remove(row)
        _replace(page, by.person_id, ())
        if address:
            sealed = private.seal(by.person_id, {"address": address})
            page.add(
                BusyFeed(id=tap.entry_id, person_id=by.person_id, address_sealed=sealed, set_at=now)
            )
    return answer


def read_feeds(*, now: dt.datetime) -> int:
    """Read the outside calendars whose hour has come, the one that waits longest first, until the
    time of the round is over; gives how many were tried. Each stands for itself: one that hangs or
    is damaged keeps no other from being read. What was tried stands last in the next round, so that
    many slow ones cannot keep the others out."""
    waiting = BusyFeed.objects.filter(person__is_active=True).order_by(
        F("tried_at").asc(nulls_first=True), "set_at", "pk"
    )
    due = [
        row.person_id for row in waiting if row.tried_at is None or row.tried_at <= now - READ_EVERY
    ]
    began, tried = time.monotonic(), 0
    for person_id in due:
        if time.monotonic() - began >= ROUND_SECONDS:
            break
        read_feed(person_id, now=now)
        tried += 1
    return tried


def read_feed(person_id: uuid.UUID, *, now: dt.datetime) -> None:
    """Fetch one outside calendar and keep its busy times. Nothing is fetched within a transaction;
    what cannot be read is said on her page, and what was read before stays."""
    row = BusyFeed.objects.filter(person_id=person_id).first()
    if row is None:
        return
    try:
        opened = private.unseal(person_id, row.address_sealed, purpose=Purpose.DELIVER)
    except private.Shredded:
        return
    found = _fetched(opened["address"], now=now)
    with logbook.writing(now=now, by=None) as book:
        held = BusyFeed.objects.select_for_update().filter(pk=row.pk).first()
        if held is None:  # another address was given meanwhile
            return
        page = book.entry(kinds.BUSY_FEED_READ, subject=f"person:{person_id}", person=person_id)
        if isinstance(found, str):
            page.change(held, tried_at=now, trouble=found[: kinds.NOTE_MAX])
            return
        _replace(page, person_id, found.spans)
        unknown = ", ".join(found.unknown_zones)[:200]
        trouble = (
            _("Nobody knows these time zones, so they were read as the zone of this station: %s.")
            % unknown
            if unknown
            else ""
        )
        page.change(held, tried_at=now, read_at=now, trouble=trouble, spans=len(found.spans))


def _fetched(address: str, *, now: dt.datetime) -> Busy | str:
    """The busy times behind an address, or a sentence."""
    text = fetching.fetch(
        address,
        channel_settings(),
        most_bytes=rules.FEED_BYTES_MAX,
        timeout_seconds=FETCH_SECONDS,
    )
    if isinstance(text, str):
        return text
    return rules.busy_times(text, zone=days.zone(), now=now)


def _replace(page: Page, person_id: uuid.UUID, spans: tuple[rules.Span, ...]) -> None:
    """Keep these busy times; what was known before stays known since then, and what is over."""
    now = page.book.now
    rows = OwnTime.objects.filter(
        person_id=person_id, kind=OwnTimeKind.BUSY, ended_at__isnull=True, ends_at__gt=now
    )
    before = {(row.starts_at, row.ends_at): row for row in rows}
    for span, row in before.items():
        if span not in spans:
            page.change(row, ended_at=now)
    for span in spans:
        if span not in before and span[1] > now:
            _add(page, person_id, OwnTimeKind.BUSY, span, entered_by=None)


@logbook.once
def set_link(*, key_hash: str, shows_all: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Let programs read one's own duties by a secret address, of which this is the hash; any other
    address ends with it. An empty hash ends it. Raises Refused."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    answer = _("Copy the address now: it is shown once.") if key_hash else _("It is ended.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = CalendarLink.objects.select_for_update().filter(person_id=by.person_id).first()
        page = book.entry(
            kinds.CALENDAR_LINK_SET,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        if row is not None:
            page.remove(row)
        if key_hash:
            page.add(
                CalendarLink(
                    id=tap.entry_id,
                    person_id=by.person_id,
                    key_hash=key_hash,
                    made_at=now,
                    shows_all=shows_all,
                )
            )
    return answer
