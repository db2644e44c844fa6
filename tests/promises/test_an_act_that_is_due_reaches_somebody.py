"""An act that somebody must do by its hour (a shift that begins, a second look at who was hurt):
met by an act, moved by an act; else those whom it names are told, then whoever holds the watch. The
alarm that opens is ended by people only, and the second opinion agrees all the way."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext_noop

from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.verification import verify
from homeby.missions.queries.who import viewer_for
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.watch import queries as watch
from homeby.watch.actions import acts
from homeby.watch.models import Alarm, Deadline
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineState, Ending, Phase
from tests.promises.acts import hand_over, stand_down, take
from tests.promises.apart import keep_away
from tests.promises.auditors import Audited
from tests.promises.pauses import agree, ask, end
from tests.world import ZONE, World

LOOK_AGAIN = gettext_noop("Somebody is to look after %(who)s.")


def wait_for(world: World, ref: str = "recheck:1", *, minutes: int = 60, gentle: bool = True,
             by: str = "head") -> None:  # fmt: skip
    act = acts.ActDue(
        ref=ref,
        person_id=world.people["agent"],
        title="Fox",
        wanted=LOOK_AGAIN,
        due_at=world.now + dt.timedelta(minutes=minutes),
        responsible=(Role.MEDIC, world.people["mate"]),
        zone=ZONE,
        is_gentle=gentle,
    )
    with logbook.writing(now=world.now, by=world.people[by]) as book:
        page = book.entry("ACT_AWAITED", subject=ref)
        acts.await_act(page, act, by=world.people[by])


def do(world: World, ref: str = "recheck:1", *, by: str = "medic") -> bool:
    with logbook.writing(now=world.now, by=world.people[by]) as book:
        return acts.act_done(book, ref, by=world.people[by], how="Looked at, all well.")


def heads(world: World, who: str) -> list[str]:
    return [one.outgoing.subject for one in world.phone(who)]


def test_it_goes_to_whom_it_names_then_to_the_watch_and_ends_by_the_act(world: World) -> None:
    world.add("medic", Role.MEDIC, callsign="Doc")
    audited = Audited(world)
    wait_for(world)
    wait_for(world, minutes=90)  # moved by an act: one deadline
    assert Deadline.objects.filter(subject__ref="recheck:1", state=DeadlineState.OPEN).count() == 1
    world.fast_forward(minutes=80)
    assert heads(world, "agent") == ["Somebody is to look after Fox."], "reminded in time, herself"
    assert not world.phone("medic")
    world.fast_forward(minutes=11)
    (alarm,) = watch.open_alarms(world.as_("medic"))
    assert heads(world, "medic") == heads(world, "mate") == [f"A-{alarm.number}: Fox"]
    text = world.phone("medic")[0].outgoing.text
    assert "Somebody is to look after Fox." in text
    assert "nobody has done it" in text
    assert "back" not in text
    assert "Help is called" not in text
    assert not world.phone("head"), "the watch hears of it when nobody has done it in half an hour"
    assert not watch.open_alarms(world.as_("guard")), "care is seen by those who care"
    refused = ask(world, "deputy", minutes=60)  # nothing is said of it to whoever asks for a pause
    end(world, "deputy", refused)
    world.fast_forward(minutes=60)
    assert heads(world, "head"), "an alarm is never lost"
    assert world.alarm().phase == Phase.UNCERTAINTY, "gently: it never rises by itself"
    take(world, "medic")
    assert do(world)
    world.look()
    alarm.refresh_from_db()
    assert (alarm.state, alarm.ending) == (AlarmState.ENDED, Ending.DONE)
    assert heads(world, "head")[-1] == f"Done: A-{alarm.number}, Fox"
    assert not do(world), "there is nothing to be done twice"
    audited.watch()
    assert audited.look() == []
    assert verify().difference is None


def test_of_the_usual_kind_it_rises_and_whoever_stands_it_down_is_heard(world: World) -> None:
    wait_for(world, "duty:1", gentle=False)
    world.fast_forward(minutes=125)
    alarm = world.alarm()
    assert (alarm.kind, alarm.phase) == (AlarmKind.DUTY, Phase.ALERT)
    assert heads(world, "deputy")
    assert heads(world, "head")
    hand_over(world, "head", "deputy")
    stand_down(world, "head")
    assert not Deadline.objects.filter(state=DeadlineState.OPEN).exists(), "nobody is out"
    wait_for(world, "duty:1", gentle=False)
    world.fast_forward(minutes=61)
    wait_for(world, "duty:1", gentle=False, minutes=30)  # moved: the alarm is over
    assert not Alarm.objects.filter(state=AlarmState.OPEN).exists()
    with logbook.writing(now=world.now, by=world.people["head"]) as book:
        page = book.entry("ACT_DROPPED", subject="duty:1")
        acts.drop_act(page, "duty:1", by=world.people["head"], why="No shift today.")
    world.fast_forward(minutes=40)
    assert not Alarm.objects.filter(state=AlarmState.OPEN).exists()
    assert verify().difference is None


def test_pauses_and_who_is_kept_away_are_respected(world: World) -> None:
    world.add("medic", Role.MEDIC, Role.DUTY_OFFICER, callsign="Doc")
    keep_away(world, "agent", "medic")
    audited = Audited(world)
    wait_for(world, minutes=30)
    pause = ask(world, "head", minutes=90)
    agree(world, "deputy", pause)
    world.fast_forward(minutes=80)
    assert not Alarm.objects.filter(kind=AlarmKind.CARE).exists(), "not judged while it is paused"
    audited.watch()
    assert audited.look() == []
    world.fast_forward(minutes=12)
    assert heads(world, "mate")
    assert not any("Fox" in one for one in heads(world, "medic"))
    away = viewer_for(world.people["medic"], now=world.now)
    assert not watch.open_alarms(away)
    assert not watch.visible_subjects(away).exists()
    assert [one.subject.title for one in watch.open_alarms(world.as_("mate"))] == ["Fox"]
    assert isinstance(world.alarm().pk, uuid.UUID)


def test_a_leader_who_was_told_finds_it_in_the_list_and_no_other_does(world: World) -> None:
    """The fallback of a gentle alarm reads it without the link of her message."""
    world.add("medic", Role.MEDIC, callsign="Doc")
    for who in ("told", "spared", "stray"):
        world.add(who, Role.LEADER)
    wait_for(world)
    world.fast_forward(minutes=61)
    alarm = world.alarm()
    for who in ("told", "spared"):
        assert not watch.open_alarms(world.as_(who)), "care is seen by those who care"
    for who in ("told", "stray"):
        _tell(world, alarm, who)
    keep_away(world, "stray", "agent")
    assert [one.pk for one in watch.open_alarms(world.as_("told"))] == [alarm.pk]
    assert watch.alarm(world.as_("told"), alarm.pk) == alarm
    assert watch.may_take(world.as_("told"), alarm)
    for who in ("spared", "stray"):
        assert not watch.open_alarms(world.as_(who))
        assert watch.alarm(world.as_(who), alarm.pk) is None
    take(world, "medic")
    assert do(world)
    assert not watch.open_alarms(world.as_("told"))
    assert watch.alarm(world.as_("told"), alarm.pk) is None, "over: it is nobody's but theirs"


def _tell(world: World, alarm: Alarm, who: str) -> None:
    """A step whose plan names somebody else has nobody left, and falls back to her."""
    order = Order(
        key=f"fallback/{who}", about=f"alarm:{alarm.pk}", kind=MessageKind.ALARM, subject="A",
        text="A", recipient=people.recipients([world.people[who]])[world.people[who]],
    )  # fmt: skip
    with logbook.writing(now=world.now, by=None) as book:
        tell(book.entry("ACT_AWAITED", subject="x"), [order], now=world.now)
