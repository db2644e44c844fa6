"""The door: any member speaks, at any time, to a welfare officer outside her team, and is answered
by a deadline (`STORY.md` 97). A leader's "check on her" becomes a follow-up (26)."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions.queries import sealed
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.welfare.actions.concerns import follow_up, open_concern
from homeby.welfare.models import Concern
from homeby.welfare.queries import concerns as queries
from homeby.welfare.queries.sealed_to import keys_for
from homeby.welfare.rules import concerns as rules
from homeby.welfare.rules.concerns import ConcernKind, Opening, Span
from homeby.welfare.rules.door import problem_with_closed


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Words that were sealed in the browser of whoever says them: the file of age, the public
    halves of the officers' keys and of the archive's. The key that signed stands within: an entry
    for the office that somebody has one would tell that she spoke."""

    content: bytes
    readers: Sequence[str]
    archive: str


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What somebody says: of herself or of whom, in which team's matter, who is not to read it, and
    (a leader's note) by when somebody asks her. The words come as such, or `closed`."""

    kind: ConcernKind
    person_id: uuid.UUID
    words: str = ""
    closed: Closed | None = None
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
    if spoken.closed is not None:
        _judge(spoken, spoken.closed, by, now=now)
    is_note = spoken.kind is ConcernKind.LEADERS_NOTE
    opening = Opening(
        person_id=spoken.person_id,
        kind=spoken.kind,
        key=f"door:{tap.entry_id}",
        team_id=spoken.team_id,
        words=_kept(spoken),
        by_id=by.person_id,
        answer_by=None if is_note else now + rules.ANSWER_WITHIN,
        not_to=spoken.not_to,
    )
    answer = _("Kept, sealed. A welfare officer outside the team reads it.")
    if spoken.closed is not None:
        answer = _("Sealed in your browser, and kept. A welfare officer outside the team opens it.")
    with logbook.writing(now=now, by=by.person_id) as book:
        concern_id = open_concern(book, opening, tap=tap, answer=answer)
        if spoken.ask_by is not None:
            row, page = Concern.objects.get(pk=concern_id), book.pages[-1]
            page.change(row, owner_id=outside[0], owned_since=now)
            follow_up(page, row, due_at=spoken.ask_by, span=Span.WEEKS)
    return answer


def _judge(spoken: Spoken, closed: Closed, by: Viewer, *, now: dt.datetime) -> None:
    """Whether it is sealed, to officers who may have it and to the archive. Raises Refused."""
    readers = list(dict.fromkeys(closed.readers))
    if problem := problem_with_closed(closed.content, recipients=len(readers) + 1):
        raise Refused(problem)
    archive = sealed.archive_key(by)
    known = {one.public for one in sealed_to(spoken, by, now=now)}
    if not readers or set(readers) != known or archive is None or archive.public != closed.archive:
        raise Refused(
            _("Who reads it, or a key of theirs, was changed meanwhile. Look who, and say it anew.")
        )


def _kept(spoken: Spoken) -> dict[str, str]:
    """What is kept under the key of whom it is about; a file of age, too: it goes with that key."""
    closed = spoken.closed
    if closed is None:
        return {"words": spoken.words}
    return {"age": base64.b64encode(closed.content).decode(), "keys": " ".join(closed.readers)}


def sealed_to(spoken: Spoken, by: Viewer, *, now: dt.datetime) -> list[Any]:
    """The reader keys to which it is sealed in the browser of whoever says it; none where nobody
    who would read it has one."""
    return keys_for(
        by,
        kind=spoken.kind,
        person_id=spoken.person_id,
        team_id=spoken.team_id,
        not_to=spoken.not_to,
        now=now,
    )


def who_would_read(spoken: Spoken, *, now: dt.datetime) -> list[uuid.UUID]:
    """Who would read what somebody is about to say; nobody where there is none outside the teams of
    whom it is about."""
    return queries.officers_outside(
        spoken.person_id, spoken.team_id, now=now, kind=spoken.kind, not_to=spoken.not_to
    )


def _problems(spoken: Spoken, by: Viewer, *, now: dt.datetime) -> dict[str, str]:
    problems = problems_but_words(spoken, by, now=now)
    if spoken.closed is None and (problem := rules.problem_with_words(spoken.words)):
        problems["words"] = problem
    return problems


def problems_but_words(spoken: Spoken, by: Viewer, *, now: dt.datetime) -> dict[str, str]:
    """What is wrong with all but the words, in sentences by field."""
    problems: dict[str, str] = {}
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
