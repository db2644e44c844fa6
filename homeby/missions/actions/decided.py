"""What is kept of each decision about a mission (who goes, until when) while it is taken, in its
commit. Another room knows what else there was to see, so it says what is to be kept."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.db import transaction

if TYPE_CHECKING:
    from homeby.logbook.actions import Book
    from homeby.missions.models import Mission

log = logging.getLogger("homeby.missions")

Keep = Callable[["Book", "Mission"], None]
_keepers: list[Keep] = []


def keep_by(keep: Keep) -> None:
    """Have this called at every decision from now on; of a process that starts."""
    _keepers.append(keep)


def decided(book: Book, mission: Mission) -> None:
    """Somebody decided about a mission, and it stands as it is now. A record that cannot be kept
    keeps nobody from planning or leaving: the hourly round tries it again."""
    for keep in _keepers:
        before = len(book.pages)
        try:
            with transaction.atomic():
                keep(book, mission)
        except Exception:
            del book.pages[before:]
            log.exception("what a decision saw could not be kept; it is tried again in an hour")
