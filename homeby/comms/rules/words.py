"""The words of the outbox: kinds of message, states, kinds of entry. Pure."""

from __future__ import annotations

from enum import StrEnum

from homeby.logbook.rules import WORRY_SUBJECT, Audience, Erasure, declare


class MessageKind(StrEnum):
    """What a message is for."""

    ALARM = "ALARM"
    REMINDER = "REMINDER"
    GOOD_NEWS = "GOOD_NEWS"
    NOTICE = "NOTICE"
    VERIFICATION = "VERIFICATION"
    TEST = "TEST"
    CANARY = "CANARY"  # from the station to itself
    EXERCISE = "EXERCISE"  # a drill, or the weekly test: as an alarm, after all alarms


class MessageState(StrEnum):
    """Where a message stands, over all its channels."""

    QUEUED = "QUEUED"  # in the outbox
    TROUBLE = "TROUBLE"  # every channel has failed at least once; still trying
    HANDED = "HANDED"  # a provider took it; that is not "told"
    ANSWERED = "ANSWERED"  # the person acted on it
    CANCELLED = "CANCELLED"  # no longer needed before it was handed
    UNREACHABLE = "UNREACHABLE"  # no usable contact point at all


class DeliveryState(StrEnum):
    """One message on one channel."""

    QUEUED = "QUEUED"
    HANDED = "HANDED"
    RECEIVED = "RECEIVED"  # the provider says that the device has it
    FAILED = "FAILED"  # refused for good by this channel
    SPARED = "SPARED"  # its turn never came: a channel before it took the message
    CANCELLED = "CANCELLED"


def worry_about(person_id: object) -> str:
    """What a message is about that tells the watch of a worry of somebody's kin: whoever it is that
    they worry about never sees it (`STORY.md` 39)."""
    return f"{WORRY_SUBJECT}{person_id}"


MESSAGE_QUEUED = declare(
    "MESSAGE_QUEUED", "A message was written", seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY
)
MESSAGE_HANDED = declare(
    "MESSAGE_HANDED",
    "A provider took a message",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
MESSAGE_RECEIVED = declare(
    "MESSAGE_RECEIVED",
    "The provider says that a message was received",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
MESSAGE_FAILED = declare(
    "MESSAGE_FAILED", "A try to send failed", seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY
)
MESSAGE_CANCELLED = declare(
    "MESSAGE_CANCELLED",
    "Messages no longer needed were taken back",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
MESSAGE_THROTTLED = declare(
    "MESSAGE_THROTTLED",
    "Messages wait, because the person had many",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
MESSAGES_LISTED = declare(
    "MESSAGES_LISTED",
    "Messages were put together into one list",
    seen_by=Audience.WATCH,
    erase=Erasure.NOTHING_PERSONAL,
)
CHANNEL_FAILED = declare(
    "CHANNEL_FAILED",
    "A contact point began to fail",
    seen_by=Audience.WATCH,
    erase=Erasure.ERASE_BODY,
)
CHANNEL_RECOVERED = declare(
    "CHANNEL_RECOVERED",
    "A contact point works again",
    seen_by=Audience.WATCH,
    erase=Erasure.ERASE_BODY,
)
CHANNEL_OWNER_TOLD = declare(
    "CHANNEL_OWNER_TOLD",
    "The owner of a failing contact point was told",
    seen_by=Audience.WATCH,
    erase=Erasure.ERASE_BODY,
)
