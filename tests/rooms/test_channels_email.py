"""E-mail, against real mail servers on the loopback."""

from __future__ import annotations

import dataclasses
import datetime as dt
import socket
import threading
from typing import Any

import pytest

from homeby.comms.channels import ChannelSettings, Handed, Outgoing, Refused, channel
from homeby.comms.channels.email import message_for, message_id
from tests.certificates import certificate
from tests.sinks import SmtpSink, free_port, raw_sink, smtp_sink

OUTGOING = Outgoing(
    key="alarm/A-1042/1/mira/email",
    to_address="ines@example.org",
    subject="OVERDUE: Falke, due 14:30",
    text="Falke is not back. Code 4711.",
    link="https://homeby.example.org/m/secret",
    urgent=True,
    from_name="North hut",
    sent_as="ALARM",
    written_at=dt.datetime(2026, 3, 1, 14, 31, tzinfo=dt.UTC),
)


def settings(sink: SmtpSink, **others) -> ChannelSettings:
    chosen = {
        "smtp_host": sink.host,
        "smtp_port": sink.port,
        "smtp_tls": "none",
        "smtp_from": "homeby@example.org",
        "smtp_user": "",
        **others,
    }
    return ChannelSettings(**chosen)


def send(chosen: ChannelSettings, *, timeout_seconds: float = 5, **changes: Any):
    outgoing = dataclasses.replace(OUTGOING, **changes)
    return channel("EMAIL", chosen).send(outgoing, timeout_seconds=timeout_seconds)


def test_a_message_arrives_with_its_headers():
    with smtp_sink() as sink:
        result = send(settings(sink))
    assert result == Handed(provider_ref="250 2.0.0 Ok: queued as 4711")
    [message], [envelope] = sink.messages, sink.envelopes
    assert envelope == ("homeby@example.org", ["ines@example.org"])
    assert message["From"] == "North hut <homeby@example.org>"
    assert message["To"] == "ines@example.org"
    assert message["Subject"] == "OVERDUE: Falke, due 14:30"
    assert message["Date"] == "Sun, 01 Mar 2026 14:31:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Importance"] == "high"
    assert message["X-Homeby-Sent-As"] == "ALARM"
    assert message.get_content().split() == (OUTGOING.text + " " + OUTGOING.link).split()


def test_a_resend_carries_the_same_message_id_and_another_key_another():
    with smtp_sink() as sink:
        send(settings(sink))
        send(settings(sink))
        send(settings(sink), key="alarm/A-1042/2/mira/email")
    first, again, other = (message["Message-ID"] for message in sink.messages)
    assert first == again == message_id(OUTGOING.key, sender="homeby@example.org")
    assert other != first
    assert sink.raw[0] == sink.raw[1]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        ("550 5.1.1 No such user <ines@example.org>", True),
        ("452 4.2.2 Mailbox full", False),
        ("450 4.7.1 Greylisted", False),
        ("530 5.7.0 Log in first", False),
    ],
)
def test_a_refused_address(answer, permanent):
    with smtp_sink(refuse={"ines@example.org": answer}) as sink:
        result = send(settings(sink))
        others = send(settings(sink), to_address="jo@example.org")
    assert isinstance(result, Refused)
    assert result.permanent is permanent
    assert answer[:9] in result.sentence
    assert "ines@" not in result.sentence
    assert "i…@example.org" in result.sentence
    assert isinstance(others, Handed)


@pytest.mark.parametrize(
    ("answer", "permanent"), [("554 5.7.1 Looks like spam", True), ("451 4.3.0 Later", False)]
)
def test_the_address_is_taken_and_the_message_is_not(answer, permanent):
    with smtp_sink(answer=answer) as sink:
        result = send(settings(sink))
    assert isinstance(result, Refused)
    assert result.permanent is permanent
    assert sink.messages == []


def test_a_server_that_is_down():
    port = free_port()
    result = send(settings(SmtpSink(port=port)))
    assert result == Refused(
        sentence=f"The mail server at 127.0.0.1:{port} takes no connections: it is switched off, "
        "or the port is wrong.",
        permanent=False,
    )


def test_a_name_that_leads_nowhere():
    result = send(settings(SmtpSink(port=25, host="mail.invalid")))
    assert isinstance(result, Refused)
    assert not result.permanent
    assert "mail.invalid:25" in result.sentence


def test_a_slow_server_is_left_after_the_whole_time():
    with smtp_sink(silent_seconds=8) as sink:
        result = send(settings(sink), timeout_seconds=0.5)
        assert result == Refused(
            sentence=f"The mail server at 127.0.0.1:{sink.port} did not answer within 0.5 s.",
            permanent=False,
        )


def test_a_server_that_speaks_a_byte_at_a_time_is_left_too():
    def trickle(connection: socket.socket, closing: threading.Event) -> None:
        for byte in b"220-" + b"slow " * 100:
            connection.send(bytes([byte]))
            if closing.wait(0.1):
                return

    with raw_sink(trickle) as (host, port):
        result = send(settings(SmtpSink(port=port, host=host)), timeout_seconds=0.6)
    assert isinstance(result, Refused)
    assert "within 0.6 s" in result.sentence


def test_a_reply_lost_after_the_message_was_taken_is_tried_again_under_the_same_id():
    with smtp_sink(lose_reply=True) as sink:
        result = send(settings(sink))
        assert isinstance(result, Refused)
        assert not result.permanent
        sink.lose_reply = False
        assert isinstance(send(settings(sink)), Handed)
    assert len({message["Message-ID"] for message in sink.messages}) == 1
    assert len(sink.messages) == 2


