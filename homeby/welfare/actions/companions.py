"""Whoever says no far more often than she used to, or is picked far more than an even share, is
somebody a welfare officer asks after: a concern, and no evidence. She may switch each off."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from homeby.people.queries.in_teams import everybody_of_team
from homeby.people.rules import STATION
from homeby.welfare.actions.contact import open_once
from homeby.welfare.models import SearchLook
from homeby.welfare.queries.search import happened, members_now
from homeby.welfare.queries.switch import periods, times_not_about
from homeby.welfare.rules.companions import Noticed, noticed
from homeby.welfare.rules.memory import OLDEST
from homeby.welfare.rules.switch import Span, Unasked, is_within

#: What closed in so long is looked at; what was noticed longer ago is nobody's concern any more.
READ_BACK, NOTICED_WITHIN = 2 * OLDEST, dt.timedelta(days=31)
#: Nobody is asked after again within so long.
LATELY = dt.timedelta(weeks=26)


def is_first_today(*, now: dt.datetime) -> bool:
    """Whether nothing was looked at yet on this day: the companions are looked for once a day."""
    before = SearchLook.objects.first()
    return before is None or before.until_at.date() != now.date()


def ask_after(*, now: dt.datetime, rest: Callable[[], None]) -> int:
    """Open a concern about each of them, once; gives how many are new. Safe to repeat and to
    interrupt."""
    several = periods(STATION)
    if not several or several[-1].to_at is not None:
        return 0
    members, here = members_now(), set(everybody_of_team(None))
    told = 0
    for team_id, decided in happened(several, now=now, since=now - READ_BACK).items():
        found = noticed(decided, promise=several[-1].promise)
        lately = [one for one in found if one.at > now - NOTICED_WITHIN]
        off = {one: _off(one, lately) for one in (Unasked.WITHDRAWN, Unasked.OVERUSED)}
        for one in lately:
            who = uuid.UUID(one.who)
            spans = off[one.said].get(who, [])
            if who not in members.get(team_id, set()) & here:
                continue
            if is_within(one.at, spans) or is_within(now, spans):
                continue
            key = f"{one.said.lower()}:{team_id}:{who}:{one.at.isoformat()}"
            told += open_once(team_id, who, one.said, key=key, lately=LATELY, now=now)
        rest()
    return told


def _off(said: Unasked, found: list[Noticed]) -> dict[uuid.UUID, list[Span]]:
    people = [uuid.UUID(one.who) for one in found if one.said is said]
    return times_not_about(STATION, people, said=said) if people else {}
