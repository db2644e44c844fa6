"""HELP that fits no mission: of somebody who is not out, or of whom nobody knows. It is an alarm of
its own, by a reference of its own for each source, until a person has judged it. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

from homeby.watch.rules.alarms import Run
from homeby.watch.rules.words import Target

#: How the reference begins of what such an alarm is about.
REF = "help:"
_SOURCES = uuid.UUID("57a71015-0000-4000-8000-00000000008e")
_NEVER = frozenset({Target.PARTY, Target.LEADER, Target.KIN})

#: How soon whoever has taken it hears of further HELP of the same source; and how soon a stranger
#: rings anew after the last such alarm.
RING_AGAIN = dt.timedelta(minutes=10)


def help_ref(source: str) -> str:
    """The reference of what one source asks for; it ends in an id, as all references do."""
    return f"{REF}{uuid.uuid5(_SOURCES, source)}"


def is_unplaced(ref: str) -> bool:
    """Whether a subject is HELP that fits no mission."""
    return ref.startswith(REF)


def rings_at(
    *, is_stranger: bool, last_opened_at: dt.datetime | None, now: dt.datetime
) -> dt.datetime:
    """When the first step of a new alarm rings: now, but for a source that nobody answers for, once
    in ten minutes; else whoever has no key could wake the watch anew after each alarm it ended."""
    if not is_stranger or last_opened_at is None:
        return now
    return max(now, last_opened_at + RING_AGAIN)


def spared(run: Run, ref: str) -> Run:
    """A step of an alarm about this subject; HELP that fits no mission tells neither whoever asked,
    whose telephone may be in other hands, nor kin, who would hear of a danger that nobody has
    judged."""
    if not is_unplaced(ref):
        return run
    return replace(run, targets=others(run.targets, ref))


def others(targets: tuple[Target, ...], ref: str) -> tuple[Target, ...]:
    """These targets, without those that such a step spares."""
    if not is_unplaced(ref):
        return targets
    return tuple(one for one in targets if one not in _NEVER)
