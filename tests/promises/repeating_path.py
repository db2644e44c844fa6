"""One way to do each act of examinations, special units and changes of team, for the tests that do
it twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace

from homeby.logbook.rules import new_tap
from homeby.people.actions import teams
from homeby.people.models import Membership
from homeby.people.rules import STATION
from homeby.readiness.actions import (
    examination_moves,
    examinations,
    examining,
    special_unit_wishes,
    special_units,
    team_changes,
)
from homeby.readiness.actions.examining import BoardFields, ResultFields
from homeby.readiness.actions.special_units import Approval, Asked, UnitFields
from homeby.readiness.actions.team_changes import ChangeFields
from homeby.readiness.models import TeamChange, TeamChangeItem
from homeby.readiness.rules.special_units import Reason
from homeby.readiness.rules.team_changes import ItemKind, Side
from tests.promises.repeating_people import Act, call
from tests.world import World

RANK = "RANK-PROBATIONER"
SPOKEN = Approval(spoken=True)
UNIT = UnitFields(name="Nightjar", is_secret=True)


def ask(world: World, what: str = RANK) -> uuid.UUID:
    """The agent asks the deputy for an examination."""
    tap = new_tap()
    examinations.request(
        what=what, asked_id=world.people["deputy"], by=world.as_("agent"), now=world.now, tap=tap
    )
    return tap.entry_id


def approved(world: World) -> uuid.UUID:
    """The deputy has approved it."""
    key, by = ask(world), world.as_("deputy")
    examinations.approve(
        examination_id=key, spoken=True, why="Ready.", by=by, now=world.now, tap=new_tap()
    )
    return key


def _board(world: World) -> BoardFields:
    board = [world.people["guard"], world.people["mate"]]
    return BoardFields(
        examiner_ids=board, held_date=world.now.date(), parts="Knots", why="The first."
    )


def board_set(world: World) -> uuid.UUID:
    key, by, fields = approved(world), world.as_("deputy"), _board(world)
    examining.set_board(examination_id=key, fields=fields, by=by, now=world.now, tap=new_tap())
    return key


def _failed(world: World) -> uuid.UUID:
    key, by = board_set(world), world.as_("guard")
    fields = ResultFields(passed={1: False}, notes={1: "Too slow."})
    examining.give_result(examination_id=key, fields=fields, by=by, now=world.now, tap=new_tap())
    return key


def _appealed(world: World) -> uuid.UUID:
    key, to, by = _failed(world), world.people["head"], world.as_("agent")
    examining.appeal(
        examination_id=key, to_id=to, text="Rain.", by=by, now=world.now, tap=new_tap()
    )
    return key


def found(world: World, *, is_secret: bool = True) -> uuid.UUID:
    """A special unit that the deputy keeps."""
    tap, fields = new_tap(), replace(UNIT, is_secret=is_secret)
    special_units.found_unit(fields=fields, by=world.as_("deputy"), now=world.now, tap=tap)
    return tap.entry_id


def _wished(world: World) -> uuid.UUID:
    """The agent has asked for a place in one that everybody knows of."""
    key, tap, by = found(world, is_secret=False), new_tap(), world.as_("agent")
    special_unit_wishes.wish_to_join(unit_id=key, by=by, now=world.now, tap=tap)
    return tap.entry_id


def asked_to_join(world: World) -> uuid.UUID:
    """The agent is asked to join it; the key of her place."""
    key, tap, by = found(world), new_tap(), world.as_("deputy")
    asked = Asked(person_id=world.people["agent"], approval=SPOKEN)
    special_units.ask_to_join(unit_id=key, asked=asked, by=by, now=world.now, tap=tap)
    return tap.entry_id


def _joined(world: World) -> uuid.UUID:
    key, by = asked_to_join(world), world.as_("agent")
    special_units.answer_whether_to_join(
        place_id=key, joins=True, by=by, now=world.now, tap=new_tap()
    )
    return key


def _fields(world: World) -> ChangeFields:
    tap = new_tap()
    teams.add_team(name="Team 8", by=STATION, now=world.now, tap=tap)
    if not Membership.objects.filter(person_id=world.people["agent"]).exists():
        teams.join_team(
            person_id=world.people["agent"],
            team_id=world.team_id,
            by=STATION,
            now=world.now,
            tap=new_tap(),
        )
    return ChangeFields(
        person_id=world.people["agent"],
        from_team_id=world.team_id,
        to_team_id=tap.entry_id,
        reason=Reason.NEEDED,
    )


def changing(world: World) -> uuid.UUID:
    """The agent asks for another team."""
    tap = new_tap()
    team_changes.ask(fields=_fields(world), by=world.as_("agent"), now=world.now, tap=tap)
    return tap.entry_id


def _item(world: World) -> uuid.UUID:
    world.plan("agent", "mate", team_id=world.team_id)
    key = changing(world)
    for side, who in ((Side.FROM, "head"), (Side.TO, "deputy")):
        team_changes.answer(
            change_id=key, side=side, agrees=True, by=world.as_(who), now=world.now, tap=new_tap()
        )
    item: uuid.UUID = TeamChangeItem.objects.get(kind=ItemKind.MISSION).pk
    assert TeamChange.objects.get().state == "DONE"
    return item


PATH: dict[str, Callable[[World], Act]] = {
    "readiness.examinations.request": lambda w: call(
        w, examinations.request, by="agent", what=RANK, asked_id=w.people["deputy"]
    ),
    "readiness.examinations.withdraw": lambda w: call(
        w, examinations.withdraw, by="agent", examination_id=ask(w)
    ),
    "readiness.examinations.approve": lambda w: call(
        w, examinations.approve, by="deputy", examination_id=ask(w), spoken=True, why="Ready."
    ),
    "readiness.examinations.refuse": lambda w: call(
        w, examinations.refuse, by="deputy", examination_id=ask(w), spoken=True, why="Not yet."
    ),
    "readiness.examining.set_board": lambda w: call(
        w, examining.set_board, by="deputy", examination_id=approved(w), fields=_board(w)
    ),
    "readiness.examination_moves.move": lambda w: call(
        w,
        examination_moves.move,
        by="deputy",
        examination_id=board_set(w),
        fields=replace(_board(w), held_date=w.now.date() + dt.timedelta(days=9)),
        moved_why="Rain.",
    ),
    "readiness.examination_moves.seen": lambda w: call(
        w, examination_moves.seen, by="guard", examination_id=board_set(w)
    ),
    "readiness.examining.give_result": lambda w: call(
        w,
        examining.give_result,
        by="guard",
        examination_id=board_set(w),
        fields=ResultFields(passed={1: True}, notes={}),
    ),
    "readiness.examining.appeal": lambda w: call(
        w,
        examining.appeal,
        by="agent",
        examination_id=_failed(w),
        to_id=w.people["head"],
        text="Rain.",
    ),
    "readiness.examining.review": lambda w: call(
        w, examining.review, by="head", examination_id=_appealed(w), upheld=True, why="It rained."
    ),
    "readiness.special_units.found_unit": lambda w: call(
        w, special_units.found_unit, by="deputy", fields=UNIT
    ),
    "readiness.special_units.change_unit": lambda w: call(
        w, special_units.change_unit, by="deputy", unit_id=found(w), fields=UNIT
    ),
    "readiness.special_units.ask_to_join": lambda w: call(
        w,
        special_units.ask_to_join,
        by="deputy",
        unit_id=found(w),
        asked=Asked(person_id=w.people["agent"], approval=SPOKEN),
    ),
    "readiness.special_units.answer_whether_to_join": lambda w: call(
        w, special_units.answer_whether_to_join, by="agent", place_id=asked_to_join(w), joins=True
    ),
    "readiness.special_unit_wishes.wish_to_join": lambda w: call(
        w, special_unit_wishes.wish_to_join, by="agent", unit_id=found(w, is_secret=False)
    ),
    "readiness.special_unit_wishes.answer_wish": lambda w: call(
        w,
        special_unit_wishes.answer_wish,
        by="deputy",
        place_id=_wished(w),
        refuses=None,
        approval=SPOKEN,
    ),
    "readiness.special_units.leave_unit": lambda w: call(
        w, special_units.leave_unit, by="agent", place_id=_joined(w), reason=Reason.REST
    ),
    "readiness.team_changes.ask": lambda w: call(
        w, team_changes.ask, by="agent", fields=_fields(w)
    ),
    "readiness.team_changes.answer": lambda w: call(
        w, team_changes.answer, by="head", change_id=changing(w), side=Side.FROM, agrees=True
    ),
    "readiness.team_changes.withdraw": lambda w: call(
        w, team_changes.withdraw, by="agent", change_id=changing(w)
    ),
    "readiness.team_changes.take": lambda w: call(
        w, team_changes.take, by="deputy", item_id=_item(w)
    ),
    "readiness.team_changes.settle": lambda w: call(
        w, team_changes.settle, by="head", item_id=_item(w)
    ),
}


def lived(world: World, *, why: str = "Ready.", unit: str = "Nightjar") -> dict[str, uuid.UUID]:
    """One of each for the tests that open every address, by the name of its place there; the deputy
    approved for a reason, and keeps a secret unit of a name."""
    key, tap, by, now = ask(world), new_tap(), world.as_("deputy"), world.now
    examinations.approve(examination_id=key, spoken=True, why=why, by=by, now=now, tap=new_tap())
    special_units.found_unit(fields=replace(UNIT, name=unit), by=by, now=now, tap=tap)
    asked = Asked(person_id=world.people["agent"], approval=SPOKEN)
    special_units.ask_to_join(unit_id=tap.entry_id, asked=asked, by=by, now=now, tap=new_tap())
    return {"examination_id": key, "unit_id": tap.entry_id, "change_id": changing(world)}
