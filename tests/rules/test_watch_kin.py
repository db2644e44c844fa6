"""What kin see and when they hear again, decided without a database."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from homeby.comms.rules.words import worry_about
from homeby.people.rules import ChannelName, MayKnow, Reach, hash_of
from homeby.watch.rules import Phase, kin
from homeby.watch.rules.kin import Facts, Shown

NOW = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
OUT = Facts(is_out=True, due_at=NOW + HOUR, call_out_at=NOW + 2 * HOUR)
LATE = Facts(is_out=True, due_at=NOW, call_out_at=NOW + HOUR)
CALLED = Facts(is_out=True, due_at=NOW - HOUR, call_out_at=NOW)
BACK = Facts(
    is_out=False, due_at=NOW - 3 * HOUR, call_out_at=NOW - 2 * HOUR, back_at=NOW - 2 * HOUR
)
LEAST, MORE = MayKnow.BACK_OR_LATE, MayKnow.OUT_AND_DUE


@pytest.mark.parametrize(
    ("facts", "least", "more"),
    [
        (Facts(is_out=False), Shown.QUIET, Shown.QUIET),
        (OUT, Shown.QUIET, Shown.OUT),
        (replace(OUT, due_at=None, call_out_at=None), Shown.QUIET, Shown.OUT),
        (LATE, Shown.QUIET, Shown.LATE),
        (replace(LATE, told=True), Shown.LATE, Shown.LATE),
        (CALLED, Shown.LATE, Shown.LATE),
        (replace(OUT, told=True), Shown.QUIET, Shown.OUT),
        (replace(OUT, told=True, alarm_phase=Phase.ALERT), Shown.LOOKING, Shown.LOOKING),
        (replace(OUT, alarm_phase=Phase.ALERT), Shown.QUIET, Shown.OUT),
        (replace(LATE, told=True, alarm_phase=Phase.ALERT), Shown.LATE, Shown.LATE),
        (BACK, Shown.BACK, Shown.BACK),
        (replace(BACK, call_out_at=NOW), Shown.QUIET, Shown.BACK),
        (replace(BACK, call_out_at=None), Shown.QUIET, Shown.BACK),
        (replace(BACK, call_out_at=NOW, told=True), Shown.BACK, Shown.BACK),
        (replace(BACK, back_at=NOW - kin.BACK_SHOWN), Shown.QUIET, Shown.QUIET),
        (replace(BACK, back_at=None), Shown.QUIET, Shown.QUIET),
        (replace(BACK, was_held=True), Shown.QUIET, Shown.QUIET),
        (replace(CALLED, in_persons_hands=True), Shown.HELD, Shown.HELD),
        (replace(BACK, in_persons_hands=True), Shown.HELD, Shown.HELD),
    ],
)
def test_what_a_page_says(facts: Facts, least: Shown, more: Shown) -> None:
    assert kin.shown(facts, LEAST, now=NOW) is least
    assert kin.shown(facts, MORE, now=NOW) is more
    assert kin.shown(facts, MayKnow.AREA, now=NOW) is more, "a page says no place"
    assert kin.shown(facts, MayKnow.UNIT, now=NOW) is more, "nor a team"
    assert kin.shown(facts, MayKnow.NOTHING, now=NOW) is Shown.QUIET


@pytest.mark.parametrize(
    ("count", "minutes"), [(0, 60), (1, 60), (2, 60), (3, 120), (4, 180), (5, 180), (400, 180)]
)
def test_the_next_hour_is_named_by_how_many_words_there_were(count: int, minutes: int) -> None:
    hour = kin.next_hour(count, reach=None, now=NOW)
    assert hour == NOW + dt.timedelta(minutes=minutes)
    assert kin.acts_at(hour) == hour - dt.timedelta(minutes=5), "it is there before the hour"


@pytest.mark.parametrize("seconds", [1, 61, 299])
def test_an_hour_is_a_full_five_minutes(seconds: int) -> None:
    at = NOW + dt.timedelta(seconds=seconds)
    assert kin.next_hour(0, reach=None, now=at) == NOW + dt.timedelta(minutes=65)


def test_kin_with_hours_hear_within_them() -> None:
    reach = Reach(
        contact_id=uuid.uuid4(),
        channel=ChannelName.SMS,
        verified=True,
        zone="Europe/Zurich",
        from_time=dt.time(7),
        to_time=dt.time(20),
    )
    night = NOW + 2 * HOUR  # 21:00 there
    assert kin.next_hour(0, reach=reach, now=night) == dt.datetime(
        2026, 11, 21, 6, 5, tzinfo=dt.UTC
    )
    assert kin.next_hour(0, reach=reach, now=NOW - 2 * HOUR) == NOW - HOUR
    unverified = replace(reach, verified=False)
    assert kin.next_hour(0, reach=unverified, now=night) == night + HOUR


def test_the_first_worry_always_rings_and_a_further_one_after_half_an_hour() -> None:
    assert kin.rings(None, now=NOW)
    assert not kin.rings(NOW, now=NOW)
    assert not kin.rings(NOW - kin.WORRY_AGAIN + dt.timedelta(seconds=1), now=NOW)
    assert kin.rings(NOW - kin.WORRY_AGAIN, now=NOW)
    assert kin.rings(NOW + HOUR, now=NOW), "a clock wrote that which was set back since"
    assert kin.is_kept(kin.WORRIES_KEPT - 1)
    assert not kin.is_kept(kin.WORRIES_KEPT)


def test_late_is_only_who_is_out_past_the_promised_hour() -> None:
    assert kin.is_late(LATE, now=NOW)
    assert not kin.is_late(OUT, now=NOW)
    assert not kin.is_late(BACK, now=NOW)
    assert not kin.is_late(replace(LATE, due_at=None), now=NOW)


def test_what_is_kept_of_a_link_is_not_the_link() -> None:
    assert hash_of("abc") == hash_of("abc") != hash_of("abd")
    assert "abc" not in hash_of("abc")


def test_the_messages_about_a_worry_are_known_by_whom_it_is_about() -> None:
    assert worry_about("fox") == "worry:fox" != worry_about("owl")


@pytest.mark.parametrize(
    ("is_copy", "is_awake", "is_paused", "found"),
    [
        (False, True, False, kin.Keeping.WATCHED),
        (False, True, True, kin.Keeping.PAUSED),
        (False, False, True, kin.Keeping.SILENT),
        (False, False, False, kin.Keeping.SILENT),
        (True, True, False, kin.Keeping.COPY),
        (True, False, True, kin.Keeping.COPY),
    ],
)
def test_of_what_keeps_no_watch_the_gravest_is_said(
    is_copy: bool, is_awake: bool, is_paused: bool, found: kin.Keeping
) -> None:
    assert kin.keeping(is_copy=is_copy, is_awake=is_awake, is_paused=is_paused) is found
