"""The words about an act that somebody must do by its hour. What is to be done is a sentence that
the room above hands down as it stands in the catalog; each reads it in her own language."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from homeby import instants

if TYPE_CHECKING:
    from homeby.watch.models import Alarm, Deadline, Subject


def sentence(subject: Subject) -> str:
    """What is to be done, in the language that is spoken just now. The name of whom it is about
    stands in it where the catalog says so."""
    return _(subject.wanted) % {"who": subject.title}


def reminder(deadline: Deadline, *, now: dt.datetime) -> tuple[str, str]:
    """Before the hour, to whom it is about."""
    due = instants.wall(deadline.due_at, deadline.subject.zone, now)
    text = _("This is to be done by %s. Homeby says so in time; afterwards others are told.")
    return sentence(deadline.subject), text % due


def to_party(alarm: Alarm, *, now: dt.datetime) -> tuple[str, str]:
    """When the hour has passed, to whom it is about."""
    due = instants.wall(alarm.due_at, alarm.subject.zone, now)
    text = _("This was to be done by %s, and has not been. Others are told of it now.")
    return sentence(alarm.subject), text % due


def not_done(alarm: Alarm, *, now: dt.datetime) -> str:
    """What nobody has done, and since when."""
    seconds = (now - alarm.due_at).total_seconds()
    since = instants.span(seconds) if seconds >= 60 else _("less than a minute")
    due = instants.wall(alarm.due_at, alarm.subject.zone, now)
    text = _("%(act)s This was due at %(due)s, %(since)s ago, and nobody has done it.")
    return text % {"act": sentence(alarm.subject), "due": due, "since": since}


def look_in() -> tuple[str, str]:
    """To one of the kin who may be asked: she has not said that she woke well. Never why."""
    text = _(
        "The person who named you was asked to say, after sleeping, that they are well, and has "
        "not. Please look in on them or call them now, and call us if you cannot reach them or are "
        "worried. It may be that they still sleep."
    )
    return _("A message from the watch"), text


def looked_in() -> tuple[str, str]:
    """To kin who were asked, when it is over; however it ended."""
    text = _("You need not look in on the person who named you any more. Thank you.")
    return _("A message from the watch"), text


def done(alarm: Alarm, *, how: str, who: str) -> tuple[str, str]:
    """To everybody who was told, when it has been done."""
    head = _("Done: %(name)s, %(title)s") % {"name": str(alarm), "title": alarm.subject.title}
    return head, _("%(who)s: %(how)s") % {"who": who, "how": _(how)}
