"""A text message by an SMS gateway that speaks HTTP. Which one is data, not code: the settings say
where, how and in which words; docs/guide/channels.md shows them for known gateways.

The template stands for what is posted: JSON or a form (with GET: the query), in which {to}, {text},
{from} and {key} are put into place inside the values, so that no text can break out of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from homeby.comms.channels.base import (
    MOST_ANSWER,
    Attempts,
    ChannelSettings,
    Gateway,
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
    our_name,
    talk,
    target_of,
)
from homeby.sentences import gettext as _

MOST_TEXT = 450  # three parts of a long message
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PLACE = re.compile(r"\{(to|text|from|key|secret)\}")
_attempts = Attempts()


class SmsChannel:
    """Hands a text message to the station's gateway."""

    name = "SMS"
    most_text = MOST_TEXT

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings
        self._gateway = settings.sms

    def unready(self) -> str | None:
        """No gateway, or settings that cannot be used."""
        if not self._gateway.url:
            return _("The station has no SMS gateway: set sms_url.")
        target = target_of(self._gateway.url, what="gateway")
        if isinstance(target, str):
            return target
        return _template_problem(self._gateway) or _header_problem(self._gateway)

    def problem_with(self, address: str) -> str | None:
        """A telephone number with its country."""
        if _NUMBER.fullmatch(_digits(address)):
            return None
        return _("Write the number with its country, such as +43 664 1234567.")

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Hand the message over. Only a word that the settings name as a refusal is permanent: what
        else goes wrong may be the station's own doing."""
        unready = self.unready()
        if unready:
            return Refused(sentence=unready, permanent=False)
        problem = self.problem_with(outgoing.to_address)
        if problem:
            return Refused(sentence=problem, permanent=True)
        target = target_of(self._gateway.url, what="gateway")
        assert isinstance(target, Target), "looked at by unready"
        who = _("The SMS gateway at %(where)s") % {"where": target.where}

        def work(line: Line) -> Result:
            request, whither = self._request(outgoing, target)
            partner = Partner(target=whither, who=who, outside_only=False)
            read = lambda answer: verdict(answer, self._gateway, who=who)  # noqa: E731
            return talk(line, partner, request, settle=self._settled, read=read)

        return _attempts.within(seconds=timeout_seconds, who=who, work=work)

    def _settled(self, status: int) -> Result | None:
        """The status alone decides only where the settings ask nothing of the rest."""
        plain = 200 <= status < 300 and not self._gateway.taken_words
        return Handed(provider_ref=f"HTTP {status}") if plain else None

    def _request(self, outgoing: Outgoing, target: Target) -> tuple[Request, Target]:
        gateway = self._gateway
        values = {
            "to": _digits(outgoing.to_address),
            "text": text_of(outgoing),
            "from": gateway.sender,
            "key": whole_characters(outgoing.key),
        }
        headers = {
            "User-Agent": our_name(self._settings),
            "Idempotency-Key": quote(values["key"], safe="/:._-~@+="),
            "Connection": "close",
        }
        for line in gateway.headers:
            name, _colon, value = line.partition(":")
            headers[name.strip()] = _filled(value.strip(), {"secret": self._settings.sms_secret})
        if gateway.form == "json":
            headers["Content-Type"] = "application/json"
            filled = _filled_json(json.loads(gateway.template), values)
            body = json.dumps(filled, ensure_ascii=False).encode()
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            pairs = parse_qsl(gateway.template, keep_blank_values=True)
            body = urlencode([(name, _filled(value, values)) for name, value in pairs]).encode()
        if gateway.method == "GET":
            joint = "&" if "?" in target.path else "?"
            target = replace(target, path=f"{target.path}{joint}{body.decode()}")
            body = b""
        return Request(body=body, headers=headers, method=gateway.method), target


def text_of(outgoing: Outgoing) -> str:
    """Subject, text and link in as much room as three parts give; the middle is left out."""
    head = one_line(outgoing.subject, most=100)
    whole = outgoing.whole_text.replace("\n\n", "\n")
    return shortened(whole_characters(f"{head}\n{whole}"), most=MOST_TEXT)


def _digits(address: str) -> str:
    return re.sub(r"[\s()/-]", "", address)


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: values.get(found.group(1), found.group(0)), text)


def _filled_json(found: Any, values: Mapping[str, str]) -> Any:
    """The template with its places filled inside the values. Any: whatever JSON holds."""
    if isinstance(found, str):
        return _filled(found, values)
    if isinstance(found, list):
        return [_filled_json(one, values) for one in found]
    if isinstance(found, dict):
        return {name: _filled_json(one, values) for name, one in found.items()}
    return found


def _template_problem(gateway: Gateway) -> str | None:
    if gateway.method == "GET" and gateway.form == "json":
        return _("With sms_method GET, sms_format must be form.")
    if gateway.form == "json":
        try:
            json.loads(gateway.template)
        except (ValueError, RecursionError):
            return _("sms_template is not JSON; with a form, set sms_format to form.")
    if not {"to", "text"} <= set(_PLACE.findall(gateway.template)):
        return _("sms_template must hold {to} and {text}.")
    return None


def _header_problem(gateway: Gateway) -> str | None:
    for line in gateway.headers:
        name, colon, value = line.partition(":")
        if not colon or not _HEADER.fullmatch(name.strip()) or not value.strip().isprintable():
            return _('Each of sms_headers is a name, a colon and a value: "Authorization: …".')
    return None


def found_at(body: Any, path: str) -> str:
    """The text or number at a path such as `messages.0.id`; "" where nothing stands."""
    for part in path.split(".") if path else ():
        if isinstance(body, dict):
            body = body.get(part)
        elif isinstance(body, list) and part.isdecimal() and int(part) < len(body):
            body = body[int(part)]
        else:
            return ""
    scalar = path and isinstance(body, str | int) and not isinstance(body, bool)
    return one_line(str(body), most=MOST_REFERENCE) if scalar else ""


def verdict(answer: Answer, gateway: Gateway, *, who: str) -> Result:
    """What the gateway's answer means by the rule of the settings."""
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        body = None
    state = found_at(body, gateway.state_path).lower()
    values = {
        "who": who,
        "status": answer.status,
        "why": one_line(found_at(body, gateway.error_path) or state, most=MOST_ANSWER)
        or _("without a reason"),
    }
    if state and state in {word.lower() for word in gateway.refused_words}:
        sentence = _("%(who)s refuses this number (%(why)s).")
        return Refused(sentence=sentence % values, permanent=True)
    if answer.status in PATIENCE:
        sentence = _("%(who)s asks for patience (HTTP %(status)s).")
        return Refused(sentence=sentence % values, permanent=False)
    if not 200 <= answer.status < 300:
        sentence = _("%(who)s did not take the message (HTTP %(status)s: %(why)s).")
        return Refused(sentence=sentence % values, permanent=False)
    if gateway.taken_words and state not in {word.lower() for word in gateway.taken_words}:
        sentence = _("%(who)s answered, but did not say that it took the message (%(why)s).")
        return Refused(sentence=sentence % values, permanent=False)
    reference = found_at(body, gateway.id_path)
    return Handed(provider_ref=reference or f"HTTP {answer.status}")
