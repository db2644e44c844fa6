"""When a contact point may be used, and who may read what."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeby.logbook.rules import Audience
from homeby.people.rules import (
    NOBODY,
    STATION,
    ChannelName,
    Reach,
    Recipient,
    Role,
    Viewer,
    problem_with_person,
)

DAY = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)


def reach(begins: str = "", ends: str = "", *, zone: str = "UTC", verified: bool = True) -> Reach:
    """A contact point with hours in a few words."""
    return Reach(
        contact_id=uuid.uuid4(),
        channel=ChannelName.CONSOLE,
        verified=verified,
        zone=zone,
        from_time=dt.time.fromisoformat(begins) if begins else None,
        to_time=dt.time.fromisoformat(ends) if ends else None,
    )


def clock(text: str) -> dt.datetime:
    """This hour of the day, UTC."""
    return dt.datetime.combine(DAY.date(), dt.time.fromisoformat(text), tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "zone", "now", "usable"),
    [
        ("", "", "UTC", "03:00", True),
        ("08:00", "20:00", "UTC", "08:00", True),
        ("08:00", "20:00", "UTC", "19:59", True),
        ("08:00", "20:00", "UTC", "20:00", False),
        ("08:00", "20:00", "UTC", "07:59", False),
        ("22:00", "06:00", "UTC", "21:59", False),
        ("22:00", "06:00", "UTC", "22:00", True),
        ("22:00", "06:00", "UTC", "00:00", True),
        ("22:00", "06:00", "UTC", "05:59", True),
        ("22:00", "06:00", "UTC", "06:00", False),
        ("09:00", "09:00", "UTC", "03:00", True),  # from nine to nine is always
        ("08:00", "20:00", "Europe/Zurich", "07:00", True),  # eight o'clock there
        ("08:00", "20:00", "Europe/Zurich", "19:30", False),
        ("08:00", "20:00", "Pacific/Kiritimati", "20:00", True),  # ten in the morning, tomorrow
        ("08:00", "20:00", "Mars/Olympus", "03:00", True),  # nobody is left out by a typing error
    ],
)
def test_hours(begins: str, ends: str, zone: str, now: str, usable: bool) -> None:
    assert reach(begins, ends, zone=zone).usable(now=clock(now), in_danger=False) is usable


_times = st.times(timezones=st.none())


@given(begins=_times, ends=_times, now=_times)
def test_hours_never_hold_back_a_message_about_a_person_in_danger(
    begins: dt.time, ends: dt.time, now: dt.time
) -> None:
    one = reach(begins.isoformat(), ends.isoformat())
    at = dt.datetime.combine(DAY.date(), now, tzinfo=dt.UTC)
    assert one.usable(now=at, in_danger=True)


@given(begins=_times, ends=_times, now=_times)
def test_the_hours_of_a_day_and_of_its_night_cover_it_once(
    begins: dt.time, ends: dt.time, now: dt.time
) -> None:
    if begins == ends:
        return
    at = dt.datetime.combine(DAY.date(), now, tzinfo=dt.UTC)
    day = reach(begins.isoformat(), ends.isoformat()).usable(now=at, in_danger=False)
    night = reach(ends.isoformat(), begins.isoformat()).usable(now=at, in_danger=False)
    assert day is not night


@pytest.mark.parametrize("in_danger", [True, False])
def test_an_unverified_contact_point_is_never_used(in_danger: bool) -> None:
    one = reach(verified=False)
    assert not one.usable(now=DAY, in_danger=in_danger)
    somebody = Recipient(person_id=uuid.uuid4(), name="Fox", reaches=(one, reach()))
    assert somebody.reaches_now(now=DAY, in_danger=in_danger) == (somebody.reaches[1],)


def viewer(*roles: Role) -> Viewer:
    """A person with these roles."""
    return Viewer(person_id=uuid.uuid4(), name="x", roles=frozenset(roles))


ALL = {"MISSION", "WATCH", "OFFICE", "ADMINISTRATOR"}


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        (NOBODY, set()),
        (viewer(Role.MEMBER), set()),
        (viewer(Role.MEMBER, Role.GATE_KEEPER), {"MISSION", "WATCH"}),
        (viewer(Role.DUTY_OFFICER), {"MISSION", "WATCH"}),
        (viewer(Role.LEADER), {"MISSION", "WATCH", "OFFICE"}),
        (viewer(Role.ADMINISTRATOR), {"OFFICE", "ADMINISTRATOR"}),
        (STATION, ALL | {"PERSON"}),
    ],
)
def test_what_each_role_may_read(who: Viewer, reads: set[str]) -> None:
    assert {one.value for one in Audience if who.may_read(one)} == reads
    assert who.keeps_watch is ("WATCH" in reads)


@pytest.mark.parametrize(
    ("name", "callsign", "fields"),
    [
        ("Ada", "", set()),
        ("  ", "", {"name"}),
        ("x" * 201, "y" * 61, {"name", "callsign"}),
        ("x" * 200, "y" * 60, set()),
    ],
)
def test_what_is_wrong_with_a_name(name: str, callsign: str, fields: set[str]) -> None:
    assert set(problem_with_person(name=name, callsign=callsign)) == fields