@pytest.mark.parametrize("greeting", [b"554 Go away\r\n", b"\x00\xff" * 9000 + b"\r\n", b""])
def test_a_server_that_does_not_want_us_is_not_the_fault_of_the_address(greeting):
    with raw_sink(lambda connection, closing: connection.sendall(greeting)) as (host, port):
        result = send(settings(SmtpSink(port=port, host=host)))
    assert isinstance(result, Refused)
    assert not result.permanent


EVIL = "Falke\r\nBcc: all@example.org\r\n\r\nBody\x00\u2028X-Evil: 1\ud800\u202e"


@pytest.mark.parametrize("name", ["subject", "from_name", "sent_as", "key"])
def test_no_text_becomes_a_header(name):
    with smtp_sink() as sink:
        assert isinstance(send(settings(sink), timeout_seconds=5, **{name: EVIL}), Handed)
    [message] = sink.messages
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert sink.envelopes[0][1] == ["ines@example.org"]
    assert message.get_content().startswith("Falke is not back")


def test_names_of_many_letters_and_many_scripts():
    long_name = "Ünïcødé 山岳 🏔 " * 500
    with smtp_sink() as sink:
        result = send(settings(sink), subject=long_name, text=long_name, from_name=long_name)
    assert isinstance(result, Handed)
    [message] = sink.messages
    assert len(message["Subject"]) <= 200
    assert message["Subject"].startswith("Ünïcødé 山岳 🏔")
    assert long_name.strip() in message.get_content()
    assert max(len(line) for line in sink.raw[0].split(b"\r\n")) < 998


def test_addresses_beyond_ascii():
    with smtp_sink() as sink:
        assert isinstance(send(settings(sink), to_address="jörg@bücher.example"), Handed)
    assert sink.envelopes[0][1] == ["jörg@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ines",
        "@example.org",
        "ines@",
        "ines@exa mple.org",
        "a@example.org,b@example.org",
        "Ines <ines@example.org>",
        "ines@example.org\r\nRCPT TO:<x@y>",
        "in\res@example.org",
        "ines@-bad-.org",
        "ines@" + "a" * 300 + ".org",
        "i" * 65 + "@example.org",
        "\ud800@example.org",
        "ines@..",
    ],
)
def test_an_address_that_cannot_work_is_said_before_sending(address):
    with smtp_sink() as sink:
        chosen = settings(sink)
        problem = channel("EMAIL", chosen).problem_with(address)
        result = send(chosen, to_address=address)
    assert problem
    assert problem.endswith(".")
    assert result == Refused(sentence=problem, permanent=True)
    assert sink.envelopes == []


@pytest.mark.parametrize("address", ["ines@example.org", "o'neil+x.y@sub.example.org", "root@hut"])
def test_an_address_that_can_work(address):
    assert channel("EMAIL", ChannelSettings()).problem_with(address) is None


def test_starttls_and_log_in(tmp_path, monkeypatch):
    path, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with smtp_sink(starttls=context, log_in=True, host="localhost") as sink:
        secure = settings(sink, smtp_tls="starttls", smtp_user="hut", smtp_password="right")
        assert isinstance(send(secure), Handed)
        wrong = send(dataclasses.replace(secure, smtp_password="s3cr3t-wrong"))
    assert isinstance(wrong, Refused)
    assert not wrong.permanent
    assert "name and password" in wrong.sentence
    assert "s3cr3t" not in wrong.sentence + repr(secure)


def test_tls_from_the_first_byte_and_a_stranger_s_certificate(tmp_path, monkeypatch):
    path, context = certificate(tmp_path)
    with smtp_sink(tls=context, host="localhost") as sink:
        secure = settings(sink, smtp_tls="tls")
        stranger = send(secure)
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert isinstance(send(secure), Handed)
    assert isinstance(stranger, Refused)
    assert not stranger.permanent
    assert "certificate" in stranger.sentence
    assert len(sink.messages) == 1


def test_nothing_is_sent_over_a_weaker_line_than_asked_for():
    with smtp_sink() as sink:
        result = send(settings(sink, smtp_tls="starttls"))
        remote = settings(sink, smtp_user="hut", smtp_password="x", smtp_host="mail.example.org")
        in_the_open = send(remote)
    assert isinstance(result, Refused)
    assert "STARTTLS" in result.sentence
    assert isinstance(in_the_open, Refused)
    assert "unprotected" in in_the_open.sentence
    assert sink.envelopes == []


def test_a_station_without_a_mail_server_says_so():
    result = send(ChannelSettings())
    assert result == Refused(
        sentence="The station has no mail server: set smtp_host.", permanent=False
    )
    assert channel("EMAIL", ChannelSettings(smtp_host="x")).unready()


def test_a_server_without_log_in():
    with smtp_sink() as sink:
        result = send(settings(sink, smtp_user="hut", smtp_password="x"))
    assert isinstance(result, Refused)
    assert not result.permanent


def test_a_message_is_the_same_bytes_every_time():
    chosen = ChannelSettings(smtp_from="homeby@example.org")
    one, two = (
        message_for(OUTGOING, settings=chosen, address="ines@example.org") for _ in range(2)
    )
    assert one.as_bytes() == two.as_bytes()
