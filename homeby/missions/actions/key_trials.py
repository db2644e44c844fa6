"""The quarterly trial: a holder opens a test file by her paper or her envelope, in her browser, and
the station writes down that she could; who is due is asked. A loss is noticed before it matters."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions.models.sealed import ArchiveKey, ReaderKey
from homeby.missions.queries import key_trials as queries
from homeby.missions.rules import openings as rules
from homeby.people.rules import Viewer
from homeby.watch.actions.notices import notify_of_hours


@logbook.once
def key_tried(*, public: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """The viewer's own key, or her envelope, has opened a test file, by its public half: whoever
    calls this has judged what was in it. Raises Refused where it is not hers any more."""
    answer = _("It opens. Put the paper back where it was; you are asked again in a quarter.")
    found = next((one for one in queries.own_trials(by) if one.public == public), None)
    if found is None:
        raise Refused(_("This is not a key or an envelope of yours any more. Load the page anew."))
    with logbook.writing(now=now, by=by.person_id) as book:
        is_key = found.envelope is None
        page = book.entry(
            rules.READER_KEY_TRIED if is_key else rules.ENVELOPE_TRIED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            facts={"public": public},
            tap=tap,
            answer=answer,
        )
        if found.envelope is None:
            page.change(ReaderKey.objects.select_for_update().get(public=public), tried_at=now)
        else:
            row = ArchiveKey.objects.select_for_update().get(ended_at__isnull=True)
            tried = list(row.tried)
            tried[found.envelope] = now.isoformat()
            page.change(row, tried=tried)
    return answer


def ask_trials(*, now: dt.datetime) -> int:
    """Ask holders whose key or envelope is due, once each time; says how many."""
    keys, archive, officers = queries.due_and_not_asked(now=now)
    asked = 0
    for key in keys:
        asked += _ask(key, {key.person_id}, now=now)
    if archive is not None and officers:
        asked += _ask(archive, officers, now=now)
    return asked


def _ask(row: ReaderKey | ArchiveKey, to: set[uuid.UUID], *, now: dt.datetime) -> int:
    def words() -> tuple[str, str]:
        return (
            _("Try your paper for sealed debriefs"),
            _(
                "A quarter has passed. Take your paper, or your envelope, and open the test file "
                "under “Sealed debriefs”: it takes two minutes, and shows that it is still there."
            ),
        )

    with logbook.writing(now=now, by=None, device="hourly") as book:
        about = f"key-trial:{row.pk}"
        page = book.entry(rules.TRIAL_ASKED_FOR, subject=about, facts={"public": row.public})
        page.change(row, trial_asked_at=now)
        key = f"{about}/{page.entry.entry_id}"
        notify_of_hours(page, to, words, key=key, about=about)
    return len(to)
