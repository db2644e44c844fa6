"""Passwords that were lost elsewhere: strangers try those first.

The bundled list (`people.passwords`) is looked at with every password. A range service, if
the settings name one, is asked for more: it is told the first five of the 40 digits of a SHA-1, for
which hundreds of passwords stand, and never which one was meant (k-anonymity). Where it does not
answer, the password is taken and a note says so: nobody is locked out by somebody else's trouble.
Until it answers again the page "Is the watch awake?" says it, too. It is asked before the act and
outside any transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from dataclasses import dataclass

import requests
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from homeby import clock, settings
from homeby.findings import Finding, amber
from homeby.logbook.rules import Refused

logger = logging.getLogger(__name__)

_SECONDS = 2
_DIGITS = 5
_ANSWER_MAX = 200_000


@dataclass
class _Silence:
    """Since when the service has not answered this process; None while it does."""

    since: dt.datetime | None = None
    taken: int = 0


_silence = _Silence()


def findings() -> list[Finding]:
    """What the page about the watch says of the service; nothing while it answers."""
    if _silence.since is None:
        return []
    said = _("The service of lost passwords has not answered since %(time)s; taken unasked: %(n)d.")
    when = _silence.since.strftime("%Y-%m-%d %H:%M UTC")
    return [
        amber(
            "passwords",
            said % {"time": when, "n": _silence.taken},
            _("Look at password_range_url and at the line to it; the bundled list still counts."),
        )
    ]


def refuse_lost(request: HttpRequest, password: str) -> None:
    """Raise Refused for a password that the range service knows to be lost."""
    address = settings.current().password_range_url
    if not address or not password:
        return
    digits = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    try:
        known = _ask(f"{address}{digits[:_DIGITS]}")
    except (requests.RequestException, ValueError) as trouble:
        logger.warning("the range service did not answer: %s", type(trouble).__name__)
        _silence.since = _silence.since or clock.now()
        _silence.taken += 1
        messages.warning(
            request,
            _("Whether this password was lost elsewhere could not be asked; it was taken anyway."),
        )
        return
    _silence.since, _silence.taken = None, 0
    if digits[_DIGITS:] in known:
        raise Refused(
            password=_("This password was lost elsewhere; strangers try it first. Take another.")
        )


def _ask(address: str) -> set[str]:
    """The rest of the digits of all lost passwords that begin so; those of padding count 0."""
    answer = requests.get(
        address, timeout=_SECONDS, headers={"Add-Padding": "true"}, allow_redirects=False
    )
    if answer.status_code != requests.codes.ok:
        raise ValueError("no list")
    lines = (line.strip().partition(":") for line in answer.text[:_ANSWER_MAX].splitlines())
    return {rest.upper() for rest, _mark, count in lines if count.strip() != "0"}
