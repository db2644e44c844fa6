"""Whoever is erased leaves no word of hers, and none that was written of her, in any room: not the
reasons for which she was refused, not what she noted, not what a secret unit called her."""

from __future__ import annotations

import pytest
from django.apps import apps

from homeby.logbook.counting import checkpoint
from homeby.logbook.models import EntryBody
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.readiness.models import Examination, Holding, SpecialUnitPlace
from homeby.retention.persons import WORDS, erase_person
from tests.promises.words_kept import PLANTED, SPANS, holding, plant, word_of
from tests.world import World

#: Not hers: words about a party, a duty of others, the watch; they go by the rules of retention.
OTHERS = {("missions.brokenglass", "reason"), ("missions.brokenglass", "review"),
          ("readiness.duty", "cancelled_why"), ("watch.pause", "reason")}  # fmt: skip
HERS = [(label, column) for label, names in PLANTED.items() for column in names]


@pytest.fixture
def erased(world: World) -> World:
    """She was out with Owl; there is a word in each of her rows; then she is erased."""
    world.send_out("agent", "mate", due_minutes=60)
    world.fast_forward(minutes=10)
    world.sign_in("agent", "mate", heads=2)
    world.look()
    plant(world)
    for label, column in HERS:
        kept = {"logbook.EntryBody", apps.get_model(label)._meta.label}
        assert kept <= holding(word_of(label, column)), "positive control"
    before = verify().checkpoint
    erase_person(person_id=world.people["agent"], reason="By letter", by=world.as_("admin"),
                 now=world.now, tap=new_tap())  # fmt: skip
    assert verify(against=checkpoint(before)).difference is None
    return world


def test_no_room_keeps_a_word_of_hers(erased: World) -> None:
    for label, column in HERS:
        found = holding(word_of(label, column))
        if (label, column) in OTHERS:
            assert found, (label, column)
        else:
            assert found == set(), (label, column)


def test_what_was_decided_stays_without_its_words(erased: World) -> None:
    her = erased.people["agent"]
    assert Examination.objects.get(person_id=her).state == "REFUSED"
    assert Holding.objects.get(person_id=her).withdrawn_date is not None


def test_her_places_in_special_units_end(erased: World) -> None:
    place = SpecialUnitPlace.objects.get(person_id=erased.people["agent"])
    assert (place.to_at, place.end_reason) == (erased.now, "OWN_WISH")


def test_when_she_slept_was_away_or_hurt_is_gone(erased: World) -> None:
    tables = [apps.get_model("readiness", name) for name in SPANS]
    assert [table.__name__ for table in tables if table._default_manager.exists()] == []
    for name in SPANS:
        bodies = EntryBody.objects.filter(body__contains=f'["add","readiness.{name.lower()}"')
        assert not bodies.exclude(entry__kind="ENTRIES_ERASED").exists(), name


def test_each_list_of_words_is_tried_here() -> None:
    tried = {(label, column) for label, names in PLANTED.items() for column in names}
    elsewhere = {"missions.partymember", "missions.firstreport", "watch.duress", "watch.kincare",
                 "missions.readerwrap", "missions.sealedtext"}  # fmt: skip
    listed = {(one.table._meta.label_lower, column) for one in WORDS for column in one.blank}
    assert {one for one in listed if one[0] not in elsewhere} == tried - OTHERS
