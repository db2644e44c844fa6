"""The ways to reach somebody, one adapter a file. `channel` finds the one of a name."""

from __future__ import annotations

from homeby.comms.channels.apprise import AppriseChannel
from homeby.comms.channels.base import (
    MOST_TEXT,
    Channel,
    ChannelSettings,
    Gateway,
    Handed,
    Outgoing,
    Refused,
    Result,
    masked,
)
from homeby.comms.channels.console import ConsoleChannel
from homeby.comms.channels.email import EmailChannel
from homeby.comms.channels.loopback import LoopbackChannel
from homeby.comms.channels.ntfy import NtfyChannel
from homeby.comms.channels.sms import SmsChannel
from homeby.comms.channels.webhook import WebhookChannel
from homeby.comms.channels.webpush import WebPushChannel

__all__ = [
    "NAMES",
    "Channel",
    "ChannelSettings",
    "Gateway",
    "Handed",
    "Outgoing",
    "Refused",
    "Result",
    "channel",
    "masked",
    "most_text",
]

_KINDS = {
    kind.name: kind
    for kind in (
        EmailChannel,
        SmsChannel,
        NtfyChannel,
        WebPushChannel,
        AppriseChannel,
        WebhookChannel,
        ConsoleChannel,
    )
}

#: Channels that no contact point may have.
_OF_THE_STATION = {LoopbackChannel.name: LoopbackChannel}

#: The names of all channels, as contact points hold them.
NAMES = tuple(_KINDS)


def channel(name: str, settings: ChannelSettings) -> Channel:
    """The channel of this name. Raises ValueError, with a sentence, for a name nobody knows."""
    kind = _KINDS.get(name) or _OF_THE_STATION.get(name)
    if kind is None:
        raise ValueError(f"There is no channel {name!r}. The channels are: {', '.join(NAMES)}.")
    found: Channel = kind(settings=settings)
    return found


def most_text(name: str) -> int:
    """How many characters of text the channel carries without cutting them."""
    kind = _KINDS.get(name)
    return kind.most_text if kind is not None else MOST_TEXT
