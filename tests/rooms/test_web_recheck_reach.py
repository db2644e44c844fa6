"""Before what speaks in her name, or changes how she is reached, she proves that it is she; and she
is told at every contact point. Revoking, a phone's own key and a search ask for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from homeby.comms.models import Delivery, Message, Webhook
from homeby.logbook.rules import new_tap
from homeby.people.actions import kept
from homeby.people.actions.apart import file_stay_away
from homeby.people.models import ContactPoint, Device, Kin, Person, PersonalToken, StayAway
from homeby.people.rules import Role, hash_of
from homeby.people.rules_private import Kept
from tests.rooms.devices import phone_of
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

EVIL = "https://example.org/hook"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def state(world: World) -> tuple[int, ...]:
    """How many of each there are, and in which order she is reached."""
    own = ContactPoint.objects.filter(person_id=world.people["agent"])
    ranks = sum(own.values_list("rank", flat=True))
    tables = (Device, Webhook, PersonalToken, ContactPoint, Kin)
    return (*(table.objects.count() for table in tables), ranks)


def acts(world: World) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Address, fields, and what she is told of it."""
    person = world.people["agent"]
    point, mother = world.give_phone("agent"), world.give_kin("agent", "Mother")
    key = f"?person={person}"
    yield "/me/devices/", {"name": "x", "acts": ["SIGN_IN"]}, "A device was let in"
    yield (
        "/me/programs/webhook/",
        {"name": "x", "address": EVIL, "kinds": ["MISSION_BACK"]},
        "A webhook was added",
    )
    yield (
        "/me/programs/token/",
        {"name": "x", "rights": ["READ_MISSIONS"], "days": "30"},
        "A token was made",
    )
    yield (
        f"/office/form/contact-points/new/{key}",
        {"channel": "WEBHOOK", "address": EVIL},
        "A contact point of yours was added",
    )
    yield (
        f"/office/form/kin/new/{key}",
        {"name": "x", "may_know": "NOTHING"},
        "Somebody was named who is told of you",
    )
    yield f"/office/act/kin/{mother}/", {"act": "remove"}, "Somebody was taken from those who"
    yield (f"/office/act/contact-points/{point}/",
           {"act": "remove"}, "A contact point of yours was removed")  # fmt: skip


def test_she_proves_who_she_is_and_hears_of_it_everywhere(pages: Pages, world: World) -> None:
    world.give_phone("agent")
    stale, fresh, person = pages.long_in("agent"), pages.as_("agent"), world.people["agent"]
    for address, fields, said in acts(world):
        before = state(world)
        asked = stale.post(address, sent(**fields))
        assert asked.headers["Location"].startswith("/log-in/again/"), address
        assert state(world) == before, address
        form = sent(**fields)
        for _twice in range(2):
            fresh.post(address, form)
        assert state(world) != before, address
        (message, *more) = Message.objects.filter(person_id=person, text__startswith=said)
        reached = {message, *more}
        points = Delivery.objects.filter(message__in=reached).values_list("contact_id", flat=True)
        verified = ContactPoint.objects.filter(person_id=person, verified_at__isnull=False)
        assert set(points) >= set(verified.values_list("pk", flat=True)), address
        assert len(points) == len(set(points)), "sent twice, told once"


def test_what_is_done_in_haste_asks_for_no_proof(pages: Pages, world: World) -> None:
    phone, client = phone_of(world, "agent"), pages.long_in("agent")
    world.send_out("agent", due_minutes=60)
    asked = client.post("/my/key/", sent(name="Pocket", key_hash=hash_of("a new key")))
    assert asked.json()["device"], "a phone gets its key while its person is out"
    assert Message.objects.filter(text__startswith="A device was let in").exists()
    client.post(f"/office/act/devices/{phone.id}/", sent(act="revoke"))
    assert Device.objects.get(pk=phone.id).revoked_at is not None, "whoever lost it is in haste"


def test_a_medic_proves_who_it_is_and_whoever_searches_does_not(pages: Pages, world: World) -> None:
    kept.write_down(kept=Kept.HEALTH, values={"conditions": "asthma"}, by=world.as_("agent"),
                    now=world.now, tap=new_tap())  # fmt: skip
    world.add("medic", Role.MEDIC)
    address = f"/health/{world.people['agent']}/"
    medic = pages.long_in("medic")
    came_from = {"referer": f"http://testserver{address}?a=b"}
    asked = medic.post(address, sent(), headers=came_from)
    assert asked.headers["Location"].endswith("%3Fa%3Db"), "she comes back to the whole address"
    assert "asthma" in text_of(pages.as_("medic").post(address, sent()))
    world.send_out("agent", due_minutes=60)
    world.fast_forward(minutes=200)
    search = f"/alarms/{world.alarm().pk}/search/"
    person = str(world.people["agent"])
    assert "asthma" in text_of(pages.long_in("head").post(search, sent(person=person)))


def test_a_stay_away_record_is_shown_and_ended_after_a_proof_and_told(
    pages: Pages, world: World
) -> None:
    for who in ("carer", "owl's friend"):
        world.add(who, Role.WELFARE_OFFICER)
    agent, mate, friend = (world.people[one] for one in ("agent", "mate", "owl's friend"))
    for person, other in ((agent, "Owl"), (agent, friend)):
        callsign = other if isinstance(other, str) else Person.objects.get(pk=friend).shown_as
        file_stay_away(person_id=person, callsign=callsign, by=world.as_("agent"),
                       now=world.now, tap=new_tap())  # fmt: skip
    row = StayAway.objects.get(other_id=mate)
    stale = pages.long_in("agent")
    for asked in (stale.get("/me/stay-away/"), stale.post("/me/stay-away/", sent(end=row.pk))):
        assert asked.headers["Location"].startswith("/log-in/again/")
    assert StayAway.objects.filter(pk=row.pk, ended_at=None).exists()
    form = sent(end=row.pk)
    for _twice in range(2):
        pages.as_("agent").post("/me/stay-away/", form)
    row.refresh_from_db()
    assert row.ended_at is not None
    told = Message.objects.values_list("person_id", "text")
    assert [key for key, text in told if text.startswith("A record of whom")] == [agent]
    assert [key for key, text in told if "It was filed for Fox" in text] == [world.people["carer"]]
    assert not [text for _key, text in told if "Owl" in text], "no telephone names the other"
