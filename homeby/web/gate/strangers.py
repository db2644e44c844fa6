"""Somebody who is on no tile: a person who was not signed out, or somebody nobody knows."""

from __future__ import annotations

import uuid

from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.actions import gate, unmatched
from homeby.missions.actions.gate import AtGate
from homeby.missions.rules import How, Link
from homeby.people import queries as people
from homeby.web.door import Door, tap_of
from homeby.web.gate.acts import Recorded
from homeby.web.gate.forms import UnknownForm
from homeby.web.gate.here import Here

LISTED_MAX = 500


def form_for(door: Door) -> UnknownForm:
    """The form with everybody the organisation knows, and a line for whom it does not."""
    form = UnknownForm(door.request.POST if door.request.method == "POST" else None)
    found, _more = people.choices(door.viewer, limit=LISTED_MAX)
    form.offer([(str(one.person_id), one.label) for one in found])
    return form


def record(door: Door, here: Here, act: str, form: UnknownForm) -> Recorded:
    """Record it: as what it is where it fits after all, else as an act that fits nothing."""
    said = form.cleaned_data
    tap = tap_of(door.request, happened="happened", zone=here.zone)
    if said["person"] and act == "in":
        answer = gate.sign_in(
            person_ids=[uuid.UUID(said["person"])],
            at=AtGate(gate_id=here.key, how=How(said["how"] or How.SEEN)),
            by=door.viewer,
            now=door.now,
            tap=tap,
        )
    elif said["person"] and (outing := _only_outing(uuid.UUID(said["person"]))):
        answer = gate.check_in(
            mission_id=outing, link=Link.IN_PERSON, by=door.viewer, now=door.now, tap=tap
        )
    else:
        answer = unmatched.note(
            kind=rules.MISSION_SIGNED_IN if act == "in" else rules.MISSION_CHECKED_IN,
            who=said["who"],
            person_id=uuid.UUID(said["person"]) if said["person"] else None,
            by=door.viewer,
            now=door.now,
            tap=tap,
        )
    return Recorded(entry_id=tap.entry_id, answer=answer)


def _only_outing(person_id: uuid.UUID) -> uuid.UUID | None:
    outings = missions.open_outings([person_id])
    return outings[0].mission_id if len(outings) == 1 else None
