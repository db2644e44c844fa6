"""Whether a qualification is current, and through which day: from what was done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.readiness.rules import currency
from homeby.readiness.rules.currency import Standing, Validity, is_current, months_after, validity
from homeby.readiness.rules.qualifications import (
    Holding,
    Needs,
    Performed,
    Qualification,
    QualificationKind,
    Record,
)
from tests.rules.readiness_samples import FOX, done

POSITION = QualificationKind.POSITION
KNOWN = {
    one.key: one
    for one in (
        Qualification(
            key="crew", name="Crew", kind=POSITION, current_months=36, equivalents=("boat",)
        ),
        Qualification(key="boat", name="Boat", kind=POSITION, current_months=36),
        Qualification(
            key="lead", name="Lead", kind=POSITION, current_months=60, needs=Needs(all_of=("crew",))
        ),
        Qualification(key="chief", name="Chief", kind=POSITION, needs=Needs(all_of=("lead",))),
        Qualification(key="aid", name="Aid", kind=QualificationKind.COURSE, valid_months=24),
        Qualification(key="both", name="Both", kind=POSITION, valid_months=60, current_months=12),
    )
}
D = dt.date


def held(key: str, *performed: Performed, **said: Any) -> Record:
    holding = Holding(**{"key": key, "from_date": D(2020, 1, 15), **said})
    return Record(person_id=FOX, holdings=(holding,), performed=performed)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
        (D(2024, 2, 29), 48, D(2028, 2, 29)),
        (D(2024, 1, 31), 1, D(2024, 2, 29)),
        (D(2023, 12, 31), 2, D(2024, 2, 29)),
        (D(2023, 8, 31), 6, D(2024, 2, 29)),
        (D(2023, 12, 15), 1, D(2024, 1, 15)),
    ],
)
def test_months_later(day: dt.date, months: int, then: dt.date) -> None:
    assert months_after(day, months) == then


@pytest.mark.parametrize(
    ("record", "through"),
    [
        (held("crew"), D(2023, 1, 15)),
        (held("crew", done("crew", D(2022, 5, 1))), D(2025, 5, 1)),
        (held("crew", done("boat", D(2022, 5, 1))), D(2025, 5, 1)),  # an equivalent
        (held("crew", done("lead", D(2022, 5, 1))), D(2025, 5, 1)),  # a higher one
        (held("crew", done("chief", D(2022, 5, 1))), D(2025, 5, 1)),  # higher by two steps
        (held("lead", done("crew", D(2022, 5, 1))), D(2025, 1, 15)),  # a lower one keeps nothing
        (held("boat", done("crew", D(2022, 5, 1))), D(2023, 1, 15)),  # equivalent one way only
        (held("crew", done("crew", D(2022, 5, 1), as_trainee=True)), D(2023, 1, 15)),
        (held("crew", done("crew", D(2023, 1, 15))), D(2026, 1, 15)),  # on its last day
        (held("crew", done("crew", D(2023, 1, 16))), D(2023, 1, 15)),  # a day too late
        (  # begun on its last day
            held("crew", done("crew", D(2023, 1, 18), from_date=D(2023, 1, 15))),
            D(2026, 1, 18),
        ),
        (  # begun a day too late
            held("crew", done("crew", D(2023, 1, 18), from_date=D(2023, 1, 16))),
            D(2023, 1, 15),
        ),
        (held("crew", done("crew", D(2023, 2, 1)), done("crew", D(2024, 2, 1))), D(2023, 1, 15)),
        (held("crew", done("crew", D(2019, 5, 1))), D(2023, 1, 15)),  # before it was held
        (held("crew", done("crew", D(2022, 5, 1)), expires_date=D(2022, 6, 1)), D(2022, 6, 1)),
        (held("aid", done("aid", D(2021, 5, 1))), D(2022, 1, 15)),  # doing prolongs no paper
        (held("aid", expires_date=D(2023, 1, 1)), D(2023, 1, 1)),
        (held("both", done("both", D(2020, 12, 1))), D(2021, 12, 1)),
        (held("chief"), None),
        (held("unheard-of"), None),
    ],
)
def test_through_which_day(record: Record, through: dt.date | None) -> None:
    key = record.holdings[0].key
    found = validity(key, record, KNOWN, day=D(2025, 1, 1))
    assert found.through == through
    lapsed = through is not None and through < D(2025, 1, 1)
    assert found.standing is (Standing.LAPSED if lapsed else Standing.CURRENT)


def test_what_is_still_to_come_counts_for_nothing_today() -> None:
    record = held("crew", done("crew", D(2022, 5, 1)))
    assert validity("crew", record, KNOWN, day=D(2022, 4, 30)).through == D(2023, 1, 15)
    assert validity("crew", record, KNOWN, day=D(2019, 1, 1)).standing is Standing.NOT_YET
    assert validity("boat", record, KNOWN, day=D(2022, 1, 1)).standing is Standing.NOT_HELD


def test_a_withdrawn_one_does_not_count_from_its_day() -> None:
    record = held("chief", withdrawn_date=D(2022, 5, 1))
    assert validity("chief", record, KNOWN, day=D(2022, 4, 30)).standing is Standing.CURRENT
    assert validity("chief", record, KNOWN, day=D(2022, 5, 1)).standing is Standing.WITHDRAWN


def test_of_several_holdings_the_best_counts() -> None:
    renewed = Record(
        person_id=FOX,
        holdings=(
            Holding(key="aid", from_date=D(2024, 2, 29)),
            Holding(key="aid", from_date=D(2020, 1, 1)),
            Holding(key="aid", from_date=D(2026, 1, 1)),
        ),
    )
    found = validity("aid", renewed, KNOWN, day=D(2025, 1, 1))
    assert found == Validity(standing=Standing.CURRENT, through=D(2026, 2, 28))


@pytest.mark.parametrize(
    ("zone", "at", "current"),
    [
        ("Europe/Zurich", dt.datetime(2026, 3, 29, 21, 59, tzinfo=dt.UTC), True),
        ("Europe/Zurich", dt.datetime(2026, 3, 29, 22, 0, tzinfo=dt.UTC), False),
        ("Pacific/Auckland", dt.datetime(2026, 3, 29, 10, 59, tzinfo=dt.UTC), True),
        ("Pacific/Auckland", dt.datetime(2026, 3, 29, 11, 0, tzinfo=dt.UTC), False),
        ("America/Los_Angeles", dt.datetime(2026, 3, 30, 6, 59, tzinfo=dt.UTC), True),
    ],
)
def test_the_last_day_counts_to_its_end_where_the_organisation_is(
    zone: str, at: dt.datetime, current: bool
) -> None:
    found = Validity(standing=Standing.CURRENT, through=D(2026, 3, 29))
    assert is_current(found, at=at, zone=zone) is current
    assert (at < currency.ends_at(D(2026, 3, 29), zone)) is current


def test_a_warning_comes_in_time_and_says_the_day() -> None:
    found = Validity(standing=Standing.CURRENT, through=D(2026, 2, 28))
    assert currency.said("Aid", found, day=D(2025, 12, 29)) == ""
    assert currency.said("Aid", found, day=D(2025, 12, 30)) == "Aid is valid through 28 Feb 2026."
    lapsed = Validity(standing=Standing.LAPSED, through=D(2026, 2, 28))
    assert "lapsed; 28 Feb 2026 was its last day" in currency.said("Aid", lapsed, day=D(2026, 3, 1))


@given(
    days=st.lists(st.dates(D(2020, 1, 1), D(2030, 1, 1)), max_size=8),
    more=st.dates(D(2020, 1, 1), D(2030, 1, 1)),
)
def test_doing_more_never_shortens(days: list[dt.date], more: dt.date) -> None:
    less = held("crew", *(done("crew", day) for day in days))
    all_of_it = held("crew", *(done("crew", day) for day in (*days, more)))
    day = D(2030, 1, 1)
    one, other = (validity("crew", record, KNOWN, day=day) for record in (less, all_of_it))
    assert one.through is not None
    assert other.through is not None
    assert other.through >= one.through
