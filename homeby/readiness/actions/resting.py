"""What somebody says of her own rest, each in one tap: how long she slept, that she is well; and
the word by which another breaks it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.actions import injuries
from homeby.readiness.actions.breaking_rest import Given, break_rest
from homeby.readiness.models import Injury, SleepTold
from homeby.readiness.queries.rest import RELEASERS, for_planners
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.injuries import InjuryState
from homeby.readiness.rules.protection import Override, problem_with_override
from homeby.watch.actions import acts

#: What one tap may say; 0 is "not yet", and then for so long she was awake at least.
HOURS = (0, 3, 6, 8)
AWAKE_FOR = dt.timedelta(hours=8)


@logbook.once
def say_slept(*, hours: int, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Slept since? About so many hours until now, or not yet (0). Where she is hurt, the first
    sleep brings the next look."""
    if by.person_id is None or hours not in HOURS:
        raise Refused(_("Choose one of the four."))
    answer = _("Kept. Only you see it.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.SLEEP_TOLD,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        length = dt.timedelta(hours=hours) if hours else AWAKE_FOR
        page.add(
            SleepTold(
                id=uuid.uuid4(),
                person_id=by.person_id,
                from_at=now - length,
                to_at=now,
                slept=bool(hours),
                told_at=now,
            )
        )
        open_ones = Injury.objects.filter(person_id=by.person_id, state=InjuryState.OPEN)
        open_ones = open_ones.filter(clears_at__isnull=True)  # what a time clears waits for no look
        open_ones = open_ones.select_for_update().order_by("told_at", "pk")  # a medic may clear it
        for row in open_ones if hours else ():
            if row.check_at is not None and row.check_at > now + injuries.AFTER_SLEEP:
                page.change(row, check_at=now + injuries.AFTER_SLEEP)
                injuries.await_look(page, row, by=by.person_id)
    return answer


@logbook.once
def say_awake(*, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She is awake and well: nobody is asked to look for that any more."""
    if by.person_id is None:
        raise Refused(_("Log in first, or say it at the gate."))
    answer = _("Good to hear.")
    with logbook.writing(now=now, by=by.person_id) as book:
        book.entry(
            kinds.AWAKE_SAID,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        said = _("They said that they are well.")
        acts.act_done(book, injuries.wake_ref(by.person_id), by=by.person_id, how=said)
    return answer


@logbook.once
def override(*, person_id: uuid.UUID, reason: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A leader or duty officer takes it on, by name and with a reason, that what speaks against
    somebody's duty counts no more. She hears of it, and it stands in her history."""
    if by.person_id is None or not by.has_somewhere(*RELEASERS):
        raise Refused(_("Only a leader or a duty officer does this."))
    found = for_planners(by, [person_id], now=now).get(person_id)
    if found is None or not people.visible_people(by).filter(pk=person_id).exists():
        raise Refused(_("There is no such person here."))
    if not found.sentences:
        raise Refused(_("Nothing speaks against it."))
    word = Override(by=by.person_id, reason=reason)
    if problem := problem_with_override(word, person_id=person_id):
        raise Refused(reason=problem)
    answer = _("Kept, with your name and your reason.")
    with logbook.writing(now=now, by=by.person_id) as book:
        given = Given(reason=reason.strip(), lifts=found.held_by)
        break_rest(book, person_id, by=by, word=given, tap=tap, answer=answer)
    return answer
