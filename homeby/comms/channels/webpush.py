"""A push message to a browser, through the push service of its maker (RFC 8030).

The address is the subscription that the browser gave, as JSON. The push service sees when, how long
and for whom; it cannot read the text. A newer message of the same alarm takes the place of one that
still waits there (`Topic`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from homeby import clock
from homeby.comms.channels import push_encryption as cipher
from homeby.comms.channels.base import (
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

MOST_TITLE = 120
TTL_SECONDS = 24 * 3600
VALID_SECONDS = 12 * 3600  # RFC 8292 2: at most 24 hours
_attempts = Attempts()


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """Where a browser listens, and the keys that only it can use."""

    target: Target
    origin: str
    p256dh: bytes = field(repr=False)
    auth: bytes = field(repr=False)


class WebPushChannel:
    """Sends a push message to one browser."""

    name = "WEBPUSH"
    most_text = 2500

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """A key of the station's own, and an address under which its maker is reached."""
        try:
            cipher.private_key(self._settings.webpush_key)
        except ValueError:
            return _("The station's key for web push is missing or damaged: keys/webpush.key.")
        return None

    def problem_with(self, address: str) -> str | None:
        """A subscription, at a push service to which this station may send."""
        found = subscription(address)
        return found if isinstance(found, str) else bounds(found.target.host, self._settings)

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Hand the message to the push service. A subscription that is over (404, 410) is a
        permanent refusal; the station's own key never is."""
        unready = self.unready()
        if unready:
            return Refused(sentence=unready, permanent=False)
        problem = self.problem_with(outgoing.to_address)
        to = subscription(outgoing.to_address)
        if problem or isinstance(to, str):
            return Refused(sentence=problem or str(to), permanent=True)
        who = _("The push service at %(where)s") % {"where": to.target.where}
        outside_only = not self._settings.webhook_allowed_hosts
        partner = Partner(target=to.target, who=who, outside_only=outside_only)

        def work(line: Line) -> Result:
            request = Request(body=_body(outgoing, to), headers=self._headers(outgoing, to))
            settle = lambda status: verdict(status, who)  # noqa: E731
            return talk(line, partner, request, settle=settle, read=lambda a: _read(a, who))

        return _attempts.within(seconds=timeout_seconds, who=who, work=work)

    def _headers(self, outgoing: Outgoing, to: Subscription) -> dict[str, str]:
        now_seconds = int(clock.real_now().timestamp())  # the push service lives in real time
        return {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(TTL_SECONDS),
            "Urgency": "high" if outgoing.urgent else "normal",
            "Topic": topic(outgoing.key),
            "Authorization": cipher.vapid(
                cipher.private_key(self._settings.webpush_key),
                audience=to.origin,
                contact=self._settings.webpush_contact,
                expires_seconds=now_seconds + VALID_SECONDS,
            ),
            "User-Agent": our_name(self._settings),
            "Connection": "close",
        }


def subscription(address: str) -> Subscription | str:
    """The subscription in the address, or the sentence that says what is wrong with it."""
    bad = _("This is no push subscription: it is made by the browser, on the device itself.")
    try:
        found = json.loads(address)
        endpoint, keys = found["endpoint"], found["keys"]
        p256dh, auth = cipher.unb64(keys["p256dh"]), cipher.unb64(keys["auth"])
        cipher.browser_key(p256dh)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return bad
    if len(auth) != 16 or not isinstance(endpoint, str):
        return bad
    target = target_of(endpoint, what="push")
    if isinstance(target, str):
        return target
    origin = "/".join(endpoint.split("/")[:3])
    return Subscription(target=target, origin=origin, p256dh=p256dh, auth=auth)


def topic(key: str) -> str:
    """What the message is about, in the 32 characters that RFC 8030 5.4 allows: the same for every
    message of one alarm, and it tells the push service nothing."""
    about = key.partition("/")[0]
    return cipher.b64(hashlib.sha256(about.encode("utf-8", "replace")).digest())[:32]


def _body(outgoing: Outgoing, to: Subscription) -> bytes:
    text = whole_characters(outgoing.text)
    while len(plain := _plain(outgoing, text)) > cipher.MOST_PLAIN_BYTES:
        text = shortened(text, most=len(text) * 9 // 10)
    return cipher.sealed(plain, to=to.p256dh, auth=to.auth)


def _plain(outgoing: Outgoing, text: str) -> bytes:
    fields = {
        "title": one_line(outgoing.subject, most=MOST_TITLE),
        "body": text,
        "url": outgoing.link,
        "key": whole_characters(outgoing.key),
        "urgent": outgoing.urgent,
    }
    return json.dumps(fields, ensure_ascii=False).encode()


def verdict(status: int, who: str) -> Result:
    """What an HTTP status means for the message (RFC 8030 7.3, 8.3; RFC 8292 4.2)."""
    values = {"who": who, "status": status}
    if status in (404, 410):
        sentence = _("%(who)s says that this device listens no more (HTTP %(status)s).")
        return Refused(sentence=sentence % values, permanent=True)
    if status in (401, 403):
        sentence = _("%(who)s does not accept the station's key (HTTP %(status)s).")
        return Refused(sentence=sentence % values, permanent=False)
    return judged(status, who)


def _read(answer: Answer, who: str) -> Result:
    result = verdict(answer.status, who)
    where = one_line(answer.headers.get("location", ""), most=MOST_REFERENCE)
    return Handed(provider_ref=where) if where and isinstance(result, Handed) else result
