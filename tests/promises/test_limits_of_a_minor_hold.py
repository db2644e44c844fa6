"""Limits of a minor are lifted by an adult's yes with its reason, and by no tick. Whoever has left
all the same is recorded and watched; guardian, leaders and safeguarding lead hear it at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import gate, plan
from homeby.missions.actions.minors import approve_minors
from homeby.missions.models import MinorApproval, Mission, PartyMember
from homeby.missions.queries.minors import missions_with_minors
from homeby.missions.rules import PlanTimes
from homeby.missions.rules.intake import Taken
from homeby.people.actions import minors, teams
from homeby.people.models import Kin
from homeby.people.rules import STATION, Act, MayKnow, Role
from homeby.watch.models import Deadline
from tests.promises.apart import keep_away
from tests.rooms.devices import claim, phone_of
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

BORN = dt.date(2013, 4, 17)
LEFT = "left against the limits of a minor"
NO_ADULT = "no adult is with them"


@pytest.fixture
def young(world: World) -> World:
    """Fox is thirteen, Owl her guardian; there is a safeguarding lead, and another leader."""
    world.add("chief", Role.LEADER)
    for who in ("outsider", "chief", "mate"):
        world.give_phone(who)
    teams.give_role(
        person_id=world.people["outsider"], role=Role.SAFEGUARDING_LEAD,
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    is_minor(world, "agent")
    return world


def is_minor(
    world: World, who: str, *, kin: Kin | None = None, born: dt.date = BORN, **hours: Any
) -> None:
    guardian = None if kin else world.people["mate"]
    fields = minors.MinorFields(
        born=born, guardian_id=guardian, guardian_kin_id=kin.pk if kin else None, **hours
    )
    minors.set_minor(
        person_id=world.people[who], fields=fields,
        by=world.as_("admin"), now=world.now, tap=new_tap(),
    )  # fmt: skip


def leave(
    world: World, mission: Mission, *who: str, anyway: bool = False, has_left: bool = False
) -> str:
    return gate.sign_out(
        mission_id=mission.pk, person_ids=[world.people[one] for one in who], anyway=anyway,
        at=gate.AtGate(gate_id=world.gate_id, has_left=has_left),
        by=world.as_("guard"), now=world.now, tap=new_tap(),
    )  # fmt: skip


def heard(world: World, words: str) -> set[str]:
    world.look()
    return {
        who
        for who in ("outsider", "mate", "chief", "head", "deputy", "agent", "guard")
        if any(words in one.outgoing.subject for one in world.phone(who))
    }


def test_no_tick_lifts_a_limit_and_an_adult_with_a_reason_does(young: World) -> None:
    for mission, says in (
        (young.plan("agent", is_solo=True, device="radio"), "No adult is of the party"),
        (young.plan("agent", "guard", due_minutes=60 * 14), "from 06:00 to 21:00 only"),
    ):
        for anyway in (False, True):
            with pytest.raises(Refused, match=says) as refused:
                leave(young, mission, "agent", anyway=anyway)
            assert "of age must say why" in str(refused.value)
        mission.refresh_from_db()
        assert mission.state == "PLANNED"
        approve_minors(
            mission_id=mission.pk, reason="Her mother agreed.",
            by=young.as_("deputy"), now=young.now, tap=new_tap(),
        )  # fmt: skip
        leave(young, mission, "agent")
        young.sign_in("agent")
    assert heard(young, LEFT) == set()
    assert verify().difference is None


def test_whoever_has_left_is_recorded_and_watched_and_told_of_at_once(young: World) -> None:
    mission = young.plan("agent", is_solo=True, device="radio")
    leave(young, mission, "agent", has_left=True)
    mission.refresh_from_db()
    assert mission.state == "OUT"
    assert Deadline.objects.filter(subject__ref=mission.ref, state="OPEN").count() >= 1
    reached = heard(young, LEFT)
    assert {"mate", "outsider"} <= reached, "guardian and safeguarding lead"
    assert reached & {"head", "deputy", "chief"}, "whoever decides"
    assert not reached & {"agent", "guard"}, "neither she nor whoever wrote it down"
    said = Message.objects.filter(subject__contains=LEFT).first()
    assert said is not None
    assert "No adult is of the party." in said.text
    assert '"anyway":true' in str(Entry.objects.get(kind="MISSION_SIGNED_OUT").content.body)
    assert "Welcome back" in young.sign_in("agent")


def test_whoever_is_kept_away_hears_it_only_where_nobody_else_is_left(young: World) -> None:
    """Then she is told of all the same: somebody must call them back."""
    for who in ("mate", "head", "outsider"):
        keep_away(young, "agent", who)
    mission = young.plan("agent", is_solo=True, device="radio")
    Mission.objects.update(planned_by_id=young.people["admin"])  # else Head would not be asked
    leave(young, mission, "agent", has_left=True)
    assert heard(young, LEFT) == {"deputy", "chief"}, "the next who may decide"
    young.sign_in("agent")
    for who in ("deputy", "chief"):
        keep_away(young, "agent", who)
    leave(young, young.plan("agent", is_solo=True, device="radio"), "agent", has_left=True)
    assert {"mate", "outsider"} <= heard(young, LEFT)


def test_a_guardian_among_her_kin_hears_it_too(young: World) -> None:
    young.give_kin("agent", "mother", MayKnow.AREA)
    is_minor(young, "agent", kin=Kin.objects.get())
    leave(young, young.plan("agent", is_solo=True, device="radio"), "agent", has_left=True)
    found = Message.objects.filter(subject__contains=LEFT, person_id=Kin.objects.get().pk)
    assert found.count() == 1


def test_with_an_adult_and_within_her_hours_nothing_is_asked(young: World) -> None:
    """At the gate one leaves after the other; the adult may come second, and must come."""
    is_minor(young, "guard")
    mission = young.plan("agent", "guard", "deputy", due_minutes=60)
    for who in ("agent", "guard"):
        leave(young, mission, who)
    young.fast_forward(minutes=5)
    assert heard(young, NO_ADULT) == set(), "there is time to follow"
    young.fast_forward(minutes=6)
    assert {"mate", "outsider"} <= heard(young, NO_ADULT), "she never came"
    young.sign_in("agent", "guard", heads=2)
    other = young.plan("agent", "deputy", due_minutes=60)
    before = Message.objects.filter(subject__contains=NO_ADULT).count()
    leave(young, other, "agent")
    leave(young, other, "deputy")
    young.fast_forward(minutes=15)
    later = Message.objects.filter(subject__contains=NO_ADULT).exclude(state="CANCELLED")
    assert later.count() <= before


def test_whoever_is_home_again_before_the_word_goes_out_frightens_nobody(young: World) -> None:
    mission = young.plan("agent", "deputy", due_minutes=60)
    leave(young, mission, "agent")
    young.fast_forward(minutes=5)
    young.sign_in("agent")
    waiting = Message.objects.filter(subject__contains=NO_ADULT)
    assert set(waiting.values_list("state", flat=True)) == {"CANCELLED"}, "there was such a word"
    young.fast_forward(minutes=15)
    assert heard(young, NO_ADULT) == set()
    assert verify().difference is None


def test_an_adult_who_comes_home_first_is_told_at_once(young: World) -> None:
    is_minor(young, "guard")
    mission = young.plan("agent", "guard", "deputy", due_minutes=60)
    leave(young, mission, "agent", "guard", "deputy")
    young.sign_in("deputy")
    assert {"mate", "outsider"} <= heard(young, NO_ADULT)


def test_she_is_of_age_by_the_day_where_she_goes(young: World) -> None:
    """She is of age on 21 November: in Auckland that is earlier than here, in Honolulu later."""
    young.now += dt.timedelta(hours=5)
    is_minor(young, "agent", born=dt.date(2008, 11, 21))
    alone: dict[str, Any] = {"is_solo": True, "device": "radio"}
    mission = young.plan("agent", zone="Pacific/Auckland", **alone)
    assert missions_with_minors(STATION, now=young.now) == []
    leave(young, mission, "agent", anyway=True)
    assert not Message.objects.filter(subject__contains=NO_ADULT).exists()
    young.sign_in("agent")
    young.now += dt.timedelta(hours=14)
    mission = young.plan("agent", zone="Pacific/Honolulu", **alone)
    assert len(missions_with_minors(STATION, now=young.now)) == 1
    with pytest.raises(Refused, match="with a reason"):
        plan.approve(mission_id=mission.pk, by=young.as_("deputy"), now=young.now, tap=new_tap())
    with pytest.raises(Refused, match="No adult is of the party"):
        leave(young, mission, "agent", anyway=True)
    leave(young, mission, "agent", has_left=True)
    assert "mate" in heard(young, LEFT), "her guardian"


def test_an_approval_is_of_the_plan_as_it_was(young: World) -> None:
    mission = young.plan("agent", is_solo=True, device="radio")
    approve_minors(
        mission_id=mission.pk, reason="Her mother agreed.",
        by=young.as_("deputy"), now=young.now, tap=new_tap(),
    )  # fmt: skip
    assert MinorApproval.objects.count() == 1
    times = PlanTimes(due_at=young.now + dt.timedelta(hours=14))
    fields = plan.PlanFields(
        party=(young.people["agent"],), leader_id=young.people["agent"], what="Patrol",
        zone=mission.zone, times=times, is_solo=True, device="radio",
    )  # fmt: skip
    plan.change_plan(
        mission_id=mission.pk, fields=fields, by=young.as_("head"), now=young.now, tap=new_tap()
    )
    assert MinorApproval.objects.count() == 0
    with pytest.raises(Refused, match="only"):
        leave(young, mission, "agent", anyway=True)
    assert verify().difference is None


def test_her_own_phone_writes_down_that_she_leaves(young: World) -> None:
    """Nobody else is there to do it."""
    mission = young.plan("agent", is_solo=True, device="radio")
    own = phone_of(young, "agent")
    (asked,) = own.send(claim(Act.SIGN_OUT, mission_id=mission.pk))
    assert asked.taken is Taken.REFUSED
    assert "told at once" in asked.sentence
    (taken,) = own.send(claim(Act.SIGN_OUT, mission_id=mission.pk, anyway=True))
    assert taken.taken is Taken.COUNTED
    assert {"mate", "outsider"} <= heard(young, LEFT)


def test_the_page_asks_whether_they_have_left(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = young.plan("agent", is_solo=True, device="radio")
    browser = Pages(young, monkeypatch).as_("guard")
    address = f"/gate/{young.gate_id}/out/{mission.pk}/"
    page = text_of(browser.get(address))
    assert "No adult is of the party." in page
    assert "They have left already" in page
    assert "Sign out anyway" not in page
    assert "of age must say why" in text_of(browser.post(address, sent(how="SEEN", anyway="on")))
    mission.refresh_from_db()
    assert mission.state == "PLANNED"
    browser.post(address, sent(how="SEEN", has_left="on"))
    mission.refresh_from_db()
    assert mission.state == "OUT"


def test_who_has_left_is_written_down_with_the_true_time(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing speaks against leaving now; something did when she left."""
    is_minor(young, "agent", not_before=dt.time(8))
    mission = young.plan("agent", "deputy", due_minutes=60)
    browser = Pages(young, monkeypatch).as_("guard")
    address = f"/gate/{young.gate_id}/out/{mission.pk}/"
    assert "only." not in text_of(browser.get(address))
    adults = young.plan("head", "outsider", due_minutes=60)
    for one in (address, address.replace(str(mission.pk), str(adults.pk))):
        for at_first in (browser.get(one), browser.post(one, sent(how="SEEN", happened="rubbish"))):
            assert "They have left already" not in text_of(at_first), "it would tell of a minor"
    form: dict[str, Any] = {
        "how": "SEEN",
        "person": [str(young.people["agent"])],
        "happened": "07:30",
    }
    refused = text_of(browser.post(address, sent(**form)))
    assert "from 08:00 to 21:00 only" in refused
    assert "They have left already" in refused
    browser.post(address, sent(**form, has_left="on"))
    left = PartyMember.objects.get(mission=mission, person_id=young.people["agent"])
    assert left.out_at == young.now.replace(hour=6, minute=30), "07:30 here"


def test_an_adult_of_her_party_goes_by_the_tick_for_adults(
    young: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    young.send_out("deputy", due_minutes=60)
    mission = young.plan("agent", "deputy", due_minutes=60 * 14)
    browser = Pages(young, monkeypatch).as_("guard")
    address = f"/gate/{young.gate_id}/out/{mission.pk}/"
    page = text_of(browser.get(address))
    assert "Fox may be out from 06:00 to 21:00 only." in page
    assert "They have left already" in page
    browser.post(address, sent(how="SEEN", person=[str(young.people["deputy"])], anyway="on"))
    states = dict(mission.party.values_list("person_id", "state"))
    assert states == {young.people["deputy"]: "OUT", young.people["agent"]: "PLANNED"}
