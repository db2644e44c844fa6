"""A refused contact address, a channel whose address is wrong, a heartbeat that hangs: a sentence
where the administrator looks, and the watch goes on."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import pytest

from homeby import settings
from homeby.comms import channels
from homeby.comms.actions import deliver as delivering
from homeby.comms.actions.deliver import deliver
from homeby.findings import Level
from homeby.logbook.rules import new_tap
from homeby.people.actions import contacts
from homeby.people.rules import STATION, ChannelName
from homeby.settings import Settings
from homeby.station import messages as station
from homeby.watch.actions.tick import tick
from tests.promises.auditors import Audited
from tests.rooms.pages import Pages, sent, text_of
from tests.sinks import free_port, raw_sink
from tests.world import World


def webhook(world: World, who: str, address: str) -> None:
    contacts.add_contact(
        person_id=world.people[who],
        channel=ChannelName.WEBHOOK,
        address=address,
        verified=True,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


@pytest.mark.parametrize("address", ["example.org/hook", "ftp://example.org/", "https://"])
def test_an_address_that_cannot_work_is_refused_beside_its_field(
    world: World, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    head = Pages(world, monkeypatch).as_("head")
    path = f"/office/form/contact-points/new/?person={world.people['head']}"
    answer = head.post(path, sent(channel="WEBHOOK", address=address))
    assert answer.status_code == 422
    assert "webhook address" in text_of(answer)


def test_a_channel_that_leads_nowhere_is_said_and_the_next_one_rings(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody listens where the webhook of one officer leads: the message says so on the page of all
    messages, and her other phone and everybody else are rung in the same minute."""
    world.add("second", reachable=False)
    webhook(world, "second", f"http://127.0.0.1:{free_port()}/hook")
    world.give_phone("second")
    inner = dataclasses.replace(delivering.channel_settings(), webhook_allowed_hosts=("127.0.0.1",))
    line = channels.channel("WEBHOOK", inner)

    def send(name: str, outgoing: channels.Outgoing) -> channels.Result:
        if name == "WEBHOOK":
            return line.send(outgoing, timeout_seconds=2)
        return world._send(name, outgoing)

    world.send_out("second", "mate", due_minutes=1)
    world.now += dt.timedelta(minutes=2)
    began = time.monotonic()
    for _ in range(3):
        tick(now=world.now)
        deliver(now=world.now, send=send)
        world.now += dt.timedelta(seconds=31)
    assert time.monotonic() - began < 10
    assert world.phone("mate")
    assert world.phone("second"), "by her other phone"
    pages = Pages(world, monkeypatch)
    assert "127.0.0.1" in text_of(pages.as_("head").get("/office/messages/"))


def test_a_gateway_whose_address_is_wrong_is_a_finding(world: World) -> None:
    made = settings.current().model_copy(
        update=Settings(sms_url="gateway.example/send").model_dump(include={"sms_url"})
    )
    (found,) = [one for one in station.problems(settings=made, now=world.now) if one.what == "sms"]
    assert (found.level, "https://" in found.sentence) == (Level.RED, True), str(found)


def test_a_heartbeat_that_hangs_holds_up_neither_auditor_nor_watch(world: World) -> None:
    with raw_sink(lambda connection, closing: closing.wait(20)) as (host, port):
        audited = Audited(world=world, url=f"http://{host}:{port}/beat")
        began = time.monotonic()
        for _ in range(3):
            audited.wait(minutes=1)
            audited.watch()
            assert audited.look() == []
        assert time.monotonic() - began < 3, "its calls have three seconds each, and nobody waits"
