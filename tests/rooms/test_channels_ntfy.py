"""ntfy, against a server on the loopback that publishes, refuses, hangs and answers nonsense."""

from __future__ import annotations

import base64
import dataclasses
import json

import pytest

from homeby.comms.channels import ChannelSettings, Handed, Refused, channel
from tests.rooms.test_channels_webhook import OUTGOING
from tests.sinks import HOST, free_port, http_sink

SETTINGS = ChannelSettings(webhook_allowed_hosts=(HOST,))


def send(address: str, *, timeout_seconds: float = 5, **changes):
    outgoing = dataclasses.replace(OUTGOING, to_address=address, **changes)
    return channel("NTFY", SETTINGS).send(outgoing, timeout_seconds=timeout_seconds)


def test_a_message_is_published_with_title_priority_and_link():
    with http_sink() as sink:
        assert send(sink.url("/alarms-4711")) == Handed(provider_ref="msg-1")
        send(sink.url("/alarms-4711"), urgent=False, link="")
    loud, quiet = sink.requests
    assert (loud.method, loud.path) == ("POST", "/")
    assert json.loads(loud.body) == {
        "topic": "alarms-4711",
        "title": OUTGOING.subject,
        "message": OUTGOING.text,
        "priority": 5,
        "tags": ["rotating_light"],
        "click": OUTGOING.link,
    }
    assert "authorization" not in loud.headers
    fields = json.loads(quiet.body)
    assert (fields["priority"], fields["tags"], "click" in fields) == (3, [], False)


def test_a_protected_topic_gets_its_token_or_name_and_password():
    with http_sink() as sink:
        bare = sink.url("/topic").removeprefix("http://")
        send(f"http://:tk_secret@{bare}")
        send(f"http://ines:pass@{bare}")
    token, pair = (request.headers["authorization"] for request in sink.requests)
    assert token == "Bearer tk_secret"
    assert base64.b64decode(pair.removeprefix("Basic ")) == b"ines:pass"


@pytest.mark.parametrize(
    ("status", "permanent", "says"),
    [
        ("401", True, "without the right token"),
        ("403", True, "without the right token"),
        ("400", True, "did not take"),
        ("413", True, "did not take"),
        ("429", False, "limit is reached"),
        ("500", False, "did not take"),
        ("507", False, "did not take"),
    ],
)
def test_its_own_words_say_why_it_refuses(status, permanent, says):
    with http_sink() as sink:
        sink.body = b'{"code": 42901, "http": 429, "error": "daily quota reached"}'
        sink.plan(status)
        result = send(sink.url("/s3cr3t-topic"))
    assert isinstance(result, Refused)
    assert result.permanent is permanent
    assert says in result.sentence
    assert "daily quota reached" in result.sentence
    assert "s3cr3t" not in result.sentence


@pytest.mark.parametrize("body", [b"", b"[" * 90_000, b"[1]", b'{"id": null}', b"\xff", b"<html>"])
@pytest.mark.parametrize("status", ["200", "502"])
def test_a_strange_answer_is_judged_by_its_status(status, body):
    with http_sink() as sink:
        sink.body = body
        sink.plan(status)
        result = send(sink.url("/topic"))
    assert isinstance(result, Handed if status == "200" else Refused)


@pytest.mark.parametrize("trouble", ["slow", "trickle", "reset", "lost", "rubbish", "redirect"])
def test_a_server_in_trouble_is_tried_again(trouble):
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(sink.url("/topic"), timeout_seconds=0.7)
    assert isinstance(result, Refused)
    assert not result.permanent
    assert f"The ntfy server at {HOST}:{sink.port}" in result.sentence


def test_a_server_that_is_down():
    result = send(f"http://{HOST}:{free_port()}/topic")
    assert isinstance(result, Refused)
    assert "takes no connections" in result.sentence


def test_a_long_text_stays_a_message_and_keeps_its_end():
    with http_sink() as sink:
        send(sink.url("/topic"), text="🏔" * 5000 + "Code to take it: 123456")
    message = json.loads(sink.requests[0].body)["message"]
    assert len(message.encode()) <= 4096
    assert message.endswith("Code to take it: 123456")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ntfy.sh/topic",
        "ntfy://ntfy.sh/topic",
        "https://ntfy.sh",
        "https://ntfy.sh/",
        "https://ntfy.sh/a/b",
        "https://ntfy.sh/a?x=1",
        "https://ntfy.sh/" + "a" * 65,
        "https://ntfy.sh/a b",
        "https://ntfy.sh:99999/a",
        "http://127.0.0.1/topic",
    ],
)
def test_an_address_that_cannot_work_is_said_before_sending(address):
    problem = channel("NTFY", ChannelSettings()).problem_with(address)
    assert problem
    assert problem.endswith(".")
