"""Break-glass: opening what is closed about one party, for an hour, for a reason, and never alone
in silence (promise P15; the fields of the review are those of HL7 EHR TI.2.1.2.8: who, where, what,
when, why). Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from enum import StrEnum

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.people.rules_log_ins import Proof
from homeby.sentences import gettext as _

OPEN_FOR = dt.timedelta(minutes=60)
OFFICERS_LEAST = 2
_WORDS_LEAST, LENGTH_MOST = 3, 300


class GlassState(StrEnum):
    """Open for its hour; over, and red until somebody else has reviewed it; reviewed."""

    OPEN = "OPEN"
    WAITS = "WAITS"
    REVIEWED = "REVIEWED"


def _watch(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY)


GLASS_BROKEN = _watch("GLASS_BROKEN", "Somebody opened what is closed about a party")
GLASS_CLOSED = _watch("GLASS_CLOSED", "What was opened about a party was closed before its hour")
GLASS_REVIEWED = _watch("GLASS_REVIEWED", "Somebody else reviewed why it was opened")


def problem_with_reason(text: str) -> str:
    """What is wrong with the reason for breaking the glass, in a sentence; "" when it is one."""
    if not text.split():
        return _("Say why: without a reason nothing is opened. The party and two officers read it.")
    return _whole(text)


def problem_with_review(text: str) -> str:
    """What is wrong with the sentence of a review; "" when it can stand."""
    if not text.split():
        return _("Say in a sentence what you found: whether it was needed, and what follows.")
    return _whole(text)


def _whole(text: str) -> str:
    if len(text.split()) < _WORDS_LEAST:
        return _("One word tells nobody anything: write a sentence.")
    if len(text) > LENGTH_MOST:
        return _("It has {length} characters; 300 fit.").format(length=len(text))
    return ""


def said_of(proofs: Collection[Proof]) -> str:
    """With what somebody proved herself, as a broken glass keeps it."""
    return "+".join(sorted(proofs))


def without_passkey(proved_with: str) -> bool:
    """Whether it was something weaker than a passkey. What nobody noted is not held against her."""
    return bool(proved_with) and Proof.PASSKEY not in proved_with.split("+")


def state_of(
    *, until_at: dt.datetime, reviewed_at: dt.datetime | None, now: dt.datetime
) -> GlassState:
    """How it stands with a broken glass now. It closes by itself; nothing has to run for that."""
    if reviewed_at is not None:
        return GlassState.REVIEWED
    return GlassState.OPEN if now < until_at else GlassState.WAITS


def officers_told(
    on_watch: Sequence[uuid.UUID],
    keepers: Sequence[uuid.UUID],
    *,
    reachable: Collection[uuid.UUID],
    without: Collection[uuid.UUID],
) -> list[uuid.UUID]:
    """Who is told beside the party: whoever holds the watch, and of the others who keep it as many
    as it takes until two can be reached; never the holder, never one of the party."""
    told = [key for key in dict.fromkeys(on_watch) if key not in without]
    for key in dict.fromkeys(keepers):
        if sum(one in reachable for one in told) >= OFFICERS_LEAST:
            break
        if key not in without and key not in told and key in reachable:
            told.append(key)
    return told
