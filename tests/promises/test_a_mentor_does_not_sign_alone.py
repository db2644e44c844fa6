"""Mentors: only a holder signs though she teaches, time signs nothing, and a plan is the person's
own (`STORY.md` 70 to 75)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions.teams import give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import mentoring
from homeby.readiness.actions.mentoring import MentorFields, SessionFields, StepFields
from homeby.readiness.models import PlanStep, TaskBook
from homeby.readiness.queries import books, own_skills
from homeby.readiness.queries import mentoring as queries
from homeby.retention.persons import erase_person
from tests.promises.apart import keep_away
from tests.promises.learning import (
    certify,
    hold,
    join,
    of_key,
    open_book,
    read,
    shown_scout,
    sign,
)
from tests.world import World


def teach(world: World, mentor: str, learner: str, by: str = "head") -> uuid.UUID:
    tap = new_tap()
    fields = MentorFields(mentor_id=world.people[mentor], aims=((of_key("SCOUT"), "at night"),))
    mentoring.begin(
        learner_id=world.people[learner], fields=fields, by=world.as_(by), now=world.now, tap=tap
    )
    return tap.entry_id


def session(
    world: World, mentorship: uuid.UUID, by: str, *, days: int = 0, minutes: int = 90
) -> str:
    fields = SessionFields(
        held_date=world.now.date() + dt.timedelta(days=days), minutes=minutes, practised="Maps"
    )
    return mentoring.write_session(
        mentorship_id=mentorship, fields=fields, by=world.as_(by), now=world.now, tap=new_tap()
    )


def test_who_taught_her_neither_signs_without_holding_it_nor_approves_alone(world: World) -> None:
    read(world)
    join(world, "agent", "mate")
    for mentor, learner, by, why in (
        ("mate", "agent", "mate", "leader of the learner"),
        ("agent", "agent", "head", "her own mentor"),
    ):
        with pytest.raises(Refused, match=why):
            teach(world, mentor, learner, by)
    mentorship = teach(world, "mate", "agent")
    with pytest.raises(Refused, match="teaches her already"):
        teach(world, "mate", "agent")
    session(world, mentorship, "mate")
    session(world, mentorship, "agent", minutes=30)
    counts = []
    for who in ("guard", "outsider", "deputy"):
        with CaptureQueriesContext(connection) as asked:
            books.to_sign(world.as_("head"), now=world.now)
        counts.append(len(asked))
        for key in ("SCOUT", "LEAD"):
            open_book(world, who, key)
    assert counts[1] == counts[2], "however many books are open"
    for wrong in ({"days": 1}, {"days": -1}, {"minutes": 0}):
        with pytest.raises(Refused):
            session(world, mentorship, "mate", **wrong)
    with pytest.raises(Refused, match="no such mentorship"):
        session(world, mentorship, "outsider")
    book = open_book(world, "agent", "SCOUT", by="mate")
    with pytest.raises(Refused, match="only by somebody who held it"):
        sign(world, book, "mate", 1)
    (sheet,) = queries.mentorships(world.as_("agent"), now=world.now)
    assert (sheet.hours, [one.is_held for one in sheet.aims]) == (2.0, [False])
    hold(world, "mate", "SCOUT")
    assert "Signed" in sign(world, book, "mate", 1)
    mentoring.end(mentorship_id=mentorship, by=world.as_("agent"), now=world.now, tap=new_tap())
    with pytest.raises(Refused, match="ended already"):
        session(world, mentorship, "mate")


def test_a_mentor_who_evaluated_and_certifies_is_not_enough(world: World) -> None:
    book = shown_scout(world)
    give_role(
        person_id=world.people["mate"], role=Role.LEADER, by=STATION, now=world.now, tap=new_tap()
    )
    teach(world, "mate", "agent")
    teach(world, "deputy", "agent")
    with pytest.raises(Refused, match="another person does"):
        certify(world, book, "mate", why="Yes.")
    with pytest.raises(Refused, match="mentor does not approve alone"):
        certify(world, book, "deputy", why="Yes.")
    assert "certified" in certify(world, book, "head", why="Yes.")


def test_whoever_is_kept_away_is_no_mentor_and_is_not_told(world: World) -> None:
    read(world)
    join(world, "agent", "mate")
    mentorship = teach(world, "mate", "agent")
    keep_away(world, "mate", "agent")
    assert queries.mentorships(world.as_("agent"), now=world.now) == []
    assert queries.mentorship(world.as_("mate"), mentorship, now=world.now) is None
    world.add("owl", callsign="Third")
    head, agent = world.as_("head"), world.people["agent"]
    assert world.people["owl"] in dict(queries.may_teach(head, agent))
    keep_away(world, "owl", "agent")
    assert world.people["owl"] not in dict(queries.may_teach(head, agent))
    with pytest.raises(Refused, match="Choose from the list"):
        teach(world, "owl", "agent")


def test_she_chooses_the_order_of_her_mentors(world: World) -> None:
    read(world)
    join(world, "agent", "mate", "guard")
    agent, keys = world.as_("agent"), []
    for who, aim in (("mate", "Poisons"), ("guard", "Speed"), (None, "Maps")):
        keys.append(new_tap())
        mentor = world.people[who] if who else None
        mentoring.add_step(fields=StepFields(aim=aim, mentor_id=mentor), by=agent, now=world.now,
                           tap=keys[-1])  # fmt: skip
    with pytest.raises(Refused, match="Choose from the list"):
        mentoring.add_step(fields=StepFields(aim="Me", mentor_id=world.people["agent"]), by=agent,
                           now=world.now, tap=new_tap())  # fmt: skip
    with pytest.raises(Refused, match="not in your plan"):
        mentoring.step_earlier(step_id=keys[1].entry_id, by=world.as_("mate"), now=world.now,
                               tap=new_tap())  # fmt: skip
    for _time in range(2):
        mentoring.step_earlier(step_id=keys[2].entry_id, by=agent, now=world.now, tap=new_tap())
    found = [(one.text, one.mentor) for one in queries.steps(agent, world.people["agent"])]
    assert found == [("Maps", ""), ("Poisons", world.callsign("mate")),
                     ("Speed", world.callsign("guard"))]  # fmt: skip


def test_her_plan_is_hers_and_says_how_long_others_took_as_a_range(world: World) -> None:
    read(world)
    join(world, "agent", "mate")
    agent, tap = world.as_("agent"), new_tap()
    with pytest.raises(Refused, match="in your own words"):
        mentoring.add_step(fields=StepFields(), by=agent, now=world.now, tap=new_tap())
    fields = StepFields(qualification_id=of_key("SCOUT"), aim="Before winter")
    mentoring.add_step(fields=fields, by=agent, now=world.now, tap=tap)
    me = world.people["agent"]
    assert [one.text for one in queries.steps(agent, me)] == ["Scout: Before winter"]
    for who in ("mate", "head", "admin"):
        assert queries.steps(world.as_(who), me) == [], who
    teach(world, "mate", "agent")
    assert len(queries.steps(world.as_("mate"), me)) == 1
    with pytest.raises(Refused, match="not in your plan"):
        mentoring.settle_step(
            step_id=tap.entry_id, is_done=True, by=world.as_("mate"), now=world.now, tap=new_tap()
        )
    mentoring.settle_step(
        step_id=tap.entry_id, is_done=True, by=agent, now=world.now, tap=new_tap()
    )
    assert PlanStep.objects.get().done_date == world.now.date()
    for one in ("first", "second", "third"):
        world.add(one, callsign=one.title())
    took = {"mate": 40, "head": 3, "deputy": 4, "guard": 5, "outsider": 5, "first": 6, "second": 7,
            "third": 1}  # fmt: skip
    for others, months in took.items():
        way = own_skills.way_to(agent, "SCOUT", now=world.now)
        assert way is not None
        assert "nothing is said" in way.taken
        TaskBook.objects.create(
            person_id=world.people[others], qualification_id=of_key("SCOUT"), is_certified=True,
            opened_at=world.now - dt.timedelta(days=31 * months), ended_at=world.now,
        )  # fmt: skip
    way = own_skills.way_to(agent, "SCOUT", now=world.now)
    assert way is not None
    assert way.taken == "At least half of the others took 3 to 9 months."
    assert next(one.sentence for one in way.missing) == "First aid is missing."
    erase_person(
        person_id=me, reason="By letter", by=world.as_("admin"), now=world.now, tap=new_tap()
    )
    assert PlanStep.objects.get().aim == "", "the words of whoever is erased go, too"
