"""Reading the outbox."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.db.models import Case, F, Min, Q, When

from homeby.comms.models import Delivery, FailingContact, ListMessage, Message, Posting, Webhook
from homeby.comms.queries.handed import canary_tries as canary_tries
from homeby.comms.queries.handed import channels_that_handed as channels_that_handed
from homeby.comms.queries.handed import handed_since as handed_since
from homeby.comms.queries.handed import last_handed as last_handed
from homeby.comms.queries.handed import messages_made as messages_made
from homeby.comms.queries.reached import Handing as Handing
from homeby.comms.queries.reached import handings as handings
from homeby.comms.queries.reached import lost_since as lost_since
from homeby.comms.queries.reached import reached_nobody as reached_nobody
from homeby.comms.queries.reached import sent_for as sent_for
from homeby.comms.rules import (
    FAILING_AFTER,
    DeliveryState,
    MessageKind,
    MessageState,
)
from homeby.comms.rules.words import worry_about
from homeby.database.asked import NOW, Asked
from homeby.logbook.queries import private_subjects
from homeby.logbook.reading import ReadKind, opened
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer

TESTS_MOST = 50

#: What is sent to see whether it arrives: nobody is out in it.
_ABOUT_NOBODY = (MessageKind.TEST, MessageKind.VERIFICATION, MessageKind.EXERCISE)


def visible_messages(viewer: Viewer | None) -> models.QuerySet[Message]:
    """Duty officers and leaders of the whole organisation see the outbox but for concerns, what own
    kin asked, and the silent alarm of their own party; everybody her own messages, an administrator
    those about nobody, too. What the station sends to itself is in no list."""
    if viewer is None:
        return Message.objects.none()
    to_people = Message.objects.exclude(kind=MessageKind.CANARY)
    if viewer.is_station:
        return to_people
    hers = Q(person_id=viewer.person_id)
    to_people = to_people.exclude(private_subjects("about"), ~hers)
    if viewer.apart:
        to_people = _but_apart(viewer, to_people)
    if viewer.closed_refs is not None:
        to_people = to_people.exclude(viewer.closed_refs.about("about"), ~hers)
    if viewer.has(Role.DUTY_OFFICER, Role.LEADER):
        return _but_untold(viewer, to_people)
    if viewer.person_id is None:
        return Message.objects.none()
    if viewer.has(Role.ADMINISTRATOR):
        hers |= Q(kind__in=_ABOUT_NOBODY)
    return to_people.filter(hers)


def _but_untold(viewer: Viewer, rows: models.QuerySet[Message]) -> models.QuerySet[Message]:
    untold = Q(about=worry_about(viewer.person_id))
    for ref, since in viewer.silent:
        about = Q(about=ref) | Q(about__startswith=f"{ref}/")
        untold |= about & Q(created_at__gte=since) & ~Q(person_id=viewer.person_id)
    return rows.exclude(untold)


def _but_apart(viewer: Viewer, rows: models.QuerySet[Message]) -> models.QuerySet[Message]:
    """Without what was sent to, or is about, people the viewer is kept away from."""
    if viewer.apart_refs is None:
        return rows.filter(person_id__in=[viewer.person_id])
    about = viewer.apart_refs.about("about")
    hers = Q(person_id__in=viewer.apart) | Q(kin_of__isnull=False, kin_of__in=viewer.apart)
    return rows.exclude(about | hers | Q(about__in=[worry_about(one) for one in viewer.apart]))


def visible_deliveries(viewer: Viewer | None) -> models.QuerySet[Delivery]:
    """Deliveries of the visible messages."""
    return Delivery.objects.filter(message__in=visible_messages(viewer))


def visible_lists(viewer: Viewer | None) -> models.QuerySet[ListMessage]:
    """Lists are seen by whoever sees all of the outbox, and by the person they went to."""
    if viewer is None:
        return ListMessage.objects.none()
    sees_all = viewer.has(Role.DUTY_OFFICER, Role.LEADER)
    if sees_all and viewer.closed_refs is not None:
        sees_all = not viewer.closed_refs.any()
    if viewer.is_station or sees_all:
        return ListMessage.objects.all()
    if viewer.person_id is None:
        return ListMessage.objects.none()
    return ListMessage.objects.filter(person_id=viewer.person_id)


def visible_failing(viewer: Viewer | None) -> models.QuerySet[FailingContact]:
    """Whoever keeps watch or administers sees what fails; everybody her own, and her kin's."""
    if viewer is None:
        return FailingContact.objects.none()
    if viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR):
        found = FailingContact.objects.exclude(person_id__in=viewer.apart)
        return found.exclude(kin_of__isnull=False, kin_of__in=viewer.apart)
    if viewer.person_id is None:
        return FailingContact.objects.none()
    return FailingContact.objects.filter(Q(person_id=viewer.person_id) | Q(kin_of=viewer.person_id))


