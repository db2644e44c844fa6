"""Webhooks, against a real web server on the loopback."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import hmac
import json
import socket

import pytest

from homeby.comms.channels import ChannelSettings, Handed, Outgoing, Refused, channel
from tests.certificates import certificate
from tests.sinks import HOST, free_port, http_sink, raw_sink

SETTINGS = ChannelSettings(
    webhook_secret="shared", webhook_allowed_hosts=(HOST, "localhost", "hook.invalid")
)
OUTGOING = Outgoing(
    key="alarm/A-1042/1/mira/webhook",
    to_address="",
    subject="OVERDUE: Falke",
    text="Falke is not back.",
    link="https://homeby.example.org/m/secret",
    urgent=True,
    from_name="North hut",
    sent_as="ALARM",
    written_at=dt.datetime(2026, 3, 1, 14, 31, tzinfo=dt.UTC),
)


def send(address: str, *, chosen=SETTINGS, timeout_seconds: float = 5, **changes):
    outgoing = dataclasses.replace(OUTGOING, to_address=address, **changes)
    return channel("WEBHOOK", chosen).send(outgoing, timeout_seconds=timeout_seconds)


def test_a_message_is_posted_with_its_key_and_a_signature():
    with http_sink() as sink:
        result = send(sink.url("/hook?room=a b".replace(" ", "%20")))
    assert result == Handed(provider_ref="msg-1")
    [request] = sink.requests
    assert (request.method, request.path) == ("POST", "/hook?room=a%20b")
    assert request.headers["idempotency-key"] == OUTGOING.key
    assert request.headers["content-type"] == "application/json"
    assert json.loads(request.body) == {
        "key": OUTGOING.key,
        "subject": OUTGOING.subject,
        "text": OUTGOING.text,
        "link": OUTGOING.link,
        "urgent": True,
        "from_name": "North hut",
        "sent_as": "ALARM",
        "written_at": "2026-03-01T14:31:00+00:00",
    }
    seconds, _, mine = request.headers["homeby-signature"].partition(",v1=")
    signed = seconds.removeprefix("t=").encode() + b"." + request.body
    assert mine == hmac.new(b"shared", signed, hashlib.sha256).hexdigest()
    assert seconds == f"t={int(OUTGOING.written_at.timestamp())}"


def test_without_a_secret_there_is_no_signature_and_a_resend_is_the_same():
    unsigned = dataclasses.replace(SETTINGS, webhook_secret="")
    with http_sink() as sink:
        send(sink.url(), chosen=unsigned)
        send(sink.url(), chosen=unsigned)
    one, two = sink.requests
    assert "homeby-signature" not in one.headers
    assert (one.body, one.headers) == (two.body, two.headers)


@pytest.mark.parametrize(
    ("status", "permanent"),
    [
        *((code, True) for code in ("400", "401", "403", "404", "410", "418", "422", "451")),
        *((code, False) for code in ("408", "425", "429", "500", "502", "503", "599")),
    ],
)
def test_what_a_status_means(status, permanent):
    with http_sink() as sink:
        sink.plan(status)
        result = send(sink.url("/hook/s3cr3t-token"))
    assert isinstance(result, Refused)
    assert result.permanent is permanent
    assert f"HTTP {status}" in result.sentence
    assert f"{HOST}:{sink.port}" in result.sentence
    assert "s3cr3t" not in result.sentence


@pytest.mark.parametrize("status", ["200", "201", "202", "204"])
def test_every_2xx_is_handed(status):
    with http_sink() as sink:
        sink.body = b"" if status == "204" else b"thank you"
        sink.plan(status)
        assert send(sink.url()) == Handed(provider_ref=f"HTTP {status}")


def test_a_redirect_is_not_followed():
    with http_sink() as sink, http_sink() as elsewhere:
        sink.redirect_to = elsewhere.url()
        sink.plan("redirect")
        result = send(sink.url())
    assert isinstance(result, Refused)
    assert not result.permanent
    assert "HTTP 307" in result.sentence
    assert elsewhere.requests == []


@pytest.mark.parametrize("trouble", ["slow", "trickle"])
def test_a_slow_server_is_left_after_the_whole_time(trouble):
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(sink.url(), timeout_seconds=0.7)
        assert result == Refused(
            sentence=f"The webhook at {HOST}:{sink.port} did not answer within 0.7 s.",
            permanent=False,
        )


def test_a_status_counts_even_when_the_rest_of_the_answer_never_comes():
    with http_sink() as sink:
        sink.plan("slow body")
        assert send(sink.url(), timeout_seconds=0.7) == Handed(provider_ref="HTTP 200")


@pytest.mark.parametrize("trouble", ["reset", "lost"])
def test_a_broken_line_is_tried_again_under_the_same_key(trouble):
    with http_sink() as sink:
        sink.plan(trouble)
        result = send(sink.url())
        assert isinstance(result, Refused)
        assert not result.permanent
        assert "broke the connection off" in result.sentence
        assert isinstance(send(sink.url()), Handed)
    assert {request.headers["idempotency-key"] for request in sink.requests} == {OUTGOING.key}
    assert len(sink.requests) == (2 if trouble == "lost" else 1)


def test_an_answer_without_end_is_not_read_to_the_end():
    with http_sink() as sink:
        sink.plan("huge")
        assert isinstance(send(sink.url()), Handed)


@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"id": {"a": 1}}', b'{"id": null}', b"\xff\xfe", b"{", b"12"]
)
def test_a_strange_answer_body_changes_nothing(body):
    with http_sink() as sink:
        sink.body = body
        assert send(sink.url()) == Handed(provider_ref="HTTP 200")


def test_rubbish_instead_of_http():
    with http_sink() as sink:
        sink.plan("rubbish")
        result = send(sink.url())
    assert isinstance(result, Refused)
    assert "not HTTP" in result.sentence


def test_an_answer_with_endless_headers():
    def talk(connection, closing):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200_000)

    with raw_sink(talk) as (host, port):
        result = send(f"http://{host}:{port}/")
    assert isinstance(result, Refused)
    assert not result.permanent


def test_a_server_that_is_down_and_a_name_that_leads_nowhere():
    down = send(f"http://{HOST}:{free_port()}/")
    nowhere = send("https://hook.invalid/")
    for result in (down, nowhere):
        assert isinstance(result, Refused)
        assert not result.permanent
    assert "takes no connections" in down.sentence
    assert "hook.invalid:443" in nowhere.sentence


def test_a_certificate_is_checked(tmp_path, monkeypatch):
    path, context = certificate(tmp_path)
    with http_sink(tls=context) as sink:
        stranger = send(sink.url(scheme="https"))
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert isinstance(send(sink.url(scheme="https")), Handed)
    assert isinstance(stranger, Refused)
    assert "certificate" in stranger.sentence
    assert len(sink.requests) == 1


def test_names_of_many_letters_and_hostile_text():
    text = "Ünïcødé 山岳 🏔 " * 500 + "\r\nX-Evil: 1\x00\ud800"
    with http_sink() as sink:
        result = send(sink.url(), subject=text, text=text, key="ä\r\nX-Evil: 1")
    assert isinstance(result, Handed)
    [request] = sink.requests
    assert "x-evil" not in request.headers
    assert json.loads(request.body)["text"].startswith("Ünïcødé 山岳 🏔")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "example.org/hook",
        "https://example.org:99999/",
        "https://[::1/",
        "https://user:s3cr3t@example.org/",
        "https://example.org/a b",
        "https://example.org/\r\nHost: x",
        "https://example.org/" + "a" * 3000,
        "https://a..b/",
    ],
)
def test_an_address_that_cannot_work_is_said_before_sending(address):
    problem = channel("WEBHOOK", ChannelSettings()).problem_with(address)
    assert problem
    assert problem.endswith(".")
    assert "s3cr3t" not in problem
    assert send(address, chosen=ChannelSettings()) == Refused(sentence=problem, permanent=True)


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:1/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://192.168.1.4/",
        "http://169.254.169.254/latest",
        "http://0.0.0.0/",
    ],
)
def test_no_message_goes_into_the_station_s_own_network_unless_an_administrator_says_so(address):
    problem = channel("WEBHOOK", ChannelSettings()).problem_with(address)
    assert problem
    assert "webhook_allowed_hosts" in problem
    listed = ChannelSettings(webhook_allowed_hosts=("hook.example.org",))
    assert channel("WEBHOOK", listed).problem_with("https://other.example.org/")
    assert channel("WEBHOOK", listed).problem_with("https://HOOK.example.org/") is None


def test_an_outer_name_with_an_inner_address_is_found_when_connecting(monkeypatch):
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, port, **rest: real(HOST if host == "hook.example.org" else host, port, **rest),
    )
    with http_sink() as sink:
        result = send(f"http://hook.example.org:{sink.port}/", chosen=ChannelSettings())
    assert isinstance(result, Refused)
    assert result.permanent
    assert sink.requests == []
