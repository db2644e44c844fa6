"""Taking messages out of the outbox: lease, send, and only then mark as handed.

Killed between send and mark, the lease runs out and the message goes again under the same key:
perhaps twice, never not at all (promise 2).
"""

from __future__ import annotations

import datetime as dt
import functools
import logging
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from django.utils.translation import gettext as _

from homeby import keys, settings
from homeby.comms import channels
from homeby.comms.actions.failing import tell_owners
from homeby.comms.actions.leasing import BATCH as BATCH
from homeby.comms.actions.leasing import Leased as Leased
from homeby.comms.actions.leasing import lease as lease
from homeby.comms.actions.recording import Delivered as Delivered
from homeby.comms.actions.recording import Landed as Landed
from homeby.comms.actions.recording import record as record
from homeby.comms.rules import SEND_SECONDS, Leases, Outcome
from homeby.people import private

log = logging.getLogger("homeby.comms")
SENDERS = 16  # all of a batch at once: one slow provider costs one `SEND_SECONDS`, well in a lease

Send = Callable[[str, channels.Outgoing], channels.Result]


def deliver(
    *,
    now: dt.datetime,
    send: Send | None = None,
    leases: Leases | None = None,
    landed: Landed | None = None,
    note: str = "",
) -> Delivered:
    """Send one batch of what is due, most urgent first. Give it a `send` to stand in for channels
    (simulations); `leases` says how leases are counted; `landed` is told the cause of each canary
    that was handed, with the page that says so; `note` is added to every alarm message of the
    batch."""
    tell_owners(now=now)
    leased = lease(now=now, leases=leases, note=note)
    if not leased:
        return Delivered(tried=0, handed=0, causes=frozenset())
    if send is None:
        outcomes = _send_all(leased)
    else:
        outcomes = [outcome for item in leased for outcome in _send_one(item, send)]
    done = record(outcomes, now=now, landed=landed)
    return done if private.key_is_here() else replace(done, failed_here=done.tried)


def channel_settings(station: settings.Settings | None = None) -> channels.ChannelSettings:
    """What the channels need of the station's settings (this process's, if none are given)."""
    station = station or settings.current()
    return channels.ChannelSettings(
        smtp_host=station.smtp_host,
        smtp_port=station.smtp_port,
        smtp_user=station.smtp_user,
        smtp_password=station.smtp_password.get_secret_value(),
        smtp_tls=station.smtp_security,
        smtp_from=station.sender_address,
        public_url=station.public_url,
        webhook_secret=station.webhook_secret.get_secret_value(),
        webhook_allowed_hosts=tuple(station.webhook_allowed_hosts),
        apprise_allowed_schemes=tuple(station.apprise_allowed_schemes),
        sms=channels.Gateway(
            url=station.sms_url,
            method=station.sms_method,
            form=station.sms_format,
            template=station.sms_template,
            headers=tuple(station.sms_headers),
            sender=station.sms_from,
            id_path=station.sms_id_path,
            state_path=station.sms_state_path,
            taken_words=tuple(station.sms_taken_words),
            refused_words=tuple(station.sms_refused_words),
            error_path=station.sms_error_path,
        ),
        sms_secret=station.sms_secret.get_secret_value(),
        webpush_key=_webpush_key(),
        webpush_contact=station.webpush_contact or f"mailto:{station.sender_address}",
    )


def _webpush_key() -> bytes:
    """The station's key; without one the channel says so, and the others work on."""
    try:
        return settings.webpush_key()
    except keys.KeyProblem as problem:
        log.error("web push cannot be used: %s", problem)
        return b""


@functools.cache
def _channel(name: str) -> channels.Channel:
    return channels.channel(name, channel_settings())


def _send_all(leased: list[Leased]) -> list[Outcome]:
    if len(leased) == 1:
        return _send_one(leased[0], None)
    with ThreadPoolExecutor(max_workers=SENDERS) as pool:
        done = pool.map(lambda item: _send_one(item, None), leased)
        return [outcome for outcomes in done for outcome in outcomes]


def _send_one(item: Leased, send: Send | None) -> list[Outcome]:
    """Try one channel; what became of it counts for each delivery that went along."""
    result = _result(item, send)
    handed = isinstance(result, channels.Handed)
    jitter = random.random()  # noqa: S311 - spreads repeats, guards nothing
    return [
        Outcome(
            delivery_id=delivery_id,
            token=item.token,
            handed=handed,
            provider_ref=result.provider_ref[:200] if isinstance(result, channels.Handed) else "",
            sentence=result.sentence[:500] if isinstance(result, channels.Refused) else "",
            permanent=isinstance(result, channels.Refused) and result.permanent,
            jitter=jitter,
        )
        for delivery_id in item.delivery_ids
    ]


def _result(item: Leased, send: Send | None) -> channels.Result:
    """The channel's answer. An adapter that breaks is a failed try, never a stopped watch."""
    if item.outgoing is None:
        sentence = _("The address cannot be opened any more (removed, or its key is gone).")
        return channels.Refused(sentence=sentence, permanent=private.key_is_here())
    try:
        return (send or _by_channel)(item.channel, item.outgoing)
    except Exception as trouble:  # a poisoned message must not stop the others
        log.exception("channel %s broke", item.channel)
        return channels.Refused(
            sentence=f"The channel {item.channel} failed inside: {type(trouble).__name__}.",
            permanent=False,
        )


def _by_channel(name: str, outgoing: channels.Outgoing) -> channels.Result:
    return _channel(name).send(outgoing, timeout_seconds=SEND_SECONDS)
