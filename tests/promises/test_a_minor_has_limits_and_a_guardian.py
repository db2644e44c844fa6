"""A minor goes with an adult's yes and its reason; who she is is for few, when she was born for
nobody; and nothing keeps her from coming home."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.apps import apps

from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate, plan
from homeby.missions.actions.minors import approve_minors
from homeby.missions.models import Mission
from homeby.missions.queries.minors import missions_with_minors
from homeby.people.actions import minors, teams
from homeby.people.models import Kin, Minor
from homeby.people.rules import STATION, Role
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

BORN = dt.date(2013, 4, 17)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def is_minor(world: World, who: str = "agent", **more: Any) -> str:
    guardian = {} if "guardian_kin_id" in more else {"guardian_id": world.people["mate"]}
    fields = minors.MinorFields(**({"born": BORN} | guardian | more))
    return minors.set_minor(
        person_id=world.people[who], fields=fields,
        by=world.as_("admin"), now=world.now, tap=new_tap(),
    )  # fmt: skip


def safeguards(world: World, who: str = "outsider") -> None:
    teams.give_role(
        person_id=world.people[who], role=Role.SAFEGUARDING_LEAD,
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip


def approve(world: World, mission: Mission, who: str, reason: str = "Her mother agreed.") -> str:
    return approve_minors(
        mission_id=mission.pk, reason=reason, by=world.as_(who), now=world.now, tap=new_tap()
    )


def planned_alone(world: World) -> Mission:
    return world.plan("agent", is_solo=True, device="radio")


def test_alone_she_goes_once_an_adult_has_said_why(world: World) -> None:
    is_minor(world)
    mission = planned_alone(world)
    with pytest.raises(Refused, match="with a reason"):
        plan.approve(mission_id=mission.pk, by=world.as_("deputy"), now=world.now, tap=new_tap())
    with pytest.raises(Refused, match="No adult is of the party"):
        world.sign_out(mission, "agent")
    with pytest.raises(Refused, match="Say in a sentence"):
        approve(world, mission, "deputy", " ")
    assert approve(world, mission, "deputy") == "Approved."
    world.sign_out(mission, "agent")
    assert verify().difference is None
    entry = Entry.objects.get(kind="MISSION_APPROVED")
    assert entry.actor_id == world.people["deputy"]
    assert "Her mother agreed." in str(entry.content.body)


def test_only_an_adult_who_does_not_go_approves(world: World) -> None:
    world.add("chief", Role.LEADER)
    is_minor(world)
    mission = planned_alone(world)
    for who, says in (("guard", "leader or duty officer"), ("head", "second person")):
        with pytest.raises(Refused, match=says):
            approve(world, mission, who)
    is_minor(world, "deputy")
    with pytest.raises(Refused, match="An adult approves"):
        approve(world, mission, "deputy")
    with pytest.raises(Refused, match="No minor is of this party"):
        approve(world, world.plan("mate", "guard"), "chief")


def test_without_it_she_is_watched_and_the_safeguarding_lead_hears(world: World) -> None:
    """Whoever leaves all the same must not leave unwatched, and comes home as anybody."""
    safeguards(world)
    is_minor(world)
    mission = planned_alone(world)
    gate.sign_out(
        mission_id=mission.pk, person_ids=[world.people["agent"]],
        at=gate.AtGate(gate_id=world.gate_id, has_left=True),
        by=world.as_("guard"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.look()
    assert any("limits of a minor" in m.outgoing.subject for m in world.phone("outsider"))
    assert "Welcome back" in world.sign_in("agent")


def test_the_safeguarding_lead_sees_their_missions_and_others_do_not(
    world: World, pages: Pages
) -> None:
    safeguards(world)
    is_minor(world)
    world.plan("agent", "mate", due_minutes=60 * 14)
    world.plan("mate", "guard")
    for who in ("mate", "guard", "agent"):
        assert pages.as_(who).get("/office/minors/").status_code == 404
        assert missions_with_minors(world.as_(who), now=world.now) == []
    page = text_of(pages.as_("outsider").get("/office/minors/"))
    assert "Fox may be out from 06:00 to 21:00 only." in page
    assert "of age on 17 Apr 2031" in page
    assert page.count("Patrol") == 2, "one mission, named once beside its button"
    leader = text_of(pages.as_("deputy").get("/office/minors/"))
    assert "Fox may be out" in leader
    assert "of age on" not in leader
    browser, (row,) = pages.as_("deputy"), missions_with_minors(STATION, now=world.now)
    form = sent(mission=str(row.mission_id), reason="With her teacher.")
    assert "With her teacher." in followed(browser, browser.post("/office/minors/", form))


def test_when_she_was_born_stands_nowhere(world: World, pages: Pages) -> None:
    safeguards(world)
    form = sent(
        born="2013-04-17", guardian=str(world.people["mate"]), not_before="06:00",
        not_after="20:00", only_normal="on",
    )  # fmt: skip
    address = f"/office/people/{world.people['agent']}/minor/"
    for who in ("head", "mate", "agent"):
        assert pages.as_(who).post(address, form).status_code == 404
    assert pages.as_("admin").post(address, form).status_code == 302
    assert Minor.objects.get().until_date == dt.date(2031, 4, 17), "positive control"
    for table in apps.get_models():
        for row in table._default_manager.values_list():
            assert "2013-04-17" not in str(row), table
            assert "datetime.date(2013" not in str(row), table
    for who in ("admin", "outsider"):
        assert "2013" not in text_of(pages.as_(who).get(address))
        assert "2013" not in text_of(pages.as_(who).get("/office/minors/"))


def test_what_cannot_be_gets_a_sentence(world: World, pages: Pages) -> None:
    world.give_kin("mate", "other")
    kin_id = Kin.objects.get().pk
    for more, says in (
        ({"born": dt.date(2000, 1, 1)}, "is of age"),
        ({"born": dt.date(2027, 1, 1)}, "Look at the year"),
        ({"guardian_id": None}, "Name one guardian"),
        ({"guardian_id": world.people["agent"]}, "of age, and another person"),
        ({"guardian_kin_id": kin_id, "guardian_id": None}, "has not named these kin"),
        ({"not_before": dt.time(22)}, "The later hour"),
    ):
        with pytest.raises(Refused, match=says):
            is_minor(world, **more)
    page = pages.as_("admin").post(f"/office/people/{world.people['agent']}/minor/", sent())
    assert page.status_code == 422


def test_whoever_comes_of_age_is_no_minor(world: World) -> None:
    is_minor(world, born=dt.date(2008, 11, 22))
    world.plan("agent", "mate")
    assert missions_with_minors(STATION, now=world.now) != []
    assert missions_with_minors(STATION, now=world.now + dt.timedelta(days=3)) == []
    minors.end_minor(
        person_id=world.people["agent"], by=world.as_("admin"), now=world.now, tap=new_tap()
    )
    assert missions_with_minors(STATION, now=world.now) == []
    assert verify().difference is None
