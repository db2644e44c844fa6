"""The outside heartbeat: bounded in time, honest about its answer, against real servers."""

from __future__ import annotations

import datetime as dt
import threading
import time

import pytest

from homeby import clock
from homeby.auditor.heartbeat import MOST_UNFINISHED, Heartbeat, Target, target
from tests.sinks import free_port, http_sink, raw_sink

AT = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def at(seconds: float) -> dt.datetime:
    return AT + dt.timedelta(seconds=seconds)


def settle(heart: Heartbeat, seconds: float) -> None:
    """Let the calls under way end, and take their answers."""
    for call in list(heart._unfinished):
        assert call.done.wait(5)
    heart.beat(agrees=None, at=at(seconds))


def test_it_calls_once_a_minute_while_they_agree_and_at_once_when_not() -> None:
    with http_sink() as sink:
        heart = Heartbeat(url=sink.url("/ping/abc?rid=1"))
        for second, agrees in ((0, True), (30, True), (60, True), (65, False), (70, False)):
            heart.beat(agrees=agrees, at=at(second))
            settle(heart, second)
        assert heart.well_at == at(60)
        assert "was told that something is wrong" in heart.answer
        heart.beat(agrees=True, at=at(75))
        settle(heart, 75)
        paths = [request.path for request in sink.requests]
    well, fail = "/ping/abc?rid=1", "/ping/abc/fail?rid=1"
    assert paths == [well, well, fail, well]
    assert {request.method for request in sink.requests} == {"GET"}


def test_it_beats_on_when_the_clock_was_set_back() -> None:
    with http_sink() as sink:
        heart = Heartbeat(url=sink.url("/ping"))
        for second in (0, -3600, -3590, -3540):
            heart.beat(agrees=True, at=at(second))
            settle(heart, second)
        assert len(sink.requests) == 3
        assert heart.well_at == at(-3540)


@pytest.mark.parametrize("counts", [True, False])
def test_the_hour_of_the_other_side_is_heard(counts: bool) -> None:
    """Its Date is a witness of our clock: tied to the count since boot, not to the wall clock."""
    with http_sink() as sink:
        heart = Heartbeat(url=sink.url(), count=time.monotonic if counts else None)
        heart.beat(agrees=True, at=AT)
        settle(heart, 1)
    assert (heart.heard is not None) == counts
    if heart.heard is not None:
        zero_at, counted = heart.heard
        said = zero_at + dt.timedelta(seconds=counted)
        assert abs((clock.wall_now() - said).total_seconds()) < 2


def test_without_a_verdict_or_an_address_it_is_silent() -> None:
    with http_sink() as sink:
        Heartbeat(url=sink.url()).beat(agrees=None, at=AT)
        Heartbeat(url="").beat(agrees=True, at=AT)
        assert sink.requests == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("404", "refused it (HTTP 404)"),
        ("503", "refused it (HTTP 503)"),
        ("302", "refused it (HTTP 302)"),
        ("reset", "broke the connection off"),
        ("rubbish", "not HTTP"),
    ],
)
def test_a_bad_answer_is_said_and_is_not_well(answer: str, words: str) -> None:
    with http_sink() as sink:
        sink.plan(answer)
        heart = Heartbeat(url=sink.url())
        heart.beat(agrees=True, at=AT)
        settle(heart, 1)
    assert words in heart.answer
    assert heart.well_at is None


def test_nobody_there_is_said() -> None:
    heart = Heartbeat(url=f"http://127.0.0.1:{free_port()}/x")
    heart.beat(agrees=True, at=AT)
    settle(heart, 1)
    assert "takes no connections" in heart.answer


def trickle(connection: object, closing: threading.Event) -> None:
    """A header that never ends, a byte now and then."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")  # type: ignore[attr-defined]
    while not closing.wait(0.05):
        connection.sendall(b"a")  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["hangs", "trickles"])
def test_an_address_that_hangs_holds_up_nothing_and_does_not_pile_up(kind: str) -> None:
    talk = trickle if kind == "trickles" else lambda connection, closing: closing.wait(20)
    with raw_sink(talk) as (host, port):
        heart = Heartbeat(url=f"http://{host}:{port}/x", call_seconds=0.3)
        threads = threading.active_count()
        began = time.monotonic()
        heart.beat(agrees=True, at=AT)
        assert time.monotonic() - began < 0.2
        threading.Event().wait(0.5)
        heart.beat(agrees=None, at=at(0.5))
        assert "did not answer in time" in heart.answer
        settle(heart, 1)
        assert heart._unfinished == []
        for _ in range(200):  # whoever has said that it is done may take a moment to leave
            if threading.active_count() <= threads + 1:
                break
            threading.Event().wait(0.01)
        assert threading.active_count() <= threads + 1
    assert heart.well_at is None


def test_calls_that_cannot_be_cut_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that hangs: nothing can be cut, and no more than three calls wait for it."""
    let_go = threading.Event()
    begun: list[int] = []

    def never(*_: object, **__: object) -> list[object]:
        begun.append(1)
        let_go.wait(20)
        raise OSError("at last")

    monkeypatch.setattr("socket.getaddrinfo", never)
    heart = Heartbeat(url="http://monitor.example/x", call_seconds=0.1)
    for minute in range(6):
        heart.beat(agrees=True, at=at(60 * minute))
    assert len(heart._unfinished) == MOST_UNFINISHED
    assert "still hang" in heart.answer
    let_go.set()
    settle(heart, 400)
    assert heart._unfinished == []
    assert len(begun) == MOST_UNFINISHED


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "begins with https://"),
        ("hc-ping.com/abc", "begins with https://"),
        ("ftp://a.example/x", "begins with https://"),
        ("https:///x", "begins with https://"),
        ("https://a.example:nonsense/x", "cannot be read"),
        ("https://[::1/x", "cannot be read"),
        ("https://a.example/x y", "space or a line break"),
        ("https://a.example/\r\nHost: b", "space or a line break"),
        (f"https://{'a' * 64}.example/x", "cannot be read"),
    ],
)
def test_a_wrong_address_is_a_sentence(url: str, words: str) -> None:
    found = target(url)
    assert isinstance(found, str)
    assert words in found


def test_the_failure_stands_behind_the_path() -> None:
    found = target("https://hc.example/ü/?a=b")
    assert isinstance(found, Target)
    assert found.request_path(fail=False) == "/%C3%BC/?a=b"
    assert found.request_path(fail=True) == "/%C3%BC/fail?a=b"
