"""The watch bill: who holds the watch, who stands in. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Watch:
    """One row of the watch bill. `to_at` None marks a standing watch, which counts when no other
    covers the instant. `aside_at` is when the person said "not fit to watch", `deputy_aside_at`
    when the deputy did, who had the watch then."""

    person_id: uuid.UUID
    deputy_id: uuid.UUID | None
    from_at: dt.datetime
    to_at: dt.datetime | None = None
    aside_at: dt.datetime | None = None
    deputy_aside_at: dt.datetime | None = None

    @property
    def holder_id(self) -> uuid.UUID | None:
        """Who holds this watch; None when neither the person nor the deputy is fit."""
        if self.aside_at is None:
            return self.person_id
        return self.deputy_id if self.deputy_aside_at is None else None


def _on_watch(rows: Sequence[Watch], *, now: dt.datetime) -> list[Watch]:
    here = [r for r in rows if r.from_at <= now and (r.to_at is None or now < r.to_at)]
    fixed = [r for r in here if r.to_at is not None]
    for group in (fixed, [r for r in here if r.to_at is None]):
        if any(r.holder_id is not None for r in group):
            return group
    return []


def officers(rows: Sequence[Watch], *, now: dt.datetime) -> list[uuid.UUID]:
    """Who holds the watch now. Somebody not fit is replaced by the deputy at once."""
    found = [r.holder_id for r in _on_watch(rows, now=now)]
    return list(dict.fromkeys(key for key in found if key is not None))


def deputies(rows: Sequence[Watch], *, now: dt.datetime) -> list[uuid.UUID]:
    """The deputies of the present watch, without those who hold it already."""
    holding = set(officers(rows, now=now))
    found = [r.deputy_id for r in _on_watch(rows, now=now) if r.deputy_aside_at is None]
    return list(dict.fromkeys(key for key in found if key is not None and key not in holding))
