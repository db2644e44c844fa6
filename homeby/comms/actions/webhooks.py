"""Webhooks: added and ended by people; nobody and nothing else ends one."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from dataclasses import dataclass, field
from functools import partial

from django.utils.translation import gettext as _

from homeby.comms.actions.deliver import channel_settings
from homeby.comms.actions.tell import tell
from homeby.comms.channels.entry_webhook import EntryWebhook
from homeby.comms.channels.posting import Target, target_of
from homeby.comms.models import Webhook
from homeby.comms.queries import visible_webhooks
from homeby.comms.rules import MessageKind, Order, postings
from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.rules import Refused, Tap
from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries.apart import read_as
from homeby.people.rules import Viewer
from homeby.people.texts import Said, Words, each_hears

NAME_MAX = 100
WEBHOOKS_MAX = 10


def new_secret() -> str:
    """A fresh secret to sign with: 256 random bits."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, kw_only=True)
class WebhookFields:
    """A webhook to add: what it is for, where to, which kinds of entry, signed with what."""

    name: str
    address: str
    kinds: tuple[str, ...]
    secret: str = field(repr=False)


@logbook.once
def add_webhook(*, fields: WebhookFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Post entries of these kinds to this address from now on, as far as this person may see them.
    The webhook's id is the tap's. Raises Refused."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    target = _checked(fields)
    if Webhook.objects.filter(person_id=by.person_id, ended_at=None).count() >= WEBHOOKS_MAX:
        raise Refused(_("You have %d webhooks already. End one first.") % WEBHOOKS_MAX)
    sealed = {"address": fields.address.strip(), "secret": fields.secret}
    answer = _("Added. What happens from now on is posted there.")
    with logbook.writing(now=now, by=by.person_id) as book:
        number = entries.last_number()
        page = book.entry(
            postings.WEBHOOK_ADDED,
            subject=f"webhook:{tap.entry_id}",
            person=by.person_id,
            facts={"kinds": fields.kinds},
            tap=tap,
            answer=answer,
        )
        page.add(
            Webhook(
                id=tap.entry_id,
                person_id=by.person_id,
                name=fields.name.strip(),
                kinds=sorted(set(fields.kinds)),
                sealed=private.seal(by.person_id, sealed),
                where=target.where[:300],
                from_number=number,
                looked_number=number,
                made_at=now,
            )
        )
    return answer


def _checked(fields: WebhookFields) -> Target:
    name = fields.name.strip()
    if not name or len(name) > NAME_MAX:
        raise Refused(name=_("Say what the webhook is for, in at most %d characters.") % NAME_MAX)
    offered = {kind.name for kind in postings.offered()}
    if not fields.kinds or set(fields.kinds) - offered:
        raise Refused(kinds=_("Choose at least one of the kinds that are offered."))
    address = fields.address.strip()
    channel = EntryWebhook(settings=channel_settings(), secret=fields.secret)
    target = target_of(address, what="webhook")
    problem = channel.problem_with(address)
    if problem or isinstance(target, str):
        raise Refused(address=problem or str(target))
    return target


@logbook.once
def end_webhook(*, webhook_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Nothing is posted there any more. Everybody ends their own, an administrator anybody's; then
    its person is told."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Webhook.objects.select_for_update().filter(pk=webhook_id).first()
        may = row is not None and visible_webhooks(by).filter(pk=row.pk).exists()
        if row is None or not may or by.person_id is None:
            raise Refused(_("There is no such webhook, or it is not yours."))
        answer = _("Ended: nothing is posted to %s any more.") % row.name
        page = book.entry(
            postings.WEBHOOK_ENDED,
            subject=f"webhook:{row.pk}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        if row.ended_at is None:
            page.change(row, ended_at=now, ended_by_id=by.person_id)
            if row.person_id != by.person_id:
                called = read_as([by.person_id]).to(row.person_id)[by.person_id]
                words = partial(_was_ended, row.name, called)
                tell_person(page, row, words, key="ended")
    return answer


def _was_ended(name: str, by: str) -> Words:
    return _("Your webhook %s was ended") % name, _("By %s.") % by


def tell_person(page: logbook.Page, row: Webhook, words: Said, *, key: str) -> None:
    """Put a notice about a webhook to its person into the outbox."""
    found, said = people.recipients([row.person_id]), each_hears(words)
    orders = [
        Order(
            key=f"webhook:{row.pk}/{key}/{one.person_id}",
            about=f"webhook:{row.pk}",
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=said(one)[0],
            text=said(one)[1],
        )
        for one in found.values()
    ]
    tell(page, orders, now=page.book.now)
