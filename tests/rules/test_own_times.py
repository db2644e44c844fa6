"""An outside calendar, read for its times: clocks that change, unknown zones, damage, too much."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.readiness.rules import own_times as rules
from homeby.readiness.rules.own_times import Busy

NOW = dt.datetime(2026, 10, 20, 8, tzinfo=dt.UTC)
HERE = "Europe/Zurich"


def at(day: int, hour: int, month: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.UTC)


def feed(*entries: str) -> bytes:
    lines = [
        f"BEGIN:VEVENT\nUID:{number}\nDTSTAMP:20260101T000000Z\n{one}\nEND:VEVENT\n"
        for number, one in enumerate(entries)
    ]
    whole = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n" + "".join(lines) + "END:VCALENDAR\n"
    return whole.replace("\n", "\r\n").encode()


def read(*entries: str) -> Busy:
    found = rules.busy_times(feed(*entries), zone=HERE, now=NOW)
    assert isinstance(found, Busy), found
    return found


ZURICH = "DTSTART;TZID=Europe/Zurich:{0}T180000\nDTEND;TZID=Europe/Zurich:{0}T200000"
UTC = "DTSTART:{0}Z\nDTEND:{1}Z"


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        (
            ZURICH.format("20261019") + "\nRRULE:FREQ=WEEKLY;COUNT=2",
            ((at(19, 16), at(19, 18)), (at(26, 17), at(26, 19))),
        ),
        (
            ZURICH.format("20261019") + "\nRRULE:FREQ=WEEKLY;COUNT=2"
            "\nEXDATE;TZID=Europe/Zurich:20261026T180000",
            ((at(19, 16), at(19, 18)),),
        ),
        ("DTSTART:20261021T180000\nDURATION:PT3H", ((at(21, 16), at(21, 19)),)),
        (
            "DTSTART;VALUE=DATE:20261101\nDTEND;VALUE=DATE:20261102",
            ((at(31, 23), at(1, 23, month=11)),),
        ),
        (UTC.format("20261021T180000", "20261021T190000") + "\nSTATUS:CANCELLED", ()),
        (UTC.format("20261021T180000", "20261021T190000") + "\nTRANSP:TRANSPARENT", ()),
        (UTC.format("20261021T180000", "20261021T190000") + "\nRRULE:FREQ=SECONDLY", ()),
        (UTC.format("20261021T180000", "20261021T190000") + "\nRRULE:FREQ=DAILY;BYHOUR=1,2", ()),
        (UTC.format("20261001T180000", "20261001T190000"), ()),
        (UTC.format("20271001T180000", "20271001T190000"), ()),
        ("DTSTART:20261021T180000Z", ()),
    ],
)
def test_times_of_a_feed(text: str, spans: tuple[rules.Span, ...]) -> None:
    assert read(text).spans == spans


def test_what_overlaps_is_one_and_an_unknown_zone_is_said() -> None:
    found = read(
        UTC.format("20261021T180000", "20261021T200000"),
        UTC.format("20261021T190000", "20261021T210000"),
        "DTSTART;TZID=Mars/Base:20261022T080000\nDTEND;TZID=Mars/Base:20261022T100000",
    )
    assert found.spans == ((at(21, 18), at(21, 21)), (at(22, 6), at(22, 8)))
    assert found.unknown_zones == ("Mars/Base",)


WEEKLY = "\nRRULE:FREQ=WEEKLY;COUNT=2"


@pytest.mark.parametrize("status", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"])
def test_one_of_a_series_that_is_off_is_not_busy(status: str) -> None:
    one = ZURICH.format("20261026") + "\nRECURRENCE-ID;TZID=Europe/Zurich:20261026T180000\n"
    both = feed(ZURICH.format("20261019") + WEEKLY, one + status).replace(b"UID:1", b"UID:0")
    found = rules.busy_times(both, zone=HERE, now=NOW)
    assert isinstance(found, Busy)
    assert found.spans == ((at(19, 16), at(19, 18)),)
    others = feed(
        ZURICH.format("20261019") + WEEKLY + "\n" + status, ZURICH.format("20261026") +
        "\nRECURRENCE-ID;TZID=Europe/Zurich:20261026T180000",
    ).replace(b"UID:1", b"UID:0")  # fmt: skip
    found = rules.busy_times(others, zone=HERE, now=NOW)
    assert isinstance(found, Busy)
    assert found.spans == ((at(26, 17), at(26, 19)),), "and one that is on, of a series that is off"


def test_series_that_ended_long_ago_keep_no_calendar_out() -> None:
    old = "DTSTART:19000101T000000Z\nDTEND:19000101T010000Z\nRRULE:FREQ=DAILY;{}"
    over = [old.format("UNTIL=20200101T000000Z"), old.format("UNTIL=19990101T000000Z")]
    found = read(*over * 3, *[old.format("COUNT=3")] * 4, UTC.format("20261021T18", "20261021T19")
                 .replace("T18Z", "T180000Z").replace("T19Z", "T190000Z"))  # fmt: skip
    assert found.spans == ((at(21, 18), at(21, 19)),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"<html>", "no calendar"),
        (feed()[:-20], "breaks off"),
        (feed("DTSTART:bad"), "cannot be read"),
        (b"BEGIN:VCALENDAR" + b"x" * rules.FEED_BYTES_MAX, "larger than 5 MB"),
        (feed(*["DTSTART:19000101T000000Z\nRRULE:FREQ=DAILY"] * 4), "comes back too often"),
        (feed(*[""] * (rules.LINES_MAX + 1)), "more than 10000 entries"),
    ],
)
def test_a_feed_that_is_none(text: bytes, sentence: str) -> None:
    found = rules.busy_times(text, zone=HERE, now=NOW)
    assert isinstance(found, str)
    assert sentence in found
