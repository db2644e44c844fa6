"""A message as a signed POST to an address of the organisation's own.

The status of the answer decides, and nothing else: 2xx is handed. Redirects are not followed,
because the message would reach somebody whom nobody chose.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import quote

from homeby.comms.channels.base import (
    MOST_TEXT,
    Attempts,
    ChannelSettings,
    Handed,
    Line,
    Outgoing,
    Refused,
    Result,
    one_line,
    whole_characters,
)
from homeby.comms.channels.posting import (
    MOST_REFERENCE,
    Answer,
    Partner,
    Request,
    Target,
    bounds,
    judged,
    our_name,
    talk,
    target_of,
)
from homeby.sentences import gettext as _

_attempts = Attempts()


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
        return found if isinstance(found, str) else bounds(found.host, self._settings)

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

    def _post(self, line: Line, target: Target, outgoing: Outgoing) -> Result:
        outside_only = not self._settings.webhook_allowed_hosts
        partner = Partner(target=target, who=_who(target), outside_only=outside_only)
        body = self._body(outgoing)
        return talk(
            line,
            partner,
            Request(body=body, headers=self._headers(outgoing, body)),
            settle=lambda status: judged(status, partner.who),
            read=lambda answer: _with_reference(judged(answer.status, partner.who), answer),
        )

    def _body(self, outgoing: Outgoing) -> bytes:
        return body_of(outgoing)

    def _headers(self, outgoing: Outgoing, body: bytes) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": our_name(self._settings),
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


def _with_reference(result: Result, answer: Answer) -> Result:
    """The receiver's own id of the message, where its answer has one. The status stands."""
    reference = "" if isinstance(result, Refused) else _reference(answer.body)
    return Handed(provider_ref=reference) if reference else result


def _reference(answer: bytes) -> str:
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    reference = found.get("id") if isinstance(found, dict) else None
    return one_line(str(reference), most=MOST_REFERENCE) if isinstance(reference, str | int) else ""


def _who(target: Target) -> str:
    return _("The webhook at %(where)s") % {"where": target.where}


def _target(address: str) -> Target | str:
    found = target_of(address, what="webhook")
    if isinstance(found, Target) and (found.user or found.password or "@" in _authority(address)):
        return _("Leave name and password out of the webhook address; check the signature instead.")
    return found


def _authority(address: str) -> str:
    return address.partition("://")[2].partition("/")[0]
