"""When somebody is of age, and what speaks against a minor on a mission."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.missions.rules import Conditions
from homeby.missions.rules.minors import Outing, against
from homeby.people.rules_private import MinorFacts, adult_on, problem_with_birth

DAY = dt.date(2026, 11, 20)
FOX = MinorFacts(
    person_id=uuid.uuid4(),
    callsign="Fox",
    until_date=dt.date(2030, 1, 1),
    not_before=dt.time(6),
    not_after=dt.time(21),
    only_normal=True,
)


def outing(out: str = "", due: str = "18:00", *, adults: int = 1, **more: object) -> Outing:
    """A mission of that day, in Zurich (an hour ahead of UTC)."""

    def at(text: str) -> dt.datetime:
        hour = dt.time.fromisoformat(text)
        zone = dt.timezone(dt.timedelta(hours=1))
        return dt.datetime.combine(DAY, hour, tzinfo=zone).astimezone(dt.UTC)

    facts = {"conditions": Conditions.NORMAL, "due_at": at(due)} | more
    return Outing(
        out_at=at(out) if out else None,
        zone="Europe/Zurich",
        adults=adults,
        **facts,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("born", "of_age"),
    [("2010-05-03", "2028-05-03"), ("2008-02-29", "2026-03-01"), ("2008-11-21", "2026-11-21")],
)
def test_the_day_of_age(born: str, of_age: str) -> None:
    assert adult_on(dt.date.fromisoformat(born)).isoformat() == of_age


@pytest.mark.parametrize(
    ("born", "says"),
    [
        ("2010-05-03", ""),
        ("2008-11-21", ""),
        ("2008-11-20", "is of age"),
        ("2026-11-21", "Look at the year"),
        ("1010-05-03", "Look at the year"),
    ],
)
def test_a_date_of_birth_that_cannot_be_gets_a_sentence(born: str, says: str) -> None:
    found = problem_with_birth(dt.date.fromisoformat(born), today=DAY)
    assert (says in found) if says else found == ""


def test_within_every_limit_nothing_speaks_against_it() -> None:
    assert against(outing("06:00", "21:00"), [FOX]) == []
    assert against(outing(), [FOX]) == []
    assert against(outing(adults=0, conditions=Conditions.SEVERE), []) == []


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (outing(adults=0), ["No adult is of the party."]),
        (outing(conditions=Conditions.DEMANDING), ["Fox may be out in normal conditions only."]),
        (outing(due="21:01"), ["Fox may be out from 06:00 to 21:00 only."]),
        (outing(due="05:59"), ["Fox may be out from 06:00 to 21:00 only."]),
        (outing("05:59"), ["Fox may be out from 06:00 to 21:00 only."]),
        (
            outing(due_at=dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), out="18:00"),
            ["Fox may be out from 06:00 to 21:00 only."],
        ),
    ],
)
def test_each_limit_is_said(one: Outing, says: list[str]) -> None:
    assert against(one, [FOX]) == says
