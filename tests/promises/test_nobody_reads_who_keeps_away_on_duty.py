"""Promise 8: whoever is kept away from somebody who keeps the watch reads of her nowhere: not on
the watch bill, in drills, pauses, alarms and choices, nor in a message. Where a page must show that
there is somebody, it shows her like one who has no callsign."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions import contacts
from homeby.people.models import ContactPoint
from homeby.people.queries.minors import guardian_choices
from homeby.people.rules import STATION, Role
from homeby.people.rules_callsigns import stand_in
from homeby.watch.actions import alarms, bill, drills, pausing
from homeby.watch.models import BillRow
from homeby.watch.queries import officers_now
from homeby.watch.rules import Watch
from tests.promises.acts import pass_time
from tests.promises.apart import keep_away
from tests.promises.test_who_is_kept_away_learns_nothing import eyes, give_role
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages
from tests.world import World

ROOK = "Rookquill"


def on_duty(world: World) -> str:
    """Rook holds the watch, paused it, drills, and has an alarm; gives the alarm's page."""
    world.add("rook", Role.DUTY_OFFICER, Role.ADMINISTRATOR, callsign=ROOK)
    give_role(world, "deputy", Role.ADMINISTRATOR)
    rook, by = world.people["rook"], world.as_("rook")
    watch = Watch(person_id=rook, deputy_id=world.people["head"], from_at=world.now)
    bill.plan_watch(watch=watch, by=by, now=world.now, tap=new_tap())
    world.send_out("agent", due_minutes=5)
    pass_time(world, minutes=15)
    alarm = world.alarm()
    alarms.acknowledge(alarm_id=alarm.pk, by=by, now=world.now, tap=new_tap())
    drills.begin(wish=drills.Wish(), by=by, now=world.now, tap=new_tap())
    wish = pausing.Wish(
        reason="The database moves.", until_at=world.now + dt.timedelta(hours=30), with_notice=True
    )
    pausing.ask_pause(wish=wish, by=by, now=world.now, tap=new_tap())
    world.look()
    return f"/alarms/{alarm.pk}/"


def reads(world: World, patch: pytest.MonkeyPatch, who: str, alarm: str) -> set[str]:
    """Where somebody reads of Rook."""
    program = Programs(world, patch).of(who)  # first: it stops the clock by which proofs grow old
    client = Pages(world, patch).as_(who)
    looked_at = ("/office/watch-bill/", "/office/drill/", "/office/pause/", "/office/plans/new/",
                 "/office/devices/", "/alarms/", "/board/", "/siren/", alarm)  # fmt: skip
    found = {one for one in looked_at if ROOK in client.get(one).content.decode()}
    minor = f"/office/people/{world.people['mate']}/minor/"
    found |= {"minor"} if ROOK in client.get(minor).content.decode() else set()
    api = ("watch-bill", "alarms")
    return found | {f"API {one}" for one in api if ROOK in program.get(one).content.decode()}


