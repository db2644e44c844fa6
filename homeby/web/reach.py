"""Whether an alarm would reach anybody: said to whoever keeps the watch, and to who goes out."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from homeby.watch.actions.recipients import Hears, who_hears

#: For the bar on the pages of whoever keeps the watch.
TO_WATCHERS: dict[Hears, str | Promise] = {
    Hears.NOBODY: _(
        "No duty officer, leader or administrator has a verified contact point: an alarm would "
        "reach nobody. Add one on your page, and type the code that is sent to it."
    ),
    Hears.OTHERS: _(
        "Whoever holds the watch now has no verified contact point: an alarm goes past them, to "
        "the next who can be reached."
    ),
}

#: For the promise made to whoever goes out.
TO_PARTY: dict[Hears, str | Promise] = {
    Hears.NOBODY: _(
        "As things stand no message would reach them: no duty officer, leader or administrator has "
        "a verified contact point. Speak with somebody before you go."
    ),
    Hears.OTHERS: _("Whoever holds the watch cannot be reached now; the next who can be is told."),
}


def said_to_watchers(*, now: dt.datetime) -> str:
    """What stands in the bar, "" while somebody who holds the watch can be reached."""
    return str(TO_WATCHERS.get(who_hears(now=now), ""))


def said_to_party(*, now: dt.datetime) -> str:
    """What the promise adds, "" while it can be kept."""
    return str(TO_PARTY.get(who_hears(now=now), ""))
