"""One way to do each act on qualifications, for the tests that do it twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from homeby.logbook.rules import new_tap
from homeby.readiness.actions import (
    catalogue,
    holdings,
    mentoring,
    mission_decisions,
    open_badges,
    positions,
    task_books,
)
from homeby.readiness.actions.holdings import PaperFields
from homeby.readiness.actions.mentoring import MentorFields, SessionFields, StepFields
from homeby.readiness.actions.positions import PositionFields
from homeby.readiness.actions.task_books import SignFields
from homeby.readiness.rules.duty_planning import NotPicked
from homeby.readiness.rules.qualifications import Stage
from tests.promises.learning import CATALOGUE, hold, of_key, open_book, read, shown_scout
from tests.promises.repeating_people import Act, call
from tests.world import World


def _read(world: World) -> World:
    read(world)
    return world


def _book(world: World) -> uuid.UUID:
    hold(_read(world), "mate", "SCOUT")
    return open_book(world, "agent", "SCOUT")


def _position(world: World) -> tuple[uuid.UUID, PositionFields]:
    fields = PositionFields(
        person_id=_read(world).people["agent"], qualification_id=of_key("SCOUT")
    )
    return world.plan("agent", "mate").pk, fields


def _said(world: World) -> uuid.UUID:
    (mission, fields), tap = _position(world), new_tap()
    positions.say_position(
        mission_id=mission, fields=fields, by=world.as_("head"), now=world.now, tap=tap
    )
    return tap.entry_id


def _mentor(world: World) -> MentorFields:
    return MentorFields(mentor_id=_read(world).people["mate"], aims=((of_key("SCOUT"), "by day"),))


def _mentorship(world: World) -> uuid.UUID:
    tap = new_tap()
    mentoring.begin(
        learner_id=world.people["agent"], fields=_mentor(world), by=world.as_("head"),
        now=world.now, tap=tap,
    )  # fmt: skip
    return tap.entry_id


def _step(world: World) -> uuid.UUID:
    tap = new_tap()
    fields = StepFields(aim="Read maps")
    mentoring.add_step(fields=fields, by=world.as_("agent"), now=world.now, tap=tap)
    return tap.entry_id


def _mine(world: World) -> uuid.UUID:
    return hold(_read(world), "agent", "AID")


SKILLS: dict[str, Callable[[World], Act]] = {
    "readiness.mission_decisions.say_why_not": lambda w: call(
        w,
        mission_decisions.say_why_not,
        by="deputy",
        mission_id=w.plan("agent").pk,
        not_picked=NotPicked.NOT_NEEDED,
    ),
    "readiness.mission_decisions.say_needs": lambda w: call(
        _read(w),
        mission_decisions.say_needs,
        by="deputy",
        mission_id=w.plan("agent").pk,
        needs=["AID"],
    ),
    "readiness.catalogue.load": lambda w: call(
        w, catalogue.load, by="admin", files=[("own.toml", CATALOGUE)]
    ),
    "readiness.catalogue.end": lambda w: call(
        _read(w), catalogue.end, by="admin", qualification_id=of_key("AID"), ended=True
    ),
    "readiness.open_badges.take_badge": lambda w: call(
        w, open_badges.take_badge, by="agent", holding_id=_mine(w)
    ),
    "readiness.task_books.open_book": lambda w: call(
        _read(w), task_books.open_book, by="head", person_id=w.people["agent"],
        qualification_id=of_key("SCOUT"),
    ),
    "readiness.task_books.sign": lambda w: call(
        w, task_books.sign, by="head", book_id=_held_by_head(w),
        fields=SignFields(stage=Stage.EVALUATE, task=1, on_date=w.now.date()),
    ),
    "readiness.task_books.certify": lambda w: call(
        w, task_books.certify, by="deputy", book_id=shown_scout(w), why="The course follows."
    ),
    "readiness.task_books.close_book": lambda w: call(
        w, task_books.close_book, by="agent", book_id=_book(w)
    ),
    "readiness.holdings.record_paper": lambda w: call(
        _read(w), holdings.record_paper, by="head", person_id=w.people["agent"],
        fields=PaperFields(qualification_id=of_key("AID"), from_date=dt.date(2026, 1, 1)),
    ),
    "readiness.holdings.withdraw": lambda w: call(
        _read(w), holdings.withdraw, by="head", holding_id=hold(w, "agent", "AID"), why="Lost."
    ),
    "readiness.positions.say_position": lambda w: call(
        w, positions.say_position, by="head",
        **dict(zip(("mission_id", "fields"), _position(w), strict=True)),
    ),
    "readiness.positions.take_position_back": lambda w: call(
        w, positions.take_position_back, by="head", position_id=_said(w)
    ),
    "readiness.mentoring.begin": lambda w: call(
        w, mentoring.begin, by="head", learner_id=w.people["agent"], fields=_mentor(w)
    ),
    "readiness.mentoring.end": lambda w: call(
        w, mentoring.end, by="agent", mentorship_id=_mentorship(w)
    ),
    "readiness.mentoring.write_session": lambda w: call(
        w, mentoring.write_session, by="mate", mentorship_id=_mentorship(w),
        fields=SessionFields(held_date=w.now.date(), minutes=45),
    ),
    "readiness.mentoring.add_step": lambda w: call(
        w, mentoring.add_step, by="agent", fields=StepFields(aim="Read maps")
    ),
    "readiness.mentoring.step_earlier": lambda w: call(
        w, mentoring.step_earlier, by="agent", step_id=_step(w)
    ),
    "readiness.mentoring.settle_step": lambda w: call(
        w, mentoring.settle_step, by="agent", step_id=_step(w), is_done=True
    ),
}  # fmt: skip


def _held_by_head(world: World) -> uuid.UUID:
    book = _book(world)
    hold(world, "head", "SCOUT")
    return book
