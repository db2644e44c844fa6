"""The supervisor: starts again what is killed, stops all together, and leaves no orphan."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from homeby import clock, output
from homeby.settings import Settings
from homeby.station import supervisor

#: A child that writes its number down and waits. `STUBBORN` will not hear SIGTERM.
_CHILD = """
import os, signal, sys
from homeby.station import lifeline
lifeline.hold_if_asked()
if "stubborn" in sys.argv:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "helper" in sys.argv and os.fork() == 0:
    open(sys.argv[1] + "-helper", "w").write(str(os.getpid()))
    signal.pause()
if "short" in sys.argv:
    sys.exit(3)
open(sys.argv[1], "a").write(f"{os.getpid()}\\n")
while True:
    signal.pause()
"""

_SUPERVISOR = """
import json, sys
from homeby.settings import Settings
from homeby.station import supervisor
told = json.loads(sys.argv[1])
children = [supervisor.Child(name=name, command=tuple(command)) for name, command in told]
try:
    supervisor.run(settings=Settings(port=int(sys.argv[2])), children=children)
except supervisor.CannotStart as refusal:
    sys.exit(str(refusal))
"""

Start = Callable[..., "Station"]


class Station:
    """A supervisor as a process of its own, with dummy children that write their numbers down."""

    def __init__(self, *, folder: Path, children: dict[str, tuple[str, ...]]) -> None:
        self.folder = folder
        commands = [
            (name, [sys.executable, "-c", _CHILD, str(folder / name), *words])
            for name, words in children.items()
        ]
        self.log = folder / "log"
        self.process = subprocess.Popen(
            [sys.executable, "-c", _SUPERVISOR, json.dumps(commands), str(_free_port())],
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOMEBY_LOG_FORMAT": "text"},
        )

    def numbers(self, name: str) -> list[int]:
        """The process numbers that this child had so far."""
        try:
            return [int(line) for line in (self.folder / name).read_text().split()]
        except FileNotFoundError:
            return []

    def has_begun(self, name: str) -> bool:
        """Whether this child has written its number down."""
        return bool(self.numbers(name))

    def said(self) -> str:
        return self.log.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, 0)
            return not Path("/proc/self").exists()
        return False
    return state != "Z"


def _until(happened: Callable[[], bool], *, seconds: float = 15) -> float:
    """Wait until it happened, and say after how many seconds; fail when it does not."""
    begun = clock.real_now()
    while not happened():
        clock.wait(seconds=0.02, stop=threading.Event())
        assert (clock.real_now() - begun).total_seconds() < seconds, "it did not happen in time"
    return (clock.real_now() - begun).total_seconds()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    stations: list[Station] = []

    def begin(**children: tuple[str, ...]) -> Station:
        station = Station(folder=tmp_path, children=children)
        stations.append(station)
        for name, words in children.items():
            if "short" not in words:
                _until(functools.partial(station.has_begun, name))
        return station

    yield begin
    for station in stations:
        station.process.terminate()  # it ends what its children started, too
        station.process.wait(timeout=10)


def test_a_killed_child_is_started_again_and_the_other_is_left_alone(start: Start) -> None:
    station = start(web=(), watchkeeper=())
    os.kill(station.numbers("watchkeeper")[0], signal.SIGKILL)
    _until(lambda: len(station.numbers("watchkeeper")) == 2)
    assert len(station.numbers("web")) == 1
    assert "watchkeeper ended (killed by SIGKILL); starting it again in 0.4 s" in station.said()


def test_what_a_killed_child_had_started_is_ended_before_it_starts_again(start: Start) -> None:
    station = start(web=("helper",))
    _until(lambda: bool(station.numbers("web-helper")))
    helper = station.numbers("web-helper")[0]
    os.kill(station.numbers("web")[0], signal.SIGKILL)
    _until(lambda: len(station.numbers("web")) == 2)
    assert not _alive(helper), "it would still hold the port"


def test_the_pause_doubles_while_a_child_keeps_ending(start: Start) -> None:
    station = start(watchkeeper=("short",))
    _until(lambda: "again in 1.6 s" in station.said())
    pauses = re.findall(r"left with code 3\); starting it again in ([\d.]+) s", station.said())
    assert pauses == ["0.4", "0.8", "1.6"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_stops_all_at_once(start: Start, number: signal.Signals) -> None:
    station = start(web=(), watchkeeper=())
    children = station.numbers("web") + station.numbers("watchkeeper")
    station.process.send_signal(number)
    assert station.process.wait(timeout=5) == 0
    assert not any(_alive(child) for child in children)
    assert station.said().splitlines()[-2:] == [
        line for line in station.said().splitlines() if line.endswith(("stopping", "stopped"))
    ]


def test_a_child_that_will_not_stop_is_ended_within_five_seconds(start: Start) -> None:
    station = start(web=("stubborn",), watchkeeper=())
    station.process.terminate()
    assert station.process.wait(timeout=5) == 0
    assert not _alive(station.numbers("web")[0])


def test_asked_twice_it_does_not_wait(start: Start) -> None:
    station = start(web=("stubborn",))
    station.process.terminate()
    _until(lambda: "stopping" in station.said())
    station.process.terminate()
    station.process.wait(timeout=2)
    assert not _alive(station.numbers("web")[0])


@pytest.mark.parametrize("words", [(), ("stubborn",)])
def test_children_leave_when_the_supervisor_is_killed(start: Start, words: tuple[str, ...]) -> None:
    station = start(web=words, watchkeeper=())
    children = station.numbers("web") + station.numbers("watchkeeper")
    station.process.kill()
    station.process.wait()
    _until(lambda: not any(_alive(child) for child in children), seconds=8)


def test_a_child_that_cannot_be_started_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    child = supervisor.Child(name="watchkeeper", command=(str(tmp_path / "nothing"),))
    log = output.to_standard_output(supervisor.LOG, "text")
    keeper = supervisor._Supervisor(settings=Settings(port=_free_port()), log=log)

    async def briefly() -> None:
        asyncio.get_running_loop().call_later(0.2, keeper._stop.set)
        await keeper._keep(child)

    asyncio.run(briefly())
    said = capsys.readouterr().out
    assert "watchkeeper ended (it cannot be started: No such file" in said


def test_what_works_by_a_pace_is_started_again_and_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not at once, not when the station has stopped; one that did not end well is named, and one
    that takes too long is ended."""
    done = tmp_path / "done"
    work = f"import sys, time; open({str(done)!r}, 'a').write('x'); sys.exit(3)"
    slow = f"import time; open({str(done)!r}, 'a').write('y'); time.sleep(60)"
    log = output.to_standard_output(supervisor.LOG, "text")
    keeper = supervisor._Supervisor(settings=Settings(port=_free_port()), log=log)

    def child(code: str, every_seconds: float) -> supervisor.Child:
        command = (sys.executable, "-Sc", code)
        return supervisor.Child(
            name="retention", command=command, every_seconds=every_seconds, first_seconds=0.01
        )

    async def until(text: str, one: supervisor.Child) -> None:
        work = asyncio.create_task(keeper._repeat(one))
        async with asyncio.timeout(20):
            while text not in (done.read_text() if done.exists() else ""):
                await asyncio.sleep(0.01)
        keeper._stop.set()
        await work

    asyncio.run(until("xx", child(work, 0.4)))
    assert "retention did not end well (it left with code 3)" in capsys.readouterr().out
    keeper._stop = asyncio.Event()
    asyncio.run(until("yy", child(slow, 0.4)))
    assert "retention did not end well (killed by SIGTERM)" in capsys.readouterr().out


def test_the_station_looks_every_hour_what_is_to_be_asked_for_and_to_be_erased() -> None:
    paced = {one.name: one for one in supervisor.usual_children() if one.every_seconds}
    assert set(paced) == {"hourly"}, "everybody else stays"
    assert paced["hourly"].command[1:] == ("-m", "homeby", "hourly")
    assert paced["hourly"].every_seconds <= 3600


def test_a_port_that_is_taken_is_a_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(supervisor.CannotStart, match=f"Port {port} is already taken"):
            supervisor.refuse_taken_port(host="127.0.0.1", port=port)


def test_a_host_that_is_not_ours_is_a_sentence() -> None:
    with pytest.raises(supervisor.CannotStart, match=r"Nobody can listen on 192\.0\.2\.1"):
        supervisor.refuse_taken_port(host="192.0.2.1", port=_free_port())


def test_a_free_port_may_be_used() -> None:
    supervisor.refuse_taken_port(host="127.0.0.1", port=_free_port())
