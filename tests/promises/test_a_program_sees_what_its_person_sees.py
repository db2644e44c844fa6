"""Promise 8: nobody learns from the API what the pages do not show her."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from homeby.missions import queries as missions
from homeby.people import queries as people
from homeby.people.rules import Right
from homeby.watch import queries as watch
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages
from tests.world import World

EVERYBODY = ("agent", "guard", "admin", "outsider")


@pytest.fixture
def programs(world: World, monkeypatch: pytest.MonkeyPatch) -> Programs:
    return Programs(world, monkeypatch)


def ids(rows: Any, key: str = "id") -> set[str]:
    return {str(row[key]) for row in rows}


def test_the_lists_hold_what_the_pages_show(
    world: World, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = world.send_out("agent", due_minutes=5)
    world.send_out("mate", due_minutes=500)
    world.fast_forward(minutes=10)
    pages = Pages(world, monkeypatch)
    for who in EVERYBODY:
        viewer, program = world.as_(who), programs.of(who)
        seen = ids(program.items("missions"))
        assert seen == {str(row.pk) for row in missions.visible_missions(viewer)}
        assert ids(program.items("people")) == {
            str(row.pk) for row in people.visible_people(viewer)
        }
        assert ids(program.items("alarms")) == {str(row.pk) for row in watch.visible_alarms(viewer)}
        browser = pages.as_(who)
        for mission in (str(late.pk), *seen):
            page = browser.get(f"/missions/{mission}/")
            assert program.get(f"missions/{mission}").status_code == page.status_code
            assert program.get(f"missions/{mission}/entries").status_code == page.status_code
        listed = browser.get("/missions/").content.decode()
        assert seen == set(re.findall(r"/missions/([0-9a-f-]{36})/", listed))
        may_act = program.post(f"missions/{late.pk}/sign-out", people=[str(uuid.uuid4())])
        assert (may_act.status_code == 404) is (str(late.pk) not in seen)


def test_names_are_for_the_office(world: World, programs: Programs) -> None:
    agent = f"people/{world.people['agent']}"
    assert "agent by name" in programs.of("admin").get(agent).content.decode()
    for who, where in (
        ("agent", agent),
        ("guard", agent),
        ("guard", "people"),
        ("admin", "people"),
    ):
        page = programs.of(who).get(where).content.decode()
        assert "by name" not in page
        assert "Fox" in page


def test_a_stranger_reads_nothing_of_others(world: World, programs: Programs) -> None:
    mission = world.send_out("agent", "mate")
    guard, stranger = programs.of("guard"), programs.of("outsider")
    assert str(mission.pk) in guard.get("entries").content.decode()  # the positive control
    for path in ("missions", "alarms", "people", "entries", "watch-bill"):
        text = stranger.get(path).content.decode()
        assert not any(word in text for word in ("Fox", "Owl", str(mission.pk))), path
    told = stranger.post(f"missions/{mission.pk}/check-in").json()["answer"]
    assert "fine at" not in told


def test_a_list_is_walked_page_by_page(world: World, programs: Programs) -> None:
    for _ in range(7):
        world.plan("agent", "mate")
    head = programs.of("head", Right.READ_MISSIONS, Right.READ_ENTRIES)
    for path, key in (("missions", "id"), ("entries", "entry_id")):
        whole = [row[key] for row in head.items(path, limit=200)]
        page = head.get(path, limit=3).json()
        walked = [row[key] for row in page["items"]]
        while page["next"]:
            page = head.get(path, cursor=page["next"], limit=3).json()
            walked += [row[key] for row in page["items"]]
        assert walked == whole
        assert len(whole) >= 7
