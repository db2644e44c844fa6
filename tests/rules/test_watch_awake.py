"""Is the watch awake? A level and a sentence for each part, and what to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.findings import Finding, Level
from homeby.watch.rules import AuditorFacts, AwakeFacts, ChannelFacts, awake
from homeby.watch.rules.awake import logbook

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
GREEN, AMBER, RED = Level.GREEN, Level.AMBER, Level.RED


def ago(**span: float) -> dt.datetime:
    return NOW - dt.timedelta(**span)


def facts(**values: Any) -> AwakeFacts:
    usual: dict[str, Any] = {
        "now": NOW,
        "looks": (("one", 2.0),),
        "auditor": auditor(),
        "canary_ended_at": ago(minutes=4),
        "channels": (ChannelFacts(name="EMAIL", handed_at=ago(days=2), has_canary=True),),
        "unproven_days": 7,
        "untried_since": None,
        "refused_since": None,
        "next_due_at": None,
    }
    return AwakeFacts(**(usual | values))


def auditor(**values: Any) -> AuditorFacts:
    usual: dict[str, Any] = {
        "age_seconds": 3.0,
        "agrees": True,
        "heartbeat_set": True,
        "heartbeat_age_seconds": 30.0,
        "heartbeat_answer": "hc.example answered.",
    }
    return AuditorFacts(**(usual | values))


def part(what: str, **values: Any) -> Finding:
    (found,) = [one for one in awake(facts(**values)) if one.what == what]
    return found


def test_where_all_is_well_every_part_is_green_and_nothing_is_to_be_done() -> None:
    found = awake(facts())
    assert {one.level for one in found} == {GREEN}
    assert not any(one.what_to_do for one in found)
    assert [one.what for one in found] == [
        "watchkeeper",
        "next deadline",
        "outbox",
        "channel EMAIL",
        "canary",
        "auditor",
        "outside heartbeat",
    ]


@pytest.mark.parametrize(
    ("looks", "level", "words"),
    [
        ((), RED, "ever looked"),
        ((("one", 60.0),), GREEN, "one looked 1 min ago"),
        ((("one", 61.0),), RED, "for 1 min"),
        ((("one", 9000.0), ("two", 3.0)), GREEN, "two looked 3 s ago"),  # started anew
        ((("one", 9000.0), ("two", 300.0)), RED, "for 5 min"),
    ],
)
def test_watchkeepers(looks: tuple[tuple[str, float], ...], level: Level, words: str) -> None:
    found = part("watchkeeper", looks=looks)
    assert (found.level, words in found.sentence) == (level, True)


@pytest.mark.parametrize(
    ("due_at", "pace", "level", "words"),
    [
        (None, 1, GREEN, "No deadline waits: nobody is out"),
        (ago(minutes=-95), 1, GREEN, "due in 1 h 35"),
        (ago(seconds=60), 1, GREEN, "due now"),
        (ago(seconds=61), 1, RED, "no alarm has opened"),
        (ago(seconds=61), 10, GREEN, "due now"),
    ],
)
def test_the_next_deadline(due_at: Any, pace: float, level: Level, words: str) -> None:
    found = part("next deadline", next_due_at=due_at, pace=pace)
    assert (found.level, words in found.sentence) == (level, True)


@pytest.mark.parametrize(
    ("values", "level", "words"),
    [
        ({"untried_since": ago(seconds=120)}, GREEN, "Every message"),
        ({"untried_since": ago(seconds=121)}, RED, "nobody has tried"),
        ({"refused_since": ago(seconds=121)}, AMBER, "refuse it so far"),
        ({"untried_since": ago(seconds=121), "pace": 10}, GREEN, "Every message"),
    ],
)
def test_the_outbox(values: dict[str, Any], level: Level, words: str) -> None:
    found = part("outbox", **values)
    assert (found.level, words in found.sentence) == (level, True)


@pytest.mark.parametrize(
    ("handed_at", "level", "words"),
    [
        (None, AMBER, "never took a message"),
        (ago(days=7), GREEN, "last took"),
        (ago(days=7, seconds=1), AMBER, "Unproven: it last took a message 7 d ago"),
    ],
)
def test_a_channel_class_without_success_is_unproven(
    handed_at: dt.datetime | None, level: Level, words: str
) -> None:
    for has_canary, advice in ((True, "tries it each night"), (False, "Send yourself a test")):
        one = ChannelFacts(name="EMAIL", handed_at=handed_at, has_canary=has_canary)
        found = part("channel EMAIL", channels=(one,))
        assert (found.level, words in found.sentence) == (level, True)
        assert level is GREEN or advice in found.what_to_do


@pytest.mark.parametrize(
    ("ended_at", "pace", "level"),
    [
        (None, 1, RED),
        (ago(minutes=12), 1, GREEN),
        (ago(minutes=12, seconds=1), 1, RED),
        (ago(minutes=20), 10, GREEN),
    ],
)
def test_the_canary(ended_at: dt.datetime | None, pace: float, level: Level) -> None:
    assert part("canary", canary_ended_at=ended_at, pace=pace).level is level


@pytest.mark.parametrize(
    ("found_by", "level", "words"),
    [
        (None, RED, "No auditor has ever looked"),
        (auditor(age_seconds=61), RED, "for 1 min"),
        (auditor(agrees=None), AMBER, "two minutes"),
        (auditor(agrees=False, sentences=("A-1 stands still.",)), RED, "watch. A-1 stands still."),
        (auditor(), GREEN, "it agrees"),
    ],
)
def test_the_auditor(found_by: AuditorFacts | None, level: Level, words: str) -> None:
    found = part("auditor", auditor=found_by)
    assert (found.level, words in found.sentence) == (level, True)


@pytest.mark.parametrize(
    ("values", "level", "words"),
    [
        ({"heartbeat_set": False}, AMBER, "no service outside notices"),
        ({"heartbeat_age_seconds": 180.0}, GREEN, "answered 3 min ago"),
        ({"ahead_seconds": 30.0}, GREEN, "answered 30 s ago"),
        ({"ahead_seconds": 31.0}, AMBER, "ours is ahead by 31 s"),
        ({"ahead_seconds": -120.0}, AMBER, "ours is behind by 2 min"),
        ({"heartbeat_age_seconds": 200.0}, AMBER, "last answered 3 min ago"),
        ({"heartbeat_age_seconds": 301.0, "heartbeat_answer": "x: no."}, RED, "ago. x: no."),
        ({"heartbeat_age_seconds": None, "heartbeat_answer": ""}, AMBER, "never answered"),
        ({"heartbeat_age_seconds": None, "heartbeat_answer": "x: no."}, RED, "never answered"),
        ({"heartbeat_age_seconds": 400.0, "agrees": False}, AMBER, "withheld"),
        ({"heartbeat_age_seconds": 30.0, "age_seconds": 90.0}, AMBER, "withheld"),
    ],
)
def test_the_outside_heartbeat(values: dict[str, Any], level: Level, words: str) -> None:
    found = part("outside heartbeat", auditor=auditor(**values))
    assert (found.level, words in found.sentence) == (level, True)
    assert level is GREEN or found.what_to_do


def test_what_lies_ahead_proves_nothing() -> None:
    """The clock was set back since, and whoever left it may have died before."""
    ahead = NOW + dt.timedelta(hours=1)
    assert part("canary", canary_ended_at=ahead).level is RED
    assert part("watchkeeper", looks=(("one", -3600.0),)).level is RED
    found = part("watchkeeper", looks=(("one", -60.0), ("two", 3.0)))
    assert (found.level, "two" in found.sentence) == (GREEN, True)
    assert part("watchkeeper", looks=(("one", -5.0),)).level is GREEN


def test_a_logbook_in_which_entries_are_missing_is_red_until_a_person_has_decided() -> None:
    do = "Count heads."
    assert logbook(copy_why="", confirmed_why="", what_to_do=do) == []
    (copy,) = logbook(copy_why="Missing: 3.", confirmed_why="Missing: 2.", what_to_do=do)
    assert (copy.level, "Missing: 3." in copy.sentence) == (RED, True)
    assert "homeby live --confirm" in copy.what_to_do
    assert do in copy.what_to_do
    (decided,) = logbook(copy_why="", confirmed_why="Missing: 2.", what_to_do=do)
    assert (decided.level, decided.what_to_do) == (AMBER, do)
    assert "Missing: 2." in decided.sentence
