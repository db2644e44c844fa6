"""What the search has found is said: to her, and to a welfare officer outside the team who decided
nothing in it. Once said it stays; where corrected records would not say it, that is noted."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.people.queries.in_teams import everybody_of_team
from homeby.people.rules import STATION
from homeby.people.texts import Words
from homeby.watch.actions.notices import notify
from homeby.welfare.actions.concerns import keep_from, open_concern
from homeby.welfare.models import LeftOutSignal
from homeby.welfare.queries import search as queries
from homeby.welfare.queries.switch import times_not_about
from homeby.welfare.rules import switch as rules
from homeby.welfare.rules.concerns import ConcernKind, ConcernState, Opening, ref_of
from homeby.welfare.rules.left_out import Happened, Signal
from homeby.welfare.rules.replaying import Order, deciders
from homeby.welfare.rules.switch import Period, Span, Unasked, is_within


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a run over a team has found from somewhere on (`after`, None: from its beginning), and
    what it was found in."""

    team_id: uuid.UUID
    found: Sequence[Signal]
    after: Order | None
    happened: Sequence[Happened]


def say(told: Told, *, periods: Sequence[Period], now: dt.datetime) -> int:
    """What was found is all that there is from there on: what is new is said, and what was said and
    is found no more is noted. As part of a transaction; gives how many are new."""
    team_id, found = told.team_id, told.found
    known = queries.raised(team_id)
    if not found and not known:
        return 0
    wanted = {(uuid.UUID(one.who), one.question, one.at): one for one in found}
    said = {(one.person_id, one.question, one.at): one for one in known}
    with logbook.writing(now=now, by=None, device="station", alone=False) as book:
        for key, row in said.items():
            if _is_replayed(row, told.after) and (key in wanted) == (row.not_found_at is not None):
                _note_found(book, row, is_found=key in wanted)
        new = [one for key, one in wanted.items() if key not in said]
        several = _to_be_said(new, periods, now=now)
        for one in several:
            _say(book, told, one, known)
    return len(several)


def _is_replayed(row: LeftOutSignal, after: Order | None) -> bool:
    return after is None or ((row.at, row.key) > after if row.key else row.at > after[0])


def _note_found(book: Book, row: LeftOutSignal, *, is_found: bool) -> None:
    kind = rules.SIGNAL_RAISED if is_found else rules.SIGNAL_NOT_FOUND
    page = book.entry(kind, subject=ref_of(row.concern_id), person=row.person_id)
    page.change(row, not_found_at=None if is_found else book.now)


def _to_be_said(
    found: Sequence[Signal], periods: Sequence[Period], *, now: dt.datetime
) -> list[Signal]:
    """Of what was decided while the search was on, about people who are with us and did not switch
    it off, then or now."""
    on: list[Span] = [(one.from_at, one.to_at) for one in periods]
    people = [uuid.UUID(one.who) for one in found]
    here = set(everybody_of_team(None)) if found else set()
    off = times_not_about(STATION, people, said=Unasked.SIGNAL) if found else {}
    return sorted(
        one
        for one, who in zip(found, people, strict=True)
        if who in here
        and is_within(one.at, on)
        and not is_within(one.at, off.get(who, ()))
        and not is_within(now, off.get(who, ()))
    )


def _say(book: Book, told: Told, one: Signal, known: list[LeftOutSignal]) -> None:
    """One concern a matter: what is found while one is open belongs to it, and so does what a late
    record shows to have been so before one ended."""
    who, team_id = uuid.UUID(one.who), told.team_id
    concern_id = _belongs_to(one, who, known)
    is_new = concern_id is None
    if concern_id is None:
        opening = Opening(
            person_id=who,
            kind=ConcernKind.SIGNAL,
            key=f"signal:{team_id}:{who}:{one.at.isoformat()}",
            team_id=team_id,
            not_to=sorted(deciders(told.happened, now=book.now)),
        )
        concern_id = open_concern(book, opening)
    page = book.entry(rules.SIGNAL_RAISED, subject=ref_of(concern_id), person=who)
    row = LeftOutSignal(
        id=uuid.uuid4(),
        person_id=who,
        team_id=team_id,
        question=one.question,
        at=one.at,
        key=one.key,
        raised_at=book.now,
        concern_id=concern_id,
    )
    page.add(row)
    known.append(row)
    if is_new:
        _tell_her(page, who)
    else:
        keep_from(page, concern_id, deciders(told.happened, now=book.now))


def _belongs_to(one: Signal, who: uuid.UUID, known: list[LeftOutSignal]) -> uuid.UUID | None:
    for row in reversed(known):
        ended_at = row.concern.ended_at
        is_open = row.concern.state == ConcernState.OPEN
        if row.person_id == who and (is_open or (ended_at is not None and one.at <= ended_at)):
            return row.concern_id
    return None


def _tell_her(page: Page, who: uuid.UUID) -> None:
    """She is asked first; what the message says tells nobody who reads it over her shoulder."""

    def words() -> Words:
        return _("There is something for you to read"), _("It is on your own page, for you alone.")

    about = page.entry.subject
    notify(page, [who], words, key=f"{about}/{page.entry.entry_id}", about=about, in_danger=False)
