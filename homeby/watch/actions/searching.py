"""Opening what somebody keeps for a bad day, while she is searched for: home, health, and where she
would be (`STORY.md` 100). Written down first, told to her, and only while an alarm about her is in
ALERT or DISTRESS."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds
from homeby.people.actions.kept import note_opened
from homeby.people.rules import Purpose, Viewer
from homeby.people.rules_private import Kept
from homeby.people.texts import Words, named
from homeby.watch import queries
from homeby.watch.actions.notices import notify_at_once
from homeby.watch.models import Alarm
from homeby.watch.queries.searching import may_search
from homeby.watch.rules import AlarmKind


@logbook.once
def open_for_search(
    *, alarm_id: uuid.UUID, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Write down that a duty officer opens what one of the missing keeps with us; the page then
    shows it. She is told, but for a silent alarm: whoever forces her may hold her phone. Raises
    Refused where no search for her is open."""
    answer = _("Opened; she is told that you did.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = Alarm.objects.select_for_update(of=("self",)).select_related("subject")
        alarm = rows.filter(pk__in=queries.visible_alarms(by), pk=alarm_id).first()
        if alarm is None or not may_search(by, alarm, now=now):
            raise Refused(
                _(
                    "A duty officer opens this, and only while an alarm about her is open in ALERT "
                    "or DISTRESS."
                )
            )
        if str(person_id) not in alarm.subject.party:
            raise Refused(_("This alarm is not about that person."))
        is_silent = alarm.kind == AlarmKind.DURESS
        if is_silent:
            answer = _("Opened; she is not told, for whoever forces her may hold her phone.")
        page = book.entry(
            kinds.PRIVATE_OPENED,
            subject=alarm.subject.ref if is_silent else f"person:{person_id}",
            person=person_id,
            facts={"alarm": str(alarm)},
            tap=tap,
            answer=answer,
        )
        note_opened(page, kept=list(Kept), purpose=Purpose.SEARCH_BRIEF)
        if not is_silent:
            _tell_her(page, person_id, alarm, by)
    return answer


def _tell_her(page: logbook.Page, person_id: uuid.UUID, alarm: Alarm, by: Viewer) -> None:
    def words(names: Mapping[uuid.UUID, str]) -> Words:
        text = _(
            "%(who)s opened what you keep with us for a bad day (home, health, where you would "
            "be), because of alarm %(alarm)s. It stands in the logbook."
        )
        said = text % {"who": named(by, names), "alarm": alarm}
        return _("What you wrote down was opened to find you"), said

    key = f"opened:{page.entry.entry_id}"
    about, naming = f"person:{person_id}", [by.person_id]
    notify_at_once(page, [person_id], words, naming=naming, key=key, about=about)
