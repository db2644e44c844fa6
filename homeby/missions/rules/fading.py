"""Where people were fades: exact while they are out and for a month after, then by the area only
(RELIABILITY.md 11, "after return: exact track 30 days then coarse"). Pure."""

from __future__ import annotations

import datetime as dt

#: So long after the return what happened is still talked about.
EXACT_FOR = dt.timedelta(days=30)
#: Decimals of a degree that are left: an area some ten kilometres wide.
AREA_DECIMALS = 1


def is_faded(*, back_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether the exact place and the route are shown to nobody any more; `back_at` is None for
    whoever is not back."""
    return back_at is not None and now - back_at >= EXACT_FOR


def area(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """The middle of the area in which a place lies (WGS84, degrees), None for none."""
    if latitude is None or longitude is None:
        return None
    return round(latitude, AREA_DECIMALS), round(longitude, AREA_DECIMALS)
