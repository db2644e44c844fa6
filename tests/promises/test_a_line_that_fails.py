"""Promises 2 and 4 over real lines: refused, reset, swallowed, slow, or the reply lost after the
message was taken. It goes again under the same key, others are told meanwhile, nothing is lost."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from homeby.comms import channels
from homeby.comms.models import Delivery
from homeby.comms.rules import DeliveryState
from homeby.logbook.rules import new_tap
from homeby.people.actions import contacts
from homeby.people.rules import STATION, ChannelName
from tests.fault_proxy import Fault, FaultyLine, fault_proxy
from tests.promises.acts import pass_time
from tests.sinks import HttpSink, SmtpSink, http_sink, smtp_sink
from tests.world import World

PATIENCE_SECONDS = 0.5  # as good as the ten of life


@pytest.fixture
def web() -> Iterator[tuple[HttpSink, FaultyLine]]:
    with http_sink() as sink, fault_proxy(sink.port) as line:
        yield sink, line


def reach_head(
    world: World, monkeypatch: pytest.MonkeyPatch, channel: ChannelName, address: str, port: int
) -> None:
    """The officer's phone is dead; behind it stands this real line. It is a minute before she is
    told."""
    known = channels.ChannelSettings(
        webhook_allowed_hosts=("127.0.0.1",),
        smtp_host="127.0.0.1",
        smtp_port=port,
        smtp_tls="none",
        smtp_from="homeby@example.org",
    )
    phones, real = world._send, channels.channel(channel, known)

    def send(channel_name: str, outgoing: channels.Outgoing) -> channels.Result:
        if channel_name != channel:
            return phones(channel_name, outgoing)
        return real.send(outgoing, timeout_seconds=PATIENCE_SECONDS)

    monkeypatch.setattr(world, "_send", send)
    contacts.add_contact(
        person_id=world.people["head"],
        channel=channel,
        address=address,
        verified=True,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    world.breaks("head")
    world.send_out("agent", due_minutes=60)
    pass_time(world, minutes=64)


def handed(channel: ChannelName) -> int:
    return Delivery.objects.filter(channel=channel, state=DeliveryState.HANDED).count()


def keys(sink: HttpSink) -> Counter[str]:
    """How often each key came; the header says the same as the body."""
    found = [json.loads(request.body)["key"] for request in sink.requests]
    assert [request.headers["idempotency-key"] for request in sink.requests] == found
    return Counter(found)


@pytest.mark.parametrize(
    "fault", [Fault.UNAVAILABLE, Fault.RESET, Fault.BLACK_HOLE, Fault.REPLY_LOST]
)
def test_it_goes_again_under_the_same_key(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    web: tuple[HttpSink, FaultyLine],
    fault: Fault,
) -> None:
    sink, line = web
    reach_head(
        world, monkeypatch, ChannelName.WEBHOOK, f"http://127.0.0.1:{line.port}/hook", line.port
    )
    line.fault = fault
    pass_time(world, minutes=1.5)
    tried = line.tried
    assert tried >= 2, "again, and under a minute"
    assert not handed(ChannelName.WEBHOOK), "handed is said by the provider alone"
    assert world.phone("deputy"), "meanwhile others are told"
    line.fault = Fault.NONE
    pass_time(world, minutes=3)
    assert handed(ChannelName.WEBHOOK)
    if fault is Fault.REPLY_LOST:
        assert max(keys(sink).values()) > 1, "a repeat, known by its key"
        assert keys(sink).total() == line.tried
    else:
        assert set(keys(sink).values()) == {1}
        assert keys(sink).total() == line.tried - tried


def test_a_slow_line_is_a_line(
    world: World, monkeypatch: pytest.MonkeyPatch, web: tuple[HttpSink, FaultyLine]
) -> None:
    sink, line = web
    reach_head(
        world, monkeypatch, ChannelName.WEBHOOK, f"http://127.0.0.1:{line.port}/hook", line.port
    )
    line.fault = Fault.SLOW
    pass_time(world, minutes=1)
    assert handed(ChannelName.WEBHOOK)
    assert set(keys(sink).values()) == {1}


def test_what_is_accepted_and_dropped_is_told_to_others_and_again(
    world: World, monkeypatch: pytest.MonkeyPatch, web: tuple[HttpSink, FaultyLine]
) -> None:
    """Handed is not told: nobody took the alarm, so more people are rung, and later rounds ring
    her again."""
    sink, line = web
    reach_head(
        world, monkeypatch, ChannelName.WEBHOOK, f"http://127.0.0.1:{line.port}/hook", line.port
    )
    line.fault = Fault.DROPS
    pass_time(world, minutes=2)
    assert handed(ChannelName.WEBHOOK)
    assert not sink.requests
    line.fault = Fault.NONE
    pass_time(world, minutes=90)
    assert sink.requests, "a later round"
    assert world.phone("deputy"), "and somebody else"


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.BLACK_HOLE, Fault.REPLY_LOST])
def test_mail_goes_again_under_the_same_message_id(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    with smtp_sink() as sink, fault_proxy(sink.port) as line:
        reach_head(world, monkeypatch, ChannelName.EMAIL, "head@example.org", line.port)
        line.fault = fault
        pass_time(world, minutes=1.5)
        assert line.tried >= 2
        assert not handed(ChannelName.EMAIL)
        line.fault = Fault.NONE
        pass_time(world, minutes=3)
        assert handed(ChannelName.EMAIL)
        assert (max(message_ids(sink).values()) > 1) is (fault is Fault.REPLY_LOST)


def message_ids(sink: SmtpSink) -> Counter[str]:
    return Counter(str(message["Message-ID"]) for message in sink.messages)
