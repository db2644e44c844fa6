"""Task books: only a holder signs, nobody signs for herself, a third certifies; what is held stays
as it was, and what keeps it current comes from missions (`FIELD.md` 6, `STORY.md` 69 to 76)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions.teams import Term, give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import currency, holdings, mentoring, positions, task_books
from homeby.readiness.actions.holdings import PaperFields
from homeby.readiness.actions.mentoring import MentorFields
from homeby.readiness.actions.positions import PositionFields
from homeby.readiness.models import Holding, PartyPosition, TaskBook
from homeby.readiness.queries import books, matrix, own_skills
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.queries.days import today
from homeby.readiness.rules import currency as rules
from homeby.readiness.rules.currency import Standing, months_after
from homeby.station import hourly
from tests.promises.learning import (
    CATALOGUE,
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


def standing(world: World, who: str, key: str) -> Standing:
    """How somebody stands, by the rows; it must be what the rule says of the whole record."""
    day, me = today(now=world.now), world.people[who]
    by_rows = queries.standings([me], [key], day=day).get(me, {})
    by_rule = rules.validity(key, queries.record(me), queries.known(), day=day)
    assert by_rows.get(key, rules.Validity(standing=Standing.NOT_HELD)) == by_rule
    return by_rule.standing


def test_from_the_opening_to_the_certificate(world: World) -> None:
    book = shown_scout(world)
    with pytest.raises(Refused, match="First aid is missing"):
        certify(world, book, "deputy")
    with pytest.raises(Refused, match="named for it"):
        certify(world, book, "mate", why="She can do it.")
    assert standing(world, "agent", "SCOUT") is Standing.NOT_HELD
    assert certify(world, book, "deputy", why="The course is next week.") == "Scout is certified."
    assert standing(world, "agent", "SCOUT") is Standing.CURRENT
    entry = Entry.objects.select_related("content").get(kind="QUALIFICATION_CERTIFIED")
    assert "next week" in str(entry.content.body)
    sheet = own_skills.sheet(world.as_("agent"), world.people["agent"], now=world.now)
    assert sheet is not None
    assert [(one.name, one.is_current) for one in sheet.held] == [("Scout", True)]
    with pytest.raises(Refused, match="closed"):
        sign(world, book, "head", 1)
    assert Message.objects.filter(subject="Your task book: Scout").count() == 5


def test_whoever_does_not_hold_it_or_would_sign_for_herself_does_not_sign(world: World) -> None:
    read(world)
    join(world, "agent", "mate")
    hold(world, "mate", "SCOUT", since=400)
    me = world.as_("outsider")
    assert "You hold nothing yet" in own_skills.can_go(me, "", now=world.now)
    with pytest.raises(Refused, match="Nobody opens her own"):
        open_book(world, "agent", "SCOUT", by="agent")
    with pytest.raises(Refused, match="opens the book"):
        open_book(world, "agent", "SCOUT", by="mate")  # hers lapsed
    book = open_book(world, "agent", "SCOUT")
    before = Entry.objects.count()
    for who, task in (("head", 1), ("deputy", None)):
        with pytest.raises(Refused, match="only by somebody who held it"):
            sign(world, book, who, task)
    with pytest.raises(Refused, match="Nobody signs off herself"):
        sign(world, book, "agent", 1)
    with pytest.raises(Refused, match="no such task book"):
        sign(world, book, "outsider", 1)
    hold(world, "mate", "SCOUT")
    with pytest.raises(Refused, match="real mission only"):
        sign(world, book, "mate", 2)
    with pytest.raises(Refused, match="not on this mission"):
        sign(world, book, "mate", 2, uuid.uuid4())
    with pytest.raises(Refused, match="Not signed off yet"):
        sign(world, book, "mate")
    with pytest.raises(Refused, match="when the task book was opened"):
        sign(world, book, "mate", 1, day=world.now.date() - dt.timedelta(days=1))
    assert Entry.objects.count() == before + 1, "one paper, and nothing of what was refused"
    sign(world, book, "mate", 1)
    with pytest.raises(Refused, match="signed already"):
        sign(world, book, "mate", 1)
    found = books.book(world.as_("agent"), book)
    assert found is not None
    assert [one.is_signed for one in found.tasks] == [True, False]


def test_whoever_led_her_signs_where_the_task_says_so(world: World) -> None:
    read(world)
    join(world, "agent", "mate")
    book = open_book(world, "agent", "LEAD")
    mission = world.send_out("head", "agent")
    world.now += dt.timedelta(hours=1)
    world.sign_in("head", "agent", heads=2)
    with pytest.raises(Refused, match="only by somebody who held it"):
        sign(world, book, "deputy", 1, mission.pk)
    assert "Signed" in sign(world, book, "head", 1, mission.pk)


def test_an_exercise_is_no_real_mission_for_a_task(world: World) -> None:
    read(world)
    join(world, "agent", "mate")
    hold(world, "mate", "SCOUT")
    book = open_book(world, "agent", "SCOUT")
    mission = world.send_out("mate", "agent")
    fields = PositionFields(
        person_id=world.people["agent"], qualification_id=of_key("LEAD"), is_exercise=True
    )
    positions.say_position(
        mission_id=mission.pk, fields=fields, by=world.as_("head"), now=world.now, tap=new_tap()
    )
    world.now += dt.timedelta(hours=1)
    world.sign_in("mate", "agent", heads=2)
    with pytest.raises(Refused, match="real mission only"):
        sign(world, book, "mate", 2, mission.pk)
    assert "Signed" in sign(world, book, "mate", 1, mission.pk)


def test_a_position_on_a_mission_keeps_it_current_and_a_trainees_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    read(world)
    join(world, "agent", "mate")
    hold(world, "agent", "SCOUT", since=300)
    hold(world, "mate", "SCOUT", since=300)
    mission = world.send_out("agent", "mate")

    def say(who: str, by: str, *, as_trainee: bool = False) -> str:
        fields = PositionFields(
            person_id=world.people[who], qualification_id=of_key("LEAD"), as_trainee=as_trainee
        )
        return positions.say_position(
            mission_id=mission.pk, fields=fields, by=world.as_(by), now=world.now, tap=new_tap()
        )

    with pytest.raises(Refused, match="leader says it"):
        say("mate", "mate")
    with pytest.raises(Refused, match="Nobody says her own position"):
        say("agent", "agent")
    say("agent", "head")
    say("mate", "agent", as_trainee=True)
    through = dict(Holding.objects.values_list("person_id", "through_date"))
    world.now += dt.timedelta(hours=1)
    monkeypatch.setattr(currency, "ROUND_MAX", 2)
    later = world.plan("deputy", "guard")  # what is said of it waits, and holds up nobody
    for who in ("deputy", "guard", "outsider"):
        for key in (uuid.UUID(int=1), uuid.UUID(int=2)):
            PartyPosition.objects.create(
                id=uuid.uuid5(key, who), mission_id=later.pk, person_id=world.people[who],
                qualification_id=of_key("LEAD" if key.int == 1 else "SCOUT"),
            )  # fmt: skip
    assert currency.count_done(now=world.now) == 0, "they are still out"
    world.sign_in("agent", "mate", heads=2)
    assert hourly.go_round(now=world.now)
    assert currency.count_done(now=world.now) == 0, "each counts once"
    (first,) = set(PartyPosition.objects.filter(mission_id=mission.pk)
                   .values_list("begun_date", "done_date"))  # fmt: skip
    assert first == (world.now.date(), world.now.date())
    after = dict(Holding.objects.values_list("person_id", "through_date"))
    agent, mate = world.people["agent"], world.people["mate"]
    assert after[agent] == months_after(world.now.date(), 12), "a higher one keeps it current"
    assert after[mate] == through[mate]
    world.now += dt.timedelta(days=100)
    assert standing(world, "agent", "SCOUT") is Standing.CURRENT
    assert standing(world, "mate", "SCOUT") is Standing.LAPSED


def test_it_is_valid_through_the_end_of_its_day_and_she_is_warned_first(world: World) -> None:
    read(world)
    join(world, "agent")
    world.add("chief", callsign="Chief")
    give_role(
        person_id=world.people["chief"], role=Role.LEADER, term=Term(team_id=world.team_id),
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    hold(world, "agent", "AID", days=50)
    told = []
    for days in (0, 1, 37, 1, 10):
        world.now += dt.timedelta(days=days)
        told.append(currency.warn(now=world.now))
        world.look()
    assert told == [1, 0, 1, 0, 0], "once in time, and once more two weeks before"
    assert [one.subject for one in world.phone("agent")] == ["Ends soon: First aid"] * 2
    assert [one.subject for one in world.phone("chief")] == ["Ends soon: First aid of Fox"]
    assert standing(world, "agent", "AID") is Standing.CURRENT
    world.now = dt.datetime(2027, 1, 9, 22, 59, tzinfo=dt.UTC)  # 23:59 in Zurich, the last day
    assert standing(world, "agent", "AID") is Standing.CURRENT
    world.now += dt.timedelta(minutes=1)
    assert standing(world, "agent", "AID") is Standing.LAPSED


def test_nothing_is_overwritten_and_what_cannot_be_is_a_sentence(world: World) -> None:
    read(world)
    join(world, "agent")
    held = hold(world, "agent", "AID", since=10, days=5)
    hold(world, "agent", "AID", days=100)
    with pytest.raises(Refused, match="before it begins"):
        hold(world, "agent", "AID", days=-1)
    leap = PaperFields(qualification_id=of_key("AID"), from_date=dt.date(2024, 2, 29))
    holdings.record_paper(
        person_id=world.people["agent"], fields=leap, by=STATION, now=world.now, tap=new_tap()
    )
    assert Holding.objects.get(from_date=leap.from_date).through_date == dt.date(2026, 2, 28)
    with pytest.raises(Refused, match="Say why"):
        holdings.withdraw(
            holding_id=held, why=" ", by=world.as_("head"), now=world.now, tap=new_tap()
        )
    holdings.withdraw(
        holding_id=held, why="It was another's.", by=world.as_("head"), now=world.now, tap=new_tap()
    )
    assert Holding.objects.count() == 3
    assert standing(world, "agent", "AID") is Standing.CURRENT, "by the other paper"
    Holding.objects.filter(pk=held).update(through_date=None)
    mine = queries.visible_holdings(world.as_("head"))
    assert not matrix._lapsed(mine, world.now.date()), "withdrawn, and held by the other paper"
    with pytest.raises(Refused, match="Nobody records her own"):
        holdings.record_paper(
            person_id=world.people["head"],
            fields=leap,
            by=world.as_("head"),
            now=world.now,
            tap=new_tap(),
        )
    scout = dataclasses.replace(leap, qualification_id=of_key("SCOUT"))

    def bring(by: str) -> None:
        holdings.record_paper(
            person_id=world.people["agent"], fields=scout, by=world.as_(by), now=world.now,
            tap=new_tap(),
        )  # fmt: skip

    with pytest.raises(Refused, match="stands in for a task book") as found:
        bring("head")
    assert set(found.value.problems) == {"paper", "why"}
    scout = dataclasses.replace(scout, paper="School 12", why="She learned it elsewhere.")
    bring("head")
    teach = MentorFields(mentor_id=world.people["head"])
    mentoring.begin(
        learner_id=world.people["agent"], fields=teach, by=world.as_("head"), now=world.now,
        tap=new_tap(),
    )  # fmt: skip
    with pytest.raises(Refused, match="mentor does not approve alone"):
        bring("head")
    bring("deputy")
    book = open_book(world, "agent", "SCOUT")
    more = CATALOGUE.replace('what = "Reads a map', 'what = "Draws a map')
    assert "changed: 1" in read(world, more)
    assert TaskBook.objects.get(pk=book).tasks[0]["what"] == "Reads a map at night"
    task_books.close_book(book_id=book, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert TaskBook.objects.get(pk=book).is_certified is False


def test_a_catalogue_with_a_circle_changes_nothing(world: World) -> None:
    read(world)
    circle = """
[catalogue]
name = "More"
source = "tests"
dated = 2026-11-20
[[course]]
key = "AID"
name = "First aid"
needs = ["LEAD"]
"""
    before = queries.known()
    with pytest.raises(Refused, match="nobody could ever get any of these"):
        read(world, circle)
    with pytest.raises(Refused, match="stands nowhere"):
        read(world, circle.replace('"LEAD"', '"NOBODY"'))
    assert queries.known() == before
    assert "New: 0, changed: 0" in read(world), "read again, nothing changes"
