"""A station of its own, its real intake, and what must hold whatever is sent to it.

The station is built once by the real actions and laid down again every `EPOCH` inputs, so that what
a fault needs is never more than one epoch. The clock stands still: an input means the same always.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import uuid
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connection, connections

from homeby import clock
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions.intake import UNKNOWN
from homeby.missions.rules import PlanTimes
from homeby.people.actions import proofs
from homeby.people.models import Device
from homeby.people.rules import Act, hash_of
from homeby.settings import current
from homeby.station import start
from homeby.web.intake.desk import desk_for
from homeby.web.intake.entries import Intake
from tests.fuzz.inputs import Request, entries_of, requests
from tests.rooms.devices import kiosk, phone_of
from tests.rooms.test_kiosk import ACTS as KIOSK_ACTS
from tests.rooms.test_kiosk import seal
from tests.world import World

EPOCH = 100
LIMIT_SECONDS = 20.0
AGAIN_EVERY = 4
#: Which 503 are written down in docs/guide/devices.md: the sentences that each begins with.
FULL = (
    "Too much of unknown devices is waiting.",
    "Too many devices send at once.",
    "The station cannot read what kiosks send just now.",
)
KEPT = ("counted", "again", "unverified")


class Fault(Exception):
    """What must hold did not; the text says what."""


class _Ear(logging.Handler):
    """Hears what the station would write into its log: a fault of ours hides behind no answer."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


