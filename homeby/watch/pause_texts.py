"""The words of a pause: what is told to those who are out and to those who keep the watch."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from homeby import instants
from homeby.people import queries as people
from homeby.people.texts import Words
from homeby.watch.models import Pause

#: What the reader calls those who asked, agreed and ended.
Names = Mapping[uuid.UUID, str]


def _clock(at: dt.datetime, now: dt.datetime) -> str:
    return instants.wall(at, people.zone(), now)


def _facts(pause: Pause, names: Names, now: dt.datetime) -> dict[str, str]:
    keys = [key for key in (pause.asked_by_id, pause.agreed_by_id) if key is not None]
    by = _(" and ").join(names.get(key, "?") for key in keys)
    return {
        "begins": _clock(pause.from_at, now),
        "until": _clock(pause.until_at, now),
        "by": by,
        "reason": pause.reason,
    }


def _ender(pause: Pause, names: Names) -> str:
    """Who ended it, "" where nobody did."""
    return names.get(pause.ended_by_id, "?") if pause.ended_by_id else ""


def _what_it_means() -> str:
    return _(
        "Until then nobody is missed: no reminder comes, and no alarm opens for somebody who is "
        "not back or has not checked in. HELP goes out as ever. Deadlines stay as they are, and "
        "are judged at once when the pause ends. Any duty officer can end it now."
    )


def asked(pause: Pause, names: Names, *, now: dt.datetime) -> Words:
    """To those who may agree."""
    facts = _facts(pause, names, now)
    head = _("%(by)s asks to pause the watch until %(until)s") % facts
    text = _("Reason: %(reason)s. A second person must agree, in the office under Pause the watch.")
    return head, text % facts


def announced(pause: Pause, names: Names, *, now: dt.datetime) -> Words:
    """A day ahead, to everybody whom it will concern."""
    facts = _facts(pause, names, now)
    head = _("The watch will be paused from %(begins)s until %(until)s") % facts
    text = _("By %(by)s alone, with a day's notice. Reason: %(reason)s. ") % facts
    return head, text + _what_it_means()


def began(pause: Pause, names: Names, *, now: dt.datetime) -> Words:
    """At the beginning, to the same."""
    facts = _facts(pause, names, now)
    head = _("The watch is paused until %(until)s") % facts
    text = _("By %(by)s. Reason: %(reason)s. ") % facts
    return head, text + _what_it_means()


def ended(pause: Pause, names: Names, *, now: dt.datetime) -> Words:
    """At the end, to the same: the watch goes on."""
    by = _ender(pause, names)
    head = _("The watch goes on: the pause is over")
    text = _("It ended as agreed.") if not by else _("%s ended it.") % by
    return head, text + " " + _(
        "Whoever is overdue is missed from now on; sign in, or ask for more time, if you are late."
    )


def withdrawn(pause: Pause, names: Names, *, now: dt.datetime) -> Words:
    """To those who had heard of a pause that does not come."""
    by = _ender(pause, names)
    head = _("The watch is not paused: nothing changes")
    if by:
        return head, _("%s called the pause off.") % by
    return head, _("It did not begin before its own end.")


def bar(*, until_at: dt.datetime, by: str, reason: str, now: dt.datetime) -> Words:
    """What every page says while a pause holds: first what it means, then who and why, which is ""
    for whoever is not known (`by` is "")."""
    head = _(
        "The watch is paused until %s: nobody is missed before that. HELP goes out as ever."
    ) % _clock(until_at, now)
    return head, _("By %(by)s: %(reason)s") % {"by": by, "reason": reason} if by else ""


def and_said(names: list[str]) -> str:
    """Callsigns as one reads them."""
    return _(" and ").join(name for name in names if name)
