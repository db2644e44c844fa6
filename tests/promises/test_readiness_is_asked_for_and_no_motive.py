"""Whoever decides on an examination or a place in a unit reads what lacks, how she rests, how much
there was of late, and is asked whether the two have spoken; nobody asks for a motive (`STORY.md`
77)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.people.rules import Role
from homeby.readiness.actions import examining, special_unit_wishes, special_units
from homeby.readiness.actions.special_units import Approval
from homeby.readiness.models import Examination, SpecialUnit, SpecialUnitPlace
from homeby.readiness.queries import standing
from tests.promises.acts import pass_time
from tests.promises.rested import hurt, release
from tests.promises.test_a_second_request_goes_to_a_second_person import RANK, ask, at, refused
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    world.add("medic", Role.MEDIC, callsign="Doc")
    return Pages(world, monkeypatch)


def tired(world: World) -> None:
    """The agent was out for ten hours, is released, rests, and has told that she is hurt."""
    mission = world.send_out("agent", due_minutes=700)
    pass_time(world, minutes=600)
    world.sign_in("agent")
    release(world, mission)
    hurt(world)


def reads_how_ready_she_is(page: str) -> None:
    assert "Not before" in page
    assert "hurt" not in page
    assert "In the last 30 days: missions and duties 1, together 10 h." in page
    assert "Volunteers" in page, "by which rule she rests"


def test_whoever_decides_on_an_examination_reads_how_ready_she_is(
    world: World, pages: Pages
) -> None:
    tired(world)
    agent, head = pages.as_("agent"), pages.as_("head")
    followed(agent, ask(agent, world, "head"))
    reads_how_ready_she_is(text_of(head.get(at())))
    assert "In the last 30 days" not in text_of(agent.get(at())), "hers stands on My rest"


def test_an_examination_does_not_stand_in_for_the_task_book(world: World, pages: Pages) -> None:
    what = next(
        key for key, one in standing.known().items() if one.kind == "POSITION" and one.tasks
    )
    task = standing.known()[what].tasks[0].what.rstrip(".")
    agent, head = pages.as_("agent"), pages.as_("head")
    followed(agent, ask(agent, world, "head", what=what))
    said = refused(head, what, act="approve", spoken="on", why="")
    assert "The final evaluation for" in said
    assert task in said
    assert "If you approve it all the same, say why." in said
    done = sent(act="approve", spoken="on", why="Her book burned.")
    assert "Approved." in followed(head, head.post(at(what), done))


def test_nobody_says_for_another_that_they_have_spoken(world: World) -> None:
    row = Examination(person_id=world.people["agent"], what=RANK)
    anew = examining._anew(row, world.as_("head"), now=world.now)
    assert not anew.spoken


def unit(world: World, pages: Pages, **more: Any) -> tuple[Any, str]:
    keeper = pages.as_("deputy")
    said = {"name": "Nightjar", "requires": ["RADIO"]} | more
    followed(keeper, keeper.post("/special-units/", sent(act="found", **said)))
    world.now += dt.timedelta(minutes=1)
    return keeper, f"/special-units/{SpecialUnit.objects.latest('founded_at').pk}/"


def test_a_keeper_speaks_with_her_and_says_why_where_something_lacks(
    world: World, pages: Pages
) -> None:
    tired(world)
    keeper, home = unit(world, pages)
    asked = {"act": "ask", "person": world.people["agent"], "place": "MEMBER", "reason": "NEEDED"}
    unspoken = keeper.post(home, sent(**asked))
    assert unspoken.status_code == 422
    assert "Speak with her first" in text_of(unspoken)
    lacking = keeper.post(home, sent(**asked, spoken="on"))
    assert "If she joins all the same, say why." in text_of(lacking)
    assert not SpecialUnitPlace.objects.filter(person_id=world.people["agent"]).exists()
    followed(keeper, keeper.post(home, sent(**asked, spoken="on", why="She learns it here.")))
    reads_how_ready_she_is(text_of(keeper.get(home)))
    told = {"person": world.people["mate"], "place": "INFORMED", "spoken": ""}
    assert "Asked." in followed(keeper, keeper.post(home, sent(**asked | told)))


def test_a_member_asks_for_a_place_and_a_keeper_answers(world: World, pages: Pages) -> None:
    tired(world)
    keeper, home = unit(world, pages)
    agent = pages.as_("agent")
    assert "Asked." in followed(agent, agent.post(home, sent(act="wish")))
    place = SpecialUnitPlace.objects.get(person_id=world.people["agent"])
    assert (place.from_at, place.begin_reason) == (None, "ASKED")
    world.look()
    assert "There is news on your path" in [one.subject for one in world.phone("deputy")]
    assert "Take it back" in text_of(agent.get(home))
    yes = agent.post(home, sent(act=f"yes-{place.pk}"))
    assert "It stands differently by now" in followed(agent, yes), "nobody lets herself in"
    page = text_of(keeper.get(home))
    assert "Fox asks for a place" in page
    reads_how_ready_she_is(page)
    bare = keeper.post(home, sent(act=f"let-{place.pk}"))
    assert "Speak with her first" in text_of(bare)
    assert "Choose for what" in text_of(keeper.post(home, sent(act=f"refuse-{place.pk}")))
    no = sent(act=f"refuse-{place.pk}", refuses="REQUIREMENT")
    assert "Refused." in followed(keeper, keeper.post(home, no))
    assert "something that is required is missing" in text_of(agent.get("/me/path/"))
    world.now += dt.timedelta(minutes=1)
    followed(agent, agent.post(home, sent(act="wish")))
    again = SpecialUnitPlace.objects.get(person_id=world.people["agent"], to_at=None)
    said = sent(act=f"let-{again.pk}", spoken="on", why="She has the radio by May.")
    assert "She has the place" in followed(keeper, keeper.post(home, said))
    again.refresh_from_db()
    assert again.from_at == world.now
    mate = pages.as_("mate")
    followed(mate, mate.post(home, sent(act="wish")))
    assert "Owl" not in text_of(agent.get(home)), "a member reads no wish of another"
    assert "The place has ended." in followed(mate, mate.post(home, sent(act="take-back")))


def test_nobody_lets_herself_in(world: World, pages: Pages) -> None:
    _keeper, home = unit(world, pages)
    followed(pages.as_("agent"), pages.as_("agent").post(home, sent(act="wish")))
    place = SpecialUnitPlace.objects.get(person_id=world.people["agent"])
    acts: dict[str, Any] = {"place_id": place.pk, "by": world.as_("agent"), "now": world.now}
    with pytest.raises(Refused, match="not asked this"):
        special_units.answer_whether_to_join(joins=True, tap=new_tap(), **acts)
    with pytest.raises(Refused, match="Whoever keeps the unit does this"):
        special_unit_wishes.answer_wish(
            refuses=None, approval=Approval(spoken=True), tap=new_tap(), **acts
        )
    place.refresh_from_db()
    assert place.from_at is None


def test_whoever_asked_for_a_place_learns_nothing_once_the_unit_is_secret(
    world: World, pages: Pages
) -> None:
    keeper, home = unit(world, pages)
    mate = pages.as_("mate")
    followed(mate, mate.post(home, sent(act="wish")))
    change = sent(act="change", name="Shade", is_secret="on")
    followed(keeper, keeper.post(home, change))
    assert mate.get(home).status_code == 404
    outsider = pages.as_("outsider")
    assert outsider.post(home, sent(act="wish")).status_code == 404
