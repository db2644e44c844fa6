"""Who holds the watch: gaps, overlaps, standing watches, deputies, "not fit to watch"."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.watch.rules import Watch, deputies, officers

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
NAMES = {name: uuid.uuid5(uuid.NAMESPACE_DNS, name) for name in "ABCDEFGH"}


def at(hours: float | None) -> dt.datetime | None:
    """So many hours from now."""
    return None if hours is None else NOW + dt.timedelta(hours=hours)


def watch(
    person: str,
    deputy: str | None,
    begins: float,
    ends: float | None = None,
    *,
    aside: bool = False,
    deputy_aside: bool = False,
) -> Watch:
    """A row of the bill; without an end it is the standing watch."""
    return Watch(
        person_id=NAMES[person],
        deputy_id=NAMES[deputy] if deputy else None,
        from_at=NOW + dt.timedelta(hours=begins),
        to_at=at(ends),
        aside_at=NOW if aside else None,
        deputy_aside_at=NOW if deputy_aside else None,
    )


STANDING = watch("G", "H", -1000)

CASES = [
    ("one on watch", [watch("A", "B", -1, 1)], "A", "B"),
    ("the standing watch counts when no other does", [STANDING], "G", "H"),
    ("a fixed watch goes before the standing one", [STANDING, watch("A", "B", -1, 1)], "A", "B"),
    ("the first instant counts", [watch("A", "B", 0, 1)], "A", "B"),
    ("the last instant does not", [watch("A", "B", -1, 0)], "", ""),
    ("a gap between two", [watch("A", "B", -2, -1), watch("C", "D", 1, 2)], "", ""),
    ("a gap falls back", [watch("A", "B", -2, -1), STANDING], "G", "H"),
    ("a standing watch still to come", [watch("A", "B", 1)], "", ""),
    ("an overlap: both", [watch("A", "B", -2, 1), watch("C", "D", -1, 2)], "AC", "BD"),
    ("on the hour: the new one", [watch("A", "B", -1, 0), watch("C", "D", 0, 1)], "C", "D"),
    ("not fit: the deputy", [watch("A", "B", -1, 1, aside=True)], "B", ""),
    (
        "not fit, and the other is still there",
        [watch("A", "B", -1, 1, aside=True), watch("C", "D", -1, 1)],
        "BC",
        "D",
    ),
    ("not fit and nobody behind", [watch("A", None, -1, 1, aside=True)], "", ""),
    ("not fit and nobody behind: the standing one",
     [watch("A", None, -1, 1, aside=True), STANDING], "G", "H"),
    ("the deputy is not fit either",
     [watch("A", "B", -1, 1, aside=True, deputy_aside=True), STANDING], "G", "H"),
    ("nobody of the standing watch is fit",
     [watch("G", "H", -9, aside=True, deputy_aside=True)], "", ""),
    ("the same person twice", [watch("A", "B", -1, 1), watch("A", "C", -2, 2)], "A", "BC"),
    ("a deputy who has a watch", [watch("A", "B", -1, 1), watch("B", "C", -1, 1)], "AB", "C"),
    ("an empty bill", [], "", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "holding", "behind"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_who_holds_the_watch_and_who_stands_behind(
    rows: list[Watch], holding: str, behind: str
) -> None:
    assert officers(rows, now=NOW) == [NAMES[name] for name in holding]
    assert deputies(rows, now=NOW) == [NAMES[name] for name in behind]


_hours = st.integers(-48, 48)
_rows = st.lists(
    st.builds(
        lambda person, deputy, begins, lasts, aside, deputy_aside: watch(
            person,
            deputy,
            begins,
            None if lasts is None else begins + lasts,
            aside=aside,
            deputy_aside=deputy_aside,
        ),
        st.sampled_from("ABCD"),
        st.sampled_from("EFGH"),
        _hours,
        st.none() | st.integers(1, 24),
        st.booleans(),
        st.booleans(),
    ),
    max_size=8,
)


@given(rows=_rows)
def test_nobody_holds_a_watch_twice_or_unfit_or_outside_its_hours(rows: list[Watch]) -> None:
    found = officers(rows, now=NOW)
    assert len(found) == len(set(found))
    assert not set(found) & set(deputies(rows, now=NOW))
    for key in found:
        assert any(
            row.holder_id == key and row.from_at <= NOW and (row.to_at is None or row.to_at > NOW)
            for row in rows
        )


@given(rows=_rows)
def test_a_standing_watch_with_somebody_fit_leaves_no_gap(rows: list[Watch]) -> None:
    assert officers([*rows, STANDING], now=NOW)
