"""Coordinates as people write them: "46.4349, 13.7482", "N 46° 26.1' E 13° 44.9'". Pure."""

from __future__ import annotations

import re

from homeby.sentences import gettext as _

_NUMBER = r"\d{1,3}(?:[.,]\d{1,12})?"
_PART = re.compile(
    rf"""\s*(?P<before>[NSEW])?\s*(?P<sign>[+-])?\s*(?P<degrees>{_NUMBER})\s*°?\s*
    (?:(?P<minutes>{_NUMBER})\s*['\u2019\u2032]\s*)?
    (?:(?P<seconds>{_NUMBER})\s*(?:"|\u201d|\u2033|'')\s*)?
    (?P<after>[NSEW])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_DECIMAL_COMMAS = re.compile(r"[+-]?\d{1,3},\d+\s*[;/ ]\s*[+-]?\d{1,3},\d+")

LENGTH_MAX = 80


class BadCoordinates(ValueError):
    """Not coordinates; its text is the sentence to show."""


def parse(text: str) -> tuple[float, float] | None:
    """Latitude and longitude (WGS84, degrees) of what was typed, None for nothing. Raises
    BadCoordinates. The latitude comes first, unless letters say otherwise."""
    typed = " ".join(text.split())
    if not typed:
        return None
    first, second = _halves(typed)
    one, other = _degrees(first), _degrees(second)
    if one is None or other is None or {one[1], other[1]} in ({"N"}, {"E"}):
        raise BadCoordinates(_("Write the latitude, then the longitude: 46.4349, 13.7482."))
    if one[1] == "E" or other[1] == "N":
        one, other = other, one
    latitude, longitude = one[0], other[0]
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise BadCoordinates(_("There is no such place: latitude to 90, longitude to 180."))
    return round(latitude, 7), round(longitude, 7)


def _halves(typed: str) -> tuple[str, str]:
    """Cut what was typed in two: at a semicolon, a comma, a letter, or the middle blank."""
    if len(typed) > LENGTH_MAX:
        raise BadCoordinates(_("That is too long for coordinates. Write 46.4349, 13.7482."))
    for cut in (";", "/"):
        if typed.count(cut) == 1:
            left, _cut, right = typed.partition(cut)
            return left, right
    if not _DECIMAL_COMMAS.fullmatch(typed) and typed.count(",") == 1:
        left, _cut, right = typed.partition(",")
        return left, right
    letter = re.search(r"[NSEW]", typed, re.IGNORECASE)
    if letter is not None and letter.start() == 0:
        second = re.search(r"[NSEW]", typed[1:], re.IGNORECASE)
        at = second.start() + 1 if second else len(typed)
        return typed[:at], typed[at:]
    if letter is not None:
        return typed[: letter.end()], typed[letter.end() :]
    words = typed.split(" ")
    half = len(words) // 2
    return " ".join(words[:half]), " ".join(words[half:])


def _degrees(part: str) -> tuple[float, str] | None:
    """Degrees, and "N" for a latitude, "E" for a longitude, "" where no letter says it."""
    found = _PART.fullmatch(part.strip())
    if found is None:
        return None
    letter = (found["before"] or found["after"] or "").upper()
    minutes, seconds = _number(found["minutes"]), _number(found["seconds"])
    if minutes >= 60 or seconds >= 60 or (letter and found["sign"]):
        return None
    value = _number(found["degrees"]) + minutes / 60 + seconds / 3600
    if letter in ("S", "W") or found["sign"] == "-":
        value = -value
    return value, {"S": "N", "W": "E"}.get(letter, letter)


def _number(text: str | None) -> float:
    return float((text or "0").replace(",", "."))
