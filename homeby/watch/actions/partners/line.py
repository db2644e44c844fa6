"""The line to a partner station: one POST of JSON, in bounded time.

Redirects are not followed, answers are read up to 64 kB, and an address inside our own network is
refused unless the setting `partner_inner_hosts` names it: whoever pairs with us must not make this
station speak to its neighbours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from homeby import settings
from homeby.comms.actions.deliver import channel_settings
from homeby.comms.channels.base import Attempts, Handed, Line, Refused, Result
from homeby.comms.channels.posting import (
    Answer,
    Partner,
    Request,
    Target,
    lies_inside,
    our_name,
    talk,
    target_of,
)
from homeby.sentences import gettext as _
from homeby.watch.rules import partners as rules

CALL_SECONDS = 8.0
PAIR_PATH = "/partner/pair"
MESSAGE_PATH = "/partner/message"
_attempts = Attempts(most=2 * rules.PARTNERS_MAX)


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What came back: a JSON object, or a sentence about why none did."""

    values: dict[str, Any] | None = None
    sentence: str = ""


def problem_with(url: str) -> str:
    """Why this station does not speak to this address; empty where it does."""
    found = _target(url)
    if isinstance(found, str):
        return found
    host = found.host.lower()
    if lies_inside(host) and not _is_allowed_inside(host):
        return _(
            "%s lies inside our own network: an administrator can add it to partner_inner_hosts."
        ) % (host)
    return ""


def _target(url: str) -> Target | str:
    found = target_of(url, what=_("partner station"))
    if isinstance(found, Target) and (found.user or found.password or found.path != "/"):
        return _("The address of a partner station is only https:// (or http://), host and port.")
    return found


def _is_allowed_inside(host: str) -> bool:
    return host in {name.lower() for name in settings.current().partner_inner_hosts}


def post(url: str, path: str, values: dict[str, Any], *, seconds: float = CALL_SECONDS) -> Answered:
    """Post to a partner station and read its answer. Takes at most `seconds`, never raises."""
    problem = problem_with(url)
    target = _target(url + path) if problem else target_of(url + path, what="")
    if problem or isinstance(target, str):
        return Answered(sentence=problem or str(target))
    found: list[dict[str, Any]] = []
    partner = Partner(
        target=target,
        who=_("The partner station at %s") % target.where,
        outside_only=not _is_allowed_inside(target.host.lower()),
    )
    request = Request(
        body=json.dumps(values).encode(),
        headers={
            "Content-Type": "application/json",
            "User-Agent": our_name(channel_settings()),
            "Connection": "close",
        },
    )
    done = _attempts.within(
        seconds=seconds, who=partner.who, work=lambda line: _talk(line, partner, request, found)
    )
    if found:
        return Answered(values=found[0])
    return Answered(sentence=done.sentence if isinstance(done, Refused) else "")


def _talk(line: Line, partner: Partner, request: Request, found: list[dict[str, Any]]) -> Result:
    return talk(
        line,
        partner,
        request,
        settle=lambda status: None,
        read=lambda answer: _read(answer, partner.who, found),
    )


def _read(answer: Answer, who: str, found: list[dict[str, Any]]) -> Result:
    """Any status may bring a JSON object with a sentence; a redirect brings nothing."""
    try:
        values = json.loads(answer.body) if not 300 <= answer.status < 400 else None
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        words = {"who": who, "status": answer.status}
        return Refused(
            sentence=_("%(who)s gave no answer of a Homeby (HTTP %(status)d).") % words,
            permanent=False,
        )
    if 200 <= answer.status < 300:
        found.append(values)
        return Handed(provider_ref="")
    said = rules.plain_name(str(values.get("sentence", "")), most=200)
    return Refused(sentence=f"{who}: {said or answer.status}", permanent=False)
