"""What is open, rebuilt from the logbook alone: plain dictionaries of row images.

Only what can still be wrong is kept: open deadlines and alarms, their messages, whatever has not
left the outbox; so a picture stays small however long the logbook is. A fault that an entry itself
shows (an alarm ended by nobody) is kept as a doubt.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from homeby.auditor import pauses
from homeby.logbook.queries import Recorded
from homeby.logbook.rules import STATION_KEY_ID

Row = dict[str, Any]
Rows = dict[str, Row]

CANARY = "CANARY"
#: Deadlines that a pause of the watch does not put off.
NEVER_PAUSED = frozenset({CANARY, "PARTNER", "KIN"})
#: Alarms about nobody, and how the references of their subjects begin: both must agree.
EXERCISES = frozenset({"EXERCISE", "TEST"})
EXERCISE_REF = "exercise:"
LOOPBACK = "LOOPBACK"
UNSENT = frozenset({"QUEUED", "TROUBLE"})
SKEW = dt.timedelta(minutes=1)  # so far apart may the clocks of two watchkeepers be
MOST_OUTAGES = 100
WATCHKEEPER = "watchkeeper"  # the device of entries that no person made
_OURS = ('"watch.', '"comms.')


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A fault that stands in the logbook: `what` happened at `at` to somebody of `subject`."""

    what: str
    name: str
    subject: str
    at: dt.datetime


