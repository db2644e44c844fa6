"""What is said of somebody's health is read by medics and by herself: not in the outbox, not as the
reason why she is off a duty, not in the first report; and nobody reads why somebody is away."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from homeby.archive.gathering import entries, rows
from homeby.logbook import queries as logbook
from homeby.logbook.rules import new_tap
from homeby.missions.actions.report import ReportFields, first_report
from homeby.missions.models import Mission
from homeby.missions.rules import Hurt
from homeby.people.actions.teams import Term, give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import duty_crew
from homeby.readiness.actions.injuries import tell, tell_as_kin
from homeby.readiness.models import DutyPerson, Injury
from homeby.readiness.queries.decisions import closed_duties
from homeby.readiness.rules.duty_planning import StoodDown
from tests.promises.planning_duties import a_shift_of, ask, away, in_team, planned, say
from tests.promises.rested import hurt
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def heard(world: World, who: str) -> str:
    return "\n".join(f"{one.outgoing.subject}\n{one.outgoing.text}" for one in world.phone(who))


@pytest.mark.parametrize("bleeding", ["STOPPED", "SHINES_THROUGH"])
def test_the_message_to_a_medic_names_nobody_and_nothing(
    world: World, pages: Pages, bleeding: str
) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    hurt(world, bleeding=bleeding)
    world.look()
    said = heard(world, "medic")
    assert "Somebody waits for a medic" in said
    assert "Fox" not in said
    outbox = text_of(pages.as_("deputy").get("/office/messages/"))
    assert "Somebody waits for a medic" in outbox
    assert "hurt" not in outbox
    assert "Fox" in text_of(pages.as_("medic").get(reverse("injuries")))


def test_what_her_kin_said_of_an_injury_is_for_medics_and_not_for_her(
    world: World, pages: Pages
) -> None:
    """That she is hurt she reads, and what she and others said; not that kin spoke, nor what."""
    world.add("medic", Role.MEDIC, callsign="Doc")
    facts = {"part": "FOOT", "cause": "A chain saw in the barn"}
    tell_as_kin(person_id=world.people["agent"], facts=facts, now=world.now, tap=new_tap())
    at = reverse("injury", args=[Injury.objects.get().pk])
    own = text_of(pages.as_("agent").get(at))
    assert "Only that they are hurt." in own
    tell(
        person_id=world.people["agent"], facts={"part": "HAND", "cause": "A knife"},
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    own = text_of(pages.as_("agent").get(at))
    assert "A knife" in own
    for word in ("chain saw", "Foot", "said by kin"):
        assert word not in own
    archive = str(rows(world.as_("agent"), now=world.now))
    assert "A knife" in archive
    told = [one for one in entries(world.as_("agent")) if one["kind"] == "INJURY_TOLD"]
    assert len(told) == 2
    for word in ("chain saw", "kin page"):
        assert word not in f"{archive} {told}"
    opened = text_of(pages.as_("medic").post(at, sent(act="open")))
    for word in ("A chain saw in the barn", "said by kin", "A knife"):
        assert word in opened


def test_nobody_reads_on_a_duty_that_she_is_hurt_or_must_rest(world: World, pages: Pages) -> None:
    in_team(world, "agent", "mate")
    duty = planned(world)
    ask(world, duty, "agent")
    say(world, duty, "agent")
    at = reverse("duty", args=[duty.pk])
    offered = text_of(pages.as_("head").get(at))
    for word in ("hurt", "ill", "rest"):
        assert f"she is {word}" not in offered
        assert f"she must {word}" not in offered
    duty_crew.stand_down(
        duty_id=duty.pk, person_id=world.people["agent"], why=StoodDown.NOT_BEFORE,
        by=world.as_("head"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.look()
    assert "It is too early for you to go again." in heard(world, "agent")
    assert "too early for her to go again" in text_of(pages.as_("head").get(at))
    kinds = ["DUTY_STOOD_DOWN"]
    readers = {
        who
        for who in ("agent", "guard", "deputy", "head", "admin")
        if logbook.after_number(world.as_(who), number=0, kinds=kinds, limit=9)
    }
    assert readers == {"agent", "head"}, "herself, and whoever took her off"


@pytest.mark.parametrize("kept", ["INJURY", "REST"])
def test_what_an_earlier_version_told_apart_is_read_by_nobody(
    world: World, pages: Pages, kept: str
) -> None:
    in_team(world, "agent", "mate")
    duty = a_shift_of(world, "agent")
    duty_crew.stand_down(
        duty_id=duty, person_id=world.people["agent"], why=StoodDown.NOT_BEFORE,
        by=world.as_("head"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    DutyPerson.objects.filter(duty_id=duty).update(stood_down_why=kept)
    shown = text_of(pages.as_("head").get(reverse("duty", args=[duty])))
    assert "too early for her to go again" in shown
    assert kept not in shown
    world.now += dt.timedelta(days=5)
    (closed,) = closed_duties(STATION, now=world.now)
    assert {one.stood_down for one in closed.people} == {StoodDown.NOT_BEFORE}


def test_hurt_or_not_in_the_first_report_is_read_by_medics_and_herself(
    world: World, pages: Pages, back: Mission
) -> None:
    world.add("medic", Role.MEDIC, Role.LEADER, callsign="Doc")
    at = reverse("mission", args=[back.pk])
    for answer in (Hurt.YES, Hurt.NO, Hurt.WILL_NOT_SAY):
        first_report(
            mission_id=back.pk, person_id=world.people["agent"], fields=ReportFields(hurt=answer),
            by=world.as_("agent"), now=world.now, tap=new_tap(),
        )  # fmt: skip
    for who in ("head", "deputy"):
        page = text_of(pages.as_(who).get(at))
        assert page.count("has said whether hurt") == 3, who
        assert "not hurt" not in page
        assert "will not say whether hurt" not in page
    for who in ("agent", "medic"):
        page = text_of(pages.as_(who).get(at))
        assert "not hurt" in page, who
        assert "will not say whether hurt" in page
    world.look()
    assert "hurt" not in heard(world, "head")
    assert "a medic is to look after them now" in heard(world, "head")


def test_a_medic_of_another_team_reads_no_more_than_a_leader(
    world: World, pages: Pages, back: Mission
) -> None:
    world.add("nurse", Role.LEADER, callsign="Nurse")
    _medic_of_the_team(world, "nurse")
    first_report(
        mission_id=back.pk, person_id=world.people["agent"], fields=ReportFields(hurt=Hurt.NO),
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    at = reverse("mission", args=[back.pk])
    assert "not hurt" not in text_of(pages.as_("nurse").get(at))
    in_team(world, "agent")
    assert "not hurt" in text_of(pages.as_("nurse").get(at))


def test_the_list_of_those_who_can_be_asked_says_of_nobody_that_she_is_on_leave(
    world: World, pages: Pages
) -> None:
    in_team(world, "agent", "mate")
    away(world, "mate", hours=20, lasts=48)
    duty = planned(world)
    at = reverse("duty", args=[duty.pk])
    page = text_of(pages.as_("head").get(at))
    assert "Owl: not available" in page
    assert "leave" not in page
    ask(world, duty, "mate")
    assert "on leave" in text_of(pages.as_("mate").get(at)), "she herself reads what stands"


@pytest.fixture
def back(world: World) -> Mission:
    mission = world.send_out("agent", due_minutes=240)
    world.fast_forward(minutes=30)
    world.sign_in("agent")
    return mission


def _medic_of_the_team(world: World, who: str) -> None:
    give_role(person_id=world.people[who], role=Role.MEDIC, term=Term(team_id=world.team_id),
              by=STATION, now=world.now, tap=new_tap())  # fmt: skip
