"""Founding and keeping a special unit, joining it, leaving it (`STORY.md` 78, 83).

Nobody is put into one: she is asked, and answers. Leaving ends what the place opened in the same
instant; coming back is a new place, and gives back nothing that was held before. A message about a
unit names neither it nor anybody in it, for others read what people receive.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.queries.callsigns import inactive
from homeby.people.rules import Viewer
from homeby.readiness.actions.units_handed import hand_down_again
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import special_units as queries
from homeby.readiness.rules import special_units as rules
from homeby.readiness.rules.special_units import BEGINS, ENDS, Place, Reason
from homeby.watch.actions.notices import notify_of_hours

REQUIRES_MAX = 20


@dataclass(frozen=True, kw_only=True)
class UnitFields:
    """What is said of a unit; `requires` are keys of the catalogue."""

    name: str
    callsign: str = ""
    is_secret: bool = False
    requires: Sequence[str] = ()


@logbook.once
def found_unit(*, fields: UnitFields, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Found a special unit; whoever founds it keeps it. Raises Refused."""
    if by.person_id is None or not by.has(*queries.FOUNDERS):
        raise Refused(_("A leader of the whole organisation founds a special unit."))
    values = _values(fields)
    answer = _("Founded. You keep it; now ask people.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.SPECIAL_UNIT_FOUNDED,
            subject=f"special-unit:{tap.entry_id}",
            tap=tap,
            answer=answer,
        )
        unit = SpecialUnit(id=tap.entry_id, founded_at=now, **values)
        page.add(unit)
        page.add(
            SpecialUnitPlace(
                id=uuid.uuid4(),
                unit=unit,
                person_id=by.person_id,
                place=Place.KEEPER,
                asked_at=now,
                asked_by_id=by.person_id,
                begin_reason=Reason.NEEDED,
                from_at=now,
            )
        )
    return answer


def _values(fields: UnitFields) -> dict[str, object]:
    problems = rules.problems_with_unit(name=fields.name, callsign=fields.callsign)
    requires = list(dict.fromkeys(fields.requires))
    if len(requires) > REQUIRES_MAX or set(requires) - set(standing.known()):
        problems["requires"] = _("Choose from the list, at most %d.") % REQUIRES_MAX
    if problems:
        raise Refused(**problems)
    return {
        "name": fields.name.strip(),
        "callsign": fields.callsign.strip(),
        "is_secret": fields.is_secret,
        "requires": requires,
    }


@contextmanager
def kept(
    unit_id: uuid.UUID, by: Viewer, now: dt.datetime
) -> Iterator[tuple[logbook.Book, SpecialUnit]]:
    """A unit that the viewer keeps, locked. For whoever may not know of it there is none."""
    with logbook.writing(now=now, by=by.person_id) as book:
        found = queries.unit(by, unit_id, now=now)
        if found is None:
            raise Refused(_("There is no such unit."))
        if not found.keeps:
            raise Refused(_("Whoever keeps the unit does this."))
        row = SpecialUnit.objects.select_for_update().get(pk=unit_id)
        if row.ended_at is not None:
            raise Refused(_("This unit has ended."))
        yield book, row


