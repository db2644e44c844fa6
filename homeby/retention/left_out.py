"""What is erased of the care for people, and of the search for who is left out, by times of their
own. That somebody looked after her, and how it ended, stays (`LEFTOUT.md` 5).

A year after a concern that came of a signal has ended, by which decision it came; two years after
any has ended, and when nobody asks again, what was said and done about it, and how she was found;
after three years what a decision about a duty or a mission saw. Who was not to read a concern
stays, for it may be opened again; so does what it was opened for, ids and an instant, lest it be
opened twice. No office reads of the first two: that there was anything
to erase would tell that somebody was looked after.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

from homeby.logbook.forgetting import Forgetting, Reach, Spared, forget
from homeby.readiness.queries.closing import decided_and_not_over, some_decision_before
from homeby.retention.applying import spared
from homeby.welfare.actions.searching import lay_bases
from homeby.welfare.queries.left_out import some_older_than, some_said_before, young_concerns
from homeby.welfare.rules.kept import erased_before

KEPT = dt.timedelta(days=365)
WORDS_KEPT = dt.timedelta(days=2 * 365)
_SIGNAL, _NOTE = "welfare.leftoutsignal", "welfare.concernnote"
_CHECK = "welfare.welfarecheck"
_DUTY, _MISSION = "readiness.dutydecision", "readiness.missiondecision"
SIGNALS = Forgetting(
    name="SIGNALS",
    blank={_SIGNAL: {"key": ""}},
    aged={_SIGNAL: ("concern__ended_at",)},
    ending=(_SIGNAL,),
    is_care=True,
)
WORDS = Forgetting(
    name="CARE",
    blank={_NOTE: {"sealed": None, "step": ""}, _CHECK: {"how": ""}},
    aged=dict.fromkeys((_NOTE, _CHECK), ("concern__ended_at",)),
    ending=(_NOTE, _CHECK),
    is_care=True,
)
DECISIONS = Forgetting(
    name="DECISIONS",
    blank={_DUTY: {"facts": {}, "pool": []}, _MISSION: {"facts": {}, "pool": []}},
    aged={_DUTY: ("duty__ends_at",), _MISSION: ("at",)},
)


def fade(*, now: dt.datetime, rest: Callable[[], None]) -> int:
    """Erase what is over its time; gives in how many entries. Nothing is looked through and nothing
    written where there is none. Safe to repeat and to interrupt."""
    use, before = partial(spared, now=now), now - KEPT
    done = 0
    if some_older_than(before):
        done += _forget(SIGNALS, before, use, now=now, rest=rest)
    before = now - WORDS_KEPT
    if some_said_before(before):
        done += _forget(WORDS, before, lambda: use() | young_concerns(before), now=now, rest=rest)
    before = erased_before(now)
    if some_decision_before(before):
        lay_bases(now=now, rest=rest)
        done += _forget(
            DECISIONS, before, lambda: use() | decided_and_not_over(before), now=now, rest=rest
        )
    return done


def _forget(
    rule: Forgetting,
    before: dt.datetime,
    use: Spared,
    *,
    now: dt.datetime,
    rest: Callable[[], None],
) -> int:
    return forget(rule, Reach(before=before), spared=use, by=None, now=now, rest=rest)
