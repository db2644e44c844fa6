"""Special units, founded and filled by their acts."""

from __future__ import annotations

import uuid

from homeby.logbook.rules import new_tap
from homeby.readiness.actions import special_units
from homeby.readiness.actions.special_units import Approval, Asked
from homeby.readiness.models import SpecialUnit
from homeby.readiness.rules.special_units import Place
from tests.world import World

SPOKEN = Approval(spoken=True)


def found_unit(
    world: World, name: str = "Ridge", *, callsign: str = "", is_secret: bool = False
) -> uuid.UUID:
    """A unit that the deputy keeps."""
    fields = special_units.UnitFields(name=name, callsign=callsign, is_secret=is_secret)
    special_units.found_unit(fields=fields, by=world.as_("deputy"), now=world.now, tap=new_tap())
    return SpecialUnit.objects.get(name=name).pk


def ask(world: World, unit: uuid.UUID, who: str, place: str = Place.MEMBER) -> uuid.UUID:
    """The deputy asks somebody; gives her place."""
    tap = new_tap()
    asked = Asked(person_id=world.people[who], place=Place(place), approval=SPOKEN)
    special_units.ask_to_join(
        unit_id=unit, asked=asked, by=world.as_("deputy"), now=world.now, tap=tap
    )
    return tap.entry_id


def answer(world: World, place: uuid.UUID, who: str, *, joins: bool = True) -> str:
    """She says yes or no."""
    return special_units.answer_whether_to_join(
        place_id=place, joins=joins, by=world.as_(who), now=world.now, tap=new_tap()
    )


def joined(world: World, unit: uuid.UUID, who: str, place: str = Place.MEMBER) -> None:
    """She is asked and says yes."""
    assert "You have the place" in answer(world, ask(world, unit, who, place), who)
