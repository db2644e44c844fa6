"""The second tree: whoever changes, removes or adds a look that was counted is found, and emptying
one by a rule or for a person who asked is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import transaction

from homeby.logbook.actions import note_looks
from homeby.logbook.look_tree import count_looks, inner_of
from homeby.logbook.models import Entry, LookLeaf, Read
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions.retention import set_retention
from homeby.people.rules_private import Lasting
from homeby.retention.applying import retain
from homeby.retention.persons import erase_person
from homeby.station import checkpoints
from tests.mutations.attacker import without_guards
from tests.world import World


def look(world: World, *whom: str, who: str = "head") -> None:
    here = ReaderHere(person_id=world.people[who], as_="DUTY_OFFICER", device="tok", now=world.now)
    looks = [
        Look(
            kind=ReadKind.CALLSIGN,
            what=f"person:{world.people[one]}",
            whose=world.people[one],
            why="she asked",
        )
        for one in whom
    ]
    note_looks(looks, by=here)


def counted(world: World) -> int:
    return checkpoints.count_looks(now=world.now)


def told() -> int:
    return Entry.objects.filter(kind="LOOKS_COUNTED").count()


@pytest.fixture
def looked(world: World) -> World:
    """Five looks: three counted, two counted an hour later."""
    look(world, "agent", "mate", "outsider")
    assert counted(world) == 3
    world.now += dt.timedelta(hours=1)
    look(world, "agent", "mate")
    assert counted(world) == 2
    assert counted(world) == 0
    assert told() == 2, "an hour in which nobody looked is no entry"
    return world


def _edit(number: int) -> None:
    Read.objects.filter(number=number).update(why="for fun")


def _edit_both(number: int) -> None:
    """Whoever knows how it is made makes the hash anew, too."""
    _edit(number)
    leaf = LookLeaf.objects.get(number=number)
    inner = inner_of(Read.objects.get(number=number), salt=bytes(leaf.salt))
    LookLeaf.objects.filter(number=number).update(inner=inner)


def _move(number: int) -> None:
    at = Read.objects.get(number=number).at
    Read.objects.filter(number=number).update(at=at - dt.timedelta(hours=2))


def _remove(number: int) -> None:
    Read.objects.filter(number=number).delete()


def _remove_both(number: int) -> None:
    _remove(number)
    LookLeaf.objects.filter(number=number).delete()


def _put_in(number: int) -> None:
    row = Read.objects.get(number=number)
    row.number, row.why = 0, "put in"
    row.save(force_insert=True)


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (_edit, "is not as it was when it was counted"),
        (_edit_both, "(LOOKS_COUNTED) tells"),
        (_move, "(LOOKS_COUNTED) tells"),
        (_remove, "was counted, and is gone"),
        (_remove_both, "(LOOKS_COUNTED) tells"),
        (_put_in, "was put in later"),
    ],
)
def test_a_change_is_found(looked: World, how: Callable[[int], None], says: str) -> None:
    assert verify().difference is None
    numbers = list(Read.objects.order_by("number").values_list("number", flat=True))
    for number in (numbers[1], numbers[-1]):
        with transaction.atomic(), without_guards():
            how(number)
            found = verify().difference
            assert says in (found or ""), number
            transaction.set_rollback(True)
    assert verify().difference is None


def test_what_is_emptied_stays_counted_and_can_be_tried_by_nobody(looked: World) -> None:
    look(looked, "guard")  # not counted yet
    erase_person(
        person_id=looked.people["mate"], reason="By letter", by=looked.as_("admin"),
        now=looked.now, tap=new_tap(),
    )  # fmt: skip
    assert verify().difference is None
    assert LookLeaf.objects.filter(salt=b"").count() == 2
    set_retention(
        lasting=Lasting.LOOKS, days=30, by=looked.as_("admin"), now=looked.now, tap=new_tap()
    )
    looked.now += dt.timedelta(days=31)
    retain(by=None, now=looked.now)
    assert set(LookLeaf.objects.values_list("salt", flat=True)) == {b""}
    assert counted(looked) == 1
    assert verify().difference is None


def test_a_look_that_is_still_being_written_is_counted_later(world: World) -> None:
    look(world, "agent")
    number = Read.objects.get().number
    assert count_looks(now=world.now, until=number - 1) == 0
    assert count_looks(now=world.now, until=number) == 1
