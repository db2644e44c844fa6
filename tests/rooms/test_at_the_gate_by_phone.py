"""A phone that looked at the code of a gate says at which gate it is, and what else it says counts
whether that is believed or not."""

from __future__ import annotations

import json
import uuid

import pytest

from homeby.logbook.queries import line
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import places
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules.intake import Taken
from homeby.people.rules import STATION, Act
from homeby.web.intake.reading import read
from tests.rooms.devices import kiosk, phone_of
from tests.rooms.pages import Pages, text_of
from tests.world import World

GATE = "Green gate"
ACTS = (Act.SIGN_OUT, Act.CHECK_IN, Act.HELP, Act.SIGN_IN)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """The pages of the village."""
    return Pages(world, monkeypatch)


def _gate_of(entry_id: uuid.UUID) -> str | None:
    said = line(STATION, entry_id)
    assert said is not None
    found = said.facts.get("gate")
    return None if found is None else str(found)


def _say_all(world: World, gate_id: uuid.UUID | None) -> list[str | None]:
    mission = world.plan("agent")
    phone = phone_of(world, "agent")
    found = []
    for act in ACTS:
        said = phone.say(act, mission_id=mission.pk, gate_id=gate_id)
        assert said.taken == Taken.COUNTED, (act, said)
        found.append(_gate_of(said.entry_id))
    assert Mission.objects.get(pk=mission.pk).state == "BACK"
    assert verify().difference is None
    return found


def test_what_a_phone_says_at_a_gate_is_recorded_with_it(world: World) -> None:
    assert _say_all(world, world.gate_id) == [str(world.gate_id)] * len(ACTS)
    member = PartyMember.objects.get()
    assert (member.out_gate_id, member.back_gate_id) == (world.gate_id, world.gate_id)


def test_a_gate_that_is_none_is_not_believed_and_all_counts(world: World) -> None:
    assert _say_all(world, uuid.uuid4()) == [None] * len(ACTS)
    assert PartyMember.objects.get().back_gate_id is None


def test_a_gate_that_was_closed_is_not_believed_and_all_counts(world: World) -> None:
    places.end_place(
        place=places.Place.GATE,
        key=world.gate_id,
        ended=True,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    assert _say_all(world, world.gate_id) == [None] * len(ACTS)


def test_a_kiosk_stays_where_it_stands(world: World) -> None:
    world.send_out("agent")
    tablet = kiosk(world)
    said = tablet.say(Act.SIGN_IN, callsign=world.callsign("agent"), gate_id=uuid.uuid4())
    assert said.taken == Taken.COUNTED
    assert PartyMember.objects.get().back_gate_id == world.gate_id


@pytest.mark.parametrize("gate", ["", "rubbish", 7, [], {"a": 1}, "x" * 5000, None])
def test_rubbish_in_place_of_a_gate_refuses_nothing(world: World, gate: object) -> None:
    entry = {"id": str(uuid.uuid4()), "act": "sign_in", "gate": gate}
    (found,) = read(json.dumps({"entries": [entry]}).encode(), now=world.now)
    assert getattr(found, "gate_id", "refused") is None


def test_the_timeline_and_the_page_of_the_gate_name_it(world: World, pages: Pages) -> None:
    mission = world.plan("agent")
    phone = phone_of(world, "agent")
    phone.say(Act.SIGN_OUT, mission_id=mission.pk, gate_id=world.gate_id)
    guard = pages.as_("guard")
    name = GATE
    there = text_of(guard.get(f"/gate/{world.gate_id}/out/"))
    assert f"Signed out at {name} by phone or kiosk" in there
    phone.say(Act.SIGN_IN, mission_id=mission.pk, gate_id=world.gate_id)
    there = text_of(guard.get(f"/gate/{world.gate_id}/in/"))
    assert f"Signed in at {name} by phone or kiosk {world.callsign('agent')}" in there
    assert f"at {name}" in text_of(guard.get(f"/missions/{mission.pk}/"))


def test_the_code_of_a_gate_opens_the_page_that_knows_which(world: World, pages: Pages) -> None:
    mission = world.plan("agent")
    agent = pages.as_("agent")
    known, closed = f"?gate={world.gate_id}", f"?gate={uuid.uuid4()}"
    page = agent.get(f"/my/{known}")
    assert GATE in page.content.decode()
    out = f"/missions/{mission.pk}/sign-out/"
    assert f"{out}{known}" in page.content.decode()
    form = agent.get(f"{out}{known}").context["form"]
    assert form.fields["gate"].initial == str(world.gate_id)
    for wrong in (closed, "?gate=%22<script>", "?gate="):
        answer = agent.get(f"/my/{wrong}")
        assert answer.status_code == 200
        assert f"{out}?gate" not in answer.content.decode()
    # Whoever is not logged in comes back to it.
    asked = pages.nobody().get(f"/my/{known}")
    assert asked.status_code == 302
    assert f"gate%3D{world.gate_id}" in asked["Location"]
