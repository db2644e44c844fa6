"""When a log-in ends by itself: by hours without use, by days, and never at night."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.people.rules import Role, Viewer
from homeby.people.rules_log_ins import (
    Lasts,
    Over,
    Proof,
    ends_at,
    is_office_only,
    still_to_prove,
    why_over,
)

LASTS = Lasts(idle=dt.timedelta(hours=72), most=dt.timedelta(days=14))
ZURICH = "Europe/Zurich"
DAY = dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.UTC)  # noon in Zurich


def over_at(
    now: dt.datetime, begin: dt.datetime, *, seen_at: dt.datetime, zone: str
) -> Over | None:
    return why_over(entered_at=begin, seen_at=seen_at, now=now, lasts=LASTS, zone=zone)


@pytest.mark.parametrize(
    ("entered", "end"),
    [
        ("2026-07-01 12:00", "2026-07-15 12:00"),
        ("2026-07-01 10:00", "2026-07-15 10:00"),
        ("2026-07-01 09:59", "2026-07-15 10:00"),
        ("2026-07-01 17:59", "2026-07-15 17:59"),
        ("2026-07-01 18:00", "2026-07-16 10:00"),
        ("2026-07-01 23:30", "2026-07-16 10:00"),
        ("2026-07-01 02:10", "2026-07-15 10:00"),
    ],
)
def test_days_are_never_over_at_night(entered: str, end: str) -> None:
    begin, expected = (
        dt.datetime.fromisoformat(f"{one}:00+02:00").astimezone(dt.UTC) for one in (entered, end)
    )
    assert ends_at(begin, lasts=LASTS, zone=ZURICH) == expected
    for hours, over in ((-1, None), (0, Over.DAYS)):
        now = expected + dt.timedelta(seconds=hours)
        assert over_at(now, begin, seen_at=now, zone=ZURICH) == over


def test_a_zone_that_nobody_knows_is_the_world_s() -> None:
    assert ends_at(DAY, lasts=LASTS, zone="Mars/Olympus") == DAY + dt.timedelta(days=14)


@pytest.mark.parametrize(("hours", "over"), [(71.9, None), (72, Over.IDLE), (-2, None)])
def test_hours_without_use(hours: float, over: Over | None) -> None:
    """A clock that was set back ends nothing."""
    now = DAY + dt.timedelta(hours=hours)
    assert over_at(now, DAY, seen_at=DAY, zone="UTC") == over


@pytest.mark.parametrize(
    ("roles", "short"),
    [
        ({Role.ADMINISTRATOR}, True),
        ({Role.MEDIC, Role.MEMBER}, True),
        ({Role.MEMBER}, False),
        ({Role.DUTY_OFFICER}, False),
        ({Role.ADMINISTRATOR, Role.DUTY_OFFICER}, False),  # who must get in at night comes before
    ],
)
def test_the_shorter_time_is_for_offices_without_a_watch(roles: set[Role], short: bool) -> None:
    assert is_office_only(Viewer(person_id=uuid.uuid4(), roles=frozenset(roles))) is short


def test_a_role_for_one_team_counts_as_well() -> None:
    team = frozenset({(Role.LEADER, uuid.uuid4())})
    viewer = Viewer(roles=frozenset({Role.ADMINISTRATOR}), team_roles=team)
    assert not is_office_only(viewer)


@pytest.mark.parametrize(
    ("held", "proved", "lacks"),
    [
        ("PASSKEY PASSWORD APP", "PASSWORD APP", "PASSKEY"),
        ("PASSKEY PASSWORD", "PASSKEY", ""),
        ("PASSKEY PASSWORD", "PASSWORD RECOVERY_CODE", ""),  # the phone with the passkey is lost
        ("PASSKEY", "PROVIDER", "PASSKEY"),
        ("PASSWORD APP", "PASSWORD", "APP"),
        ("PASSWORD APP", "APP", "PASSWORD"),
        ("PASSWORD APP", "APP PASSWORD", ""),
        ("PASSWORD", "", "PASSWORD"),
        ("PASSWORD", "PASSWORD", ""),
        ("", "PROVIDER", ""),
        ("PASSKEY PASSWORD", "DOOR", ""),
    ],
)
def test_the_strongest_proof_is_a_passkey_or_else_all_that_she_has(
    held: str, proved: str, lacks: str
) -> None:
    found = still_to_prove([Proof(one) for one in held.split()], [Proof(x) for x in proved.split()])
    assert found == {Proof(one) for one in lacks.split()}
