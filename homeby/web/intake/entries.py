"""`POST /intake/v1/entries`: the one door of every device, an ASGI application beside the pages.

It reads the body and the clock once, hands the claims to the desk, and answers 200 only after
their commit, with an answer for each entry. What cannot be read gets a 4xx with a sentence, trouble
of the database a 503: then the device keeps its entries and sends them again.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from homeby import clock
from homeby.missions.actions.intake import Batch, Trouble
from homeby.missions.rules.intake import Answer, Claim, Taken
from homeby.people.actions.devices import hash_of
from homeby.web.intake.desk import Desk, Full
from homeby.web.intake.reading import Unreadable, Wrong, read
from homeby.web.shell.protocol import Header, Receive, Scope, Send, answer, header, to_json

MOST_BYTES = 256 * 1024
#: A body that is too large is still read and thrown away up to here, so that the device gets to
#: read the sentence instead of a broken line.
_MOST_DRAINED_BYTES = 16 * MOST_BYTES
_SILENCE_SECONDS = 30.0
_KEY_MAX = 200
_RETRY: Header = (b"retry-after", b"5")


class _Gone(Exception):
    """The device hung up, or fell silent."""


@dataclass
class _No(Exception):
    """Why not: status and sentence."""

    status: int
    sentence: str
    more: tuple[Header, ...] = ()


class Intake:
    """The application; `desk` is where claims wait for their commit."""

    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk

    def close(self) -> None:
        """Record what waits, and take no more."""
        self._desk.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one batch and answer it."""
        language = _language(header(scope, b"accept-language"))
        try:
            with translation.override(language):
                _check(scope)
            body = await _body(scope, receive, language)
            status, content = await self._take(scope, body, language)
        except _Gone:
            return
        except _No as no:
            content = {"sentence": no.sentence}
            await answer(send, status=no.status, body=to_json(content), kind=_JSON, more=no.more)
            return
        await answer(send, status=status, body=to_json(content), kind=_JSON)

    async def _take(self, scope: Scope, body: bytes, language: str) -> tuple[int, dict[str, Any]]:
        now = clock.now()
        with translation.override(language):
            try:
                found = read(body, now=now)
            except Unreadable as unreadable:
                raise _No(400, str(unreadable)) from None
            busy = _("Too many devices send at once. Nothing was recorded; send it again.")
        claims = tuple(one for one in found if isinstance(one, Claim))
        answers: dict[int, Answer] = {}
        if claims:
            batch = Batch(claims=claims, key_hash=_key_hash(scope), language=language, now=now)
            try:
                result = await self._desk.put(batch)
            except Full:
                raise _No(503, busy, (_RETRY,)) from None
            if isinstance(result, Trouble):
                raise _No(503, result.sentence, (_RETRY,))
            answers = {id(claim): one for claim, one in zip(claims, result, strict=True)}
        lines = [
            _wrong(one) if isinstance(one, Wrong) else _line(answers[id(one)]) for one in found
        ]
        return (200 if claims else 422), {"answers": lines}


_JSON = b"application/json"


def _line(one: Answer) -> dict[str, Any]:
    line = {"id": str(one.entry_id), "taken": one.taken.value, "sentence": one.sentence}
    return line if one.first is None else line | {"first": one.first.value}


def _wrong(one: Wrong) -> dict[str, Any]:
    return {"id": one.entry_id, "taken": Taken.REFUSED.value, "sentence": one.sentence}


def _check(scope: Scope) -> None:
    """The head of a request. Raises _No."""
    if scope["method"] != "POST":
        raise _No(405, _("Entries are sent here by POST."), ((b"allow", b"POST"),))
    kind = header(scope, b"content-type").partition(";")[0].strip().lower()
    if kind != "application/json" or header(scope, b"content-encoding") not in ("", "identity"):
        raise _No(415, _("Send the entries as plain JSON (application/json)."))


async def _body(scope: Scope, receive: Receive, language: str) -> bytes:
    announced = header(scope, b"content-length")
    chunks, size, more = [], 0, True
    while more and size <= _MOST_DRAINED_BYTES:
        try:
            message = await asyncio.wait_for(receive(), _SILENCE_SECONDS)
        except TimeoutError:
            raise _Gone from None
        if message["type"] == "http.disconnect":
            raise _Gone
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size <= MOST_BYTES:
            chunks.append(chunk)
    with translation.override(language):
        if size > MOST_BYTES:
            raise _No(413, _("This is more than 256 kB. Send fewer entries at once."), (_CLOSE,))
        if announced.isdigit() and size != int(announced):
            raise _No(400, _("Only a part of it arrived. Send it again."), (_CLOSE,))
    return b"".join(chunks)


_CLOSE: Header = (b"connection", b"close")


def _key_hash(scope: Scope) -> str:
    """The hash of the key that came as a bearer token; nothing without one."""
    kind, _space, key = header(scope, b"authorization").partition(" ")
    key = key.strip()
    return hash_of(key) if kind.lower() == "bearer" and 0 < len(key) <= _KEY_MAX else ""


def _language(accepted: str) -> str:
    """The first language that the device accepts and we speak."""
    for code, _weight in parse_accept_lang_header(accepted[:200]):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
