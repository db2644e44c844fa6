"""Times typed with words, in every language that Homeby speaks, whatever the page's own is."""

# ruff: noqa: RUF001 - wide digits and the other apostrophe are what some keyboards write

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.utils import translation

from homeby import instants
from homeby.instants import Problem, Typed

ZURICH = "Europe/Zurich"
NOW = dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)  # Sunday, 11:00 in Zurich
HOUR = dt.timedelta(hours=1)


def ahead(text: str) -> dt.datetime:
    typed = instants.parse_typed(text, ZURICH, NOW)
    assert isinstance(typed, Typed), typed
    return typed.instant


def past(text: str) -> dt.datetime:
    typed = instants.parse_past(text, ZURICH, NOW)
    assert isinstance(typed, Typed), typed
    return typed.instant


@pytest.mark.parametrize(
    "text",
    [
        *("tomorrow 18:30", "Tomorrow, 6:30 pm", "tomorrow at 18:30", "morgen 18:30"),
        *("morgen um 18:30", "demain 18:30", "demain à 18:30", "mañana 18:30", "MAÑANA 18:30"),
        *("manana a las 18:30", "明日 18:30", "明日18:30", "明日の１８：３０"),
    ],
)
def test_tomorrow_is_the_day_after_by_the_local_calendar(text: str) -> None:
    assert ahead(text) == dt.datetime(2026, 11, 23, 17, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("word", ["today", "heute", "aujourd'hui", "aujourd’hui", "hoy", "今日"])
def test_today_is_today_though_the_time_is_past(word: str) -> None:
    """It is then seen to be past, and does not fall due a day later."""
    assert ahead(f"{word} 08:00") == dt.datetime(2026, 11, 22, 7, 0, tzinfo=dt.UTC)
    assert past(f"{word} 08:00") == ahead(f"{word} 08:00")


@pytest.mark.parametrize("word", ["yesterday", "gestern", "hier", "ayer", "昨日"])
def test_yesterday_is_the_day_before(word: str) -> None:
    assert past(f"{word} 18:30") == dt.datetime(2026, 11, 21, 17, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        *("in 2 Stunden 30 Minuten", "2 Std. 30 min", "dans 2 heures 30 minutes", "2h30"),
        *("en 2 horas 30 minutos", "dentro de 2 h 30", "2時間30分", "2時間30分後", "+２：３０"),
    ],
)
def test_a_span_ahead(text: str) -> None:
    assert ahead(text) == NOW + 2.5 * HOUR
    if text != "2h30" and not text.startswith("2 Std") and text != "2時間30分":
        assert isinstance(instants.parse_past(text, ZURICH, NOW), Problem), "it lies ahead"


@pytest.mark.parametrize("text", ["1 Tag 1 h", "1 jour 1 heure", "1 día 1 hora", "1日1時間"])
def test_a_span_of_days(text: str) -> None:
    assert ahead(text) == NOW + 25 * HOUR


@pytest.mark.parametrize(
    "text",
    ["2 h 30 ago", "-2h30", "vor 2 Std. 30 min", "il y a 2 h 30 min", "hace 2 h 30", "2時間30分前"],
)
def test_a_span_ago(text: str) -> None:
    assert past(text) == NOW - 2.5 * HOUR


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("hours", [-26, -1.5, 3, 20])
def test_what_a_page_says_may_be_typed_again(language: str, hours: float) -> None:
    """The time on the wall, and how far away it is."""
    instant, read = NOW + hours * HOUR, ahead if hours > 0 else past
    with translation.override(language):
        wall, span = instants.wall(instant, ZURICH, NOW), instants.relative(instant, NOW)
        assert (read(wall), read(span)) == (instant, instant)


def test_a_word_for_a_day_is_read_anew_with_new_zone_data() -> None:
    kept = ahead("tomorrow 18:30")
    assert instants.reread("morgen 18:30", ZURICH, kept) == kept
    assert instants.reread("demain 25:30", ZURICH, kept) is None
