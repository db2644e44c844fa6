"""A concern is opened once, taken up, handed on, and ended by a person, with an outcome.

Its entries are for whoever acted, and for her whom it is about once she knows of it; its messages
name nobody. Rows are locked before they are judged, so that of two who take one up one does.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import private
from homeby.people.rules import Viewer
from homeby.watch.actions.notices import notify_of_hours
from homeby.welfare.models import Concern, ConcernNote, FollowUp, NotShownTo
from homeby.welfare.queries import concerns as queries
from homeby.welfare.rules import concerns as rules
from homeby.welfare.rules.concerns import (
    ConcernState,
    NextStep,
    NoteKind,
    Opening,
    Outcome,
    Span,
)


def open_concern(
    book: Book, opening: Opening, *, tap: Tap | None = None, answer: str = ""
) -> uuid.UUID:
    """Open a concern as part of a book, and have a welfare officer outside the team hear that
    something waits; gives its id. Under a `key` that was opened before it is that one, open or
    ended, and nothing is written. Whoever calls it sees to one call a key at a time."""
    known = Concern.objects.filter(key=opening.key).values_list("pk", flat=True).first()
    if known is not None:
        return known
    is_known = opening.kind in rules.KNOWN_TO_HER
    row = Concern(
        id=uuid.uuid4(),
        key=opening.key,
        person_id=opening.person_id,
        kind=opening.kind,
        team_id=opening.team_id,
        opened_at=book.now,
        opened_by_id=opening.by_id,
        answer_by=opening.answer_by,
        known_at=book.now if is_known else None,
        state=ConcernState.OPEN,
    )
    page = book.entry(
        rules.CONCERN_OPENED,
        subject=rules.ref_of(row.pk),
        person=row.person_id if is_known else None,
        facts={"kind": row.kind},
        tap=tap,
        answer=answer or None,
    )
    page.add(row)
    for key in dict.fromkeys(opening.not_to):
        page.add(NotShownTo(id=uuid.uuid4(), concern_id=row.pk, person_id=key))
    if opening.words:
        note(page, row, NoteKind.SAID, opening.words)
    ring(page, row)
    return row.pk


def note(
    page: Page,
    row: Concern,
    kind: NoteKind,
    words: Mapping[str, str],
    *,
    step: NextStep | None = None,
) -> ConcernNote:
    """Keep what was said or done, sealed under the key of whom it is about, as part of an entry."""
    said = {name: text.strip() for name, text in words.items() if text.strip()}
    found = ConcernNote(
        id=uuid.uuid4(),
        concern_id=row.pk,
        kind=kind,
        at=page.book.now,
        by_id=page.book.by,
        step=step or "",
        sealed=private.seal(row.person_id, said) if said else None,
    )
    page.add(found)
    return found


def ring(
    page: Page, row: Concern, *, to: Collection[uuid.UUID] | None = None, everybody: bool = False
) -> None:
    """Whoever may look after it hears that something waits, and neither whom it is about nor what:
    its owner, or (`everybody`, or nobody has it) every welfare officer outside the team."""
    if to is None and (everybody or row.owner_id is None):
        to = queries.who_may_have(row, now=page.book.now)
    elif to is None:
        assert row.owner_id is not None, "somebody has it"
        to = [row.owner_id]

    def words() -> tuple[str, str]:
        return _("Something waits on the welfare desk"), _("Open the welfare desk to read it.")

    about = rules.ref_of(row.pk)
    heard = [key for key in to if key != page.book.by]
    notify_of_hours(page, heard, words, key=f"{about}/{page.entry.entry_id}", about=about)


def keep_from(page: Page, concern_id: uuid.UUID, people: Collection[uuid.UUID]) -> None:
    """These people do not read it from now on, for they decided what it is about by now; what one
    of them had of it goes to the others, who hear so."""
    row = Concern.objects.select_for_update().get(pk=concern_id)
    known = set(row.not_shown_to.values_list("person_id", flat=True))
    for key in sorted(set(people) - known):
        page.add(NotShownTo(id=uuid.uuid4(), concern_id=row.pk, person_id=key))
    if row.owner_id in people:
        page.change(row, owner_id=None, owned_since=None)
        ring(page, row)
    others = queries.who_may_have(row, now=page.book.now)
    open_ones = FollowUp.objects.select_for_update().filter(concern_id=row.pk, done_at__isnull=True)
    for one in open_ones.filter(owner_id__in=people) if others else ():
        page.change(one, owner_id=others[0], asked_at=None)


def looked_after(concern_id: uuid.UUID, by: Viewer, *, ended: bool = False) -> Concern:
    """The concern, locked, for a welfare officer who may see it. Raises Refused, in the same words
    for one that is not for her and for one that never was."""
    if by.person_id is None or queries.concern(by, concern_id) is None:
        raise Refused(_("There is nothing here that you may open."))
    row = Concern.objects.select_for_update().get(pk=concern_id)
    if not ended and row.state != ConcernState.OPEN:
        raise Refused(_("It has ended. Open it again first."))
    return row


@logbook.once
def take(*, concern_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A welfare officer takes it up: from now on it is hers. Raises Refused."""
    answer = _("It is yours now.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by)
        if row.owner_id == by.person_id:
            raise Refused(_("It is yours already."))
        page = entry(book, rules.CONCERN_TAKEN, row, tap=tap, answer=answer)
        page.change(row, owner_id=by.person_id, owned_since=now)
    return answer


@logbook.once
def hand_on(
    *, concern_id: uuid.UUID, to_id: uuid.UUID | None, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Give it to another welfare officer outside the team, or (`to_id` None) back to all of them;
    whoever has it now hears so. Raises Refused."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by)
        if to_id is not None and to_id not in queries.who_may_have(row, now=now):
            raise Refused(to=_("Choose a welfare officer outside the team."))
        if to_id == by.person_id:
            raise Refused(to=_("That is you: take it up instead."))
        answer = _("Handed on.") if to_id is not None else _("Given back; the others hear so.")
        page = entry(book, rules.CONCERN_HANDED_ON, row, tap=tap, answer=answer)
        page.change(row, owner_id=to_id, owned_since=now if to_id is not None else None)
        ring(page, row)
    return answer


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How it ends, in a code and in words, and when somebody asks again (None: she says no)."""

    outcome: Outcome
    words: str
    next_at: dt.datetime | None


@logbook.once
def end(*, concern_id: uuid.UUID, ending: Ending, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A welfare officer ends it. Raises Refused."""
    if problem := rules.problem_with_words(ending.words):
        raise Refused(words=problem)
    if ending.next_at and (problem := rules.problem_with_next(ending.next_at, now=now)):
        raise Refused(next_at=problem)
    answer = _("Ended. What was done stays; it can be opened again.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by)
        if problem := rules.problem_with_end(ending.outcome, queries.known(row, now=now)):
            raise Refused(outcome=problem)
        page = entry(book, rules.CONCERN_ENDED, row, tap=tap, answer=answer)
        note(page, row, NoteKind.ENDED, {"words": ending.words})
        has_ended(page, row, ending.outcome)
        if ending.next_at is not None:
            follow_up(page, row, due_at=ending.next_at, span=Span.CHOSEN)
        else:
            drop_follow_ups(page, row)
    return answer


def has_ended(page: Page, row: Concern, outcome: Outcome) -> None:
    """It ends by whoever acts."""
    page.change(
        row,
        state=ConcernState.ENDED,
        outcome=outcome,
        ended_at=page.book.now,
        ended_by_id=page.book.by,
    )


def drop_follow_ups(page: Page, row: Concern) -> None:
    """Nobody asks her again, because she says so."""
    for one in FollowUp.objects.select_for_update().filter(concern_id=row.pk, done_at__isnull=True):
        page.change(one, done_at=page.book.now, done_by_id=page.book.by, dropped=True)


def follow_up(page: Page, row: Concern, *, due_at: dt.datetime, span: Span) -> FollowUp:
    """Somebody asks again by then: its owner, or whoever acts."""
    owner = row.owner_id or page.book.by
    assert owner is not None, "a follow-up has an owner"
    found = FollowUp(id=uuid.uuid4(), concern_id=row.pk, due_at=due_at, span=span, owner_id=owner)
    page.add(found)
    return found


def entry(book: Book, kind: str, row: Concern, *, tap: Tap, answer: str) -> Page:
    """An entry about it: she reads it where she knows of it."""
    return book.entry(
        kind,
        subject=rules.ref_of(row.pk),
        person=row.person_id if row.known_at is not None else None,
        tap=tap,
        answer=answer,
    )
