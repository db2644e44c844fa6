"""A set time clears an injury: a medic set it, and nothing was told of it until then (`STORY.md`
47). What somebody does to herself clears nothing, and sets no time."""

from __future__ import annotations

import datetime as dt
import logging
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.people.texts import Words
from homeby.readiness.actions.injuries import cleared
from homeby.readiness.models import Injury
from homeby.readiness.queries.injuries import times_passed
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.injuries import InjuryState
from homeby.watch.actions.notices import notify_of_hours

log = logging.getLogger("homeby.readiness")


def clear_due(*, now: dt.datetime) -> int:
    """Clear what a set time clears; gives how many. Safe to repeat and to interrupt."""
    done = 0
    for key in times_passed(now=now):
        try:
            done += _clear(key, now=now)
        except Exception:
            log.exception("an injury could not be cleared by its time; it is tried again")
    return done


def _clear(key: uuid.UUID, *, now: dt.datetime) -> bool:
    with logbook.writing(now=now, by=None, device="station") as book:
        rows = Injury.objects.select_for_update().filter(pk=key, state=InjuryState.OPEN)
        row = rows.filter(clears_at__lte=now).first()  # something may have been told meanwhile
        if row is None or row.clears_by_id is None:
            return False
        ref = f"person:{row.person_id}"
        page = book.entry(kinds.INJURY_TIME_CLEARED, subject=ref, person=row.person_id)
        cleared(page, row, by=row.clears_by_id, not_before_at=row.not_before_at)

        def words() -> Words:
            text = _("The time that was set has passed. If you are not well, say so under My rest.")
            return _("You may go on duty again"), text

        key_of = f"set-time:{page.entry.entry_id}"
        notify_of_hours(page, [row.person_id], words, key=key_of, about=ref)
    return True
