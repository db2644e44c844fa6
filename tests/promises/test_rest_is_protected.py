"""Release asks before anybody goes; from then on she rests: no pages, no shifts, nobody keeps where
she is. Who is hurt is looked at again, and only another medic clears."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from homeby.comms.actions.tell import tell as write
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.models import EntryBody
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.rules import Hurt
from homeby.people import queries as people
from homeby.people.actions.teams import Term, give_role
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import resting
from homeby.readiness.actions.duty_rest import rest_against
from homeby.readiness.actions.injuries import tell_as_kin, wake_ref
from homeby.readiness.models import Duty, Injury, InjuryNote, Release
from homeby.readiness.queries import injuries as hurt_queries
from homeby.readiness.queries import releases
from homeby.readiness.queries import rest as queries
from homeby.watch import queries as watch
from homeby.watch.models import Deadline
from tests.promises import planning_duties
from tests.promises.acts import pass_time
from tests.promises.auditors import Audited
from tests.promises.planning_duties import in_team
from tests.promises.rested import ARM, hurt, look_again, release
from tests.world import ZONE, World


def notice(world: World, who: str, *, in_danger: bool) -> None:
    with logbook.writing(now=world.now, by=None) as book:
        page = book.entry("CODE_REFUSED", subject="test")
        to = people.recipients([world.people[who]])[world.people[who]]
        order = Order(key=f"test/{world.now}/{in_danger}", about="test", recipient=to,
                      kind=MessageKind.NOTICE, subject="Word", text="Word",
                      in_danger=in_danger)  # fmt: skip
        write(page, [order], now=world.now)


def planned(world: World, who: str = "agent", *, by: str = "head") -> queries.ForPlanners:
    return queries.for_planners(world.as_(by), [world.people[who]], now=world.now)[
        world.people[who]
    ]


def test_from_the_gate_to_the_cleared_injury_and_the_end_of_the_rest(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    audited = Audited(world)
    mission = world.send_out("agent", "mate", due_minutes=240)
    pass_time(world, minutes=200)
    world.sign_in("agent", "mate", heads=2)
    assert "not released" in planned(world).sentences[0], "rest does not start at the gate"
    unanswered: tuple[dict[str, Any], ...] = ({"hurt": None}, {"is_fit": None})
    for lacks in unanswered:
        with pytest.raises(Refused) as refused:
            release(world, mission, **lacks)
        assert set(refused.value.problems) == set(lacks)
    with pytest.raises(Refused):
        release(world, mission, by="mate")
    release(world, mission, hurt=Hurt.YES, awake_hours=20)
    release(world, mission, "mate", hurt=Hurt.WILL_NOT_SAY)
    row = Release.objects.get(person_id=world.people["agent"])
    assert row.rest_until_at == world.now + dt.timedelta(hours=11)
    assert Release.objects.get(person_id=world.people["mate"]).refused_hurt
    assert not Injury.objects.filter(person_id=world.people["mate"]).exists()
    shift = planning_duties.planned(world, hours=2, team_id=None)
    planning_duties.ask(world, shift, "mate")
    with pytest.raises(Refused, match="may override this by name and with a reason"):
        planning_duties.pick(world, shift, "mate")
    world.look()
    heard = [one.outgoing.subject for one in world.phone("medic")]
    assert "Somebody waits for a medic: look now" in heard, "after twenty hours awake"
    assert "Volunteers" in planned(world).sentences[0]
    assert planned(world).sentences[-1].startswith("Not before")
    hurt(world, by="mate")
    (injury,) = hurt_queries.injuries(world.as_("medic"))
    assert injury.row.level == "NOW", "twenty hours awake raise it; an update never lowers it"
    for who in ("head", "admin", "mate", "outsider", "guard"):
        assert not hurt_queries.injuries(world.as_(who)), who
    world.fast_forward(minutes=62)
    assert watch.open_alarms(world.as_("medic")), "nobody looked: the watch says so"
    look_again(world, clears=False, again_hours=2)
    assert not watch.open_alarms(world.as_("medic"))
    audited.watch()
    assert audited.look() == []
    look_again(world)
    assert Injury.objects.get().state == "CLEARED"
    resting.say_awake(by=world.as_("agent"), now=world.now, tap=new_tap())
    assert not Deadline.objects.filter(state="OPEN").exclude(kind="CANARY").exists()
    world.now = row.rest_until_at + dt.timedelta(minutes=1)
    assert planned(world).is_free
    assert verify().difference is None


def test_no_page_reaches_who_rests_but_safety_does(world: World) -> None:
    mission = world.send_out("head", due_minutes=240)
    pass_time(world, minutes=60)
    world.sign_in("head")
    release(world, mission, "head", by="deputy")
    world.received.clear()
    notice(world, "head", in_danger=False)
    notice(world, "head", in_danger=True)
    world.look()
    assert len(world.phone("head")) == 1
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=70)
    assert not [one for one in world.phone("head") if "A-" in one.outgoing.subject]
    assert world.phone("deputy"), "the deputy is told in place of the officer who rests"
    world.breaks("deputy", permanent=True)
    pass_time(world, minutes=80)
    assert [one for one in world.phone("head") if "A-" in one.outgoing.subject], "the last fallback"
    begins = world.now + dt.timedelta(hours=2)
    ends = begins + dt.timedelta(hours=8)
    shift = Duty(kind="SHIFT", starts_at=begins, ends_at=ends, zone=ZONE)
    assert rest_against(shift, world.people["head"], now=world.now)
    with pytest.raises(Refused):
        resting.override(person_id=world.people["head"], reason="Flood", by=world.as_("head"),
                         now=world.now, tap=new_tap())  # fmt: skip
    resting.override(person_id=world.people["head"], reason="Flood, nobody else", now=world.now,
                     by=world.as_("deputy"), tap=new_tap())  # fmt: skip
    world.look()
    heads = [one.outgoing.subject for one in world.phone("head")]
    assert heads.count("Word") == 2, "a rest that is broken holds nothing back"
    found = planned(world, "head", by="deputy")
    assert found.is_free
    assert "Flood, nobody else" in found.sentences[-1]
    assert not rest_against(shift, world.people["head"], now=world.now)
    assert releases.overrides_of(world.as_("head"), world.people["head"])[0].reason.startswith("Fl")
    world.now += dt.timedelta(hours=10)
    world.look()
    heads = [one.outgoing.subject for one in world.phone("head")]
    assert heads.count("Word") == 2, "and nothing comes twice"


def test_health_is_sealed_and_treating_oneself_is_no_clearance(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    world.add("other", Role.MEDIC, callsign="Nurse")
    world.send_out("agent", "medic", due_minutes=240)
    hurt(world, "medic", by="agent", cause="a lucky shot")  # at any time: they are out
    bodies = [str(one.body) for one in EntryBody.objects.all()]
    assert not [one for one in bodies if "lucky shot" in one or '"ARM"' in one]
    assert not [row for row in InjuryNote.objects.all() if b"lucky" in bytes(row.sealed)]
    with pytest.raises(Refused, match="another medic"):
        look_again(world, "medic", who="medic")
    hurt(world, "medic", by="medic", bleeding="SHINES_THROUGH")
    assert InjuryNote.objects.count() == 2, "worse than first said is an update"
    look_again(world, "other", who="medic", not_before_at=world.now + dt.timedelta(days=3))
    (said,) = [one for one in planned(world, "medic").sentences if "Not before" in one]
    assert "ARM" not in said
    assert "hurt" not in said


def test_what_is_told_later_counts_in_spite_of_an_override_and_though_no_look_is_sooner(
    world: World,
) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    world.send_out("agent", due_minutes=600)
    hurt(world, movement="HURTS")
    resting.override(person_id=world.people["agent"], reason="Flood, nobody else", now=world.now,
                     by=world.as_("deputy"), tap=new_tap())  # fmt: skip
    assert planned(world).is_free
    look_at = Injury.objects.get().check_at
    pass_time(world, minutes=210)
    world.received.clear()
    hurt(world, bleeding="SHINES_THROUGH")
    row = Injury.objects.get()
    assert (row.level, row.check_at) == ("NOW", look_at), "worse, and the look is not put off"
    world.look()
    heard = [one.outgoing.subject for one in world.phone("medic")]
    assert "Somebody waits for a medic: look now" in heard
    assert not planned(world).is_free, "it was told after the override"
    now = world.now
    assert queries.against([world.people["agent"]], queries.Going(now, now), now=now)


def test_planners_learn_no_told_sleep_and_of_no_other_team(world: World) -> None:
    in_team(world, "agent")
    world.add("chief", callsign="Chief")
    give_role(
        person_id=world.people["chief"], role=Role.LEADER, term=Term(team_id=world.team_id),
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    before, own = planned(world).tired, planned(world, by="agent").tired
    resting.say_slept(hours=3, by=world.as_("agent"), now=world.now, tap=new_tap())
    world.now += dt.timedelta(minutes=1)
    assert planned(world).tired == before, "only she sees it"
    assert planned(world, by="agent").tired != own
    both = [world.people["agent"], world.people["mate"]]
    seen = queries.for_planners(world.as_("chief"), both, now=world.now)
    assert list(seen) == [world.people["agent"]], "a leader of a team reads of that team"


def test_no_update_puts_the_question_after_her_sleep_off(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    hurt(world)
    wake = wake_ref(world.people["agent"])
    waits = Deadline.objects.filter(subject__ref=wake, state="OPEN")
    due_at = waits.get().due_at
    look_again(world, clears=False, again_hours=24)
    world.now += dt.timedelta(hours=1)
    hurt(world, fever="YES")
    assert waits.get().due_at == due_at == world.now + dt.timedelta(hours=7)
    look_again(world, clears=False, again_hours=24)
    pass_time(world, minutes=7 * 60 + 1)
    hurt(world, fever="YES")
    assert [one.subject.ref for one in watch.open_alarms(world.as_("medic"))] == [wake]
    look_again(world)
    resting.say_slept(hours=8, by=world.as_("agent"), now=world.now, tap=new_tap())
    assert Injury.objects.get().state == "CLEARED"
    assert not watch.open_alarms(world.as_("medic"))
    assert not Deadline.objects.filter(state="OPEN").exclude(kind="CANARY").exists()


def test_a_medic_of_another_team_hears_nothing_and_somebody_hears_all_the_same(
    world: World,
) -> None:
    world.add("nurse")
    of_team = Term(team_id=world.team_id)
    give_role(person_id=world.people["nurse"], role=Role.MEDIC, term=of_team, by=STATION,
              now=world.now, tap=new_tap())  # fmt: skip
    in_team(world, "mate")
    hurt(world)
    hurt(world, "mate", by="mate")
    world.look()
    heads = [one.outgoing.subject for one in world.phone("head")]
    assert heads == ["Somebody is to look after Fox."], "where no medic can be told"
    world.fast_forward(minutes=13 * 60)
    told = "".join(one.outgoing.subject + one.outgoing.text for one in world.phone("nurse"))
    assert "Owl" in told
    assert "Fox" not in told
    assert any("Fox" in one.outgoing.subject for one in world.phone("head")[1:])


def test_kin_who_say_it_often_ring_the_medics_as_a_worry_does(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")

    def say(**facts: str) -> int:
        tell_as_kin(person_id=world.people["agent"], facts={**ARM, **facts}, now=world.now,
                    tap=new_tap())  # fmt: skip
        world.look()
        return len(world.phone("medic"))

    assert [say() for _ in range(14)] == [1] * 14, "the first one rings"
    assert InjuryNote.objects.count() == 10, "the next are kept, up to ten"
    assert say(bleeding="SHINES_THROUGH") == 2, "what is graver is always heard"
    world.now += dt.timedelta(minutes=31)
    assert say() == 3
