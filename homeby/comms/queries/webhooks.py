"""Webhooks and what became of their postings, for their person and the administrators."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, Q

from homeby.comms.models import Posting, Webhook
from homeby.comms.queries import visible_postings, visible_webhooks
from homeby.comms.rules.postings import PostingState
from homeby.people.rules import Viewer

LOG_MAX = 20


@dataclass(frozen=True, kw_only=True)
class PostingLine:
    """One line of a webhook's delivery log."""

    entry_number: int
    state: PostingState
    created_at: dt.datetime
    tries: int
    next_try_at: dt.datetime | None
    done_at: dt.datetime | None
    trouble: str


@dataclass(frozen=True, kw_only=True)
class WebhookLine:
    """A webhook as its page shows it: never its whole address, nor its secret."""

    id: uuid.UUID
    person_id: uuid.UUID
    name: str
    where: str
    kinds: tuple[str, ...]
    made_at: dt.datetime
    failing_since_at: dt.datetime | None
    ended_at: dt.datetime | None
    waiting: int
    log: tuple[PostingLine, ...]


def webhooks(viewer: Viewer | None) -> list[WebhookLine]:
    """The webhooks that the viewer may see, those that work first, each with its newest postings.
    One query, and one more for each."""
    waiting = Count("postings", filter=Q(postings__state=PostingState.QUEUED))
    rows = visible_webhooks(viewer).annotate(waiting=waiting).order_by("-made_at", "pk")
    found = [_line(row, row.waiting, postings_of(viewer, row.pk)) for row in rows]
    return sorted(found, key=lambda one: one.ended_at is not None)


def postings_of(viewer: Viewer | None, webhook_id: uuid.UUID) -> tuple[PostingLine, ...]:
    """The newest postings of a webhook, newest first. One query."""
    rows = visible_postings(viewer).filter(webhook_id=webhook_id).order_by("-entry_number")
    return tuple(_posting(row) for row in rows[:LOG_MAX])


def _line(row: Webhook, waiting: int, log: tuple[PostingLine, ...]) -> WebhookLine:
    return WebhookLine(
        id=row.pk,
        person_id=row.person_id,
        name=row.name,
        where=row.where,
        kinds=tuple(row.kinds),
        made_at=row.made_at,
        failing_since_at=row.failing_since_at,
        ended_at=row.ended_at,
        waiting=waiting,
        log=log,
    )


def _posting(row: Posting) -> PostingLine:
    return PostingLine(
        entry_number=row.entry_number,
        state=PostingState(row.state),
        created_at=row.created_at,
        tries=row.tries,
        next_try_at=row.next_try_at,
        done_at=row.done_at,
        trouble=row.trouble,
    )
