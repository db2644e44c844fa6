"""A request for an examination and the answer to it (`STORY.md` 68, 76, 77).

The person asks somebody; whoever refuses says why, and the next request goes to somebody else.
Readiness is asked for and nothing else: a request has no place for a motive. What a message says
is only that an answer is there; the answer itself is for the person's own page.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Viewer
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import Examination, Examiner
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import examinations as queries
from homeby.readiness.rules import examinations as rules
from homeby.readiness.rules import signing
from homeby.readiness.rules.currency import Standing
from homeby.readiness.rules.examinations import OPEN, ExaminationState
from homeby.watch.actions.notices import notify_of_hours

MENTORS_MAX = 6


@contextmanager
def at(
    key: uuid.UUID, by: Viewer, now: dt.datetime, act: str
) -> Iterator[tuple[logbook.Book, Examination]]:
    """The examination, locked, on which the viewer may do this act now; a sentence otherwise."""
    with logbook.writing(now=now, by=by.person_id) as book:
        found = queries.visible_examinations(by).filter(pk=key).values_list("pk", flat=True)
        row = Examination.objects.select_for_update().filter(pk__in=list(found)).first()
        if row is None:
            raise Refused(_("There is no such examination."))
        shown = queries.examination(by, key, now=now)
        if shown is None or act not in shown.may:
            raise Refused(_("This is not yours to do, or it is done already; look again."))
        yield book, row


def tell(page: Page, row: Examination, to: Iterable[uuid.UUID | None], *, is_hers: bool) -> None:
    """News for the candidate, or word to others that something waits for them. Others read what
    people receive: what was decided stands on the page alone."""
    keys = [key for key in to if key is not None and key != page.book.by]

    def to_her() -> tuple[str, str]:
        return (
            _("There is news of your examination"),
            _("Open the page “My path” in Homeby: what was said, by whom and why, stands there."),
        )

    def to_others() -> tuple[str, str]:
        return (
            _("An examination waits for you"),
            _("Open the examination desk in Homeby: it says what is to be done."),
        )

    key, about = f"examination:{page.entry.entry_id}", f"examination:{row.pk}"
    words = to_her if is_hers else to_others
    notify_of_hours(page, keys, words, key=f"{key}/{is_hers:d}", about=about)


@logbook.once
def request(
    *,
    what: str,
    asked_id: uuid.UUID,
    mentor_ids: Sequence[uuid.UUID] = (),
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Ask to be examined for a position or rank, and say who decides and who one's mentors are. A
    second request goes to a second person. Raises Refused with sentences beside the fields."""
    me = by.person_id
    if me is None:
        raise Refused(_("Whoever asks for an examination logs in."))
    _check_request(what, asked_id, mentor_ids, by=by, now=now)
    before = Examination.objects.filter(person_id=me, what=what).order_by("-asked_at").first()
    answer = _("Asked. You read the answer here.")
    twice = _("You asked for this on %s already, and it is open still.")
    twice %= instants.day(days.today(now=now))
    with only_one(what=twice), logbook.writing(now=now, by=me) as book:
        page = book.entry(
            rules.EXAMINATION_ASKED,
            subject=f"examination:{tap.entry_id}",
            person=me,
            facts={"what": what},
            tap=tap,
            answer=answer,
        )
        row = Examination(
            id=tap.entry_id,
            person_id=me,
            what=what,
            asked_id=asked_id,
            asked_at=now,
            follows=before,
        )
        page.add(row)
        for key in dict.fromkeys(mentor_ids):
            page.add(Examiner(id=uuid.uuid4(), examination=row, person_id=key, is_mentor=True))
        tell(page, row, [asked_id], is_hers=False)
    return answer


def _check_request(
    what: str, asked_id: uuid.UUID, mentor_ids: Sequence[uuid.UUID], *, by: Viewer, now: dt.datetime
) -> None:
    me = by.person_id
    assert me is not None, "somebody asks"
    day = days.today(now=now)
    if what not in {one.key for one in standing.examined()}:
        raise Refused(what=_("Choose what you want to be examined for."))
    open_rows = Examination.objects.filter(person_id=me, what=what, state__in=OPEN)
    if (open_row := open_rows.first()) is not None:
        asked_day = instants.day(queries.day_of(open_row.asked_at))
        raise Refused(what=_("You asked for this on %s already, and it is open still.") % asked_day)
    if standing.standings(what, [me], day=day)[me].standing is Standing.CURRENT:
        raise Refused(what=_("You hold this already."))
    last = Examination.objects.filter(person_id=me, what=what, retake_date__gt=day).first()
    if last is not None and last.retake_date is not None:
        from_day = instants.day(last.retake_date)
        raise Refused(what=_("The board said: again from %s on.") % from_day)
    strangers = set(mentor_ids) - dict(queries.may_mentor(by, now=now)).keys()
    if strangers or len(mentor_ids) > MENTORS_MAX:
        raise Refused(mentors=_("Choose from the list, at most %d people.") % MENTORS_MAX)
    _check_asked(what, asked_id, mentor_ids, by=by, now=now)


