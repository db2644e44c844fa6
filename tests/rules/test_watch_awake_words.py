"""Is the watch awake? Word for word what an administrator reads, and which advice goes with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from homeby.findings import Finding, Level
from homeby.watch.rules import AuditorFacts, AwakeFacts, ChannelFacts, awake

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
GREEN, AMBER, RED = Level.GREEN, Level.AMBER, Level.RED
AUDITOR = AuditorFacts(age_seconds=3.0, agrees=True, heartbeat_set=True, heartbeat_age_seconds=30.0)


def ago(**span: float) -> dt.datetime:
    return NOW - dt.timedelta(**span)


def told(what: str, **values: Any) -> list[Finding]:
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
    return [one for one in awake(AwakeFacts(**(usual | values))) if one.what == what]


def auditor(**values: Any) -> dict[str, AuditorFacts]:
    return {"auditor": replace(AUDITOR, **values)}


def email(handed_at: dt.datetime | None, *, has_canary: bool = True) -> dict[str, Any]:
    return {"channels": (ChannelFacts(name="EMAIL", handed_at=handed_at, has_canary=has_canary),)}


BY_HAND = "Start the station again (homeby run), and keep count of who is out by hand until then."
RESTART = "Start the station again (homeby run): until then nobody checks the watch."
DOCTOR = "Start the station again; if it stays so, run homeby doctor."
NIGHT = "The canary tries it each night: look at its address and at the channel's settings."
MY_PAGE = "Send yourself a test from My page, or name an address for the canary in the settings."
AGREES = "It goes on by itself once the auditor agrees."
LINE = "Look at heartbeat_url and at the line to the network."
CLOCK = "See which one is right; let the network keep the station's clock."
OUTSIDE = "outside heartbeat"


@pytest.mark.parametrize(
    ("what", "values", "level", "sentence", "advice"),
    [
        ("watchkeeper", {}, GREEN, "one looked 2 s ago.", ""),
        (
            "watchkeeper",
            {"looks": ()},
            RED,
            "No watchkeeper has ever looked: nobody is watched.",
            BY_HAND,
        ),
        (
            "watchkeeper",
            {"looks": (("one", 300.0),)},
            RED,
            "No watchkeeper has looked for 5 min: nobody who is out will be missed in time.",
            BY_HAND,
        ),
        (
            "next deadline",
            {"next_due_at": ago(minutes=2)},
            RED,
            "A deadline was due 2 min ago, and no alarm has opened.",
            "Look at the board now, and call those who are overdue yourself.",
        ),
        (
            "next deadline",
            {"next_due_at": ago(minutes=2), "paused_until": ago(hours=-1)},
            AMBER,
            "A deadline was due 2 min ago; it is judged when the pause ends.",
            "Look at the board, and keep count of who is out by hand until then.",
        ),
        ("next deadline", {"next_due_at": NOW}, GREEN, "The next deadline is due now.", ""),
        ("outbox", {}, GREEN, "Every message has been handed to a channel.", ""),
        (
            "outbox",
            {"untried_since": ago(minutes=3)},
            RED,
            "A message waits for 3 min, and nobody has tried to send it.",
            "Start the station again, and call by telephone whoever must know.",
        ),
        (
            "outbox",
            {"refused_since": ago(minutes=3)},
            AMBER,
            "The oldest unsent message was written 3 min ago; its channels refuse it so far.",
            "See whose it is under What people received, and reach them another way.",
        ),
        ("channel EMAIL", email(ago(days=2)), GREEN, "It last took a message 2 d ago.", ""),
        (
            "channel EMAIL",
            email(ago(days=8)),
            AMBER,
            "Unproven: it last took a message 8 d ago.",
            NIGHT,
        ),
        (
            "channel EMAIL",
            email(None, has_canary=False),
            AMBER,
            "Unproven: it never took a message.",
            MY_PAGE,
        ),
        ("canary", {}, GREEN, "It came through the whole way of an alarm 4 min ago.", ""),
        (
            "canary",
            {"canary_ended_at": None},
            RED,
            "The canary has never come through.",
            DOCTOR,
        ),
        (
            "canary",
            {"canary_ended_at": ago(minutes=30)},
            RED,
            "The canary last came through 30 min ago: alarms may not find their way either.",
            DOCTOR,
        ),
        (
            "auditor",
            {},
            GREEN,
            "From the logbook alone it agrees with the watch; it looked 3 s ago.",
            "",
        ),
        ("auditor", {"auditor": None}, RED, "No auditor has ever looked.", RESTART),
        (
            "auditor",
            auditor(age_seconds=120.0),
            RED,
            "No auditor has looked for 2 min.",
            RESTART,
        ),
        (
            "auditor",
            auditor(agrees=None),
            AMBER,
            "The auditor gives the watch two minutes to catch up after a start.",
            "Look again in two minutes.",
        ),
        (
            "auditor",
            auditor(agrees=False, sentences=("A-1 stands still.",)),
            RED,
            "The auditor disagrees with the watch. A-1 stands still.",
            "Go by the board and the telephone, not by the alarms, until it agrees again.",
        ),
        (OUTSIDE, {}, GREEN, "It was answered 30 s ago.", ""),
        (
            OUTSIDE,
            {"auditor": None},
            AMBER,
            "None is set: if this machine dies, no service outside notices.",
            "Set heartbeat_url to an address of a healthchecks-compatible service.",
        ),
        (
            OUTSIDE,
            auditor(agrees=False, heartbeat_age_seconds=None),
            AMBER,
            "It is withheld, so that somebody outside is told. It was never answered.",
            AGREES,
        ),
        (
            OUTSIDE,
            auditor(heartbeat_age_seconds=301.0, heartbeat_answer="x: no."),
            RED,
            "It was last answered 5 min ago. x: no.",
            LINE,
        ),
        (
            OUTSIDE,
            auditor(ahead_seconds=31.0),
            AMBER,
            "It was answered, but by its clock ours is ahead by 31 s.",
            CLOCK,
        ),
        (
            OUTSIDE,
            auditor(ahead_seconds=-31.0),
            AMBER,
            "It was answered, but by its clock ours is behind by 31 s.",
            CLOCK,
        ),
    ],
)
def test_what_an_administrator_reads(
    what: str, values: dict[str, Any], level: Level, sentence: str, advice: str
) -> None:
    assert told(what, **values) == [
        Finding(level=level, what=what, sentence=sentence, what_to_do=advice)
    ]


def test_a_channel_that_works_does_not_hide_one_that_does_not() -> None:
    works = ChannelFacts(name="EMAIL", handed_at=ago(days=1), has_canary=True)
    fails = ChannelFacts(name="SMS", handed_at=ago(days=9), has_canary=True)
    (found,) = told("channel SMS", channels=(works, fails))
    assert found.level is AMBER


def test_what_is_refused_for_two_minutes_is_not_amber_yet_and_at_a_fast_pace_for_longer() -> None:
    (found,) = told("outbox", refused_since=ago(minutes=2))
    assert found.level is GREEN
    (found,) = told("outbox", refused_since=ago(minutes=20), pace=10)
    assert found.level is GREEN


def test_an_auditor_that_looked_a_minute_ago_is_awake() -> None:
    (found,) = told("auditor", **auditor(age_seconds=60.0))
    assert found.level is GREEN
    (found,) = told(OUTSIDE, **auditor(age_seconds=60.0))
    assert found.level is GREEN


def test_a_heartbeat_without_an_answer_is_gone_after_five_minutes_and_no_second_sooner() -> None:
    (found,) = told(OUTSIDE, **auditor(heartbeat_age_seconds=300.0))
    assert found.level is AMBER
    (found,) = told(OUTSIDE, **auditor(heartbeat_age_seconds=300.1))
    assert found.level is RED
