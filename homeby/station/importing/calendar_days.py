"""Days of the calendar in a file, by the map's formats. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from homeby.instants import TimeProblem
from homeby.sentences import gettext as _
from homeby.station.importing.columns import Columns
from homeby.station.importing.mapping import ISO, UNIX, Day
from homeby.station.importing.moments import TEXT_MAX, YEAR_MAX, YEAR_MIN
from homeby.station.importing.wording import quoted

#: The last days of months, of which some years or months have none.
_LAST_DAYS = re.compile(r"(?<!\d)(?:29|30|31)(?!\d)")


def reading(*, day: Day | None, columns: Columns) -> Callable[[list[str]], dt.date | None]:
    """A function that reads this day of a row: None where the cell is empty. It raises TimeProblem
    with a sentence."""
    if day is None:
        return lambda _cells: None
    take, formats = columns.taking(day.column), day.formats

    def read(cells: list[str]) -> dt.date | None:
        text = take(cells)
        return _read(text, formats) if text else None

    return read


def _read(text: str, formats: tuple[str, ...]) -> dt.date:
    if len(text) > TEXT_MAX:
        raise TimeProblem(_("{text} is too long for a time").format(text=quoted(text)))
    found = _by_formats(text, formats)
    if found is None and _by_formats(_LAST_DAYS.sub("28", text, count=1), formats):
        raise TimeProblem(
            _("{text} is a day that the calendar does not have; look at the paper").format(
                text=quoted(text)
            )
        )
    if found is None:
        raise TimeProblem(
            _("{text} is not a time in any format of the map ({formats})").format(
                text=quoted(text), formats=", ".join(formats)
            )
        )
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise TimeProblem(_("{text} has an impossible year").format(text=quoted(text)))
    return found


def _by_formats(text: str, formats: tuple[str, ...]) -> dt.date | None:
    for form in formats:
        try:
            if form == ISO:
                return dt.datetime.fromisoformat(text).date()
            if form == UNIX:
                return dt.datetime.fromtimestamp(float(text), tz=dt.UTC).date()
            return dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except (ValueError, OverflowError, OSError):
            continue
    return None
