"""What doctor says of messages: contact points that fail, limits and receipts that cannot be."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from homeby.comms import channels
from homeby.comms import queries as comms
from homeby.comms.actions.deliver import channel_settings
from homeby.comms.rules import limits_of
from homeby.findings import Finding, amber, green, red
from homeby.people.rules import STATION, ChannelName
from homeby.settings import Settings


def problems(*, settings: Settings, now: dt.datetime) -> list[Finding]:
    """Every finding about messages, good ones too. `now` is the station's time."""
    return [*_failing(now), *_sms(settings), *_limits(settings), *_receipts(settings)]


def _failing(now: dt.datetime) -> list[Finding]:
    failing = comms.failing(STATION, now=now)
    if not failing:
        return [green("contact points", "No contact point has failed for ten minutes.")]
    counts = Counter(one.channel for one in failing)
    said = ", ".join(f"{channel} {count}" for channel, count in sorted(counts.items()))
    first = failing[0]
    return [
        amber(
            "contact points",
            f"{len(failing)} contact points have failed for ten minutes or longer ({said}); the "
            f"first since {first.since_at:%Y-%m-%d %H:%M}Z: {first.trouble}",
            "Mend the channel, or have the address changed; it is tried on meanwhile.",
        )
    ]


def _sms(settings: Settings) -> list[Finding]:
    if not settings.sms_url:
        return []
    problem = channels.channel("SMS", channel_settings(settings)).unready()
    if problem:
        return [red("sms", problem, "Put the settings of the SMS gateway right.")]
    return [green("sms", "The SMS gateway is set; send a test from My page.")]


def _limits(settings: Settings) -> list[Finding]:
    try:
        limits_of(settings.message_limits)
    except ValueError as problem:
        advice = "Put message_limits right; until then this limit holds nothing back."
        return [amber("message_limits", str(problem), advice)]
    return []


def _receipts(settings: Settings) -> list[Finding]:
    unknown = sorted(set(settings.receipt_channels) - {one.value for one in ChannelName})
    if unknown:
        sentence = f"There is no channel {unknown[0]!r}."
        return [amber("receipt_channels", sentence, "Take it out of receipt_channels.")]
    if settings.receipt_channels and not settings.receipt_secret.get_secret_value():
        return [
            amber(
                "receipt_channels",
                "Receipts are waited for, and none is taken: there is no receipt_secret.",
                "Set receipt_secret, and give it to the provider.",
            )
        ]
    return []
