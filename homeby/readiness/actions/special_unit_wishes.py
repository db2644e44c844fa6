"""Somebody asks to be let into a special unit, and whoever keeps it answers: readiness is asked for
and a conversation, never a motive (`STORY.md` row 77)."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.actions.special_units import (
    Approval,
    available,
    checked,
    kept,
    tell_of_path,
)
from homeby.readiness.actions.units_handed import hand_down_again
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.queries import special_units as queries
from homeby.readiness.rules import special_units as rules
from homeby.readiness.rules.special_units import REFUSES, Place, Reason


@logbook.once
def wish_to_join(*, unit_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Ask to be let into a unit that one knows of (the id of the place is the tap's); nobody is
    asked why. Raises Refused."""
    found = queries.unit(by, unit_id, now=now) if by.person_id is not None else None
    if found is None or by.person_id is None or not found.may_wish:
        raise Refused(_("You cannot ask this now; look again."))
    answer = _("Asked. Whoever keeps the unit speaks with you; you read the answer here.")
    twice = _("You stand there already, or are asked, or have asked.")
    with only_one(name=twice), logbook.writing(now=now, by=by.person_id) as book:
        SpecialUnit.objects.select_for_update().get(pk=unit_id)
        page = book.entry(
            rules.SPECIAL_UNIT_WISHED,
            subject=f"special-unit:{unit_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        page.add(
            SpecialUnitPlace(
                id=tap.entry_id,
                unit_id=unit_id,
                person_id=by.person_id,
                place=Place.MEMBER,
                asked_at=now,
                asked_by_id=by.person_id,
                begin_reason=Reason.ASKED,
            )
        )
        for key in queries.keepers_of(unit_id, but_apart_from=by.person_id):
            tell_of_path(page, key)
    return answer


@logbook.once
def answer_wish(
    *,
    place_id: uuid.UUID,
    refuses: Reason | None,
    approval: Approval,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Let somebody in who asked for it, or refuse for a class of reason (`refuses`). What she lacks
    is said, and whether one has spoken with her is asked: a reason goes past both. Raises
    Refused."""
    row = queries.visible_places(by).filter(pk=place_id).first()
    if row is None or not row.is_wish:
        raise Refused(_("This is answered already; look again."))
    answer = _("She has the place from now on, and is told.")
    if refuses is not None:
        answer = _("Refused. She reads the class of reason, and may ask again.")
    with kept(row.unit_id, by, now) as (book, unit):
        row = SpecialUnitPlace.objects.select_for_update().get(pk=place_id)
        if not row.is_wish:
            raise Refused(_("This is answered already; look again."))
        why = ""
        if refuses is None and not available(unit, row.person_id):
            raise Refused(
                _("She is not available for this place now; refuse for a class of reason.")
            )
        if refuses is None:
            why = checked(unit, row.person_id, Place.MEMBER, approval, by=by, now=now)
        elif refuses not in REFUSES:
            raise Refused(refuses=_("Choose from the list."))
        spoken = approval.spoken
        page = book.entry(
            rules.SPECIAL_UNIT_DECIDED,
            subject=f"special-unit:{unit.pk}",
            person=row.person_id,
            facts={"joins": refuses is None, "reason": refuses, "spoken": spoken, "why": why},
            tap=tap,
            answer=answer,
        )
        if refuses is None:
            page.change(row, from_at=now)
            hand_down_again(page, unit)
        else:
            page.change(row, to_at=now, end_reason=refuses, ended_by_id=by.person_id)
        tell_of_path(page, row.person_id)
    return answer
