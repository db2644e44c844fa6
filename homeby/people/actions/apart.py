"""Keeping people away from each other: filed by a person or a welfare officer, ended by them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds
from homeby.people.actions.kin_apart import keep_from
from homeby.people.models import Person, StayAway
from homeby.people.queries.apart import visible_stay_aways
from homeby.people.queries.callsigns import called
from homeby.people.queries.unlooked import unlooked
from homeby.people.rules import STATION, Role, Viewer

#: So many a person files for herself; each hides a part of the watch from her, and her from it.
OWN_MOST = 10


@logbook.once
def file_stay_away(
    *, person_id: uuid.UUID, callsign: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """From this commit on the two see nothing of each other. `callsign` names the other by what
    screens call them, for the filer may see them on no list."""
    if by.person_id != person_id and not by.has(Role.WELFARE_OFFICER):
        raise Refused(_("The person herself files it, or a welfare officer."))
    others = [key for key in called(callsign) if key != person_id]
    if len(others) != 1:
        raise Refused(
            callsign=_(
                "Write the callsign of exactly one other person, as lists and messages show it."
            )
        )
    answer = _(
        "Kept. Only welfare officers read this, and neither of you is told anything of the other."
    )
    with logbook.writing(now=now, by=by.person_id) as book:
        Person.objects.select_for_update(no_key=True).get(pk=person_id)  # one filing at a time
        pair = {"person_id": person_id, "other_id": others[0], "ended_at": None}
        if visible_stay_aways(by).filter(**pair).exists():
            raise Refused(callsign=_("This is kept already."))
        if StayAway.objects.filter(**pair).exists():
            return answer  # that it is kept is no business of whoever may not see it
        if by.person_id == person_id and _holds(person_id) >= OWN_MOST:
            raise Refused(
                callsign=_(
                    "%d people are kept away from you already. For more, speak with a welfare "
                    "officer, who files it with you."
                )
                % OWN_MOST
            )
        page = book.entry(
            kinds.STAY_AWAY_FILED,
            subject=f"stay-away:{tap.entry_id}",
            person=person_id,
            tap=tap,
            answer=answer,
        )
        page.add(
            StayAway(
                id=tap.entry_id,
                person_id=person_id,
                other_id=others[0],
                filed_by_id=by.person_id,
                filed_at=now,
            )
        )
        keep_from(page, person_id, now=now)
    return answer


def _holds(person_id: uuid.UUID) -> int:
    return StayAway.objects.filter(person_id=person_id, ended_at__isnull=True).count()


@logbook.once
def end_stay_away(*, stay_away_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """It holds no more: said by whoever it was filed for, or by a welfare officer."""
    answer = _("Ended.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = visible_stay_aways(by).select_for_update(of=("self",))
        row = rows.filter(pk=stay_away_id, ended_at__isnull=True).first()
        if row is None:
            raise Refused(_("It has ended already."))
        page = book.entry(
            kinds.STAY_AWAY_ENDED,
            subject=f"stay-away:{row.pk}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, ended_at=now)
        keep_from(page, row.person_id, now=now)
    return answer


def look_through(*, now: dt.datetime) -> int:
    """Which kin of those for whose sake somebody is kept away are told, looked at once for each:
    it may have been filed before kin were compared. Says how many were looked at."""
    done = 0
    for person_id in unlooked(STATION):
        with logbook.writing(now=now, by=None, device="station") as book:
            Person.objects.select_for_update(no_key=True).get(pk=person_id)
            page = book.entry(
                kinds.KIN_LOOKED_THROUGH, subject=f"person:{person_id}", person=person_id
            )
            keep_from(page, person_id, may_free=False, now=now)
        done += 1
    return done
