"""Entries that were recorded are not in the logbook any more (fault F4): a standby took over that
did not have them, or a copy was put in place. Whoever keeps the watch must know which.

A copy sends nothing (P18), so the words wait in the outbox until a person has said that this is the
live station; until then the partner stations ring, and every page says it.
"""

from __future__ import annotations

from functools import partial

from homeby.logbook.actions import Page
from homeby.watch import texts_lost
from homeby.watch.actions import recipients
from homeby.watch.actions.notices import notify


def tell(page: Page, *, why: str) -> None:
    """One notice to whoever holds the watch and to every administrator, in the entry that says that
    this is a copy."""
    to = recipients.operators(now=page.book.now)
    words = partial(texts_lost.to_operators, why)
    notify(page, to, words, key=f"lost:{page.entry.entry_id}", about="station")
