"""The search for people who are left out, brought up to the records: each team by itself, in one
commit, so that it may be broken off at any instant and goes on where it was.

What it holds follows from the records alone: live or made again, early or late, it is the same to
the last bit. What it has said stays said, and is an entry (docs/decisions/0023).
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from django.db import transaction

from homeby.logbook.queries import last_number
from homeby.people.rules import STATION
from homeby.welfare.actions import held
from homeby.welfare.actions.held import Held
from homeby.welfare.actions.signals import Told, say
from homeby.welfare.models import SearchLook, SearchPeriod
from homeby.welfare.queries import search as queries
from homeby.welfare.queries.switch import periods
from homeby.welfare.rules.kept import base_at
from homeby.welfare.rules.left_out import Happened, Team
from homeby.welfare.rules.replaying import first_that_differs, play
from homeby.welfare.rules.switch import Period

log = logging.getLogger(__name__)

#: Once a day what closed in so long is read again: some records tell nobody that they changed.
READ_AGAIN = dt.timedelta(weeks=60)
#: Before whatever was recorded.
_BEGINNING = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "")


@dataclass
class Looked:
    """What a look did: decisions taken in, signals raised."""

    decisions: int = 0
    signals: int = 0
    changed: int = 0


class SwitchedOff(Exception):
    """Somebody switched the search off while it looked."""


class _ReadMore(Exception):
    """What was read does not reach back far enough."""


def look(*, now: dt.datetime, rest: Callable[[], None]) -> Looked:
    """Take in what has closed since the last look, of the teams of which anything has: of the
    others nothing is read. What changed further back is found once a day, when all are read, and
    whatever is found is replayed from before it."""
    several = periods(STATION)
    if not several or several[-1].to_at is not None:
        return Looked()
    number, before = last_number(), SearchLook.objects.first()
    since = only = None
    if before is not None:
        if before.until_at.date() == now.date():
            only = queries.teams_to_read(before, now=now, number=number)
            if not only:
                return Looked()
        since = now - READ_AGAIN
    try:
        found = _bring_up(several, now=now, since=since, only=only, rest=rest)
    except _ReadMore:
        found = _bring_up(several, now=now, since=None, only=only, rest=rest)
    except SwitchedOff:
        return Looked()
    held.note_look(number=number, now=now)
    return found


def recompute(
    *, now: dt.datetime, rest: Callable[[], None], progress: Callable[[int, int], None]
) -> Looked:
    """Make everything again from the records, from their beginning. `changed`: the teams of which
    something else was held until now."""
    several = periods(STATION)
    assert several, "it was on at some time"
    number, told = last_number(), queries.happened(several, now=now, since=None)
    found = Looked()
    for done, (team_id, happened) in enumerate(sorted(told.items()), 1):
        before = held.everything(team_id)
        anew = Held(since=None, is_believed=False)
        _one_team(team_id, happened, anew, several, now=now, found=found)
        found.changed += before is not None and before != held.everything(team_id)
        progress(done, len(told))
        rest()
    held.note_look(number=number, now=now)
    return found


def _bring_up(
    several: Sequence[Period],
    *,
    now: dt.datetime,
    since: dt.datetime | None,
    only: Collection[uuid.UUID] | None,
    rest: Callable[[], None],
) -> Looked:
    told = queries.happened(several, now=now, since=since, only=only)
    known = held.all_held(since, only=only)
    found = Looked()
    failed: Exception | None = None
    for team_id in sorted(told.keys() | known.keys()):
        kept = known.get(team_id, Held(since=since))
        try:
            if _one_team(team_id, told.get(team_id, []), kept, several, now=now, found=found):
                rest()
        except (_ReadMore, SwitchedOff):
            raise
        except Exception as problem:
            log.exception("the decisions of a team could not be looked at")
            failed = problem
    if failed is not None:  # no look is noted: the next hour tries it again
        raise failed
    return found


def _one_team(
    team_id: uuid.UUID,
    happened: Sequence[Happened],
    kept: Held,
    several: Sequence[Period],
    *,
    now: dt.datetime,
    found: Looked,
) -> bool:
    """Bring one team up; says whether anything was new. What takes long is done before anything is
    written: whoever keeps the watch does not wait for it."""
    base = held.base_of(team_id)
    if base is not None:
        happened = [one for one in happened if one.order > base[0]]
    first = first_that_differs(kept.digests, happened) if kept.is_believed else _BEGINNING
    if first is None:
        return False
    start = held.stood_before(team_id, first) if kept.is_believed else base
    if kept.since is not None and (start is None or start[0][0] < kept.since):
        raise _ReadMore
    until, team = start if start is not None else (None, Team(promise=several[0].promise))
    newest = happened[-1].order[0] if happened else now
    played = play(team, until, happened, newest=newest)
    with transaction.atomic():
        if not SearchPeriod.objects.select_for_update().filter(is_open=True).exists():
            raise SwitchedOff
        held.put_away(team_id, played, first, newest=newest)
        held.note_taken(team_id, happened, first)
        told = Told(team_id=team_id, found=played.found, after=until, happened=happened)
        found.signals += say(told, periods=several, now=now)
    found.decisions += sum(one.order >= first for one in happened)
    return True


def lay_bases(*, now: dt.datetime, rest: Callable[[], None]) -> None:
    """Keep how each team stood at the turn of a month, before what its decisions saw until then is
    erased. Nothing where the search is off. Safe to repeat and to interrupt."""
    several, until = periods(STATION), base_at(now)
    if not several or several[-1].to_at is not None:
        return
    for team_id, happened in sorted(queries.happened(several, now=now, since=None).items()):
        base = held.base_of(team_id)
        order, team = base if base is not None else (None, Team(promise=several[0].promise))
        older = [one for one in happened if one.order[0] < until]
        stands = play(team, order, older, newest=until).stands
        if stands is None or stands.until == order:
            continue
        with transaction.atomic():
            if not SearchPeriod.objects.select_for_update().filter(is_open=True).exists():
                return
            held.lay_base(team_id, stands)
        rest()
