"""What is done about a concern, step by step. She is asked first; whatever brings her together with
the team is begun by her alone; an organiser is asked with her consent (`DESIGN.md` 6)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.own_times import take_leave
from homeby.watch.actions.notices import notify_of_hours
from homeby.welfare.actions.concerns import (
    drop_follow_ups,
    entry,
    has_ended,
    looked_after,
    note,
    ring,
)
from homeby.welfare.models import Concern
from homeby.welfare.queries import concerns as queries
from homeby.welfare.rules import concerns as rules
from homeby.welfare.rules.concerns import ConcernState, NextStep, NoteKind, Outcome

#: What an officer may write, and what she may whom it is about.
OFFICERS = (
    NoteKind.ASKED,
    NoteKind.ANSWER,
    NoteKind.STEP,
    NoteKind.TEAM,
    NoteKind.ORGANISER_ASKED,
    NoteKind.ORGANISER_SAID,
    NoteKind.NOTE,
)


@dataclass(frozen=True, kw_only=True)
class Writing:
    """What is written: of which kind, the words, and which step it is."""

    kind: NoteKind
    words: str
    step: NextStep | None = None


@logbook.once
def write(
    *, concern_id: uuid.UUID, writing: Writing, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A welfare officer asks her, answers whoever spoke, writes down a step, what the organiser
    says, or a note for officers. Whoever is asked or answered hears so. Raises Refused."""
    if writing.kind not in OFFICERS:
        raise Refused(kind=_("Choose one of those that are shown."))
    if problem := rules.problem_with_words(writing.words):
        raise Refused(words=problem)
    answer = _("Kept, sealed.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by)
        if problem := rules.problem_with_note(
            writing.kind, writing.step, queries.known(row, now=now)
        ):
            raise Refused(kind=problem)
        changes = _changes(row, writing.kind, by=by, now=now)
        row.known_at = changes.get("known_at", row.known_at)  # what she is asked she reads
        page = entry(book, rules.CONCERN_NOTED, row, tap=tap, answer=answer)
        if changes:
            page.change(row, **changes)
        note(page, row, writing.kind, {"words": writing.words}, step=writing.step)
        if writing.kind is NoteKind.ASKED:
            _tell(page, row, row.person_id)
        elif writing.kind is NoteKind.ANSWER and row.opened_by_id is not None:
            _tell(page, row, row.opened_by_id)
    return answer


def _changes(row: Concern, kind: NoteKind, *, by: Viewer, now: dt.datetime) -> dict[str, Any]:
    """What becomes of the concern by what is written: whoever writes first has it."""
    found: dict[str, Any] = {}
    if kind is NoteKind.ASKED and row.known_at is None:
        found["known_at"] = now
    if kind is NoteKind.ANSWER and row.answered_at is None:
        found["answered_at"] = now
    if row.owner_id is None:
        found |= {"owner_id": by.person_id, "owned_since": now}
    return found


def _tell(page: Page, row: Concern, person_id: uuid.UUID) -> None:
    def words() -> tuple[str, str]:
        return _("Somebody wrote to you"), _("Open Help and care in Homeby to read it.")

    about = rules.ref_of(row.pk)
    notify_of_hours(page, [person_id], words, key=f"{about}/{page.entry.entry_id}", about=about)


@dataclass(frozen=True, kw_only=True)
class Said:
    """What she says: words, whether others may be asked, and a step that she chooses; from when
    until when she takes leave, where that is the step."""

    words: str
    may_ask: bool = False
    step: NextStep | None = None
    leave: tuple[dt.datetime, dt.datetime] | None = None


@logbook.once
def say(*, concern_id: uuid.UUID, said: Said, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She whom it is about says what she thinks of it, whether others may be asked, which step she
    wants. A consent that was given is taken back the same way. Leave begins with it: it stands in
    her calendar. Raises Refused."""
    if problem := rules.problem_with_words(said.words, needed=said.step is None):
        raise Refused(words=problem)
    takes_leave = said.step is NextStep.LEAVE
    if takes_leave and said.leave is None:
        raise Refused(leave_from=_("Say from which day until which you want leave."))
    answer = _("Kept, sealed. Whoever looks after it hears so.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _hers(concern_id, by)
        page = entry(book, rules.CONCERN_NOTED, row, tap=tap, answer=answer)
        if said.may_ask is not (row.may_ask_at is not None):
            page.change(row, may_ask_at=now if said.may_ask else None)
        kind = NoteKind.STEP if said.step is not None else NoteKind.HER_WORD
        note(page, row, kind, {"words": said.words}, step=said.step)
        ring(page, row)
        if takes_leave and said.leave is not None:
            take_leave(book, said.leave)
    return answer


@logbook.once
def leave_it(*, concern_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She asks to leave it: it ends by her own word. Raises Refused."""
    answer = _("Ended, because you say so. You may speak again at any time.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _hers(concern_id, by)
        page = entry(book, rules.CONCERN_ENDED, row, tap=tap, answer=answer)
        has_ended(page, row, Outcome.LEFT_TO_HER)
        drop_follow_ups(page, row)
        ring(page, row)
    return answer


@logbook.once
def open_again(*, concern_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A welfare officer opens it again. Raises Refused."""
    answer = _("Open again.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by, ended=True)
        if row.state == ConcernState.OPEN:
            raise Refused(_("It is open already."))
        page = entry(book, rules.CONCERN_REOPENED, row, tap=tap, answer=answer)
        page.change(row, state=ConcernState.OPEN, outcome="", ended_at=None, ended_by_id=None)
    return answer


def _hers(concern_id: uuid.UUID, by: Viewer) -> Concern:
    """The concern about the viewer, locked and open. Raises Refused."""
    found = queries.own(by, concern_id)
    if found is None or found.person_id != by.person_id or found.known_at is None:
        raise Refused(_("There is nothing here that you may open."))
    row = Concern.objects.select_for_update().get(pk=concern_id)
    if row.state != ConcernState.OPEN:
        raise Refused(_("It has ended. Speak again through the door."))
    return row
