"""Keeping what was known when the party of a mission was named: with each decision, in its commit
(`missions.actions.decided`), with what whoever looks for people says that it needs, and with why
the others do not go, each in the tap that is made anyway. What could not be kept then is kept by
the station within the hour."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries as missions
from homeby.missions.actions.plan import locked
from homeby.missions.rules import MissionState
from homeby.people.rules import Viewer
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import MissionDecision
from homeby.readiness.queries import mission_decisions as queries
from homeby.readiness.queries import standing
from homeby.readiness.queries.decision_groups import groups_of
from homeby.readiness.queries.duty_pool import as_facts
from homeby.readiness.queries.qualifications import OVERSEERS
from homeby.readiness.rules import mission_decisions as rules
from homeby.readiness.rules.duty_planning import NotPicked
from homeby.readiness.rules.mission_decisions import NEEDS_MAX

log = logging.getLogger("homeby.readiness")


def keep_as_decided(book: Book, mission: Any) -> None:
    """Keep what a decision about a mission sees, by whoever takes it; nothing where it changes
    neither who goes nor until when, nor with what it is decided."""
    last = queries.last_facts(mission.pk)
    party = queries.party_of(mission)
    group = groups_of([mission]).get(mission.pk)
    if party and not queries.holds(last, mission, party, group):
        _keep(book, mission, by=book.by, needs=queries.needs_in(last))


def keep_decided(*, now: dt.datetime, rest: Callable[[], None] = lambda: None) -> int:
    """Keep each party and time that no decision holds yet, and `rest` after each: others write too.
    By whom it was decided is not known any more. Gives how many; one that cannot be kept stops no
    other. Safe to repeat."""
    kept = 0
    for found, _party in queries.undecided():
        try:
            with logbook.writing(now=now, by=None, device="station") as book:
                keep_as_decided(book, locked(found.pk))
        except Exception:
            log.exception("what a plan saw could not be kept; it is tried again in an hour")
        else:
            kept += 1
        rest()
    return kept


@logbook.once
def say_why_not(
    *,
    mission_id: uuid.UUID,
    not_picked: NotPicked,
    needs: Sequence[str] | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Say why those who could have gone were not named: one tap, for all of them; `needs` where the
    mission needs something else than was said last. Raises Refused."""
    answer = _("Kept. It is shown to nobody beside a name.")
    with _deciding(mission_id, by, now) as (book, mission):
        if needs is None:
            needs = queries.needs_in(queries.last_facts(mission_id))
        by_id = by.person_id
        _keep(book, mission, by=by_id, needs=needs, reason=not_picked, tap=tap, answer=answer)
    return answer


@logbook.once
def say_needs(
    *, mission_id: uuid.UUID, needs: Sequence[str], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Keep what a mission needs, as whoever looks for people for it asks; the same again is kept
    once, and of one that is over nothing. Raises Refused."""
    answer = _("What it needs is kept with the mission.")
    with _deciding(mission_id, by, now) as (book, mission):
        known = standing.known()
        wanted = list(dict.fromkeys(one for one in needs if one in known))[:NEEDS_MAX]
        is_same = wanted == queries.needs_in(queries.last_facts(mission_id))
        if mission.state in (MissionState.PLANNED, MissionState.OUT) and not is_same:
            _keep(book, mission, by=by.person_id, needs=wanted, tap=tap, answer=answer)
    return answer


@contextmanager
def _deciding(mission_id: uuid.UUID, by: Viewer, now: dt.datetime) -> Iterator[tuple[Book, Any]]:
    """A mission, locked, for whoever disposes of people for it: its decisions are numbered one by
    one. Raises Refused."""
    mission = missions.mission(by, mission_id)
    if mission is None or by.person_id is None or not by.has_for(mission.team_id, *OVERSEERS):
        raise Refused(_("Whoever disposes of people for this mission says that."))
    with only_one(not_picked=_("Somebody said it in this instant; look again.")):  # noqa: SIM117
        with logbook.writing(now=now, by=by.person_id) as book:
            yield book, locked(mission_id)


def _keep(
    book: Book,
    mission: Any,
    *,
    by: uuid.UUID | None,
    needs: Sequence[str],
    reason: str = "",
    **said: Any,
) -> None:
    party, key = queries.party_of(mission), uuid.uuid4()
    group = groups_of([mission]).get(mission.pk)
    pool = queries.pool_of_mission(mission, party, now=book.now)
    needed = queries.needs_as_facts(needs, pool, mission, now=book.now)
    page = book.entry(
        rules.MISSION_CHOICE_KEPT,
        subject=f"mission-choice:{key}",
        facts={"reason": reason},
        **said,
    )
    page.add(
        MissionDecision(
            id=key,
            mission_id=mission.pk,
            number=MissionDecision.objects.filter(mission_id=mission.pk).count() + 1,
            at=book.now,
            by_id=by,
            reason=reason,
            facts=queries.facts_of(mission, party, group) | {"needs": needed},
            pool=as_facts(pool),
        )
    )
