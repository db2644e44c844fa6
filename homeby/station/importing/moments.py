"""Local times of a file, by the map's formats. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from homeby import instants
from homeby.instants import TimeProblem
from homeby.sentences import gettext as _
from homeby.station.importing.columns import Columns
from homeby.station.importing.mapping import ISO, UNIX, Moment, has_clock
from homeby.station.importing.wording import quoted

TEXT_MAX = 100
YEAR_MIN, YEAR_MAX = 1900, 2200


@dataclass(frozen=True, slots=True)
class Read:
    """A time of the file: its instant, the later of two readings, and what stood there.

    `wall` is the local time it was read from, None if the file gave an offset with it.
    """

    instant: dt.datetime
    later: dt.datetime
    wall: dt.datetime | None
    typed: str

    def next_day(self, zone: str) -> dt.datetime:
        """The same time of day one day later."""
        day = dt.timedelta(days=1)
        if self.wall is None:
            return self.instant + day
        return instants.resolve(self.wall + day, zone).instant


class MomentReader:
    """Reads one column of local times in one zone."""

    def __init__(self, moment: Moment, zone: str, columns: Columns) -> None:
        self._moment = moment
        self._zone = zone
        names = [moment.column] + ([moment.and_column] if moment.and_column else [])
        self._parts = [columns.taking(one) for one in names]
        self._raw_parts = [columns.raw(one) for one in names]

    def read(self, cells: list[str]) -> Read | None:
        """The time in this row; None if a cell is empty. Raises TimeProblem with a sentence."""
        parts = [take(cells) for take in self._parts]
        if not all(parts):
            return None
        typed = " ".join(take(cells) for take in self._raw_parts)
        if len(typed) > TEXT_MAX:
            raise TimeProblem(_("{text} is too long for a time").format(text=quoted(typed)))
        found = self._by_formats(" ".join(parts), typed)
        if not YEAR_MIN <= found.year <= YEAR_MAX:
            raise TimeProblem(_("{text} has an impossible year").format(text=quoted(typed)))
        if found.tzinfo is not None:
            instant = found.astimezone(dt.UTC)
            return Read(instant, instant, None, typed)
        first = instants.resolve(found, self._zone)
        later = first.instant
        if first.kind is not instants.Reading.EXACT:
            later = instants.resolve(found, self._zone, later=True).instant
        return Read(first.instant, later, found, typed)

    def _by_formats(self, text: str, typed: str) -> dt.datetime:
        for form in self._moment.formats:
            found = self._by_format(text, form)
            if found is not None:
                return found
        for form in self._moment.incomplete_formats:
            found = self._by_format(text, form)
            if found is not None and self._moment.incomplete == "first":
                return found
            if found is not None:
                raise TimeProblem(_("the date {text} names no day").format(text=quoted(typed)))
        raise TimeProblem(
            _("{text} is not a time in any format of the map ({formats})").format(
                text=quoted(typed), formats=", ".join(self._moment.formats)
            )
        )

    def _by_format(self, text: str, form: str) -> dt.datetime | None:
        try:
            if form == UNIX:
                return dt.datetime.fromtimestamp(float(text), tz=dt.UTC)
            if form == ISO:
                found, dated = dt.datetime.fromisoformat(text), len(text) <= len("2026-11-22")
            else:
                found, dated = dt.datetime.strptime(text, form), not has_clock(form)  # noqa: DTZ007
        except (ValueError, OverflowError, OSError):
            return None
        if dated and self._moment.time_of_day is not None:
            return dt.datetime.combine(found.date(), self._moment.time_of_day)
        return None if dated else found


def reading(
    *, moment: Moment | None, zone: str, columns: Columns
) -> Callable[[list[str]], Read | None]:
    """A function that reads this time of a row; always None if the map has no such time."""
    if moment is None:
        return lambda _cells: None
    return MomentReader(moment, zone, columns).read
