"""A welfare check is made: call her, then whom she named, then go. Who found her says how she was,
and by that the watch knows. It is care: nothing here counts against her."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.actions.kept import note_opened
from homeby.people.rules import Purpose, Viewer
from homeby.people.rules_private import Kept
from homeby.readiness.actions.injuries import Told, opened
from homeby.readiness.rules.injuries import ToldAs
from homeby.watch.actions.acts import act_done
from homeby.welfare.actions.check_starts import opened_check
from homeby.welfare.actions.concerns import follow_up, has_ended, note, ring
from homeby.welfare.models import Concern, WelfareCheck
from homeby.welfare.queries import checks as queries
from homeby.welfare.queries.checks import CheckFacts
from homeby.welfare.queries.concerns import officers_outside
from homeby.welfare.rules import checks as rules
from homeby.welfare.rules import concerns as kinds
from homeby.welfare.rules.checks import Found
from homeby.welfare.rules.concerns import HowFound, NoteKind, Span


@logbook.once
def make_step(
    *, seat_id: uuid.UUID, step: NoteKind, words: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Somebody called her, called whom she named, or went, and says what came of it."""
    if step not in rules.STEPS:
        raise Refused(_("Choose one of those that are shown."))
    if problem := kinds.problem_with_words(words, needed=False):
        raise Refused(words=problem)
    answer = _("Kept. Go on to the next step until somebody has found her.")
    with logbook.writing(now=now, by=by.person_id) as book:
        facts, row = _open(book, seat_id, by)
        page = _page(book, kinds.WELFARE_CHECK_STEP, row, facts, tap=tap, answer=answer)
        note(page, row.concern, step, {"words": words})
    return answer


@logbook.once
def open_where(*, seat_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Write down that whoever took the check opens where she would be, where she lives, how she and
    those she named are reached; the page then shows it, and she reads in the logbook who did."""
    answer = _("Opened; she sees in the logbook that you did.")
    with logbook.writing(now=now, by=by.person_id) as book:
        facts, row = _open(book, seat_id, by)
        if not queries.may_open(by, facts):
            raise Refused(_("Take the alarm first: whoever looks for her opens this."))
        page = _page(book, kinds.WHERE_OPENED, row, facts, tap=tap, answer=answer)
        note_opened(page, kept=[Kept.HOME, Kept.WHERE], purpose=Purpose.WELFARE_CHECK)
    return answer


@logbook.once
def find(*, seat_id: uuid.UUID, found: Found, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She was found: the watch hears so, a medic where she is hurt, and the concern ends with its
    outcome; somebody asks again, unless she says no. Raises Refused."""
    if problems := rules.problems_with(found, now=now):
        raise Refused(**problems)
    answer = _("Kept. Everybody who was told hears that she was found.")
    with logbook.writing(now=now, by=by.person_id) as book:
        facts, row = _open(book, seat_id, by)
        assert by.person_id is not None, "somebody found her"
        page = _page(book, kinds.WELFARE_CHECK_FOUND, row, facts, tap=tap, answer=answer)
        page.change(row, found_at=found.at, found_by_id=by.person_id, how=found.how)
        said = {"at": found.at.isoformat(), "where": found.where, "agreed": found.agreed}
        note(page, row.concern, NoteKind.FOUND, said | {"how": found.how})
        _end(page, row.concern, found, by=by.person_id)
        if found.how is HowFound.HURT:
            hurt = Told(
                person_id=facts.person_id,
                facts={},
                told_as=ToldAs.COLLEAGUE,
                by_id=by.person_id,
            )
            opened(page, hurt)
        act_done(book, rules.ref_of(seat_id), by=by.person_id, how=gettext_noop("She was found."))
    return answer


def _end(page: Page, concern: Concern, found: Found, *, by: uuid.UUID) -> None:
    now = page.book.now
    has_ended(page, concern, found.outcome)
    if found.next_at is None:
        return
    outside = officers_outside(concern.person_id, concern.team_id, now=now)
    if concern.owner_id is None and outside:
        owner = by if by in outside else outside[0]
        page.change(concern, owner_id=owner, owned_since=now)
        ring(page, concern)
    follow_up(page, concern, due_at=found.next_at, span=Span.CHOSEN)


def _open(book: Book, seat_id: uuid.UUID, by: Viewer) -> tuple[CheckFacts, WelfareCheck]:
    """The check, open, and its row, locked; opened by this where the hourly round was not there
    yet. Raises Refused."""
    if by.person_id is None or (facts := queries.check(by, seat_id)) is None:
        raise Refused(_("There is nothing here that you may open."))
    if facts.is_open:
        row = opened_check(book, seat_id, facts.alarm.subject)
        if row.found_at is None:
            return facts, row
    raise Refused(_("This check is over: it is known where she is."))


def _page(
    book: Book, kind: str, row: WelfareCheck, facts: CheckFacts, *, tap: Tap, answer: str
) -> Page:
    return book.entry(
        kind,
        subject=kinds.ref_of(row.concern_id),
        person=facts.person_id,
        tap=tap,
        answer=answer,
    )
