"""The world as one station and a neighbour as the other, for tests of partner stations."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIServer

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from homeby import clock, settings
from homeby.logbook import keeping
from homeby.logbook import queries as logbook
from homeby.logbook.actions import found_station, writing
from homeby.logbook.counting import Horizon
from homeby.logbook.rules import AUDIT_AGREED, new_tap
from homeby.people.rules import STATION
from homeby.watch.actions.awake import looked
from homeby.watch.actions.partners import pairing
from homeby.watch.actions.partners.sending import Moment, Sender
from homeby.watch.models import Alarm, PartnerMark
from homeby.watch.rules import AlarmKind
from homeby.watch.rules.partners import Point, Said, Verb
from tests.promises.loopback import HOST, server_for
from tests.promises.neighbour import Neighbour
from tests.world import World


@contextmanager
def answering(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[WSGIServer]:
    """The world as a station with an address: its pages answer real HTTP by its own clock, one
    request at a time, inside the test's own transaction."""
    monkeypatch.setattr(clock, "now", lambda: world.now)
    server = server_for(get_wsgi_application())
    url = f"http://{HOST}:{server.server_port}"
    values = {"public_url": url, "partner_inner_hosts": (HOST,), "station_name": "North hut"}
    own = settings.current().model_copy(update=values)
    monkeypatch.setattr(settings, "current", lambda: own)
    found_station(place="here", now=world.now)
    monkeypatch.setattr(server, "handle_request", lambda: _inside(server))
    try:
        yield server
    finally:
        server.server_close()


def _inside(server: WSGIServer) -> None:
    """Answer one request without closing the connection in which the test's transaction is."""
    around = (signals.request_started, signals.request_finished)
    for signal in around:
        signal.disconnect(close_old_connections)
    try:
        WSGIServer.handle_request(server)
    finally:
        for signal in around:
            signal.connect(close_old_connections)


def minute(*, sender: uuid.UUID, name: str, sequence: int, now: dt.datetime) -> Said:
    """What a station that is awake says to us each minute, and nobody of which is out."""
    us = logbook.station()
    assert us is not None
    point = Point(entries=10, last="x", digest="a" * 64)
    return Said(
        verb=Verb.MINUTE,
        sender=sender,
        receiver=us.pk,
        name=name,
        sequence=sequence,
        at=now,
        point=point,
        earlier=point,
        unsent_seconds=0,
        next_act_at=now,
        is_awake=True,
        out=0,
    )


class Settled(Horizon):
    """Inside the test's own transaction nothing is ever settled on PostgreSQL; all of it is."""

    def look(self) -> int | None:
        return logbook.last_number()


class Pair:
    """The world as one station, and its neighbour as the other."""

    def __init__(self, world: World, neighbour: Neighbour, server: WSGIServer) -> None:
        self.world, self.neighbour, self.server = world, neighbour, server
        self.sender = Sender(horizon=Settled())

    def neighbour_does(self, what: str, **more: Any) -> dict[str, Any]:
        """Something by which the neighbour asks us one thing over the network."""
        self.neighbour.ask(what, self.world.now, **more)
        self.server.handle_request()
        return self.neighbour.heard()

    def does_alone(self, what: str, **more: Any) -> dict[str, Any]:
        return self.neighbour.does(what, self.world.now, **more)

    def pair(self) -> None:
        code = pairing.invite(by=STATION, now=self.world.now, tap=new_tap())
        came = self.neighbour_does("accept", code=code)
        assert "is our partner station now" in came.get("said", ""), came
        self.world.look()

    def minute(self, **more: Any) -> dict[str, Any]:
        """A minute passes, and the neighbour's message comes."""
        self.world.fast_forward(minutes=1)
        came = self.neighbour_does("send", **more)
        self.world.look()
        return came

    def send(self) -> PartnerMark:
        """Our own minute message to the neighbour."""
        now = self.world.now
        looked(name="keeper", real_now=now)
        self.sender.round(Moment(now=now, real_now=now, out=3, here="here"))
        return PartnerMark.objects.get()

    def keep(self) -> int:
        """Something is entered, and a checkpoint is kept; its size."""
        with writing(now=self.world.now, by=None) as book:
            book.entry(AUDIT_AGREED, subject="audit")
        key = keeping.key_of_station(settings.log_key())
        assert key is not None
        kept = keeping.keep(until=logbook.last_number(), key=key, now=self.world.now)
        assert kept is not None
        return kept.size

    def alarm(self) -> Alarm | None:
        return Alarm.objects.filter(kind=AlarmKind.PARTNER).order_by("-number").first()
