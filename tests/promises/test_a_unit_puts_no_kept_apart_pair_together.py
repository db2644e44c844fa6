"""Nobody stands in a special unit together with somebody she is kept away from: not by being asked,
not by saying yes, not by a wish that is granted; and what is read then is read of whoever has left
the organisation, too (promise 8)."""

from __future__ import annotations

import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions import persons
from homeby.readiness.actions import special_unit_wishes
from homeby.readiness.models import SpecialUnit, SpecialUnitPlace
from homeby.readiness.rules.special_units import Place, Reason
from tests.promises.apart import keep_away
from tests.promises.special import SPOKEN, answer, ask, found_unit, joined
from tests.world import World


@pytest.fixture
def unit(world: World) -> uuid.UUID:
    """An open unit that the deputy keeps, with the agent in it."""
    key = found_unit(world)
    joined(world, key, "agent")
    return key


def wish(world: World, unit: uuid.UUID, who: str) -> uuid.UUID:
    tap = new_tap()
    said = special_unit_wishes.wish_to_join(unit_id=unit, by=world.as_(who), now=world.now, tap=tap)
    assert said.startswith("Asked."), "whoever wishes reads what everybody reads"
    return tap.entry_id


def let_in(world: World, place: uuid.UUID, refuses: Reason | None = None) -> str:
    return special_unit_wishes.answer_wish(
        place_id=place,
        refuses=refuses,
        approval=SPOKEN,
        by=world.as_("deputy"),
        now=world.now,
        tap=new_tap(),
    )


def leaves(world: World, who: str) -> None:
    persons.change_person(
        person_id=world.people[who],
        values={"is_active": False},
        by=world.as_("admin"),
        now=world.now,
        tap=new_tap(),
    )


def refused(act: object, *args: object) -> str:
    with pytest.raises(Refused) as found:
        act(*args)  # type: ignore[operator]
    return " ".join(found.value.problems.values())


def standing(unit: uuid.UUID) -> set[uuid.UUID]:
    rows = SpecialUnitPlace.objects.filter(unit=unit, from_at__isnull=False, to_at__isnull=True)
    return set(rows.values_list("person_id", flat=True))


@pytest.mark.parametrize("filed_by", ["mate", "agent"])
@pytest.mark.parametrize("place", list(Place))
def test_nobody_is_asked_into_a_unit_of_somebody_she_is_kept_away_from(
    world: World, unit: uuid.UUID, filed_by: str, place: Place
) -> None:
    keep_away(world, filed_by, "agent" if filed_by == "mate" else "mate")
    said = refused(ask, world, unit, "mate", place)
    assert said == f"{world.callsign('mate')} is not available; choose somebody else."
    ask(world, unit, "outsider", place)


def test_two_who_are_asked_at_once_are_not_put_together_either(
    world: World, unit: uuid.UUID
) -> None:
    keep_away(world, "mate", "outsider")
    first = ask(world, unit, "mate")
    assert "not available" in refused(ask, world, unit, "outsider")
    answer(world, first, "mate", joins=False)
    joined(world, unit, "outsider")


@pytest.mark.parametrize("filed_by", ["mate", "agent"])
def test_what_was_asked_before_it_was_filed_is_not_taken(
    world: World, unit: uuid.UUID, filed_by: str
) -> None:
    asked = ask(world, unit, "mate")
    keep_away(world, filed_by, "agent" if filed_by == "mate" else "mate")
    said = refused(answer, world, asked, "mate")
    assert world.people["mate"] not in standing(unit)
    assert "said no" in answer(world, asked, "mate", joins=False), "no is a normal answer still"
    other = ask(world, unit, "outsider")
    SpecialUnit.objects.filter(pk=unit).update(ended_at=world.now)
    assert refused(answer, world, other, "outsider") == said, "as of a unit that has ended"


@pytest.mark.parametrize("filed_by", ["mate", "agent"])
def test_a_wish_is_not_granted_in_words_that_say_nothing(
    world: World, unit: uuid.UUID, filed_by: str
) -> None:
    keep_away(world, filed_by, "agent" if filed_by == "mate" else "mate")
    wished, gone = wish(world, unit, "mate"), wish(world, unit, "outsider")
    leaves(world, "outsider")
    said = refused(let_in, world, wished)
    assert said == refused(let_in, world, gone), "as of somebody who has left"
    assert "Refused." in let_in(world, wished, Reason.OTHER_DUTY), "a class of reason goes past it"
    assert standing(unit) == {world.people["deputy"], world.people["agent"]}
