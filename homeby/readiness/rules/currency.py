"""Whether a qualification is current, and through which day. Pure.

Currency comes from what was done, not from a date field: the qualification itself, an equivalent,
or a higher one that has it among its prerequisites (`FIELD.md` 6). What was done as a trainee, or
after it had lapsed, renews nothing. The last day counts to its end, in the organisation's zone.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from homeby import instants
from homeby.readiness.rules.qualifications import Holding, Qualification, Qualifications, Record
from homeby.sentences import gettext as _


class Standing(StrEnum):
    """How somebody stands to a qualification on a day."""

    NOT_HELD = "NOT_HELD"
    NOT_YET = "NOT_YET"  # certified from a later day
    CURRENT = "CURRENT"
    LAPSED = "LAPSED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class Validity:
    """How it stands; `through` is the last day on which it is, or was, current (None: no end)."""

    standing: Standing
    through: dt.date | None = None

    def current_on(self, day: dt.date) -> bool:
        """Whether it is still current on a later day, if nothing more is done until then."""
        return self.standing is Standing.CURRENT and (self.through is None or day <= self.through)


#: The first day and the last on which something was done.
Doing = tuple[dt.date, dt.date]


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later; where that month has none, its last (29 February and
    twelve months: 28 February)."""
    count = day.year * 12 + day.month - 1 + months
    year, month = min(count // 12, dt.MAXYEAR), count % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def ends_at(through: dt.date, zone: str) -> dt.datetime:
    """The instant from which something valid through this day is not valid any more."""
    return instants.resolve(
        dt.datetime.combine(through + dt.timedelta(days=1), dt.time()), zone
    ).instant


def is_current(validity: Validity, *, at: dt.datetime, zone: str) -> bool:
    """Whether it is current at an instant, by the day in the organisation's zone."""
    return validity.current_on(at.astimezone(instants.zone_info(zone)).date())


def higher(key: str, known: Qualifications) -> frozenset[str]:
    """Whatever has this among its prerequisites, by one step or several."""
    found: set[str] = set()
    edge = {key}
    while edge:
        edge = {
            one.key
            for one in known.values()
            if one.key not in found and edge & set(one.needs.all_of)
        }
        found |= edge
    return frozenset(found - {key})


def keeps_current(key: str, known: Qualifications) -> frozenset[str]:
    """Whatever keeps this current when it is done: itself, an equivalent, a higher one."""
    own = known.get(key)
    return frozenset({key, *(own.equivalents if own else ())}) | higher(key, known)


def validity(
    key: str,
    record: Record,
    known: Qualifications,
    *,
    day: dt.date,
    kept_by: frozenset[str] | None = None,
) -> Validity:
    """How this person stands to a qualification on a day; of several holdings the best counts.
    `kept_by`: what `keeps_current` says, where a caller has it already."""
    held = [one for one in record.holdings if one.key == key]
    if not held:
        return Validity(standing=Standing.NOT_HELD)
    kept_by = keeps_current(key, known) if kept_by is None else kept_by
    done = sorted(
        one.days
        for one in record.performed
        if one.key in kept_by and not one.as_trainee and one.on_date <= day
    )
    own = known.get(key)
    return best(_of_one(one, own, done, day=day) for one in held)


def best(found: Iterable[Validity]) -> Validity:
    """Of several holdings of one qualification, how the best stands; none: not held."""
    return max(found, key=_better, default=Validity(standing=Standing.NOT_HELD))


def _better(one: Validity) -> tuple[int, dt.date]:
    order = (
        Standing.NOT_HELD,
        Standing.WITHDRAWN,
        Standing.LAPSED,
        Standing.NOT_YET,
        Standing.CURRENT,
    )
    return order.index(one.standing), one.through or dt.date.max


def _of_one(
    held: Holding, own: Qualification | None, done: list[Doing], *, day: dt.date
) -> Validity:
    through = through_date(held, own, done)
    return standing(held, through, day=day)


def through_date(held: Holding, own: Qualification | None, done: Sequence[Doing]) -> dt.date | None:
    """The last day on which what is held is current, by when it was done (in order);
    None: no end."""
    return _earliest([held.expires_date, _by_validity(held, own), _by_doing(held, own, done)])


def standing(held: Holding, through: dt.date | None, *, day: dt.date) -> Validity:
    """How what is held stands on a day, once its last day is known."""
    return stands(held.from_date, held.withdrawn_date, through, day)


@lru_cache(maxsize=4096)
def stands(
    from_date: dt.date, withdrawn_date: dt.date | None, through: dt.date | None, day: dt.date
) -> Validity:
    """The same by the days alone: many people hold something by the same ones."""
    if from_date > day:
        return Validity(standing=Standing.NOT_YET)
    if withdrawn_date is not None and withdrawn_date <= day:
        return Validity(standing=Standing.WITHDRAWN, through=through)
    if through is not None and through < day:
        return Validity(standing=Standing.LAPSED, through=through)
    return Validity(standing=Standing.CURRENT, through=through)


def _by_validity(held: Holding, own: Qualification | None) -> dt.date | None:
    if own is None or own.valid_months is None or held.expires_date is not None:
        return None  # what a paper says stands above what we would compute
    return months_after(held.from_date, own.valid_months)


def _by_doing(held: Holding, own: Qualification | None, done: Sequence[Doing]) -> dt.date | None:
    """Each doing that began in time carries it on from its last day; one that came too late does
    not bring it back."""
    if own is None or own.current_months is None:
        return None
    through = months_after(held.from_date, own.current_months)
    for first, last in done:
        if held.from_date <= last and first <= through:
            through = max(through, months_after(last, own.current_months))
    return through


def _earliest(days: Iterable[dt.date | None]) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def said(name: str, found: Validity, *, day: dt.date) -> str:
    """How it stands, in a sentence; "" while it is current and no end is near."""
    match found.standing:
        case Standing.NOT_HELD:
            return _("{name} is missing.").format(name=name)
        case Standing.NOT_YET:
            return _("{name} begins later.").format(name=name)
        case Standing.WITHDRAWN:
            return _("{name} was withdrawn.").format(name=name)
        case Standing.LAPSED:
            assert found.through is not None, "what lapsed had an end"
            return _("{name} lapsed; {day} was its last day.").format(
                name=name, day=instants.day(found.through)
            )
        case Standing.CURRENT:
            return warning(name, found, day=day)


#: So many days before its last day, a person is told that something is about to lapse.
WARN_DAYS = 60


def warning(name: str, found: Validity, *, day: dt.date) -> str:
    """What the person is told before something lapses; "" while there is time."""
    if found.standing is not Standing.CURRENT or found.through is None:
        return ""
    if (found.through - day).days > WARN_DAYS:
        return ""
    return _("{name} is valid through {day}.").format(name=name, day=instants.day(found.through))
