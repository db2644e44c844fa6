"""What a person keeps for a bad day: for which purpose each is opened, and what may be written."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import Audience
from homeby.people.rules import STATION, Purpose, Role, Viewer
from homeby.people.rules_private import CARING, FIELDS, LENGTH_MAX, Kept, may_open, problems_with

OWN = {Purpose.OWN_PAGE, Purpose.OWN_ARCHIVE}


@pytest.mark.parametrize(
    ("kept", "purposes"),
    [
        (Kept.HOME, {Purpose.SEARCH_BRIEF, Purpose.WELFARE_CHECK, Purpose.BREAK_GLASS}),
        (Kept.HEALTH, {Purpose.SEARCH_BRIEF, Purpose.HEALTH, Purpose.BREAK_GLASS}),
        (Kept.WHERE, {Purpose.SEARCH_BRIEF, Purpose.WELFARE_CHECK}),
    ],
)
def test_each_is_opened_for_its_purposes_and_by_no_office(
    kept: Kept, purposes: set[Purpose]
) -> None:
    assert {one for one in Purpose if may_open(kept, one)} == purposes | OWN


def test_what_is_too_long_or_no_blood_group_gets_a_sentence() -> None:
    values = dict.fromkeys(FIELDS[Kept.HEALTH], "")
    assert problems_with(Kept.HEALTH, values) == {}
    assert problems_with(Kept.HEALTH, values | {"blood_group": "AB-"}) == {}
    wrong = problems_with(Kept.HEALTH, values | {"blood_group": "C", "allergies": "x" * 3000})
    assert set(wrong) == {"blood_group", "allergies"}
    assert f"3000 characters; {LENGTH_MAX} fit" in wrong["allergies"]


def test_an_entry_for_the_person_alone_is_for_no_role() -> None:
    everything = Viewer(roles=frozenset(Role))
    assert not everything.may_read(Audience.PERSON)
    assert STATION.may_read(Audience.PERSON)


def test_no_caring_role_keeps_watch_or_reads_what_the_office_reads() -> None:
    for role in CARING:
        viewer = Viewer(roles=frozenset({role}))
        assert not viewer.keeps_watch
        assert not any(viewer.may_read(one) for one in Audience)
