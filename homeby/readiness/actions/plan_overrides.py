"""Somebody is planned for a mission although she rests then, or is not asked before: whoever plans
takes it on by name and with a reason. Nothing is barred by it; it is kept and told to her."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.queries import answer_given
from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.actions.breaking_rest import Given, break_rest, use_words
from homeby.readiness.queries.plan_advice import AgainstPlan, Planned, against_plan
from homeby.readiness.queries.rest import Going
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.protection import REASON_LEAST, REASON_MOST
from homeby.readiness.rules.rest import of_a_mission


def judge(plan: Planned, *, by: Viewer, now: dt.datetime) -> AgainstPlan:
    """What speaks against a plan, as whoever plans reads it; each of whom something is said was
    looked at."""
    found = against_plan(by, plan, now=now)
    for key in found.about:
        opened(ReadKind.STATUS, what=f"person:{key}", whose=key)
    return found


def plan_judged(
    act: Callable[[], str], *, plan: Planned, reason: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Plan for a program, which reads beforehand of nothing that speaks against it: what is wrong
    with the plan itself is said first, then what speaks against it and asks for a reason. Raises
    Refused."""
    if answer_given(tap.entry_id) is not None:
        return act()
    with transaction.atomic():
        answer = act()
        found = judge(plan, by=by, now=now)
        if found.overridden and (problem := _problem_with(reason)):
            raise Refused(" ".join(found.sentences), why=problem)
        return plan_over(lambda: answer, found=found, reason=reason, by=by, now=now, tap=tap)


def plan_over(
    act: Callable[[], str],
    *,
    found: AgainstPlan,
    reason: str,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Carry out the planning, and keep with it by whose word whoever rests then is planned all the
    same: both, or neither. Raises Refused."""
    problem = _problem_with(reason) if found.overridden else ""
    if problem:
        raise Refused(why=problem)
    with transaction.atomic():
        _use_words(found, by=by, now=now)
        answer = act()
        for key, lifts in found.overridden.items():
            own = replace(tap, entry_id=uuid.uuid5(tap.entry_id, f"override {key}"))
            word = Given(reason=reason.strip(), lifts=lifts, span=found.span)
            keep_override(person_id=key, word=word, by=by, now=now, tap=own)
    return answer


def _use_words(found: AgainstPlan, *, by: Viewer, now: dt.datetime) -> None:
    keys = [key for key in found.party if key not in found.overridden]
    going = Going(*found.span, of_a_mission)
    with logbook.writing(now=now, by=by.person_id) as book:
        use_words(book, keys, going, span=found.span, but=None)


def _problem_with(reason: str) -> str:
    if REASON_LEAST <= len(reason.strip()) <= REASON_MOST:
        return ""
    return _("Say why all the same, in %(least)d to %(most)d characters.") % {
        "least": REASON_LEAST,
        "most": REASON_MOST,
    }


@logbook.once
def keep_override(
    *, person_id: uuid.UUID, word: Given, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """By whose word, and why, somebody is planned though she rests then; she is told, before she
    goes at the latest."""
    answer = _("Kept, with your name and your reason.")
    with logbook.writing(now=now, by=by.person_id) as book:
        kind = kinds.PLAN_OVERRIDDEN
        break_rest(book, person_id, by=by, word=word, kind=kind, tap=tap, answer=answer)
    return answer
