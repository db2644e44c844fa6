"""An auditor beside the village: looks on demand, by the village's clock, at a real heartbeat."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from homeby.auditor.auditing import Auditing
from homeby.auditor.heartbeat import Heartbeat
from homeby.comms.actions.deliver import deliver
from homeby.people.rules import STATION
from homeby.watch.actions import canary
from homeby.watch.actions.tick import tick
from tests.sinks import HttpSink
from tests.world import World


@dataclass
class Audited:
    """A village, its canary, and an auditor that has been awake for long."""

    world: World
    url: str = ""
    watch_age_seconds: float | None = 1.0
    has_canary: bool = True
    auditing: Auditing = field(init=False)

    def __post_init__(self) -> None:
        self.auditing = Auditing(
            name="test",
            watch_age=lambda: self.watch_age_seconds,
            heartbeat=Heartbeat(url=self.url, call_seconds=3.0),
            reader=STATION,
            patience=dt.timedelta(0),
        )
        if self.has_canary:
            canary.set_out(now=self.world.now)
            self.watch()

    def watch(self) -> None:
        """Both loops of a watchkeeper, once."""
        tick(now=self.world.now)
        deliver(now=self.world.now, send=self.world._send, landed=canary.landed)

    def wait(self, *, minutes: float) -> None:
        """Time passes, and nobody watches."""
        self.world.now += dt.timedelta(minutes=minutes)

    def look(self) -> list[str]:
        """What the auditor finds now."""
        self.auditing.look(now=self.world.now, real_now=self.world.now)
        return self.auditing.sentences

    def calls(self, sink: HttpSink) -> list[str]:
        """What the other side heard, once all calls have ended."""
        for call in list(self.auditing.heartbeat._unfinished):
            assert call.done.wait(5)
        return [request.path for request in sink.requests]
