"""The words of a silent alarm, to those who keep the watch."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby import instants
from homeby.people.rules import Act
from homeby.watch.models import Alarm, Duress, Subject

#: A message names the last ones; the alarm's page holds all of them in its logbook lines.
_SAID_MOST = 3


def said(alarm: Alarm, *, now: dt.datetime) -> str:
    """What was done by the duress PIN, and what not to do now. One query."""
    acts = Duress.objects.filter(subject_id=alarm.subject_id).order_by("-noted_at", "pk")
    lines = [_line(one, alarm.subject, now) for one in list(acts[:_SAID_MOST])[::-1]]
    lines.append(
        _(
            "To whoever is with them all looks as usual, and must go on so: do not call or write "
            "to their phone first. Follow your organisation's procedure for duress."
        )
    )
    return " ".join(lines)


def _line(one: Duress, subject: Subject, now: dt.datetime) -> str:
    facts = {
        "who": one.who,
        "at": instants.wall(one.happened_at, subject.zone, now),
        "where": one.place or _("on their own phone"),
    }
    match one.act:
        case Act.SIGN_OUT:
            return _("%(who)s signed out with the duress PIN at %(at)s, %(where)s.") % facts
        case Act.CHECK_IN:
            return _("%(who)s checked in with the duress PIN at %(at)s, %(where)s.") % facts
        case Act.SIGN_IN:
            return _("%(who)s signed in with the duress PIN at %(at)s, %(where)s.") % facts
        case Act.HELP:
            return _("%(who)s asked for HELP with the duress PIN at %(at)s, %(where)s.") % facts
        case _:
            return (
                _("%(who)s asked for more time with the duress PIN at %(at)s, %(where)s.") % facts
            )
