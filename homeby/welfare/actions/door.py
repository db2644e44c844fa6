"""The door: any member speaks, at any time, to a welfare officer outside her team, and is answered
by a deadline (`STORY.md` 97). A leader's "check on her" becomes a follow-up (26)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.welfare.actions.concerns import follow_up, open_concern
from homeby.welfare.models import Concern
from homeby.welfare.queries import concerns as queries
from homeby.welfare.rules import concerns as rules
from homeby.welfare.rules.concerns import ConcernKind, Opening, Span


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What somebody says: of herself or of whom, in which team's matter, who is not to read it, and
    (a leader's note) by when somebody asks her."""

    kind: ConcernKind
    person_id: uuid.UUID
    words: str
    team_id: uuid.UUID | None = None
    not_to: Collection[uuid.UUID] = ()
    ask_by: dt.datetime | None = None
    is_unlisted: bool = False  # somebody whom she cannot choose: named in the words; lies with her


@logbook.once
def speak(*, spoken: Spoken, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Keep what is said, sealed, for a welfare officer outside the team. Where there is none it is
    not kept, and the page says whom to call. Raises Refused."""
    if problems := _problems(spoken, by, now=now):
        raise Refused(**problems)
    outside = who_would_read(spoken, now=now)
    if not outside:
        raise Refused(_("No welfare officer outside the team may read this; call somebody below."))
    is_note = spoken.kind is ConcernKind.LEADERS_NOTE
    opening = Opening(
        person_id=spoken.person_id,
        kind=spoken.kind,
        key=f"door:{tap.entry_id}",
        team_id=spoken.team_id,
        words={"words": spoken.words},
        by_id=by.person_id,
        answer_by=None if is_note else now + rules.ANSWER_WITHIN,
        not_to=spoken.not_to,
    )
    answer = _("Kept, sealed. A welfare officer outside the team reads it.")
    with logbook.writing(now=now, by=by.person_id) as book:
        concern_id = open_concern(book, opening, tap=tap, answer=answer)
        if spoken.ask_by is not None:
            row, page = Concern.objects.get(pk=concern_id), book.pages[-1]
            page.change(row, owner_id=outside[0], owned_since=now)
            follow_up(page, row, due_at=spoken.ask_by, span=Span.WEEKS)
    return answer


def who_would_read(spoken: Spoken, *, now: dt.datetime) -> list[uuid.UUID]:
    """Who would read what somebody is about to say; nobody where there is none outside the teams of
    whom it is about."""
    return queries.officers_outside(
        spoken.person_id, spoken.team_id, now=now, kind=spoken.kind, not_to=spoken.not_to
    )


def _problems(spoken: Spoken, by: Viewer, *, now: dt.datetime) -> dict[str, str]:
    problems = {"words": rules.problem_with_words(spoken.words)}
    if spoken.kind is ConcernKind.OWN_WORD:
        if spoken.person_id != by.person_id:
            problems["person"] = _("Of yourself, or choose that you are worried about somebody.")
    elif spoken.is_unlisted and spoken.kind is ConcernKind.WORRY_ABOUT:
        assert spoken.person_id == by.person_id, "it lies with whoever spoke"
    elif spoken.person_id == by.person_id:
        problems["person"] = _("Choose whom you are worried about.")
    elif not people.visible_people(by).filter(pk=spoken.person_id, is_active=True).exists():
        problems["person"] = _("There is no such person here.")
    problems |= _problems_with_note(spoken, by, now=now)
    return {name: text for name, text in problems.items() if text}


def _problems_with_note(spoken: Spoken, by: Viewer, *, now: dt.datetime) -> dict[str, str]:
    is_note = spoken.kind is ConcernKind.LEADERS_NOTE
    if spoken.kind not in rules.SPOKEN or (is_note and not may_note(by)):
        return {"kind": _("Choose one of those that are shown.")}
    if is_note and (spoken.ask_by is None or not now < spoken.ask_by <= now + rules.FOLLOW_UP_MOST):
        return {"ask_by": _("Choose a day by which somebody asks.")}
    return {}


def may_note(viewer: Viewer) -> bool:
    """Whether she may write "check on her": whoever leads, or holds the watch."""
    return viewer.has_somewhere(Role.LEADER, Role.DUTY_OFFICER)