def visible_webhooks(viewer: Viewer | None) -> models.QuerySet[Webhook]:
    """Everybody sees their own, administrators everybody's but of whom they are kept away from."""
    found = Webhook.objects.all()
    if viewer is None or viewer.is_station or viewer.has(Role.ADMINISTRATOR):
        return found.none() if viewer is None else found.exclude(person_id__in=viewer.apart)
    return found.filter(person_id=viewer.person_id) if viewer.person_id else found.none()


def visible_postings(viewer: Viewer | None) -> models.QuerySet[Posting]:
    """The postings of visible webhooks."""
    return Posting.objects.filter(webhook__in=visible_webhooks(viewer))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Message: visible_messages,
    Delivery: visible_deliveries,
    ListMessage: visible_lists,
    FailingContact: visible_failing,
    Webhook: visible_webhooks,
    Posting: visible_postings,
}


def shared_now(*, machine_now: dt.datetime) -> dt.datetime:
    """What the clock shows that all watchkeepers share: that of the PostgreSQL server; on SQLite
    all are on one machine, and the caller brings its time."""
    if connection.vendor != "postgresql":
        return machine_now
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        found: dt.datetime = cursor.fetchone()[0]
    return found


def _by_when_free() -> models.QuerySet[Any, Any]:
    leased = When(lease_until__gt=F("next_try_at"), then=F("lease_until"))
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED)
    free_at = queued.annotate(free_at=Case(leased, default=F("next_try_at")))
    return free_at.order_by("free_at").values_list("free_at")[:1]


_FIRST_FREE = Asked(_by_when_free)


def next_try_at() -> dt.datetime | None:
    """When the next delivery is due; None when nothing waits. What is under a lease is due when the
    lease runs out."""
    return _FIRST_FREE.instant()


def people_told(about: Iterable[str], *, since: dt.datetime | None = None) -> set[uuid.UUID]:
    """Everybody (people and kin) to whom a message about these subjects was handed or may yet be.
    One taken back while a try was under way (it still has its lease) may have been handed."""
    on_its_way = Q(deliveries__lease_until__isnull=False)
    wanted = Message.objects.filter(about__in=list(about))
    wanted = wanted.filter(~Q(state=MessageState.CANCELLED) | on_its_way)
    if since is not None:
        wanted = wanted.filter(created_at__gte=since)
    return set(wanted.values_list("person_id", flat=True))


def told_once(*, since: dt.datetime) -> set[uuid.UUID]:
    """Who was written to since then in words that say why they come late, but for exercises: those
    are taken back for what is in earnest. One query."""
    late = Message.objects.filter(created_at__gte=since).exclude(said_once="")
    late = late.exclude(kind=MessageKind.EXERCISE)
    return set(late.values_list("person_id", flat=True))


def keys_written(keys: Iterable[str]) -> set[str]:
    """Which of these messages were written already, whatever became of them. One query."""
    found = Message.objects.filter(key__in=list(keys))
    return set(found.values_list("key", flat=True))


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One message on one channel: how often it was tried, and the last trouble in a sentence.
    `listed`: it went out in a list with others."""

    channel: str
    state: str
    tries: int
    next_try_at: dt.datetime | None
    throttled_at: dt.datetime | None
    handed_at: dt.datetime | None
    received_at: dt.datetime | None
    listed: bool
    trouble: str


@dataclass(frozen=True, kw_only=True)
class Written:
    """A message as pages show it; `at` is when it came into its state. Code and link let somebody
    take an alarm in the person's name, so only the demonstration shows them."""

    key: str
    about: str
    kind: str
    person_id: uuid.UUID
    kin_of: uuid.UUID | None
    subject: str
    text: str
    state: str
    created_at: dt.datetime
    at: dt.datetime | None
    tried: tuple[Tried, ...]
    code: str = field(repr=False)
    token: str = field(repr=False)


def messages_about(
    viewer: Viewer | None, about: Iterable[str], *, limit: int = 1000
) -> list[Written]:
    """Messages about these subjects with their deliveries, newest first. Two queries."""
    return _written(visible_messages(viewer).filter(about__in=list(about)), limit)


def newest_messages(viewer: Viewer | None, *, limit: int = 300) -> list[Written]:
    """The messages written last, newest first. Two queries."""
    opened(ReadKind.MESSAGES, what="messages")
    return _written(visible_messages(viewer), limit)


def _written(found: models.QuerySet[Message], limit: int) -> list[Written]:
    rows = found.prefetch_related("deliveries").order_by("-created_at", "pk")[:limit]
    return [_one_written(row) for row in rows]


def _one_tried(one: Delivery) -> Tried:
    return Tried(
        channel=one.channel,
        state=one.state,
        tries=one.tries,
        next_try_at=one.next_try_at,
        throttled_at=one.throttled_at,
        handed_at=one.handed_at,
        received_at=one.received_at,
        listed=one.list_id is not None,
        trouble=one.trouble,
    )


