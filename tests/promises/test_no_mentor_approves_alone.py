"""A mentor does not let her own learner into a special unit: another keeper does."""

from __future__ import annotations

import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.readiness.actions import mentoring, special_unit_wishes, special_units
from homeby.readiness.actions.mentoring import MentorFields
from homeby.readiness.actions.special_units import Approval, Asked, UnitFields
from homeby.readiness.models import SpecialUnitPlace
from homeby.readiness.rules.special_units import Place
from tests.promises.learning import join, of_key, read
from tests.world import World


@pytest.fixture
def unit(world: World) -> uuid.UUID:
    """An open unit that the mate and the deputy keep; the mate is the agent's mentor."""
    read(world)
    join(world, "agent", "mate")
    fields = MentorFields(mentor_id=world.people["mate"], aims=((of_key("SCOUT"), "by day"),))
    mentoring.begin(
        learner_id=world.people["agent"], fields=fields, by=world.as_("head"), now=world.now,
        tap=new_tap(),
    )  # fmt: skip
    tap = new_tap()
    special_units.found_unit(
        fields=UnitFields(name="Rope"), by=world.as_("deputy"), now=world.now, tap=tap
    )
    asked = Asked(person_id=world.people["mate"], place=Place.KEEPER)
    keeper = new_tap()
    special_units.ask_to_join(
        unit_id=tap.entry_id, asked=asked, by=world.as_("deputy"), now=world.now, tap=keeper
    )
    special_units.answer_whether_to_join(
        place_id=keeper.entry_id, joins=True, by=world.as_("mate"), now=world.now, tap=new_tap()
    )
    return tap.entry_id


def test_a_mentor_leaves_a_wish_of_her_learner_to_another_keeper(
    world: World, unit: uuid.UUID
) -> None:
    tap = new_tap()
    special_unit_wishes.wish_to_join(unit_id=unit, by=world.as_("agent"), now=world.now, tap=tap)

    def let_in(by: str) -> str:
        return special_unit_wishes.answer_wish(
            place_id=tap.entry_id, refuses=None,
            approval=Approval(spoken=True, why="I know her well."), by=world.as_(by),
            now=world.now, tap=new_tap(),
        )  # fmt: skip

    with pytest.raises(Refused, match="A mentor does not approve alone"):
        let_in("mate")
    assert SpecialUnitPlace.objects.get(pk=tap.entry_id).from_at is None
    assert "She has the place" in let_in("deputy")


def test_a_mentor_asks_her_learner_into_no_unit(world: World, unit: uuid.UUID) -> None:
    asked = Asked(person_id=world.people["agent"], approval=Approval(spoken=True))
    with pytest.raises(Refused, match="another keeper of the unit"):
        special_units.ask_to_join(
            unit_id=unit, asked=asked, by=world.as_("mate"), now=world.now, tap=new_tap()
        )
