"""The planning of a duty passes to another organiser: she takes it over, or it is handed to her and
she says that she has it. Whoever had it hears of it; who planned it first stays in its history."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.people.texts import Words
from homeby.readiness.actions.duty_acts import at_duty
from homeby.readiness.actions.duty_starts import planned_by
from homeby.readiness.actions.duty_words import time_said
from homeby.readiness.models import Duty, DutyPerson
from homeby.readiness.queries.duty_access import ON
from homeby.readiness.queries.duty_planners import plans
from homeby.readiness.rules import duty_planning as rules
from homeby.watch.actions.notices import notify_of_hours


@logbook.once
def take_over(*, duty_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """An organiser who may plan it plans this duty from now on, whoever did before. Raises
    Refused."""
    answer = _("You plan it from now on. Whoever did before is told.")
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        if by.person_id is None or duty.planned_by_id == by.person_id:
            raise Refused(_("You plan it already."))
        _still_to_come(duty, now)
        page = book.entry(
            rules.DUTY_PLANNER_CHANGED,
            subject=duty.ref,
            person=by.person_id,
            facts={"before": duty.planned_by_id},
            tap=tap,
            answer=answer,
        )
        _passes(page, duty, by.person_id, is_said=True)
    return answer


@logbook.once
def hand_over(
    *, duty_id: uuid.UUID, to_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Hand the planning of a duty, one's own or that of somebody who is away, to another organiser,
    who says that she has it. Raises Refused."""
    answer = _("Handed over. She is told, and says here that she has it.")
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        _still_to_come(duty, now)
        if to_id == duty.planned_by_id:
            raise Refused(planner=_("She plans it already."))
        if to_id == by.person_id:
            raise Refused(planner=_("To take it over yourself, use the button for it."))
        if to_id in by.apart or not plans(to_id, duty, now=now):
            raise Refused(planner=_("Choose somebody who plans duties of these people."))
        page = book.entry(
            rules.DUTY_PLANNER_CHANGED,
            subject=duty.ref,
            person=to_id,
            facts={"before": duty.planned_by_id},
            tap=tap,
            answer=answer,
        )
        _passes(page, duty, to_id, is_said=False)
        _tell(page, duty, to_id, _handed, "planner-now")
    return answer


@logbook.once
def say_have_it(*, duty_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Whoever was handed the planning of a duty says that she has it. Raises Refused."""
    answer = _("Kept: you have it.")
    with at_duty(duty_id, by, now, plans=True) as (book, duty):
        if duty.planned_by_id != by.person_id or duty.planner_since_at is None:
            raise Refused(_("It was not handed to you."))
        if duty.planner_said_at is not None:
            raise Refused(_("You have said so already."))
        page = book.entry(
            rules.DUTY_PLANNER_CONFIRMED,
            subject=duty.ref,
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(duty, planner_said_at=now)
    return answer


def _still_to_come(duty: Duty, now: dt.datetime) -> None:
    if duty.ends_at <= now:
        raise Refused(_("It is over: there is nothing left to plan."))


def _passes(page: Page, duty: Duty, to: uuid.UUID, *, is_said: bool) -> None:
    """She plans it from now on; a shift that nobody begins is hers to look into."""
    before, now = duty.planned_by_id, page.book.now
    page.change(
        duty, planned_by_id=to, planner_since_at=now, planner_said_at=now if is_said else None
    )
    for row in DutyPerson.objects.filter(ON, duty=duty):
        planned_by(page, row, to)
    if before is not None and before not in (page.book.by, to):
        _tell(page, duty, before, _taken, "planner-before")


def _tell(
    page: Page, duty: Duty, to: uuid.UUID, words: Callable[[str, str], Words], tail: str
) -> None:
    def said() -> Words:
        when = time_said(duty, (duty.starts_at, duty.ends_at), page.book.now)
        return words(duty.what, when)

    key = f"duty:{page.entry.entry_id}/{duty.pk}/{tail}"
    notify_of_hours(page, [to], said, key=key, about=duty.ref)


def _handed(what: str, when: str) -> Words:
    return (
        _("You plan it now: %s") % what,
        _("%s: the planning was handed to you. Say on its page that you have it.") % when,
    )


def _taken(what: str, when: str) -> Words:
    return (
        _("Another plans it now: %s") % what,
        _("%s: you need do nothing more for it. Its page says who plans it.") % when,
    )
