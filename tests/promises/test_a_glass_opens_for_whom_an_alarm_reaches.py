"""Promises 8 and P15: whoever watches over a team breaks the glass of what reaches her: her own
team's, and of another team's from the moment an open alarm about it is hers, or was told to her."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions import glass
from homeby.missions.models import BrokenGlass, Mission
from homeby.missions.queries import glass as queries
from homeby.people.actions import teams
from homeby.people.rules import STATION, MayKnow, Role
from homeby.people.rules_log_ins import Proof
from homeby.watch.actions import alarms, bill
from homeby.watch.models import Alarm
from homeby.watch.rules import Watch
from tests.promises.acts import pass_time
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

WHY = "Her telephone lies at the gate, she does not answer."


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    world.give_kin("agent", "mother", MayKnow.AREA)
    return Pages(world, monkeypatch)


def watches_over(world: World, who: str, team: uuid.UUID) -> None:
    """A duty officer of one team, who can be rung."""
    world.add(who, callsign=who.title())
    term = teams.Term(team_id=team)
    give = {"person_id": world.people[who], "role": Role.DUTY_OFFICER, "term": term}
    teams.give_role(**give, by=STATION, now=world.now, tap=new_tap())  # type: ignore[arg-type]


def another_team(world: World) -> uuid.UUID:
    tap = new_tap()
    teams.add_team(name="Team 10", by=STATION, now=world.now, tap=tap)
    return tap.entry_id


def may(world: World, who: str, mission: Mission) -> bool:
    """Whether the glass of a mission can be broken by somebody now."""
    return queries.party_to_open(world.as_(who), mission.pk, now=world.now) is not None


def hand(world: World, alarm: Alarm, who: str) -> None:
    alarms.hand_over(
        alarm_id=alarm.pk, to=world.people[who], by=world.as_("head"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.look()


def test_an_officer_of_another_team_opens_it_once_she_was_handed_the_alarm(
    pages: Pages, world: World
) -> None:
    watches_over(world, "heron", another_team(world))
    watches_over(world, "swan", world.team_id)
    mission = world.send_out("agent", team_id=world.team_id, due_minutes=5)
    address = f"/break-glass/{mission.pk}/"
    heron = pages.as_("heron")
    assert [may(world, who, mission) for who in ("swan", "guard", "heron")] == [True, True, False]
    assert heron.get(address).status_code == 404
    with pytest.raises(Refused, match="once an alarm about it has reached her"):
        glass.break_glass(
            mission_id=mission.pk, reason=WHY, proved=(Proof.PASSKEY,), by=world.as_("heron"),
            now=world.now, tap=new_tap(),
        )  # fmt: skip
    pass_time(world, minutes=15)
    assert not may(world, "heron", mission), "she was not told"
    alarm = world.alarm()
    hand(world, alarm, "heron")
    assert may(world, "heron", mission)
    alarms.acknowledge(alarm_id=alarm.pk, by=world.as_("heron"), now=world.now, tap=new_tap())
    page = heron.get(f"/missions/{mission.pk}/")
    assert address in page.content.decode(), "the mission's page leads there"
    assert heron.post(address, sent(reason=WHY)).headers["Location"] == address
    assert "mother" in text_of(heron.get(address))
    hand(world, alarm, "swan")
    alarms.acknowledge(alarm_id=alarm.pk, by=world.as_("swan"), now=world.now, tap=new_tap())
    assert "mother" in text_of(heron.get(address)), "what she opened stays open for its hour"
    assert "You broke the glass for Fox" in text_of(heron.get("/board/")), "her bar stands"
    row = BrokenGlass.objects.get()
    glass.close_glass(glass_id=row.pk, by=world.as_("heron"), now=world.now, tap=new_tap())
    assert may(world, "heron", mission), "she was told of an alarm that is still open"
    world.sign_in("agent")
    assert not may(world, "heron", mission), "it is over"
    assert may(world, "guard", mission)


def test_whoever_holds_the_watch_of_the_station_opens_any(world: World) -> None:
    watches_over(world, "heron", another_team(world))
    mission = world.send_out("agent", team_id=world.team_id)
    assert not may(world, "heron", mission)
    heron, deputy = world.people["heron"], world.people["deputy"]
    bill.plan_watch(
        watch=Watch(person_id=heron, deputy_id=deputy, from_at=world.now),
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    assert may(world, "heron", mission)


BAD_REASONS = {
    "": "Say why: without a reason nothing is opened. The party and two officers read it.",
    "   ": "Say why: without a reason nothing is opened.",
    "emergency": "One word tells nobody anything: write a sentence.",
    "She does not answer. " * 15: "It has 314 characters; 300 fit.",
}


def test_without_a_reason_in_a_sentence_nothing_opens(pages: Pages, world: World) -> None:
    address = f"/break-glass/{world.send_out('agent').pk}/"
    guard = pages.as_("guard")
    for typed, sentence in BAD_REASONS.items():
        refused = guard.post(address, sent(reason=typed))
        assert refused.status_code == 422
        assert sentence in text_of(refused), typed
        assert typed.strip() in refused.content.decode(), "nothing that was typed is lost"
        assert "mother" not in text_of(refused)
    assert not BrokenGlass.objects.exists()
