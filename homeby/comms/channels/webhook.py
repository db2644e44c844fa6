"""A message as a signed POST to an address of the organisation's own.

The status of the answer decides, and nothing else: 2xx is handed. Redirects are not followed,
because the message would reach somebody whom nobody chose.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from homeby import __version__
from homeby.comms.channels.base import (
    MOST_TEXT,
    Attempts,
    ChannelSettings,
    Handed,
    Line,
    Outgoing,
    OutOfBounds,
    Refused,
    Result,
    is_inner,
    network_trouble,
    one_line,
    whole_characters,
)
from homeby.sentences import gettext as _

MOST_ADDRESS = 2000
MOST_ANSWER_BYTES = 64 * 1024
MOST_REFERENCE = 100
#: 4xx answers that ask for patience instead of refusing (RFC 9110 15.5.9, RFC 8470, RFC 6585).
PATIENCE = frozenset({408, 425, 429})

_attempts = Attempts()


@dataclass(frozen=True, kw_only=True)
class _Target:
    """A webhook address, taken apart."""

    is_https: bool
    host: str
    port: int
    path: str

    @property
    def where(self) -> str:
        """Host and port: as much as a sentence may say, for the path often holds the secret."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"{shown}:{self.port}"


class WebhookChannel:
    """Posts a message as JSON."""

    name = "WEBHOOK"
    most_text = MOST_TEXT

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """Always ready; without a secret the messages are unsigned."""
        return None

    def problem_with(self, address: str) -> str | None:
        """An http or https address, to a host to which this station may send."""
        found = _target(address)
        if isinstance(found, str):
            return found
        return self._out_of_bounds(found) if self._is_barred(found.host) else None

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Post the message; 4xx is permanent, but for 408, 425 and 429."""
        problem = self.problem_with(outgoing.to_address)
        target = _target(outgoing.to_address)
        if problem or isinstance(target, str):
            return Refused(sentence=problem or str(target), permanent=True)
        return _attempts.within(
            seconds=timeout_seconds,
            who=_who(target),
            work=lambda line: self._post(line, target, outgoing),
        )

    def _is_barred(self, host: str) -> bool:
        """Barred by name. An inner address behind an outer name is found when connecting."""
        allowed = self._settings.webhook_allowed_hosts
        if allowed:
            return host not in {name.lower() for name in allowed}
        return is_inner(host) or host == "localhost" or host.endswith(".localhost")

    def _out_of_bounds(self, target: _Target) -> str:
        return _(
            "This station does not send to %(host)s: an administrator can add it to "
            "webhook_allowed_hosts."
        ) % {"host": target.host}

    def _post(self, line: Line, target: _Target, outgoing: Outgoing) -> Result:
        """Every way in which the conversation can break off, as a sentence."""
        try:
            return self._converse(line, target, outgoing)
        except OutOfBounds:
            return Refused(sentence=self._out_of_bounds(target), permanent=True)
        except http.client.HTTPException as error:
            lost: Exception = error
            if not isinstance(error, ConnectionError):
                sentence = _("%(who)s gave an answer that is not HTTP.") % {"who": _who(target)}
                return line.settled or Refused(sentence=sentence, permanent=False)
        except OSError as error:
            lost = error
        sentence = network_trouble(lost, who=_who(target), seconds=line.seconds)
        return line.settled or Refused(sentence=sentence, permanent=False)

    def _converse(self, line: Line, target: _Target, outgoing: Outgoing) -> Result:
        body = body_of(outgoing)
        connection = self._connected(line, target)
        try:
            connection.request(
                "POST", target.path, body=body, headers=self._headers(outgoing, body)
            )
            response = connection.getresponse()
            line.settled = _judged(response.status, _who(target))
            return self._with_reference(line.settled, response)
        finally:
            connection.close()

    def _connected(self, line: Line, target: _Target) -> http.client.HTTPConnection:
        """A connection that `http.client` finds already open, so that the line can be cut."""
        outside_only = not self._settings.webhook_allowed_hosts
        plain = line.connect(target.host, target.port, outside_only=outside_only)
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

    def _headers(self, outgoing: Outgoing, body: bytes) -> dict[str, str]:
        station = quote(self._settings.public_url, safe="/:[]")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Homeby/{__version__} ({station})"
            if station
            else f"Homeby/{__version__}",
            "Idempotency-Key": quote(outgoing.key.encode("utf-8", "replace"), safe="/:._-~@+="),
            "Connection": "close",
        }
        if self._settings.webhook_secret:
            headers["Homeby-Signature"] = signature(
                body,
                secret=self._settings.webhook_secret,
                at_seconds=int(outgoing.written_at.timestamp()),
            )
        return headers

    def _with_reference(self, result: Result, response: http.client.HTTPResponse) -> Result:
        """The receiver's own id of the message, where its answer has one. The status stands."""
        answer = b""
        with suppress(OSError, http.client.HTTPException):
            answer = response.read(MOST_ANSWER_BYTES)
        if isinstance(result, Refused):
            return result
        reference = _reference(answer)
        return Handed(provider_ref=reference) if reference else result


def body_of(outgoing: Outgoing) -> bytes:
    """The JSON that is posted. The same `Outgoing` gives the same bytes."""
    fields = {
        "key": outgoing.key,
        "subject": outgoing.subject,
        "text": outgoing.text,
        "link": outgoing.link,
        "urgent": outgoing.urgent,
        "from_name": outgoing.from_name,
        "sent_as": outgoing.sent_as,
        "written_at": outgoing.written_at.isoformat(),
    }
    clean = {
        name: whole_characters(value) if isinstance(value, str) else value
        for name, value in fields.items()
    }
    return json.dumps(clean, ensure_ascii=False).encode("utf-8")


def signature(body: bytes, *, secret: str, at_seconds: int) -> str:
    """`t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 with the secret over `<seconds>.<body>`."""
    signed = str(at_seconds).encode("ascii") + b"." + body
    digest = hmac.new(secret.encode("utf-8"), signed, hashlib.sha256).hexdigest()
    return f"t={at_seconds},v1={digest}"


def _judged(status: int, who: str) -> Result:
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


def _reference(answer: bytes) -> str:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    reference = found.get("id") if isinstance(found, dict) else None
    return one_line(str(reference), most=MOST_REFERENCE) if isinstance(reference, str | int) else ""


def _who(target: _Target) -> str:
    return _("The webhook at %(where)s") % {"where": target.where}


def _target(address: str) -> _Target | str:
    """The address taken apart, or the sentence that says what is wrong with it."""
    if len(address) > MOST_ADDRESS:
        return _("This webhook address is too long.")
    if any(character.isspace() or not character.isprintable() for character in address):
        return _("A webhook address has no spaces or line breaks.")
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:  # a bad port, bracket or host name
        return _("This webhook address cannot be read: check host and port.")
    if parts.scheme not in ("http", "https") or not host:
        return _("A webhook address begins with https:// (or http://) and a host.")
    if parts.username is not None or parts.password is not None:
        return _("Leave name and password out of the webhook address; check the signature instead.")
    return _Target(is_https=parts.scheme == "https", host=host, port=port, path=_path(parts))


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=-._~?[]")
    return f"{path}?{query}" if query else path
