"""What every channel has in common: the message it carries, its answer, and the limit on its time.

A channel knows nothing of tables. It gets an `Outgoing` and answers `Handed` or `Refused`; no
exception leaves it, and no answer holds a password, a token or a whole address.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import logging
import re
import socket
import ssl
import threading
import traceback
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Literal, Protocol
from urllib.parse import urlsplit

from homeby.output import Word
from homeby.sentences import gettext as _

log = logging.getLogger("homeby.comms.channels")

#: How many attempts may be unfinished at once, a channel, late ones included.
MOST_UNFINISHED = 64
#: A longer answer of a provider is cut; what we store of it has 200 characters.
MOST_ANSWER = 160
#: How much text a channel without a limit of its own is given.
MOST_TEXT = 200_000
_MOST_ADDRESSES = 4
_LEAST_SECONDS = 0.1

_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """One message to one address.

    `key` names it for ever: a resend carries the same key, and the receiver may tell the two are
    one. `written_at` is the instant the message was written, `sent_at` that of this attempt.
    `from_name` is the name the message comes from (the station's), `sent_as` says as what it is
    sent (the kind of message, or the office of the one told); both are free text, may be empty.
    """

    key: str
    to_address: str
    subject: str
    text: str
    link: str
    urgent: bool
    from_name: str
    sent_as: str
    written_at: dt.datetime
    sent_at: dt.datetime | None = None

    @property
    def whole_text(self) -> str:
        """The text, with the link on a line of its own unless it stands in it already."""
        if not self.link or self.link in self.text:
            return self.text
        return f"{self.text.rstrip()}\n\n{self.link}"


@dataclass(frozen=True, kw_only=True)
class Handed:
    """The provider took the message. That is not "told": nobody has read it yet."""

    provider_ref: str


@dataclass(frozen=True, kw_only=True)
class Refused:
    """The message was not taken, and why, in a sentence for a duty officer.

    `permanent`: this address will not work until a person changes it; trying again is in vain.
    Trouble with the station's own settings is never permanent: the address is not at fault.
    """

    sentence: str
    permanent: bool


Result = Handed | Refused


@dataclass(frozen=True, kw_only=True)
class Gateway:
    """The station's SMS gateway, as its settings describe it. Paths such as `messages.0.id` say
    where something stands in the answer; empty ones stand nowhere."""

    url: str = ""
    method: str = "POST"
    form: str = "json"
    template: str = '{"to": "{to}", "text": "{text}"}'
    headers: tuple[str, ...] = ()
    sender: str = ""
    id_path: str = "id"
    state_path: str = ""
    taken_words: tuple[str, ...] = ()
    refused_words: tuple[str, ...] = ()
    error_path: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelSettings:
    """What the channels need to know of the station. Secrets stay out of `repr`."""

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_tls: Literal["none", "starttls", "tls"] = "starttls"
    smtp_from: str = ""
    public_url: str = ""
    webhook_secret: str = field(default="", repr=False)
    webhook_allowed_hosts: tuple[str, ...] = ()
    apprise_allowed_schemes: tuple[str, ...] = ()
    sms: Gateway = field(default_factory=Gateway)
    sms_secret: str = field(default="", repr=False)
    webpush_key: bytes = field(default=b"", repr=False)
    webpush_contact: str = ""


class Channel(Protocol):
    """One way to reach somebody. Safe to use from several threads at once.

    `most_text`: how many characters it carries; a longer list names as many as fit.
    """

    name: str
    most_text: int

    def unready(self) -> str | None:
        """A sentence when the station's settings do not allow this channel at all."""

    def problem_with(self, address: str) -> str | None:
        """A sentence when this address cannot work; nothing is sent and nobody is asked."""

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Hand the message over, within this many seconds. Never raises."""


def one_line(text: str, *, most: int) -> str:
    """The text without line breaks, control and direction characters, at most `most` long.

    Whatever enters a header passes here: a callsign with a line break must not become a header.
    """
    kept = _DIRECTIONS.sub("", text[: most * 4])
    spaced = "".join(" " if unicodedata.category(c) in _BREAKING else c for c in kept)
    return shortened(" ".join(spaced.split()), most=most)


_BREAKING = frozenset({"Cc", "Cs", "Zl", "Zp"})


def whole_characters(text: str) -> str:
    """The text with half characters (lone surrogates) replaced: they cannot be encoded."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shortened(text: str, *, most: int) -> str:
    """The text with its middle left out where it is too long: the end holds the code and link."""
    if len(text) <= most:
        return text
    tail = max(0, (most - 1) // 2)
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def masked(address: str) -> str:
    """As much of an address as may stand in a log or sentence: i…@example.org, https://host/…"""
    address = one_line(address, most=300)
    scheme, separator, _rest = address.partition("://")
    if separator:
        return f"{scheme}://{_web_host(address)}…"
    local, at, domain = address.rpartition("@")
    if at and local:
        return f"{local[:1]}…@{domain}"
    return f"{address[:1]}…"


def _web_host(address: str) -> str:
    """Host and slash of a web address. In other schemes the host is often the token itself."""
    try:
        parts = urlsplit(address)
        if parts.scheme in ("http", "https") and parts.hostname:
            return f"{parts.hostname}/"
    except ValueError:
        pass
    return ""


class OutOfBounds(Exception):
    """The name leads to a network that this station does not send to."""


class Line:
    """The network line of one attempt, which can be cut from outside when its time is up."""

    def __init__(self, *, seconds: float) -> None:
        self.seconds = seconds
        #: Set as soon as the provider has answered; what follows can no longer change it.
        self.settled: Result | None = None
        self._handle: socket.socket | None = None
        self._is_cut = False
        self._lock = threading.Lock()

    def connect(self, host: str, port: int, *, outside_only: bool = False) -> socket.socket:
        """An open connection. Raises OSError; OutOfBounds for an inner address where unwanted.

        Several addresses share the time, so that a dead first one does not use it up.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[:_MOST_ADDRESSES]
        if outside_only and any(is_inner(str(entry[4][0])) for entry in found):
            raise OutOfBounds
        trouble: OSError = socket.gaierror(f"no address for {host}")
        for family, kind, protocol, _name, where in found:
            connection = socket.socket(family, kind, protocol)
            connection.settimeout(self.seconds / len(found))
            try:
                connection.connect(where)
                self._hold(connection)
            except OSError as error:
                connection.close()
                trouble = error
                continue
            # A little more than the whole limit: when time is up it is `Attempts` that says so.
            connection.settimeout(self.seconds + 1)
            return connection
        raise trouble

    def _hold(self, connection: socket.socket) -> None:
        # A second handle on the same line: TLS takes the first one away from us.
        with self._lock:
            if self._is_cut:
                raise TimeoutError
            self._handle = connection.dup()

    def cut(self) -> None:
        """Break the line, so that whoever waits on it stops waiting."""
        with self._lock:
            self._is_cut = True
            if self._handle is not None:
                with suppress(OSError):
                    self._handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of our own handle."""
        with self._lock:
            if self._handle is not None:
                self._handle.close()
                self._handle = None


def is_inner(host: str) -> bool:
    """Whether this literal address lies in the machine's own network; False for a name."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return not (mapped or address).is_global


class Attempts:
    """The unfinished attempts of one channel, counted, so that hanging ones cannot pile up.

    Each channel has its own count: a service that hangs must not stop the mail.
    """

    def __init__(self, *, most: int = MOST_UNFINISHED) -> None:
        self._places = threading.BoundedSemaphore(most)

    def within(self, *, seconds: float, who: str, work: Callable[[Line], Result]) -> Result:
        """The answer of `work`, or a refusal when the whole of it takes longer than `seconds`.

        The limits of sockets count from byte to byte, and looking up a name has none at all; this
        one counts everything. `who` begins the sentence ("The mail server at host:port"). Never
        raises.
        """
        line = Line(seconds=max(seconds, _LEAST_SECONDS))
        answers: list[Result] = []

        def attempt() -> None:
            try:
                answers.append(work(line))
            except Exception as error:  # noqa: BLE001  (a channel answers, whatever happens)
                unforeseen = Refused(sentence=_unforeseen(error), permanent=False)
                answers.append(line.settled or unforeseen)
            finally:
                line.close()
                self._places.release()

        if not self._places.acquire(blocking=False):
            return Refused(sentence=_("Too many earlier attempts still hang."), permanent=False)
        try:
            thread = threading.Thread(target=attempt, daemon=True, name="channel")
            thread.start()
        except RuntimeError:  # the machine has no thread left
            self._places.release()
            return Refused(sentence=_("This machine is too busy to send."), permanent=False)
        thread.join(line.seconds)
        if answers:
            return answers[0]
        line.cut()
        return line.settled or Refused(sentence=no_answer(who, line.seconds), permanent=False)


def _unforeseen(error: Exception) -> str:
    """The kind of trouble only: the text of an exception may hold an address or a token."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    log.error("a channel broke: %s at %s", Word(type(error).__name__), Word(place))
    return _("The channel broke inside (%(kind)s); the log of the station says where.") % {
        "kind": type(error).__name__
    }


def no_answer(who: str, seconds: float) -> str:
    """The sentence for a partner that says nothing in time."""
    return _("%(who)s did not answer within %(seconds)s s.") % {
        "who": who,
        "seconds": f"{seconds:g}",
    }


def network_trouble(error: Exception, *, who: str, seconds: float) -> str:
    """The sentence for a failed or broken line. `who` begins it."""
    match error:
        case TimeoutError():
            return no_answer(who, seconds)
        case socket.gaierror():
            return _("%(who)s was not found: its name leads to no address.") % {"who": who}
        case ConnectionRefusedError():
            return _("%(who)s takes no connections: it is switched off, or the port is wrong.") % {
                "who": who
            }
        case ssl.SSLCertVerificationError():
            return _("%(who)s could not prove that it is the one it claims to be (%(why)s).") % {
                "who": who,
                "why": one_line(error.verify_message, most=MOST_ANSWER),
            }
        case ssl.SSLError():
            return _("%(who)s did not agree on an encrypted line (TLS).") % {"who": who}
        case ConnectionError() | EOFError():
            return _("%(who)s broke the connection off.") % {"who": who}
        case _:
            return _("%(who)s cannot be reached (%(why)s).") % {
                "who": who,
                "why": one_line(getattr(error, "strerror", "") or type(error).__name__, most=80),
            }
