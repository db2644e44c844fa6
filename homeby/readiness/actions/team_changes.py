"""Asking for a change of team, agreeing to it, carrying it out, settling what it leaves.

Membership and the roles held for the old team end, and the new membership begins, in one commit:
access goes over in that instant (`STORY.md` 83, 102). Coming back later gives back no role.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.actions.teams import change_over
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Viewer
from homeby.readiness.models import TeamChange, TeamChangeItem
from homeby.readiness.queries import team_changes as queries
from homeby.readiness.queries.team_change_items import owner_of, states, to_settle
from homeby.readiness.rules import team_changes as rules
from homeby.readiness.rules.special_units import Reason
from homeby.readiness.rules.team_changes import OPEN, ChangeState, ItemKind, Side
from homeby.watch.actions.notices import notify_of_hours

#: Why somebody changes her team; never more than a class.
REASONS = (Reason.OWN_WISH, Reason.NEEDED, Reason.OTHER_DUTY, Reason.REST)


@dataclass(frozen=True, kw_only=True)
class ChangeFields:
    """Who goes from where to where, why, and from when on (None: at once, when all agreed)."""

    person_id: uuid.UUID
    from_team_id: uuid.UUID
    to_team_id: uuid.UUID
    reason: Reason
    effective_at: dt.datetime | None = None


@logbook.once
def ask(*, fields: ChangeFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Ask for a change of team; whoever asks has agreed for her side. Raises Refused."""
    answer = _("Asked. It counts when all three have agreed.")
    at = fields.effective_at or now
    _check(fields, by=by, now=now)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = TeamChange(
            id=tap.entry_id,
            person_id=fields.person_id,
            from_team_id=fields.from_team_id,
            to_team_id=fields.to_team_id,
            reason=fields.reason,
            asked_by_id=by.person_id,
            asked_at=now,
            effective_at=at,
        )
        sides = queries.sides_of(by, row)
        if not sides:
            raise Refused(_("The person herself, or a leader of one of the two teams, asks."))
        page = book.entry(
            rules.TEAM_CHANGE_ASKED,
            subject=f"team-change:{row.pk}",
            person=row.person_id,
            facts={"reason": fields.reason, "from": at},
            tap=tap,
            answer=answer,
        )
        page.add(row)
        page.change(row, **_agreement(sides[0], by.person_id, now))
        _tell(page, row, {row.person_id, *_leaders(row, now)})
    return answer


def _check(fields: ChangeFields, *, by: Viewer, now: dt.datetime) -> None:
    problems = {}
    known, _more = people.choices(by, keep=[fields.person_id], limit=0)
    teams = queries.teams_of(fields.person_id)
    if fields.person_id not in {one.person_id for one in known if not one.is_unit}:
        problems["person"] = _("Choose from the list.")
    elif fields.from_team_id not in teams:
        problems["from_team"] = _("She is not in this team.")
    if fields.to_team_id == fields.from_team_id or fields.to_team_id in teams:
        problems["to_team"] = _("She is in this team already; choose another.")
    if fields.reason not in REASONS:
        problems["reason"] = _("Choose from the list.")
    said = rules.problem_with_effective(fields.effective_at or now, now=now)
    problems |= {"effective": said} if said else {}
    if not problems and _is_open(fields):
        problems["person"] = _("This was asked for already, and it is open still.")
    if problems:
        raise Refused(**problems)


def _is_open(fields: ChangeFields) -> bool:
    rows = TeamChange.objects.filter(
        person_id=fields.person_id, from_team_id=fields.from_team_id, state__in=OPEN
    )
    return rows.exists()


def _agreement(side: Side, by: uuid.UUID | None, now: dt.datetime) -> dict[str, object]:
    match side:
        case Side.PERSON:
            return {"person_agreed_at": now}
        case Side.FROM:
            return {"from_agreed_by_id": by, "from_agreed_at": now}
        case Side.TO:
            return {"to_agreed_by_id": by, "to_agreed_at": now}


def _leaders(row: TeamChange, now: dt.datetime) -> list[uuid.UUID]:
    """The leaders of both teams, but for those who are kept away from her."""
    away = apart_from([row.person_id]).get(row.person_id, frozenset())
    found = queries.leaders_of([row.from_team_id, row.to_team_id], now=now)
    return [key for key in found if key not in away]


def _tell(page: Page, row: TeamChange, to: Iterable[uuid.UUID | None]) -> None:
    def words() -> tuple[str, str]:
        return (
            _("A change of team"),
            _("Open the page “Changes of team” in Homeby: it says what is asked and agreed."),
        )

    keys = [key for key in to if key is not None and key != page.book.by]
    key, about = f"team-change:{page.entry.entry_id}", f"person:{row.person_id}"
    notify_of_hours(page, keys, words, key=key, about=about)


@contextmanager
def _at(
    change_id: uuid.UUID, by: Viewer, now: dt.datetime
) -> Iterator[tuple[logbook.Book, TeamChange]]:
    with logbook.writing(now=now, by=by.person_id) as book:
        found = queries.visible_changes(by).filter(pk=change_id).values_list("pk", flat=True)
        row = TeamChange.objects.select_for_update().filter(pk__in=list(found)).first()
        if row is None:
            raise Refused(_("There is no such change of team."))
        yield book, row


