"""Of what random callsigns are made: plain words, each once, none of the spelling alphabet."""

from __future__ import annotations

from homeby.people.callsign_words import FIRST, SECOND
from homeby.people.rules_callsigns import (
    _WORDS,
    REASON_MOST,
    free_callsigns,
    problem_with_reason,
)

#: What means something else by radio.
SAID_BY_RADIO = {"over", "out", "roger", "copy", "help", "mayday", "fire", "stop", "wait", "break"}


def test_each_word_is_there_once_and_is_plain() -> None:
    words = [*FIRST, *SECOND]
    assert len({one.casefold() for one in words}) == len(words)
    for one in words:
        assert one.isascii()
        assert one.isalpha()
        assert one == one.capitalize()
        assert 3 <= len(one) <= 10
    spelt = {one.casefold() for one in _WORDS} | SAID_BY_RADIO
    assert not {one.casefold() for one in words} & spelt


def test_there_are_some_thousands_and_more_with_numbers() -> None:
    pairs = free_callsigns(())
    assert len(pairs) > 5000
    assert all(one.count(" ") == 1 and len(one) <= 60 for one in pairs)
    left = free_callsigns({one.casefold() for one in pairs})
    assert left
    assert all(one.endswith(" 2") for one in left)
    assert not set(left) & set(pairs)


def test_a_reason_is_a_sentence() -> None:
    assert problem_with_reason("") != ""
    assert problem_with_reason("new year") != ""
    assert problem_with_reason("A new year begins.") == ""
    assert "300" in problem_with_reason("x " * REASON_MOST)
