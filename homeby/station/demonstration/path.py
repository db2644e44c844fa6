"""Steps on the way in the village: a request refused and asked again of somebody else, a secret
unit that asks the agent, a change of team that waits for two more."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from homeby.comms.actions.tell import cancel_queued
from homeby.logbook import actions as logbook
from homeby.logbook.rules import new_tap
from homeby.people.rules import Viewer
from homeby.readiness.actions import examinations, special_units, team_changes
from homeby.readiness.actions.special_units import Approval, Asked, UnitFields
from homeby.readiness.actions.team_changes import ChangeFields
from homeby.readiness.rules.special_units import Reason

RANK = "RANK-SENIOR"


def fill(
    as_: Callable[[str], Viewer],
    *,
    seven: uuid.UUID,
    hospital: uuid.UUID,
    now: dt.datetime,
) -> None:
    """All of it as it stands; everybody has read what was sent about it."""
    about = [*_examination(as_, now=now)]
    head, fox, mirage = as_("tsunade"), as_("sakura").person_id, as_("naruto").person_id
    assert fox is not None, "she lives in the village"
    assert mirage is not None, "he lives in the village"
    unit = new_tap()
    fields = UnitFields(name="Night watch", callsign="Shade", is_secret=True, requires=["RADIO"])
    special_units.found_unit(fields=fields, by=head, now=now, tap=unit)
    asked = Asked(
        person_id=fox,
        callsign="Shade 7",
        approval=Approval(spoken=True, why="She learns what is missing in the unit."),
    )
    special_units.ask_to_join(unit_id=unit.entry_id, asked=asked, by=head, now=now, tap=new_tap())
    change = ChangeFields(
        person_id=mirage, from_team_id=seven, to_team_id=hospital, reason=Reason.NEEDED
    )
    team_changes.ask(fields=change, by=head, now=now, tap=new_tap())
    with logbook.writing(now=now, by=None) as book:
        for one in (*about, f"person:{fox}", f"person:{mirage}"):
            cancel_queued(book, about=one, why="read")


def _examination(as_: Callable[[str], Viewer], *, now: dt.datetime) -> list[str]:
    """Fox asks her head, who refuses, and then Needle."""
    fox, first, second = as_("sakura"), new_tap(), new_tap()
    keys = {login: as_(login).person_id for login in ("tsunade", "shizune", "kakashi")}
    assert keys["tsunade"] is not None, "she lives in the village"
    assert keys["shizune"] is not None, "she lives in the village"
    mentors = [key for login, key in keys.items() if key is not None and login == "kakashi"]
    examinations.request(what=RANK, asked_id=keys["tsunade"], by=fox, now=now, tap=first)
    examinations.refuse(
        examination_id=first.entry_id,
        spoken=True,
        why="Lead two more missions first; then ask again.",
        by=as_("tsunade"),
        now=now,
        tap=new_tap(),
    )
    examinations.request(
        what=RANK,
        asked_id=keys["shizune"],
        mentor_ids=mentors,
        by=fox,
        now=now + dt.timedelta(minutes=1),
        tap=second,
    )
    return [f"examination:{one.entry_id}" for one in (first, second)]
