"""A plan that could not be recorded is not typed twice, with a route or without."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from homeby.missions.actions import plan as actions
from homeby.missions.models import Mission
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

GPX = b"""<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg><trkpt lat="46" lon="13"/>
<trkpt lat="46.1" lon="13.1"/></trkseg></trk></gpx>"""


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def typed(world: World, **more: Any) -> dict[str, Any]:
    return sent(
        leader=str(world.people["agent"]),
        members=[str(world.people["mate"]), str(world.people["outsider"])],
        what="Courier",
        where='Hut "at the lake" & back',
        expected_back="+2h",
        kit="Two ropes,\none stove",
        **more,
    )


def refused(pages: Pages, client: Client, fields: dict[str, Any]) -> Any:
    """Send a plan to a station whose database is locked."""

    def locked(**_: Any) -> str:
        raise OperationalError("database is locked")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(actions, "plan", locked)
        answer = client.post("/plan/", fields)
    assert answer.status_code == 503
    assert not Mission.objects.exists()
    return answer


def fields_in(answer: Any) -> dict[str, Any]:
    """The form of a page of trouble, as its one button sends it."""
    found: dict[str, list[str]] = {}
    pattern = r'<input type="hidden" name="([^"]*)" value="([^"]*)">'
    for name, value in re.findall(pattern, answer.content.decode()):
        found.setdefault(name, []).append(html.unescape(value))
    return found


def test_a_plan_is_sent_again_with_one_tap(pages: Pages, world: World) -> None:
    head = pages.as_("head")
    answer = refused(pages, head, typed(world))
    assert "Send again" in text_of(answer)
    again = fields_in(answer)
    for _ in range(2):
        assert head.post("/plan/", again).status_code == 302
    mission = Mission.objects.get()
    assert (mission.what, mission.place) == ("Courier", 'Hut "at the lake" & back')
    assert mission.kit == "Two ropes,\none stove"
    assert mission.party.count() == 3


def test_with_a_route_the_form_comes_back_and_asks_for_the_file(pages: Pages, world: World) -> None:
    head = pages.as_("head")
    answer = refused(pages, head, typed(world, route=SimpleUploadedFile("way.gpx", GPX)))
    assert "choose it once more" in text_of(answer)
    page = head.post("/plan/", fields_in(answer))
    assert page.status_code == 200
    assert not Mission.objects.exists(), "a plan without its route is not recorded in silence"
    shown = page.content.decode()
    assert 'value="Courier"' in shown
    assert "Two ropes,\none stove" in shown
    for who in ("mate", "outsider"):
        assert re.search(rf'value="{world.people[who]}"[^>]*checked', shown)
