"""A mission has a kind, which is data of the organisation: what only a real mission counts for does
not count in an exercise, hours count for their kind, and limits of minors go by it."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import kinds, plan
from homeby.missions.models import Mission, MissionKind
from homeby.missions.queries.minors import missions_with_minors
from homeby.missions.rules import PlanTimes
from homeby.people.rules import Role
from homeby.readiness.actions import positions
from homeby.readiness.actions.currency import count_done
from homeby.readiness.actions.positions import PositionFields
from homeby.readiness.models import PartyPosition, SignOff
from homeby.readiness.queries import qualifications as recorded
from tests.promises.learning import hold, join, of_key, open_book, read, sign
from tests.promises.limited import choose_limits, is_minor, kind
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import ZONE, World

TWO_TASKS = """
[catalogue]
name = "Of the village"
source = "tests"
dated = 2026-11-20

[[position]]
key = "SCOUT"
name = "Scout"
tasks = [
  { what = "Finds the way back in fog", where = "REAL_ONLY" },
  { what = "Falls into a crevasse", where = "EXERCISE_ONLY" },
]
"""


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def gone(world: World, *party: str, of: uuid.UUID | None) -> Mission:
    """A mission of this kind that is over after two hours."""
    mission = world.plan(*party, kind_id=of)
    world.sign_out(mission, *party)
    world.now += dt.timedelta(hours=2)
    world.sign_in(*party, heads=len(party))
    return mission


def was(world: World, mission: Mission, who: str, **more: object) -> PartyPosition:
    fields = PositionFields(
        person_id=world.people[who],
        qualification_id=of_key("SCOUT"),
        **more,  # type: ignore[arg-type]
    )
    tap = new_tap()
    positions.say_position(
        mission_id=mission.pk, fields=fields, by=world.as_("head"), now=world.now, tap=tap
    )
    return PartyPosition.objects.get(pk=tap.entry_id)


def test_a_task_counts_where_it_says_and_nowhere_else(world: World) -> None:
    read(world, TWO_TASKS)
    join(world, "agent", "mate")
    hold(world, "mate", "SCOUT", since=10)
    book = open_book(world, "agent", "SCOUT")
    practice = gone(world, "mate", "agent", of=kind(world, "EXERCISE", is_exercise=True))
    real = gone(world, "mate", "agent", of=kind(world, "SEARCH"))
    with pytest.raises(Refused, match="on a real mission only: Finds the way"):
        sign(world, book, "mate", 1, practice.pk)
    with pytest.raises(Refused, match="in an exercise only: Falls into"):
        sign(world, book, "mate", 2, real.pk)
    sign(world, book, "mate", 1, real.pk)
    sign(world, book, "mate", 2, practice.pk)
    seen = [recorded.sign_off_of(row).real for row in SignOff.objects.filter(task__isnull=False)
            .order_by("task").select_related("book__qualification")]  # fmt: skip
    assert seen == [True, False]
    assert verify().difference is None


def test_hours_count_for_the_kind_of_the_mission_whatever_is_said_beside(world: World) -> None:
    read(world, TWO_TASKS)
    of = kind(world, "SEARCH")
    mission = gone(world, "mate", of=of)
    done = was(world, mission, "mate", mission_kind="AIR", is_exercise=True)
    assert (done.mission_kind, done.is_exercise, done.hours) == ("SEARCH", False, 2.0)
    practice = gone(world, "mate", of=kind(world, "EXERCISE", is_exercise=True))
    assert was(world, practice, "mate").is_exercise
    ordinary = was(world, gone(world, "mate", of=None), "mate", mission_kind="AIR")
    assert (ordinary.mission_kind, ordinary.is_exercise) == ("AIR", False), "it says none itself"


def test_a_plan_of_another_kind_counts_as_what_it_became(world: World) -> None:
    read(world, TWO_TASKS)
    mission = world.plan("mate", "agent", kind_id=kind(world, "SEARCH"))
    done = was(world, mission, "mate")
    times = PlanTimes(due_at=world.now + dt.timedelta(hours=2))
    fields = plan.PlanFields(
        party=(world.people["mate"], world.people["agent"]), leader_id=world.people["mate"],
        what="Patrol", zone=ZONE, times=times, kind_id=kind(world, "EXERCISE", is_exercise=True),
    )  # fmt: skip
    plan.change_plan(
        mission_id=mission.pk, fields=fields, by=world.as_("head"), now=world.now, tap=new_tap()
    )
    world.sign_out(mission, "mate", "agent")
    world.sign_in("mate", "agent", heads=2)
    assert count_done(now=world.now) == 1
    done.refresh_from_db()
    assert (done.mission_kind, done.is_exercise) == ("EXERCISE", True)


def test_a_minor_is_kept_from_the_kinds_that_the_rules_name(world: World) -> None:
    world.add("safe", Role.SAFEGUARDING_LEAD)
    is_minor(world, "agent")
    choose_limits(world)
    world.plan("mate", "agent", kind_id=kind(world, "AVALANCHE"))
    (seen,) = missions_with_minors(world.as_("safe"), now=world.now)
    assert any("not be on a mission of this kind" in one for one in seen.against)
    risky = Mission.objects.get()
    with pytest.raises(Refused, match="of this kind"):
        world.sign_out(risky, "mate", "agent")
    plan.cancel(mission_id=risky.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    world.plan("mate", "agent", kind_id=kind(world, "PATROL"))
    (seen,) = missions_with_minors(world.as_("safe"), now=world.now)
    assert not seen.against


def test_kinds_are_data_and_a_station_begins_with_some(world: World) -> None:
    kinds.add_first_kinds(now=world.now)
    kinds.add_first_kinds(now=world.now)
    codes = set(MissionKind.objects.values_list("code", flat=True))
    assert {"EXERCISE", "PATROL", "SEARCH", "RESCUE", "AVALANCHE"} <= codes
    assert MissionKind.objects.count() == len(codes) == 12
    for code, says in (("x y!", "Letters, digits"), ("search", "already")):
        with pytest.raises(Refused) as refused:
            kinds.add_kind(
                code=code, name="Another", is_exercise=False, by=world.as_("admin"),
                now=world.now, tap=new_tap(),
            )  # fmt: skip
        assert says in refused.value.problems["code"]
    with pytest.raises(Refused, match="no such kind"):
        world.plan("mate", kind_id=uuid.uuid4())
    assert verify().difference is None


def test_the_kind_is_chosen_when_planning_and_shown(world: World, pages: Pages) -> None:
    of, old = kind(world, "SEARCH"), kind(world, "CANOE")
    admin, head = pages.as_("admin"), pages.as_("head")
    new = sent(name="Night search", code="night search", is_exercise="on")
    followed(admin, admin.post("/office/form/kinds/new/", new))
    assert "Night search NIGHT_SEARCH yes yes" in text_of(admin.get("/office/list/kinds/"))
    followed(admin, admin.post(f"/office/act/kinds/{old}/", sent(act="end")))
    form = text_of(head.get("/plan/"))
    assert "Kind of mission" in form
    assert "Canoe" not in form, "ended: no longer offered"
    mate = str(world.people["mate"])
    plan_sent = sent(leader=mate, where="North", expected_back="+2h", kind=str(of), device="radio")
    shown = followed(head, head.post("/plan/", plan_sent))
    assert "Kind Search" in shown
    mission = Mission.objects.get()
    positions_page = head.get(f"/missions/{mission.pk}/positions/").content.decode()
    assert "mission_kind" not in positions_page.split("<form")[-1], "the mission says it"
    ended = sent(name="x", is_exercise="")
    assert head.post(f"/office/form/kinds/{of}/", ended).status_code in (403, 404)
