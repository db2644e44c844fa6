"""Which lessons belong to a place: those of its name, and those of near by. Pure."""

from __future__ import annotations

#: Near by is within so much of a degree: about a kilometre to the north or south.
NEAR_DEGREES = 0.01
LENGTH_MOST = 1000


def place_key(place: str) -> str:
    """A place as it is compared: "Old  Mill" and "old mill" are one."""
    return " ".join(place.casefold().split())


def to_a_hundredth(degrees: float | None) -> float | None:
    """So exactly is kept where a lesson belongs: about a kilometre, and no point of a mission."""
    return None if degrees is None else round(degrees, 2)
