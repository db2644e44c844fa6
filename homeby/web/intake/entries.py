"""`POST /intake/v1/entries`: the one door of every device, an ASGI application beside the pages.

It reads the body and the clock once, hands the claims to the desk, and answers 200 only after
their commit, with an answer for each entry. What cannot be read gets a 4xx with a sentence, trouble
of the database a 503: then the device keeps its entries and sends them again.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.utils.translation.trans_real import parse_accept_lang_header

from homeby import clock
from homeby.database.letting_go import let_go
from homeby.keys import KeyProblem
from homeby.missions.actions.intake import Batch, Trouble
from homeby.missions.rules.intake import Answer, Claim, Taken
from homeby.people.rules import hash_of
from homeby.web.intake import proving
from homeby.web.intake.desk import Desk, Full
from homeby.web.intake.reading import Sealed, Unreadable, Wrong, read
from homeby.web.shell.protocol import Header, Receive, Scope, Send, answer, to_json

logger = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
#: A body that is too large is still read and thrown away up to here, so that the device gets to
#: read the sentence instead of a broken line.
_MOST_DRAINED_BYTES = 16 * MOST_BYTES
#: So long a slow telephone may take to send its body.
_PATIENCE_SECONDS = 60.0
_KEY_MAX = 200
_RETRY: Header = (b"retry-after", b"5")


class _Gone(Exception):
    """The device hung up, or fell silent."""


@dataclass
class _No(Exception):
    """Why not: status and sentence."""

    status: int
    sentence: str | Promise
    more: tuple[Header, ...] = ()


class Intake:
    """The application; `desk` is where claims wait for their commit."""

    def __init__(self, *, desk: Desk) -> None:
        self._desk = desk
        self._prover = ThreadPoolExecutor(max_workers=1, thread_name_prefix="prover")

    def close(self) -> None:
        """Record what waits, and take no more."""
        self._prover.shutdown(wait=False)
        self._desk.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one batch and answer it."""
        now, said = clock.now(), dict(scope["headers"])
        language = _language(said.get(b"accept-language", b"").decode("latin-1"))
        try:
            _check(scope["method"], said)
            body = await _body(said, receive)
            status, content = await self._take(
                body, key_hash=_key_hash(said), language=language, now=now
            )
        except _Gone:
            return
        except _No as no:
            with translation.override(language):
                content = {"sentence": str(no.sentence)}
            await answer(send, status=no.status, body=to_json(content), kind=_JSON, more=no.more)
            return
        await answer(send, status=status, body=to_json(content), kind=_JSON)

    async def _take(
        self, body: bytes, *, key_hash: str, language: str, now: dt.datetime
    ) -> tuple[int, dict[str, Any]]:
        try:
            found = _read(body, language=language, now=now)
        except Sealed:
            found = await self._open(body, key_hash=key_hash, language=language, now=now)
        claims = tuple(one for one in found if isinstance(one, Claim))
        if key_hash and any(one.pin or one.code for one in claims):
            claims = await self._prove(claims, key_hash)
        told: list[Answer] = []
        if claims:
            batch = Batch(claims=claims, key_hash=key_hash, language=language, now=now)
            try:
                result = await self._desk.put(batch)
            except Full:
                raise _No(503, _BUSY, (_RETRY,)) from None
            if isinstance(result, Trouble):
                raise _No(503, result.sentence, (_RETRY,))
            told = result
        answers = iter(told)
        lines = [_wrong(one) if isinstance(one, Wrong) else _line(next(answers)) for one in found]
        return (200 if claims else 422), {"answers": lines}

    async def _open(
        self, body: bytes, *, key_hash: str, language: str, now: dt.datetime
    ) -> list[Claim | Wrong]:
        """What lies in sealed entries: many of them take a while, so not in the loop."""
        loop = asyncio.get_running_loop()
        opening = partial(_opened, body, key_hash=key_hash, language=language, now=now)
        try:
            return await loop.run_in_executor(self._prover, opening)
        except _No:
            raise
        except Exception:
            logger.exception("what a kiosk sealed could not be read")
            raise _No(503, _NO_KEY, (_RETRY,)) from None

    async def _prove(self, claims: tuple[Claim, ...], key_hash: str) -> tuple[Claim, ...]:
        """Who they are by PIN or badge: slow, so by a thread of its own, and before the desk."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._prover, _proven, claims, key_hash)
        except Exception:
            logger.exception("PINs and badges could not be judged")
            raise _No(503, _NO_KEY, (_RETRY,)) from None


def _proven(claims: tuple[Claim, ...], key_hash: str) -> tuple[Claim, ...]:
    """In the prover's thread, whose connection is let go of after trouble, so that the next try
    opens a new one."""
    try:
        return proving.prove(claims, key_hash)
    except Exception:
        with contextlib.suppress(Exception):
            let_go()
        raise


def _opened(body: bytes, *, key_hash: str, language: str, now: dt.datetime) -> list[Claim | Wrong]:
    """In the prover's thread. What nobody we know has sealed is not opened, nor refused: the tablet
    keeps it. Raises _No."""
    try:
        opens = proving.opens_for(key_hash)
    except Exception:
        with contextlib.suppress(Exception):
            let_go()
        raise
    if not opens:
        raise _No(503, _NO_KEY, (_RETRY,))
    with translation.override(language):
        try:
            return read(body, now=now)
        except KeyProblem as problem:
            logger.error("what kiosks have sealed cannot be opened: %s", problem)
            raise _No(503, _NO_KEY, (_RETRY,)) from None


def _read(body: bytes, *, language: str, now: dt.datetime) -> list[Claim | Wrong]:
    """The entries of a body in which none is sealed; the reader's language is brought where there
    is a sentence to say. Raises _No, and Sealed."""
    with contextlib.suppress(Unreadable):
        found = read(body, now=now, opens=False)
        if all(isinstance(one, Claim) for one in found):
            return found
    with translation.override(language):
        try:
            return read(body, now=now, opens=False)
        except Unreadable as unreadable:
            raise _No(400, str(unreadable)) from None


_BUSY = gettext_lazy("Too many devices send at once. Nothing was recorded; send it again.")
_NO_KEY = gettext_lazy("The station cannot read what kiosks send just now. Keep it.")
_JSON = b"application/json"


def _line(one: Answer) -> dict[str, Any]:
    line = {"id": str(one.entry_id), "taken": one.taken.value, "sentence": one.sentence}
    return line if one.first is None else line | {"first": one.first.value}


def _wrong(one: Wrong) -> dict[str, Any]:
    return {"id": one.entry_id, "taken": Taken.REFUSED.value, "sentence": one.sentence}


def _check(method: str, said: Mapping[bytes, bytes]) -> None:
    """The head of a request. Raises _No."""
    if method != "POST":
        raise _No(405, gettext_lazy("Entries are sent here by POST."), ((b"allow", b"POST"),))
    kind = said.get(b"content-type", b"").partition(b";")[0].strip().lower()
    if kind != _JSON or said.get(b"content-encoding", b"") not in (b"", b"identity"):
        raise _No(415, gettext_lazy("Send the entries as plain JSON (application/json)."))


async def _body(said: Mapping[bytes, bytes], receive: Receive) -> bytes:
    announced = said.get(b"content-length", b"").decode("latin-1")
    chunks, size, more = [], 0, True
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while more and size <= _MOST_DRAINED_BYTES:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _Gone
                chunk, more = message.get("body", b""), message.get("more_body", False)
                size += len(chunk)
                if size <= MOST_BYTES:
                    chunks.append(chunk)
    except TimeoutError:
        raise _Gone from None
    if size > MOST_BYTES:
        raise _No(413, gettext_lazy("This is more than 256 kB. Send fewer entries."), (_CLOSE,))
    if announced.isdigit() and size != int(announced):
        raise _No(400, gettext_lazy("Only a part of it arrived. Send it again."), (_CLOSE,))
    return b"".join(chunks)


_CLOSE: Header = (b"connection", b"close")


def _key_hash(said: Mapping[bytes, bytes]) -> str:
    """The hash of the key that came as a bearer token; nothing without one."""
    kind, _space, key = said.get(b"authorization", b"").decode("latin-1").partition(" ")
    key = key.strip()
    return hash_of(key) if kind.lower() == "bearer" and 0 < len(key) <= _KEY_MAX else ""


@lru_cache(maxsize=256)
def _language(accepted: str) -> str:
    """The first language that the device accepts and we speak."""
    for code, _weight in parse_accept_lang_header(accepted[:200]):
        try:
            return translation.get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
