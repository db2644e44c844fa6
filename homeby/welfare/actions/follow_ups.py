"""Somebody asks again, after weeks, months and a year (`STORY.md` 108): each follow-up has an owner
and a day, and passes on where nobody does it. What waits for an answer is asked for, too."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from functools import partial

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.welfare.actions.concerns import entry, follow_up, looked_after, note, ring
from homeby.welfare.models import Concern, FollowUp
from homeby.welfare.queries.concerns import follow_ups_due, unanswered
from homeby.welfare.rules import concerns as rules
from homeby.welfare.rules.concerns import NoteKind, Span

log = logging.getLogger(__name__)


def ask_due(*, now: dt.datetime) -> int:
    """Have the owners of follow-ups that are due hear so, once, and the other officers a day later;
    and whoever may answer, of a word that nobody answered in time. Says how many were asked."""
    count = 0
    asked = [
        *(partial(_ask_owner, one, now=now) for one in follow_ups_due(now=now)),
        *(partial(_ask_anew, one, now=now) for one in unanswered(now=now)),
    ]
    for ask in asked:
        try:
            ask()
        except Exception:  # the others are asked for all the same
            log.exception("a concern could not be asked for; it is tried again in an hour")
        else:
            count += 1
    return count


def _ask_owner(row: FollowUp, *, now: dt.datetime) -> None:
    is_first = row.asked_at is None
    with logbook.writing(now=now, by=None, device="hourly") as book:
        page = book.entry(rules.FOLLOW_UP_ASKED, subject=rules.ref_of(row.concern_id))
        page.change(row, **{"asked_at" if is_first else "passed_on_at": now})
        ring(page, row.concern, to=[row.owner_id] if is_first else None, everybody=True)


def _ask_anew(row: Concern, *, now: dt.datetime) -> None:
    with logbook.writing(now=now, by=None, device="hourly") as book:
        page = book.entry(rules.FOLLOW_UP_ASKED, subject=rules.ref_of(row.pk))
        page.change(row, asked_again_at=now)
        ring(page, row, everybody=True)


@logbook.once
def set_follow_up(
    *, concern_id: uuid.UUID, due_at: dt.datetime, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Somebody asks again by that day. Raises Refused."""
    if not now < due_at <= now + rules.FOLLOW_UP_MOST:
        raise Refused(due=_("Choose a day within the next two years."))
    answer = _("Kept. Whoever has it hears of it on that day.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by, ended=True)
        page = entry(book, rules.FOLLOW_UP_SET, row, tap=tap, answer=answer)
        follow_up(page, row, due_at=due_at, span=Span.CHOSEN)
    return answer


@logbook.once
def do_follow_up(
    *,
    follow_up_id: uuid.UUID,
    words: str,
    she_says_no: bool,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Somebody asked again, and says how it is; the next one comes after months, then after a year,
    unless she says no. Raises Refused."""
    if problem := rules.problem_with_words(words, needed=not she_says_no):
        raise Refused(words=problem)
    with logbook.writing(now=now, by=by.person_id) as book:
        found = FollowUp.objects.select_for_update().filter(pk=follow_up_id).first()
        if found is None:
            raise Refused(_("There is nothing here that you may open."))
        row: Concern = looked_after(found.concern_id, by, ended=True)
        if found.done_at is not None:
            raise Refused(_("Somebody has done it already."))
        after = rules.next_span(Span(found.span)) if not she_says_no else None
        answer = _("Kept. Somebody asks again later.") if after else _("Kept. Nobody asks again.")
        page = entry(book, rules.FOLLOW_UP_DONE, row, tap=tap, answer=answer)
        page.change(found, done_at=now, done_by_id=by.person_id, dropped=she_says_no)
        note(page, row, NoteKind.FOLLOWED_UP, {"words": words})
        if after is not None:
            follow_up(page, row, due_at=now + rules.AFTER[after], span=after)
    return answer
