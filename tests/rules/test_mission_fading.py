"""Where people were is exact for a month after their return, and an area from then on."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.missions.rules.fading import EXACT_FOR, area, is_faded

BACK = dt.datetime(2026, 11, 1, 18, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("back_at", "later", "faded"),
    [
        (None, dt.timedelta(days=400), False),
        (BACK, dt.timedelta(), False),
        (BACK, EXACT_FOR - dt.timedelta(seconds=1), False),
        (BACK, EXACT_FOR, True),
        (BACK, -dt.timedelta(days=40), False),
    ],
)
def test_a_month_after_the_return(
    back_at: dt.datetime | None, later: dt.timedelta, faded: bool
) -> None:
    assert is_faded(back_at=back_at, now=BACK + later) is faded


@pytest.mark.parametrize(
    ("latitude", "longitude", "found"),
    [
        (46.43491, 13.74822, (46.4, 13.7)),
        (-46.4999, -0.04, (-46.5, 0.0)),
        (90.0, 180.0, (90.0, 180.0)),
        (None, None, None),
        (46.4, None, None),
    ],
)
def test_an_area_tells_no_place(
    latitude: float | None, longitude: float | None, found: tuple[float, float] | None
) -> None:
    assert area(latitude, longitude) == found
