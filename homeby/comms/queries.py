"""Reading the outbox."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Case, F, Min, Q, When

from homeby.comms.models import Delivery, Message
from homeby.comms.rules import DeliveryState, MessageKind, MessageState
from homeby.people.rules import Role, Viewer


def visible_messages(viewer: Viewer | None) -> models.QuerySet[Message]:
    """Duty officers, leaders and administrators see the outbox; everybody her own messages."""
    if viewer is None:
        return Message.objects.none()
    if viewer.is_station or viewer.has(Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR):
        return Message.objects.all()
    if viewer.person_id is None:
        return Message.objects.none()
    return Message.objects.filter(person_id=viewer.person_id)


def visible_deliveries(viewer: Viewer | None) -> models.QuerySet[Delivery]:
    """Deliveries of the visible messages."""
    return Delivery.objects.filter(message__in=visible_messages(viewer))


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Message: visible_messages,
    Delivery: visible_deliveries,
}


@dataclass(frozen=True, kw_only=True)
class Handing:
    """How far the messages of one step have come."""

    count: int
    first_handed_at: dt.datetime | None
    impossible: bool


def handings(keys_by_cause: dict[str, str]) -> dict[str, Handing]:
    """For each cause, how the messages whose key begins with the given prefix stand. One query.

    Impossible: every one of them has failed on every channel at least once. Where some of them
    can be acted on (they carry a code), only those count: kin who heard take no alarm.
    """
    rows = Message.objects.filter(cause__in=keys_by_cause).values_list(
        "cause", "key", "state", "handed_at", "code"
    )
    all_of: dict[str, list[tuple[str, dt.datetime | None]]] = {}
    with_code: dict[str, list[tuple[str, dt.datetime | None]]] = {}
    for cause, key, state, handed_at, code in rows:
        if key.startswith(keys_by_cause[cause]):
            all_of.setdefault(cause, []).append((state, handed_at))
            if code:
                with_code.setdefault(cause, []).append((state, handed_at))
    found = all_of | with_code
    lost = (MessageState.TROUBLE, MessageState.UNREACHABLE)
    return {
        cause: Handing(
            count=len(items),
            first_handed_at=min((at for _, at in items if at), default=None),
            impossible=all(state in lost for state, _ in items),
        )
        for cause, items in found.items()
    }


def next_try_at() -> dt.datetime | None:
    """When the next delivery is due; None when nothing waits. What is under a lease is due when the
    lease runs out."""
    queued = Delivery.objects.filter(state=DeliveryState.QUEUED)
    leased = When(lease_until__gt=F("next_try_at"), then=F("lease_until"))
    free_at = Case(leased, default=F("next_try_at"))
    found: dt.datetime | None = queued.aggregate(first=Min(free_at))["first"]
    return found


def causes_in_trouble(*, since: dt.datetime) -> set[str]:
    """What messages written since then, which no channel has taken, were about. One query."""
    lost = (MessageState.TROUBLE, MessageState.UNREACHABLE)
    found = Message.objects.filter(created_at__gte=since, state__in=lost).exclude(cause="")
    return set(found.values_list("cause", flat=True))


def people_told(about: Iterable[str]) -> set[uuid.UUID]:
    """Everybody (people and kin) to whom a message about these subjects was handed or may yet be.
    One taken back while a try was under way (it still has its lease) may have been handed."""
    on_its_way = Q(deliveries__lease_until__isnull=False)
    wanted = Message.objects.filter(about__in=list(about))
    wanted = wanted.filter(~Q(state=MessageState.CANCELLED) | on_its_way)
    return set(wanted.values_list("person_id", flat=True))


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One message on one channel: how often it was tried, and the last trouble in a sentence."""

    channel: str
    state: str
    tries: int
    next_try_at: dt.datetime | None
    handed_at: dt.datetime | None
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
    return _written(visible_messages(viewer), limit)


def _written(found: models.QuerySet[Message], limit: int) -> list[Written]:
    rows = found.prefetch_related("deliveries").order_by("-created_at", "pk")[:limit]
    return [_one_written(row) for row in rows]


def _one_written(row: Message) -> Written:
    tried = sorted(row.deliveries.all(), key=lambda one: str(one.pk))
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
        tried=tuple(
            Tried(
                channel=one.channel,
                state=one.state,
                tries=one.tries,
                next_try_at=one.next_try_at,
                handed_at=one.handed_at,
                trouble=one.trouble,
            )
            for one in tried
        ),
        code=row.code,
        token=row.token,
    )


def written_since(about: str, *, kind: MessageKind, since: dt.datetime) -> bool:
    """Whether a message of this kind about a subject was written lately. One query."""
    return Message.objects.filter(about=about, kind=kind, created_at__gt=since).exists()


def message_by_token(token: str) -> Message | None:
    """The message whose secret link this is. The secret itself is the permission."""
    return Message.objects.filter(token=token).first()


def messages_made() -> int:
    """How many messages could go out to somebody, over all time."""
    return Message.objects.exclude(state=MessageState.UNREACHABLE).count()


def status_figures(viewer: Viewer | None) -> dict[str, int]:
    """Counts for `homeby status`."""
    found = visible_messages(viewer)
    return {
        "messages_queued": found.filter(state=MessageState.QUEUED).count(),
        "messages_in_trouble": found.filter(
            Q(state=MessageState.TROUBLE) | Q(state=MessageState.UNREACHABLE)
        ).count(),
    }
