"""At the gate: that somebody waits for whoever is back; not who it is, nor what they ask."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.actions import report
from homeby.missions.models import Mission
from homeby.missions.rules import Hurt
from homeby.missions.rules.intake import Taken
from homeby.people import private
from homeby.people.queries.kin import kin_by_link, waited_for
from homeby.people.rules import NOBODY, Act, MayKnow, Purpose
from homeby.watch.actions import kin_care, kin_worry
from homeby.web.kin import facts
from tests.promises.acts import pass_time
from tests.rooms.devices import phone_of
from tests.rooms.pages import Pages, text_of
from tests.world import World

WAITS = "Somebody waits for Fox: tell "
BY_MESSAGE = "hear by a message that they are back"
BY_A_PERSON = "a person speaks with them"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def signed_in(world: World, pages: Pages, mission: Mission, who: str = "agent") -> str:
    """What the gate keeper reads after one tap on the tile."""
    tile = {"tile": f"{mission.pk}/{world.people[who]}", "entry_id": str(uuid.uuid4())}
    page = pages.as_("guard").post(f"/gate/{world.gate_id}/in/", tile, follow=True)
    assert page.status_code == 200
    return text_of(page)


def test_somebody_waits_and_whoever_has_the_watch_is_told(world: World, pages: Pages) -> None:
    world.give_kin("agent", "flatmate", MayKnow.NOTHING)
    said = signed_in(world, pages, world.send_out("agent"))
    assert WAITS in said
    assert "flatmate" not in said
    assert BY_MESSAGE not in said


def test_nobody_waits(world: World, pages: Pages) -> None:
    world.give_kin("mate", "brother")
    assert "Somebody waits" not in signed_in(world, pages, world.send_out("agent"))


def test_whoever_was_told_hears_by_a_message_or_from_a_person(world: World, pages: Pages) -> None:
    world.give_kin("agent", "flatmate", MayKnow.UNIT)
    mission = world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=131)
    assert world.phone("flatmate")
    said = signed_in(world, pages, mission)
    assert WAITS in said
    assert BY_MESSAGE in said


def test_while_a_person_speaks_with_them_no_message_is_promised(world: World, pages: Pages) -> None:
    world.give_kin("agent", "flatmate", MayKnow.UNIT)
    mission = world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=131)
    head, tap = world.as_("head"), new_tap()
    kin_care.hold(ref=mission.ref, speaker="Shizune", by=head, now=world.now, tap=tap)
    said = signed_in(world, pages, mission)
    assert BY_A_PERSON in said
    assert BY_MESSAGE not in said


def test_what_kin_ask_changes_no_word_of_it(world: World, pages: Pages) -> None:
    key = world.give_kin("agent", "flatmate", MayKnow.OUT_AND_DUE)
    quiet = signed_in(world, pages, world.send_out("agent"))
    mission = world.send_out("agent")
    (secret,) = private.kin_links([key], purpose=Purpose.OWN_PAGE).values()
    waiting = kin_by_link(secret)
    assert waiting is not None
    worry = facts.worry_of(waiting, "Where is she?")
    kin_worry.worried(worry=worry, now=world.now, tap=new_tap())
    assert signed_in(world, pages, mission) == quiet


def test_who_keeps_no_watch_learns_of_nobody_who_waits(world: World) -> None:
    world.give_kin("agent", "flatmate")
    agent = [world.people["agent"]]
    assert waited_for(NOBODY, agent) == waited_for(None, agent) == set()
    assert waited_for(world.as_("mate"), agent) == set()
    assert waited_for(world.as_("guard"), agent) == set(agent)


def test_whoever_comes_home_past_the_gate_is_waited_for_there_too(
    world: World, pages: Pages
) -> None:
    """By phone or kiosk: the gate at rest says so without a name or a number, the page behind it
    of whom and whom to tell, until the first report is given."""
    gate, pick = f"/gate/{world.gate_id}/", f"/gate/{world.gate_id}/in/"
    world.give_kin("agent", "flatmate", MayKnow.UNIT)
    mission = world.send_out("agent", "mate")
    for who in ("agent", "mate"):
        assert phone_of(world, who).say(Act.SIGN_IN).taken == Taken.COUNTED
    guard = pages.as_("guard")
    for address in (gate, f"{gate}waits/"):
        rest = text_of(guard.get(address))
        assert "Somebody is home by phone or kiosk, and somebody waits for them." in rest
        assert not {"Fox", "Owl", "flatmate", "1"} & set(re.findall(r"\w+", rest.split("Board")[0]))
    assert WAITS in text_of(guard.get(pick))
    assert "flatmate" not in text_of(guard.get(pick))
    assert "Somebody waits" not in text_of(guard.get(f"/gate/{world.gate_id}/out/"))
    world.now += dt.timedelta(hours=13)
    assert "Somebody waits" not in text_of(pages.as_("guard").get(pick))
    world.now -= dt.timedelta(hours=12)
    report.first_report(
        mission_id=mission.pk,
        person_id=world.people["agent"],
        fields=report.ReportFields(hurt=Hurt.NO),
        by=world.as_("agent"),
        now=world.now,
        tap=new_tap(),
    )
    assert "Somebody waits" not in text_of(pages.as_("guard").get(pick))
    assert "somebody waits" not in text_of(pages.as_("guard").get(gate))
