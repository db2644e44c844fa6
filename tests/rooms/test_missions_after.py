"""After the return: what is added to a first report, and the debrief that falls due after rest."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions import queries
from homeby.missions.actions import debrief, report, take_back
from homeby.missions.models import FirstReport, Mission, PartyMember
from homeby.missions.rules import Hurt
from homeby.people.models import Person
from homeby.people.rules import PersonKind
from tests.promises.acts import refused
from tests.rooms.pages import Pages, entries, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def back(world: World) -> Mission:
    """Fox and Owl are back."""
    mission = world.send_out("agent", "mate")
    world.sign_in("agent", "mate", heads=2)
    mission.refresh_from_db()
    return mission


def give(world: World, mission: Mission, by: str = "agent", **values: object) -> str:
    fields = report.ReportFields(**values)  # type: ignore[arg-type]
    return report.first_report(
        mission_id=mission.pk,
        person_id=world.people["agent"],
        fields=fields,
        by=world.as_(by),
        now=world.now,
        tap=new_tap(),
    )


def debriefed(world: World, mission: Mission, who: str = "agent", *, by: str = "agent") -> str:
    return debrief.debrief_given(
        mission_id=mission.pk,
        person_id=world.people[who],
        by=world.as_(by),
        now=world.now,
        tap=new_tap(),
    )


def page_of(client: Client, mission: Mission) -> str:
    return text_of(client.get(reverse("mission", args=[mission.pk])))


def test_what_comes_to_mind_later_stands_beside_the_first_report(
    world: World, back: Mission
) -> None:
    give(world, back, hurt=Hurt.WILL_NOT_SAY)
    world.fast_forward(minutes=30)
    answer = give(world, back, hurt=Hurt.YES, danger="Ice on the bridge")
    assert answer == "Thank you. It stands beside the first report."
    first, added = FirstReport.objects.order_by("given_at")
    assert (first.hurt, added.hurt, added.amends_id) == ("WILL_NOT_SAY", "YES", first.pk)
    world.look()
    told = world.phone("head")[-1]
    assert told.subject == "Added to the first report of Fox"
    assert "a medic is to look after them now" in told.outgoing.text
    assert "Ice on the bridge" in told.outgoing.text
    give(world, back, "guard", hurt=Hurt.NO, danger="The bridge is down")
    world.look()
    assert "The bridge is down" in world.phone("head")[-1].outgoing.text
    assert FirstReport.objects.count() == 3
    assert verify().difference is None


def test_only_the_person_or_the_gate_keeper_adds_to_it(world: World, back: Mission) -> None:
    give(world, back, hurt=Hurt.NO)
    with pytest.raises(Refused, match="your own report"):
        give(world, back, "mate", hurt=Hurt.YES)


def test_the_page_offers_to_add_and_shows_each_part_with_its_time(
    world: World, pages: Pages, back: Mission
) -> None:
    agent = pages.as_("agent")
    address = reverse("mission-report", args=[back.pk, world.people["agent"]])
    assert "First report of Fox, one minute" in page_of(agent, back)
    followed(agent, agent.post(address, sent(hurt="WILL_NOT_SAY")))
    assert "Add to it" in page_of(agent, back)
    assert "Add to the first report" in text_of(agent.get(address))
    world.fast_forward(minutes=30)
    said = followed(agent, agent.post(address, sent(hurt="YES", kit_missing="A rope")))
    assert "Fox 09:00 will not say whether hurt" in said
    assert "Fox, added 09:30 hurt kit missing: A rope" in said
    assert "Add to it" not in page_of(pages.as_("mate"), back)


def test_the_debrief_is_due_after_rest_on_ones_own_page_and_the_missions(
    world: World, pages: Pages, back: Mission
) -> None:
    agent = pages.as_("agent")
    assert "Debrief of Fox: after rest, from 20:00" in page_of(agent, back)
    own = reverse("account")
    assert "Patrol: after rest, from 20:00" in text_of(agent.get(own))
    world.now += dt.timedelta(hours=12)
    assert "Debrief of Fox: due since 20:00" in page_of(agent, back)
    assert "Patrol: due since 20:00" in text_of(agent.get(own))
    form = sent(act="debrief", person=str(world.people["agent"]))
    assert "Noted: the debrief is given." in followed(
        agent, agent.post(reverse("mission-act", args=[back.pk]), form)
    )
    assert "Debrief of Fox" not in page_of(agent, back)
    assert "Debrief of Owl: due since 20:00" in page_of(agent, back)
    assert "Patrol" not in text_of(agent.get(own))
    assert "Patrol: due since" in text_of(pages.as_("mate").get(own))
    before = entries()
    agent.post(reverse("mission-act", args=[back.pk]), form)
    assert entries() == before


def test_the_person_or_a_leader_ends_it_and_nobody_else(
    world: World, pages: Pages, back: Mission
) -> None:
    with pytest.raises(Refused) as refusal:
        debriefed(world, back, by="mate")
    assert "Only Fox or a leader says so." in refused(refusal.value)
    button = "The debrief is given"
    assert button in page_of(pages.as_("head"), back)
    assert page_of(pages.as_("mate"), back).count(button) == 1
    assert button not in page_of(pages.as_("guard"), back)
    debriefed(world, back, "mate", by="agent")  # she led this mission
    debriefed(world, back, by="deputy")
    assert "DEBRIEF" not in queries.still_open(world.as_("head"), back)
    rows = PartyMember.objects.filter(mission=back, debriefed_at=world.now)
    assert rows.count() == 2
    with pytest.raises(Refused, match="was given already"):
        debriefed(world, back)
    assert verify().difference is None


def test_there_is_none_before_the_mission_is_back(world: World) -> None:
    """But for one of the party who is home, to whom it is not said whether the others are."""
    mission = world.send_out("agent", "mate")
    with pytest.raises(Refused, match="No debrief is due"):
        debriefed(world, mission)
    world.sign_in("agent")
    with pytest.raises(Refused, match="No debrief is due"):
        debriefed(world, mission)
    world.sign_in("mate")
    another = world.send_out("agent", "mate")
    world.sign_in("mate")
    assert debriefed(world, another, "mate", by="mate") == "Noted: the debrief is given."


def test_whoever_is_out_again_by_a_wrong_tap_owes_it_anew(world: World, back: Mission) -> None:
    debriefed(world, back)
    take_back.take_back_sign_in(
        mission_id=back.pk,
        person_id=world.people["agent"],
        by=world.as_("head"),
        now=world.now,
        tap=new_tap(),
    )
    world.sign_in("agent")
    assert "DEBRIEF" in queries.still_open(world.as_("head"), back)
    debriefed(world, back)


def test_a_unit_owes_neither_report_nor_debrief(world: World, pages: Pages) -> None:
    Person.objects.filter(pk=world.people["mate"]).update(kind=PersonKind.UNIT)
    mission = world.send_out("agent", "mate")
    guard = pages.as_("guard")
    form = sent(
        person=[str(world.people["agent"]), str(world.people["mate"])], heads="2", how="SEEN"
    )
    said = followed(
        guard, guard.post(reverse("gate-party", args=[world.gate_id, mission.pk]), form)
    )
    assert "First report of Owl" not in said
    page = page_of(pages.as_("head"), mission)
    assert "First report of Fox" in page
    assert "of Owl" not in page
    with pytest.raises(Refused, match="No debrief is due"):
        debriefed(world, mission, "mate", by="head")
