"""Who went with whom and whose turn it is, from bare facts (`STORY.md` 80)."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.readiness.rules.pairing import (
    Went,
    by_turn,
    last_out,
    pairs,
    said_of_pairs,
    said_of_wishes,
)
from tests.rules.readiness_samples import BEAR, FOX, HARE, NOW, OWL, ZONE

DAY = dt.timedelta(days=1)
NAMES = {FOX: "Fox", OWL: "Owl", BEAR: "Bear", HARE: "Hare"}


def went(number: int, *who: uuid.UUID) -> list[Went]:
    return [Went(f"duty:{number}", one, NOW - number * DAY) for one in who]


def test_times_are_counted_for_each_two_and_the_most_often_comes_first() -> None:
    there = [*went(1, FOX, OWL), *went(2, FOX, OWL, BEAR), *went(3, FOX), *went(4, BEAR, OWL)]
    found = {one.both: (one.times, one.of) for one in pairs(there)}
    assert found == {(FOX, OWL): (2, 3), (OWL, BEAR): (2, 2), (FOX, BEAR): (1, 2)}
    assert pairs(there)[0].last_at == NOW - DAY


def test_who_mostly_goes_with_each_other_is_said_and_who_is_new_is_not() -> None:
    always = [one for number in range(1, 4) for one in went(number, FOX, OWL)]
    (said,) = said_of_pairs(pairs(always), names=NAMES, zone=ZONE)
    assert said.startswith("Fox and Owl went together 3 times in half a year")
    assert "others have a turn" in said
    others = [one for number in range(4, 8) for who in (FOX, OWL) for one in went(number * 2, who)]
    apart = [Went(f"{one.ref}/{one.person_id}", one.person_id, one.at) for one in others]
    (said,) = said_of_pairs(pairs([*always, *apart]), names=NAMES, zone=ZONE)
    assert "turn" not in said, "three of seven times"
    (said,) = said_of_pairs(pairs(went(1, FOX, OWL)), names=NAMES, zone=ZONE)
    assert "turn" not in said, "once"


def test_whoever_waited_longest_comes_first_and_who_never_went_before_all() -> None:
    last = last_out([*went(1, FOX), *went(9, OWL), *went(2, OWL), *went(5, BEAR)])
    assert by_turn([FOX, OWL, BEAR, HARE], last) == [HARE, BEAR, OWL, FOX]


def test_wishes_are_sentences_by_who_has_them() -> None:
    said = said_of_wishes([(OWL, FOX), (FOX, OWL), (FOX, BEAR)], names=NAMES)
    assert said == ["Fox likes to go with Bear, Owl.", "Owl likes to go with Fox."]
