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
from collections import Counter

import pytest

from tests import sinks

MISSIONS = 150
KILLING_SECONDS = 15.0
PATIENCE_SECONDS = 60.0


def run(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], env=environment, capture_output=True, text=True, timeout=100
    )


def alarms_told(sink: sinks.HttpSink) -> Counter[str]:
    """How often each alarm reached the officer by its number, in a message of its own or a list."""
    bodies = [json.loads(request.body) for request in list(sink.requests)]
    said = [f"{body['subject']}\n{body['text']}" for body in bodies]
    return Counter(name for text in said for name in set(re.findall(r"A-\d+", text)))


@pytest.mark.timeout(240)
def test_a_watchkeeper_that_dies_again_and_again_loses_no_alarm(
    station_environment: dict[str, str],
) -> None:
    own = station_environment | {
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
        told_while_dying = len(alarms_told(sink))
        until = time.monotonic() + PATIENCE_SECONDS
        while len(alarms_told(sink)) < MISSIONS and time.monotonic() < until:
            threading.Event().wait(0.2)
        keeper.communicate("")
        told = alarms_told(sink)
    verdict = run("-m", "homeby", "verify", "--json", environment=own)
    figures = json.loads(run("-m", "homeby", "status", "--json", environment=own).stdout)
    messages = len(sink.requests)
    distinct = len({json.loads(request.body)["key"] for request in sink.requests})
    sys.stdout.write(  # shown by pytest -s
        f"\n{kills} kills, {MISSIONS} due, {told_while_dying} told while dying, "
        f"{MISSIONS - len(told)} lost, {messages} messages, {messages - distinct} repeats\n"
    )
    assert kills >= 15
    assert told_while_dying > 0, "some were told between two deaths"
    assert len(told) == MISSIONS, "every alarm reached a human at least once"
    assert figures["alarms_open"] == MISSIONS, "and none was opened twice"
    assert json.loads(verdict.stdout)["difference"] is None
