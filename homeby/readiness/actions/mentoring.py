"""A mentor and a learner: since when, towards what, the time spent (`STORY.md` 70 to 72).

Time in training signs nothing: a skill is signed when it was shown, in its task book.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.rules import PersonKind, Viewer
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import (
    MentorAim,
    MentorSession,
    Mentorship,
    PlanStep,
    Qualification,
)
from homeby.readiness.queries import books, days, mentoring
from homeby.readiness.rules import skill_kinds as kinds
from homeby.watch.actions.notices import notify

LEVEL_MAX, WORDS_MAX, MINUTES_MAX, AIMS_MAX = 200, 500, 24 * 60, 20


@dataclass(frozen=True, kw_only=True)
class MentorFields:
    """Who teaches, and towards which skills, each with how far."""

    mentor_id: uuid.UUID
    aims: Sequence[tuple[uuid.UUID, str]] = ()


@logbook.once
def begin(
    *, learner_id: uuid.UUID, fields: MentorFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A mentorship begins today (its id is the tap's). A leader of the learner says so; both hear
    of it. Raises Refused."""
    if not books.may_certify(by, learner_id):
        raise Refused(_("A leader of the learner gives her a mentor."))
    keys = [learner_id, fields.mentor_id]
    if learner_id == fields.mentor_id:
        raise Refused(mentor=_("Nobody is her own mentor."))
    away = apart_from(keys).get(learner_id, frozenset())
    found = [people.person(by, key) for key in keys]
    if fields.mentor_id in away or any(
        one is None or not one.is_active or one.kind != PersonKind.HUMAN for one in found
    ):
        raise Refused(mentor=_("Choose from the list."))
    learner, mentor = (one.shown_as for one in found if one is not None)
    twice = _("She teaches her already.")
    if Mentorship.objects.filter(learner=keys[0], mentor=keys[1], to_date=None).exists():
        raise Refused(mentor=twice)
    aims = _aims(fields.aims)
    day, answer = days.today(now=now), _("Kept: %s is the mentor.") % mentor
    with only_one(mentor=twice), logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            kinds.MENTORSHIP_BEGAN,
            subject=f"mentorship:{tap.entry_id}",
            person=learner_id,
            facts={"mentor": fields.mentor_id},
            tap=tap,
            answer=answer,
        )
        row = Mentorship(
            id=tap.entry_id, learner_id=learner_id, mentor_id=fields.mentor_id, from_date=day
        )
        page.add(row)
        for qualification, level in aims:
            page.add(
                MentorAim(id=uuid.uuid4(), mentorship=row, qualification=qualification, level=level)
            )

        def words() -> tuple[str, str]:
            text = _("%(mentor)s teaches %(learner)s from now on. It stands under “Mentoring”.")
            return _("A mentorship began"), text % {"mentor": mentor, "learner": learner}

        key, about = f"mentorship:{page.entry.entry_id}", f"mentorship:{row.pk}"
        notify(page, keys, words, key=key, about=about, in_danger=False)
    return answer


def _aims(said: Sequence[tuple[uuid.UUID, str]]) -> list[tuple[Qualification, str]]:
    if len(said) > AIMS_MAX:
        raise Refused(aim=_("At most %d skills at a time.") % AIMS_MAX)
    found = []
    for key, level in dict(said).items():
        row = Qualification.objects.filter(pk=key, ended_at__isnull=True).first()
        if row is None:
            raise Refused(aim=_("This is not given (any more); choose another."))
        found.append((row, level.strip()[:LEVEL_MAX]))
    return found


