"""What a party learned: offered by one of it, shared by a decision of whoever answers for the
mission, and ended once it holds no more (`STORY.md` 27; a debrief's lessons)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions.plan import locked
from homeby.missions.models import Lesson, PlaceLesson
from homeby.missions.queries.lessons import may_decide, may_end, visible_lessons
from homeby.missions.queries.lessons import visible_place_lessons as visible_shared
from homeby.missions.rules import MemberState, MissionState
from homeby.missions.rules.lessons import LENGTH_MOST, place_key, to_a_hundredth
from homeby.people.rules import Viewer


def _said(text: str) -> str:
    if len(text.strip()) > LENGTH_MOST:
        raise Refused(
            text=_("Say it in at most %(most)d characters; these are %(many)d.")
            % {"most": LENGTH_MOST, "many": len(text.strip())}
        )
    return text.strip()


@logbook.once
def offer_lesson(
    *, mission_id: uuid.UUID, text: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """One of the party who is back says what whoever goes there next should know. Nobody but her
    and whoever answers for the mission reads it before it is shared."""
    said = _said(text)
    if not said:
        raise Refused(text=_("Write what whoever goes there next should know."))
    answer = _("Thank you. Whoever answers for the mission decides whether it is shared.")
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        own = mission.party.filter(person_id=by.person_id).first() if by.person_id else None
        if own is None or own.state != MemberState.BACK:
            raise Refused(_("A lesson is for whoever was there and is back."))
        page = book.entry(
            rules.LESSON_OFFERED,
            subject=mission.ref,
            person=own.person_id,
            tap=tap,
            answer=answer,
        )
        page.add(
            Lesson(
                id=tap.entry_id,
                mission=mission,
                person_id=own.person_id,
                text=said,
                offered_at=now,
            )
        )
    return answer


@logbook.once
def decide_lesson(
    *, lesson_id: uuid.UUID, text: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Share a lesson in these words with whoever plans to go to the same place; without words, do
    not share it. Once everybody is back: before that it would tell that somebody is."""
    said = _said(text)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = visible_lessons(by).select_for_update(of=("self",)).filter(pk=lesson_id).first()
        if row is None or not may_decide(by, row.mission):
            raise Refused(_("Whoever answers for the mission decides about this."))
        if row.decided_at is not None:
            raise Refused(_("This was decided already."))
        mission = locked(row.mission_id)
        if said and mission.state != MissionState.BACK:
            raise Refused(_("It can be shared once everybody of the party is back."))
        if said and not place_key(mission.place) and mission.latitude is None:
            raise Refused(_("This mission has no place for which a lesson could be kept."))
        answer = _("Shared: whoever plans to go there reads it.") if said else _("Not shared.")
        page = book.entry(
            rules.LESSON_DECIDED,
            subject=mission.ref,
            facts={"shared": bool(said)},
            tap=tap,
            answer=answer,
        )
        if said:
            page.add(
                PlaceLesson(
                    id=tap.entry_id,
                    place=mission.place,
                    place_key=place_key(mission.place),
                    latitude=to_a_hundredth(mission.latitude),
                    longitude=to_a_hundredth(mission.longitude),
                    unit_id=mission.unit_id,
                    text=said,
                    shared_at=now,
                )
            )
        shared = tap.entry_id if said else None
        page.change(row, decided_by_id=by.person_id, decided_at=now, shared_id=shared)
    return answer


@logbook.once
def end_lesson(*, lesson_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A shared lesson holds no more: it is shown to nobody from now on."""
    answer = _("It is shown no more.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = visible_shared(by).select_for_update(of=("self",)).filter(pk=lesson_id).first()
        if row is None or not may_end(by):
            raise Refused(_("A leader or duty officer says that a lesson holds no more."))
        if row.ended_at is None:
            page = book.entry(
                rules.LESSON_ENDED, subject=f"lesson:{row.pk}", tap=tap, answer=answer
            )
            page.change(row, ended_at=now)
    return answer
