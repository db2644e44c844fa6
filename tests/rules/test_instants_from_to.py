"""From when until when, with no more of a day than a reader needs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.utils import translation

from homeby import instants

ZURICH = "Europe/Zurich"
NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)  # Sunday, 11:00 in Zurich
HOUR = dt.timedelta(hours=1)
MONDAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("begins", "lasts", "on", "said"),
    [
        (2, 3, None, ("13:00", "16:00")),
        (24, 3, None, ("tomorrow 11:00", "14:00")),
        (24, 3, MONDAY, ("11:00", "14:00")),
        (36, 8, MONDAY, ("23:00", "Tue 24 Nov 07:00")),
        (36, 8, None, ("tomorrow 23:00", "Tue 24 Nov 07:00")),
        (-11.5, 1, MONDAY, ("yesterday 23:30", "00:30")),
        (240, 2, None, ("Wed 2 Dec 11:00", "13:00")),
    ],
)
def test_a_day_that_is_plain_is_not_said(
    begins: float, lasts: float, on: dt.date | None, said: tuple[str, str]
) -> None:
    first = NOW + begins * HOUR
    assert instants.from_to(first, first + lasts * HOUR, ZURICH, NOW, on=on) == said


def test_a_time_that_comes_twice_says_which() -> None:
    first = dt.datetime(2026, 10, 24, 23, 30, tzinfo=dt.UTC)
    said = instants.from_to(first, first + HOUR, ZURICH, NOW, on=dt.date(2026, 10, 25))
    assert said == ("01:30", "02:30 CEST")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_a_day_has_its_weekday_in_every_language(language: str) -> None:
    with translation.override(language):
        said = instants.weekday(MONDAY)
        assert "23" in said
        assert said == said.strip()
        assert "{" not in said
        assert said != instants.weekday(MONDAY + dt.timedelta(days=7))
