"""The outside heartbeat: a call to an address elsewhere, which rings somebody when it stays away.

Any healthchecks-compatible service will do: a GET of the address says "all is well", the same
address with `/fail` says "something is wrong". Whatever the other side does, a call takes a
bounded time on a thread of its own, and the audit never waits for it.
"""

from __future__ import annotations

import datetime as dt
import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _

from homeby import steady

EVERY_SECONDS = 60.0
CALL_SECONDS = 10.0
MOST_UNFINISHED = 3
_HEARTBEAT_AGENT = "Homeby heartbeat"


@dataclass(frozen=True, kw_only=True)
class Target:
    """An address, taken apart."""

    is_https: bool
    host: str
    port: int
    path: str
    query: str

    def request_path(self, *, fail: bool) -> str:
        """What is asked for: the path, or that of the failure."""
        path = self.path.rstrip("/") + "/fail" if fail else self.path
        return path + (f"?{self.query}" if self.query else "")


def target(url: str) -> Target | str:
    """The address taken apart, or a sentence that says what is wrong with it."""
    if any(character.isspace() or not character.isprintable() for character in url):
        return _("The heartbeat's address has a space or a line break in it.")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return _("The heartbeat's address cannot be read: check host and port.")
    if parts.scheme not in ("http", "https") or not host:
        return _("The heartbeat's address begins with https:// (or http://) and a host.")
    return Target(
        is_https=parts.scheme == "https",
        host=host,
        port=port,
        path=quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~"),
        query=quote(parts.query, safe="/%:@!$&'()*+,;=-._~?"),
    )


@dataclass
class Call:
    """One call under way, on a thread of its own. `answer` stays None until it has come."""

    to: Target
    fail: bool
    begun_at: dt.datetime
    seconds: float
    count: Callable[[], float] | None = None
    note: str = ""
    status: int = 0
    trouble: str = ""
    heard: tuple[dt.datetime, float] | None = None
    done: threading.Event = field(default_factory=threading.Event)
    _connection: http.client.HTTPConnection | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        threading.Thread(target=self._run, name="heartbeat", daemon=True).start()

    def _run(self) -> None:
        try:
            self._connection = self._connected()
            path = self.to.request_path(fail=self.fail)
            headers = {"User-Agent": _HEARTBEAT_AGENT, "Connection": "close"}
            content = self.note.encode() or None
            asked = self.count() if self.count else 0.0
            self._connection.request("POST" if content else "GET", path, content, headers)
            answer = self._connection.getresponse()
            self._hear(answer, asked)
            self.status = answer.status
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.trouble = self.trouble or _trouble(error)
        finally:
            self.done.set()
            if self._connection is not None:
                self._connection.close()

    def _hear(self, answer: http.client.HTTPResponse, asked: float) -> None:
        """The hour that the other side says it is, a witness of our clock. A cached answer tells
        the hour at which it was cached."""
        said = answer.getheader("Date")
        if self.count is None or not said or answer.getheader("Age"):
            return
        answered = self.count()
        with suppress(ValueError, OverflowError):
            shown_at = parsedate_to_datetime(said)
            if shown_at.tzinfo is None:
                return
            shown_at = shown_at.astimezone(dt.UTC)
            zero_at = steady.outside_zero(shown_at, asked_seconds=asked, answered_seconds=answered)
            self.heard = None if zero_at is None else (zero_at, answered)

    def _connected(self) -> http.client.HTTPConnection:
        to, seconds = self.to, self.seconds
        if not to.is_https:
            return http.client.HTTPConnection(to.host, to.port, timeout=seconds)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(to.host, to.port, timeout=seconds, context=context)

    def cut(self) -> None:
        """Break the line of a call that takes too long: a byte now and then is no answer."""
        self.trouble = self.trouble or _("it did not answer in time")
        line = self._connection.sock if self._connection is not None else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    @property
    def answered_well(self) -> bool:
        """Whether it was taken."""
        return 200 <= self.status < 300 and not self.trouble

    @property
    def sentence(self) -> str:
        """How it was answered."""
        host = self.to.host
        if self.trouble:
            return _("%(host)s: %(trouble)s.") % {"host": host, "trouble": self.trouble}
        if not self.answered_well:
            return _("%(host)s refused it (HTTP %(status)d): check the address.") % {
                "host": host,
                "status": self.status,
            }
        if self.fail and self.note:
            return _("%s was told that the watch is paused.") % host
        if self.fail:
            return _("%s was told that something is wrong.") % host
        return _("%s answered.") % host


def _trouble(error: Exception) -> str:
    match error:
        case socket.gaierror():
            return _("its name leads to no address")
        case TimeoutError():
            return _("it did not answer in time")
        case ConnectionRefusedError():
            return _("it takes no connections")
        case ssl.SSLError():
            return _("no encrypted line could be agreed on")
        case ConnectionError():
            return _("it broke the connection off")
        case http.client.HTTPException() | ValueError():
            return _("its answer is not HTTP")
        case _:
            return _("it cannot be reached")


@dataclass
class Heartbeat:
    """Calls once a minute while the audit agrees, and at once when it no longer does.

    While there is no verdict it stays silent, and silence is what the other side listens for.
    `count` gives the seconds counted since the machine was switched on; with it the hour that the
    other side says is kept in `heard`: the zero by it (`homeby.steady`), and the count then."""

    url: str
    every_seconds: float = EVERY_SECONDS
    call_seconds: float = CALL_SECONDS
    count: Callable[[], float] | None = None
    well_at: dt.datetime | None = None
    answer: str = ""
    heard: tuple[dt.datetime, float] | None = None
    _last: Call | None = None
    _unfinished: list[Call] = field(default_factory=list)

    def beat(self, *, agrees: bool | None, at: dt.datetime, note: str = "") -> None:
        """Note what came of earlier calls, and call if it is time. Never waits. `at` is the
        machine's own time. With a `note` (the watch is paused) it never says that all is well: the
        other side is told of it like of any other failure, with the note beside it."""
        self._collect(at)
        fail = not agrees or bool(note)
        if not self.url or agrees is None or not self._is_time(fail=fail, at=at):
            return
        to = target(self.url)
        if isinstance(to, str):
            self.answer = to
            return
        if len(self._unfinished) >= MOST_UNFINISHED:
            self.answer = _("Earlier calls to %s still hang.") % to.host
            return
        call = Call(
            to=to,
            fail=fail,
            begun_at=at,
            seconds=self.call_seconds,
            count=self.count,
            note=note,
        )
        self._last = call
        self._unfinished.append(call)
        call.start()

    def _is_time(self, *, fail: bool, at: dt.datetime) -> bool:
        last = self._last
        if last is None or fail != last.fail:
            return True
        since = (at - last.begun_at).total_seconds()
        return not 0 <= since < self.every_seconds  # the clock may have been set back since

    def _collect(self, at: dt.datetime) -> None:
        for call in list(self._unfinished):
            too_long = not 0 <= (at - call.begun_at).total_seconds() <= call.seconds
            if too_long and not call.done.is_set():
                call.cut()
                self.answer = call.sentence
            if call.done.is_set():
                self._unfinished.remove(call)
                self.answer = call.sentence
                self.heard = call.heard or self.heard
                if call.answered_well and not call.fail:
                    self.well_at = call.begun_at
