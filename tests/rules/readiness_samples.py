"""The rule packs that are shipped, and facts in a few letters, for tests of readiness."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from homeby.readiness.rules.currency import months_after
from homeby.readiness.rules.duties import Duty, RestFacts
from homeby.readiness.rules.packs import DutyKind, Pack, Rule, RuleKind
from homeby.readiness.rules.qualifications import (
    Needs,
    Performed,
    Qualification,
    QualificationKind,
    Qualifications,
)
from homeby.readiness.shipped import shipped_packs

PACKS = shipped_packs()
ZONE = "Europe/Zurich"
#: A Friday evening: 21:00 local, in winter.
NOW = dt.datetime(2026, 11, 27, 20, tzinfo=dt.UTC)
FOX, OWL, BEAR, HARE = (uuid.UUID(int=number) for number in range(1, 5))


def at(hours: float) -> dt.datetime:
    """So many hours from now."""
    return NOW + dt.timedelta(hours=hours)


def local(text: str) -> dt.datetime:
    """A local time in Zurich with its offset, as an instant: "2026-03-29 01:30 +01:00"."""
    return dt.datetime.fromisoformat(text.replace(" +", "+")).astimezone(dt.UTC)


def duties(*spans: tuple[float, float | None], kind: DutyKind = DutyKind.WORK) -> RestFacts:
    """Duties by hours from now; None: not released."""
    return RestFacts(
        duties=tuple(
            Duty(began_at=at(begins), released_at=None if ends is None else at(ends), kind=kind)
            for begins, ends in spans
        ),
        zone=ZONE,
    )


def pack(kind: RuleKind, **said: Any) -> Pack:
    """A pack of one rule."""
    rule = Rule(key="r", kind=kind, name="Rule", **said)
    return Pack(key="p", name="Pack", source="test", dated=dt.date(2026, 1, 1), rules=(rule,))


def qualifications(**needs: str) -> Qualifications:
    """Qualifications that need others, named in a text with spaces."""
    return {
        key: Qualification(
            key=key,
            name=key.title(),
            kind=QualificationKind.POSITION,
            needs=Needs(all_of=tuple(named.split())),
        )
        for key, named in needs.items()
    }


def done(key: str, on_date: dt.date, **said: Any) -> Performed:
    """A qualification used on a mission."""
    return Performed(key=key, on_date=on_date, **said)


def later(day: dt.date, months: int) -> dt.date:
    """So many months after a day."""
    return months_after(day, months)
