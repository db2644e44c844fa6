"""The provider of a world: phones and mail that work, refuse, lose replies, or accept and drop.

It keeps what it accepted: the receipts by which the checkers judge. `dropped` receipts reached no
phone, though the provider said yes.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from homeby.comms import channels
from tests.simulation.database import ADDRESSES
from tests.simulation.faults import AFTER_SEND, BEFORE_SEND, Faults


class Mode(StrEnum):
    """How a line, or the phone of one person, behaves."""

    WORKS = "works"
    REFUSES = "refuses"
    FOR_GOOD = "refuses for good"
    LOSES_REPLY = "takes it and loses the reply"
    DROPS = "accepts and drops"
    SLOW = "is slow"


TROUBLES = (Mode.REFUSES, Mode.REFUSES, Mode.FOR_GOOD, Mode.LOSES_REPLY, Mode.DROPS, Mode.SLOW)
TAKES_NOTHING = (Mode.REFUSES, Mode.FOR_GOOD)
LINES = ("phone", "mail")


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One message as the provider took it."""

    at: dt.datetime
    key: str
    address: str
    outgoing: channels.Outgoing
    dropped: bool

    @property
    def alarm(self) -> str:
        """`alarm:<id>` when it is about one, else ""."""
        head = self.key.partition("/")[0]
        return head if head.startswith("alarm:") else ""

    @property
    def code(self) -> str:
        """The six digits in it, "" when there is nothing to take."""
        last = self.outgoing.text.rsplit(" ", 1)[-1]
        return last if len(last) == 6 and last.isdigit() else ""


@dataclass
class Provider:
    """Both lines of the village. `now` reads the true time; `passes` lets some of it pass."""

    chance: random.Random
    faults: Faults
    now: Callable[[], dt.datetime]
    passes: Callable[[float], None]
    received: Callable[[Receipt], None]
    listed: Callable[[Receipt], list[Receipt]]
    modes: dict[str, Mode] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    told: dict[str, list[Receipt]] = field(default_factory=dict)
    changes: list[dt.datetime] = field(default_factory=list)
    dark: list[tuple[dt.datetime, dt.datetime | None]] = field(default_factory=list)
    refused_for_good: list[dt.datetime] = field(default_factory=list)

    def set_mode(self, of: str, mode: Mode) -> None:
        """From now on a line, or one address, behaves so."""
        was_dark = self.takes_nothing()
        if self.modes.get(of) is Mode.FOR_GOOD:
            self.refused_for_good.append(self.now())
        self.modes[of] = mode
        self.changes.append(self.now())
        if self.takes_nothing() and not was_dark:
            self.dark.append((self.now(), None))
        elif was_dark and not self.takes_nothing():
            self.dark[-1] = (self.dark[-1][0], self.now())

    def takes_nothing(self) -> bool:
        """Whether no watcher can be reached on any line."""
        return all(self._mode(address) in TAKES_NOTHING for address in ADDRESSES)

    def takes_for(self, people: set[str], *, since: dt.datetime) -> bool:
        """Whether a line takes messages for one of these people, and no line has changed since."""
        own = [one for one in ADDRESSES if one.removesuffix("+mail") in people]
        takes = any(self._mode(address) not in TAKES_NOTHING for address in own)
        return takes and not any(at >= since for at in self.changes)

    def _mode(self, address: str) -> Mode:
        line = self.modes.get("mail" if address.endswith("+mail") else "phone", Mode.WORKS)
        return line if line is not Mode.WORKS else self.modes.get(address, Mode.WORKS)

    def rises(self, receipt: Receipt) -> bool:
        """Whether this is the first message about its alarm that says ALERT or DISTRESS."""
        said = ("ALERT", "DISTRESS")
        told = [one.outgoing.subject.startswith(said) for one in self.told[receipt.alarm]]
        return receipt.outgoing.subject.startswith(said) and not any(told[:-1])

    def send(self, channel: str, outgoing: channels.Outgoing) -> channels.Result:
        """What a channel does with a message, as the outbox calls it."""
        self.faults.point(BEFORE_SEND)
        mode = self._mode(outgoing.to_address)
        if mode is Mode.SLOW:
            self.passes(0.3)
        if mode in TAKES_NOTHING:
            self.faults.point(AFTER_SEND)
            return channels.Refused(sentence="No.", permanent=mode is Mode.FOR_GOOD)
        receipt = Receipt(
            at=self.now(),
            key=outgoing.key,
            address=outgoing.to_address,
            outgoing=outgoing,
            dropped=mode is Mode.DROPS,
        )
        self.receipts.append(receipt)
        for one in self.listed(receipt) if receipt.key.startswith("list:") else [receipt]:
            if one.alarm and one.code:
                self.told.setdefault(one.alarm, []).append(one)
        self.received(receipt)
        self.faults.point(AFTER_SEND)
        if mode is Mode.LOSES_REPLY:
            return channels.Refused(sentence="The reply was lost.", permanent=False)
        return channels.Handed(provider_ref="simulated")
