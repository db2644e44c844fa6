"""What the channels that speak HTTP have in common: addresses, the conversation, its troubles."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, quote, urlsplit

from homeby import __version__
from homeby.comms.channels.base import (
    ChannelSettings,
    Handed,
    Line,
    OutOfBounds,
    Refused,
    Result,
    is_inner,
    network_trouble,
)
from homeby.sentences import gettext as _

MOST_ADDRESS = 2000
MOST_ANSWER_BYTES = 64 * 1024
MOST_REFERENCE = 100
#: 4xx answers that ask for patience instead of refusing (RFC 9110 15.5.9, RFC 8470, RFC 6585).
PATIENCE = frozenset({408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class Target:
    """A web address, taken apart. `user` and `password` stay out of `repr`."""

    is_https: bool
    host: str
    port: int
    path: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    @property
    def where(self) -> str:
        """Host and port: as much as a sentence may say, for the path often holds the secret."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{shown}:{self.port}"


def target_of(address: str, *, what: str) -> Target | str:
    """The address taken apart, or the sentence that says what is wrong with it. `what` names the
    kind of address: "webhook"."""
    name = {"what": what}
    if len(address) > MOST_ADDRESS:
        return _("This %(what)s address is too long.") % name
    if any(character.isspace() or not character.isprintable() for character in address):
        return _("A %(what)s address has no spaces or line breaks.") % name
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:  # a bad port, bracket or host name
        return _("This %(what)s address cannot be read: check host and port.") % name
    if parts.scheme not in ("http", "https") or not host:
        return _("A %(what)s address begins with https:// (or http://) and a host.") % name
    return Target(
        is_https=parts.scheme == "https",
        host=host,
        port=port,
        path=_path(parts),
        user=parts.username or "",
        password=parts.password or "",
    )


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?[]")
    return f"{path}?{query}" if query else path


def bounds(host: str, settings: ChannelSettings) -> str | None:
    """A sentence where this station does not send to this host. Barred by name; an inner address
    behind an outer name is found when connecting."""
    allowed = settings.webhook_allowed_hosts
    barred = host not in {name.lower() for name in allowed} if allowed else lies_inside(host)
    return out_of_bounds(host) if barred else None


def lies_inside(host: str) -> bool:
    """Whether this host lies in the machine's own network by its literal address or its name."""
    return is_inner(host) or host == "localhost" or host.endswith(".localhost")


def out_of_bounds(host: str) -> str:
    """The sentence for a host to which this station does not send."""
    return _(
        "This station does not send to %(host)s: an administrator can add it to "
        "webhook_allowed_hosts."
    ) % {"host": host}


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is sent."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    most_bytes: int = MOST_ANSWER_BYTES


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; names of headers in lower case. Of a long body only the beginning."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Partner:
    """The other side: `who` begins the sentences about it. `outside_only`: an inner address behind
    its name is refused."""

    target: Target
    who: str
    outside_only: bool


def talk(
    line: Line,
    partner: Partner,
    request: Request,
    *,
    settle: Callable[[int], Result | None],
    read: Callable[[Answer], Result],
) -> Result:
    """One conversation, and every way in which it can break off, as a sentence. What `settle` makes
    of the status stands even if the rest of the answer never comes; `read` judges the whole."""
    try:
        return _conversation(line, partner, request, settle, read)
    except OutOfBounds:
        return Refused(sentence=out_of_bounds(partner.target.host), permanent=True)
    except http.client.HTTPException as error:
        lost: Exception = error
        if not isinstance(error, ConnectionError):
            sentence = _("%(who)s gave an answer that is not HTTP.") % {"who": partner.who}
            return line.settled or Refused(sentence=sentence, permanent=False)
    except OSError as error:
        lost = error
    sentence = network_trouble(lost, who=partner.who, seconds=line.seconds)
    return line.settled or Refused(sentence=sentence, permanent=False)


def _conversation(
    line: Line,
    partner: Partner,
    request: Request,
    settle: Callable[[int], Result | None],
    read: Callable[[Answer], Result],
) -> Result:
    connection = _connected(line, partner)
    try:
        connection.request(
            request.method, partner.target.path, body=request.body, headers=dict(request.headers)
        )
        response = connection.getresponse()
        line.settled = settle(response.status)
        body = b""
        with suppress(OSError, http.client.HTTPException):
            body = response.read(request.most_bytes)
        headers = {name.lower(): value for name, value in response.getheaders()}
        return read(Answer(status=response.status, headers=headers, body=body))
    finally:
        connection.close()


def _connected(line: Line, partner: Partner) -> http.client.HTTPConnection:
    """A connection that `http.client` finds already open, so that the line can be cut."""
    target = partner.target
    plain = line.connect(target.host, target.port, outside_only=partner.outside_only)
    if not target.is_https:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = plain
        return connection
    context = ssl.create_default_context()
    try:
        protected = context.wrap_socket(plain, server_hostname=target.host)
    except BaseException:
        plain.close()
        raise
    connection = http.client.HTTPSConnection(target.host, target.port, context=context)
    connection.sock = protected
    return connection


def our_name(settings: ChannelSettings) -> str:
    """The User-Agent: program, version, and the station's address."""
    station = quote(settings.public_url, safe="/:[]")
    return f"Homeby/{__version__} ({station})" if station else f"Homeby/{__version__}"


def judged(status: int, who: str) -> Result:
    """What an HTTP status means for the message."""
    values = {"who": who, "status": status}
    if 200 <= status < 300:
        return Handed(provider_ref=f"HTTP {status}")
    if 300 <= status < 400:
        sentence = _(
            "%(who)s sent us on to another address (HTTP %(status)s), which is not followed: "
            "write the final address."
        )
    elif 400 <= status < 500 and status not in PATIENCE:
        sentence = _("%(who)s refused the message (HTTP %(status)s): check the address.")
        return Refused(sentence=sentence % values, permanent=True)
    elif status in PATIENCE:
        sentence = _("%(who)s asks for patience (HTTP %(status)s).")
    else:
        sentence = _("%(who)s is in trouble itself (HTTP %(status)s).")
    return Refused(sentence=sentence % values, permanent=False)
