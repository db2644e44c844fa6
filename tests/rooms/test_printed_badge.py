"""A badge that a member prints herself: it says at a kiosk who stands there, and proves nothing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.core.cache import cache
from django.test import Client

from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.models import Mission
from homeby.missions.rules.intake import Proof, Taken
from homeby.people.actions import proofs
from homeby.people.models import Badge
from homeby.people.rules import Act, hash_of
from homeby.watch.models import Alarm
from homeby.web.intake.proving import prove
from tests.rooms.devices import Device, claim, kiosk
from tests.rooms.pages import Pages, text_of
from tests.world import World


@pytest.fixture(autouse=True)
def _nobody_guessed() -> None:
    cache.clear()


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def printed(world: World, who: str = "agent") -> str:
    """Somebody makes a badge; what it says."""
    code = proofs.new_printed_code()
    hashed = proofs.badge_hash(code)
    proofs.print_badge(hashed=hashed, by=world.as_(who), now=world.now, tap=new_tap())
    return code


def has_pin(world: World, duress: str = "") -> None:
    agent = world.as_("agent")
    proofs.set_pin(pin="4711", duress=duress, by=agent, now=world.now, tap=new_tap())


def say(tablet: Device, **more: str) -> Taken:
    """One sign-in at the kiosk, with what was shown judged first."""
    claims = prove((claim(Act.SIGN_IN, **more),), hash_of(tablet.key))
    (answer,) = tablet.send(*claims)
    return answer.taken


def is_back(mission: Mission) -> bool:
    return Mission.objects.get(pk=mission.pk).state == "BACK"


def test_it_names_her_and_her_pin_proves_it(world: World) -> None:
    mission, tablet, code = world.send_out("agent"), kiosk(world), printed(world)
    has_pin(world)
    say(tablet, code=code)
    say(tablet, code=code, pin="1111")
    assert not is_back(mission), "whoever photographed it is not her"
    say(tablet, code=code, pin="4711")
    assert is_back(mission)
    assert code not in str([*Entry.objects.values_list("content__body", flat=True)])
    assert verify().difference is None


def test_without_a_pin_it_is_worth_as_much_as_her_callsign(world: World) -> None:
    mission, tablet, code = world.send_out("agent"), kiosk(world), printed(world)
    (found,) = prove((claim(Act.SIGN_IN, code=code),), hash_of(tablet.key))
    assert (found.proof, found.person_ids) == (Proof.NONE, (world.people["agent"],))
    say(tablet, code=code)
    assert is_back(mission)


def test_the_duress_pin_beside_it_is_one(world: World) -> None:
    world.send_out("agent")
    has_pin(world, duress="9353")
    say(kiosk(world), code=printed(world), pin="9353")
    assert Alarm.objects.filter(kind="DURESS", state="OPEN").exists()


def test_pins_are_not_guessed_by_it(world: World) -> None:
    mission, tablet, code = world.send_out("agent"), kiosk(world), printed(world)
    has_pin(world)
    for number in range(5):
        say(tablet, code=code, pin=f"000{number}")
    say(tablet, code=code, pin="4711")
    assert not is_back(mission), "it waits after five wrong ones"


def test_a_new_one_and_a_lost_one_end_the_one_before(world: World) -> None:
    mission, tablet, first = world.send_out("agent"), kiosk(world), printed(world)
    second = printed(world)
    say(tablet, code=first)
    assert not is_back(mission)
    row = Badge.objects.get(removed_at=None)
    proofs.remove_badge(badge_id=row.pk, by=world.as_("guard"), now=world.now, tap=new_tap())
    say(tablet, code=second)
    assert not is_back(mission)


def test_her_page_shows_it_once_and_makes_a_new_one_at_one_tap(world: World, pages: Pages) -> None:
    agent: Client = pages.as_("agent")
    page = "/me/badge/"
    assert "Make my badge" in text_of(agent.get(page))
    sent = {"act": "new", "entry_id": str(uuid.uuid4())}
    made = agent.post(page, sent)
    assert 'class="qr"' in made.content.decode()
    again = agent.post(page, sent)
    assert 'class="qr"' not in again.content.decode(), "sent twice it is one"
    assert "shown once already" in text_of(again)
    assert Badge.objects.count() == 1
    assert 'class="qr"' not in agent.get(page).content.decode()
    world.now += dt.timedelta(minutes=1)
    agent.post(page, {"act": "new", "entry_id": str(uuid.uuid4())})
    assert Badge.objects.filter(removed_at=None).count() == 1
    agent.post(page, {"act": "remove", "entry_id": str(uuid.uuid4())})
    assert not Badge.objects.filter(removed_at=None).exists()
    agent.post(page, {"act": "remove", "entry_id": str(uuid.uuid4())})
    assert "Make my badge" in text_of(agent.get(page))


def test_the_camera_is_for_the_kiosk_alone(world: World, pages: Pages) -> None:
    kiosk_page, board = Client().get("/kiosk/"), pages.as_("head").get("/board/")
    assert "camera=(self)" in kiosk_page["Permissions-Policy"]
    assert "camera=()" in board["Permissions-Policy"]
