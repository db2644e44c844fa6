"""What every act on a duty has in common: it is locked, what a decision sees is kept, and somebody
is put on it, if nothing stands against it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from homeby.database.turns import take_turns
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_rest import rest_against, use_words_for
from homeby.readiness.actions.duty_starts import await_start
from homeby.readiness.models import Duty, DutyDecision, DutyPerson, DutySeat
from homeby.readiness.queries.duties import visible_duties
from homeby.readiness.queries.duty_access import may_plan
from homeby.readiness.queries.duty_pool import (
    as_facts,
    barred,
    fitting,
    frame_of,
    holders_of_all,
    pool_of,
)
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.rules.duty_planning import DutyAnswer


@contextmanager
def at_duty(
    duty_id: uuid.UUID,
    by: Viewer,
    now: dt.datetime,
    *,
    plans: bool,
    also: Sequence[uuid.UUID] = (),
) -> Iterator[tuple[Book, Duty]]:
    """A duty that is not called off, locked, together with others (`also`) in the order of their
    keys; a sentence where there is none for this viewer, or where she does not plan it and that is
    asked for."""
    if by.person_id is None and not by.is_station:
        raise Refused(_("Log in first."))
    with logbook.writing(now=now, by=by.person_id) as book:
        row = visible_duties(by).filter(pk=duty_id).first()
        if row is None:
            raise Refused(_("There is no such duty."))
        both = Duty.objects.select_for_update().filter(pk__in=[row.pk, *also]).order_by("pk")
        row = {one.pk: one for one in both}[row.pk]
        if row.cancelled_at is not None:
            raise Refused(_("This duty was called off."))
        if plans and not plans_it(by, row):
            raise Refused(_("Whoever plans this duty does that: a leader or a duty officer."))
        yield book, row


def one_by_one(person_ids: Iterable[uuid.UUID | None]) -> None:
    """What these people are on is decided one after the other: two duties at one time, each of them
    locked, would each not see the other. Once in a transaction, and before anything is judged."""
    take_turns(f"rota:{key}" for key in person_ids if key is not None)


def plans_it(by: Viewer, duty: Duty) -> bool:
    """Whether this viewer decides about the duty."""
    return may_plan(by, duty.whose)


def keep_decision(page: Page, duty: Duty, kind: str, *, facts: dict[str, Any]) -> None:
    """Keep what a decision sees, before it is carried out: everybody whom it could concern."""
    page.add(
        DutyDecision(
            id=uuid.uuid4(),
            duty=duty,
            number=DutyDecision.objects.filter(duty=duty).count() + 1,
            kind=kind,
            frame=duty.frame,
            at=page.book.now,
            by_id=page.book.by,
            facts={**frame_of(duty), **facts},
            pool=as_facts(pool_of(duty)),
        )
    )


def put_on(
    page: Page,
    duty: Duty,
    person_id: uuid.UUID,
    *,
    seat: DutySeat | None,
    said: DutyAnswer | None,
) -> DutyPerson:
    """Let somebody be on a duty from now on, whether she was asked for it or not; `said` is what
    she answers with the same tap. Raises Refused where anything stands against it."""
    now = page.book.now
    use_words_for(page.book, duty, [person_id])
    if not may_be_on(duty, person_id, seat=seat, now=now):
        raise not_possible()
    values: dict[str, Any] = {
        "picked_at": now,
        "picked_by_id": page.book.by,
        "not_picked": "",
        "seat_id": seat.pk if seat else None,
        "stood_down_at": None,
        "stood_down_by_id": None,
        "stood_down_why": "",
    }
    if said is not None:
        values |= {
            "answer": said,
            "answered_at": now,
            "answered_frame": duty.frame,
            "answered_by_id": page.book.by,
            "seen_frame": duty.frame,
            "seen_at": now,
        }
    row = DutyPerson.objects.filter(duty=duty, person_id=person_id).first()
    if row is None:
        row = DutyPerson(
            id=uuid.uuid4(),
            duty=duty,
            person_id=person_id,
            told_frame=duty.frame,
            told_at=now,
            **values,
        )
        page.add(row)
    else:
        page.change(row, **values)
    await_start(page, duty, row)
    return row


def row_of(duty: Duty, person_id: uuid.UUID | None) -> DutyPerson | None:
    """How it stands with somebody on a duty, locked; None for whoever was never asked."""
    if person_id is None:
        return None
    return DutyPerson.objects.select_for_update().filter(duty=duty, person_id=person_id).first()


def not_possible() -> Refused:
    """The one sentence for every reason for which somebody is not put on a duty: full, not fitting,
    or that she is kept away from another. Nobody learns which."""
    return Refused(_("This is not possible: ask whoever plans it."))


def may_be_on(duty: Duty, person_id: uuid.UUID, *, seat: DutySeat | None, now: dt.datetime) -> bool:
    """Whether she has the rank and the positions that the duty and this seat ask for, nobody on it
    is kept away from her, and it breaks no rest of hers and no limit of a minor."""
    needs = seat.needs if seat is not None else ()
    known = holders_of_all(needs, [person_id], at=duty.starts_at, until=duty.ends_at)
    fits = person_id in fitting(duty, [person_id]) and (known is None or person_id in known)
    if not fits or person_id in barred(duty, [person_id]):
        return False
    if against_duty(duty, [person_id], with_others=True):
        return False
    return not rest_against(duty, person_id, now=now)
