"""Both sides are heard: whoever plans for the team is asked in writing and explains in her own
words. She learns of no concern, and of nobody by name unless the welfare officer chose so; her
answer goes to welfare officers alone (`STORY.md` 104)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.watch.actions.notices import notify_of_hours
from homeby.welfare.actions.concerns import entry, looked_after, note, ring
from homeby.welfare.models import Asked, Concern
from homeby.welfare.queries import asked as queries
from homeby.welfare.queries import concerns
from homeby.welfare.rules import asked as kinds
from homeby.welfare.rules import concerns as rules
from homeby.welfare.rules.concerns import NoteKind


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Whom a welfare officer asks, in which words, and whether it is said whom it is about."""

    person_id: uuid.UUID | None
    words: str
    names_her: bool = False


@logbook.once
def ask_organiser(
    *, concern_id: uuid.UUID, asking: Asking, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A welfare officer asks whoever plans, once whom it is about has said that she may. Raises
    Refused."""
    if problem := rules.problem_with_words(asking.words):
        raise Refused(words=problem)
    answer = _("Asked. The answer comes to the welfare desk.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = looked_after(concern_id, by)
        whom = _who_is_asked(row, asking, now=now)
        page = entry(book, rules.CONCERN_NOTED, row, tap=tap, answer=answer)
        if row.owner_id is None:
            page.change(row, owner_id=by.person_id, owned_since=now)
        question = note(page, row, NoteKind.ORGANISER_ASKED, {"words": asking.words})
        assert by.person_id is not None, "a welfare officer is somebody"
        found = Asked(
            id=uuid.uuid4(),
            concern_id=row.pk,
            person_id=whom,
            asked_at=now,
            asked_by_id=by.person_id,
            answer_by=now + kinds.EXPLAINED_WITHIN,
            names_her=asking.names_her,
            question_id=question.pk,
        )
        page.add(found)
        her_page = book.entry(kinds.DECISIONS_ASKED, subject=kinds.ref_of(found.pk), person=whom)
        _tell(her_page, found)
    return answer


def _who_is_asked(row: Concern, asking: Asking, *, now: dt.datetime) -> uuid.UUID:
    """Whoever is about to be asked. Raises Refused."""
    known = concerns.known(row, now=now)
    if problem := rules.problem_with_note(NoteKind.ORGANISER_ASKED, None, known):
        raise Refused(problem)
    if asking.person_id is None or asking.person_id not in queries.organisers(row, now=now):
        raise Refused(person=_("Choose somebody who plans for the team."))
    if row.asked.filter(person_id=asking.person_id, answered_at__isnull=True).exists():
        raise Refused(person=_("Asked already, and not answered yet."))
    return asking.person_id


def _tell(page: Page, row: Asked) -> None:
    def words() -> tuple[str, str]:
        return _("Somebody asks you something"), _("Open My decisions in Homeby to read it.")

    about = rules.ref_of(row.pk)  # no list shows it to anybody else
    notify_of_hours(page, [row.person_id], words, key=f"{about}/asked", about=about)


@logbook.once
def explain(*, asked_id: uuid.UUID, words: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Whoever was asked explains; welfare officers hear so, and nobody else reads it. Raises
    Refused."""
    if problem := rules.problem_with_words(words):
        raise Refused(words=problem)
    answer = _("Kept, sealed. Nobody but welfare officers outside the team reads it.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Asked.objects.select_for_update().filter(pk=asked_id).first()
        if row is None or row.pk not in {one.row.pk for one in queries.open_to_me(by)}:
            raise Refused(_("This is not asked of you any more."))
        concern = Concern.objects.select_for_update().get(pk=row.concern_id)
        page = book.entry(
            kinds.DECISIONS_EXPLAINED,
            subject=kinds.ref_of(row.pk),
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        said = note(page, concern, NoteKind.ORGANISER_SAID, {"words": words})
        page.change(row, answered_at=now, answer_id=said.pk)
        ring(page, concern)
    return answer
