"""Promise 2: killing any process at any moment loses no alarm. A message may come twice, never not
at all. The short form of the kill loop: a burst of overdue missions while the watchkeeper dies
several times a second, on the database of the run, with durable receipts at a real HTTP server.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time

import pytest

from tests import sinks

MISSIONS = 100
KILLING_SECONDS = 8.0
PATIENCE_SECONDS = 60.0


def run(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, timeout=100
    )


def parties_told(sink: sinks.HttpSink) -> set[str]:
    """The parties that were asked whether they are back, by the number in their address."""
    return {request.path for request in list(sink.requests) if "unit=" in request.path}


def named(sink: sinks.HttpSink) -> set[str]:
    """The parties of which the officer was told, one by one or in a list."""
    to_officer = [request for request in list(sink.requests) if "unit=" not in request.path]
    texts = [json.loads(request.body) for request in to_officer]
    return {one for text in texts for one in re.findall(r"U\d{3}", text["subject"] + text["text"])}


def all_told(sink: sinks.HttpSink) -> bool:
    return len(parties_told(sink)) == len(named(sink)) == MISSIONS


@pytest.mark.timeout(240)
def test_a_watchkeeper_that_dies_again_and_again_loses_no_alarm(
    founded_environment: dict[str, str],
) -> None:
    own = founded_environment | {
        "DJANGO_SETTINGS_MODULE": "homeby.django_settings",
        "HOMEBY_WEBHOOK_ALLOWED_HOSTS": "127.0.0.1",
    }
    with sinks.http_sink() as sink:
        built = run(
            "-m", "tests.promises.killing", "build", sink.url(), str(MISSIONS), environment=own
        )
        assert built.returncode == 0, built.stderr
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.killing", "keep", "1", str(KILLING_SECONDS)],
            env=own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert keeper.stdout is not None
        kills = int(keeper.stdout.readline())
        told_while_dying = len(parties_told(sink))
        until = time.monotonic() + PATIENCE_SECONDS
        while not all_told(sink) and time.monotonic() < until:
            threading.Event().wait(0.2)
        keeper.communicate("")
        told, told_of = parties_told(sink), named(sink)
    verdict = run("-m", "homeby", "verify", "--json", environment=own)
    figures = json.loads(run("-m", "homeby", "status", "--json", environment=own).stdout)
    messages = len(sink.requests)
    distinct = len({json.loads(request.body)["key"] for request in sink.requests})
    sys.stdout.write(  # shown by pytest -s
        f"\n{kills} kills, {MISSIONS} due, {told_while_dying} told while dying, "
        f"{2 * MISSIONS - len(told) - len(told_of)} lost, {messages} messages, "
        f"{messages - distinct} repeats\n"
    )
    assert kills >= 8
    assert told_while_dying > 0, "some were told between two deaths"
    assert len(told) == MISSIONS, "every party was asked at least once"
    assert len(told_of) == MISSIONS, "every alarm reached the officer at least once"
    assert figures["alarms_open"] == MISSIONS, "and none was opened twice"
    assert json.loads(verdict.stdout)["difference"] is None
