"""The minute message of a partner station: what is wrong by it, what is kept, when it is missed."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace

import pytest

from homeby.findings import Level
from homeby.watch.rules import Target, problems_with_plan
from homeby.watch.rules.partners import (
    SILENT_AFTER,
    Heard,
    Nonsense,
    Point,
    Said,
    Trouble,
    Verb,
    Watched,
    finding,
    may_keep,
    next_due_at,
    plain_name,
    read,
    steps,
    troubles,
    why_not_live,
    written,
)

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
HELD = Point(entries=10, last="j", digest="a" * 64)
GROWN = Point(entries=12, last="l", digest="b" * 64)
SAID = Said(
    verb=Verb.MINUTE,
    sender=uuid.UUID(int=1),
    receiver=uuid.UUID(int=2),
    name="South hut",
    sequence=7,
    at=NOW,
    point=GROWN,
    earlier=HELD,
    unsent_seconds=0,
    next_act_at=NOW,
    is_awake=True,
    out=3,
)


def found(said: Said, *, seen: Point | None = HELD, unproven: int = 0) -> tuple[Trouble, ...]:
    return troubles(said, seen=seen, unproven=unproven, now=NOW)


def test_a_message_comes_back_as_it_was_written() -> None:
    assert read(written(SAID)) == SAID
    without = replace(SAID, earlier=None, next_act_at=None, verb=Verb.END, reason="winter")
    assert read(written(without)) == without


def test_nothing_in_a_message_names_a_person() -> None:
    assert set(json.loads(written(SAID))) == set(vars(SAID))
    assert {"name", "reason"} >= {k for k, v in vars(SAID).items() if type(v) is str}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sequence", -1),
        ("sequence", True),
        ("sequence", 1e300),
        ("at", "yesterday"),
        ("at", "2026-11-20T12:00:00"),
        ("verb", "HELLO"),
        ("is_awake", "yes"),
        ("out", None),
        ("point", {"entries": 1, "last": "x", "digest": "zz"}),
        ("point", 3),
        ("earlier", []),
        ("name", 5),
        ("sender", "me"),
    ],
)
def test_a_field_that_cannot_be_is_nonsense(field: str, value: object) -> None:
    fields = json.loads(written(SAID)) | {field: value}
    with pytest.raises(Nonsense):
        read(json.dumps(fields))


def test_what_is_too_long_or_no_object_is_nonsense() -> None:
    for text in ("x" * 5000, "[" * 3000, "[]", "1", "", written(SAID)[:-2]):
        with pytest.raises(Nonsense):
            read(text)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({}, ()),
        ({"unsent_seconds": 120}, ()),
        ({"unsent_seconds": 121}, (Trouble.UNSENT,)),
        ({"at": NOW + 30 * SECOND}, ()),
        ({"at": NOW + 31 * SECOND}, (Trouble.CLOCK,)),
        ({"at": NOW - 31 * SECOND}, (Trouble.CLOCK,)),
        ({"next_act_at": NOW - 120 * SECOND}, ()),
        ({"next_act_at": NOW - 121 * SECOND}, (Trouble.STUCK,)),
        ({"next_act_at": None}, ()),
        ({"is_awake": False}, (Trouble.ASLEEP,)),
        ({"point": replace(GROWN, entries=9), "earlier": None}, (Trouble.LOGBOOK,)),
        ({"point": replace(HELD, digest="c" * 64), "earlier": None}, (Trouble.LOGBOOK,)),
        ({"earlier": replace(HELD, digest="c" * 64)}, (Trouble.LOGBOOK,)),
        ({"earlier": replace(HELD, entries=8, digest="c" * 64)}, ()),
        ({"earlier": None}, ()),
    ],
)
def test_what_is_wrong_by_a_message(change: dict[str, object], wrong: tuple[Trouble, ...]) -> None:
    assert found(replace(SAID, **change)) == wrong  # type: ignore[arg-type]


def test_a_logbook_that_is_never_shown_to_fit_is_wrong_in_the_end() -> None:
    assert found(SAID, unproven=4) == ()
    assert found(SAID, unproven=5) == (Trouble.LOGBOOK,)


def test_only_a_checkpoint_that_was_shown_to_go_on_is_kept() -> None:
    assert may_keep(SAID, seen=None)
    assert may_keep(SAID, seen=HELD)
    assert may_keep(replace(SAID, point=HELD, earlier=None), seen=HELD)
    assert not may_keep(replace(SAID, earlier=None), seen=HELD)
    assert not may_keep(replace(SAID, earlier=replace(HELD, entries=8)), seen=HELD)
    assert not may_keep(replace(SAID, earlier=replace(HELD, digest="c" * 64)), seen=HELD)


def test_a_shorter_or_other_logbook_is_not_the_live_one() -> None:
    assert why_not_live(HELD, HELD) == ""
    assert "shorter" in why_not_live(None, HELD)
    assert "another history" in why_not_live(replace(HELD, digest="c" * 64), HELD)


@pytest.mark.parametrize(
    ("minutes", "wrong", "due_in"),
    [(0, (), 5), (4, (), 1), (5, (), None), (60, (), None), (1, ("CLOCK",), None), (-0.5, (), 5.5)],
)
def test_the_next_message_is_due_five_minutes_after_a_good_one(
    minutes: float, wrong: tuple[str, ...], due_in: float | None
) -> None:
    heard = Heard(well_at=NOW - dt.timedelta(minutes=minutes), troubles=wrong)
    due_at = next_due_at(heard, now=NOW)
    assert due_at == (None if due_in is None else NOW + dt.timedelta(minutes=due_in))


def test_an_instant_far_ahead_puts_nothing_off() -> None:
    assert next_due_at(Heard(well_at=NOW + dt.timedelta(hours=1), troubles=()), now=NOW) is None


def test_the_plan_of_a_partner_is_safe_and_rings_both() -> None:
    for officers in ((), (uuid.uuid4(),)):
        assert problems_with_plan(steps(officers)) == []
        assert all(bool(officers) == (Target.NAMED in step.targets) for step in steps(officers))


def test_a_name_of_somebody_else_is_one_bounded_line() -> None:
    assert plain_name("  South\n\x00 hut \u202e" + "x" * 500)[:9] == "South hut"
    assert len(plain_name("x" * 500)) == 80


def test_what_the_page_says_of_a_partner() -> None:
    well = Watched(
        name="South hut",
        heard_at=NOW,
        paired_at=NOW - dt.timedelta(days=1),
        answered_at=NOW,
        answer="heard",
        troubles=(),
        officers=2,
    )
    late = NOW - SILENT_AFTER - SECOND
    levels = {
        Level.GREEN: [well],
        Level.AMBER: [replace(well, officers=0)],
        Level.RED: [
            replace(well, heard_at=late),
            replace(well, heard_at=None),
            replace(well, troubles=("CLOCK",)),
            replace(well, answered_at=late),
        ],
    }
    for level, cases in levels.items():
        assert {finding(one, now=NOW, pace=1).level for one in cases} == {level}
