"""Posting entries to webhooks: queue what is new, try what is due, write down what became of it.

A process of its own line does this, never the watchkeeper: a receiver that hangs delays no alarm.
Killed between a try and its record, the posting goes again under the same key.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms.actions.deliver import channel_settings
from homeby.comms.actions.webhooks import tell_person
from homeby.comms.channels import Handed, Outgoing, Result
from homeby.comms.channels.entry_webhook import EntryWebhook
from homeby.comms.models import Posting, Webhook
from homeby.comms.rules import postings as rules
from homeby.comms.rules.postings import PostingState
from homeby.keys import KeyProblem
from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.rules import Line
from homeby.people import private
from homeby.people import queries as people
from homeby.people.rules import Purpose, Viewer
from homeby.people.texts import Words

#: So many numbers back a transaction that ended late may still put an entry.
LOOK_BACK = 1000
NEW_MOST = 500
A_ROUND = 8
SENDERS = 8
POST_SECONDS = 10.0

#: What somebody is now, with all that is kept from her.
Seen = Callable[..., Viewer]
#: Posts one entry to an address under a secret.
Post = Callable[[str, str, Outgoing], Result]


def queue(*, now: dt.datetime, seen: Seen = people.viewer_for) -> int:
    """Put what is new in the logbook for each webhook into its queue; gives how many entries. An
    entry stands there once, however often this is called. `seen` is handed down from above, where
    more is known of what is kept from somebody."""
    last = entries.last_number()
    waiting = Webhook.objects.filter(ended_at=None, looked_number__lt=last)
    return sum(_queue_one(row, seen(row.person_id, now=now), last, now) for row in waiting)


def _queue_one(row: Webhook, viewer: Viewer, last: int, now: dt.datetime) -> int:
    after = max(row.from_number, row.looked_number - LOOK_BACK)
    most = LOOK_BACK + NEW_MOST
    found = entries.numbers_after(viewer, number=after, kinds=row.kinds, limit=most)
    known = set(
        Posting.objects.filter(webhook=row, entry_number__gt=after).values_list(
            "entry_number", flat=True
        )
    )
    new = [one for one in found if one[0] not in known]
    if new:
        with logbook.writing(now=now, by=None, device="webhooks", bulk=True) as book:
            facts = {"count": len(new)}
            page = book.entry(rules.WEBHOOK_QUEUED, subject=f"webhook:{row.pk}", facts=facts)
            for number, entry_id in new:
                page.add(_posting(row, number, entry_id, now))
    looked = found[-1][0] if len(found) == most else last
    Webhook.objects.filter(pk=row.pk).update(looked_number=looked)
    return len(new)


def _posting(row: Webhook, number: int, entry_id: uuid.UUID, now: dt.datetime) -> Posting:
    return Posting(
        id=uuid.uuid5(row.pk, str(number)),
        webhook=row,
        entry_id=entry_id,
        entry_number=number,
        state=PostingState.QUEUED,
        created_at=now,
        next_try_at=now,
    )


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One posting with what is to be sent; `outgoing` None: it is withheld."""

    posting: Posting
    address: str
    secret: str
    outgoing: Outgoing | None


def send(*, now: dt.datetime, post: Post | None = None, seen: Seen = people.viewer_for) -> int:
    """One round over every webhook that has something due; gives how many were tried. `post`
    stands in for the network in tests."""
    tries = [one for row in Webhook.objects.filter(ended_at=None) for one in _due(row, seen, now)]
    if not tries:
        return 0
    with ThreadPoolExecutor(max_workers=SENDERS) as pool:
        results = list(pool.map(lambda one: _result(one, post or _post), tries))
    by_webhook: dict[uuid.UUID, list[tuple[_Try, Result | None]]] = {}
    for one, result in zip(tries, results, strict=True):
        by_webhook.setdefault(one.posting.webhook_id, []).append((one, result))
    for key, done in by_webhook.items():
        _record(key, done, now=now)
    return len(tries)


def _due(row: Webhook, seen: Seen, now: dt.datetime) -> list[_Try]:
    """What to try now, oldest first; a webhook that fails is probed with its oldest only, so that
    one that is dead costs one try a round and keeps all it was promised in order."""
    rows = list(
        Posting.objects.filter(webhook=row, state=PostingState.QUEUED).order_by("entry_number")[
            : 1 if row.failing_since_at else A_ROUND
        ]
    )
    due = [one for one in rows if one.next_try_at is not None and one.next_try_at <= now]
    if not due:
        return []
    try:
        opened = private.unseal(row.person_id, row.sealed, purpose=Purpose.DELIVER)
    except (private.Shredded, KeyProblem):
        opened = {"address": "", "secret": ""}
    viewer = seen(row.person_id, now=now)
    station = settings.current()
    return [
        _Try(
            posting=one,
            address=opened["address"],
            secret=opened["secret"],
            outgoing=_outgoing(one, line, station.station_name, opened["address"])
            if (line := entries.line(viewer, one.entry_id))
            else None,
        )
        for one in due
    ]


