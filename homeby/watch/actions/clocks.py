"""One look at the two clocks of a machine: disputes begin and end, the operator is told.

Several watchkeepers of one machine see the same clocks and decide by the same rules; whoever is
first writes the row, and the others find it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from django.db import IntegrityError
from django.utils.translation import gettext as _

from homeby import instants, steady
from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused
from homeby.steady import Clocks
from homeby.watch import queries, rules
from homeby.watch.actions import recipients
from homeby.watch.actions.notices import notify
from homeby.watch.models import ClockDispute, Watchkeeper
from homeby.watch.rules import Believed, ClockEnding, ClockTrouble

ABOUT = "clock"


def zero_to_trust(*, seen: Clocks, may_lie_ahead: bool) -> dt.datetime:
    """What a process that begins must trust. `may_lie_ahead`: this is a demonstration, whose
    logbook may be ahead of any clock, so that it is no witness."""
    noted = queries.zero_noted(seen)
    if noted is not None:
        return noted
    last = None if may_lie_ahead else entries.last_recorded_at()
    return rules.first_zero(seen, last_entry_at=last)


def mind(*, seen: Clocks, believed: Believed, now: dt.datetime) -> tuple[dt.datetime, bool]:
    """Look at the clocks once. Gives the zero to trust from now on, and whether any machine of the
    station has a disputed clock. `believed` is what this process trusts; `now` the time by it."""
    disputes = {row.machine: row for row in queries.open_disputes()}
    own = disputes.pop(seen.machine, None)
    real_now = steady.time_at(seen, own.zero_at if own else believed.zero_at)
    _close_those_of_the_gone(list(disputes.values()), now=now, real_now=real_now)
    if own is not None:
        believed = Believed(
            zero_at=own.zero_at,
            kind=ClockTrouble(own.kind),
            began_seconds=own.boot_seconds,
            outside=entries.outside_time(seen.machine),
        )
    match rules.decide_clock(seen, believed):
        case rules.Agreed(zero_at=zero_at):
            return zero_at, bool(own or disputes)
        case rules.Settled(ending=ending, zero_at=zero_at):
            assert own is not None, "only what is open can be settled"
            _settle(own, ending=ending, zero_at=zero_at, by=None, now=now)
            return zero_at, bool(disputes)
        case rules.Disputed() as found:
            if queries.settled_as(seen):
                return seen.zero_at, bool(disputes)
            return _begin(seen, believed, found, now=now), True


def _begin(
    seen: Clocks, believed: Believed, found: rules.Disputed, *, now: dt.datetime
) -> dt.datetime:
    """Write that the clock is disputed, and tell the operator; another watchkeeper of the machine
    may have been quicker."""
    row = ClockDispute(
        id=uuid.uuid4(),
        machine=seen.machine,
        kind=found.kind,
        zero_at=believed.zero_at,
        boot_seconds=seen.boot_seconds,
        apart_seconds=found.apart_seconds,
        began_at=now,
    )
    try:
        with logbook.writing(now=now, by=None, device="watchkeeper") as book:
            facts = {
                "kind": found.kind,
                "apart_seconds": round(found.apart_seconds, 1),
                "wall_clock": seen.wall_at.isoformat(),
            }
            page = book.entry(rules.CLOCK_DISPUTED, subject=ABOUT, facts=facts)
            page.add(row)
            _tell_operator(page, row)
    except IntegrityError:
        noted = queries.zero_noted(seen)
        return believed.zero_at if noted is None else noted
    return believed.zero_at


def _settle(
    row: ClockDispute,
    *,
    ending: ClockEnding,
    zero_at: dt.datetime,
    by: uuid.UUID | None,
    now: dt.datetime,
) -> bool:
    """End a dispute, once; says whether it was this call that did it."""
    with logbook.writing(now=now, by=by, device="watchkeeper") as book:
        here = ClockDispute.objects.select_for_update().filter(pk=row.pk, ended_at__isnull=True)
        found = here.first()
        if found is None:
            return False
        page = book.entry(rules.CLOCK_SETTLED, subject=ABOUT, facts={"ending": ending})
        page.change(found, ended_at=now, ending=ending, settled_zero_at=zero_at)
    return True


def _close_those_of_the_gone(
    rows: list[ClockDispute], *, now: dt.datetime, real_now: dt.datetime
) -> None:
    """A machine on which no watchkeeper has looked for a minute disputes nothing any more: it was
    switched off, or taken away."""
    for row in rows:
        looks = Watchkeeper.objects.filter(machine=row.machine).order_by("-looked_at")
        looked_at = looks.values_list("looked_at", flat=True).first()
        silent = dt.timedelta(seconds=queries.FRESH_SECONDS)
        if abs(real_now - (looked_at or row.began_at)) > silent:
            _settle(row, ending=ClockEnding.GONE, zero_at=row.zero_at, by=None, now=now)


def accept(*, seen: Clocks, by: uuid.UUID | None, now: dt.datetime) -> str:
    """A person says that the wall clock of this machine is right. Raises Refused when nobody
    doubts it."""
    for row in queries.open_disputes():
        if row.machine == seen.machine:
            _settle(row, ending=ClockEnding.BY_PERSON, zero_at=seen.zero_at, by=by, now=now)
            return _("The clock of this machine counts from now on.")
    raise Refused(_("The clock of this machine is not disputed; there is nothing to accept."))


def _tell_operator(page: Page, row: ClockDispute) -> None:
    """One message to whoever holds the watch and to every administrator."""
    to = recipients.operators(now=page.book.now)
    notify(page, to, partial(words_of, row), key=f"{ABOUT}:{row.pk}", about=ABOUT)


def words_of(row: ClockDispute) -> tuple[str, str]:
    """What the operator is told: a subject line, and what happens now."""
    span = instants.span(abs(row.apart_seconds))
    head = _("The clock of the station is disputed")
    how = {
        ClockTrouble.BACK: _("It was moved back by %s."),
        ClockTrouble.FORWARD: _("It was moved forward by %s."),
        ClockTrouble.BEHIND: _("After switching on it was behind the logbook by %s."),
    }[ClockTrouble(row.kind)]
    then = (
        _("The watch counts on by itself for ten minutes; then it takes the clock as it is.")
        if row.kind == ClockTrouble.FORWARD
        else _("The watch counts on by itself until the clock agrees again.")
    )
    do = _(
        "Set the clock right. If it is right already, run on that machine: homeby clock --accept"
    )
    return head, " ".join([how % span, then, do])


def note_on_alarms() -> str:
    """What every alarm message says that is sent while a clock is disputed."""
    return _("Clock disputed: the times in this message may be wrong.")
