"""Devices send over real HTTP to the web part as it runs, and the rows are looked at afterwards.

`python -m tests.rooms.intake_http` on a station of its own prints what came of it.
"""

from __future__ import annotations

import datetime as dt
import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.world import World

AT_ONCE = 12


def post(
    port: int, body: bytes, *, key: str = "", kind: str = "application/json", language: str = "en"
) -> tuple[int, Any]:
    """Status and JSON of one answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    headers = {"Content-Type": kind, "Accept-Language": language}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    try:
        line.request("POST", "/intake/v1/entries", body=body, headers=headers)
        answer = line.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        line.close()


def entry(mission: Any, **more: Any) -> dict[str, Any]:
    """A check-in as a device writes it."""
    return {"id": str(uuid.uuid4()), "act": "check_in", "mission": str(mission.pk)} | more


def body_of(*entries: Any) -> bytes:
    """A batch as it is sent."""
    return json.dumps({"entries": entries}).encode()


BAD: dict[str, tuple[bytes, str]] = {
    "truncated": (b'{"entries": [{"id": "', "application/json"),
    "empty": (b"", "application/json"),
    "huge": (b'{"entries": [' + b" " * 600_000 + b"]}", "application/json"),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "application/json"),
    "no list": (b'{"entries": 7}', "application/json"),
    "too many": (body_of(*({"id": "x"} for _ in range(201))), "application/json"),
    "a form": (b"entries=1", "application/x-www-form-urlencoded"),
    "no text": (b"\xff\xfe\x00", "application/json"),
    "not a number": (b'{"entries": [NaN]}', "application/json"),
    "a digit too many": (b'{"entries": [' + b"9" * 9000 + b"]}", "application/json"),
    "no entry": (body_of(None, 7, "x", [], {}), "application/json"),
    "no act": (body_of({"id": str(uuid.uuid4()), "act": ["check_in"]}), "application/json"),
    "half a character": (
        b'{"entries": [{"id": "\\ud800", "act": "help", "note": "\\ud800"}]}',
        "application/json",
    ),
    "a time without a zone": (
        body_of({"id": str(uuid.uuid4()), "act": "help", "happened_at": "2026-01-01T00:00:00"}),
        "application/json",
    ),
    "a time before all time": (
        body_of(
            {"id": str(uuid.uuid4()), "act": "help", "happened_at": "0001-01-01T00:00:00+14:00"}
        ),
        "application/json",
    ),
}


def ask(port: int, world: World) -> dict[str, Any]:
    """What is said to the station, and what it answers."""
    from homeby.missions.models import Mission
    from tests.rooms.devices import phone_of

    phone = phone_of(world, "agent")
    (mission,) = Mission.objects.all()
    found: dict[str, Any] = {"bad": {n: post(port, b, kind=k) for n, (b, k) in BAD.items()}}
    fine = entry(mission, sequence=1)
    found["first"] = post(port, body_of(fine), key=phone.key)
    found["again"] = post(port, body_of(fine), key=phone.key)
    found["mixed"] = post(port, body_of(entry(mission), {"id": 1}, fine), key=phone.key)
    old = entry(mission, happened_at="1901-01-01T00:00:00Z")
    found["1901"] = post(port, body_of(old), key=phone.key)
    answers: list[tuple[int, Any]] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(post(port, body_of(entry(mission)), key=phone.key))
        )
        for _ in range(AT_ONCE)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found["at once"] = [(status, told["answers"][0]["taken"]) for status, told in answers]
    phone.revoke()
    found["revoked"] = post(port, body_of(entry(mission)), key=phone.key)
    return found


def rows() -> dict[str, Any]:
    """What stands in the tables afterwards."""
    from homeby.logbook.models import Entry
    from homeby.logbook.verification import verify
    from homeby.missions.models import Mission, Unmatched
    from homeby.watch.models import Deadline

    return {
        "check_ins": Entry.objects.filter(kind="MISSION_CHECKED_IN").count(),
        "sequence": Entry.objects.filter(device_sequence=1).count(),
        "heard": Mission.objects.get().heard_at is not None,
        "open": sorted(
            Deadline.objects.filter(state="OPEN", subject__ref__startswith="mission:").values_list(
                "kind", flat=True
            )
        ),
        "unverified": Unmatched.objects.filter(is_unverified=True).count(),
        "difference": verify().difference,
    }


def main() -> None:
    """Build the village, start the web part, send, look."""
    import django

    django.setup()
    from django.db import connections

    from homeby import clock
    from homeby.missions.rules import PlanTimes
    from homeby.settings import current
    from homeby.station import start
    from tests.world import World

    start.prepare(settings=current())
    world = World(now=clock.now()).build()
    due_at = world.now.replace(microsecond=0) + dt.timedelta(hours=5)
    world.send_out("agent", times=PlanTimes(due_at=due_at, check_in_minutes=60))
    connections.close_all()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    web = subprocess.Popen(
        [sys.executable, "-m", "homeby.station.web_server"],
        env=os.environ | {"HOMEBY_PORT": str(port)},
        stdout=sys.stderr,
    )
    try:
        _until_it_listens(port, web)
        found = ask(port, world)
    finally:
        web.terminate()
        web.wait(timeout=15)
    json.dump(found | {"rows": rows()}, sys.stdout)


def _until_it_listens(port: int, web: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert web.poll() is None, "the web part ended"
        threading.Event().wait(0.1)
    raise AssertionError("the web part does not listen")


if __name__ == "__main__":
    main()
