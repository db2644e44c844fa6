"""Limits of minors are obeyed by plan, roster and crew alike: kind, hours, length, company. An
adult lifts one by name and with a reason, for the time that was planned and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.urls import reverse

from homeby.comms.models import Message
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.missions.queries.minors import missions_with_minors
from homeby.people.rules import Role
from homeby.readiness.actions import duty_asking
from homeby.readiness.models import Duty, DutyApproval, DutyDecision
from homeby.readiness.queries import facts, matrix, own_skills
from homeby.readiness.rules.duty_planning import DutyType
from tests.promises.learning import hold, read
from tests.promises.limited import FIFTEEN, approve, choose_limits, is_minor, kind
from tests.promises.planning_duties import ask, in_team, move, offer, on, pick, planned, say, take
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

NO_TRAINING = """
[[rule]]
key = "kinds"
kind = "MINOR_KINDS"
name = "No training"
below_age = 18
kinds = ["TRAINING"]
"""


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def young(world: World) -> World:
    """Owl (`mate`) is seventeen, and the rules that come with Homeby hold. It is 9 in the
    morning."""
    in_team(world, "agent", "mate", "outsider")
    is_minor(world, "mate")
    choose_limits(world)
    return world


@pytest.mark.parametrize(
    ("hours", "lasts", "says"),
    [
        (14, 4, "from 06:00 to 22:00 only"),  # from 23:00 on
        (1, 9, "for 8 h at most"),
    ],
)
def test_who_asks_reads_which_limit_speaks_against_it(
    young: World, hours: float, lasts: float, says: str
) -> None:
    duty = planned(young, hours=hours, lasts=lasts)
    with pytest.raises(Refused) as refused:
        ask(young, duty, "mate")
    assert says in refused.value.problems["people"]
    assert "by name and with a reason" in refused.value.problems["people"]
    assert "17" not in refused.value.problems["people"], "the rule is named, never her age"
    assert "Asked: 2" in duty_asking.ask(
        duty_id=duty.pk, person_ids=[], by=young.as_("head"), now=young.now, tap=new_tap()
    ), "of the whole team the others are asked"
    kept = DutyDecision.objects.filter(duty=duty, kind="ASKED").get()
    pool = {one["person"]: one["fits"] for one in kept.pool}
    assert pool[str(young.people["mate"])] is False, "and nobody counts it as left out"
    assert pool[str(young.people["agent"])] is True


def test_a_kind_that_the_rules_name_is_not_for_her(young: World) -> None:
    choose_limits(young, NO_TRAINING)
    training = planned(young, hours=2, lasts=1, kind=DutyType.TRAINING)
    with pytest.raises(Refused, match="of this kind"):
        ask(young, training, "mate")
    ask(young, planned(young, hours=2, lasts=1), "mate")


def by_pick(world: World, duty: Duty) -> str:
    return pick(world, duty, "mate")


def by_sign_up(world: World, duty: Duty) -> str:
    return duty_asking.sign_up(duty_id=duty.pk, by=world.as_("mate"), now=world.now, tap=new_tap())


@pytest.mark.parametrize("way", [by_pick, by_sign_up])
def test_she_has_no_seat_alone_and_has_one_beside_an_adult(
    young: World, way: Callable[[World, Duty], str]
) -> None:
    duty = planned(young, hours=2, lasts=2, seats="2", is_open=True)
    ask(young, duty, "mate", "agent")
    for who in ("mate", "agent"):
        say(young, duty, who)
    with pytest.raises(Refused):
        way(young, duty)
    assert on(young, duty) == set()
    pick(young, duty, "mate", "agent")  # together, in whichever order
    assert on(young, duty) == {"mate", "agent"}


def test_under_sixteen_two_of_age_are_wanted(young: World) -> None:
    is_minor(young, "mate", born=FIFTEEN)
    duty = planned(young, hours=2, lasts=2)
    ask(young, duty, "mate", "agent", "outsider")
    say(young, duty, "agent")
    say(young, duty, "mate")
    assert on(young, duty) == {"agent"}, "her yes is kept, and she is not on it yet"
    say(young, duty, "outsider")
    say(young, duty, "mate")
    assert on(young, duty) == {"agent", "outsider", "mate"}


def test_nobody_swaps_her_into_what_is_not_for_her(young: World) -> None:
    duty = planned(young, hours=14, lasts=4)
    ask(young, duty, "agent", "outsider")
    for who in ("agent", "outsider"):
        say(young, duty, who)
    swap = offer(young, duty, "agent", "mate")
    with pytest.raises(Refused, match="not possible"):
        take(young, swap, "mate")
    assert on(young, duty) == {"agent", "outsider"}


def test_an_adult_lifts_a_limit_by_name_for_this_time_only(young: World) -> None:
    duty = planned(young, hours=14, lasts=4)
    with pytest.raises(Refused, match="not who planned it"):
        approve(young, duty, "mate", by="head")
    with pytest.raises(Refused, match="A leader or duty officer"):
        approve(young, duty, "mate", by="mate")
    with pytest.raises(Refused, match="in a sentence why"):
        approve(young, duty, "mate", why="")
    assert approve(young, duty, "mate", why="Her mother goes along.") == "Approved."
    row = DutyApproval.objects.get()
    assert (row.by_id, row.reason) == (young.people["deputy"], "Her mother goes along.")
    ask(young, duty, "mate")
    say(young, duty, "mate")
    assert on(young, duty) == {"mate"}
    with pytest.raises(Refused, match="from 06:00 to 22:00 only"):
        move(young, duty, hours=1)
    move(young, duty, hours=1, stands_down=True)
    assert on(young, duty) == set(), "what was approved was the time as it was"
    with pytest.raises(Refused):
        pick(young, duty, "mate")
    assert verify().difference is None


def test_no_minor_is_moved_past_a_limit_or_left_without_company(young: World) -> None:
    duty = planned(young, hours=2, lasts=2)
    ask(young, duty, "agent", "mate")
    for who in ("agent", "mate"):
        say(young, duty, who)
    assert on(young, duty) == {"agent", "mate"}
    with pytest.raises(Refused, match="from 06:00 to 22:00 only"):
        move(young, duty, hours=11, override="Nobody else knows the pass.")
    move(young, duty, hours=1)
    assert on(young, duty) == {"agent", "mate"}, "what is within her limits asks nobody"
    told = Message.objects.filter(subject__startswith="You need not come").count()
    move(young, duty, hours=10, stands_down=True)
    assert on(young, duty) == {"agent"}
    heard = Message.objects.filter(subject__startswith="You need not come")
    assert heard.count() == told + 1
    assert verify().difference is None


def test_who_can_go_says_what_the_rules_say(young: World) -> None:
    read(young)
    for who in ("mate", "outsider"):
        hold(young, who, "AID")
    long = young.plan("agent", due_minutes=9 * 60)
    risky = young.plan("agent", due_minutes=60, kind_id=kind(young, "FIRE"))
    fine = young.plan("agent", due_minutes=60)
    for mission, says in ((long, "for 8 h at most"), (risky, "of this kind"), (fine, "")):
        said = _said(young, mission)
        assert (says in said) if says else (said == ""), mission
    assert "22:00" not in own_skills.can_go(young.as_("mate"), "AID", now=young.now)
    young.now = young.now.replace(hour=22)
    assert "from 06:00 to 22:00 only" in own_skills.can_go(young.as_("mate"), "AID", now=young.now)


def _said(world: World, mission: Mission) -> str:
    asked = matrix.asked_for(world.as_("head"), mission.pk, ["AID"], now=world.now)
    assert asked is not None
    (one,) = facts.candidates(
        [world.people["mate"]],
        asked,
        party=[world.people["agent"]],
        to=world.as_("head"),
        now=world.now,
    )
    return " ".join(one.said)


def test_the_page_asks_a_second_person_and_shows_who_it_was(young: World, pages: Pages) -> None:
    duty = planned(young, hours=14, lasts=4, seats="2")
    approve(young, duty, "mate")
    ask(young, duty, "mate", "agent")
    move(young, duty, hours=0.5)
    deputy = pages.as_("deputy")
    page = reverse("duty", args=[duty.pk])
    assert "Limits of minors" in text_of(deputy.get(page))
    act = sent(act="minor", person=str(young.people["mate"]), reason="Her mother goes along.")
    shown = followed(deputy, deputy.post(page, act))
    assert "approved by" in shown
    assert "Her mother goes along." in shown
    assert "Her mother" not in text_of(pages.as_("agent").get(page)), "for whoever plans it"


def test_the_safeguarding_lead_sees_every_mission_of_a_minor(young: World, pages: Pages) -> None:
    young.add("safe", Role.SAFEGUARDING_LEAD)
    mission = young.plan("agent", "mate", due_minutes=60)
    young.sign_out(mission, "agent", "mate")
    young.now += dt.timedelta(minutes=30)
    young.sign_in("agent", "mate", heads=2)
    young.plan("agent", "mate", due_minutes=90)
    seen = missions_with_minors(young.as_("safe"), now=young.now)
    assert [one.is_over for one in seen] == [False, True]
    assert "Owl · over" in text_of(pages.as_("safe").get("/office/minors/"))
