"""The weekly test of a duty phone: by day, in time for a second one, and who is unproven."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from typing import Any

import pytest

from homeby.watch.rules import (
    PhoneFacts,
    Watch,
    next_test_look,
    on_the_bill,
    problem_with_hour,
    test_due_at,
    unproven_since,
)

due_at = test_due_at  # pytest takes what begins with "test" for a test
del test_due_at
ZURICH = "Europe/Zurich"
ADA, BEN, CLEO = (uuid.UUID(int=number) for number in (1, 2, 3))
LONG_AGO = dt.datetime(2026, 1, 5, 8, 0, tzinfo=dt.UTC)
SECOND, MINUTE, HOUR, DAY = (
    dt.timedelta(seconds=1),
    dt.timedelta(minutes=1),
    dt.timedelta(hours=1),
    dt.timedelta(days=1),
)
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def local(words: str, *, zone: str = ZURICH, week: int = 0) -> dt.datetime:
    """ "Tue 09:00" of the week of Monday 16 November 2026, or of one so many weeks later."""
    weekday, _, clock = words.partition(" ")
    hour, minute = map(int, clock.split(":"))
    day = dt.date(2026, 11, 16) + dt.timedelta(days=WEEKDAYS.index(weekday), weeks=week)
    return dt.datetime.combine(day, dt.time(hour, minute), zoneinfo.ZoneInfo(zone))


def phone(**values: Any) -> PhoneFacts:
    usual: dict[str, Any] = {"person_id": ADA, "since_at": LONG_AGO}
    return PhoneFacts(**(usual | values))


def due(facts: PhoneFacts, *, now: dt.datetime, zone: str = ZURICH) -> str:
    """When the test is due, as local weekday and time, with the weeks after that of 16 November."""
    at = due_at(facts, zone=zone, now=now).astimezone(zoneinfo.ZoneInfo(zone))
    weeks = (at.date() - dt.date(2026, 11, 16)).days // 7
    return f"{WEEKDAYS[at.weekday()]} {at:%H:%M}" + (f" +{weeks}" if weeks else "")


# --- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on_bill", "tested"),
    [
        ("Mon 08:00", "Tue 09:00"),  # 20 h later it is four in the morning
        ("Mon 12:59", "Tue 09:00"),
        ("Mon 13:01", "Tue 09:01"),
        ("Thu 15:00", "Fri 11:00"),
        ("Thu 20:59", "Fri 16:59"),
        ("Thu 21:00", "Mon 09:00 +1"),  # at five the office hours are over, and then for two days
        ("Fri 10:00", "Mon 09:00 +1"),
    ],
)
def test_whoever_is_new_on_the_bill_is_tested_in_office_hours_20_hours_later(
    on_bill: str, tested: str
) -> None:
    now = local(on_bill)
    assert due(phone(since_at=now), now=now) == tested


@pytest.mark.parametrize(
    ("hour", "on_bill", "tested"),
    [
        (19, "Fri 10:00", "Sat 19:00"),  # whoever chose an hour chose it for every day
        (7, "Sat 10:00", "Sun 07:00"),
        (7, "Sat 11:59", "Sun 07:59"),
        (7, "Sat 12:00", "Mon 07:00 +1"),
        (12, "Mon 10:00", "Tue 12:00"),
    ],
)
def test_an_hour_that_somebody_chose_is_kept_on_weekends_too(
    hour: int, on_bill: str, tested: str
) -> None:
    now = local(on_bill)
    assert due(phone(since_at=now, hour=hour), now=now) == tested


@pytest.mark.parametrize(
    ("now", "tested"),
    [
        ("Wed 08:59", "Wed 09:00"),
        ("Wed 12:00", "Wed 12:00"),
        ("Wed 16:59", "Wed 16:59"),
        ("Wed 17:00", "Thu 09:00"),
        ("Sat 12:00", "Mon 09:00 +1"),
        ("Sun 23:59", "Mon 09:00 +1"),
    ],
)
def test_whoever_was_never_tested_is_tested_at_the_next_allowed_moment(
    now: str, tested: str
) -> None:
    assert due(phone(), now=local(now)) == tested


@pytest.mark.parametrize(
    ("proven", "tested"),
    [
        ("Wed 12:00", "Tue 12:00 +1"),  # six days later, to the minute
        ("Wed 09:00", "Tue 09:00 +1"),
        ("Wed 08:59", "Mon 09:00 +1"),  # before the office hours of Tuesday: so on Monday
        ("Wed 16:59", "Tue 16:59 +1"),
        ("Wed 17:00", "Tue 09:00 +1"),
        ("Mon 20:00", "Fri 09:00"),  # six days later is a Sunday
        ("Tue 08:00", "Fri 09:00"),  # and here a Monday before nine
        ("Sun 12:00", "Fri 09:00 +1"),
    ],
)
def test_a_proof_is_renewed_before_it_is_a_week_old_and_no_weekend_is_in_the_way(
    proven: str, tested: str
) -> None:
    at = local(proven)
    assert due(phone(proven_at=at, asked_at=at - HOUR), now=at + HOUR) == tested


def test_a_proof_is_renewed_at_the_hour_that_somebody_chose() -> None:
    proven = local("Wed 12:00")
    assert due(phone(proven_at=proven, hour=19), now=proven) == "Mon 19:00 +1"
    assert due(phone(proven_at=proven, hour=12), now=proven) == "Tue 12:00 +1"
    assert due(phone(proven_at=proven, hour=7), now=proven) == "Tue 07:00 +1"


def test_a_proof_that_has_grown_old_is_renewed_now_and_not_at_an_hour_that_is_past() -> None:
    facts = phone(proven_at=local("Wed 12:00"))
    assert due(facts, now=local("Thu 10:30", week=2)) == "Thu 10:30 +2"
    assert due(facts, now=local("Thu 20:30", week=2)) == "Fri 09:00 +2"


def test_nobody_is_asked_twice_within_20_hours() -> None:
    asked = local("Tue 12:00")
    assert due(phone(asked_at=asked), now=asked + HOUR) == "Wed 09:00"
    assert due(phone(asked_at=local("Mon 18:00")), now=local("Tue 10:00")) == "Tue 14:00"
    assert due(phone(asked_at=local("Mon 18:00")), now=local("Tue 15:00")) == "Tue 15:00"


@pytest.mark.parametrize("hour", [None, 7, 12, 19])
def test_whoever_does_not_answer_is_asked_again_within_the_week_or_after_the_weekend(
    hour: int | None,
) -> None:
    """Whenever in the week she proved her phone last: every hour, and a minute before it."""
    for number in range(2 * 7 * 24):
        proven = local("Mon 00:00") + number // 2 * HOUR - number % 2 * MINUTE
        first = due_at(phone(proven_at=proven, hour=hour), zone=ZURICH, now=proven)
        facts = phone(proven_at=proven, asked_at=first, hour=hour)
        again = due_at(facts, zone=ZURICH, now=first)
        assert proven + 3 * DAY < first <= proven + 6 * DAY
        assert again - first >= 20 * HOUR
        over_weekend = hour is None and (first.weekday(), again.weekday()) == (4, 0)
        assert again <= proven + 7 * DAY or over_weekend


def test_office_hours_are_those_of_the_place() -> None:
    auckland = "Pacific/Auckland"
    saturday = dt.datetime(2026, 11, 20, 21, 0, tzinfo=dt.UTC)  # Friday in London
    assert due_at(phone(), zone=auckland, now=saturday) == dt.datetime(
        2026, 11, 22, 20, 0, tzinfo=dt.UTC
    )
    assert due(phone(), now=saturday, zone=auckland) == "Mon 09:00 +1"
    proven = local("Wed 10:00", zone=auckland)  # six days later it is Monday still in London
    assert due(phone(proven_at=proven), now=proven, zone=auckland) == "Tue 10:00 +1"


def test_the_chosen_hour_goes_with_summer_and_winter() -> None:
    before = dt.datetime(2026, 10, 24, 12, 0, tzinfo=dt.UTC)  # the clocks go back that night
    assert due_at(phone(hour=8), zone=ZURICH, now=before) == dt.datetime(
        2026, 10, 25, 7, 0, tzinfo=dt.UTC
    )
    assert due_at(phone(hour=8), zone=ZURICH, now=before - DAY) == dt.datetime(
        2026, 10, 24, 6, 0, tzinfo=dt.UTC
    )


def test_a_zone_that_nobody_knows_keeps_nobody_from_being_tested() -> None:
    night = dt.datetime(2026, 11, 18, 3, 0, tzinfo=dt.UTC)
    assert due_at(phone(), zone="Moon/Tycho", now=night) == night.replace(hour=9)


# --- who is unproven -----------------------------------------------------------------------------


def test_whoever_took_nothing_for_a_week_is_unproven_since_then() -> None:
    now = local("Wed 12:00")
    assert unproven_since(phone(proven_at=now - 7 * DAY), now=now) is None
    late = now - 7 * DAY - SECOND
    assert unproven_since(phone(proven_at=late), now=now) == late


def test_whoever_is_new_on_the_bill_has_a_week_to_prove_her_phone() -> None:
    now = local("Wed 12:00")
    assert unproven_since(phone(since_at=now - 7 * DAY), now=now) is None
    assert unproven_since(phone(since_at=now), now=now) is None  # so are those planned ahead
    late = now - 7 * DAY - SECOND
    assert unproven_since(phone(since_at=late), now=now) == late
    assert unproven_since(phone(since_at=late, proven_at=now - DAY), now=now) is None


def test_what_a_clock_wrote_that_was_set_back_since_proves_nothing_and_puts_nothing_off() -> None:
    now = local("Wed 12:00")
    ahead = now + 365 * DAY
    assert unproven_since(phone(proven_at=ahead), now=now) == LONG_AGO
    for facts in (phone(proven_at=ahead), phone(asked_at=ahead)):
        assert due(facts, now=now) == "Wed 12:00"
    assert due(phone(since_at=ahead), now=now) == "Thu 09:00"


def test_she_is_unproven_while_the_instant_since_when_lies_ahead() -> None:
    now = local("Wed 12:00")
    assert unproven_since(phone(since_at=now + MINUTE), now=now) is None
    for facts in (phone(since_at=now + DAY), phone(since_at=now + DAY, proven_at=now + DAY)):
        assert unproven_since(facts, now=now) == now
    assert unproven_since(phone(since_at=now + DAY, proven_at=now - DAY), now=now) is None


def test_clocks_of_two_machines_may_be_a_minute_apart() -> None:
    now = local("Wed 12:00")
    late = now - 8 * DAY
    for ahead, unproven in ((MINUTE, None), (MINUTE + SECOND, late)):
        facts = phone(since_at=late, proven_at=now + ahead)
        assert unproven_since(facts, now=now) == unproven
        asked = phone(since_at=late, asked_at=now + ahead)
        assert due(asked, now=now) == ("Wed 12:00" if unproven else "Thu 09:00")


def test_everybody_on_the_bill_of_the_coming_week_is_tested_deputies_too() -> None:
    now = local("Wed 12:00")

    def watch(who: uuid.UUID, deputy: uuid.UUID | None, from_at: dt.datetime) -> Watch:
        return Watch(person_id=who, deputy_id=deputy, from_at=from_at)

    assert on_the_bill([], now=now) == {}
    later = watch(CLEO, BEN, now + 7 * DAY + SECOND)
    bill = [later, watch(ADA, BEN, now - DAY), watch(BEN, None, now - 2 * DAY)]
    assert on_the_bill(bill, now=now) == {ADA: now - DAY, BEN: now - 2 * DAY}
    soon = watch(CLEO, ADA, now + 7 * DAY)
    assert on_the_bill([*bill, soon], now=now)[CLEO] == now + 7 * DAY
    assert on_the_bill([*bill, soon], now=now)[ADA] == now - DAY


@pytest.mark.parametrize("hour", [None, 7, 12, 19])
def test_an_hour_by_day_may_be_chosen(hour: int | None) -> None:
    assert problem_with_hour(hour) == ""


@pytest.mark.parametrize("hour", [-1, 0, 6, 20, 23, 99])
def test_nobody_is_tested_at_night(hour: int) -> None:
    assert (
        problem_with_hour(hour) == "Choose an hour from 7:00 to 19:00: nobody is tested at night."
    )


def test_the_bill_is_looked_through_at_the_next_test_and_every_three_hours() -> None:
    now = local("Wed 12:00")
    assert next_test_look([], now=now) == now + 3 * HOUR
    assert next_test_look([now + DAY], now=now) == now + 3 * HOUR
    assert next_test_look([now + 2 * HOUR, now + HOUR], now=now) == now + HOUR
    assert next_test_look([now - HOUR, now], now=now) == now + 3 * HOUR
