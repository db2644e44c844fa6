"""Small words on pages that used to mislead: each stands here with what it must say."""

from __future__ import annotations

import pytest
from django.template import engines

from homeby.watch.models import Watchkeeper
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_the_example_of_a_check_in_plan_begins_with_what_is_missed(pages: Pages) -> None:
    page = text_of(pages.as_("admin").get("/office/plans/"))
    assert "a check-in due at 18:30" in page
    assert "If they sign out now" not in page
    assert "00:00" not in page


def test_a_call_out_time_that_is_read_as_tomorrows_says_so(pages: Pages, world: World) -> None:
    fields = sent(
        leader=str(world.people["agent"]),
        members=[str(world.people["mate"])],
        where="Lake",
        expected_back="18:30",
        call_out="18:00",
    )
    page = text_of(pages.as_("head").post("/plan/", fields))
    assert "“18:00” is read as tomorrow 18:00" in page
    assert "23 h 30 min after expected back; this organisation allows 4 h." in page


def test_heads_are_not_called_optional(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate")
    guard = pages.as_("guard")
    for address in (
        f"/gate/{world.gate_id}/party/{mission.pk}/",
        f"/missions/{mission.pk}/sign-in/",
    ):
        page = text_of(guard.get(address))
        assert "Count the heads" in page
        assert "Count the heads optional" not in page


@pytest.mark.parametrize("seconds", [0.2, 4, 61, 3700])
def test_the_age_of_the_watch_is_a_length_of_time(seconds: float) -> None:
    said = engines["django"].from_string("{% load homeby %}{{ age|seconds_in_words }}")
    assert said.render({"age": seconds}) == {0.2: "0 s", 4: "4 s", 61: "1 min"}.get(
        seconds, "1 h 1 min"
    )


@pytest.mark.usefixtures("world")
def test_the_last_look_was_ago(pages: Pages) -> None:
    assert not Watchkeeper.objects.exists()
    assert "Last look: never" in text_of(pages.as_("head").get("/board/"))


def test_a_second_sign_out_says_once_what_is_in_the_way(pages: Pages, world: World) -> None:
    world.send_out("agent", what="Courier")
    second = world.plan("agent", "mate", what="Patrol")
    guard = pages.as_("guard")
    address = f"/gate/{world.gate_id}/out/{second.pk}/"
    assert text_of(guard.get(address)).count("still out on") == 1
    both = [str(world.people[who]) for who in ("agent", "mate")]
    refused = text_of(guard.post(address, sent(person=both, how="SEEN")))
    assert refused.count("still out on") == 1
