"""A duty of a special unit is for whoever belongs to it: its people are asked, its keeper plans it;
that of a secret one nobody else finds but the duty officers (promise 8; `STORY.md` 78)."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from homeby.logbook.queries import visible_entries
from homeby.people.rules import Right, Role
from homeby.readiness.models import Duty, DutyDecision, DutyPerson
from homeby.readiness.queries.who import viewer_for
from tests.promises.apart import LOOKED_AT
from tests.promises.special import found_unit, joined
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

WORDS = ("Nightjar", "Shade-1", "Heron drill", "Blackwater")
OTHERS = ("admin", "guard", "outsider", "second")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    world.add("second", Role.LEADER, callsign="Second")
    world.add("officer", Role.DUTY_OFFICER, callsign="Officer")
    return Pages(world, monkeypatch)


def planned(world: World, keeper: Client, *members: str, is_secret: bool = True) -> Duty:
    """The keeper plans a shift for the unit, through the page, and asks all of its people."""
    unit = found_unit(world, WORDS[0], callsign=WORDS[1], is_secret=is_secret)
    for who in members:
        joined(world, unit, who)
    said = {"kind": "SHIFT", "what": WORDS[2], "place": WORDS[3], "starts": "21.11. 20:00",
            "ends": "+8h", "unit": unit, "weeks": 1}  # fmt: skip
    followed(keeper, keeper.post("/calendar/new/", sent(act="plan", **said)))
    duty = Duty.objects.get(what=WORDS[2])
    assert duty.unit_id == unit
    return duty


def asks_all(keeper: Client, duty: Duty) -> set[uuid.UUID]:
    followed(keeper, keeper.post(f"/calendar/{duty.pk}/", sent(act="ask", everybody="1")))
    return set(DutyPerson.objects.filter(duty=duty).values_list("person_id", flat=True))


def test_its_people_are_asked_and_nobody_else(world: World, pages: Pages) -> None:
    keeper = pages.as_("deputy")
    duty = planned(world, keeper, "agent", "mate")
    page = text_of(keeper.get(f"/calendar/{duty.pk}/"))
    assert "Fox" in page
    assert "Stranger" not in page, "whoever does not belong to it is not offered"
    people = {world.people[who] for who in ("deputy", "agent", "mate")}
    assert asks_all(keeper, duty) <= people
    pool = DutyDecision.objects.filter(duty=duty).order_by("pk").first()
    assert pool is not None
    assert {uuid.UUID(one["person"]) for one in pool.pool} <= people
    assert "Heron drill" in text_of(pages.as_("agent").get("/calendar/?show=month"))


@pytest.mark.looks  # pages say the same on either database; the other tests here run on both
@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_it(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    keeper = pages.as_("deputy")
    duty = planned(world, keeper, "agent", "mate")
    asks_all(keeper, duty)
    world.look()
    key, client = str(duty.pk), pages.as_(who)
    for address in (*LOOKED_AT, f"/calendar/{key}/", "/office/logbook/file/json/"):
        response = client.get(address.format(gate=world.gate_id), follow=True)
        text = b"".join(response).decode()
        assert not any(word in text for word in WORDS), address
        assert key not in text.replace(f"/calendar/{key}/", ""), address
    assert client.get(f"/calendar/{key}/").status_code == 404
    viewer = viewer_for(world.people[who], now=world.now)
    assert not visible_entries(viewer).filter(subject__startswith=duty.ref).exists()
    said = Programs(world, monkeypatch).of(who, Right.READ_ENTRIES).get("entries").content.decode()
    assert key not in said
    assert not any(WORDS[2] in one.outgoing.text for one in world.phone(who))


def test_a_duty_officer_sees_it_by_its_callsign(world: World, pages: Pages) -> None:
    duty = planned(world, pages.as_("deputy"), "agent")
    page = text_of(pages.as_("officer").get(f"/calendar/{duty.pk}/"))
    assert "Shade-1" in page
    assert "Nightjar" not in page


def test_whoever_does_not_keep_it_plans_no_duty_of_it(world: World, pages: Pages) -> None:
    duty = planned(world, pages.as_("deputy"), "agent", is_secret=False)
    assert "Nightjar" in text_of(pages.as_("second").get(f"/calendar/{duty.pk}/")), "an open one"
    for who in ("second", "head"):
        client = pages.as_(who)
        assert "Nightjar" not in text_of(client.get("/calendar/new/"))
        said = {"kind": "SHIFT", "what": "Other", "starts": "21.11. 20:00", "ends": "+8h",
                "unit": duty.unit_id, "weeks": 1}  # fmt: skip
        client.post("/calendar/new/", sent(act="plan", **said))
        assert not Duty.objects.filter(what="Other", unit__isnull=False).exists(), who
    assert pages.as_("outsider").get(f"/calendar/{duty.pk}/").status_code == 404
