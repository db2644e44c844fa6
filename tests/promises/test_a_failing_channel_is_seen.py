"""Promise 4, on channels that fail: after ten minutes without success everybody on watch sees it
and its owner hears of it elsewhere; it is tried on, and works again the moment it works."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms import queries as comms
from homeby.comms.models import Delivery, FailingContact
from homeby.findings import Level
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import contacts
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION, MayKnow
from homeby.settings import Settings
from homeby.station import messages
from tests.promises.test_the_next_channel_follows import second_channel
from tests.rooms.pages import Pages, sent, text_of
from tests.rooms.test_comms_acts import queue
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def dead_for(world: World, minutes: float) -> None:
    """The line to the mate has been dead for so long; one message waits."""
    world.breaks("mate")
    queue(world, "mate", in_danger=True)
    world.look()
    world.fast_forward(minutes=minutes)


def test_nothing_is_said_before_ten_minutes(world: World) -> None:
    second_channel(world, "mate")
    dead_for(world, 9)
    assert FailingContact.objects.count() == 1
    assert comms.failing(STATION, now=world.now) == []
    assert not [one for one in world.phone("second") if "does not reach" in one.subject]


def test_after_ten_minutes_the_owner_hears_of_it_once_on_another_channel(world: World) -> None:
    second_channel(world, "mate")
    dead_for(world, 30)
    (told,) = [one for one in world.phone("second") if "does not reach" in one.subject]
    assert world.minutes(told.at) == 10
    assert "The line is dead." in told.outgoing.text
    assert verify().difference is None


def test_an_owner_without_another_channel_is_spoken_for_to_the_administrators(world: World) -> None:
    dead_for(world, 11)
    (told,) = world.phone("admin")
    assert "Owl" in told.subject


def test_failing_kin_are_told_of_to_whoever_named_them(world: World) -> None:
    world.give_kin("mate", "mother", MayKnow.OUT_AND_DUE)
    world.breaks("mother")
    world.send_out("mate", due_minutes=30)
    world.fast_forward(minutes=100)
    world.sign_in("mate")
    world.look()
    world.fast_forward(minutes=15)
    assert any("the kin of you" in one.subject for one in world.phone("mate"))


def test_it_is_never_switched_off_and_works_again_when_it_works(world: World) -> None:
    dead_for(world, 60)
    waiting = Delivery.objects.get(state="QUEUED", message__person_id=world.people["mate"])
    assert waiting.tries > 20
    world.refusing.clear()
    world.fast_forward(minutes=3)
    assert world.phone("mate")
    assert not FailingContact.objects.exists()
    assert verify().difference is None


def test_a_success_between_failures_begins_the_count_anew(world: World) -> None:
    dead_for(world, 8)
    world.refusing.clear()
    world.fast_forward(minutes=3)
    world.breaks("mate")
    queue(world, "mate")
    world.fast_forward(minutes=8)
    assert comms.failing(STATION, now=world.now) == []
    world.fast_forward(minutes=3)
    assert len(comms.failing(STATION, now=world.now)) == 1


def test_whoever_keeps_watch_sees_it_on_every_page_and_doctor_is_amber(
    pages: Pages, world: World
) -> None:
    dead_for(world, 11)
    bar = "nothing has got through to: Owl (console)"
    assert bar in text_of(pages.as_("guard").get("/missions/"))
    assert bar in text_of(pages.as_("head").get("/board/"))
    assert bar not in text_of(pages.as_("agent").get("/me/"))
    assert "The line is dead." in text_of(pages.as_("guard").get("/office/list/failing/"))
    levels = [one.level for one in messages.problems(settings=Settings(), now=world.now)]
    assert levels == [Level.AMBER]
    assert comms.status_figures(STATION, now=world.now)["contact_points_failing"] == 1


def test_the_gate_at_rest_says_it_without_the_name(pages: Pages, world: World) -> None:
    dead_for(world, 11)
    said = text_of(pages.as_("guard").get(f"/gate/{world.gate_id}/"))
    assert "For over ten minutes nothing has got through to somebody." in said
    assert "Owl" not in said


def test_a_contact_point_that_was_removed_fails_no_more(world: World) -> None:
    dead_for(world, 11)
    for point in ContactPoint.objects.filter(person_id=world.people["mate"]):
        contacts.remove_contact(contact_id=point.pk, by=STATION, now=world.now, tap=new_tap())
    assert comms.failing(STATION, now=world.now) == []


def test_a_test_message_shows_what_became_of_it(pages: Pages, world: World) -> None:
    (point,) = ContactPoint.objects.filter(person_id=world.people["head"])
    head = pages.as_("head")
    fields = sent(act="test", back="/me/")
    page = text_of(head.post(f"/office/act/contact-points/{point.pk}/", fields, follow=True))
    assert "A test message is on its way." in page
    assert "The last test waiting" in page
    world.look()
    assert "The last test handed over" in text_of(head.get("/me/contacts/"))
    Delivery.objects.update(state="RECEIVED", received_at=world.now)
    office = f"/office/people/{world.people['head']}/contacts/"
    assert "The last test received" in text_of(pages.as_("admin").get(office))
    assert pages.as_("agent").get(office).status_code == 404
    world.now += dt.timedelta(hours=2)
    assert "The last test" not in text_of(head.get("/me/contacts/"))


def test_a_test_that_is_refused_says_why(pages: Pages, world: World) -> None:
    (point,) = ContactPoint.objects.filter(person_id=world.people["head"])
    world.breaks("head", permanent=True)
    head = pages.as_("head")
    head.post(f"/office/act/contact-points/{point.pk}/", sent(act="test", back="/me/"))
    world.look()
    page = text_of(head.get("/me/"))
    assert "The line is dead." in page
    assert "cannot be reached" in page
