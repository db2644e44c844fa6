"""The settings of channels, limits and receipts: how messages leave the station."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode

#: A list of words: in the file ["one", "two"], in a variable one,two.
Words = Annotated[tuple[str, ...], NoDecode]

_LIMIT = re.compile(r"[A-Z]+ [1-9][0-9]{0,3}/[1-9][0-9]{0,3}")


def words_of(value: object) -> object:
    """The words of a variable; anything else as it is."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(",") if word.strip())
    return value


class MessageSettings(BaseSettings):
    """The part of the settings that is about messages."""

    smtp_host: str = Field(
        default="",
        description="The mail server that e-mail is handed to. Empty: no e-mail is sent.",
    )
    smtp_port: int = Field(
        default=587,
        ge=1,
        le=65535,
        description="The port of the mail server: 587 with starttls, 465 with tls, 25 with none.",
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the line to the mail server is protected: starttls, tls or none.",
    )
    smtp_user: str = Field(default="", description="The name to log in to the mail server with.")
    smtp_password: SecretStr = Field(
        default=SecretStr(""),
        description="The password to log in to the mail server with.",
    )
    smtp_from: str = Field(
        default="",
        description="The sender's address of e-mail. Empty: homeby@ and the host of public_url.",
    )
    smtp_timeout_seconds: float = Field(
        default=20.0,
        gt=0,
        le=120,
        description="How long to wait for the mail server before the next attempt, in seconds.",
    )
    webhook_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The secret that webhook messages are signed with, so that the receiver can "
        "check where they come from. Empty: unsigned.",
    )
    webhook_allowed_hosts: Words = Field(
        default=(),
        description="The only hosts that webhook and Apprise addresses may point to. Empty: any "
        "host outside this machine's own network.",
    )
    apprise_allowed_schemes: Words = Field(
        default=(),
        description="The only Apprise services that contact points may use, by the scheme of their "
        "address, such as ntfy or tgram. Empty: all but those that run programs here.",
    )
    sms_url: str = Field(
        default="",
        description="The address of the SMS gateway. Empty: no SMS is sent. The guide to channels "
        "shows the settings for some gateways.",
    )
    sms_method: Literal["POST", "GET"] = Field(
        default="POST", description="How the gateway is asked: POST, or GET with a form as query."
    )
    sms_format: Literal["json", "form"] = Field(
        default="json", description="What sms_template is: json, or form (a=1&b=2)."
    )
    sms_template: str = Field(
        default='{"to": "{to}", "text": "{text}"}',
        description="What the gateway is sent; {to}, {text}, {from} and {key} are filled in.",
    )
    sms_headers: Words = Field(
        default=(),
        description='Headers for the gateway, such as "Authorization: Bearer {secret}"; {secret} '
        "is sms_secret.",
    )
    sms_secret: SecretStr = Field(
        default=SecretStr(""), description="The secret that sms_headers may hold."
    )
    sms_from: str = Field(default="", description="The sender's number or name, {from}.")
    sms_id_path: str = Field(
        default="id",
        description="Where the message's id stands in the gateway's JSON answer, such as "
        "messages.0.id; receipts name it.",
    )
    sms_state_path: str = Field(
        default="", description="Where the answer says whether the message was taken; may be empty."
    )
    sms_taken_words: Words = Field(
        default=(),
        description="The words at sms_state_path that mean: taken. Empty: any 2xx answer does.",
    )
    sms_refused_words: Words = Field(
        default=(),
        description="The words at sms_state_path that mean: this number will never work.",
    )
    sms_error_path: str = Field(
        default="", description="Where the answer says why not, for the page of the alarm."
    )
    webpush_contact: str = Field(
        default="",
        description="A mailto: or https: address at which push services reach whoever runs this "
        "station. Empty: the sender's address of e-mail.",
    )
    message_limits: Words = Field(
        default=("PHONE 3/5",),
        description="How many messages one person gets: channel, number, minutes. PHONE stands for "
        "all phone-like channels together; a single one is named, such as SMS 5/15. What is more "
        "waits. The first word that somebody is in danger never waits.",
    )
    receipt_channels: Words = Field(
        default=(),
        description="The channels whose providers send receipts back, by name, such as SMS or "
        "WEBHOOK. Where one does not come within 60 s, the person's next channel follows.",
    )
    receipt_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The secret with which providers prove their receipts at /receipts/<channel>. "
        "Empty: no receipt is taken.",
    )
    receipt_ref_fields: Words = Field(
        default=("ref", "id", "message_id"),
        description="What providers call the message's id in a receipt; the first that is there "
        "counts.",
    )
    receipt_state_fields: Words = Field(
        default=("state", "status"),
        description="What providers call the message's state in a receipt.",
    )
    receipt_received_words: Words = Field(
        default=("received", "delivered", "read", "displayed"),
        description="The states that mean: the device has the message.",
    )
    receipt_failed_words: Words = Field(
        default=("failed", "undelivered", "rejected", "expired"),
        description="The states that mean: it will not arrive. Any other changes nothing.",
    )

    text_secret: SecretStr = Field(
        default=SecretStr(""),
        description="The secret with which a gateway proves the texts (SMS, satellite messengers) "
        "that it hands over at /texts. Empty: no text is taken.",
    )
    text_from_fields: Words = Field(
        default=("from", "From", "sender", "number", "msisdn"),
        description="What gateways call the sender's number in a text; the first that is there "
        "counts.",
    )
    text_text_fields: Words = Field(
        default=("text", "Body", "body", "message", "content"),
        description="What gateways call the words of a text.",
    )
    text_time_fields: Words = Field(
        default=("time", "sent_at", "timestamp"),
        description="What gateways call the time at which a text was sent: with its zone, or in "
        "seconds or milliseconds since 1970.",
    )
    text_id_fields: Words = Field(
        default=("id", "MessageSid", "message_id"),
        description="What gateways call their id of a text. The same id twice is one text.",
    )

    @field_validator(
        "webhook_allowed_hosts",
        "apprise_allowed_schemes",
        "sms_headers",
        "sms_taken_words",
        "sms_refused_words",
        "message_limits",
        "receipt_channels",
        "receipt_ref_fields",
        "receipt_state_fields",
        "receipt_received_words",
        "receipt_failed_words",
        "text_from_fields",
        "text_text_fields",
        "text_time_fields",
        "text_id_fields",
        mode="before",
    )
    @classmethod
    def _channel_words(cls, value: object) -> object:
        return words_of(value)

    @field_validator("message_limits")
    @classmethod
    def _limits(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            if not _LIMIT.fullmatch(word):
                raise ValueError(f'"{word}" is no limit; write such as "PHONE 3/5"')
        return words

    @field_validator("receipt_channels")
    @classmethod
    def _names(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(word.upper() for word in words)
