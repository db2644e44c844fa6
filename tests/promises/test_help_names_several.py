"""HELP that fits no mission, of one source that names several people or that nobody answers for:
who is kept away sees none of it, a stranger cannot ring without end, and one judgment is enough."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.models import EntryBody
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions import queries as missions
from homeby.missions.actions.unmatched import settle_unmatched, stand_help_down
from homeby.missions.models import Unmatched
from homeby.missions.queries.who import viewer_for
from homeby.people.actions.apart import file_stay_away
from homeby.people.rules import STATION, Act
from homeby.retention.persons import erase_person
from homeby.watch import queries as watch
from homeby.watch.models import Subject
from tests.promises.words_kept import holding
from tests.rooms.devices import Device, claim, kiosk, phone_of, send
from tests.rooms.pages import Pages, followed, sent
from tests.world import World


def _rings(world: World, who: str = "head") -> int:
    """How often she heard of HELP."""
    world.look()
    return len([one for one in world.phone(who) if "HELP" in one.outgoing.text])


def _open() -> list[str]:
    return sorted(one.subject.title for one in watch.open_alarms(STATION))


def _settle_all(world: World, by: str = "head") -> None:
    for row in Unmatched.objects.filter(settled_at=None):
        settle_unmatched(
            unmatched_id=row.pk, how="Nobody.", by=world.as_(by), now=world.now, tap=new_tap()
        )


def _kept_away(world: World, who: str, from_: str) -> None:
    file_stay_away(
        person_id=world.people[from_], callsign=world.callsign(who),
        by=world.as_(from_), now=world.now, tap=new_tap(),
    )  # fmt: skip


def _lost_phone(world: World, who: str = "agent") -> Device:
    phone = phone_of(world, who)
    phone.revoke(by="guard")
    return phone


def test_strangers_ring_once_in_ten_minutes_however_often_it_is_settled(world: World) -> None:
    """Whoever has no key: the next alarm stands on the board at once, and rings when it may."""
    known = phone_of(world, "mate")
    send(world, "", claim(Act.HELP))
    assert _rings(world) == 1
    for minute in range(1, 4):
        world.fast_forward(minutes=1)
        _settle_all(world)
        assert not _open(), minute
        send(world, "", claim(Act.HELP))
        assert _open() == ["?"], "seen at once"
        before = _rings(world)
        known.say(Act.HELP)
        assert _rings(world) > before, "and nobody who is known waits for it"
    heard = [one for one in world.phone("head") if "unknown asks for HELP" in one.outgoing.text]
    assert len(heard) == 1, "it was rung once"
    world.fast_forward(minutes=8)
    heard = [one for one in world.phone("head") if "unknown asks for HELP" in one.outgoing.text]
    assert len(heard) > 1, "and no HELP is lost for it"


def test_whoever_is_kept_away_from_one_of_them_neither_sees_nor_hears_it(world: World) -> None:
    _kept_away(world, "deputy", from_="mate")
    phone = _lost_phone(world)
    phone.say(Act.HELP)
    assert watch.open_alarms(viewer_for(world.people["deputy"], now=world.now)), "of Fox she may"
    phone.say(Act.HELP, person_ids=(world.people["mate"],))
    phone.say(Act.HELP)
    (alarm,) = watch.open_alarms(STATION)
    assert (alarm.subject.title, alarm.subject.party) == ("Fox, Owl", [])
    away = viewer_for(world.people["deputy"], now=world.now)
    assert not watch.open_alarms(away)
    assert watch.alarm(away, alarm.pk) is None
    assert all("Owl" not in one.why + one.person for one in missions.unmatched(away))
    assert watch.open_alarms(viewer_for(world.people["head"], now=world.now))
    world.fast_forward(minutes=50)
    assert _rings(world), "it rings the others on"
    assert not any("Owl" in one.outgoing.text for one in world.phone("deputy"))
    _settle_all(world)
    phone.say(Act.HELP)
    (alarm,) = watch.open_alarms(STATION)
    assert alarm.subject.title == "Fox"
    assert not watch.open_alarms(viewer_for(world.people["deputy"], now=world.now)), (
        "what the same source said before stands on the same page"
    )


def test_whoever_was_told_before_does_not_read_whom_it_names_now(world: World) -> None:
    """Her link shows the alarm still: it says no more than when she was told."""
    _kept_away(world, "head", from_="mate")
    phone = _lost_phone(world)
    phone.say(Act.HELP)
    assert _rings(world) == 1
    phone.say(Act.HELP, person_ids=(world.people["mate"],))
    (alarm,) = watch.open_alarms(STATION)
    assert alarm.subject.title == "Fox"
    assert "Owl" not in alarm.subject.said
    assert world.people["mate"].hex in alarm.subject.named[-1].replace("-", "")
    world.fast_forward(minutes=30)
    assert _rings(world, "deputy"), "it goes on"


def test_nobody_else_being_left_it_rings_whoever_is_kept_away(world: World) -> None:
    for who in ("head", "deputy", "admin"):
        _kept_away(world, who, from_="mate")
    phone = _lost_phone(world)
    phone.say(Act.HELP, person_ids=(world.people["mate"],))
    world.fast_forward(minutes=30)
    assert _rings(world) + _rings(world, "deputy") + _rings(world, "admin")


def test_standing_it_down_settles_what_was_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = Pages(world, monkeypatch).as_("head")
    phone = phone_of(world, "agent")
    phone.say(Act.HELP)
    phone.say(Act.HELP)
    phone_of(world, "mate").say(Act.HELP)
    world.look()
    alarm = next(one for one in watch.open_alarms(STATION) if one.subject.title == "Fox")
    form = sent(act="stand_down", reason="She leant on it.")
    assert "is over" in followed(head, head.post(f"/alarms/{alarm.pk}/act/", form))
    assert _open() == ["Owl"]
    waiting = Unmatched.objects.filter(settled_at=None)
    assert [row.person_id for row in waiting] == [world.people["mate"]], "the other is another's"
    how = Unmatched.objects.filter(person_id=world.people["agent"]).values_list("settled_how")
    assert list(how) == [("She leant on it.",)] * 2
    assert verify().difference is None


def test_what_she_asked_for_herself_waits_for_somebody_else(world: World) -> None:
    phone = _lost_phone(world)
    for who in ("head", "mate"):
        phone.say(Act.HELP, person_ids=(world.people[who],))
    (alarm,) = watch.open_alarms(STATION)
    stand_help_down(
        alarm_id=alarm.pk, reason="A lost phone.", by=world.as_("head"), now=world.now,
        tap=new_tap(),
    )  # fmt: skip
    assert not _open()
    (row,) = Unmatched.objects.filter(settled_at=None)
    assert row.person_id == world.people["head"]


def test_whoever_is_erased_is_in_no_such_alarm(world: World) -> None:
    """Nor in what it said, though it named others too, or a gate only heard her callsign."""
    phone = _lost_phone(world, "guard")
    for who, note in (("agent", "the quollhut"), ("mate", "the ridge")):
        phone.say(Act.HELP, person_ids=(world.people[who],), note=note)
    phone_of(world, "agent").say(Act.HELP, note="the quollhut")
    kiosk(world, acts=(Act.HELP,)).say(Act.HELP, callsign="Fox")
    assert any("Fox" in title for title in _open())
    _settle_all(world)
    world.now += dt.timedelta(minutes=1)
    assert {"missions.Unmatched", "watch.Subject"} <= holding("quollhut"), "positive control"
    erase_person(
        person_id=world.people["agent"], reason="By letter", by=world.as_("admin"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    for subject in Subject.objects.filter(ref__startswith="help:"):
        assert "Fox" not in subject.title + subject.said
        assert "quollhut" not in subject.said
    assert "Owl" in " ".join(Subject.objects.values_list("title", flat=True)), "the other stays"
    assert holding("quollhut") <= {"comms.Message", "logbook.EntryBody"}
    bodies = EntryBody.objects.filter(body__contains="quollhut")
    assert all("comms.message" in str(one.body) for one in bodies), "what others were told"
    assert verify().difference is None
