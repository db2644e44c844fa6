"""Who can go: the funnel, the reasons, the order; no figure of a person, no private reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import uuid
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.rest import resting
from homeby.readiness.rules.who_can_go import (
    Asked,
    Candidate,
    Outcome,
    Sieve,
    can_i_go,
    can_i_go_without,
    who_can_go,
)
from tests.rules.readiness_samples import FOX, NOW, PACKS, ZONE, at, duties, qualifications

KNOWN = qualifications(medic="", lead="")
MISSION = uuid.UUID(int=99)
ASKED = Asked(mission_id=MISSION, needs=("medic", "lead"), begins=at(2), ends=at(30), zone=ZONE)
TODAY = dt.date(2026, 11, 27)
GOOD = Validity(standing=Standing.CURRENT)
BLOCKS = tuple(resting(duties((-17, -1)), PACKS["volunteers"], now=NOW))


def person(number: int, *held: str, **said: Any) -> Candidate:
    validity = {"validity": dict.fromkeys(held, GOOD)}
    return Candidate(**{"person_id": uuid.UUID(int=number), **validity, **said})


CROWD = [
    person(1, "medic", "lead", last_asked_at=at(-10)),
    person(2, "medic"),
    person(3, "medic", last_asked_at=at(-1000)),
    person(4),
    person(5, validity={"medic": Validity(standing=Standing.LAPSED, through=TODAY)}),
    person(6, validity={"medic": Validity(standing=Standing.CURRENT, through=TODAY)}),
    person(7, "medic", busy=((at(-1), at(3)),)),
    person(8, "medic", busy=((at(30), at(40)), (at(-5), at(2)))),  # before and after it
    person(9, "medic", blocks=BLOCKS),
    person(10, "medic", not_before=at(48)),
    person(11, "medic", not_before=at(1)),
    person(12, "medic", kept_off=True),
    person(13, "medic", said=("Hare may not be out alone.",)),
]


def judged() -> dict[int, Outcome]:
    answer = who_can_go(ASKED, CROWD, KNOWN, now=NOW)
    return {one.person_id.int: one for one in answer.outcomes}


def test_the_funnel_counts_who_passes_each_sieve() -> None:
    medic, lead = who_can_go(ASKED, CROWD, KNOWN, now=NOW).funnels
    counts = (medic.hold, medic.valid, medic.free, medic.rested, medic.allowed)
    assert counts == (12, 10, 9, 8, 5)
    assert (lead.hold, lead.valid, lead.allowed) == (1, 1, 1)
    assert medic.said(KNOWN) == (
        "Medic: 12 hold it, 10 of them validly, 9 are free, 8 rested, 5 allowed."
    )


def test_everybody_is_taken_off_where_it_is_so_and_told_why() -> None:
    found = judged()
    off = {number: one.taken_off for number, one in found.items() if one.taken_off}
    assert off == {
        4: Sieve.HOLD,
        5: Sieve.VALID,
        6: Sieve.VALID,
        7: Sieve.FREE,
        9: Sieve.RESTED,
        10: Sieve.ALLOWED,
        12: Sieve.ALLOWED,
        13: Sieve.ALLOWED,
    }
    assert found[4].sentences == ("Medic is missing.", "Lead is missing.")
    assert found[5].sentences[0] == "Medic lapsed; 27 Nov 2026 was its last day."
    assert found[6].sentences[0] == "Medic is valid through 27 Nov 2026."  # it lasts to the 29th
    assert found[7].sentences == ("On another duty until tomorrow 00:00.",)
    assert "Rest until tomorrow 07:00" in found[9].sentences[0]
    assert found[10].sentences == ("Not before Sun 29 Nov 21:00.",)
    assert found[12].sentences == ("Not available for this mission.",)
    assert all(one.sentences for one in found.values() if one.taken_off)


def test_the_order_is_by_fit_then_by_who_waited_longest() -> None:
    order = [one.person_id.int for one in who_can_go(ASKED, CROWD, KNOWN, now=NOW).outcomes]
    assert order[0] == 1  # both needs
    assert order.index(2) < order.index(3)  # never asked, before long ago
    assert set(order[:5]) == {1, 2, 3, 8, 11}
    assert order[-1] == 4  # whoever holds nothing of it comes last


def test_of_equals_nobody_is_always_last() -> None:
    """The draw is another for every mission, and the same for the same one."""
    people = [person(number, "medic") for number in range(6)]

    def last(mission: int) -> int:
        asked = dataclasses.replace(ASKED, mission_id=uuid.UUID(int=mission))
        found = who_can_go(asked, people, KNOWN, now=NOW).outcomes
        again = who_can_go(asked, list(reversed(people)), KNOWN, now=NOW).outcomes
        assert found == again
        return found[-1].person_id.int

    assert len({last(mission) for mission in range(40)}) == 6


def test_no_figure_of_a_person_leaves_here() -> None:
    """An outcome has an id, what is covered, a sieve and sentences: nothing to rank anybody by."""
    names = {field.name for field in dataclasses.fields(Outcome)}
    assert names == {"person_id", "covers", "taken_off", "sentences"}
    for one in judged().values():
        assert not isinstance(one.taken_off, int | float)


flags = st.fixed_dictionaries(
    {},
    optional={
        "kept_off": st.just(True),
        "not_before": st.just(at(48)),
        "blocks": st.just(BLOCKS),
        "busy": st.just(((at(-1), at(3)),)),
        "last_asked_at": st.datetimes(
            NOW.replace(tzinfo=None, year=2020), NOW.replace(tzinfo=None), timezones=st.just(dt.UTC)
        ),
    },
)


@given(crowd=st.lists(st.tuples(st.sets(st.sampled_from(["medic", "lead"])), flags), max_size=12))
@settings(max_examples=60)
def test_funnels_narrow_and_private_reasons_are_never_said(
    crowd: list[tuple[set[str], dict[str, Any]]],
) -> None:
    people = [person(number, *held, **said) for number, (held, said) in enumerate(crowd)]
    answer = who_can_go(ASKED, people, KNOWN, now=NOW)
    assert len(answer.outcomes) == len(people)
    for funnel in answer.funnels:
        counts = [funnel.hold, funnel.valid, funnel.free, funnel.rested, funnel.allowed]
        assert counts == sorted(counts, reverse=True)
        assert funnel.allowed == sum(funnel.key in one.covers for one in answer.outcomes)
    by_id = {one.person_id: one for one in people}
    for one in answer.outcomes:
        assert bool(one.covers) is (one.taken_off is None)
        if by_id[one.person_id].kept_off and one.taken_off is Sieve.ALLOWED:
            assert all(
                re.fullmatch(r"Not (available for this mission|before .*)\.", said)
                for said in one.sentences
            )


def test_can_i_go_is_one_sentence_with_its_reasons() -> None:
    yes = Outcome(person_id=FOX, covers=("medic",), taken_off=None, sentences=())
    assert can_i_go(yes) == "You can go."
    assert can_i_go(judged()[4]) == (
        "Only if somebody overrides this by name: Medic is missing. Lead is missing."
    )


def test_a_certificate_ends_in_the_zone_of_the_organisation() -> None:
    """23:30 at home is the next day already where they go."""
    there = dataclasses.replace(
        ASKED, needs=("medic",), begins=NOW, zone="Asia/Tokyo", home_zone=ZONE,
        ends=dt.datetime(2026, 11, 27, 22, 30, tzinfo=dt.UTC),
    )  # fmt: skip
    ends_today = [person(6, validity={"medic": dataclasses.replace(GOOD, through=TODAY)})]
    (outcome,) = who_can_go(there, ends_today, KNOWN, now=NOW).outcomes
    assert outcome.covers == ("medic",)


def test_whoever_holds_nothing_hears_that_and_what_else_speaks_against_it() -> None:
    nothing = dataclasses.replace(ASKED, needs=())
    free, taken = (can_i_go_without(one, nothing, now=NOW) for one in (person(4), CROWD[6]))
    assert free == "You hold nothing yet that a mission may ask for."
    assert taken.startswith(free)
    assert "On another duty until" in taken
