"""What missions know of special units: handed down when the first mission or duty is planned for
one, and from then on whenever it, or who stands in it, changes."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.missions.actions import units
from homeby.missions.actions.units import UnitFacts
from homeby.people.rules import Viewer
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.queries import special_units as queries
from homeby.readiness.rules import special_units as rules
from homeby.readiness.rules.special_units import Place, Reason


def hand_down_again(page: Page, unit: SpecialUnit) -> None:
    """The unit, which is locked, has changed: missions know it anew, if they know it at all."""
    if units.is_known(unit.pk):
        units.hand_down(page, _facts(unit))


def end_places(page: Page, person_id: uuid.UUID, *, reason: Reason) -> None:
    """As part of an entry, somebody stands in no special unit any more; missions know it too."""
    rows = SpecialUnitPlace.objects.filter(person_id=person_id, to_at__isnull=True)
    of_units = SpecialUnit.objects.filter(pk__in=rows.values("unit")).order_by("pk")
    units_locked = list(of_units.select_for_update(of=("self",)))
    ended = {"to_at": page.book.now, "end_reason": reason, "ended_by_id": page.book.by}
    for place in rows.select_for_update(of=("self",)).order_by("pk"):
        page.change(place, **ended)
    for unit in units_locked:
        hand_down_again(page, unit)


def hand_down_first(unit_id: uuid.UUID | None, *, by: Viewer, now: dt.datetime) -> None:
    """Before something is planned for a unit: have missions know it. Whoever may not plan for it
    changes nothing by this; planning says so."""
    if unit_id not in dict(queries.plannable(by)) or units.is_known(unit_id):
        return
    with logbook.writing(now=now, by=by.person_id) as book:
        unit = SpecialUnit.objects.select_for_update().get(pk=unit_id)
        if not units.is_known(unit_id):
            subject = f"special-unit:{unit_id}"
            units.hand_down(
                book.entry(rules.SPECIAL_UNIT_HANDED_DOWN, subject=subject), _facts(unit)
            )


def _facts(unit: SpecialUnit) -> UnitFacts:
    rows = SpecialUnitPlace.objects.filter(unit=unit, from_at__isnull=False, to_at__isnull=True)
    stand = list(rows.exclude(place=Place.INFORMED).values_list("person_id", "place"))
    return UnitFacts(
        unit_id=unit.pk,
        called=unit.called,
        is_secret=unit.is_secret,
        members={key for key, _place in stand},
        keepers={key for key, place in stand if place == Place.KEEPER},
    )
