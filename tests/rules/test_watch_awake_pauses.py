"""Is the watch awake? While it is paused, after an outage, and whose telephones are unproven."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from homeby.findings import Finding, Level
from homeby.watch.rules import AuditorFacts, AwakeFacts, awake

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
GREEN, AMBER, RED = Level.GREEN, Level.AMBER, Level.RED
AUDITOR = AuditorFacts(
    age_seconds=3.0,
    agrees=True,
    heartbeat_set=True,
    heartbeat_age_seconds=30.0,
    heartbeat_answer="hc.example answered.",
)


def ago(**span: float) -> dt.datetime:
    return NOW - dt.timedelta(**span)


def parts(**values: Any) -> dict[str, list[Finding]]:
    usual: dict[str, Any] = {
        "now": NOW,
        "looks": (("one", 2.0),),
        "auditor": AUDITOR,
        "canary_ended_at": ago(minutes=4),
        "channels": (),
        "unproven_days": 7,
        "untried_since": None,
        "refused_since": None,
        "next_due_at": None,
    }
    found: dict[str, list[Finding]] = {}
    for one in awake(AwakeFacts(**(usual | values))):
        found.setdefault(one.what, []).append(one)
    return found


def part(what: str, **values: Any) -> Finding:
    (found,) = parts(**values)[what]
    return found


# --- a pause -------------------------------------------------------------------------------------


def test_a_pause_is_named_with_how_long_it_lasts_and_who_ends_it() -> None:
    found = part("pause", paused_until=ago(hours=-2, minutes=-30))
    assert found.level is AMBER
    assert found.sentence == (
        "The watch is paused for another 2 h 30 min: nobody is missed before."
    )
    assert found.what_to_do == "Any duty officer ends it in the office, under Pause the watch."
    assert "pause" not in parts()


def test_a_deadline_that_passes_in_a_pause_is_said_to_wait_and_not_said_to_be_lost() -> None:
    found = part("next deadline", paused_until=ago(hours=-2), next_due_at=ago(minutes=5))
    assert found.level is AMBER
    assert found.sentence == ("A deadline was due 5 min ago; it is judged when the pause ends.")
    assert "by hand" in found.what_to_do


@pytest.mark.parametrize(
    ("due_at", "sentence"),
    [
        (None, "No deadline waits: nobody is out who has no open alarm."),
        (ago(seconds=-90), "The next deadline is due in 1 min."),
        (NOW, "A deadline was due 1 s ago; it is judged when the pause ends."),
    ],
)
def test_in_a_pause_other_deadlines_are_told_as_ever(
    due_at: dt.datetime | None, sentence: str
) -> None:
    found = part("next deadline", paused_until=ago(hours=-2), next_due_at=due_at)
    assert found.sentence == sentence


def test_in_a_pause_nobody_outside_is_told_that_all_is_well() -> None:
    found = part("outside heartbeat", paused_until=ago(hours=-1))
    assert found.level is AMBER
    assert found.sentence == (
        "While the watch is paused it does not say that all is well. hc.example answered."
    )
    assert found.what_to_do == "It goes on by itself when the pause ends."


def test_a_missing_heartbeat_is_said_in_a_pause_too() -> None:
    for auditor in (None, AuditorFacts(age_seconds=1.0, agrees=True)):
        found = part("outside heartbeat", paused_until=ago(hours=-1), auditor=auditor)
        assert found.level is AMBER
        assert "no service outside notices" in found.sentence


# --- after an outage -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_at", "doors_until", "level", "sentence"),
    [
        # Sign-ins come first: the deadline waits for them, and a minute more.
        (ago(hours=3), ago(seconds=60), GREEN, "The next deadline is due now."),
        (
            ago(hours=3),
            ago(seconds=61),
            RED,
            "A deadline was due 3 h ago, and no alarm has opened.",
        ),
        (
            ago(seconds=61),
            ago(hours=3),
            RED,
            "A deadline was due 1 min ago, and no alarm has opened.",
        ),
        (ago(seconds=60), None, GREEN, "The next deadline is due now."),
    ],
)
def test_after_an_outage_a_deadline_is_late_once_the_doors_have_had_their_minute(
    due_at: dt.datetime, doors_until: dt.datetime | None, level: Level, sentence: str
) -> None:
    found = part("next deadline", next_due_at=due_at, doors_until_at=doors_until)
    assert (found.level, found.sentence) == (level, sentence)


# --- the duty phones -----------------------------------------------------------------------------


def unproven(*names: str) -> tuple[tuple[str, dt.datetime], ...]:
    return tuple((name, ago(days=8 + number)) for number, name in enumerate(names))


def test_whose_telephone_is_unproven_is_named_and_for_how_long() -> None:
    found = part("duty phones", unproven=unproven("Ada", "Ben"), on_bill=3)
    assert found.level is AMBER
    assert found.sentence == (
        "Unproven, for they took no alarm, drill or test that had reached them: "
        "Ada for 8 d; Ben for 9 d."
    )
    assert found.what_to_do == "Call them, and have them look at their telephone and at My page."


def test_five_are_named_and_the_others_counted() -> None:
    five = part("duty phones", unproven=unproven(*"ABCDE"))
    assert five.sentence.endswith("A for 8 d; B for 9 d; C for 10 d; D for 11 d; E for 12 d.")
    seven = part("duty phones", unproven=unproven(*"ABCDEFG"))
    assert seven.sentence.endswith("; E for 12 d; and 2 more.")
    six = part("duty phones", unproven=unproven(*"ABCDEF"))
    assert six.sentence.endswith("; E for 12 d; and 1 more.")


def test_where_everybody_on_the_bill_is_proven_that_is_said() -> None:
    found = part("duty phones", on_bill=1)
    assert (found.level, found.sentence) == (GREEN, "Nobody on the watch bill is unproven.")
    assert found.what_to_do == ""


def test_of_an_empty_bill_nothing_is_said() -> None:
    assert "duty phones" not in parts(on_bill=0)


def test_that_the_weekly_tests_are_off_is_said_beside_the_rest() -> None:
    proven, off = parts(on_bill=2, tests_are_on=False)["duty phones"]
    assert proven.level is GREEN
    assert (off.level, off.sentence) == (AMBER, "The weekly tests are switched off.")
    assert off.what_to_do == "Set weekly_tests to true, or hold a drill each week."
    (alone,) = parts(on_bill=0, tests_are_on=False)["duty phones"]
    assert alone == off


# --- the heartbeat -------------------------------------------------------------------------------


def test_a_heartbeat_that_was_answered_just_now_was_not_never_answered() -> None:
    found = part("outside heartbeat", auditor=replace(AUDITOR, agrees=False, age_seconds=90.0))
    assert found.sentence.endswith("It was last answered 30 s ago.")
    just_now = replace(AUDITOR, agrees=False, age_seconds=90.0, heartbeat_age_seconds=0.0)
    found = part("outside heartbeat", auditor=just_now)
    assert found.sentence.endswith("It was last answered 1 s ago.")
