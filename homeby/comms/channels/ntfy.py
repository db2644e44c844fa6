"""A push message by an ntfy server (docs.ntfy.sh), published as JSON: title, text, priority, link.

The address is that of the topic: `https://ntfy.sh/a-long-topic`; a protected one carries its
access token, `https://:tk_…@ntfy.example.org/topic`, or a name and a password. ntfy answers with an
id and, where it refuses, with a sentence of its own. It gives no receipt.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace

from homeby.comms.channels.base import (
    MOST_ANSWER,
    Attempts,
    ChannelSettings,
    Handed,
    Line,
    Outgoing,
    Refused,
    Result,
    one_line,
    shortened,
    whole_characters,
)
from homeby.comms.channels.posting import (
    MOST_REFERENCE,
    PATIENCE,
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

MOST_TITLE = 200
#: ntfy makes a file of what is over 4096 bytes; a character has at most four of them.
MOST_BYTES = 4000
URGENT, NORMAL = 5, 3

_TOPIC = re.compile(r"/[-_A-Za-z0-9]{1,64}")
_attempts = Attempts()


class NtfyChannel:
    """Publishes a message to one topic."""

    name = "NTFY"
    most_text = 3000

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """Always ready: each address brings its own server."""
        return None

    def problem_with(self, address: str) -> str | None:
        """The web address of one topic, on a host to which this station may send."""
        found = _target(address)
        return found if isinstance(found, str) else bounds(found.host, self._settings)

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Publish the message. A topic that may not be written to is a permanent refusal."""
        problem = self.problem_with(outgoing.to_address)
        target = _target(outgoing.to_address)
        if problem or isinstance(target, str):
            return Refused(sentence=problem or str(target), permanent=True)
        who = _("The ntfy server at %(where)s") % {"where": target.where}
        outside_only = not self._settings.webhook_allowed_hosts
        topic = target.path.lstrip("/")
        partner = Partner(target=replace(target, path="/"), who=who, outside_only=outside_only)

        def work(line: Line) -> Result:
            request = Request(body=body_of(outgoing, topic=topic), headers=self._headers(target))
            settle = lambda status: judged(status, who) if status < 400 else None  # noqa: E731
            return talk(line, partner, request, settle=settle, read=lambda a: _read(a, who))

        return _attempts.within(seconds=timeout_seconds, who=who, work=work)

    def _headers(self, target: Target) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": our_name(self._settings),
            "Connection": "close",
        }
        if target.user:
            pair = f"{target.user}:{target.password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        elif target.password:
            headers["Authorization"] = f"Bearer {target.password}"
        return headers


def body_of(outgoing: Outgoing, *, topic: str) -> bytes:
    """What is published. The text loses its middle where it is too long, never its end."""
    text = shortened(whole_characters(outgoing.text), most=MOST_BYTES)
    while len(text.encode()) > MOST_BYTES:
        text = shortened(text, most=len(text) * 9 // 10)
    fields = {
        "topic": topic,
        "title": one_line(outgoing.subject, most=MOST_TITLE),
        "message": text,
        "priority": URGENT if outgoing.urgent else NORMAL,
        "tags": ["rotating_light"] if outgoing.urgent else [],
    }
    if outgoing.link:
        fields["click"] = outgoing.link
    return json.dumps(fields, ensure_ascii=False).encode()


def _read(answer: Answer, who: str) -> Result:
    """What ntfy's answer means; its own words are said along."""
    said = _fields(answer.body)
    if answer.status < 400:
        result = judged(answer.status, who)
        reference = one_line(str(said.get("id") or ""), most=MOST_REFERENCE)
        return (
            Handed(provider_ref=reference) if reference and isinstance(result, Handed) else result
        )
    values = {
        "who": who,
        "status": answer.status,
        "why": one_line(str(said.get("error") or ""), most=MOST_ANSWER) or _("without a reason"),
    }
    if answer.status in (401, 403):
        sentence = _("%(who)s lets nobody write to this topic without the right token (%(why)s).")
        return Refused(sentence=sentence % values, permanent=True)
    if answer.status in PATIENCE:
        sentence = _("%(who)s asks for patience: its limit is reached (%(why)s).")
        return Refused(sentence=sentence % values, permanent=False)
    permanent = 400 <= answer.status < 500
    sentence = _("%(who)s did not take the message (HTTP %(status)s: %(why)s).")
    return Refused(sentence=sentence % values, permanent=permanent)


def _fields(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _target(address: str) -> Target | str:
    found = target_of(address, what="ntfy")
    if isinstance(found, Target) and not _TOPIC.fullmatch(found.path):
        return _(
            "An ntfy address ends with one topic of letters, digits, - and _: "
            "https://ntfy.sh/a-long-topic."
        )
    return found