@dataclass
class Picture:
    """What the logbook says is open. `number` is the last entry taken in."""

    number: int = 0
    parties: dict[str, list[str]] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    deadlines: Rows = field(default_factory=dict)
    alarms: Rows = field(default_factory=dict)
    plans: Rows = field(default_factory=dict)
    messages: Rows = field(default_factory=dict)
    deliveries: Rows = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    canary_known: bool = False
    canary_ended_at: dt.datetime | None = None
    handed_at: dt.datetime | None = None
    pauses: pauses.Pauses = field(default_factory=pauses.Pauses)
    blind_until: list[dt.datetime] = field(default_factory=list)
    worked_at: deque[dt.datetime] = field(default_factory=lambda: deque(maxlen=MOST_OUTAGES))
    _of_message: dict[str, set[str]] = field(default_factory=dict)
    _of_alarm: dict[str, set[str]] = field(default_factory=dict)
    _of_subject: dict[str, set[str]] = field(default_factory=dict)

    def take_in(self, entries: Iterable[Recorded]) -> None:
        """Take in further entries."""
        for entry in entries:
            self.number = max(self.number, entry.number)
            if entry.body and any(table in entry.body for table in _OURS):
                body = json.loads(entry.body)
                self._take_in(entry, body["rows"])
                self._note_pauses(entry, body)
            if entry.device == WATCHKEEPER:
                self.worked_at.append(entry.recorded_at)

    def party(self, subject: str) -> list[str]:
        """Who of a subject is still out."""
        return self.parties.get(subject, [])

    def messages_of(self, alarm: str) -> list[Row]:
        """The messages about an alarm."""
        return [self.messages[key] for key in self._of_alarm.get(alarm, ())]

    def deliveries_of(self, message: str) -> list[Row]:
        """A message on each of its channels."""
        return [self.deliveries[key] for key in self._of_message.get(message, ())]

    def is_taken_by_one_of_two(self, alarm: Row) -> bool:
        """Whether one person holds up an alarm of which its plan says that two must take it, and
        said so already when it was taken."""
        since = self.plans.get(str(alarm.get("plan_id")), {}).get("two_since")
        taken_at = alarm.get("taken_at")
        if since is None or taken_at is None or alarm.get("co_holder_id"):
            return False
        return bool(dt.datetime.fromisoformat(taken_at) > since)

    def demanded_from(
        self, at: dt.datetime, *, doors: dt.timedelta = dt.timedelta(0)
    ) -> dt.datetime:
        """From when on it may be asked why that was not done which was due at `at`: from the end
        of the blind period into which it fell, and of the time that the doors have after it."""
        ends = [to_at for to_at in self.blind_until if at <= to_at + doors]
        return min(ends) + doors if ends else at

    def is_exercise(self, row: Row) -> bool:
        """Whether a deadline or an alarm is about nobody: by its kind, and by its subject. One that
        is called an exercise and is about people is none."""
        ref = self.refs.get(str(row.get("subject_id")), "")
        return row.get("kind") in EXERCISES and ref.startswith(EXERCISE_REF)

    def is_watched(self, subject: str) -> bool:
        """Whether an alarm about this subject is open."""
        return bool(self._of_subject.get(subject))

    # --- taking in one entry --------------------------------------------------------------------

    def _take_in(self, entry: Recorded, rows: list[list[Any]]) -> None:
        gone: list[tuple[str, str, Row]] = []
        for change, table, key, values in rows:
            kept = self._table(table)
            if kept is None:
                continue
            if change == "remove":
                row = kept.pop(key, None)
                if row is not None:
                    gone.append((table, key, row))
                    self._forget(table, key, row)
                continue
            row = kept.setdefault(key, {"id": key})
            row.update(values)
            self._note(table, key, row, entry)
        for table, _key, row in gone:
            self._doubt_removal(table, row, entry)
        for _change, table, key, _values in rows:
            self._settle(table, key, entry)

    def _note_pauses(self, entry: Recorded, body: dict[str, Any]) -> None:
        actor = body.get("entry", {}).get("actor_id")
        for _change, table, key, values in body["rows"]:
            if table == pauses.TABLE:
                self.pauses.note(key, values, actor, entry.recorded_at)

    def _table(self, table: str) -> Rows | None:
        return {
            "watch.subject": _Forgetful(),
            "watch.outage": _Forgetful(),
            "watch.deadline": self.deadlines,
            "watch.alarm": self.alarms,
            "watch.escalationplan": self.plans,
            "comms.message": self.messages,
            "comms.delivery": self.deliveries,
        }.get(table)

    def _note(self, table: str, key: str, row: Row, entry: Recorded) -> None:
        """What is remembered beside the row itself."""
        match table:
            case "watch.subject":
                self._note_subject(key, row)
            case "watch.outage":
                self._note_outage(row, entry)
            case "watch.deadline":
                self.canary_known = self.canary_known or row.get("kind") == CANARY
            case "watch.escalationplan":
                since = row.get("two_since") or entry.recorded_at
                row["two_since"] = since if row.get("two_must_take") else None
            case "watch.alarm":
                self._of_subject.setdefault(str(row.get("subject_id")), set()).add(key)
            case "comms.message":
                self._of_alarm.setdefault(_alarm_of(row), set()).add(key)
            case "comms.delivery":
                self._note_delivery(key, row, entry)

    def _note_subject(self, key: str, row: Row) -> None:
        if "party" in row:
            self.parties[key] = list(row["party"])
        if "ref" in row:
            self.refs[key] = str(row["ref"])

    def _note_outage(self, row: Row, entry: Recorded) -> None:
        """The watch says that it was blind. Not believed of a time in which it worked, nor of one
        that lies ahead: whoever lies could excuse everything by it."""
        if "to_at" not in row or "from_at" not in row:
            return
        from_at, to_at = (dt.datetime.fromisoformat(row[name]) for name in ("from_at", "to_at"))
        worked = any(from_at + SKEW < at < to_at - SKEW for at in self.worked_at)
        if not worked and to_at <= entry.recorded_at + SKEW:
            self.blind_until = [*self.blind_until, to_at][-MOST_OUTAGES:]

    def _note_delivery(self, key: str, row: Row, entry: Recorded) -> None:
        if row.get("message_id") not in self.messages:
            del self.deliveries[key]  # its message left the picture: another channel took it
            return
        self._of_message.setdefault(str(row["message_id"]), set()).add(key)
        if row.get("state") == "HANDED" and row.get("channel") != LOOPBACK:
            self.handed_at = entry.recorded_at

    def _doubt_removal(self, table: str, row: Row, entry: Recorded) -> None:
        if table == "watch.alarm":
            self._doubt("an alarm was removed", row, entry)
        elif table == "watch.deadline":
            self._doubt("a deadline was removed", row, entry)

    # --- what is settled is let go --------------------------------------------------------------

    def _settle(self, table: str, key: str, entry: Recorded) -> None:
        if table == "watch.deadline" and key in self.deadlines:
            self._settle_deadline(key, entry)
        elif table == "watch.alarm" and key in self.alarms:
            self._settle_alarm(key, entry)
        elif table == "comms.message" and key in self.messages:
            self._settle_message(key)

    def _settle_deadline(self, key: str, entry: Recorded) -> None:
        row = self.deadlines[key]
        state = row.get("state")
        if state == "OPEN":
            return
        if state == "MISSED" and not self.is_watched(str(row.get("subject_id"))):
            self._doubt("a deadline was missed without an alarm", row, entry)
        by_nobody = entry.device == WATCHKEEPER and not self.is_exercise(row)
        if state in ("MET", "CANCELLED") and by_nobody:
            self._doubt("a deadline was settled by nobody", row, entry)
        del self.deadlines[key]

    def _settle_alarm(self, key: str, entry: Recorded) -> None:
        row = self.alarms[key]
        if row.get("state") != "ENDED":
            return
        by, is_canary = row.get("ended_by_id"), row.get("kind") == CANARY
        if is_canary and by == str(STATION_KEY_ID):
            self.canary_ended_at = entry.recorded_at
        elif by == str(STATION_KEY_ID) and self.is_exercise(row):
            pass  # its time was over, or it was taken
        elif is_canary or by in (None, str(STATION_KEY_ID)) or entry.device == WATCHKEEPER:
            self._doubt("an alarm was ended by nobody", row, entry)
        del self.alarms[key]
        self._forget("watch.alarm", key, row)
        for message in list(self._of_alarm.get(key, ())):
            self._settle_message(message)

    def _settle_message(self, key: str) -> None:
        row = self.messages[key]
        if row.get("state") in UNSENT or _alarm_of(row) in self.alarms:
            return
        del self.messages[key]
        self._forget("comms.message", key, row)

    def _forget(self, table: str, key: str, row: Row) -> None:
        if table == "watch.alarm":
            _let_go(self._of_subject, str(row.get("subject_id")), key)
        elif table == "comms.delivery":
            _let_go(self._of_message, str(row.get("message_id")), key)
        elif table == "comms.message":
            for delivery in self._of_message.pop(key, ()):
                self.deliveries.pop(delivery, None)
            _let_go(self._of_alarm, _alarm_of(row), key)

    def _doubt(self, what: str, row: Row, entry: Recorded) -> None:
        subject = str(row.get("subject_id"))
        name = f"A-{row['number']}" if "number" in row else self.refs.get(subject, subject)
        self.doubts.append(Doubt(what=what, name=name, subject=subject, at=entry.recorded_at))


class _Forgetful(dict[str, Row]):
    """Takes the rows of a table of which only a column or two are remembered elsewhere."""


def _let_go(groups: dict[str, set[str]], name: str, key: str) -> None:
    """Take a key out of its group, and an empty group away."""
    group = groups.get(name, set())
    group.discard(key)
    if not group:
        groups.pop(name, None)


def _alarm_of(message: Row) -> str:
    """The id of the alarm that a message is about, "" where it is about none."""
    room, _, key = str(message.get("about", "")).partition(":")
    return key if room == "alarm" else ""