def test_whoever_is_kept_away_reads_nowhere_who_has_the_watch(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    alarm = on_duty(world)
    open_to_all = reads(world, monkeypatch, "deputy", alarm)
    assert open_to_all >= {"/office/watch-bill/", "/office/drill/", "/office/pause/", "minor",
                           "/office/plans/new/", "/alarms/", alarm, "API watch-bill"}  # fmt: skip
    keep_away(world, "rook", "deputy")
    assert reads(world, monkeypatch, "deputy", alarm) == set()
    shown = stand_in(world.people["rook"])
    page = Pages(world, monkeypatch).as_("deputy").get("/office/watch-bill/").content.decode()
    assert shown in page, "that somebody has the watch is no secret"
    assert reads(world, monkeypatch, "head", alarm) >= {"/office/watch-bill/", "/alarms/", alarm}


def test_no_message_of_the_watch_names_her_to_him(world: World) -> None:
    on_duty(world)
    keep_away(world, "rook", "deputy")
    world.received.clear()
    by, rows = world.as_("rook"), BillRow.objects.filter(person_id=world.people["rook"])
    bill.not_fit(by=by, now=world.now, tap=new_tap())
    theirs = Watch(
        person_id=world.people["deputy"], deputy_id=world.people["head"], from_at=world.now
    )
    bill.plan_watch(watch=theirs, by=by, now=world.now, tap=new_tap())
    bill.remove_watch(row_id=rows.get().pk, by=by, now=world.now, tap=new_tap())
    world.look()

    def said(who: str) -> str:
        return "\n".join(f"{one.outgoing.subject} {one.outgoing.text}" for one in world.phone(who))

    assert ROOK in said("head")
    assert stand_in(world.people["rook"]) in said("deputy")
    assert ROOK not in said("deputy")


def without_phone(world: World, who: str) -> None:
    for row in ContactPoint.objects.filter(person_id=world.people[who]):
        contacts.remove_contact(contact_id=row.pk, by=world.as_(who), now=world.now, tap=new_tap())


def refused(world: World, *, person_id: uuid.UUID, deputy_id: uuid.UUID) -> dict[str, str]:
    """What whoever plans a watch of the coming night reads."""
    night = (world.now + dt.timedelta(hours=9), world.now + dt.timedelta(hours=18))
    watch = Watch(person_id=person_id, deputy_id=deputy_id, from_at=night[0], to_at=night[1])
    try:
        bill.plan_watch(watch=watch, by=world.as_("admin"), now=world.now, tap=new_tap())
    except Refused as problem:
        return problem.problems
    return {}


def test_the_watch_bill_tells_of_no_pair(world: World) -> None:
    """Whoever plans reads the same of one who cannot be reached; and two who are kept apart have no
    watch at the same time, in one row or in two."""
    world.add("rook", Role.DUTY_OFFICER, callsign=ROOK)
    without_phone(world, "rook")
    rook, head, deputy = (world.people[one] for one in ("rook", "head", "deputy"))
    said = {"deputy": f"{ROOK} is not available; choose somebody else."}
    assert refused(world, person_id=head, deputy_id=rook) == said, "she has no telephone"
    world.give_phone("rook")
    keep_away(world, "rook", "head")
    assert refused(world, person_id=head, deputy_id=rook)["deputy"] == said["deputy"]
    assert refused(world, person_id=head, deputy_id=deputy) == {}
    assert refused(world, person_id=deputy, deputy_id=rook) == said, "Head has that night, too"
    guard = world.people["guard"]
    assert refused(world, person_id=guard, deputy_id=deputy) == {}


def test_whoever_is_kept_away_takes_a_running_watch_over_without_a_gap(world: World) -> None:
    world.add("rook", Role.DUTY_OFFICER, callsign=ROOK)
    keep_away(world, "rook", "head")
    rook, deputy, night = world.people["rook"], world.people["deputy"], dt.timedelta(hours=8)

    def enter(who: str, *, until: dt.datetime) -> None:
        watch = Watch(person_id=world.people[who], deputy_id=deputy, from_at=world.now, to_at=until)
        bill.plan_watch(watch=watch, by=world.as_("admin"), now=world.now, tap=new_tap())

    ends = world.now + night
    enter("head", until=ends)
    row = BillRow.objects.get(person_id=world.people["head"], to_at=ends)
    world.now += dt.timedelta(hours=1)
    with pytest.raises(Refused):
        enter("rook", until=ends - dt.timedelta(hours=1))
    enter("rook", until=ends)
    bill.remove_watch(row_id=row.pk, by=world.as_("admin"), now=world.now, tap=new_tap())
    assert officers_now(now=world.now) == [rook]


def test_a_hand_over_tells_of_no_pair(world: World) -> None:
    for who in ("rook", "mute"):
        world.add(who, Role.DUTY_OFFICER, callsign=who.title())
    without_phone(world, "mute")
    keep_away(world, "rook", "agent")
    world.send_out("agent", due_minutes=5)
    pass_time(world, minutes=15)
    alarm, by = world.alarm(), world.as_("head")
    alarms.acknowledge(alarm_id=alarm.pk, by=by, now=world.now, tap=new_tap())
    said = []
    for who in ("rook", "mute"):
        with pytest.raises(Refused) as problem:
            alarms.hand_over(
                alarm_id=alarm.pk, to=world.people[who], by=by, now=world.now, tap=new_tap()
            )
        said.append(str(problem.value).replace(who.title(), "…"))
    assert said[0] == said[1]


def test_nobody_she_is_kept_away_from_is_offered_as_her_guardian(world: World) -> None:
    key, mate = str(world.people["outsider"]), world.people["mate"]
    on = world.now.date()
    assert key in dict(guardian_choices(STATION, mate, on=on))
    keep_away(world, "mate", "outsider")
    assert key not in dict(guardian_choices(STATION, mate, on=on))
    assert str(mate) not in dict(
        guardian_choices(eyes(world, "outsider"), world.people["agent"], on=on)
    )
