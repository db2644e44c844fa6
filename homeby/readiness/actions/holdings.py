"""Papers that somebody brings, and what is withdrawn: recorded, never overwritten."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.actions.currency import refresh
from homeby.readiness.models import Holding, Qualification
from homeby.readiness.queries import books, days, standing
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules import signing
from homeby.readiness.rules import skill_kinds as kinds
from homeby.readiness.rules.qualifications import QualificationKind
from homeby.watch.actions.notices import notify_of_hours

PAPER_MAX, WHY_MAX = 200, 500


@dataclass(frozen=True, kw_only=True)
class PaperFields:
    """A paper: for what, from which day, its last day (None: none stands on it), who issued
    it and under which number; for what a task book is kept, why it is recorded without one."""

    qualification_id: uuid.UUID
    from_date: dt.date
    expires_date: dt.date | None = None
    paper: str = ""
    why: str = ""


@logbook.once
def record_paper(
    *, person_id: uuid.UUID, fields: PaperFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Whoever leads somebody has seen a paper of hers, and records it (its id is the tap's).
    Nobody records her own. Raises Refused with a sentence beside each field."""
    person = people.person(by, person_id) if not by.is_station else None
    if not by.is_station and (person is None or not books.may_certify(by, person_id)):
        raise Refused(_("A leader of hers records what she has seen."))
    if by.person_id == person_id:
        raise Refused(_("Nobody records her own paper; show it to another leader."))
    row = Qualification.objects.filter(pk=fields.qualification_id).first()
    if row is None:
        raise Refused(qualification=_("There is no such qualification."))
    _check(fields, row, today=days.today(now=now))
    if not by.is_station and _goes_by_book(row):
        _check_without_book(person_id, fields, by)
    answer = _("Recorded: %s.") % row.name
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.QUALIFICATION_RECORDED,
            subject=f"holding:{tap.entry_id}",
            person=person_id,
            facts={"key": row.key, "why": fields.why.strip()[:WHY_MAX]},
            tap=tap,
            answer=answer,
        )
        held = Holding(
            id=tap.entry_id,
            person_id=person_id,
            qualification=row,
            from_date=fields.from_date,
            expires_date=fields.expires_date,
            paper=fields.paper.strip(),
            recorded_by_id=by.person_id,
        )
        page.add(held)
        refresh(page, [person_id])
    return answer


def _goes_by_book(row: Qualification) -> bool:
    """Whether others sign what was shown for it: a position, a rank, whatever has tasks."""
    own = queries.as_rule(row)
    return bool(own.tasks) or own.kind in (QualificationKind.POSITION, QualificationKind.RANK)


def _check_without_book(person_id: uuid.UUID, fields: PaperFields, by: Viewer) -> None:
    """A paper stands in for a task book only with its number and a reason, and never by the word
    of her mentor alone."""
    problems = {}
    if not fields.paper.strip():
        problems["paper"] = _("Write who issued it, and its number: it stands in for a task book.")
    if not fields.why.strip():
        problems["why"] = _("Say why it is recorded without a task book; your name stands beside.")
    if by.person_id in standing.mentors_of(person_id):
        problems["qualification"] = _(
            "A mentor does not approve alone; somebody who is not her mentor must take part."
        )
    if problems:
        raise Refused(**problems)


def _check(fields: PaperFields, row: Qualification, *, today: dt.date) -> None:
    held = facts.Holding(key=row.key, from_date=fields.from_date, expires_date=fields.expires_date)
    problems = {}
    if wrong := signing.problems_with_holding(held):
        problems["expires_date"] = " ".join(wrong)
    if fields.from_date > today:
        problems["from_date"] = _("This day is still to come; record it when it has begun.")
    if len(fields.paper.strip()) > PAPER_MAX:
        problems["paper"] = _("At most %d characters fit.") % PAPER_MAX
    if problems:
        raise Refused(**problems)


@logbook.once
def withdraw(*, holding_id: uuid.UUID, why: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From today on it counts no more; that it was held stays. A leader of hers does it, with a
    reason, and she is told. Raises Refused."""
    if not why.strip():
        raise Refused(why=_("Say why; she reads it."))
    with logbook.writing(now=now, by=by.person_id) as book:
        seen = queries.visible_holdings(by).filter(pk=holding_id).values("pk")
        rows = Holding.objects.select_for_update(of=("self",)).select_related("qualification")
        row = rows.filter(pk__in=seen).first()
        if row is None or by.person_id is None or not books.may_certify(by, row.person_id):
            raise Refused(_("A leader of hers withdraws it."))
        if row.person_id == by.person_id:
            raise Refused(_("Nobody withdraws her own; another leader does."))
        if row.withdrawn_date is not None:
            raise Refused(_("It is withdrawn already."))
        day = max(days.today(now=now), row.from_date)
        answer = _("Withdrawn: %s. That it was held stays in the records.") % row.qualification.name
        page = book.entry(
            kinds.QUALIFICATION_WITHDRAWN,
            subject=f"holding:{row.pk}",
            person=row.person_id,
            facts={"why": why.strip()[:WHY_MAX]},
            tap=tap,
            answer=answer,
        )
        page.change(
            row,
            withdrawn_date=day,
            withdrawn_by_id=by.person_id,
            withdrawn_why=why.strip()[:WHY_MAX],
        )
        name = row.qualification.name

        def words() -> tuple[str, str]:
            text = _("%s counts no more. Why, stands under “My qualifications”.") % name
            return _("Withdrawn: %s") % name, text

        key = f"holding:{page.entry.entry_id}"
        notify_of_hours(page, [row.person_id], words, key=key, about=f"holding:{row.pk}")
    return answer
