"""Lessons: offered by one of the party, shared by a decision, read by whoever plans to go there."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import lessons
from homeby.missions.models import Lesson, Mission, PlaceLesson
from homeby.missions.queries.lessons import lessons_at
from tests.promises.acts import refused
from tests.rooms.pages import Pages, entries, followed, sent, text_of
from tests.world import World

BRIDGE = "The bridge at the Old Mill is out; ford it above the weir."


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def back(world: World) -> Mission:
    """Fox and Owl are back from the Old Mill."""
    mission = world.send_out("agent", "mate", place="Old Mill")
    world.sign_in("agent", "mate", heads=2)
    mission.refresh_from_db()
    return mission


def as_(world: World, who: str) -> dict[str, Any]:
    return {"by": world.as_(who), "now": world.now, "tap": new_tap()}


def offered(world: World, mission: Mission, text: str = BRIDGE) -> Lesson:
    lessons.offer_lesson(mission_id=mission.pk, text=text, **as_(world, "agent"))
    return Lesson.objects.get(text=text)


def at_the_mill(world: World, who: str = "guard") -> list[str]:
    found = lessons_at(world.as_(who), place=" old  MILL ", latitude=None, longitude=None)
    return [one.text for one in found]


def test_nobody_reads_it_before_it_is_shared_but_her_and_who_decides(
    world: World, pages: Pages, back: Mission
) -> None:
    offered(world, back)
    address = reverse("mission", args=[back.pk])
    for who, reads in (("agent", True), ("head", True), ("mate", False), ("guard", False)):
        page = text_of(pages.as_(who).get(address))
        assert (BRIDGE in page) is reads, who
        assert ("Share it" in page) is (who == "head"), who
    assert at_the_mill(world) == []


def test_once_shared_it_stands_where_the_next_mission_to_the_place_is_planned(
    world: World, pages: Pages, back: Mission
) -> None:
    head = pages.as_("head")
    act = reverse("mission-act", args=[back.pk])
    agent = pages.as_("agent")
    said = followed(agent, agent.post(act, sent(act="lesson", text=BRIDGE)))
    assert "Whoever answers for the mission decides whether it is shared." in said
    assert "Lessons that wait for your decision Patrol" in text_of(head.get(reverse("account")))
    lesson = str(Lesson.objects.get().pk)
    form = sent(act="share_lesson", lesson=lesson, text="No bridge at the mill.")
    assert "Shared: whoever plans to go there reads it." in followed(head, head.post(act, form))
    before = entries()
    head.post(act, form)
    assert entries() == before
    assert "wait for your decision" not in text_of(head.get(reverse("account")))
    assert at_the_mill(world) == ["No bridge at the mill."]
    nxt = world.plan("guard", place="old mill")
    page = text_of(pages.as_("guard").get(reverse("mission", args=[nxt.pk])))
    assert "From those who were there before No bridge at the mill." in page
    assert "Fox" not in page
    typed = sent(where="Old Mill", look="1")
    assert "No bridge at the mill." in text_of(
        pages.as_("guard").post(reverse("mission-plan"), typed)
    )
    assert verify().difference is None


def test_near_by_counts_by_coordinates_and_another_valley_does_not(world: World) -> None:
    mission = world.send_out("guard", place="x", latitude=46.50321, longitude=7.49888)
    world.sign_in("guard")
    lessons.offer_lesson(mission_id=mission.pk, text="y", **as_(world, "guard"))
    lesson = Lesson.objects.get()
    lessons.decide_lesson(lesson_id=lesson.pk, text="y", **as_(world, "head"))
    shared = PlaceLesson.objects.get()
    assert (shared.latitude, shared.longitude) == (46.5, 7.5), "no point of a mission is kept"
    near = lessons_at(world.as_("guard"), place="", latitude=46.506, longitude=7.494)
    assert [one.text for one in near] == ["y"]
    assert lessons_at(world.as_("guard"), place="", latitude=46.53, longitude=7.5) == []
    assert lessons_at(None, place="x", latitude=None, longitude=None) == []


def test_what_is_not_shared_or_holds_no_more_is_shown_to_nobody(
    world: World, back: Mission
) -> None:
    one, two = offered(world, back), offered(world, back, "Bring two ropes.")
    lessons.decide_lesson(lesson_id=one.pk, text="", **as_(world, "head"))
    assert at_the_mill(world) == []
    lessons.decide_lesson(lesson_id=two.pk, text=two.text, **as_(world, "head"))
    assert at_the_mill(world) == ["Bring two ropes."]
    shared = PlaceLesson.objects.get()
    with pytest.raises(Refused, match="holds no more"):
        lessons.end_lesson(lesson_id=shared.pk, **as_(world, "mate"))
    lessons.end_lesson(lesson_id=shared.pk, **as_(world, "head"))
    assert at_the_mill(world) == []
    with pytest.raises(Refused, match="decided already"):
        lessons.decide_lesson(lesson_id=one.pk, text="x", **as_(world, "head"))


def test_who_may_offer_and_who_may_decide(world: World, back: Mission) -> None:
    lesson = offered(world, back)
    with pytest.raises(Refused, match="was there and is back"):
        lessons.offer_lesson(mission_id=back.pk, text="x", **as_(world, "guard"))
    for who in ("mate", "guard", "agent"):
        with pytest.raises(Refused, match="Whoever answers"):
            lessons.decide_lesson(lesson_id=lesson.pk, text="x", **as_(world, who))
    with pytest.raises(Refused) as long:
        lessons.offer_lesson(mission_id=back.pk, text="x" * 1001, **as_(world, "agent"))
    assert "at most 1000 characters; these are 1001" in refused(long.value)
    with pytest.raises(Refused):
        lessons.offer_lesson(mission_id=back.pk, text="  ", **as_(world, "agent"))


def test_it_tells_nobody_that_one_of_a_party_is_home(world: World, pages: Pages) -> None:
    """Before everybody is back a lesson is not shared, and its line is not for the others."""
    mission = world.send_out("agent", "mate", place="Old Mill")
    world.sign_in("agent")
    lesson = offered(world, mission)
    with pytest.raises(Refused, match="once everybody of the party is back"):
        lessons.decide_lesson(lesson_id=lesson.pk, text="x", **as_(world, "head"))
    page = text_of(pages.as_("mate").get(reverse("mission", args=[mission.pk])))
    assert "lesson" not in page.lower()
