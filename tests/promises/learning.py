"""Qualifications in tests: a small catalogue, somebody who holds a thing, a book on its way."""

from __future__ import annotations

import datetime as dt
import uuid

from homeby.logbook.rules import new_tap
from homeby.people.actions.teams import join_team
from homeby.people.rules import STATION
from homeby.readiness.actions import catalogue, holdings, mentoring, task_books
from homeby.readiness.actions.holdings import PaperFields
from homeby.readiness.actions.mentoring import MentorFields
from homeby.readiness.actions.task_books import SignFields
from homeby.readiness.models import Qualification
from homeby.readiness.rules.qualifications import Stage
from tests.world import World

CATALOGUE = """
[catalogue]
name = "Of the village"
source = "tests"
dated = 2026-11-20

[[course]]
key = "AID"
name = "First aid"
valid_months = 24

[[position]]
key = "SCOUT"
name = "Scout"
family = "Field"
needs = ["AID"]
current_months = 12
tasks = [
  { what = "Reads a map at night" },
  { what = "Finds the way back in fog", where = "REAL_ONLY" },
]

[[position]]
key = "LEAD"
name = "Lead scout"
family = "Field"
needs = ["SCOUT"]
least_age = 18
current_months = 12
tasks = [{ what = "Leads a party", evaluated_by = "SUPERVISOR" }]
"""


def read(world: World, text: str = CATALOGUE) -> str:
    """Read a catalogue."""
    return catalogue.load(files=[("own.toml", text)], by=STATION, now=world.now, tap=new_tap())


def of_key(key: str) -> uuid.UUID:
    """The row of a qualification."""
    return Qualification.objects.get(key=key).pk


def join(world: World, *who: str) -> None:
    """These people belong to Team 7."""
    for one in who:
        join_team(
            person_id=world.people[one], team_id=world.team_id, by=STATION, now=world.now,
            tap=new_tap(),
        )  # fmt: skip


def hold(world: World, who: str, key: str, *, days: int | None = None, since: int = 0) -> uuid.UUID:
    """Somebody has a paper for this, since so many days, for so many more."""
    tap, day = new_tap(), world.now.date()
    fields = PaperFields(
        qualification_id=of_key(key),
        from_date=day - dt.timedelta(days=since),
        expires_date=None if days is None else day + dt.timedelta(days=days),
    )
    holdings.record_paper(
        person_id=world.people[who], fields=fields, by=STATION, now=world.now, tap=tap
    )
    return tap.entry_id


def open_book(world: World, who: str, key: str, *, by: str = "head") -> uuid.UUID:
    """A task book of somebody."""
    tap = new_tap()
    task_books.open_book(
        person_id=world.people[who], qualification_id=of_key(key), by=world.as_(by), now=world.now,
        tap=tap,
    )  # fmt: skip
    return tap.entry_id


def learned_by(world: World, who: str, *, paper: str = "") -> dict[str, list[str]]:
    """Somebody with a paper, a task book and a mentor; and what addresses name of it."""
    read(world)
    day, mentor, held = world.now.date(), new_tap(), new_tap()
    fields = PaperFields(qualification_id=of_key("AID"), from_date=day, paper=paper)
    holdings.record_paper(
        person_id=world.people[who], fields=fields, by=STATION, now=world.now, tap=held
    )
    book = open_book(world, who, "SCOUT")
    mentoring.begin(
        learner_id=world.people[who], fields=MentorFields(mentor_id=world.people["deputy"]),
        by=world.as_("head"), now=world.now, tap=mentor,
    )  # fmt: skip
    return {
        "qualification_id": [str(of_key("SCOUT"))],
        "holding_id": [str(held.entry_id)],
        "book_id": [str(book)],
        "mentorship_id": [str(mentor.entry_id)],
    }


def sign(
    world: World,
    book: uuid.UUID,
    by: str,
    task: int | None = None,
    mission: uuid.UUID | None = None,
    *,
    day: dt.date | None = None,
) -> str:
    """A signature in it: of a task, or of the final evaluation."""
    fields = SignFields(
        stage=Stage.FINAL if task is None else Stage.EVALUATE,
        task=task,
        on_date=day or world.now.date(),
        mission_id=mission,
    )
    return task_books.sign(
        book_id=book, fields=fields, by=world.as_(by), now=world.now, tap=new_tap()
    )


def certify(world: World, book: uuid.UUID, by: str, why: str = "") -> str:
    """The last signature."""
    return task_books.certify(book_id=book, why=why, by=world.as_(by), now=world.now, tap=new_tap())


def shown_scout(world: World) -> uuid.UUID:
    """A book of the agent for SCOUT in which everything is shown and finally evaluated by the mate,
    who holds it."""
    read(world)
    join(world, "agent", "mate")
    hold(world, "mate", "SCOUT")
    book = open_book(world, "agent", "SCOUT")
    mission = world.send_out("mate", "agent")
    world.now += dt.timedelta(hours=1)
    world.sign_in("mate", "agent", heads=2)
    sign(world, book, "mate", 1)
    sign(world, book, "mate", 2, mission.pk)
    sign(world, book, "mate")
    return book