def _outgoing(row: Posting, line: Line, station: str, address: str) -> Outgoing:
    return Outgoing(
        key=f"webhook:{row.webhook_id}/{row.entry_number}",
        to_address=address,
        subject=str(line.label),
        text=json.dumps(_entry(line), ensure_ascii=False),
        link="",
        urgent=False,
        from_name=station,
        sent_as="ENTRY",
        written_at=row.created_at,
    )


def _entry(line: Line) -> dict[str, str | int | None]:
    """What a receiver learns: which entry, not its words; those it reads by the API."""
    return {
        "number": line.number,
        "entry_id": str(line.entry_id),
        "kind": line.kind,
        "label": str(line.label),
        "subject": line.subject,
        "person_id": str(line.person_id) if line.person_id else None,
        "actor_id": str(line.actor_id) if line.actor_id else None,
        "happened_at": line.happened_at.isoformat(),
        "recorded_at": line.recorded_at.isoformat(),
    }


def _result(one: _Try, post: Post) -> Result | None:
    return post(one.address, one.secret, one.outgoing) if one.outgoing else None


def _post(address: str, secret: str, outgoing: Outgoing) -> Result:
    channel = EntryWebhook(settings=channel_settings(), secret=secret)
    return channel.send(outgoing, timeout_seconds=POST_SECONDS)


def _record(key: uuid.UUID, done: list[tuple[_Try, Result | None]], *, now: dt.datetime) -> None:
    """Write down what became of a webhook's tries, in one entry. What another process has recorded
    meanwhile stays as it is."""
    with logbook.writing(now=now, by=None, device="webhooks") as book:
        webhook = Webhook.objects.select_for_update().get(pk=key)
        ids = [one.posting.pk for one, _result in done]
        rows = {row.pk: row for row in Posting.objects.select_for_update().filter(pk__in=ids)}
        page = book.entry(rules.WEBHOOK_TRIED, subject=f"webhook:{key}")
        handed = failed = 0
        for one, result in done:
            row = rows[one.posting.pk]
            if (row.state, row.tries) != (PostingState.QUEUED, one.posting.tries):
                continue
            _change(page, row, result)
            handed += isinstance(result, Handed)
            failed += result is not None and not isinstance(result, Handed)
        page.state(handed=handed, failed=failed)
        _mind_failing(page, webhook, handed=handed, failed=failed)


def _change(page: logbook.Page, row: Posting, result: Result | None) -> None:
    now, tries = page.book.now, row.tries + 1
    if result is None:
        page.change(row, state=PostingState.WITHHELD, next_try_at=None, done_at=now)
    elif isinstance(result, Handed):
        page.change(
            row,
            state=PostingState.HANDED,
            tries=tries,
            next_try_at=None,
            done_at=now,
            trouble="",
        )
    else:
        jitter = random.random()  # noqa: S311 - spreads repeats, guards nothing
        again = rules.again_at(created_at=row.created_at, tries=tries, now=now, jitter=jitter)
        page.change(
            row,
            state=PostingState.QUEUED if again else PostingState.GIVEN_UP,
            tries=tries,
            next_try_at=again,
            done_at=None if again else now,
            trouble=result.sentence[:500],
        )


def _mind_failing(page: logbook.Page, webhook: Webhook, *, handed: int, failed: int) -> None:
    """Since when it fails, and its person told after an hour: nothing falls silent unseen."""
    now, since = page.book.now, webhook.failing_since_at
    if handed and since is not None:
        page.change(webhook, failing_since_at=None, told_at=None)
    elif failed and not handed and since is None:
        page.change(webhook, failing_since_at=now)
    elif failed and since and webhook.told_at is None and now - since >= rules.TELL_AFTER:
        page.change(webhook, told_at=now)
        words = partial(_takes_nothing, webhook.name)
        tell_person(page, webhook, words, key=f"failing/{int(since.timestamp())}")


def _takes_nothing(name: str) -> Words:
    text = _("For over an hour nothing got through. It is tried on; My page says why.")
    return _("Your webhook %s takes nothing") % name, text
