"""Minors: until when, who is their guardian, and within which limits (`STORY.md` 66)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import kinds, private
from homeby.people.actions.organisation import require
from homeby.people.models import Kin, Minor, Person
from homeby.people.queries.apart import apart_from
from homeby.people.queries.minors import minors_among
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.people.rules_private import adult_on, problem_with_birth

MAY_SET = (Role.SAFEGUARDING_LEAD, Role.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class MinorFields:
    """What is said of a minor. Her guardian is a person here, or one of her kin; local hours."""

    born: dt.date
    guardian_id: uuid.UUID | None = None
    guardian_kin_id: uuid.UUID | None = None
    not_before: dt.time = dt.time(6)
    not_after: dt.time = dt.time(21)
    only_normal: bool = True


@logbook.once
def set_minor(
    *, person_id: uuid.UUID, fields: MinorFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Say that somebody is a minor, in place of what was said before."""
    require(by, *MAY_SET)
    _check(person_id, fields, now=now)
    answer = _("Kept. Pages show the day on which she is of age, and no date of birth.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Minor.objects.select_for_update().filter(person_id=person_id).first()
        until = adult_on(fields.born)
        page = book.entry(
            kinds.MINOR_SET,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"until": until},
            tap=tap,
            answer=answer,
        )
        values = {
            "born_sealed": private.seal(person_id, {"born": fields.born.isoformat()}),
            "until_date": until,
            "guardian_id": fields.guardian_id,
            "guardian_kin_id": fields.guardian_kin_id,
            "not_before": fields.not_before,
            "not_after": fields.not_after,
            "only_normal": fields.only_normal,
        }
        if row is None:
            page.add(Minor(person_id=person_id, **values))
        else:
            page.change(row, **values)
    return answer


def _check(person_id: uuid.UUID, fields: MinorFields, *, now: dt.datetime) -> None:
    if not Person.objects.filter(pk=person_id, kind=PersonKind.HUMAN, is_active=True).exists():
        raise Refused(_("There is no such person."))
    if problem := problem_with_birth(fields.born, today=now.date()):
        raise Refused(born=problem)
    if fields.not_before >= fields.not_after:
        raise Refused(not_after=_("The later hour comes after the earlier one, on the same day."))
    _check_guardian(person_id, fields, now=now)


def _check_guardian(person_id: uuid.UUID, fields: MinorFields, *, now: dt.datetime) -> None:
    guardian, kin = fields.guardian_id, fields.guardian_kin_id
    if (guardian is None) == (kin is None):
        raise Refused(guardian=_("Name one guardian: a person here, or one of her kin."))
    if kin is not None and not Kin.objects.filter(pk=kin, person_id=person_id).exists():
        raise Refused(guardian=_("She has not named these kin."))
    if guardian is None:
        return
    if guardian == person_id or minors_among([guardian], on=now.date()):
        raise Refused(guardian=_("A guardian is of age, and another person."))
    away = apart_from([person_id]).get(person_id, frozenset())
    here = Person.objects.filter(pk=guardian, kind=PersonKind.HUMAN, is_active=True).exists()
    if not here or guardian in away:
        raise Refused(guardian=_("There is no such person."))


@logbook.once
def end_minor(*, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take back that somebody is a minor (an error; whoever comes of age needs no act)."""
    require(by, *MAY_SET)
    answer = _("Taken back.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Minor.objects.select_for_update().filter(person_id=person_id).first()
        if row is None:
            raise Refused(_("This is here no more."))
        page = book.entry(
            kinds.MINOR_ENDED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=answer,
        )
        page.remove(row)
    return answer
