"""What a partner station says, to the last character; and what is said of it, word for word."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import replace
from typing import Any

import pytest

from homeby.findings import Finding, Level
from homeby.watch.rules import Anchor, Step, Target
from homeby.watch.rules.partners import (
    Heard,
    Nonsense,
    Point,
    Said,
    Trouble,
    Verb,
    Watched,
    finding,
    missing_words,
    next_due_at,
    plain_name,
    read,
    ref_of,
    sentence,
    steps,
    troubles,
    why_not_live,
    written,
)

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
HELD = Point(entries=10, last="j", digest="a" * 64)
SAID = Said(
    verb=Verb.MINUTE,
    sender=uuid.UUID(int=1),
    receiver=uuid.UUID(int=2),
    name="South hut",
    sequence=7,
    at=NOW,
    point=Point(entries=12, last="l", digest="b" * 64),
    earlier=HELD,
    unsent_seconds=0,
    next_act_at=NOW,
    is_awake=True,
    out=3,
)


def changed(**fields: Any) -> str:
    return json.dumps(json.loads(written(SAID)) | fields)


def why(text: str) -> str:
    with pytest.raises(Nonsense) as found:
        read(text)
    return str(found.value)


def test_a_partner_has_one_reference_of_its_own_in_the_logbook() -> None:
    one = uuid.UUID("00000000-0000-4000-8000-00000000000a")
    assert ref_of(one) == "partner:00000000-0000-4000-8000-00000000000a"


# --- reading -------------------------------------------------------------------------------------


def test_why_a_message_was_not_read_is_a_sentence() -> None:
    assert why(" " * 4001) == "The message is too long."
    assert why("hello") == "The message is not JSON."
    assert why("{}") == "The message lacks a field, or one of them cannot be."


def test_a_message_of_four_thousand_characters_is_read_and_of_one_more_is_not() -> None:
    assert read(written(SAID).ljust(4000)) == SAID
    assert why(written(SAID).ljust(4001)) == "The message is too long."


def test_what_an_instant_says_is_the_same_wherever_it_was_written() -> None:
    found = read(changed(at="2026-11-20T14:00:00+02:00"))
    assert found.at == NOW
    assert found.at.tzinfo is dt.UTC


@pytest.mark.parametrize(
    ("fields", "is_read"),
    [
        ({"sequence": 2**53 - 1}, True),
        ({"sequence": 2**53}, False),
        ({"sequence": 0}, True),
        ({"point": {"entries": 12, "last": "x" * 36, "digest": "b" * 64}}, True),
        ({"point": {"entries": 12, "last": "x" * 37, "digest": "b" * 64}}, False),
        ({"point": {"entries": 12, "last": "x", "digest": "b" * 63}}, False),
        ({"point": {"entries": 12, "last": "x", "digest": "b" * 64 + "\n"}}, False),
        ({"earlier": {"entries": -1, "last": "x", "digest": "b" * 64}}, False),
        ({"next_act_at": "soon"}, False),
    ],
)
def test_numbers_and_checkpoints_are_read_within_their_bounds(
    fields: dict[str, Any], is_read: bool
) -> None:
    if is_read:
        assert read(changed(**fields)).name == "South hut"
    else:
        assert why(changed(**fields)).startswith("The message lacks a field")


def test_a_reason_may_be_longer_than_a_name_and_both_are_cut() -> None:
    found = read(changed(name="n" * 300, reason="r" * 300))
    assert (found.name, found.reason) == ("n" * 80, "r" * 200)


def test_of_a_name_full_of_blanks_only_the_beginning_is_looked_at() -> None:
    assert plain_name(" " * 319 + "x") == "x"
    assert plain_name(" " * 320 + "x") == ""


# --- judging -------------------------------------------------------------------------------------


def test_a_logbook_into_which_nothing_was_written_is_not_another_one() -> None:
    quiet = replace(SAID, point=HELD)
    assert troubles(quiet, seen=HELD, unproven=0, now=NOW) == ()
    assert troubles(replace(quiet, earlier=None), seen=HELD, unproven=0, now=NOW) == ()


def test_everything_that_is_wrong_is_told_at_once() -> None:
    bad = replace(
        SAID,
        point=replace(HELD, entries=9),
        is_awake=False,
        unsent_seconds=600,
        at=NOW - 9 * MINUTE,
        next_act_at=NOW - 30 * MINUTE,
    )
    assert troubles(bad, seen=HELD, unproven=0, now=NOW) == tuple(Trouble)[:-1]


def test_six_minutes_ahead_are_the_clocks_of_two_machines_and_more_proves_nothing() -> None:
    """A good message is good for five minutes; two clocks may be a minute apart."""
    at_most = Heard(well_at=NOW + MINUTE, troubles=())
    assert next_due_at(at_most, now=NOW) == NOW + 6 * MINUTE
    assert next_due_at(replace(at_most, well_at=NOW + MINUTE + SECOND), now=NOW) is None


def test_our_logbook_is_not_the_live_one_word_for_word() -> None:
    assert why_not_live(None, HELD) == (
        "A partner station holds our signed checkpoint of 10 entries, and this logbook is "
        "shorter: an earlier state."
    )
    assert why_not_live(replace(HELD, last="k"), HELD) == (
        "A partner station holds our signed checkpoint of 10 entries, and this logbook has "
        "other ones: another history."
    )


def test_a_silent_partner_rings_both_duty_officers_then_deputy_and_at_the_call_out_everyone() -> (
    None
):
    ada = uuid.UUID(int=5)
    officer, them = Target.DUTY_OFFICER, Target.NAMED
    wanted = [
        (Anchor.DUE, 0, (officer, them)),
        (Anchor.DUE, 10, (officer, Target.DEPUTY, them)),
        (Anchor.CALL_OUT, 0, (officer, Target.EVERY_LEADER, them)),
    ]
    assert steps((ada,)) == tuple(
        Step(anchor=anchor, offset_minutes=offset, targets=targets, people=(ada,))
        for anchor, offset, targets in wanted
    )


# --- telling -------------------------------------------------------------------------------------

WELL = Watched(
    name="South hut",
    heard_at=NOW - 40 * SECOND,
    paired_at=NOW - dt.timedelta(days=1),
    answered_at=NOW,
    answer="no answer within 10 s.",
    troubles=(),
    officers=2,
)
CALL = "Call its duty officers: perhaps nobody is watched there."
LIMIT = NOW - 5 * MINUTE


def told(pace: float = 1, **change: Any) -> Finding:
    found = finding(replace(WELL, **change), now=NOW, pace=pace)
    assert found.what == "partner station"
    return found


def test_of_a_partner_that_is_well_it_is_said_when_it_was_heard() -> None:
    assert told().sentence == "South hut was heard 40 s ago, and hears us."
    assert told().what_to_do == ""
    assert told(heard_at=NOW).sentence == "South hut was heard 1 s ago, and hears us."


def test_of_a_silent_partner_it_is_said_for_how_long() -> None:
    assert told(heard_at=LIMIT).level is Level.GREEN
    silent = told(heard_at=LIMIT - SECOND)
    assert (silent.level, silent.sentence) == (Level.RED, "South hut: silent for 5 min.")
    assert silent.what_to_do == CALL
    never = told(heard_at=None)
    assert never.sentence == "South hut: silent for 24 h."


def test_where_time_runs_faster_five_minutes_of_silence_are_longer() -> None:
    assert told(60, heard_at=LIMIT - SECOND, answered_at=LIMIT - SECOND).level is Level.GREEN
    assert told(60, heard_at=NOW - 301 * MINUTE).level is Level.RED


def test_what_is_wrong_with_a_partner_is_said_in_one_line() -> None:
    found = told(troubles=("ASLEEP", "CLOCK"))
    assert found.level is Level.RED
    assert found.sentence == (
        "South hut: its own watch does not look any more; "
        "its clock and ours are more than 30 seconds apart."
    )
    assert found.what_to_do == CALL


def test_a_partner_that_does_not_hear_us_may_be_ringing_about_us() -> None:
    assert told(answered_at=LIMIT).level is Level.GREEN
    for found in (told(answered_at=LIMIT - SECOND), told(answered_at=None)):
        assert found.level is Level.RED
        assert found.sentence == "South hut does not hear us: no answer within 10 s."
        assert found.what_to_do == (
            "Look at the line to the network: it may be ringing its duty officers about us."
        )


def test_a_partner_without_a_duty_officer_to_be_told_is_amber() -> None:
    found = told(officers=0)
    assert found.level is Level.AMBER
    assert found.sentence == (
        "South hut has given no address of a duty officer that works from here."
    )
    assert found.what_to_do == (
        "Pair again once its duty officers have e-mail or SMS that is verified."
    )


def test_every_trouble_has_its_words() -> None:
    assert [sentence(str(trouble)) for trouble in Trouble] == [
        "its logbook is shorter than it was, or tells another history",
        "its own watch does not look any more",
        "its messages have not left for more than two minutes",
        "its next act has been due for more than two minutes",
        "its clock and ours are more than 30 seconds apart",
        "it shows us another history of its logbook than it shows to another partner station",
    ]


def test_what_is_missing_is_counted_where_it_can_be() -> None:
    assert missing_words(held=120, here=100, last_number=103) == (
        "Missing entries: 20, from the one behind entry 103 on."
    )
    assert missing_words(held=120, here=120, last_number=120) == ""
    assert missing_words(held=120, here=119, last_number=119).startswith("Missing entries: 1,")
