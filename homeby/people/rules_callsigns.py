"""What screens and messages call somebody; never by the name, which is private. Pure."""

from __future__ import annotations

import uuid

#: What stands for whoever was erased.
ERASED_NAME = "–"  # noqa: RUF001 - a dash, as for "nobody"
#: The spelling alphabet of ICAO Annex 10: said by radio, and the same in every language.
_WORDS = (
    "Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett",
    "Kilo", "Lima", "Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango",
    "Uniform", "Victor", "Whiskey", "Xray", "Yankee", "Zulu",
)  # fmt: skip
_LEAST, _NUMBERS = 1000, 9000


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
