"""A duty that begins without her makes somebody look (`STORY.md` 98): an act that the watch waits
for from the moment she is put on the duty, so that no process of ours need be there in time."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.readiness.queries.duty_access import is_excused_by
from homeby.watch.actions.acts import (
    LONGEST,
    ActDue,
    act_done,
    await_act,
    drop_act,
    name_responsible,
)
from homeby.welfare.actions.concerns import open_concern
from homeby.welfare.models import Concern, OwnGrace, WelfareCheck
from homeby.welfare.queries import checks as queries
from homeby.welfare.queries.concerns import officers_outside
from homeby.welfare.rules import checks as rules
from homeby.welfare.rules import concerns as kinds
from homeby.welfare.rules.concerns import ConcernKind, Opening

log = logging.getLogger(__name__)

WANTED = gettext_noop(
    "%(who)s was not there when a shift began: call her, then whom she named, then go."
)


def await_check(page: Page, duty: Any, row: Any) -> None:
    """Wait, from her grace after the start, for somebody to look for her: welfare officers outside
    the team at once, and whoever holds the watch where none of them takes it; who they are by then
    is settled before it rings (`settle_officers`). Once the duty has begun, another time of it that
    others choose moves nothing."""
    person_id, now = row.person_id, page.book.now
    is_moved_by_others = page.book.by != person_id and queries.has_begun(row.pk, now=now)
    if is_moved_by_others or queries.missed(row.pk) is not None:
        return
    minutes = queries.grace_of(person_id)
    act = ActDue(
        ref=rules.ref_of(row.pk),
        person_id=person_id,
        title=people.names([person_id]).get(person_id, "?"),
        wanted=WANTED,
        due_at=min(duty.starts_at + dt.timedelta(minutes=minutes), now + LONGEST),
        responsible=_who_looks(person_id, duty.team_id, now=now),
        zone=duty.zone,
        grace=rules.PASSED_ON_AFTER,
        is_gentle=True,
        team_id=duty.team_id,
    )
    await_act(page, act, by=page.book.by or person_id, why=_("The shift has another time."))


def check_over(page: Page, seat_id: uuid.UUID, is_known: bool) -> None:
    """Nobody looks for her: she came or was excused (`is_known`), or is not on the duty any more.
    Only a person says so. Once it has begun, whoever plans does not end it by taking her off: she
    speaks herself, or somebody else says why; once she is missed, somebody finds her."""
    by, ref = page.book.by, rules.ref_of(seat_id)
    if by is None:
        return
    if is_known:
        act_done(page.book, ref, by=by, how=gettext_noop("It is known where she is."))
    elif (alarm := queries.missed(seat_id)) is None:
        if is_excused_by(seat_id, by) or not queries.has_begun(seat_id, now=page.book.now):
            drop_act(page, ref, by=by, why=_("She is no longer on this shift."))
    elif str(by) in alarm.subject.party:
        act_done(page.book, ref, by=by, how=gettext_noop("She has said so herself."))


def opened_check(book: Book, seat_id: uuid.UUID, subject: Any) -> WelfareCheck:
    """The check of a missed duty, with the concern behind it; opened once."""
    found = WelfareCheck.objects.select_for_update().filter(seat_id=seat_id).first()
    if found is not None:
        return found
    person_id = uuid.UUID(subject.party[0])
    opening = Opening(
        person_id=person_id,
        kind=ConcernKind.MISSED_DUTY,
        key=rules.ref_of(seat_id),
        team_id=subject.team_id,
    )
    concern = Concern.objects.get(pk=open_concern(book, opening))
    found = WelfareCheck(
        id=uuid.uuid4(),
        concern_id=concern.pk,
        seat_id=seat_id,
        began_at=subject.due_at,
    )
    page = book.entry(
        kinds.WELFARE_CHECK_OPENED, subject=kinds.ref_of(concern.pk), person=person_id
    )
    page.add(found)
    return found


def _who_looks(
    person_id: uuid.UUID, team_id: uuid.UUID | None, *, now: dt.datetime
) -> list[Role | uuid.UUID]:
    officers = officers_outside(person_id, team_id, now=now)
    return [*officers] or [Role.DUTY_OFFICER]


def settle_officers(*, now: dt.datetime) -> int:
    """Before a missed duty rings, and while it does, the watch knows who is a welfare officer
    outside the team by then, whoever was when she was put on it; says of how many it was others."""
    count = 0
    for subject in queries.soon_or_open(now=now):
        if not subject.party:
            continue
        wanted = _who_looks(uuid.UUID(subject.party[0]), subject.team_id, now=now)
        if sorted(subject.responsible) == sorted(map(str, wanted)):
            continue
        with logbook.writing(now=now, by=None, device="hourly") as book:
            page = book.entry(kinds.WELFARE_CHECK_SETTLED, subject=subject.ref)
            name_responsible(page, subject.ref, wanted)
        count += 1
    return count


def open_missed(*, now: dt.datetime) -> int:
    """Open the check, and the concern behind it, of each missed duty of which an alarm tells; says
    how many. Whoever acts on an alarm before opens it by that."""
    count = 0
    for alarm in queries.without_check():
        try:
            with logbook.writing(now=now, by=None, device="hourly") as book:
                opened_check(book, rules.seat_of(alarm.subject.ref), alarm.subject)
        except Exception:  # the others are opened all the same
            log.exception("a welfare check could not be opened; it is tried again in an hour")
        else:
            count += 1
    return count


@logbook.once
def set_grace(*, minutes: int | None, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """After how many minutes she wants to be looked for from the next duty on (None: as everybody).
    Raises Refused."""
    if minutes is not None and not 0 <= minutes <= rules.GRACE_MOST:
        raise Refused(minutes=_("From 0 to %d minutes.") % rules.GRACE_MOST)
    if by.person_id is None:
        raise Refused(_("There is nothing here that you may open."))
    answer = _("Kept. It counts for the duties that you are put on from now on.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = OwnGrace.objects.select_for_update().filter(person_id=by.person_id).first()
        page = book.entry(
            kinds.OWN_GRACE_SET,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        if row is not None and minutes is None:
            page.remove(row)
        elif row is not None:
            page.change(row, minutes=minutes)
        elif minutes is not None:
            page.add(OwnGrace(id=uuid.uuid4(), person_id=by.person_id, minutes=minutes))
    return answer