class Door:
    """The station and its intake. `send` is the target: it raises Fault."""

    def __init__(self) -> None:
        self.inputs = self._epochs = 0
        self.taken = dict.fromkeys((*KEPT, "refused"), 0)
        self.statuses: dict[int, int] = {}
        self.history: list[bytes] = []
        self._loop = asyncio.new_event_loop()
        self._ear = _Ear()
        logging.getLogger("homeby").addHandler(self._ear)
        self._build()
        self.renew()

    def _build(self) -> None:
        start.prepare(settings=current())
        world = World().build()
        soon = PlanTimes(due_at=world.now + dt.timedelta(hours=5), check_in_minutes=60)
        world.add("lynx", callsign="Lynx")
        proofs.set_pin(pin="4711", by=world.as_("lynx"), now=world.now, tap=new_tap())
        proofs.add_badge(
            person_id=world.people["lynx"],
            name="card",
            code="04A2B8",
            by=world.as_("admin"),
            now=world.now,
            tap=new_tap(),
        )
        missions = {
            "back": world.send_out("outsider"),
            "out": world.send_out("agent", "mate", times=soon),
        }
        world.sign_in("outsider")
        missions["alone"] = world.send_out("lynx", due_minutes=300)
        missions["planned"] = world.plan("mate", "agent", "outsider", due_minutes=400)
        missions["again"] = world.send_out("outsider", "deputy", due_minutes=400)
        narrow = phone_of(world, "mate", acts=(Act.CHECK_IN, Act.HELP))
        keys = {
            "phone": phone_of(world, "mate").key,
            "leader": phone_of(world, "agent").key,
            "narrow": narrow.key,
            "kiosk": kiosk(world, acts=KIOSK_ACTS).key,
        }
        for name, device in (("revoked", phone_of(world, "mate")), ("revoked-kiosk", kiosk(world))):
            device.revoke()
            keys[name] = device.key
        ids = world.people | {name: one.pk for name, one in missions.items()}
        ids["nowhere"] = uuid.UUID(int=1)
        self.words = {f"<{k}>".encode(): str(v).encode() for k, v in (keys | ids).items()}
        devices = {one.key_hash: one.pk for one in Device.objects.all()}
        self._devices = {key: devices.get(hash_of(key), "") for key in keys.values()}
        self._now = world.now + dt.timedelta(minutes=30)
        connections.close_all()
        self._path = Path(str(connection.settings_dict["NAME"]))
        self._file = self._path.read_bytes()
        clock.now = lambda: self._now

    def renew(self) -> None:
        """The station as it was built, and a new intake before it."""
        connection.close()
        for beside in ("", "-wal", "-shm"):
            Path(f"{self._path}{beside}").unlink(missing_ok=True)
        self._epochs += 1  # another file: a thread of the last intake may hold that one still
        self._path = self._path.with_name(f"{self._epochs}.sqlite3")
        self._path.write_bytes(self._file)
        connection.settings_dict["NAME"] = str(self._path)  # all threads share the dict
        cache.clear()
        self._intake = Intake(desk=desk_for(vendor="sqlite"))
        self._known: dict[int, tuple[Any, ...]] = {}
        self._look()
        self.history = []

    def end(self) -> None:
        """The end of an epoch: nothing waits, and the logbook explains every row."""
        desk = self._intake._desk
        self._intake.close()
        for thread in [*desk._threads, *self._intake._prover._threads]:
            thread.join(LIMIT_SECONDS)
            self._must(not thread.is_alive(), "a thread of the intake did not end")
        self._must(not desk._line and not desk._busy, "something still waits at the desk")
        self._must(not asyncio.all_tasks(self._loop), "a task was left over")
        self._look(all_of_them=True)
        self._must(verify().difference is None, f"the logbook differs: {verify().difference}")

    def send(self, data: bytes) -> None:
        """One input, and all that must hold after it. Raises Fault."""
        if len(self.history) >= EPOCH:
            self.end()
            self.renew()
        self.inputs += 1
        self.history.append(data)
        self._ear.heard.clear()
        asked = requests(data, self.words, seal)
        before = len(self._known)
        told = self._answered(asked)
        self._look()
        for request, (status, content) in zip(asked, told, strict=True):
            self._judge(request, status, content)
        self._must(not self._ear.heard, "the log says: " + "\n".join(self._ear.heard))
        if len(asked) == 1 and not _new(told):
            self._must(before == len(self._known), "it says that nothing is new, and something is")
        if self.inputs % AGAIN_EVERY == 0:
            self._once_more(asked, told)

    def _once_more(self, asked: list[Request], told: list[tuple[int, Any]]) -> None:
        """The answers were lost, and it is sent again: what was kept is kept, and not twice."""
        again = self._answered(asked)
        for (_status, first), (status, second) in zip(told, again, strict=True):
            if not _lines(first) or not _lines(second):
                self._must(not _lines(first) or status == 503, f"first answered, then {status}")
                continue
            for one, other in zip(_lines(first), _lines(second), strict=True):
                kept = one["taken"] not in KEPT or other["taken"] == "again"
                self._must(kept, f"sent again it is not again: {one}, {other}")
        self._look(all_of_them=True)

    def _answered(self, asked: list[Request]) -> list[tuple[int, Any]]:
        async def all_of_them() -> list[list[Any]]:
            async with asyncio.timeout(LIMIT_SECONDS):
                return await asyncio.gather(*[_call(self._intake, one) for one in asked])

        try:
            sent = self._loop.run_until_complete(all_of_them())
        except TimeoutError:
            raise Fault(f"no answer within {LIMIT_SECONDS} s") from None
        return [self._read(one) for one in sent]

    def _read(self, sent: list[Any]) -> tuple[int, Any]:
        """Status and content of an answer; nothing where the device had hung up."""
        if not sent:
            return 0, None
        body = b"".join(one.get("body", b"") for one in sent)
        status = int(sent[0]["status"])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        try:
            content = json.loads(body.decode())
        except ValueError:
            raise Fault(f"{status} is no readable JSON: {body[:200]!r}") from None
        self._must(isinstance(content, dict), f"{status} is no object: {content}")
        return status, content

    def _judge(self, request: Request, status: int, content: Any) -> None:
        if not status:
            return
        if status not in (200, 422):
            sentence = content.get("sentence")
            self._must(isinstance(sentence, str) and sentence, f"{status} says nothing")
            self._must(status in (400, 405, 413, 415, 503), f"status {status}")
            if status == 503 and not any(k == b"accept-language" for k, _v in request.headers):
                self._must(sentence.startswith(FULL), f"503: {sentence}")
            return
        entries, lines = entries_of(request.body), content.get("answers", [])
        self._must(len(entries) == len(lines), f"{len(entries)} entries, {len(lines)} answers")
        ids = {row[0] for row in self._known.values()}
        for entry, line in zip(entries, lines, strict=True):
            self.taken[line["taken"]] += 1
            self._must(bool(line["sentence"]), f"an answer without a sentence: {line}")
            sent = entry.get("id") if isinstance(entry, dict) else None
            if line["taken"] in KEPT:
                key = uuid.UUID(str(sent))
                self._must(line["id"] == str(key), f"the answer is another's: {sent}, {line}")
                kept = ids & {key, *self._unverified(key)}
                self._must(bool(kept), f"it says {line['taken']}, and the logbook has no {key}")

    def _unverified(self, key: uuid.UUID) -> set[uuid.UUID]:
        """Under which ids it is kept where its source is not known."""
        devices = {"", *map(str, self._devices.values())}
        return {uuid.uuid5(UNKNOWN, f"{key}/{one}") for one in devices}

    def _look(self, *, all_of_them: bool = False) -> None:
        """Read what is new in the logbook, or all of it: what was there stands as it was."""
        since = 0 if all_of_them else max(self._known, default=0)
        rows = Entry.objects.filter(number__gt=since).values_list(
            "number", "entry_id", "kind", "subject", "happened_at", "body_hash", "content__body"
        )
        found = {row[0]: row[1:] for row in rows}
        if all_of_them:
            for number, row in self._known.items():
                self._must(found.get(number) == row, f"entry {number} was changed: {row}")
        self._known |= found

    def _must(self, holds: object, otherwise: str) -> None:
        if not holds:
            raise Fault(otherwise)


def _lines(content: Any) -> list[Any]:
    return list(content.get("answers", [])) if content else []


def _new(told: list[tuple[int, Any]]) -> bool:
    """Whether something may be in the logbook that was not there before."""
    ((status, content),) = told
    taken = {line["taken"] for line in _lines(content)}
    return status in (0, 503) or bool(taken & {"counted", "unverified"})


async def _call(intake: Intake, request: Request) -> list[Any]:
    inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    size = -(-len(request.body) // request.pieces) or 1
    pieces = [request.body[at : at + size] for at in range(0, len(request.body), size)] or [b""]
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        more = not last or request.hangs_up
        inbox.put_nowait({"type": "http.request", "body": piece, "more_body": more})
    inbox.put_nowait({"type": "http.disconnect"})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": request.method, "path": "/intake/v1/entries"}
    await intake({**scope, "query_string": b"", "headers": request.headers}, inbox.get, send)
    return sent
