"""Apprise addresses, with the JSON service at a real web server on the loopback."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import logging
import socket
import subprocess
import sys

import pytest

from homeby.comms.channels import ChannelSettings, Handed, Outgoing, Refused, channel
from homeby.comms.channels import apprise as adapter
from tests.sinks import HOST, free_port, http_sink

SETTINGS = ChannelSettings(webhook_allowed_hosts=(HOST,))
OUTGOING = Outgoing(
    key="alarm/A-1042/1/mira/apprise",
    to_address="",
    subject="OVERDUE: Falke",
    text="Falke is not back. Code 4711.",
    link="https://homeby.example.org/m/secret",
    urgent=True,
    from_name="North hut",
    sent_as="ALARM",
    written_at=dt.datetime(2026, 3, 1, 14, 31, tzinfo=dt.UTC),
)
TELEGRAM = "tgram://123456789:s3cr3t_s3cr3t_s3cr3t_s3cr3t_s3cr3t/12345"
DISCORD = "discord://12345678901234567/s3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3ts3cr3t"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def send(address: str, *, chosen=SETTINGS, timeout_seconds: float = 10, **changes):
    outgoing = dataclasses.replace(OUTGOING, to_address=address, **changes)
    return channel("APPRISE", chosen).send(outgoing, timeout_seconds=timeout_seconds)


def problem(address: str, chosen=SETTINGS) -> str | None:
    return channel("APPRISE", chosen).problem_with(address)


def test_apprise_is_not_loaded_before_it_is_needed():
    code = (
        "import sys; from homeby.comms.channels import ChannelSettings, channel;"
        "channel('APPRISE', ChannelSettings()); sys.exit('apprise' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_message_arrives():
    with http_sink() as sink:
        result = send(sink.url("/hook", scheme="json"))
    assert isinstance(result, Handed)
    body = json.loads(sink.requests[0].body)
    assert body["title"] == OUTGOING.subject
    assert body["message"] == f"{OUTGOING.text}\n\n{OUTGOING.link}"
    assert body["type"] == "warning"


@pytest.mark.parametrize("status", ["400", "404", "429", "500", "503"])
def test_a_refusal_names_the_status_and_is_tried_again(status):
    with http_sink() as sink:
        sink.plan(status)
        result = send(sink.url("/hook/s3cr3t", scheme="json"))
        assert len(sink.requests) == 1
    assert result == Refused(
        sentence=f"The service behind json:// did not take the message (HTTP {status}).",
        permanent=False,
    )


@pytest.mark.parametrize("trouble", ["reset", "lost"])
def test_a_broken_line(trouble):
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(sink.url("/hook", scheme="json"))
    assert isinstance(result, Refused)
    assert not result.permanent


def test_a_server_that_is_down():
    result = send(f"json://{HOST}:{free_port()}/")
    assert isinstance(result, Refused)
    assert not result.permanent


@pytest.mark.parametrize("trouble", ["slow", "trickle"])
def test_a_slow_service_is_left_after_the_whole_time(trouble):
    adapter._library()  # loading it takes part of the time
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(sink.url(scheme="json"), timeout_seconds=1)
    assert isinstance(result, Refused)
    assert not result.permanent
    # The service's own limit and ours end in the same moment; either may speak.
    ours, its_own = "did not answer within 1 s", "did not take the message or cannot be reached"
    assert ours in result.sentence or its_own in result.sentence


def test_what_an_address_may_not_ask_for():
    """ "optional" would report a failure as a success; retries and redirects are not its choice."""
    with http_sink() as sink, http_sink() as elsewhere:
        sink.redirect_to = elsewhere.url()
        sink.plan("503", "redirect")
        wishes = "/hook?optional=yes&retry=3&wait=1&redirect=yes"
        for _ in range(2):
            assert isinstance(send(sink.url(wishes, scheme="json")), Refused)
    assert len(sink.requests) == 2
    assert elsewhere.requests == []


def test_a_long_text_loses_its_middle_and_keeps_code_and_link():
    long_name = "Ünïcødé 山岳 🏔 " * 4000
    with http_sink() as sink:
        text = f"{long_name} is not back. Code 4711."
        assert isinstance(send(sink.url(scheme="json"), subject=long_name, text=text), Handed)
    body = json.loads(sink.requests[0].body)
    assert len(body["title"]) <= 200
    assert body["message"].endswith(f"Code 4711.\n\n{OUTGOING.link}")
    assert body["message"].startswith("Ünïcødé 山岳 🏔")
    assert len(body["message"]) <= 32768


@pytest.mark.parametrize(
    ("status", "permanent"),
    [("NOMATCH", True), ("TIMEOUT", False), ("FAILURE", False), ("PARTIAL", False), ("NEW", False)],
)
def test_every_other_result_is_a_refusal(status, permanent):
    result = adapter.verdict(status, who="The service", said="token s3cr3t", seconds=5)
    assert isinstance(result, Refused)
    assert result.permanent is permanent
    assert "s3cr3t" not in result.sentence


def test_nomatch_from_apprise_itself_is_a_permanent_refusal():
    """The status really comes from the library, so a renamed one would be noticed."""
    result = adapter._library().Apprise().notify(body="nobody is loaded")
    assert result.status.name == "NOMATCH"
    refused = adapter.verdict(result.status.name, who="x", said="", seconds=1)
    assert isinstance(refused, Refused)
    assert refused.permanent


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("", "begins with its service"),
        ("just words", "without spaces"),
        ("ines@example.org", "begins with its service"),
        ("nosuchthing://token/s3cr3t", "knows no service nosuchthing://"),
        ("file:///etc/passwd", "not name files"),
        ("include://example.org", "not a file or a configuration"),
        ("config://example.org", "not a file or a configuration"),
        ("https://example.org/config.yml", "meant as a webhook"),
        ("tgram://s3cr3t", "something is missing"),
        (f"{TELEGRAM}/67890", "2 targets"),
        ("ntfys://example.org/one/two", "2 targets"),
        (f"json://{HOST}/?verify=no", "verify=no"),
        ("dbus://", "on this machine"),
        ("syslog://", "on this machine"),
        ("macosx://", "on this machine"),
        ("fcm://project@key/device?keyfile=/etc/passwd", "not name files"),
        ("mailto://u:p@example.org?pgppub=/etc/passwd", "not name files"),
        (f"{DISCORD}?template=/etc/passwd", "something is missing"),
        (f"{SLACK}?template=https://example.org/t.json", "something is missing"),
        (f"json://{HOST}/\r\nX: y", "without spaces"),
        ("json://" + "a" * 3000, "too long"),
    ],
)
def test_an_address_that_cannot_work_is_said_before_sending(address, word):
    sentence = problem(address)
    assert sentence
    assert word in sentence
    assert "s3cr3t" not in sentence
    assert "passwd" not in sentence
    assert send(address) == Refused(sentence=sentence, permanent=True)


@pytest.mark.parametrize(
    "address",
    [
        TELEGRAM,
        DISCORD,
        SLACK,
        "ntfys://topic",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        f"ntfy://{HOST}/topic?retry=3",
    ],
)
def test_an_address_that_can_work(address):
    assert problem(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "json://localhost/",
        "json://127.0.0.1/",
        "ntfy://192.168.1.4/topic",
        "mailto://u:p@example.org?smtp=10.0.0.1",
    ],
)
def test_no_message_goes_into_the_station_s_own_network_unless_an_administrator_says_so(address):
    sentence = problem(address, ChannelSettings())
    assert sentence
    assert "webhook_allowed_hosts" in sentence


def test_an_outer_name_with_an_inner_address(monkeypatch):
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **rest: real(HOST, port, **rest))
    result = send("json://hook.example.org/", chosen=ChannelSettings())
    assert isinstance(result, Refused)
    assert result.permanent


def test_only_the_allowed_services():
    chosen = ChannelSettings(apprise_allowed_schemes=("ntfys", "TGRAM"))
    assert problem(TELEGRAM, chosen) is None
    sentence = problem(DISCORD, chosen)
    assert sentence
    assert "apprise_allowed_schemes" in sentence


def test_no_token_reaches_the_log(caplog):
    with caplog.at_level(logging.DEBUG), http_sink() as sink:
        sink.plan("503")
        send(sink.url("/s3cr3t-path?x=s3cr3t", scheme="json"))
        send("tgram://s3cr3t")
        send("nosuch://s3cr3t")
    assert "s3cr3t" not in caplog.text