@logbook.once
def answer(
    *, change_id: uuid.UUID, side: Side, agrees: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Agree for one side, or refuse. When all three have agreed it counts from its hour on, at once
    where that has come. Raises Refused."""
    said = _("Agreed.") if agrees else _("Refused; everything stays as it is.")
    with _at(change_id, by, now) as (book, row):
        assert by.person_id is not None, "somebody answers"
        if row.state != ChangeState.ASKED or side not in queries.sides_of(by, row):
            raise Refused(_("This is not yours to do, or it is done already; look again."))
        problem = rules.problem_with_agreement(
            side, by.person_id, queries.agreed_by(row), person=row.person_id
        )
        if problem:
            raise Refused(problem)
        page = book.entry(
            rules.TEAM_CHANGE_ANSWERED,
            subject=f"team-change:{row.pk}",
            person=row.person_id,
            facts={"side": side, "agrees": agrees},
            tap=tap,
            answer=said,
        )
        if not agrees:
            page.change(row, state=ChangeState.REFUSED, refused_by_id=by.person_id)
        else:
            page.change(row, **_agreement(side, by.person_id, now))
            if all(queries.agreed_by(row).values()):
                page.change(row, state=ChangeState.AGREED)
        _tell(page, row, {row.person_id, *_leaders(row, now)})
        if row.state == ChangeState.AGREED and row.effective_at <= now:
            _carry_out(book, row)
    return said


@logbook.once
def withdraw(*, change_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """The person, or whoever asked, takes it back before it counts. Raises Refused."""
    said = _("Taken back; everything stays as it is.")
    with _at(change_id, by, now) as (book, row):
        if by.person_id not in (row.person_id, row.asked_by_id) or row.state not in OPEN:
            raise Refused(_("This is not yours to do, or it is done already; look again."))
        page = book.entry(
            rules.TEAM_CHANGE_WITHDRAWN,
            subject=f"team-change:{row.pk}",
            person=row.person_id,
            tap=tap,
            answer=said,
        )
        page.change(row, state=ChangeState.WITHDRAWN)
        _tell(page, row, {row.person_id, *_leaders(row, now)})
    return said


def carry_out_due(*, now: dt.datetime) -> int:
    """Carry out what was agreed and whose hour has come; gives how many. Safe to repeat."""
    count = 0
    for key in queries.due(now=now):
        with logbook.writing(now=now, by=None, device="station") as book:
            rows = TeamChange.objects.select_for_update().filter(state=ChangeState.AGREED)
            row = rows.filter(pk=key).first()
            if row is not None:
                _carry_out(book, row)
                count += 1
    return count


def _carry_out(book: logbook.Book, row: TeamChange) -> None:
    """Who left the old team meanwhile, or came to the new one, is not moved a second time."""
    now = book.now
    roles = change_over(
        book, person_id=row.person_id, from_team_id=row.from_team_id, to_team_id=row.to_team_id
    )
    page = book.entry(rules.TEAM_CHANGE_DONE, subject=f"team-change:{row.pk}", person=row.person_id)
    page.change(row, state=ChangeState.DONE, done_at=now)
    for kind, ref in to_settle(row.person_id, row.from_team_id, now=now):
        page.add(TeamChangeItem(id=uuid.uuid4(), change=row, kind=kind, ref=ref))
    for key in roles:
        page.add(
            TeamChangeItem(
                id=uuid.uuid4(), change=row, kind=ItemKind.ROLE, ref=str(key), settled_at=now
            )
        )
    _tell(page, row, {row.person_id, *_leaders(row, now)})


@logbook.once
def settle(*, item_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Say of something that the change left that it stays as it is, though she changed. Raises
    Refused."""
    said = _("Kept: it stays as it is.")
    with _item_at(item_id, "settle", by, now) as (book, item):
        page = _item_page(book, rules.TEAM_CHANGE_SETTLED, item, tap=tap, answer=said)
        page.change(item, settled_at=now, settled_by_id=by.person_id)
        _tell(page, item.change, [item.change.person_id, owner_of(item)])
    return said


@logbook.once
def take(*, item_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A leader of one of the two teams sees to something that the change left, from now on. Raises
    Refused."""
    said = _("It is with you now.")
    with _item_at(item_id, "take", by, now) as (book, item):
        before = owner_of(item)
        page = _item_page(book, rules.TEAM_CHANGE_TAKEN, item, tap=tap, answer=said)
        page.change(item, owner_id=by.person_id)
        _tell(page, item.change, [before])
    return said


@contextmanager
def _item_at(
    item_id: uuid.UUID, act: str, by: Viewer, now: dt.datetime
) -> Iterator[tuple[logbook.Book, TeamChangeItem]]:
    found = TeamChangeItem.objects.filter(pk=item_id).first()
    with _at(found.change_id if found else item_id, by, now) as (book, row):
        item = row.items.select_for_update().get(pk=item_id)
        item.change = row
        state = states([item], now=now)[item.pk]
        if row.state != ChangeState.DONE or act not in queries.may_with(by, item, state):
            raise Refused(_("This is not yours to do, or it is done already; look again."))
        yield book, item


def _item_page(
    book: logbook.Book, kind: str, item: TeamChangeItem, *, tap: Tap, answer: str
) -> Page:
    return book.entry(
        kind,
        subject=f"team-change:{item.change_id}",
        person=item.change.person_id,
        facts={"kind": item.kind},
        tap=tap,
        answer=answer,
    )
