"""Reading a file from an address that somebody gave: bounded in time and size, sent nowhere else,
and never from the machine's own network (as webhooks are sent)."""

from __future__ import annotations

from homeby.comms.channels.base import Attempts, ChannelSettings, Handed, Line, Refused, Result
from homeby.comms.channels.posting import (
    Answer,
    Partner,
    Request,
    Target,
    lies_inside,
    our_name,
    out_of_bounds,
    talk,
    target_of,
)
from homeby.sentences import gettext as _

#: So many files may be on their way at once, late ones included.
_attempts = Attempts(most=8)


def problem_with(address: str, settings: ChannelSettings) -> str | None:
    """A sentence where nothing is read from this address."""
    found = target_of(address, what="calendar")
    if isinstance(found, str):
        return found
    return out_of_bounds(found.host) if _is_barred(found, settings) else None


def _is_barred(target: Target, settings: ChannelSettings) -> bool:
    return lies_inside(target.host) and not _is_allowed(target, settings)


def _is_allowed(target: Target, settings: ChannelSettings) -> bool:
    return target.host in {name.lower() for name in settings.webhook_allowed_hosts}


def fetch(
    address: str, settings: ChannelSettings, *, most_bytes: int, timeout_seconds: float
) -> bytes | str:
    """What stands at an address, at most one byte more than `most_bytes`; or a sentence. Redirects
    are not followed. Never raises, and is over after `timeout_seconds`."""
    target = target_of(address, what="calendar")
    if isinstance(target, str):
        return target
    if problem := problem_with(address, settings):
        return problem
    partner = Partner(
        target=target,
        who=_("The calendar at %(where)s") % {"where": target.where},
        outside_only=not _is_allowed(target, settings),
    )
    headers = {
        "User-Agent": our_name(settings),
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    request = Request(body=b"", headers=headers, method="GET", most_bytes=most_bytes + 1)
    found: list[bytes] = []

    def read(answer: Answer) -> Result:
        if (refused := _judged(answer.status, partner)) is not None:
            return refused
        found.append(answer.body)
        return Handed(provider_ref="")

    def work(line: Line) -> Result:
        return talk(line, partner, request, settle=lambda status: None, read=read)

    result = _attempts.within(seconds=timeout_seconds, who=partner.who, work=work)
    return result.sentence if isinstance(result, Refused) else b"".join(found)


def _judged(status: int, partner: Partner) -> Refused | None:
    if status == 200:
        return None
    values = {"who": partner.who, "status": status}
    sentence = _("%(who)s gave no file (HTTP %(status)s): copy its address once more.") % values
    return Refused(sentence=sentence, permanent=False)
