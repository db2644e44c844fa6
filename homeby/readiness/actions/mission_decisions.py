"""Keeping what was known when the party of a mission was named: by the station itself within the
hour, and by whoever says why the others do not go, in one tap."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries as missions
from homeby.missions.actions.plan import locked
from homeby.people.rules import Viewer
from homeby.readiness.actions.only_one import only_one
from homeby.readiness.models import MissionDecision
from homeby.readiness.queries import mission_decisions as queries
from homeby.readiness.queries.duty_pool import as_facts
from homeby.readiness.queries.qualifications import OVERSEERS
from homeby.readiness.rules import mission_decisions as rules
from homeby.readiness.rules.duty_planning import NotPicked

log = logging.getLogger("homeby.readiness")


def keep_decided(*, now: dt.datetime, rest: Callable[[], None] = lambda: None) -> int:
    """Keep each party and time that no decision holds yet, and `rest` after each: others write too.
    Gives how many; one that cannot be kept stops no other. Safe to repeat."""
    kept = 0
    for found, _party in queries.undecided():
        try:
            with logbook.writing(now=now, by=None, device="station") as book:
                mission = locked(found.pk)
                _keep(book, mission, by=mission.planned_by_id, reason="")
        except Exception:
            log.exception("what a plan saw could not be kept; it is tried again in an hour")
        else:
            kept += 1
        rest()
    return kept


@logbook.once
def say_why_not(
    *, mission_id: uuid.UUID, not_picked: NotPicked, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Say why those who could have gone were not named: one tap, for all of them. Raises
    Refused."""
    mission = missions.mission(by, mission_id)
    if mission is None or by.person_id is None or not by.has_for(mission.team_id, *OVERSEERS):
        raise Refused(_("Whoever disposes of people for this mission says that."))
    answer = _("Kept. It is shown to nobody beside a name.")
    with only_one(not_picked=_("Somebody said it in this instant; look again.")):  # noqa: SIM117
        with logbook.writing(now=now, by=by.person_id) as book:
            mission = locked(mission_id)  # decisions of one mission are numbered one by one
            _keep(book, mission, by=by.person_id, reason=not_picked, tap=tap, answer=answer)
    return answer


def _keep(book: Book, mission: Any, *, by: uuid.UUID | None, reason: str, **said: Any) -> None:
    party, key = queries.party_of(mission), uuid.uuid4()
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
            facts=queries.facts_of(mission, party),
            pool=as_facts(queries.pool_of_mission(mission, party, now=book.now)),
        )
    )
