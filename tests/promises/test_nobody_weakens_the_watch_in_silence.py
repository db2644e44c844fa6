"""Promise P17: whoever moves a time, mutes somebody or changes who is told, tells the one concerned
and whoever holds the watch at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.people.actions import contacts
from homeby.people.models import ContactPoint, Person, RoleHeld
from homeby.people.rules import STATION, Role, Viewer
from homeby.watch.actions import bill, plans, reaching
from homeby.watch.models import EscalationPlan
from homeby.watch.rules import Anchor, DeadlineKind, Target, Watch
from tests.promises.acts import ask_more_time, decide, stand_down
from tests.promises.pauses import other_limits
from tests.promises.rested import hurt
from tests.rooms.pages import Pages, sent
from tests.world import World, step


def told(world: World, who: str) -> list[str]:
    """What was written to this person, by the first lines; those of one instant in any
    order."""
    found = Message.objects.filter(person_id=world.people[who]).order_by("created_at", "pk")
    return list(found.values_list("subject", flat=True))


def by(world: World, who: str = "admin") -> dict[str, Any]:
    return {"by": world.as_(who), "now": world.now, "tap": new_tap()}


def the_role(world: World, who: str) -> Any:
    return RoleHeld.objects.filter(person_id=world.people[who], to_at=None).order_by("role")[0].pk


def test_more_time_for_somebody_else_tells_the_party_and_the_duty_officer(world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=60)
    asked = ask_more_time(world, mission, minutes=300, by="guard")
    decide(world, asked, "deputy")
    for who in ("agent", "mate"):
        assert any(head.startswith("More time granted") for head in told(world, who))
    granted = Message.objects.get(
        person_id=world.people["head"], subject__contains="More time granted"
    )
    assert granted.in_danger  # at any hour


def test_a_stand_down_with_somebody_out_says_until_when_nobody_is_missed(world: World) -> None:
    world.send_out("agent", "mate", due_minutes=60)
    world.fast_forward(minutes=122)
    stand_down(world, "deputy", again_at=world.now + dt.timedelta(hours=9))
    for who in ("agent", "mate", "head"):
        (said,) = [head for head in told(world, who) if "asks again at" in head]
        assert "the watch asks again at 20:02" in said
    assert not [head for head in told(world, "deputy") if "asks again" in head]


def test_a_contact_point_that_somebody_else_removes(world: World) -> None:
    world.give_phone("agent")
    world.send_out("agent", due_minutes=60)
    point = ContactPoint.objects.filter(person_id=world.people["agent"]).first()
    assert point is not None
    reaching.remove_contact(contact_id=point.pk, **by(world))
    assert "About you: a contact point was removed" in told(world, "agent")
    assert "Fox: a contact point was removed" in told(world, "head")


def test_the_last_contact_point_of_somebody_is_removed_and_shows(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    point = ContactPoint.objects.get(person_id=world.people["agent"])
    reaching.remove_contact(contact_id=point.pk, **by(world))
    last = Message.objects.get(person_id=world.people["agent"], subject__startswith="About you")
    assert last.state == "UNREACHABLE"
    assert "Fox: a contact point was removed" in told(world, "head")


def test_what_one_does_herself_is_told_to_nobody(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    before = Message.objects.count()
    reaching.remove_contact(contact_id=world.give_phone("agent"), **by(world, "agent"))
    assert Message.objects.count() == before


def test_an_order_of_contact_points_that_somebody_else_sets(world: World) -> None:
    ranks = {world.give_phone("agent"): contacts.Ranks(rank=9, rank_in_danger=9)}
    reaching.order_contacts(person_id=world.people["agent"], ranks=ranks, **by(world))
    assert told(world, "agent") == ["About you: the order of the contact points was changed"]
    assert told(world, "head") == []  # she is at home, and none whom the watch tells


def test_kin_that_somebody_else_removes(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    reaching.remove_kin(kin_id=world.give_kin("agent", "mother"), **by(world))
    assert "About you: somebody was taken from the kin" in told(world, "agent")
    assert "Fox: somebody was taken from the kin" in told(world, "head")


def test_somebody_who_is_taken_off_the_steps(world: World) -> None:
    reaching.end_role(role_held_id=the_role(world, "deputy"), **by(world))
    assert told(world, "deputy") == ["About you: the role LEADER was ended"]
    assert told(world, "head") == ["Deputy: the role LEADER was ended"]


def test_somebody_who_is_made_inactive_hears_it_too(world: World) -> None:
    values = {"is_active": False}
    reaching.change_person(person_id=world.people["deputy"], values=values, **by(world))
    world.look()
    assert not Person.objects.get(pk=world.people["deputy"]).is_active
    assert any(head.startswith("About you: no longer active") for head in told(world, "deputy"))
    assert world.phone("deputy")  # and it reached her
    assert any(head.startswith("Deputy: no longer active") for head in told(world, "head"))


def test_a_watch_entered_over_somebody_elses(world: World) -> None:
    row = Watch(
        person_id=world.people["guard"],
        deputy_id=world.people["admin"],
        from_at=world.now,
        to_at=world.now + dt.timedelta(hours=8),
    )
    bill.plan_watch(watch=row, **by(world))
    assert told(world, "guard") == ["You stand in the watch bill"]
    assert told(world, "head") == ["Gate 1 has the watch in your place"]
    assert told(world, "admin") == []  # she entered it


def the_plan(world: World, steps: tuple[Any, ...], viewer: Viewer) -> None:
    found = EscalationPlan.objects.get(name="Return")
    fields = plans.PlanFields(name="Return", kind=DeadlineKind.RETURN, steps=steps, is_default=True)
    plans.set_plan(plan_id=found.pk, fields=fields, by=viewer, now=world.now, tap=new_tap())


def test_an_escalation_plan_that_is_edited_over_somebody_out(world: World) -> None:
    world.send_out("agent", due_minutes=60)
    world.send_out("mate", "outsider", due_minutes=90)
    world.look()
    weaker = (step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER),)
    the_plan(world, weaker, world.as_("admin"))
    for who in ("agent", "mate", "outsider", "head"):
        assert told(world, who).count("The escalation plan was changed: Return") == 1
    assert not [head for head in told(world, "admin") if "escalation plan" in head]
    hurt(world)
    care = EscalationPlan.objects.get(kind=DeadlineKind.CARE)
    fields = plans.PlanFields(name=care.name, kind=DeadlineKind.CARE, steps=weaker, is_default=True)
    plans.set_plan(plan_id=care.pk, fields=fields, **by(world))
    assert not [head for head in told(world, "agent") if care.name in head], "she is not out by it"
    assert [head for head in told(world, "head") if care.name in head]


def test_limits_that_are_changed(world: World) -> None:
    reaching.set_organisation(values=other_limits(), **by(world))
    assert told(world, "head") == ["The limits of the watch were changed"]


def test_the_pages_of_the_office_do_none_of_it_in_silence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the office's buttons call is what tells."""
    pages = Pages(world, monkeypatch)
    world.send_out("agent", due_minutes=60)
    kin, phone = world.give_kin("agent", "mother"), world.give_phone("agent")
    admin = pages.as_("admin")
    for kind, item, act, said in (
        ("contact-points", phone, "remove", "a contact point was removed"),
        ("kin", kin, "remove", "somebody was taken from the kin"),
        ("people", world.people["agent"], "deactivate", "no longer active"),
    ):
        admin.post(f"/office/act/{kind}/{item}/", sent(act=act))
        assert [head for head in told(world, "agent") if said in head], kind
    admin.post(f"/office/act/roles/{the_role(world, 'deputy')}/", sent(act="end"))
    assert "About you: the role LEADER was ended" in told(world, "deputy")


def test_the_station_itself_tells_nobody(world: World) -> None:
    """Found a station, run a demonstration: no human did something to another."""
    the_plan(world, (step(Anchor.CALL_OUT, 0, Target.DUTY_OFFICER),), STATION)
    reaching.end_role(
        role_held_id=the_role(world, "deputy"), by=STATION, now=world.now, tap=new_tap()
    )
    assert not Message.objects.exists()
    assert Role.LEADER not in world.as_("deputy").roles
