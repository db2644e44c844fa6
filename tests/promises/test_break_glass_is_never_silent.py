"""Promise P15: break-glass works at once, tells the person and two officers within a minute, ends
by itself, and stays red until somebody else has reviewed it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from homeby import clock
from homeby.logbook.models import Entry, Read
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import glass
from homeby.missions.models import BrokenGlass, Mission
from homeby.missions.queries import glass as queries
from homeby.people.actions import kept, proofs, teams
from homeby.people.models import RoleHeld
from homeby.people.rules import STATION, Act, MayKnow, hash_of
from homeby.people.rules_log_ins import Proof
from homeby.people.rules_private import Kept
from homeby.web import reads
from homeby.web.intake.proving import prove
from tests.promises.acts import stand_down
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.world import World

PASSKEY = (Proof.PASSKEY,)
WHY = "Her telephone lies at the gate, she does not answer."
FOUND = "It was needed; her mother was called."


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    monkeypatch.setattr(reads, "WAITING", reads.Waiting())
    world.give_kin("agent", "mother", MayKnow.AREA)
    return Pages(world, monkeypatch)


def proved(client: Client) -> Client:
    """Somebody who has just proved that it is she."""
    session = client.session
    session["proved_at"] = clock.real_now().isoformat()
    session["proved_with"] = {"PASSWORD": clock.real_now().isoformat()}
    session.save()
    return client


def broken(world: World, mission: Mission, who: str = "guard") -> BrokenGlass:
    tap = new_tap()
    glass.break_glass(
        mission_id=mission.pk, reason=WHY, proved=PASSKEY, by=world.as_(who), now=world.now, tap=tap
    )
    world.look()
    return BrokenGlass.objects.get(pk=tap.entry_id)


def told(world: World, who: str) -> list[str]:
    """What somebody was told of it."""
    found = [one.outgoing for one in world.phone(who)]
    return [one.subject for one in found if "reak-glass" in one.subject]


def test_a_gate_keeper_opens_one_party_for_an_hour(pages: Pages, world: World) -> None:
    mission, other = world.send_out("agent", "mate"), world.send_out("outsider")
    guard = pages.long_in("guard")
    address = f"/break-glass/{mission.pk}/"
    first = guard.get(address)
    assert first.headers["Location"].startswith("/log-in/again/?next=")
    assert guard.post(address, sent(reason=WHY)).status_code == 302
    assert not BrokenGlass.objects.exists()
    again = first.headers["Location"]
    assert guard.post(again, {"password": "wrong"}).status_code == 422
    assert guard.post(again, {"password": PASSWORD}).headers["Location"] == address
    refused = guard.post(address, sent(reason=""))
    assert "Say why: without a reason nothing is opened." in text_of(refused)
    assert not BrokenGlass.objects.exists()
    form = sent(reason=WHY)
    for _ in range(2):  # sent twice, it is one
        assert guard.post(address, form).headers["Location"] == address
    page = text_of(guard.get(address))
    assert "CONSOLE" not in page
    for seen in ("agent", "mate", "mother"):
        assert seen in page, seen
    assert "outsider" not in page
    assert queries.broken_glass(world.as_("guard"), other.ref, now=world.now) is None
    assert queries.opened_people(world.as_("guard"), now=world.now) == {
        world.people["agent"],
        world.people["mate"],
    }
    looks = Read.objects.filter(viewer_id=world.people["guard"], why=WHY)
    assert set(looks.values_list("whose", flat=True)) == {
        world.people["agent"],
        world.people["mate"],
    }
    assert verify().difference is None


def test_it_opens_home_and_health_too_and_she_reads_who_looked(pages: Pages, world: World) -> None:
    told_us = {
        Kept.HOME: {"address": "Kanarienweg 4711", "way_in": "the dog is called Zorb"},
        Kept.HEALTH: {"conditions": "quaxitis", "medication": "blorbamol", "blood_group": "0-"},
        Kept.WHERE: {"note": "the flumhut above the lake"},
    }
    for one, values in told_us.items():
        kept.write_down(
            kept=one, values=values, by=world.as_("agent"), now=world.now, tap=new_tap()
        )
    mission = world.send_out("agent", "mate", due_minutes=600)
    broken(world, mission)
    guard, address = pages.as_("guard"), f"/break-glass/{mission.pk}/"
    page = text_of(guard.get(address))
    for seen in (*told_us[Kept.HOME].values(), *told_us[Kept.HEALTH].values()):
        assert seen in page, seen
    assert "flumhut" not in page, "where she would be is for a search"
    assert page.count("She has written nothing down.") == 2, "Owl wrote nothing"
    looks = Read.objects.filter(viewer_id=world.people["guard"], why=WHY)
    by_whom = set(looks.values_list("kind", "whose"))
    agent, mate = world.people["agent"], world.people["mate"]
    both = {(kind, key) for kind in ("CONTACTS", "KIN") for key in (agent, mate)}
    assert by_whom == both | {("HOME", agent), ("HEALTH", agent)}
    hers = text_of(pages.as_("agent").get("/me/looks/"))
    assert hers.count(f"“{WHY}”") == 4, "contact points, kin, home, health"
    assert "Kanarienweg" not in text_of(pages.as_("head").get(address)), "it is the guard's alone"
    world.now += dt.timedelta(minutes=60)
    assert "Kanarienweg" not in text_of(guard.get(address))
    assert queries.opened_people(world.as_("guard"), now=world.now) == frozenset()


def test_the_party_and_two_officers_are_told_within_a_minute(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate")
    began = world.now
    broken(world, mission)
    for who in ("agent", "mate", "head", "deputy"):
        assert len(told(world, who)) == 1, who
    assert told(world, "guard") == told(world, "outsider") == []
    received = [one for one in world.received if "reak-glass" in one.outgoing.subject]
    assert all(one.at - began <= dt.timedelta(seconds=60) for one in received)
    text = next(one.outgoing.text for one in world.phone("agent") if WHY in one.outgoing.text)
    assert "09:00" in text
    assert "10:00" in text
    assert WHY in next(one.outgoing.text for one in received if one.person == "head")


def test_where_the_duty_officer_herself_breaks_it_two_others_hear(
    pages: Pages, world: World
) -> None:
    row = broken(world, world.send_out("agent"), "head")
    assert told(world, "head") == []
    heard = [who for who in ("deputy", "admin", "guard") if told(world, who)]
    assert len(heard) == len(row.officers) == 2


def test_it_ends_by_itself_and_with_the_role(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", due_minutes=600)
    broken(world, mission)
    guard, address = proved(pages.as_("guard")), f"/break-glass/{mission.pk}/"
    world.now += dt.timedelta(minutes=59, seconds=59)
    assert "mother" in text_of(guard.get(address))
    world.now += dt.timedelta(seconds=1)
    assert "mother" not in text_of(guard.get(address))
    assert queries.opened_people(world.as_("guard"), now=world.now) == frozenset()
    again = broken(world, mission)
    assert queries.opened_people(world.as_("guard"), now=world.now)
    end_role(world, "guard")
    assert queries.opened_people(world.as_("guard"), now=world.now) == frozenset()
    assert pages.as_("guard").get(address).status_code == 404
    assert again.until_at > world.now


def end_role(world: World, who: str) -> None:
    for row in RoleHeld.objects.filter(person_id=world.people[who]):
        teams.end_role(role_held_id=row.pk, by=STATION, now=world.now, tap=new_tap())


def test_it_is_red_until_somebody_else_has_reviewed_it(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", due_minutes=600)
    row = broken(world, mission, "head")
    head, admin = pages.as_("head"), pages.as_("admin")
    head.get(f"/break-glass/{mission.pk}/")
    one = f"/office/break-glass/{row.pk}/"
    for page in ("/board/", "/me/", "/office/"):
        assert "You broke the glass for Fox: open until" in text_of(head.get(page)), page
        assert "You broke the glass" not in text_of(admin.get(page))
    assert "It is open still" in refusal(world, row, "admin")
    world.now += dt.timedelta(minutes=61)
    assert "waits for somebody else's review" in text_of(head.get("/board/"))
    assert f"Head broke the glass for Fox: {WHY}" in text_of(admin.get("/office/"))
    assert "You opened it yourself" in text_of(head.get(one))
    assert "You opened it yourself" in refusal(world, row, "head")
    assert "A duty officer" in refusal(world, row, "mate")
    page = text_of(admin.get(one))
    for field in (
        "Who Head, duty officer",
        "Where station",
        "home and health of Fox",
        f"Why {WHY}",
    ):
        assert field in page, field
    assert "how one is reached Fox" in page
    assert "Say in a sentence what you found" in text_of(admin.post(one, sent(review="")))
    assert admin.post(one, sent(review=FOUND)).status_code == 302
    assert FOUND in text_of(admin.get(one))
    assert "It is reviewed already" in refusal(world, row, "deputy")
    for client in (head, admin):
        for where in ("/board/", "/office/"):
            assert "broke the glass" not in text_of(client.get(where))
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        BrokenGlass.objects.update(reviewed_by_id=world.people["head"])
    assert verify().difference is None


def refusal(world: World, row: BrokenGlass, who: str) -> str:
    with pytest.raises(Refused) as refused:
        glass.review_glass(
            glass_id=row.pk, review=FOUND, by=world.as_(who), now=world.now, tap=new_tap()
        )
    return str(refused.value)


def test_it_is_closed_early_by_its_holder_only(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    row = broken(world, mission)
    with pytest.raises(Refused, match="Only whoever opened it"):
        glass.close_glass(glass_id=row.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    guard = proved(pages.as_("guard"))
    assert guard.post(f"/break-glass/{row.pk}/close/", sent()).status_code == 302
    assert "mother" not in text_of(guard.get(f"/break-glass/{mission.pk}/"))
    with pytest.raises(Refused, match="closed by itself"):
        glass.close_glass(glass_id=row.pk, by=world.as_("guard"), now=world.now, tap=new_tap())


def test_only_who_keeps_the_watch_breaks_it(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    for who in ("outsider", "agent"):
        assert pages.as_(who).get(f"/break-glass/{mission.pk}/").status_code == 404
        with pytest.raises(Refused, match="keeps the watch"):
            broken(world, mission, who)
    with pytest.raises(Refused, match="keeps the watch"):
        broken_nowhere(world)
    assert not Entry.objects.filter(kind="GLASS_BROKEN").exists()
    broken(world, mission)
    with pytest.raises(Refused, match="already"):
        broken(world, mission)


def broken_nowhere(world: World) -> Any:
    return glass.break_glass(
        mission_id=uuid.uuid4(), reason=WHY, proved=PASSKEY, by=world.as_("guard"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def test_whoever_forces_her_does_not_read_of_it(pages: Pages, world: World) -> None:
    agent = world.as_("agent")
    proofs.set_pin(pin="4711", duress="9027", by=agent, now=world.now, tap=new_tap())
    mission = world.send_out("agent")
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    said = claim(Act.SIGN_IN, pin="9027", callsign="Fox")
    tablet.send(*prove((said,), hash_of(tablet.key)))
    row = broken(world, mission, "head")
    assert told(world, "agent") == []
    assert len(row.officers) == 2
    world.now += dt.timedelta(minutes=61)
    assert "A silent alarm is open" in refusal(world, row, "admin")
    stand_down(world, "head")
    glass.review_glass(
        glass_id=row.pk, review=FOUND, by=world.as_("admin"), now=world.now, tap=new_tap()
    )
    world.look()
    assert len(told(world, "agent")) == 1
