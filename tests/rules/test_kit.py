"""What speaks against taking a thing, when it is ready again, how contents are written."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest

from homeby.readiness.rules import kit
from homeby.readiness.rules.kit import KitFacts, KitState, Part, Returned

TODAY = dt.date(2026, 11, 27)
YESTERDAY = TODAY - dt.timedelta(days=1)
ZURICH = zoneinfo.ZoneInfo("Europe/Zurich")


def against(for_mission: bool = False, **facts: object) -> list[str]:
    said: dict[str, object] = {"state": KitState.READY, **facts}
    found = KitFacts(**said)  # type: ignore[arg-type]
    return kit.against(found, for_mission=for_mission, today=TODAY)


def test_nothing_speaks_against_what_is_in_its_place() -> None:
    full = Part(name="bandages", wanted=4, there=4, expires_date=TODAY)
    assert against(parts=[full], expires_date=TODAY, for_mission=True) == []


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"state": KitState.TO_CHECK}, "nobody has checked"),
        ({"state": KitState.DAMAGED}, "damaged"),
        ({"state": KitState.MISSING}, "missing"),
        ({"may_leave": False, "for_mission": True}, "must stay"),
        ({"expires_date": YESTERDAY}, "passed its date"),
        ({"inspect_days": 30}, "inspection is overdue"),
        ({"inspect_days": 30, "inspected_date": TODAY - dt.timedelta(days=31)}, "is overdue"),
        ({"parts": [Part(name="a", wanted=1, there=1, expires_date=YESTERDAY)]}, "in it has"),
        ({"parts": [Part(name="a", wanted=2, there=1)]}, "should be in it"),
    ],
)
def test_each_doubt_is_a_sentence(facts: dict[str, object], says: str) -> None:
    (sentence,) = against(**facts)  # type: ignore[arg-type]
    assert says in sentence


def test_a_date_is_good_until_the_end_of_its_day_and_what_stays_may_be_used_here() -> None:
    assert against(inspect_days=30, inspected_date=TODAY - dt.timedelta(days=30)) == []
    assert against(may_leave=False) == []


@pytest.mark.parametrize(
    ("has_parts", "how", "state"),
    [
        (False, Returned.AS_IT_WAS, KitState.READY),
        (False, Returned.TO_CLEAN, KitState.TO_CHECK),
        (False, Returned.DAMAGED, KitState.DAMAGED),
        (True, Returned.AS_IT_WAS, KitState.TO_CHECK),
        (True, Returned.DAMAGED, KitState.DAMAGED),
    ],
)
def test_returned_is_not_restocked(has_parts: bool, how: Returned, state: KitState) -> None:
    parts = [Part(name="a", wanted=1, there=1)] if has_parts else []
    assert kit.after_return(KitFacts(state=KitState.OUT, parts=parts), how=how) is state


def test_contents_are_read_as_they_are_written() -> None:
    text = "4 bandages (2027-05-31)\n\n 2 x gloves\n1 tourniquet"
    parts = kit.parse_contents(text, there={"gloves": 1, "bandages": 9})
    assert isinstance(parts, list)
    assert [(one.name, one.wanted, one.there) for one in parts] == [
        ("bandages", 4, 4),
        ("gloves", 2, 1),
        ("tourniquet", 1, 1),
    ]
    assert parts[0].expires_date == dt.date(2027, 5, 31)
    again = kit.parse_contents(kit.written(parts), there={"gloves": 1})
    assert again == parts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("bandages", "write how many"),
        ("0 bandages", "from 1 to"),
        ("99999 bandages", "from 1 to"),
        ("4 bandages (next May)", "is no date"),
        ("4 bandages (2027-02-29)", "is no date"),
        ("1 gloves\n2 gloves", "stands there twice"),
        ("1 " + "x" * 201, "too long"),
        ("\n".join(f"1 thing {n}" for n in range(201)), "fit a set"),
    ],
)
def test_a_line_that_is_not_understood_is_named(text: str, says: str) -> None:
    said = kit.parse_contents(text, there={})
    assert isinstance(said, str)
    assert says in said


@pytest.mark.parametrize(
    ("over", "asked"),
    [
        ("2026-11-27 18:00", "2026-11-28 10:00"),
        ("2026-11-27 21:59", "2026-11-28 10:00"),
        ("2026-11-27 23:00", "2026-11-29 10:00"),
        ("2026-10-24 18:00", "2026-10-25 10:00"),  # the night in which clocks are put back
    ],
)
def test_the_return_list_can_wait_until_the_morning(over: str, asked: str) -> None:
    since = dt.datetime.fromisoformat(over).replace(tzinfo=ZURICH)
    at = kit.ask_next(since.astimezone(dt.UTC), zone=ZURICH)
    assert at.astimezone(ZURICH).strftime("%Y-%m-%d %H:%M") == asked