def _one_written(row: Message) -> Written:
    tried = sorted(row.deliveries.all(), key=lambda one: (one.place or 0, str(one.pk)))
    return Written(
        key=row.key,
        about=row.about,
        kind=row.kind,
        person_id=row.person_id,
        kin_of=row.kin_of,
        subject=row.subject,
        text=row.text,
        state=row.state,
        created_at=row.created_at,
        at=row.answered_at or row.handed_at or row.failed_at,
        tried=tuple(_one_tried(one) for one in tried),
        code=row.code,
        token=row.token,
    )


@dataclass(frozen=True, kw_only=True)
class Failing:
    """A contact point that has failed for ten minutes or longer; `person_id` is its owner, also for
    that of kin."""

    id: uuid.UUID
    person_id: uuid.UUID
    is_of_kin: bool
    channel: str
    since_at: dt.datetime
    trouble: str


def failing(viewer: Viewer | None, *, now: dt.datetime) -> list[Failing]:
    """What has failed for ten minutes and is there still, the longest first. Up to four queries."""
    if not _FAILING.any(now=now - FAILING_AFTER):
        return []
    rows = list(visible_failing(viewer).filter(since_at__lte=now - FAILING_AFTER))
    here = people.contacts_here([row.contact_id for row in rows]) if rows else set()
    return [
        Failing(
            id=row.pk,
            person_id=row.kin_of or row.person_id,
            is_of_kin=row.kin_of is not None,
            channel=row.channel,
            since_at=row.since_at,
            trouble=row.trouble,
        )
        for row in sorted(rows, key=lambda row: (row.since_at, str(row.pk)))
        if row.contact_id in here
    ]


_FAILING = Asked(lambda: FailingContact.objects.filter(since_at__lte=NOW).values_list("pk")[:1])


@dataclass(frozen=True, kw_only=True)
class LastTest:
    """The last test message to a contact point, and what became of it."""

    written_at: dt.datetime
    tried: Tried


def last_tests(viewer: Viewer | None, person_id: uuid.UUID) -> dict[uuid.UUID, LastTest]:
    """The last test of each of a person's contact points. Two queries."""
    tests = visible_messages(viewer).filter(about=f"person:{person_id}", kind=MessageKind.TEST)
    found: dict[uuid.UUID, LastTest] = {}
    for row in tests.prefetch_related("deliveries").order_by("-created_at")[:TESTS_MOST]:
        for one in row.deliveries.all():
            last = LastTest(written_at=row.created_at, tried=_one_tried(one))
            found.setdefault(one.contact_id, last)
    return found


def written_since(about: str, *, kind: MessageKind, since: dt.datetime) -> bool:
    """Whether a message of this kind about a subject was written lately. One query."""
    return Message.objects.filter(about=about, kind=kind, created_at__gt=since).exists()


def message_by_token(token: str) -> Message | None:
    """The message whose secret link this is. The secret itself is the permission."""
    return Message.objects.filter(token=token).first()


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A list as its page shows it: the gravest first. `may_take`: its code takes its alarms."""

    id: uuid.UUID
    person_id: uuid.UUID
    created_at: dt.datetime
    may_take: bool
    items: tuple[Message, ...]


def list_by_token(token: str) -> Listed | None:
    """The list whose secret link this is. The secret itself is the permission. Two queries."""
    found = ListMessage.objects.filter(token=token).first()
    if found is None:
        return None
    items = Message.objects.filter(pk__in=found.message_ids).order_by(
        "urgency", "since_at", "subject"
    )
    return Listed(
        id=found.pk,
        person_id=found.person_id,
        created_at=found.created_at,
        may_take=bool(found.code),
        items=tuple(items),
    )


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Since when the oldest message waits that nobody has tried to send, and the oldest that every
    channel has refused so far."""

    untried_since: dt.datetime | None
    refused_since: dt.datetime | None


def waiting(viewer: Viewer | None, *, now: dt.datetime) -> Waiting:
    """What has not left the outbox although its time has come. Two queries."""
    queued = visible_deliveries(viewer).filter(state=DeliveryState.QUEUED)
    due = queued.filter(tries=0, next_try_at__lte=now)
    refused = queued.filter(message__state=MessageState.TROUBLE)
    return Waiting(
        untried_since=due.aggregate(first=Min("next_try_at"))["first"],
        refused_since=refused.aggregate(first=Min("message__created_at"))["first"],
    )


def status_figures(viewer: Viewer | None, *, now: dt.datetime) -> dict[str, int]:
    """Counts for `homeby status`."""
    found = visible_messages(viewer)
    return {
        "messages_queued": found.filter(state=MessageState.QUEUED).count(),
        "messages_in_trouble": found.filter(
            Q(state=MessageState.TROUBLE) | Q(state=MessageState.UNREACHABLE)
        ).count(),
        "contact_points_failing": len(failing(viewer, now=now)),
    }
