"""Where people are is by need while they are out; where they were is exact for a month after their
return, and an area from then on."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.missions.rules.fading import (
    EXACT_FOR,
    Planned,
    Sight,
    Standing,
    Where,
    area,
    is_faded,
    sector,
    sector_words,
    sight,
    where,
)

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


@pytest.mark.parametrize(
    ("state", "standing", "is_sought", "found"),
    [
        ("PLANNED", Standing.OTHER, False, Sight.EXACT),
        ("UNCONFIRMED", Standing.OTHER, False, Sight.EXACT),
        ("OUT", Standing.NEAR, False, Sight.EXACT),
        ("OUT", Standing.LEADS, False, Sight.SECTOR),
        ("OUT", Standing.OTHER, False, Sight.NONE),
        ("OUT", Standing.LEADS, True, Sight.EXACT),
        ("OUT", Standing.OTHER, True, Sight.EXACT),
        ("BACK", Standing.LEADS, False, Sight.EXACT),
        ("BACK", Standing.OTHER, False, Sight.NONE),
        ("BACK", Standing.OTHER, True, Sight.EXACT),
    ],
)
def test_how_near_a_reader_comes(
    state: str, standing: Standing, is_sought: bool, found: Sight
) -> None:
    assert sight(state=state, standing=standing, is_sought=is_sought) is found


@pytest.mark.parametrize(
    ("latitude", "longitude", "found"),
    [
        (46.50812, 13.98123, (46.525, 13.95)),
        (46.5499, 13.9001, (46.525, 13.95)),
        (0.01, 0.01, (0.025, 0.025)),
        (-0.01, -0.01, (-0.025, -0.025)),
        (78.22, 15.65, (78.225, 15.75)),
        (90.0, 180.0, (89.975, 135.0)),
        (-90.0, -180.0, (-89.975, -135.0)),
        (None, 7.5, None),
    ],
)
def test_a_sector_is_a_box_of_a_grid(
    latitude: float | None, longitude: float | None, found: tuple[float, float] | None
) -> None:
    assert sector(latitude, longitude) == found


@given(st.floats(min_value=-89, max_value=89), st.floats(min_value=-180, max_value=180))
def test_a_sector_is_five_kilometres_wide_at_least_and_holds_the_place(
    latitude: float, longitude: float
) -> None:
    found = sector(latitude, longitude)
    assert found is not None
    wide = 111.3 * math.cos(math.radians(found[0]))
    near = abs(found[1] - longitude) * wide
    assert abs(found[0] - latitude) <= 0.0251
    assert near <= 13, "no wider than a box two and a half times as wide as high"
    others = {sector(found[0], found[1] + step / wide) for step in (-2, 2)}
    assert others == {found}, "two kilometres from its middle it is the same"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("Karawanks, hut under the Kepa", "Karawanks"),
        ("North woods", ""),
        ("", ""),
        (", the hut", ""),
        ("北区、山小屋", "北区"),
        ("الشمال، الكوخ", "الشمال"),
        ("Sector 12, the hut", "Sector 12"),
        ("46.4349, 13.7482", ""),
        ("N 46° 26', E 13° 44'", ""),
        ("33TVM 051, 123", ""),
        ("  Alps  , a, b", "Alps"),
    ],
)
def test_words_of_a_sector_end_at_the_first_comma(place: str, found: str) -> None:
    assert sector_words(place) == found


def test_what_is_left_of_a_place() -> None:
    typed = Planned(place="Alps, the hut", latitude=46.50812, longitude=13.98123, route_gpx="<gpx>")
    exact = where(typed, sight=Sight.EXACT, has_faded=False)
    assert (exact.shown, exact.at, exact.route_gpx) == (
        "Alps, the hut",
        (46.50812, 13.98123),
        "<gpx>",
    )
    old = where(typed, sight=Sight.EXACT, has_faded=True)
    assert (old.shown, old.at, old.is_around, old.route_gpx) == (
        "Alps, the hut",
        (46.5, 14.0),
        True,
        "",
    )
    by_sector = where(typed, sight=Sight.SECTOR, has_faded=False)
    assert (by_sector.shown, by_sector.at, by_sector.route_gpx) == ("Alps", (46.525, 13.95), "")
    assert where(typed, sight=Sight.NONE, has_faded=False) == Where(sight=Sight.NONE)
    bare = Planned(place="The hut", latitude=None, longitude=None, route_gpx="")
    assert where(bare, sight=Sight.SECTOR, has_faded=False).shown == ""
