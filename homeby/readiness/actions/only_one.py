"""Two who begin the same in one instant: the second reads a sentence, as if she had come later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from homeby.logbook.rules import Refused


@contextmanager
def only_one(**said: str) -> Iterator[None]:
    """Around the writing of what there may be once: where a unique index refuses it, raises
    Refused with these sentences beside the fields."""
    try:
        yield
    except IntegrityError as error:
        raise Refused(**said) from error