def _check_asked(
    what: str, asked_id: uuid.UUID, mentor_ids: Sequence[uuid.UUID], *, by: Viewer, now: dt.datetime
) -> None:
    assert by.person_id is not None, "somebody asks"
    problems = signing.problems_with_decider(
        candidate=by.person_id,
        decider=asked_id,
        also=(),
        mentors={*mentor_ids, *standing.mentors_of(by.person_id)},
        refused_by=queries.refused_by(by.person_id, what),
    )
    if not problems and asked_id not in dict(queries.deciders(by, now=now)):
        problems = [_("This person does not decide on examinations; choose from the list.")]
    if problems:
        raise Refused(asked=" ".join(problems))


@logbook.once
def withdraw(*, examination_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take one's own request back, at any time before the result, without a reason."""
    answer = _("Taken back. You can ask again whenever you like.")
    with at(examination_id, by, now, "withdraw") as (book, row):
        page = book.entry(
            rules.EXAMINATION_WITHDRAWN,
            subject=f"examination:{row.pk}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, state=ExaminationState.WITHDRAWN, ended_at=now)
        board = row.examiners.filter(queries.ON_BOARD).values_list("person_id", flat=True)
        tell(page, row, {row.asked_id, *board}, is_hers=False)
    return answer


@logbook.once
def approve(
    *,
    examination_id: uuid.UUID,
    spoken: bool,
    why: str = "",
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Approve a request. What she lacks is said, and whether one has spoken with her is asked: a
    reason goes past both, and stands there with the name. Raises Refused."""
    answer = _("Approved. Now name the board.")
    with at(examination_id, by, now, "approve") as (book, row):
        doubts = standing.lacks(row.what, row.person_id, day=days.today(now=now))
        _still_decides(row, by)
        if not spoken and not why.strip():
            raise Refused(spoken=_("Speak with her first; if that must wait, say below why."))
        if doubts and not why.strip():
            asks = _("If you approve it all the same, say why.")
            raise Refused(why=" ".join([*doubts, asks]))
        page = _decided(book, row, rules.EXAMINATION_APPROVED, (why, spoken), tap, answer)
        page.state(lacks=doubts)
        page.change(row, state=ExaminationState.APPROVED)
    return answer


@logbook.once
def refuse(
    *,
    examination_id: uuid.UUID,
    spoken: bool,
    why: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Refuse a request, with the reason that she reads. Raises Refused without one."""
    answer = _("Refused. She reads your reason, and may ask somebody else.")
    with at(examination_id, by, now, "refuse") as (book, row):
        if not why.strip():
            raise Refused(why=_("Say why: what is still to be shown. She reads it."))
        page = _decided(book, row, rules.EXAMINATION_REFUSED, (why, spoken), tap, answer)
        page.change(row, state=ExaminationState.REFUSED, ended_at=now)
    return answer


def _still_decides(row: Examination, by: Viewer) -> None:
    """Who became her mentor meanwhile does not approve alone."""
    assert by.person_id is not None, "somebody decides"
    problems = signing.problems_with_decider(
        candidate=row.person_id,
        decider=by.person_id,
        also=(),
        mentors=standing.mentors_of(row.person_id),
        refused_by=queries.refused_by(row.person_id, row.what),
    )
    if problems:
        raise Refused(" ".join(problems))


def _decided(
    book: logbook.Book,
    row: Examination,
    kind: str,
    said: tuple[str, bool],
    tap: Tap,
    answer: str,
) -> Page:
    why, spoken = said
    page = book.entry(
        kind,
        subject=f"examination:{row.pk}",
        person=row.person_id,
        facts={"what": row.what, "why": why.strip()[: rules.WHY_MAX], "spoken": spoken},
        tap=tap,
        answer=answer,
    )
    page.change(
        row,
        decided_by_id=book.by,
        decided_at=book.now,
        decided_why=why.strip()[: rules.WHY_MAX],
        spoken=spoken,
    )
    tell(page, row, [row.person_id], is_hers=True)
    return page


def kept_away(row: Examination, keys: Iterable[uuid.UUID]) -> bool:
    """Whether one of these people is kept away from the candidate or from another of them."""
    wanted = {row.person_id, *keys}
    return any(wanted & away for away in apart_from(wanted).values())
