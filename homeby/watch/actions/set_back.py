"""What a clock that has been set back since wrote for the station itself: the canary's next round,
the next look through the weekly tests, a partner's next message, a drill, a word to kin, tries.

One place for all of them. An instant of the station's own is known by how far ahead it can lie at
most; what lies further is due at once, and every look after it counts by the clock as it is now.
What a person promised or chose (a due time, a return, a pause, an hour to be asked again) stands
as it was said. Open alarms are put right where they are judged (`rules.believable`), for a look
that was ahead must not silence them for a moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Model, Q, QuerySet

from homeby.comms.actions import set_back as outbox
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.steady import SKEW
from homeby.watch import rules
from homeby.watch.actions.partners import marks
from homeby.watch.actions.unjudged import locked
from homeby.watch.models import Alarm, Deadline, Drill, KinNews, PartnerMark
from homeby.watch.rules import AlarmState, DeadlineKind, DeadlineState, partners
from homeby.watch.rules.kin import AHEAD
from homeby.watch.rules.live_tests import LOOK_AGAIN

ABOUT = "clock"
#: Longer than any pause between two words to kin; and longer than they wait for their own hours.
KIN_WITHIN, KIN_AT_MOST = dt.timedelta(hours=4), dt.timedelta(days=1)


def put_right(*, now: dt.datetime, was_set_back: bool = False) -> bool:
    """Put right what lies further ahead than it can. `was_set_back`: this process has just seen its
    clock go back, so that the rounds of the station are due now whatever they say. Says whether
    there was anything. A few index look-ups when there is not."""
    found = [*_ahead(now, was_set_back), *outbox.ahead(now=now)]
    if not any(rows.exists() for rows in found):
        return False
    with logbook.writing(now=now, by=None, device="watchkeeper") as book:
        page = book.entry(rules.CLOCK_PUT_RIGHT, subject=ABOUT)
        count = _put_right(page, was_set_back) + outbox.put_right(page)
        page.state(rows=count)
    return True


def _ahead(now: dt.datetime, was_set_back: bool) -> Iterator[QuerySet[Model]]:
    yield _rounds(now, was_set_back)
    yield _partners(now, was_set_back)
    yield _drills(now)
    yield _words(now)
    yield PartnerMark.objects.filter(partner__ended_at=None, well_at__gt=now + SKEW)


def _put_right(page: Page, was_set_back: bool) -> int:
    now = page.book.now
    rounds = list(locked(_rounds(now, was_set_back)))
    for deadline in rounds:
        _move(page, deadline, now)
    awaited = list(locked(_partners(now, was_set_back)))
    for deadline in awaited:
        due_at = now + partners.SILENT_AFTER
        _move(page, deadline, due_at, call_out_at=due_at + partners.CALL_OUT_AFTER)
    if was_set_back or PartnerMark.objects.filter(well_at__gt=now + SKEW).exists():
        marks.listen_anew(now=now)  # after the deadlines, which are known by these marks
    drills = list(locked(_drills(now)))
    for drill in drills:
        _move_drill(page, drill)
    words = list(locked(_words(now).select_related("subject")))
    for row in words:
        _say_soon(page, row)
    return len(rounds) + len(awaited) + len(drills) + len(words)


def _move(page: Page, deadline: Deadline, at: dt.datetime, **more: dt.datetime) -> None:
    page.change(deadline, **{"due_at": at, "call_out_at": at, "act_at": at} | more)


def _open(*which: Q, **of: Any) -> QuerySet[Deadline]:
    return Deadline.objects.filter(*which, state=DeadlineState.OPEN, **of)


def _rounds(now: dt.datetime, was_set_back: bool) -> QuerySet[Deadline]:
    """The canary's next round, and the next look through the weekly tests. By their subjects, of
    which there is one each: there may be a million deadlines of people."""
    own = _open(subject__ref__in=[rules.CANARY_REF, rules.TESTS_REF])
    looked = now if was_set_back else now + LOOK_AGAIN + SKEW
    canary = Q(kind=DeadlineKind.CANARY, act_at__gt=now + rules.CANARY_EVERY + SKEW)
    return own.filter(canary | Q(kind=DeadlineKind.TEST, act_at__gt=looked)).order_by("pk")


def _partners(now: dt.datetime, was_set_back: bool) -> QuerySet[Deadline]:
    """The next message of a partner that is heard. A later hour at which a person wants to be asked
    again stands, unless nobody can have chosen it: it is a day ahead at most."""
    wanted = Q(act_at__gt=now + partners.ASK_AGAIN_AT_MOST + SKEW)
    late = Q(act_at__gt=now + partners.SILENT_AFTER + SKEW)
    refs = []
    for mark in PartnerMark.objects.filter(partner__ended_at=None):
        refs.append(partners.ref_of(mark.partner_id))
        own = late & Q(subject__ref=refs[-1])
        if mark.well_at > now + SKEW:  # what counts from this mark, and no further hour
            wanted |= own & Q(act_at__lte=mark.well_at + partners.SILENT_AFTER + SKEW)
        elif was_set_back and mark.well_at > now - partners.SILENT_AFTER and not mark.troubles:
            wanted |= own  # it has spoken by the clock as it is now, and was expected before
    return _open(wanted, kind=DeadlineKind.PARTNER, subject__ref__in=refs).order_by("pk")


def _drills(now: dt.datetime) -> QuerySet[Drill]:
    """A drill that is on and has not begun yet by the clock."""
    begun = Drill.objects.filter(began_at__gt=now + SKEW)
    waits = _open(kind=DeadlineKind.EXERCISE, subject__ref=rules.DRILL_REF).values("plan_id")
    on = Alarm.objects.filter(subject__ref=rules.DRILL_REF, state=AlarmState.OPEN).values("pk")
    return begun.filter(Q(plan_id__in=waits) | Q(alarm_id__in=on)).order_by("pk")


def _move_drill(page: Page, drill: Drill) -> None:
    """It begins now and lasts as long as it was to last."""
    lead = drill.began_at - page.book.now
    for deadline in locked(_open(plan_id=drill.plan_id)):
        moved = {name: getattr(deadline, name) - lead for name in ("call_out_at", "act_at")}
        _move(page, deadline, deadline.due_at - lead, **moved)
    page.change(drill, began_at=page.book.now, ends_at=drill.ends_at - lead)


def _words(now: dt.datetime) -> QuerySet[KinNews]:
    """Words to kin whose promised hour is further away than one can be, but for their own hours and
    for more time that was given."""
    free = Q(subject__due_at__isnull=True) | Q(subject__due_at__lt=F("next_at") - KIN_WITHIN)
    late = KinNews.objects.filter(ended_at__isnull=True, next_at__gt=now + KIN_WITHIN)
    ahead = Q(told_at__gt=now + SKEW) | Q(next_at__gt=now + KIN_AT_MOST)
    return late.filter(free, ahead).order_by("pk")


def _say_soon(page: Page, row: KinNews) -> None:
    """The word is said now, and names the hour of the next one by the clock as it is."""
    now = page.book.now
    page.change(row, next_at=now + AHEAD)
    for deadline in locked(_open(kind=DeadlineKind.KIN, subject_id=row.subject_id)):
        _move(page, deadline, now)
