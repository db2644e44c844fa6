"""With whom somebody likes to go: said and taken back in one tap, by herself alone."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import PairWish
from homeby.readiness.queries.pairing import wishable
from homeby.readiness.rules import pairing as rules


@logbook.once
def wish(*, other_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She likes to go with another: whoever plans reads it, the other does not, and it binds
    nobody. Raises Refused."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    if other_id not in dict(wishable(by)):
        raise Refused(other=_("Choose from the list."))
    answer = _("Kept as a wish. Whoever plans reads it, and nobody else.")
    twice = _("You have said so already.")
    with only_one(other=twice), logbook.writing(now=now, by=by.person_id) as book:
        if PairWish.objects.filter(person_id=by.person_id).count() >= rules.WISHES_MOST:
            raise Refused(other=_("At most %d people; take one back first.") % rules.WISHES_MOST)
        page = book.entry(
            rules.PAIR_WISHED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        row = PairWish(id=tap.entry_id, person_id=by.person_id, other_id=other_id, said_at=now)
        page.add(row)
    return answer


@logbook.once
def take_back(*, wish_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She takes it back; nothing of it is left but the entries. Raises Refused."""
    answer = _("Taken back.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = PairWish.objects.select_for_update().filter(pk=wish_id)
        row = rows.filter(person_id=by.person_id).first() if by.person_id is not None else None
        if row is None:
            raise Refused(_("There is no such wish of yours."))
        page = book.entry(
            rules.PAIR_WISH_ENDED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        page.remove(row)
    return answer
