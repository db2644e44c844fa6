"""Welfare checks: after how long somebody looks, and what whoever found her says. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from homeby.sentences import gettext as _
from homeby.welfare.rules.concerns import (
    HowFound,
    NoteKind,
    Outcome,
    problem_with_next,
    problem_with_words,
)

#: After the start of a duty, where she set no other.
GRACE_MINUTES = 30
GRACE_MOST = 120
#: Where no welfare officer takes it, whoever holds the watch hears of it.
PASSED_ON_AFTER = dt.timedelta(minutes=10)
#: In this order: call her, then whom she named, then go.
STEPS = (NoteKind.CALLED_HER, NoteKind.CALLED_CONTACT, NoteKind.WENT)
NOUN = "check:"


def ref_of(seat_id: uuid.UUID) -> str:
    """By which the watch knows that somebody is to look for her."""
    return f"{NOUN}{seat_id}"


def is_check(ref: str) -> bool:
    """Whether this subject of the watch is a welfare check."""
    return ref.startswith(NOUN)


def seat_of(ref: str) -> uuid.UUID:
    """The place on the duty behind it."""
    return uuid.UUID(ref.removeprefix(NOUN))


@dataclass(frozen=True, kw_only=True)
class Found:
    """What whoever found her says: when, where, how she was, what was agreed; how the check ends,
    and when somebody asks again (None: she says no)."""

    at: dt.datetime
    where: str
    how: HowFound
    agreed: str
    outcome: Outcome
    next_at: dt.datetime | None
    she_says_no: bool = False


def problems_with(found: Found, *, now: dt.datetime) -> dict[str, str]:
    """What is wrong with it, a sentence each, by field."""
    problems = {
        "where": problem_with_words(found.where),
        "agreed": problem_with_words(found.agreed),
    }
    if found.outcome is Outcome.LEFT_OUT:
        problems["outcome"] = _("A check does not say that; the concern does, once both are heard.")
    if found.at > now:
        problems["at"] = _("That lies ahead; give the time at which she was found.")
    if found.next_at is None and not found.she_says_no:
        problems["next_at"] = _(
            "Choose a day on which somebody asks again, or tick that she says no."
        )
    elif found.next_at is not None:
        problems["next_at"] = problem_with_next(found.next_at, now=now)
    return {name: text for name, text in problems.items() if text}
