"""The weekly test of each duty phone: when it is due, and who is unproven. Pure.

Some phones silence messages at night, and only a message that somebody must take shows it
(`RELIABILITY.md` 5, "Weekly live test"). Whoever took a real alarm or a drill needs no test.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from homeby import instants
from homeby.watch.rules.bill import Watch

TESTS_REF = "exercise:tests"
PROVEN_FOR = dt.timedelta(days=7)
#: A test is due a day before a proof is a week old, so that there is a second try within the week.
_TEST_AFTER = PROVEN_FOR - dt.timedelta(days=1)
#: Between two tries; and how long somebody stands on the bill before the first.
_PAUSE = dt.timedelta(hours=20)
TEST_LASTS = dt.timedelta(hours=3)
REMIND_AFTER = dt.timedelta(hours=1)
#: At the latest the bill is looked through again, for whoever has been put on it.
LOOK_AGAIN = dt.timedelta(hours=3)
PUT_OFF = dt.timedelta(minutes=15)
#: Hours that somebody may choose, local: never at night.
FIRST_HOUR, LAST_HOUR = 7, 19
_OFFICE_FROM, _OFFICE_TO = 9, 17
_SATURDAY = 5
_DAYS_AHEAD = 8


@dataclass(frozen=True, kw_only=True)
class PhoneFacts:
    """One person on the watch bill: since when she stands on it, which hour she chose (local, None:
    office hours), when she was last asked, when she last took something that had reached her."""

    person_id: uuid.UUID
    since_at: dt.datetime
    hour: int | None = None
    asked_at: dt.datetime | None = None
    proven_at: dt.datetime | None = None


def unproven_since(facts: PhoneFacts, *, now: dt.datetime) -> dt.datetime | None:
    """Since when nobody knows whether an alarm would reach her; None: it did within a week, or she
    has stood on the watch bill for less."""
    last = facts.proven_at or facts.since_at
    return last if now - last > PROVEN_FOR else None


def test_due_at(facts: PhoneFacts, *, zone: str, now: dt.datetime) -> dt.datetime:
    """When her next test is due: `now`, or the first allowed moment that is still ahead."""
    at = max(now, facts.since_at + _PAUSE)
    if facts.proven_at is not None:
        at = max(now, _before_the_week_is_over(facts, facts.proven_at, zone))
    if facts.asked_at is not None and (not facts.proven_at or facts.asked_at > facts.proven_at):
        at = max(at, facts.asked_at + _PAUSE)
    return _allowed(facts.hour, at, zone)


def _before_the_week_is_over(facts: PhoneFacts, proven_at: dt.datetime, zone: str) -> dt.datetime:
    """The last allowed moment within six days of a proof, so that a weekend does not carry the
    test over the week; else six days after it."""
    latest = proven_at + _TEST_AFTER
    day = _local(latest, zone).date()
    for back in range(_DAYS_AHEAD - 2):
        window = _window(facts.hour, day - dt.timedelta(days=back), zone)
        if window is not None and proven_at < window[0] <= latest:
            return latest if latest < window[1] else window[0]
    return latest


def _allowed(hour: int | None, at: dt.datetime, zone: str) -> dt.datetime:
    """The first allowed moment from `at` on."""
    day = _local(at, zone).date()
    for ahead in range(_DAYS_AHEAD):
        window = _window(hour, day + dt.timedelta(days=ahead), zone)
        if window is not None and at < window[1]:
            return max(at, window[0])
    raise AssertionError("every week has a working day")


def _window(hour: int | None, day: dt.date, zone: str) -> tuple[dt.datetime, dt.datetime] | None:
    if hour is None and day.weekday() >= _SATURDAY:
        return None
    begins, ends = (_OFFICE_FROM, _OFFICE_TO) if hour is None else (hour, hour + 1)
    return _instant(day, begins, zone), _instant(day, ends, zone)


def _instant(day: dt.date, hour: int, zone: str) -> dt.datetime:
    return instants.resolve(dt.datetime.combine(day, dt.time(hour)), _known(zone)).instant


def _local(at: dt.datetime, zone: str) -> dt.datetime:
    return at.astimezone(instants.zone_info(_known(zone)))


def _known(zone: str) -> str:
    """A zone that nobody knows must not keep anybody from being tested."""
    try:
        instants.zone_info(zone)
    except instants.UnknownZone:
        return "UTC"
    return zone


def on_the_bill(watches: Sequence[Watch], *, now: dt.datetime) -> dict[uuid.UUID, dt.datetime]:
    """Who stands on the watch bill within the coming week, deputies too, and since when."""
    found: dict[uuid.UUID, dt.datetime] = {}
    for watch in watches:
        if watch.from_at > now + PROVEN_FOR:
            continue
        for key in (watch.person_id, watch.deputy_id):
            if key is not None:
                found[key] = min(watch.from_at, found.get(key, watch.from_at))
    return found


def problem_with_hour(hour: int | None) -> str:
    """What is wrong with the hour of a test, "" where nothing is."""
    if hour is None or FIRST_HOUR <= hour <= LAST_HOUR:
        return ""
    return f"Choose an hour from {FIRST_HOUR}:00 to {LAST_HOUR}:00: nobody is tested at night."


def next_test_look(tests: Collection[dt.datetime], *, now: dt.datetime) -> dt.datetime:
    """When the bill is looked through again: at the next test, at most three hours from now."""
    ahead = [at for at in tests if at > now]
    return min([*ahead, now + LOOK_AGAIN])
