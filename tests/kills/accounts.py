"""Making up the accounts of a kill loop: what was due, what was told, what was confirmed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kills.provider import Receipt

#: A watchkeeper whose clock is ahead opens an alarm so much earlier than it says itself.
AHEAD_SECONDS = 15.0


@dataclass
class Accounts:
    """The figures of one run; `lost`, `false` and `forgotten` name missions."""

    deaths: dict[str, int]
    due: int = 0
    signed_in: int = 0
    messages: int = 0
    repeats: int = 0
    alarms: int = 0
    lost: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    told_while_dying: int = 0
    seconds_after_due: list[float] = field(default_factory=list)
    difference: str | None = None
    calm: bool = False

    @staticmethod
    def seconds(text: str) -> float:
        """An instant in seconds."""
        return dt.datetime.fromisoformat(text).timestamp()

    @classmethod
    def of(
        cls,
        missions: list[dict[str, str]],
        signed_in: dict[str, float],
        receipts: list[Receipt],
        facts: dict[str, Any],
        deaths: dict[str, int],
    ) -> Accounts:
        """Compare what was due with what the provider took and the gate confirmed (`signed_in`,
        read before the facts: the gate lives on, and confirms more meanwhile)."""
        found = cls(deaths=deaths, difference=facts.get("difference"))
        opened = dict(facts.get("alarms", {}).values())
        told = _first_told(receipts)
        keys = Counter(receipt.key for receipt in receipts)
        found.messages, found.alarms = keys.total(), len(facts.get("alarms", {}))
        found.repeats = keys.total() - len(keys)
        stored = set(facts.get("signed_in", ()))
        for one in missions:
            found._add(one, signed_in, stored, opened, told)
        return found

    def _add(
        self,
        one: dict[str, str],
        signed_in: dict[str, float],
        stored: set[str],
        opened: dict[str, float],
        told: dict[str, float],
    ) -> None:
        key, due_at = one["mission"], self.seconds(one["due_at"])
        tap = str(uuid.uuid5(uuid.UUID(key), "sign in"))
        home_at = signed_in.get(key)
        if home_at is not None and tap not in stored:
            self.forgotten.append(key)
        if tap in stored and key not in opened:
            self.signed_in += 1
            return
        if home_at is not None and home_at < opened.get(key, home_at) - AHEAD_SECONDS - 0.01:
            self.false.append(key)
        self.due += 1
        if one["name"] in told:
            self.seconds_after_due.append(round(told[one["name"]] - due_at, 2))
        elif tap not in stored:
            self.lost.append(key)

    @property
    def bad(self) -> bool:
        """Whether anything happened that may not happen; where nothing fails, a repeat is such."""
        wrong = self.lost or self.false or self.forgotten or self.difference
        return bool(wrong or (self.calm and self.repeats))

    def _share(self, part: float) -> float:
        ordered = sorted(self.seconds_after_due) or [0.0]
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))]

    def text(self, database: str) -> str:
        """One line a figure."""
        deaths = ", ".join(f"{count} {name}" for name, count in self.deaths.items())
        share = 100 * self.repeats / max(1, self.messages)
        return "\n".join(
            [
                f"{database}: {deaths}",
                f"{self.due} due, {self.signed_in} signed in in time, {self.alarms} alarms, "
                f"{self.told_while_dying} told between two deaths",
                f"lost {len(self.lost)}, false {len(self.false)}, "
                f"confirmed and gone {len(self.forgotten)}",
                f"{self.messages} messages, {self.repeats} repeats ({share:.1f} %)",
                f"first told after the due time: p50 {self._share(0.5):.1f} s, "
                f"p99 {self._share(0.99):.1f} s, longest {self._share(1.0):.1f} s",
                f"logbook and rows: {self.difference or 'agree'}",
            ]
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for a third party to compare."""
        return {
            **self.deaths,
            "due": self.due,
            "signed_in": self.signed_in,
            "alarms": self.alarms,
            "messages": self.messages,
            "lost": len(self.lost),
            "false": len(self.false),
            "confirmed_and_gone": len(self.forgotten),
            "repeats": self.repeats,
            "told_between_two_deaths": self.told_while_dying,
            "p50_seconds": self._share(0.5),
            "p99_seconds": self._share(0.99),
            "longest_seconds": self._share(1.0),
            "logbook": self.difference or "agrees",
            "seconds_after_due": self.seconds_after_due,
        }


def confirmed(path: Path) -> dict[str, float]:
    """When the gate had each sign-in confirmed. A last line that was cut off is none."""
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    found: dict[str, float] = {}
    for line in lines:
        key, _, at = line.partition(" ")
        found.setdefault(key, float(at))
    return found


def _first_told(receipts: list[Receipt]) -> dict[str, float]:
    """When the officer was first told of each party, by its name."""
    found: dict[str, float] = {}
    for receipt in receipts:
        for name in receipt.names:
            found.setdefault(name, receipt.at)
    return found
