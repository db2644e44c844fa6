"""What the phone of one of a party offers first: the next sensible act. Pure."""

from __future__ import annotations

import datetime as dt

from homeby.missions.rules import MemberState
from homeby.people.rules import Act


def fine_until(
    *, check_in_at: dt.datetime | None, due_at: dt.datetime | None
) -> dt.datetime | None:
    """Until when "I am fine" comes before "I am back": the expected return, where a check-in is
    asked for before it; None where none is. Instants are aware UTC."""
    return None if check_in_at is None else due_at


def next_act(state: str, *, fine_until: dt.datetime | None, now: dt.datetime) -> Act | None:
    """The act of the one big button for a member in this state, None where nothing is left to say.
    `STORY.md` 1 and 6: one hand, gloves, no choosing."""
    if state == MemberState.PLANNED:
        return Act.SIGN_OUT
    if state != MemberState.OUT:
        return None
    return Act.CHECK_IN if fine_until is not None and now < fine_until else Act.SIGN_IN
