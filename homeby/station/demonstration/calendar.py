"""The calendar of the village: a night shift that is settled, a training that asks for answers."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.rules import new_tap
from homeby.people.rules import Viewer
from homeby.readiness.actions import duties, duty_asking, duty_crew
from homeby.readiness.actions.duties import DutyFields
from homeby.readiness.actions.duty_asking import Said
from homeby.readiness.actions.duty_crew import PickFields
from homeby.readiness.rules.duty_planning import DutyAnswer, DutyType

HOUR = dt.timedelta(hours=1)


def fill(*, head: Viewer, fox: Viewer, neji: Viewer, zone: str, now: dt.datetime) -> None:
    """Two duties of everybody, planned by the head."""
    assert fox.person_id is not None, "she is of the cast"
    assert neji.person_id is not None, "he is of the cast"
    shift = _plan(
        DutyFields(
            kind=DutyType.SHIFT,
            what="Night at the hospital",
            place="Hospital",
            starts_at=now + 34 * HOUR,
            ends_at=now + 42 * HOUR,
            zone=zone,
            seats="1 MEDR",
        ),
        head,
        now=now,
    )
    training = _plan(
        DutyFields(
            kind=DutyType.TRAINING,
            what="Ropes on the ridge",
            place="Tower on the ridge",
            starts_at=now + 40 * HOUR,
            ends_at=now + 43 * HOUR,
            zone=zone,
            is_open=True,
        ),
        head,
        now=now,
    )
    _ask(shift, [fox.person_id], head, now=now)
    yes = Said(answer=DutyAnswer.YES)
    duty_asking.answer(duty_id=shift, said=yes, by=fox, now=now, tap=new_tap())
    picked = PickFields(person_ids=[fox.person_id])
    duty_crew.pick(duty_id=shift, fields=picked, by=head, now=now, tap=new_tap())
    _ask(training, [fox.person_id, neji.person_id], head, now=now)
    duty_asking.answer(duty_id=training, said=yes, by=neji, now=now, tap=new_tap())


def _plan(fields: DutyFields, head: Viewer, *, now: dt.datetime) -> uuid.UUID:
    tap = new_tap()
    duties.plan(fields=fields, by=head, now=now, tap=tap)
    return tap.entry_id


def _ask(duty: uuid.UUID, people: list[uuid.UUID], head: Viewer, *, now: dt.datetime) -> None:
    duty_asking.ask(duty_id=duty, person_ids=people, by=head, now=now, tap=new_tap())
