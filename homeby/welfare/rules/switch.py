"""When the search for people who are left out is on, and with which promise. Pure.

Off until an administrator switches it on; everybody is told then, in plain words (`LEFTOUT.md` 5).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.welfare.rules.activities import Begun

#: At most one false signal in so many years of one member; the first is what is meant.
ONE_IN_YEARS = (100, 500, 2500)


class Unasked(StrEnum):
    """What may be said about somebody though nobody asked; she may switch each off."""

    SIGNAL = "SIGNAL"  # that decisions of her team go against her
    CONTACT = "CONTACT"  # that she has done nothing with any of them for long
    WITHDRAWN = "WITHDRAWN"  # that she says no far more often than she used to
    OVERUSED = "OVERUSED"  # that she is picked far more often than an even share


@dataclass(frozen=True, kw_only=True)
class Period:
    """It is, or was, on from an instant until another (None: still), with one promise."""

    id: uuid.UUID
    from_at: dt.datetime
    to_at: dt.datetime | None
    one_in_years: int

    @property
    def promise(self) -> float:
        """False signals for each year of one member, at most."""
        return 1.0 / self.one_in_years

    def holds(self, at: dt.datetime) -> bool:
        """Whether it was on at an instant, by this."""
        return self.from_at <= at and (self.to_at is None or at < self.to_at)


def begun(periods: Sequence[Period]) -> list[Begun]:
    """What that means for every team: where it was off before, all begin with nothing."""
    found = []
    before: Period | None = None
    for one in sorted(periods, key=lambda one: one.from_at):
        found.append(
            Begun(
                key=f"search:{one.id}",
                at=one.from_at,
                promise=one.promise,
                is_anew=before is None or before.to_at != one.from_at,
            )
        )
        before = one
    return found


Span = tuple[dt.datetime, dt.datetime | None]


def is_within(at: dt.datetime, spans: Iterable[Span]) -> bool:
    """Whether an instant lies in one of these spans (None: it has no end)."""
    return any(begins <= at and (ends is None or at < ends) for begins, ends in spans)


def _of_office(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.OFFICE, erase=Erasure.NOTHING_PERSONAL)


def _own(name: str, label: str, erase: Erasure = Erasure.NOTHING_PERSONAL) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=erase)


SEARCH_SET = _of_office(
    "SEARCH_SET", "The search for who is left out was switched on or off, or promised otherwise"
)
SEARCH_TOLD = _of_office("SEARCH_TOLD", "Members were told of the search for who is left out")
OFFICER_MISSING = _of_office("WELFARE_OFFICER_MISSING", "A team has no welfare officer outside it")
UNASKED_SET = _own("UNASKED_SET", "Somebody chose whether something is said about herself unasked")
SIGNAL_RAISED = _own("SIGNAL_RAISED", "Decisions of a team go against somebody", Erasure.ERASE_BODY)
SIGNAL_NOT_FOUND = _own("SIGNAL_NOT_FOUND", "A signal is found no more by corrected records")
