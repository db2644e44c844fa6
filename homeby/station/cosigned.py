"""By whom, up to where and when the checkpoints of our logbook were cosigned: what stands before
that was seen by somebody else, and nobody here can change it unseen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from homeby.logbook.models import KeptCheckpoint
from homeby.logbook.notes import note_of
from homeby.people.rules import STATION
from homeby.watch.actions.partners.presenting import cosigner_of
from homeby.watch.queries.partners import visible_partners


@dataclass(frozen=True, kw_only=True)
class Cosigned:
    """The newest checkpoint under which a partner station's cosignature stands."""

    by: str
    size: int
    at: dt.datetime


def newest() -> list[Cosigned]:
    """One of each partner station, also of past ones, that ever cosigned; the largest first."""
    waiting = {cosigner_of(one): one.name for one in visible_partners(STATION)}
    found: list[Cosigned] = []
    rows = KeptCheckpoint.objects.order_by("-size").values_list("size", "note")
    for size, text in rows.iterator(chunk_size=500):
        note = note_of(text) if waiting else None
        if note is None and not waiting:
            break
        for key in list(waiting) if note else []:
            at = key.cosigned_at(note) if note else None
            if at is not None:
                found.append(Cosigned(by=waiting.pop(key), size=size, at=at))
    return found


def newest_note(*, from_number: int) -> str | None:
    """The newest kept checkpoint that a partner station has cosigned, where it covers the entry of
    this number; None where there is none."""
    keys = [cosigner_of(one) for one in visible_partners(STATION)]
    if not keys:
        return None
    rows = KeptCheckpoint.objects.filter(number__gte=from_number).order_by("-size")
    for text in rows.values_list("note", flat=True).iterator(chunk_size=500):
        note = note_of(text)
        if note is not None and any(key.cosigned_at(note) for key in keys):
            return str(note)
    return None
