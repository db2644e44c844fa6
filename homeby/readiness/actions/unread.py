"""What somebody was told and has not said she has read is said to her once more, a day later, and
whoever waits for it sees who has not: a duty handed to her to plan, an examination that was moved.

A round is safe to repeat and to interrupt: each word has a key, and is in the outbox once.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.people.texts import Words
from homeby.readiness.models import Duty, Examination
from homeby.readiness.queries import days
from homeby.readiness.queries.duty_planners import unsaid_since
from homeby.readiness.queries.examinations import unread_since
from homeby.readiness.rules import duty_planning, examinations
from homeby.watch.actions.notices import notify_of_hours

log = logging.getLogger("homeby.readiness")

#: So long after it was told it is said once more.
AFTER = dt.timedelta(hours=24)


def remind(*, now: dt.datetime) -> int:
    """Say it once more to everybody who has not said she has read it; gives of how many duties and
    examinations."""
    at = now - AFTER
    due: list[Callable[[], bool]] = [
        *(_of_duty(one, now=now) for one in unsaid_since(at, now=now)),
        *(
            _of_examination(one, keys, now=now)
            for one, keys in unread_since(at, day=days.today(now=now))
        ),
    ]
    done = 0
    for one in due:
        try:
            done += one()
        except Exception:
            log.exception("what was not read could not be said once more; it is tried again")
    return done


def _of_duty(duty: Duty, *, now: dt.datetime) -> Callable[[], bool]:
    assert duty.planned_by_id is not None, "it was handed to somebody"
    assert duty.planner_since_at is not None, "at some time"
    to = [duty.planned_by_id]

    def words() -> Words:
        text = _("Its planning was handed to you. Say on its page that you have it.")
        return _("Do you have it? %s") % duty.what, text

    key = f"duty:{duty.pk}/unsaid/{duty.planner_since_at.isoformat()}"

    def do() -> bool:
        fresh = _fresh(key, to)
        if fresh:
            with logbook.writing(now=now, by=None, device="station") as book:
                page = book.entry(duty_planning.DUTY_PLANNER_REMINDED, subject=duty.ref)
                notify_of_hours(page, fresh, words, key=key, about=duty.ref)
        return bool(fresh)

    return do


def _of_examination(
    row: Examination, keys: list[uuid.UUID], *, now: dt.datetime
) -> Callable[[], bool]:
    ref = f"examination:{row.pk}"
    key = f"{ref}/unread/{row.frame}"

    def do() -> bool:
        fresh = _fresh(key, keys)
        if fresh:
            with logbook.writing(now=now, by=None, device="station") as book:
                kind = examinations.EXAMINATION_REMINDED
                page = book.entry(kind, subject=ref, person=row.person_id)
                _say(page, row, fresh, key=key)
        return bool(fresh)

    return do


def _say(page: Page, row: Examination, fresh: list[uuid.UUID], *, key: str) -> None:
    """To each who has not read it, and to whoever set it: that somebody has not."""

    def to_her() -> Words:
        text = _("Open the page “My path” in Homeby, read day and board, and say that you have.")
        return _("Your examination was moved: read it, please"), text

    def to_board() -> Words:
        text = _("Open the examination desk in Homeby, read day and board, and say that you have.")
        return _("An examination with you was moved: read it, please"), text

    def to_setter() -> Words:
        text = _("Its page on the examination desk names who. Call them, if the day is near.")
        return _("Somebody has not read that an examination was moved"), text

    about, is_hers = f"examination:{row.pk}", row.person_id in fresh
    board = [one for one in fresh if one != row.person_id]
    notify_of_hours(page, [row.person_id] if is_hers else [], to_her, key=key, about=about)
    notify_of_hours(page, board, to_board, key=key, about=about)
    if row.decided_by_id is not None and row.decided_by_id not in fresh:
        setter = [row.decided_by_id]
        notify_of_hours(page, setter, to_setter, key=f"{key}/set", about=about)


def _fresh(key: str, to: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those to whom it was not said once more yet."""
    wanted = list(to)
    known = comms.keys_written(f"{key}/{one}" for one in wanted)
    return [one for one in wanted if f"{key}/{one}" not in known]
