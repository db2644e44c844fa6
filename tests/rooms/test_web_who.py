"""Who is this? A name is shown for a reason, to whom it may be, and she reads both."""

from __future__ import annotations

import pytest

from homeby.logbook.models import Read
from homeby.people.rules import Role
from homeby.web import reads
from tests.rooms.pages import Pages, text_of
from tests.world import World

WHY = "Her mother is at the gate."


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr(reads, "WAITING", reads.Waiting())
    world.add("officer", Role.DUTY_OFFICER, callsign="Lookout")
    return Pages(world, monkeypatch)


def test_the_duty_officer_gives_a_reason_and_she_reads_it(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate")
    officer = pages.as_("officer")
    page = officer.get(f"/missions/{mission.pk}/")
    address = f"/who/{world.people['agent']}/?mission={mission.pk}"
    assert address in page.content.decode()
    assert "by name" not in text_of(page)
    assert "by name" not in text_of(officer.get(address))
    for nothing in ("", "  ", "hm"):
        refused = officer.post(address, {"reason": nothing})
        assert refused.status_code == 422
        assert "agent by name" not in text_of(refused)
    assert "without a reason no name" in text_of(officer.post(address, {}))
    assert not Read.objects.filter(kind="CALLSIGN").exists()
    assert "agent by name" in text_of(officer.post(address, {"reason": WHY}))
    hers = text_of(pages.as_("agent").get("/me/looks/"))
    assert f"Lookout “{WHY}” the name behind the callsign" in hers
    assert WHY not in text_of(pages.as_("mate").get("/me/looks/"))


def test_who_may_ask(pages: Pages, world: World) -> None:
    mission = world.send_out("mate", "agent")
    address = f"/who/{world.people['agent']}/"
    of_mission = f"{address}?mission={mission.pk}"
    for who in ("officer", "head", "admin"):
        assert pages.as_(who).get(address).status_code == 200
    assert pages.as_("mate").get(of_mission).status_code == 200, "she leads it"
    assert "agent by name" in text_of(pages.as_("mate").post(of_mission, {"reason": WHY}))
    assert of_mission in pages.as_("mate").get(f"/missions/{mission.pk}/").content.decode()
    for who, where in (("mate", address), ("guard", of_mission), ("outsider", of_mission)):
        assert pages.as_(who).get(where).status_code == 404, who
    back = f"/who/{world.people['mate']}/?mission={mission.pk}"
    assert pages.as_("agent").get(back).status_code == 404, "she leads nobody"
    stranger = f"/who/{world.people['outsider']}/?mission={mission.pk}"
    assert pages.as_("mate").get(stranger).status_code == 404, "not of her party"
    assert pages.nobody().get(address).status_code == 302


def test_on_her_page_the_office_asks_too(pages: Pages, world: World) -> None:
    page = pages.as_("officer").get(f"/office/people/{world.people['agent']}/")
    assert f"/who/{world.people['agent']}/" in page.content.decode()
    assert "by name" not in text_of(page)
