"""Circles of prerequisites, and what one person lacks."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.readiness.rules.prerequisites import Lack, below, circle_said, circles, missing_for
from homeby.readiness.rules.qualifications import (
    Holding,
    Needs,
    Performed,
    Qualification,
    QualificationKind,
    Record,
    SignOff,
    Stage,
    Task,
    Where,
)
from tests.rules.readiness_samples import FOX, OWL, qualifications

TODAY = dt.date(2026, 11, 27)


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({"a": "b", "b": "c", "c": ""}, []),
        ({"a": "a"}, [("a",)]),
        ({"a": "b", "b": "a"}, [("a", "b")]),
        ({"a": "b", "b": "c", "c": "d", "d": "b"}, [("b", "c", "d")]),  # a only leads into it
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, [("a", "b"), ("c", "d")]),
        ({"a": "b c", "b": "", "c": "a"}, [("a", "c")]),
        ({"a": "nowhere"}, []),
    ],
)
def test_a_circle_is_found_and_named_whole(
    needs: dict[str, str], found: list[tuple[str, ...]]
) -> None:
    assert circles(qualifications(**needs)) == found


def test_the_sentence_names_the_way_round() -> None:
    assert circle_said(("a", "b", "c")).startswith("a → b → c → a: nobody could ever get")


def test_of_several_ways_in_one_is_enough() -> None:
    """`a` needs `b` or `c`; `b` needs `a`, and `c` leads in. Without `c` nothing does."""

    def known(*group: str) -> dict[str, Qualification]:
        found = dict(qualifications(b="a", c="", d="a"))
        found["a"] = Qualification(
            key="a", name="A", kind=QualificationKind.RANK, needs=Needs(one_of=(group,))
        )
        return found

    assert circles(known("b", "c")) == []
    assert circles(known("b", "d")) == [("a", "b"), ("d", "a")]


@given(
    st.dictionaries(
        st.sampled_from("abcdefgh"),
        st.lists(st.sampled_from("abcdefgh"), max_size=3, unique=True),
        max_size=8,
    )
)
def test_every_circle_is_one_and_none_is_missed(drawn: dict[str, list[str]]) -> None:
    """Each is a way back; with one link of each taken away again and again, none is left."""
    needs = {key: [one for one in ones if one in drawn] for key, ones in drawn.items()}
    while found := circles(qualifications(**{key: " ".join(ones) for key, ones in needs.items()})):
        for way in found:
            for one, following in zip(way, [*way[1:], way[0]], strict=True):
                assert following in needs[one] or following == way[0]
        needs[found[0][-1]].remove(found[0][0])
    order: list[str] = []
    for key in needs:
        order += [
            one
            for one in (
                *below(key, qualifications(**{k: " ".join(v) for k, v in needs.items()})),
                key,
            )
            if one not in order
        ]
    assert all(order.index(one) < order.index(key) for key, ones in needs.items() for one in ones)


def known() -> dict[str, Qualification]:
    found = dict(qualifications(aid="", map="", deputy="", other="", spare=""))
    found["lead"] = Qualification(
        key="lead",
        name="Lead",
        kind=QualificationKind.RANK,
        needs=Needs(
            all_of=("aid", "map"),
            one_of=(("other", "spare"),),
            hours=(("FIRE", 80.0), ("", 100.0)),
            held_months=(("deputy", 12),),
            least_age=21,
        ),
        tasks=(Task(what="Leads a party."), Task(what="Turns back", where=Where.REAL_ONLY)),
    )
    return found


def signed(stage: Stage, task: int | None = None) -> SignOff:
    return SignOff(key="lead", stage=stage, by=OWL, learner=FOX, on_date=TODAY, task=task)


COMPLETE = Record(
    person_id=FOX,
    holdings=tuple(
        Holding(key=key, from_date=dt.date(2025, 11, 27))
        for key in ("aid", "map", "deputy", "spare")
    ),
    performed=(
        Performed(key="aid", on_date=TODAY, hours=80, mission_kind="FIRE"),
        Performed(key="aid", on_date=TODAY, hours=20, mission_kind="WATER"),
    ),
    signed=(
        signed(Stage.EVALUATE, 1),
        signed(Stage.EVALUATE, 2),
        signed(Stage.FINAL),
        signed(Stage.CERTIFY),
    ),
    born=dt.date(2005, 11, 27),
)


def lacking(**changed: Any) -> list[tuple[Lack, str]]:
    record = Record(
        **{**{name: getattr(COMPLETE, name) for name in COMPLETE.__dataclass_fields__}, **changed}
    )
    return [(one.lack, one.sentence) for one in missing_for("lead", record, known(), day=TODAY)]


def test_who_has_everything_lacks_nothing() -> None:
    assert lacking() == []
    assert lacking(holdings=(Holding(key="lead", from_date=TODAY),), signed=()) == []  # has it


@pytest.mark.parametrize(("age", "lacks"), [(18, False), (19, True)])
def test_of_age_is_known_of_everybody_and_more_is_asked_for(age: int, lacks: bool) -> None:
    one = Qualification(
        key="lead", name="Lead", kind=QualificationKind.POSITION, needs=Needs(least_age=age)
    )
    found = missing_for("lead", Record(person_id=FOX), {"lead": one}, day=TODAY)
    assert [one.lack for one in found] == [Lack.AGE] * lacks


@pytest.mark.parametrize(
    ("changed", "lack", "said"),
    [
        ({"holdings": COMPLETE.holdings[1:]}, Lack.QUALIFICATION, "Aid is missing."),
        (
            {
                "holdings": (
                    Holding(
                        key="aid", from_date=dt.date(2024, 1, 1), expires_date=dt.date(2026, 11, 26)
                    ),
                    *COMPLETE.holdings[1:],
                )
            },
            Lack.QUALIFICATION,
            "Aid lapsed; 26 Nov 2026 was its last day.",
        ),
        (
            {"holdings": COMPLETE.holdings[:3]},
            Lack.ONE_OF,
            "One of these is missing: Other, Spare.",
        ),
        ({"performed": COMPLETE.performed[:1]}, Lack.HOURS, "80 of 100 h on missions."),
        (
            {"performed": (Performed(key="aid", on_date=TODAY, hours=120, mission_kind="WATER"),)},
            Lack.HOURS,
            "0 of 80 h on missions of the kind FIRE.",
        ),
        (
            {
                "performed": (
                    *COMPLETE.performed[1:],
                    Performed(key="aid", on_date=TODAY, hours=80, mission_kind="FIRE", real=False),
                )
            },
            Lack.HOURS,
            "0 of 80 h on missions of the kind FIRE.",
        ),
        (
            {
                "holdings": (
                    *COMPLETE.holdings[:2],
                    Holding(key="deputy", from_date=dt.date(2025, 11, 28)),
                    COMPLETE.holdings[3],
                )
            },
            Lack.MONTHS,
            "Deputy has not been held long enough; months asked for: 12.",
        ),
        ({"born": dt.date(2005, 11, 28)}, Lack.AGE, "The least age for Lead is 21."),
        (
            {"born": None},
            Lack.AGE,
            "The least age for Lead is 21; whether she is, is not kept here: ask.",
        ),
        (
            {
                "performed": tuple(
                    Performed(key=key, on_date=TODAY, hours=80, mission_kind="FIRE", mission_id=OWL)
                    for key in ("aid", "map")
                )
            },
            Lack.HOURS,
            "80 of 100 h on missions.",
        ),
        ({"signed": COMPLETE.signed[1:]}, Lack.TASK, "Not signed off yet: Leads a party."),
        (
            {"signed": (COMPLETE.signed[0], *COMPLETE.signed[2:])},
            Lack.TASK,
            "Not signed off yet, and on a real mission only: Turns back.",
        ),
        ({"signed": COMPLETE.signed[:2]}, Lack.FINAL, "The final evaluation for Lead is missing."),
        ({"signed": COMPLETE.signed[:3]}, Lack.CERTIFY, "The certification for Lead is missing."),
    ],
)
def test_what_is_missing_is_said_one_by_one(changed: dict[str, Any], lack: Lack, said: str) -> None:
    assert (lack, said) in lacking(**changed)
    assert {one for one, _said in lacking(**changed)} == {lack}


@pytest.mark.parametrize(
    "ended",
    [{"withdrawn_date": dt.date(2022, 2, 1)}, {"expires_date": dt.date(2022, 2, 1)}],
)
def test_what_was_withdrawn_or_lapsed_does_not_count_as_held(ended: dict[str, dt.date]) -> None:
    """Held long ago, and again for a month."""
    before = Holding(key="deputy", from_date=dt.date(2020, 1, 1), **ended)
    again = Holding(key="deputy", from_date=dt.date(2026, 10, 27))
    others = tuple(one for one in COMPLETE.holdings if one.key != "deputy")
    found = lacking(holdings=(*others, before, again))
    assert [lack for lack, _said in found] == [Lack.MONTHS]
    still = Holding(key="deputy", from_date=dt.date(2020, 1, 1))
    assert lacking(holdings=(*others, still, again)) == []
