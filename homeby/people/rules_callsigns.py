"""What screens and messages call somebody; never by the name, which is private. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from homeby.people.callsign_words import FIRST, SECOND
from homeby.sentences import gettext as _

#: What stands for whoever was erased.
ERASED_NAME = "–"  # noqa: RUF001 - a dash, as for "nobody"
#: The spelling alphabet of ICAO Annex 10: said by radio, and the same in every language.
_WORDS = (
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett",
    "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango",
    "Uniform", "Victor", "Whiskey", "Xray", "Yankee", "Zulu",
)  # fmt: skip
_LEAST, _NUMBERS = 1000, 9000
#: With fewer pairs left than this a number follows: what is left must not be guessed.
_PAIRS_LEAST, _LAST = 500, 99
_REASON_WORDS, REASON_MOST = 3, 300


def stand_in(person_id: uuid.UUID) -> str:
    """A word and four digits for whoever has no callsign, or is to be shown by none: of this person
    always the same, and nothing of her is in it. Two people may share one."""
    place = person_id.int % (len(_WORDS) * _NUMBERS)
    return f"{_WORDS[place // _NUMBERS]} {_LEAST + place % _NUMBERS}"


def shown_as(*, person_id: uuid.UUID, callsign: str, name: str, is_human: bool) -> str:
    """The callsign; for a human without one the stand-in, and for a unit its name, which is no
    person's."""
    if callsign or not is_human or name == ERASED_NAME:
        return callsign or name
    return stand_in(person_id)


def free_callsigns(taken: Collection[str]) -> list[str]:
    """The callsigns of two words, and where few of these are left with a number behind them, that
    nobody has or had; `taken` is in lower case."""
    pairs = [f"{first} {second}" for first in FIRST for second in SECOND]
    free = [one for one in pairs if one.casefold() not in taken]
    number = 2
    while len(free) < _PAIRS_LEAST and number <= _LAST:
        more = (f"{one} {number}" for one in pairs)
        free += [one for one in more if one.casefold() not in taken]
        number += 1
    assert free, "as many callsigns as there are were given"
    return free


def problem_with_reason(text: str) -> str:
    """What is wrong with the reason for a new season, in a sentence; "" when it is one."""
    if len(text.split()) < _REASON_WORDS:
        return _("Say why in a sentence: everybody learns a new callsign, and may ask.")
    if len(text) > REASON_MOST:
        return _("It has {length} characters; 300 fit.").format(length=len(text))
    return ""