@logbook.once
def end(*, mentorship_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A mentorship ends today; either of the two ends it, or a leader of the learner, without a
    reason. Raises Refused."""
    answer = _("It has ended. What was written down stays.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _locked(mentorship_id, by)
        if not (_is_of(row, by) or books.may_certify(by, row.learner_id)):
            raise Refused(_("Either of the two ends it, or a leader of the learner."))
        page = book.entry(
            kinds.MENTORSHIP_CHANGED,
            subject=f"mentorship:{row.pk}",
            person=row.learner_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, to_date=max(days.today(now=now), row.from_date))
    return answer


def _locked(mentorship_id: uuid.UUID, by: Viewer) -> Mentorship:
    seen = mentoring.visible_mentorships(by).filter(pk=mentorship_id).values("pk")
    row = Mentorship.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if row is None or by.person_id is None:
        raise Refused(_("There is no such mentorship."))
    if row.to_date is not None:
        raise Refused(_("It has ended already."))
    return row


def _is_of(row: Mentorship, by: Viewer) -> bool:
    return by.person_id in (row.mentor_id, row.learner_id)


@dataclass(frozen=True, kw_only=True)
class SessionFields:
    """Time spent together: on which day, how many minutes, at what, and whether she came."""

    held_date: dt.date
    minutes: int
    practised: str = ""
    is_attended: bool = True


@logbook.once
def write_session(
    *, mentorship_id: uuid.UUID, fields: SessionFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """One of the two writes down a session (its id is the tap's). Raises Refused."""
    problems = {}
    if not 1 <= fields.minutes <= MINUTES_MAX:
        problems["minutes"] = _("From 1 to %d minutes.") % MINUTES_MAX
    if len(fields.practised) > WORDS_MAX:
        problems["practised"] = _("At most %d characters fit.") % WORDS_MAX
    answer = _("Written down.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _locked(mentorship_id, by)
        if not _is_of(row, by):
            raise Refused(_("One of the two writes it down."))
        if not row.from_date <= fields.held_date <= days.today(now=now):
            problems["held_date"] = _("A day since it began, and not after today.")
        if problems:
            raise Refused(**problems)
        page = book.entry(
            kinds.MENTOR_SESSION_HELD,
            subject=f"mentorship:{row.pk}",
            person=row.learner_id,
            tap=tap,
            answer=answer,
        )
        page.add(
            MentorSession(
                id=tap.entry_id,
                mentorship=row,
                held_date=fields.held_date,
                minutes=fields.minutes,
                practised=fields.practised.strip(),
                is_attended=fields.is_attended,
            )
        )
    return answer


@dataclass(frozen=True, kw_only=True)
class StepFields:
    """A step of one's own plan: towards what, in one's own words, until when, with whom."""

    qualification_id: uuid.UUID | None = None
    aim: str = ""
    by_date: dt.date | None = None
    mentor_id: uuid.UUID | None = None


@logbook.once
def add_step(*, fields: StepFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A step of the viewer's own development plan (its id is the tap's). Raises Refused."""
    if by.person_id is None:
        raise Refused(_("Whoever plans logs in."))
    if fields.qualification_id is None and not fields.aim.strip():
        raise Refused(aim=_("Choose what you aim at, or say it in your own words."))
    if len(fields.aim) > WORDS_MAX:
        raise Refused(aim=_("At most %d characters fit.") % WORDS_MAX)
    row = None
    if fields.qualification_id is not None:
        row = Qualification.objects.filter(pk=fields.qualification_id).first()
        if row is None:
            raise Refused(qualification=_("There is no such qualification."))
    offered = mentoring.may_plan_with(by) if fields.mentor_id is not None else []
    if fields.mentor_id is not None and fields.mentor_id not in dict(offered):
        raise Refused(mentor=_("Choose from the list."))
    answer = _("It stands in your plan.")
    with logbook.writing(now=now, by=by.person_id) as book:
        subject = f"plan-step:{tap.entry_id}"
        page = book.entry(
            kinds.PLAN_STEP_SET, subject=subject, person=by.person_id, tap=tap, answer=answer
        )
        page.add(
            PlanStep(
                id=tap.entry_id,
                person_id=by.person_id,
                qualification=row,
                aim=fields.aim.strip(),
                by_date=fields.by_date,
                mentor_id=fields.mentor_id,
                place=1 + max((one.place for one in _open_steps(by.person_id)), default=0),
            )
        )
    return answer


def _open_steps(person_id: uuid.UUID) -> list[PlanStep]:
    rows = PlanStep.objects.select_for_update(of=("self",))
    return mentoring.in_order(rows.filter(person_id=person_id, done_date__isnull=True))


@logbook.once
def step_earlier(*, step_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A step of her own goes before the one above it. Raises Refused."""
    answer = _("Moved up.")
    if by.person_id is None:
        raise Refused(_("Whoever plans logs in."))
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = _open_steps(by.person_id)
        at = next((place for place, one in enumerate(rows) if one.pk == step_id), None)
        if at is None:
            raise Refused(_("This is not in your plan."))
        if at > 0:
            rows[at - 1], rows[at] = rows[at], rows[at - 1]
        page = book.entry(
            kinds.PLAN_STEP_SET,
            subject=f"plan-step:{step_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        for place, one in enumerate(rows, start=1):
            if one.place != place:
                page.change(one, place=place)
    return answer


@logbook.once
def settle_step(
    *, step_id: uuid.UUID, is_done: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A step of her own is done, or no longer wanted and taken away. Raises Refused."""
    answer = _("Done.") if is_done else _("Taken out of your plan.")
    with logbook.writing(now=now, by=by.person_id) as book:
        rows = PlanStep.objects.select_for_update(of=("self",))
        row = rows.filter(pk=step_id).first()
        if row is None or row.person_id != by.person_id:
            raise Refused(_("This is not in your plan."))
        page = book.entry(
            kinds.PLAN_STEP_SET,
            subject=f"plan-step:{row.pk}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        if is_done:
            page.change(row, done_date=days.today(now=now))
        else:
            page.remove(row)
    return answer
