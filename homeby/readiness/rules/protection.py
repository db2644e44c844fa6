"""What may break a protected rest: no pages, no shifts, no missions, unless somebody takes it on by
name and with a reason. Pure. The way home, her own re-checks and the last fallback of the watch are
never held back (`DESIGN.md` 6 "Recipients", promise 12).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from homeby.sentences import gettext as _

REASON_LEAST, REASON_MOST = 3, 500


class Claim(StrEnum):
    """What asks for somebody who rests."""

    PAGE = "PAGE"  # a message of the watch that could reach somebody else
    SHIFT = "SHIFT"
    MISSION = "MISSION"
    TRAINING = "TRAINING"
    LAST_FALLBACK = "LAST_FALLBACK"  # nobody else is left to tell
    OWN_ALARM = "OWN_ALARM"  # about herself: HELP, her own deadline
    OWN_RE_CHECK = "OWN_RE_CHECK"
    WAY_HOME = "WAY_HOME"  # signing in, being fetched, being counted


#: These pass a rest without anybody's word.
ALWAYS = frozenset({Claim.LAST_FALLBACK, Claim.OWN_ALARM, Claim.OWN_RE_CHECK, Claim.WAY_HOME})
#: These no word lets through: somebody else is told instead.
NEVER = frozenset({Claim.PAGE})


@dataclass(frozen=True, kw_only=True)
class Override:
    """Somebody takes it on herself that a rest is broken."""

    by: uuid.UUID
    reason: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Whether it may be, what is said about it, and whether an override must be kept with her
    history, by name and reason."""

    allowed: bool
    sentences: tuple[str, ...] = ()
    overridden: bool = False


def may_break(
    claim: Claim,
    why: Sequence[str],
    *,
    person_id: uuid.UUID,
    override: Override | None,
) -> Decision:
    """Whether this may reach or use somebody against whom this is said (`rest_said.sentences`)."""
    if not why or claim in ALWAYS:
        return Decision(allowed=True)
    why = tuple(why)
    if claim in NEVER:
        return Decision(allowed=False, sentences=why)
    if override is None:
        return Decision(allowed=False, sentences=(*why, how_overridden()))
    problem = problem_with_override(override, person_id=person_id)
    if problem:
        return Decision(allowed=False, sentences=(problem, *why))
    return Decision(allowed=True, sentences=why, overridden=True)


def how_overridden() -> str:
    """Where no word was given yet: that somebody may give it."""
    return _("Somebody may override this by name and with a reason.")


def problem_with_override(override: Override, *, person_id: uuid.UUID) -> str:
    """What is wrong with an override, in a sentence; "" when it stands."""
    if override.by == person_id:
        return _("Nobody overrides her own rest; somebody else takes it on by name.")
    length = len(override.reason.strip())
    if not REASON_LEAST <= length <= REASON_MOST:
        return _(
            "Give the reason in {least} to {most} characters; it is shown with her name."
        ).format(least=REASON_LEAST, most=REASON_MOST)
    return ""
