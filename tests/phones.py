"""What rings in tests: a message on a phone, and a step of a plan in a few words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from homeby.comms import channels
from homeby.watch.rules import Anchor, Step, Target


@dataclass(frozen=True, kw_only=True)
class Received:
    """One message on one phone."""

    at: dt.datetime
    person: str
    outgoing: channels.Outgoing

    @property
    def subject(self) -> str:
        """Its subject line."""
        return self.outgoing.subject

    @property
    def code(self) -> str:
        """The six digits in it, "" when there is nothing to take."""
        last = self.outgoing.text.rsplit(" ", 1)[-1]
        return last if len(last) == 6 and last.isdigit() else ""


def step(anchor: Anchor, offset_minutes: int, *targets: Target, wait_minutes: int = 5) -> Step:
    """A step in a few words."""
    return Step(
        anchor=anchor, offset_minutes=offset_minutes, targets=targets, wait_minutes=wait_minutes
    )
