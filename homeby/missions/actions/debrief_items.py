"""What a debrief asks for: data of the organisation, never code. What ends one stands with sites
and gates (`places.end_place`)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.models import DebriefItem
from homeby.people.actions.organisation import require
from homeby.people.rules import Role, Viewer

TEXT_MOST = 200
PLACE_MOST = 999


@logbook.once
def add_item(*, text: str, place: int, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """One thing more is asked for; the row's id is the tap's."""
    require(by, Role.ADMINISTRATOR)
    said = _checked(text, place)
    answer = _("Added: the next debrief asks for it.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.DEBRIEF_ITEM_ADDED,
            subject=f"debrief-item:{tap.entry_id}",
            tap=tap,
            answer=answer,
        )
        page.add(DebriefItem(id=tap.entry_id, text=said, place=place))
    return answer


@logbook.once
def change_item(
    *, item_id: uuid.UUID, text: str, place: int, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Ask for it in other words, or at another place. What was given keeps its own words."""
    require(by, Role.ADMINISTRATOR)
    said, answer = _checked(text, place), _("Saved.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = DebriefItem.objects.select_for_update().filter(pk=item_id).first()
        if row is None:
            raise Refused(_("This is not asked for any more."))
        page = book.entry(
            rules.DEBRIEF_ITEM_CHANGED, subject=f"debrief-item:{item_id}", tap=tap, answer=answer
        )
        page.change(row, text=said, place=place)
    return answer


def _checked(text: str, place: int) -> str:
    problems = {}
    said = " ".join(text.split())
    if not said:
        problems["text"] = _("Write what is asked.")
    elif len(said) > TEXT_MOST:
        problems["text"] = _("Ask it in at most %d characters.") % TEXT_MOST
    if not 1 <= place <= PLACE_MOST:
        problems["place"] = _("A number from 1 to %d; the lowest is asked first.") % PLACE_MOST
    if problems:
        raise Refused(**problems)
    return said
