"""Sealed debriefs whose time is over: the sealed text goes; that there was one, its hash, and with
whom it came how far, stays. Its author alone reads so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection

from homeby.logbook.actions import writing
from homeby.missions.models.sealed import SealedText
from homeby.missions.queries.in_use import old_sealed
from homeby.missions.rules import sealed as rules

BATCH = 20


def forget_sealed(
    *,
    before: dt.datetime,
    spared: Callable[[], Collection[str]],
    now: dt.datetime,
    rest: Callable[[], None],
) -> int:
    """Erase what was sealed before then, batch by batch, each a commit of its own; gives how many.
    `spared` gives the ids of missions that are in use; one that a reader is still to be asked for
    is, too. No entry names who had it done: it would tell them that there was one. Safe to repeat
    and to interrupt."""
    done = 0
    while found := old_sealed(before=before, spared=spared())[:BATCH]:
        with writing(now=now, by=None, device="retention") as book:
            rows = SealedText.objects.filter(debrief_id__in=found).exclude(content=b"")
            rows = rows.defer("content").select_related("debrief").order_by("pk")
            for row in rows.select_for_update(of=("self",)):
                page = book.entry(
                    rules.DEBRIEF_ERASED,
                    subject=rules.ref_of(row.debrief_id),
                    person=row.debrief.author_id,
                )
                page.change(row, content=b"")
                done += 1
        rest()
    return done
