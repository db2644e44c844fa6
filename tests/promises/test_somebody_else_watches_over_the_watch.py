"""House rule 8: the list of people to tell is never empty, nor only of those who cannot act.
Whoever is out herself, has left, or cannot be reached does not watch over anybody."""

from __future__ import annotations

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions import report
from homeby.missions.models import Mission
from homeby.missions.rules import Hurt
from homeby.people.actions import contacts, persons
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION, Role
from tests.promises.acts import (
    ask_more_time,
    decide,
    not_fit,
    pass_time,
    take,
    take_by_code,
    times_told,
)
from tests.world import World


def leaves(world: World, who: str) -> None:
    """Somebody is no longer of the organisation."""
    persons.change_person(
        person_id=world.people[who],
        values={"is_active": False},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


def loses_her_phone(world: World, who: str) -> None:
    for point in ContactPoint.objects.filter(person_id=world.people[who]):
        contacts.remove_contact(contact_id=point.pk, by=STATION, now=world.now, tap=new_tap())


def reports_somebody_still_out(world: World, mission: Mission, who: str) -> None:
    report.first_report(
        mission_id=mission.pk,
        person_id=world.people[who],
        fields=report.ReportFields(hurt=Hurt.YES, still_out="two of Team 9"),
        by=world.as_(who),
        now=world.now,
        tap=new_tap(),
    )
    world.look()


def heard_of(world: World, words: str) -> set[str]:
    return {one.person for one in world.received if words in one.subject}


def test_an_urgent_report_reaches_somebody_though_the_duty_officer_has_left(world: World) -> None:
    mission = world.send_out("agent", due_minutes=60)
    leaves(world, "head")
    world.sign_in("agent")
    reports_somebody_still_out(world, mission, "agent")
    assert heard_of(world, "First report") == {"deputy"}


def test_an_urgent_report_of_the_duty_officer_reaches_another(world: World) -> None:
    mission = world.send_out("head", due_minutes=60)
    world.sign_in("head")
    reports_somebody_still_out(world, mission, "head")
    assert heard_of(world, "First report") == {"deputy"}


def test_another_decides_about_more_time_for_the_duty_officer(world: World) -> None:
    mission = world.send_out("head", due_minutes=60)
    asked = ask_more_time(world, mission, minutes=120, by="head")
    world.look()
    assert "deputy" in heard_of(world, "more time")
    pass_time(world, minutes=65)
    decide(world, asked, "deputy")
    mission.refresh_from_db()
    assert world.minutes(mission.due_at) == 120  # type: ignore[arg-type]


def test_a_request_reaches_the_next_who_can_be_reached(world: World) -> None:
    mission = world.send_out("agent", due_minutes=60)
    loses_her_phone(world, "head")
    ask_more_time(world, mission, minutes=120)
    world.look()
    assert heard_of(world, "more time") == {"deputy"}


def test_an_alarm_about_the_duty_officer_goes_to_the_next_and_not_to_kin_first(
    world: World,
) -> None:
    world.give_kin("head", "wife")
    world.send_out("head", due_minutes=60)
    pass_time(world, minutes=66)
    assert times_told(world, "deputy") == [65]
    assert not world.phone("wife")


def test_not_fit_passes_over_a_deputy_who_has_left(world: World) -> None:
    leaves(world, "deputy")
    world.add("officer", Role.DUTY_OFFICER, callsign="Officer")
    assert "Officer" in not_fit(world, "head")
    world.look()
    assert heard_of(world, "You have the watch now") == {"officer"}


def test_not_fit_passes_on_what_nobody_has_taken_yet(world: World) -> None:
    """Until now perhaps only she knew of it."""
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=65)
    assert times_told(world, "head") == [65]
    pass_time(world, minutes=1)
    not_fit(world, "head")
    world.look()
    assert times_told(world, "deputy") == [66]
    (offer,) = [one for one in world.phone("deputy") if one.code]
    assert "It is yours once you take it." in offer.outgoing.text
    take_by_code(world, offer)
    assert world.alarm().holder_id == world.people["deputy"]


def test_the_code_of_somebody_who_has_left_takes_nothing(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=120)
    message = world.phone("head")[-1]
    leaves(world, "head")
    with pytest.raises(Refused, match="not on the list any more"):
        take_by_code(world, message)
    assert world.alarm().holder_id is None


def test_an_alarm_does_not_stay_with_somebody_who_has_left(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=121)
    take(world, "head")
    leaves(world, "head")
    pass_time(world, minutes=1)
    assert world.alarm().holder_id is None
    assert times_told(world, "deputy")


def test_whoever_had_an_alarm_hears_who_has_it_now(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=122)
    take(world, "head")
    world.look()
    world.received.clear()
    take(world, "deputy")
    pass_time(world, minutes=5)  # no danger lies in it, so it may wait its turn
    (told,) = [one for one in world.phone("head") if not one.code]
    assert told.subject.startswith("Deputy has taken A-")
