"""What a medic says once she has looked at an injury, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused
from homeby.readiness.rules import injuries as rules
from homeby.readiness.rules import kinds_of_rest as kinds


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a medic found: words, and when somebody looks again; or that it is cleared, or from when
    on it is if nothing is told until then (`clears_at`); and before which instant she is not asked
    all the same."""

    said: str
    again_hours: int | None = None
    clears: bool = False
    clears_at: dt.datetime | None = None
    not_before_at: dt.datetime | None = None


def check_look(look: Look, *, now: dt.datetime) -> None:
    """Refuse what says nothing, or too much, of what follows. Raises Refused."""
    if [look.clears, look.again_hours is not None, look.clears_at is not None].count(True) != 1:
        raise Refused(again_hours=_("Say in how many hours somebody looks again, or clear it."))
    if look.again_hours is not None and not 1 <= look.again_hours <= rules.CHECK_HOURS_MOST:
        raise Refused(
            again_hours=_("From 1 to %d hours.") % rules.CHECK_HOURS_MOST,
        )
    if look.clears_at is not None and (
        problem := rules.problem_with_set_time(look.clears_at, now=now)
    ):
        raise Refused(clears_on=problem)
    if look.not_before_at is not None and look.not_before_at <= now:
        raise Refused(not_before=_("That lies behind us; leave it empty, or give a later day."))


def said_of(look: Look) -> tuple[str, str]:
    """The kind of its entry, and what the medic reads."""
    if look.clears:
        return kinds.INJURY_CLEARED, _("Cleared.")
    if look.clears_at is not None:
        return kinds.INJURY_TIMED, _("Kept. That time clears it, if nothing is told until then.")
    return kinds.INJURY_CHECKED, _("Kept. Somebody looks again.")
