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
from homeby.sentences import gettext as _
from homeby.steady import so_far
from homeby.watch.rules.bill import Watch

TESTS_REF = "exercise:tests"
PROVEN_FOR = dt.timedelta(days=7)
#: A test is due a day before a proof is a week old, so that there is a second try within the week
#: (or, where a weekend without tests lies between, on the Monday after it).
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
_DAYS = 8  # a week, and the day on which its hours are over


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
    has stood on the watch bill for less. Where only a clock that was set back since knows it, she
    is unproven from now on."""
    last = so_far(facts.proven_at, now) or so_far(facts.since_at, now)
    return last or now if last is None or now - last > PROVEN_FOR else None


def test_due_at(facts: PhoneFacts, *, zone: str, now: dt.datetime) -> dt.datetime:
    """When her next test is due: `now`, or the first allowed moment that is still ahead."""
    at = max(now, min(now, facts.since_at) + _PAUSE)
    if proven_at := so_far(facts.proven_at, now):
        at = max(now, _last_allowed(facts.hour, proven_at + _TEST_AFTER, zone))
    if asked_at := so_far(facts.asked_at, now):
        at = max(at, asked_at + _PAUSE)
    days = _allowed(facts.hour, at, zone, forward=True)
    return next(max(at, begin) for begin, end in days if at < end)


def _last_allowed(hour: int | None, latest: dt.datetime, zone: str) -> dt.datetime:
    """This instant if it is allowed, else when the last allowed hours before it begin: a weekend
    does not carry a test over the week."""
    days = _allowed(hour, latest, zone, forward=False)
    return next(latest if latest < end else begin for begin, end in days if begin <= latest)


def _allowed(
    hour: int | None, at: dt.datetime, zone: str, *, forward: bool
) -> list[tuple[dt.datetime, dt.datetime]]:
    """The hours in which tests are allowed, day by day from that of this instant on, or back."""
    begins, ends = (_OFFICE_FROM, _OFFICE_TO) if hour is None else (hour, hour + 1)
    today, a_day = _local(at, zone).date(), dt.timedelta(days=1 if forward else -1)
    days = [today + number * a_day for number in range(_DAYS)]
    if hour is None:
        days = [day for day in days if day.weekday() < _SATURDAY]
    return [(_instant(day, begins, zone), _instant(day, ends, zone)) for day in days]


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
    hours = {"first": FIRST_HOUR, "last": LAST_HOUR}
    sentence = _("Choose an hour from %(first)d:00 to %(last)d:00: nobody is tested at night.")
    return sentence % hours


def next_test_look(tests: Collection[dt.datetime], *, now: dt.datetime) -> dt.datetime:
    """When the bill is looked through again: at the next test, at most three hours from now."""
    ahead = [at for at in tests if at > now]
    return min([*ahead, now + LOOK_AGAIN])
