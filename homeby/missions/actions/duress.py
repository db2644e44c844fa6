"""Somebody said something with her duress PIN: it counts as it looks, and those who keep the watch
hear of it in the same commit, silently. Nothing that a device or a page of hers shows differs.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import uuid
from collections.abc import Iterator, Sequence

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, Tap, bounded_happened_at
from homeby.missions import queries
from homeby.missions.actions.expecting import members_locked
from homeby.missions.actions.plan import locked
from homeby.missions.models import Gate, Mission, PartyMember
from homeby.missions.rules.intake import Claim
from homeby.people import queries as people
from homeby.people.rules import DeviceFacts, DeviceKind, Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.actions import duress
from homeby.watch.actions.duress import Coerced
from homeby.watch.actions.subjects import SubjectFacts
from homeby.watch.rules import DeadlineKind

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def watched(claim: Claim, device: DeviceFacts, *, tap: Tap, now: dt.datetime) -> Iterator[None]:
    """Do inside what a claim says. By a duress PIN, those who keep the watch then hear of it,
    whatever became of the act: also where it fits nothing, was refused, or was answered as with a
    wrong PIN, for too many were tried before."""
    person_id = claim.forced or device.person_id or next(iter(claim.person_ids), None)
    if not claim.is_by_duress or person_id is None:
        yield
        return
    coerced = Coerced(
        person_id=person_id,
        who=people.names([person_id]).get(person_id, "?"),
        act=claim.act,
        place=_place(claim, device, person_id),
        happened_at=bounded_happened_at(tap.happened_at, now=now),
    )
    before = _out_on(person_id)
    try:
        yield
    except Refused:
        _note(coerced, before, now=now)
        raise
    _note(coerced, before | _out_on(person_id), now=now)


def _place(claim: Claim, device: DeviceFacts, person_id: uuid.UUID) -> str:
    """The kiosk's gate, or that at which a phone says that it is, if there is such a one in use."""
    if device.kind is DeviceKind.KIOSK or claim.gate_id is None:
        if device.gate_id is None:
            return ""
        found = Gate.objects.select_related("site").filter(pk=device.gate_id).first()
    else:
        viewer = Viewer(person_id=person_id, roles=frozenset({Role.MEMBER}))
        found = next((one for one in queries.gates(viewer) if one.pk == claim.gate_id), None)
    return f"{found.name}, {found.site.name}" if found else ""


def _out_on(person_id: uuid.UUID) -> set[uuid.UUID]:
    return {row.mission_id for row in queries.open_outings([person_id])}


def _note(coerced: Coerced, missions: set[uuid.UUID], *, now: dt.datetime) -> None:
    """A silent alarm beside each mission that they are or were out on, else about the person
    alone. Nobody acts in it: entries are readable by whoever made them."""
    plan = watch.default_plan(DeadlineKind.RETURN) or watch.default_plan(DeadlineKind.CHECK_IN)
    if plan is None:
        logger.error("somebody used a duress PIN, and there is no escalation plan to tell of it by")
        return
    with logbook.writing(now=now, by=None) as book:
        for mission_id in sorted(missions):
            mission = locked(mission_id)
            facts = _facts(mission, members_locked(mission))
            duress.note(book, mission.ref, facts, coerced, plan_id=plan.id)
        if not missions:
            alone = _facts_alone(coerced)
            duress.note(book, f"person:{coerced.person_id}", alone, coerced, plan_id=plan.id)


def _facts(mission: Mission, members: Sequence[PartyMember]) -> SubjectFacts:
    """The whole party, home or not: whoever forces one of them may be another of them."""
    return SubjectFacts(
        title=queries.party_title([m.person.shown_as for m in members])[:300],
        place=mission.place,
        zone=mission.zone,
        party=sorted(str(m.person_id) for m in members),
        leader_id=None,
        team_id=mission.team_id,
        team_title=queries.called(mission, to_kin=True),
    )


def _facts_alone(coerced: Coerced) -> SubjectFacts:
    return SubjectFacts(
        title=coerced.who,
        place="",
        zone=people.zone(),
        party=[str(coerced.person_id)],
        leader_id=None,
        team_id=None,
    )


def look_settled(book: Book, mission: Mission, members: Sequence[PartyMember], *, how: str) -> None:
    """Everybody of a mission is in, by a duress PIN: it looks over, and no alarm ends."""
    duress.look_settled(book, mission.ref, _facts(mission, members), how=how)