@logbook.once
def change_unit(
    *, unit_id: uuid.UUID, fields: UnitFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Change what is said of a unit. One that was open and becomes secret is hidden from now on.
    Raises Refused."""
    answer = _("Kept.")
    with kept(unit_id, by, now) as (book, row):
        values = _values(fields)
        page = book.entry(
            rules.SPECIAL_UNIT_CHANGED, subject=f"special-unit:{row.pk}", tap=tap, answer=answer
        )
        page.change(row, **values)
        hand_down_again(page, row)
    return answer


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Whether whoever keeps a unit has spoken with somebody, and why she may join although
    something lacks."""

    spoken: bool = False
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whom a keeper asks, as what, why, and what she is to be called there."""

    person_id: uuid.UUID
    place: Place = Place.MEMBER
    reason: Reason = Reason.NEEDED
    callsign: str = ""
    approval: Approval = Approval()


def checked(
    unit: SpecialUnit,
    person_id: uuid.UUID,
    place: Place,
    approval: Approval,
    *,
    by: Viewer,
    now: dt.datetime,
) -> str:
    """Why somebody may join although she lacks something, or was not spoken with; "" where neither
    is so, and for whoever is only to know of it or to keep it. Raises Refused where no reason is
    given, and to whoever is, or was, her mentor: another keeper lets her in."""
    if place == Place.MEMBER and by.person_id in standing.mentors_of(person_id):
        raise Refused(
            _(
                "A mentor does not approve alone: another keeper of the unit does it; ask somebody "
                "to keep it, too."
            )
        )
    why = approval.why.strip()[: rules.WHY_MAX]
    if place != Place.MEMBER or why:
        return why
    if not approval.spoken:
        raise Refused(spoken=_("Speak with her first; if that must wait, say below why."))
    lacks = standing.missing_of(unit.requires, person_id, day=days.today(now=now))
    if lacks:
        asks = _("If she joins all the same, say why.")
        raise Refused(why=" ".join([*lacks, asks]))
    return ""


def available(unit: SpecialUnit, person_id: uuid.UUID, *, or_asked: bool = False) -> bool:
    """Whether somebody can be put together with those who stand in a unit that is locked (or are
    asked, too): she has not left the organisation, nor is she kept away from one of them. Whoever
    is refused, or refuses for it, reads the same words for both."""
    if inactive([person_id]):
        return False
    return not queries.is_apart_from_unit(unit.pk, person_id, or_asked=or_asked)


@logbook.once
def ask_to_join(*, unit_id: uuid.UUID, asked: Asked, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Ask somebody to take a place; it is hers once she says yes. Raises Refused."""
    answer = _("Asked. The place begins when she says yes.")
    with kept(unit_id, by, now) as (book, row):
        if asked.reason not in BEGINS:
            raise Refused(reason=_("Choose from the list."))
        known, _more = people.choices(by, keep=[asked.person_id], limit=0)
        if asked.person_id not in {one.person_id for one in known if not one.is_unit}:
            raise Refused(person=_("Choose from the list."))
        places = SpecialUnitPlace.objects.filter(unit=row, person_id=asked.person_id)
        if places.filter(to_at__isnull=True, place=asked.place).exists():
            raise Refused(person=_("She stands there already, or is asked and has not answered."))
        if not available(row, asked.person_id, or_asked=True):
            words = _("%s is not available; choose somebody else.")
            raise Refused(person=words % people.names([asked.person_id])[asked.person_id])
        why = checked(row, asked.person_id, asked.place, asked.approval, by=by, now=now)
        spoken = asked.approval.spoken
        page = book.entry(
            rules.SPECIAL_UNIT_ASKED,
            subject=f"special-unit:{row.pk}",
            person=asked.person_id,
            facts={"place": asked.place, "reason": asked.reason, "spoken": spoken, "why": why},
            tap=tap,
            answer=answer,
        )
        page.add(
            SpecialUnitPlace(
                id=tap.entry_id,
                unit=row,
                person_id=asked.person_id,
                place=asked.place,
                callsign=asked.callsign.strip()[: rules.CALLSIGN_MAX],
                asked_at=now,
                asked_by_id=by.person_id,
                begin_reason=asked.reason,
            )
        )
        tell_of_path(page, asked.person_id)
    return answer


def tell_of_path(page: Page, person_id: uuid.UUID) -> None:
    """Somebody hears that something stands on her path; others read what people receive."""
    if person_id == page.book.by:
        return

    def words() -> tuple[str, str]:
        return (
            _("There is news on your path"),
            _("Open the page “My path” in Homeby: it stands there, for you alone."),
        )

    key, about = f"path:{page.entry.entry_id}", f"person:{person_id}"
    notify_of_hours(page, [person_id], words, key=key, about=about)


@contextmanager
def _place(
    place_id: uuid.UUID, by: Viewer, now: dt.datetime
) -> Iterator[tuple[logbook.Book, SpecialUnitPlace]]:
    """A place that has not ended, of the viewer or in a unit she keeps, locked."""
    with logbook.writing(now=now, by=by.person_id) as book:
        found = queries.visible_places(by).filter(pk=place_id).values_list("pk", flat=True)
        rows = SpecialUnitPlace.objects.select_for_update(of=("self",)).select_related("unit")
        row = rows.filter(pk__in=list(found), to_at__isnull=True).first()
        if row is None:
            raise Refused(_("This place has ended already."))
        yield book, row


@logbook.once
def answer_whether_to_join(
    *, place_id: uuid.UUID, joins: bool, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Whoever was asked says yes or no; no needs no reason. Raises Refused."""
    answer = _("You have the place from now on.") if joins else _("Kept: you said no.")
    with _place(place_id, by, now) as (book, row):
        if row.person_id != by.person_id or row.from_at is not None or row.is_wish:
            raise Refused(_("You are not asked this any more."))
        # Of two who say yes in one instant the second finds the first there.
        unit = SpecialUnit.objects.select_for_update().get(pk=row.unit_id)
        if joins and (unit.ended_at is not None or not available(unit, row.person_id)):
            raise Refused(_("This place cannot be taken any more; say no, and ask who keeps it."))
        page = book.entry(
            rules.SPECIAL_UNIT_ANSWERED,
            subject=f"special-unit:{row.unit_id}",
            person=row.person_id,
            facts={"joins": joins},
            tap=tap,
            answer=answer,
        )
        if joins:
            page.change(row, from_at=now)
            hand_down_again(page, unit)
        else:
            page.change(row, to_at=now, end_reason=Reason.NOT_TAKEN, ended_by_id=by.person_id)
        if row.asked_by_id is not None and row.asked_by_id not in by.apart:
            tell_of_path(page, row.asked_by_id)
    return answer


@logbook.once
def leave_unit(
    *, place_id: uuid.UUID, reason: Reason, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """End a place: one's own, or as its keeper somebody else's; with it ends in this instant what
    it opened. Raises Refused."""
    answer = _("The place has ended.")
    with _place(place_id, by, now) as (book, row):
        keeps = _keeps(row.unit, by)
        if row.person_id != by.person_id and not keeps:
            raise Refused(_("Whoever keeps the unit does this."))
        if reason not in ENDS:
            raise Refused(reason=_("Choose from the list."))
        # Of two keepers who leave in one instant the second finds that she is the last.
        unit = SpecialUnit.objects.select_for_update().get(pk=row.unit_id)
        if row.place == Place.KEEPER and not _others_keep(row):
            raise Refused(_("Somebody must keep the unit: ask another keeper first."))
        page = book.entry(
            rules.SPECIAL_UNIT_LEFT,
            subject=f"special-unit:{row.unit_id}",
            person=row.person_id,
            facts={"reason": reason},
            tap=tap,
            answer=answer,
        )
        page.change(row, to_at=now, end_reason=reason, ended_by_id=by.person_id)
        hand_down_again(page, unit)
        tell_of_path(page, row.person_id)
    return answer


def _keeps(unit: SpecialUnit, by: Viewer) -> bool:
    open_rows = unit.places.filter(to_at__isnull=True, from_at__isnull=False, place=Place.KEEPER)
    return by.person_id in set(open_rows.values_list("person_id", flat=True))


def _others_keep(row: SpecialUnitPlace) -> bool:
    kept = row.unit.places.filter(to_at__isnull=True, from_at__isnull=False, place=Place.KEEPER)
    return kept.exclude(pk=row.pk).exists() or row.from_at is None
