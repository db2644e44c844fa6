"""The words about a blind period, each time to somebody else."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby import instants
from homeby.watch.rules import Outage


def period(one: Outage, *, zone: str, now: dt.datetime) -> dict[str, str]:
    """From when to when, and for how long, by the wall time of a zone."""
    return {
        "from": instants.wall(one.from_at, zone, now),
        "to": instants.wall(one.to_at, zone, now),
        "span": instants.span((one.to_at - one.from_at).total_seconds()),
    }


def why_late(one: Outage, *, zone: str, now: dt.datetime) -> str:
    """Beside what was missed: why it comes late."""
    words = _("The watch was blind from %(from)s to %(to)s, so this comes late.")
    return words % period(one, zone=zone, now=now)


def was_blind(one: Outage, *, zone: str, now: dt.datetime) -> str:
    """On the pages."""
    words = _("The watch was blind for %(span)s, from %(from)s to %(to)s.")
    return words % period(one, zone=zone, now=now)


def to_officers(one: Outage, *, zone: str, now: dt.datetime) -> tuple[str, str]:
    """To whoever holds the watch: (subject line, text)."""
    doors = {"doors": instants.wall(one.doors_until_at, zone, now)}
    text = _(
        "Nobody was missed in that time. Whoever is past the call-out time is told now; all others "
        "from %(doors)s on, so that a sign-in which waited on a device comes first. Look at the "
        "board, and find out why the watch stopped."
    )
    head = _("The watch was blind for %(span)s") % period(one, zone=zone, now=now)
    return head, " ".join([was_blind(one, zone=zone, now=now), text % doors])


def to_those_out(
    one: Outage, *, due_at: dt.datetime | None, zone: str, now: dt.datetime
) -> tuple[str, str]:
    """To somebody who was out meanwhile, and is not missed."""
    lines = [
        was_blind(one, zone=zone, now=now),
        _("Nobody would have missed you in that time. It is awake again."),
    ]
    if due_at is not None and due_at > now:
        due = instants.wall(due_at, zone, now)
        lines.append(_("You are expected back at %s.") % due)
    lines.append(_("If you needed something meanwhile, say so again."))
    return _("The watch was blind while you were out"), " ".join(lines)
