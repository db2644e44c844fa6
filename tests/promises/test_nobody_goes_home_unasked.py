"""Rest begins with the release, whatever else she is back from; whoever goes early is asked as
whoever stays to the end; and after a hard mission each is asked how she woke, released or not
(issue 6, sections 3 and 5)."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import Hurt
from homeby.people.models import Rest
from homeby.people.rules import Role
from homeby.readiness.actions import resting, support
from homeby.readiness.actions.injuries import wake_ref
from homeby.readiness.models import Duty, Injury, Release
from homeby.readiness.queries import releases
from homeby.readiness.queries import rest as queries
from homeby.station import hourly
from homeby.watch import queries as watch
from homeby.watch.models import Deadline
from tests.promises.acts import pass_time
from tests.promises.planning_duties import ask, attend, in_team, offer, planned, say, take
from tests.promises.rested import release
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def back(world: World, *who: str, minutes: int = 60) -> object:
    mission = world.send_out(*who, due_minutes=minutes + 30)
    pass_time(world, minutes=minutes)
    world.sign_in(*who, heads=len(who))
    return mission


def wakes(world: World, who: str) -> list[dt.datetime]:
    ref = wake_ref(world.people[who])
    return list(
        Deadline.objects.filter(subject__ref=ref, state="OPEN").values_list("due_at", flat=True)
    )


def test_an_earlier_mission_of_which_nobody_released_her_costs_her_no_rest(world: World) -> None:
    back(world, "agent", minutes=120)
    world.now += 4 * HOUR
    second = back(world, "agent", minutes=120)
    release(world, second)  # type: ignore[arg-type]
    row = Release.objects.get()
    assert row.rest_until_at is not None
    assert Rest.objects.get().until_at == row.rest_until_at, "nothing rings her all night"
    found = queries.for_planners(world.as_("head"), [world.people["agent"]], now=world.now)
    assert found[world.people["agent"]].not_before_at == row.rest_until_at
    world.now = row.rest_until_at + HOUR
    found = queries.for_planners(world.as_("head"), [world.people["agent"]], now=world.now)
    assert found[world.people["agent"]].is_free, found[world.people["agent"]].sentences
    assert verify().difference is None


def test_after_a_hard_mission_each_is_asked_how_she_woke_released_or_not(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    world.send_out("agent", "mate", "outsider", due_minutes=60)
    pass_time(world, minutes=200)
    world.sign_in("agent", heads=1)
    assert support.offer_due(now=world.now) == 0, "some of them are still out"
    pass_time(world, minutes=10)
    world.sign_in("mate", "outsider", heads=2)
    resting.say_awake(by=world.as_("outsider"), now=world.now, tap=new_tap())
    assert hourly.go_round(now=world.now)
    asked_at = world.now
    assert [wakes(world, one) for one in ("agent", "mate", "outsider")] == [
        [asked_at + 8 * HOUR], [asked_at + 8 * HOUR], []
    ]  # fmt: skip
    resting.say_awake(by=world.as_("mate"), now=world.now, tap=new_tap())
    world.now += HOUR
    assert hourly.go_round(now=world.now)
    assert (wakes(world, "agent"), wakes(world, "mate")) == ([asked_at + 8 * HOUR], [])
    pass_time(world, minutes=8 * 60 + 30)
    refs = [one.subject.ref for one in watch.open_alarms(world.as_("medic"))]
    assert refs == [wake_ref(world.people["agent"])], "she has not said how she is: a medic asks"
    assert verify().difference is None


def shift(world: World, *who: str) -> Duty:
    in_team(world, *who, "deputy")
    duty = planned(world, hours=1, lasts=12)
    ask(world, duty, *who)
    for one in who:
        say(world, duty, one)
    world.now = duty.starts_at
    return duty


def waits(world: World) -> set[uuid.UUID]:
    return {one.person_id for one in releases.to_release(world.as_("head"), now=world.now)}


def test_who_handed_her_shift_over_is_released_as_she_goes(world: World) -> None:
    duty = shift(world, "agent", "mate")
    attend(world, duty, "agent")
    swap = offer(world, duty, "agent", "deputy", is_hand_over=True)
    world.now += HOUR
    assert waits(world) == set()
    take(world, swap, "deputy")
    assert waits(world) == {world.people["agent"]}, "not only once the shift would have ended"
    with pytest.raises(Refused, match="Nobody of that name"):
        release(world, duty, "mate")
    release(world, duty, hurt=Hurt.YES)
    assert Injury.objects.filter(person_id=world.people["agent"]).exists()
    assert Release.objects.get().rest_until_at == world.now + 11 * HOUR
    assert waits(world) == set()


def test_who_goes_early_is_found_among_those_on_a_shift(world: World, pages: Pages) -> None:
    duty = shift(world, "agent", "mate")
    attend(world, duty, "agent")
    world.now += 2 * HOUR
    head = pages.as_("head")
    shown = text_of(head.get("/release/"))
    assert "Nobody waits to be released by you." in shown
    assert "On a shift now" in shown
    assert "Owl" not in shown.split("On a shift now")[1], "she has not come"
    at = f"/release/{duty.pk}/{world.people['agent']}/"
    assert "Night shift, until" in text_of(head.get(at))
    followed(head, head.post(at, sent(is_fit="YES", hurt="NO", stands="RESTING")))
    assert Release.objects.get().rest_until_at == world.now + 11 * HOUR
    assert "On a shift now" not in text_of(head.get("/release/"))
    assert pages.as_("mate").get("/release/").status_code in (200, 302, 403)
    assert verify().difference is None
