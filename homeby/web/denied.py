"""Attempts that were denied, one line each in the output of the station (ASVS 5.0: 16.3.2).

A line says what was tried, at which of our addresses and why it was denied. It says neither who nor
from where, nor anything of what was sent: names, secrets and links stay out of the output
(`homeby.output`). What a person did stands in the logbook, where she can read it herself.
"""

from __future__ import annotations

import enum
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from homeby import clock
from homeby.output import Word

log = logging.getLogger("homeby.denied")

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class Why(enum.Enum):
    """Why an attempt was denied."""

    NO_PROOF = "no_proof"  # no key, token or secret, or a wrong one
    NOT_ALLOWED = "not_allowed"  # known, and this is not for them
    NO_SUCH_LINK = "no_such_link"  # a secret link that opens nothing
    LOG_IN_FAILED = "log_in_failed"
    FORGED_OR_OLD_FORM = "forged_or_old_form"
    NOT_UNDERSTOOD = "not_understood"  # a host, a body or a form that none of ours makes
    TOO_MANY = "too_many"


_BY_STATUS = {
    400: Why.NOT_UNDERSTOOD,
    401: Why.NO_PROOF,
    403: Why.NOT_ALLOWED,
    429: Why.TOO_MANY,
}
#: Pages that say no by another status: the form is shown again, or nothing stands at the address.
_BY_PAGE = {
    ("login", 422): Why.LOG_IN_FAILED,
    ("log-in-link", 404): Why.NO_SUCH_LINK,
    ("message-link", 404): Why.NO_SUCH_LINK,
    ("message-link-state", 404): Why.NO_SUCH_LINK,
    ("message-link-acts", 404): Why.NO_SUCH_LINK,
    ("kin-page", 404): Why.NO_SUCH_LINK,
}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

LINES_MOST = 120
_MINUTE_SECONDS = 60.0


@dataclass
class _Pace:
    """At most so many lines a minute: whoever tries a million times fills no disk."""

    begun_seconds: float = 0.0
    told: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def may_tell(self, *, seconds: float) -> bool | None:
        """Whether one more line may be told; None for the first that is left out."""
        with self.lock:
            if not 0 <= seconds - self.begun_seconds < _MINUTE_SECONDS:
                self.begun_seconds, self.told = seconds, 0
            self.told += 1
            return None if self.told == LINES_MOST + 1 else self.told <= LINES_MOST


_pace = _Pace()


def note(request: HttpRequest, why: Why) -> None:
    """Remember why this request is denied, where its status does not say so."""
    request.homeby_denied = why  # type: ignore[attr-defined]


def denials(get_response: GetResponse) -> GetResponse:
    """A line for every attempt that was denied."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        why = _why(request, response.status_code)
        if why is not None:
            tell(why, at=request.path, method=request.method or "", status=response.status_code)
        return response

    return middleware


def tell(why: Why, *, at: str, method: str, status: int) -> None:
    """One line about one attempt; `at` is its path, of which the output keeps the pattern."""
    may = _pace.may_tell(seconds=clock.boot_seconds())
    if may:
        told = Word(method if method in _METHODS else "OTHER")
        log.warning(
            "denied: %(why)s, %(method)s %(page)s (%(status)d)",
            {"why": why, "method": told, "page": at, "status": status},
        )
    elif may is None:
        log.warning("denied too often: further attempts of this minute get no line")


def _why(request: HttpRequest, status: int) -> Why | None:
    noted: Why | None = getattr(request, "homeby_denied", None)
    if noted is not None:
        return noted
    found = getattr(request, "resolver_match", None)
    page = found.view_name if found is not None else ""
    return _BY_PAGE.get((page, status)) or _BY_STATUS.get(status)
