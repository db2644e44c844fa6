"""The pages of an alarm of which two must have it, and the plan that says so."""

from __future__ import annotations

import pytest

from homeby.watch.models import Alarm, EscalationPlan
from tests.promises.two import two_must
from tests.rooms.pages import Pages, sent, text_of
from tests.rooms.test_web_office_watch import OFFICER, typed_plan
from tests.world import World

MISSING = ("second person must take it too", "a second must take it too")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def alarm(world: World) -> Alarm:
    """Fox is overdue, two must take it, and Head has been told."""
    two_must(world)
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    return world.alarm()


def take(pages: Pages, who: str, alarm: Alarm) -> str:
    answer = pages.as_(who).post(f"/alarms/{alarm.pk}/act/", sent(act="take"), follow=True)
    return text_of(answer)


def test_every_page_says_that_a_second_is_missing_until_they_have_it(
    pages: Pages, alarm: Alarm
) -> None:
    page = take(pages, "head", alarm)
    assert "A second person must take it too; until then the others are told." in page
    assert "I still have it" in page
    mission = f"/missions/{alarm.subject.ref.partition(':')[2]}/"
    seen = ("/alarms/", f"/alarms/{alarm.pk}/", mission, "/board/")
    for address in seen:
        page = text_of(pages.as_("deputy").get(address))
        assert any(said in page for said in MISSING), address
    assert "I have it" in text_of(pages.as_("deputy").get(f"/alarms/{alarm.pk}/"))
    page = take(pages, "deputy", alarm)
    assert "Head, Deputy" in page
    for address in seen:
        page = text_of(pages.as_("guard").get(address))
        assert not any(said in page for said in MISSING), address
        assert "Head, Deputy" in page, address


def test_the_link_says_so_too(pages: Pages, world: World, alarm: Alarm) -> None:
    (received,) = world.phone("head")
    link = received.outgoing.link[received.outgoing.link.index("/m/") :]
    page = text_of(pages.nobody().post(link, sent(code=received.code), follow=True))
    assert "A second person must take it too; until then the others are told." in page
    assert "No further step runs" not in page
    take(pages, "deputy", alarm)
    assert "second" not in text_of(pages.nobody().get(link))


def test_a_plan_says_that_two_must_take_it(pages: Pages) -> None:
    client = pages.as_("admin")
    client.post("/office/plans/new/", typed_plan(OFFICER, two_must_take="on"))
    plan = EscalationPlan.objects.get(name="Night")
    assert plan.two_must_take
    assert "Two must take it." in text_of(client.get("/office/plans/"))
    form = client.get(f"/office/plans/{plan.pk}/").context["form"]
    assert form["two_must_take"].value() is True
    one_again = typed_plan(OFFICER, **{"steps-INITIAL_FORMS": 1})
    assert client.post(f"/office/plans/{plan.pk}/", one_again).status_code == 302
    plan.refresh_from_db()
    assert not plan.two_must_take
